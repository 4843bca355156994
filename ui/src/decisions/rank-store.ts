// The ranking for one person: who is asked for, and what would change it. What
// is moved is asked of the server at once; nothing of it is saved.

import { asProblem } from "../api";
import { effect, signal } from "@preact/signals";
import type { Problem } from "../api";
import { calls as real, type Calls } from "./calls";
import { given, type Written } from "./given";
import { get, set } from "./json";
import { changeOf, leverOn, shelf, tell, tried } from "./store";
import { t } from "../lang";
import type { Channel, Doc, Order, Question, Ranking } from "./wire";
import { many } from "../wire";

export interface Person extends Written {
  /** A customer's id, in the place of somebody made up. */
  customer: string;
  at: string;
  agrees: boolean;
  channel: Channel;
}

/** How long nothing has to be moved before it is asked again, in milliseconds. */
const pause = 120;

export class Ranker {
  readonly person: ReturnType<typeof signal<Person>>;
  readonly ranking = signal<Ranking | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);
  private asked: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(first: Partial<Person>, private readonly calls: Pick<Calls, "rank" | "draft" | "item" | "step"> = real) {
    this.person = signal<Person>({ traits: "", signals: "", labels: "", facts: "", customer: "", at: "", agrees: true, channel: "agent", ...first });
  }

  /** Asks now and whenever the person or what is tried changes; gives the end of it. */
  follow(): () => void {
    const end = effect(() => {
      void this.person.value;
      void tried.value;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.ask(), this.ranking.peek() ? pause : 0);
    });
    return () => {
      end();
      clearTimeout(this.timer);
      this.asked?.abort();
    };
  }

  question(): Question {
    const p = this.person.peek() as Person;
    const change = changeOf(tried.peek());
    const whom = p.customer.trim() ? { customer_id: p.customer.trim(), ...(p.at ? { at: p.at } : {}) } : { given: given(p), agrees: p.agrees };
    return { ...whom, channel: p.channel, ...(change ? { change } : {}) };
  }

  async ask(): Promise<void> {
    this.asked?.abort();
    const stop = new AbortController();
    this.asked = stop;
    this.busy.value = true;
    try {
      const got = await this.calls.rank(this.question(), stop.signal);
      if (stop.signal.aborted) return;
      this.ranking.value = got;
      this.problem.value = undefined;
    } catch (err) {
      if (!stop.signal.aborted) this.problem.value = asProblem(err, t().decisions.failed);
    } finally {
      if (this.asked === stop) this.busy.value = false;
    }
  }

  change(o: Partial<Person>): void {
    this.person.value = { ...(this.person.peek() as Person), ...o };
  }

  /** Makes drafts of what is tried: of each action that differs, and a lever of each push. */
  async makeDrafts(why: string): Promise<boolean> {
    const of = tried.peek();
    const made: (() => Promise<unknown>)[] = [];
    try {
      for (const [id, fields] of Object.entries(of.actions)) made.push(await this.draftOf("action", id, (doc) => merge(doc, fields), why));
      for (const [id, percent] of Object.entries(of.levers)) made.push(await this.draftOf("lever", `on.${id}`, () => leverOn("action", id, percent, why), why));
      tell(() => t().decisions.drafted(made.length), async () => {
        for (const back of made) await back();
        await shelf.refresh();
      });
      tried.value = { actions: {}, levers: {} };
      await shelf.refresh();
      return true;
    } catch (err) {
      this.problem.value = asProblem(err, t().decisions.failed);
      return false;
    }
  }

  private async draftOf(kind: "action" | "lever", id: string, make: (doc: Doc) => Doc, why: string): Promise<() => Promise<unknown>> {
    const versions = await this.calls.item(kind, id).then((i) => i.versions ?? [], () => []);
    const from = versions.find((v) => v.state === "live") ?? versions[0];
    const v = await this.calls.draft({ kind, id, based: versions[0]?.version ?? 0, why, doc: make(from?.doc ?? {}) });
    return () => this.calls.step({ kind, id, version: v.version, to: "dropped", why: t().decisions.takenBack });
  }
}

/** Fields over a document, those inside of others too; a list takes the place of the one before. */
export function merge(doc: Doc, fields: Doc): Doc {
  return Object.entries(fields).reduce<Doc>((all, [name, v]) => {
    const inner = v !== null && typeof v === "object" && !Array.isArray(v);
    return { ...all, [name]: inner ? merge((get(all, [name]) ?? {}) as Doc, v as Doc) : v };
  }, doc);
}

/** How many places an action moved; undefined when it was or is not in the ranking. */
export function movement(now: Order, after: Order | undefined, action: string): number | undefined {
  const before = many(now.ranked).find((r) => r.action === action)?.rank;
  const rank = many(after?.ranked).find((r) => r.action === action)?.rank;
  return before === undefined || rank === undefined ? undefined : before - rank;
}

/** What an action is worth and pushed by, as it is tried, else as it is live. */
export function knobs(id: string): { margin: number; lever: number } {
  const live = shelf.items("action").find((l) => l.id === id)?.doc ?? {};
  const margin = get(tried.value.actions[id], ["value", "margin"]) ?? get(live, ["value", "margin"]) ?? 0;
  return { margin: Number(margin), lever: tried.value.levers[id] ?? 0 };
}

export function turn(id: string, o: { margin?: number; lever?: number }): void {
  if (o.margin !== undefined) tried.value = set(tried.peek(), ["actions", id, "value", "margin"], o.margin);
  if (o.lever !== undefined) tried.value = set(tried.peek(), ["levers", id], o.lever === 0 ? undefined : o.lever);
}
