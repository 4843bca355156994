// A search is its address; the store holds what came back for it.

import { signal } from "@preact/signals";
import { api as realApi, asProblem, Problem, type Api } from "../api";
import { mayReadOrigins } from "../session";
import { t } from "../lang";
import { unitSpans } from "../text";
import type { Asked } from "../route";
import { many, type CallDetail, type Hit, type Utterance } from "../wire";
import type { Facet, SearchPage } from "./wire";

/** The fields whose values are counted, in the order in which they are shown. */
export const facetFields = ["speaker", "intent", "theme", "moment", "language", "queue", "source", "campaign"] as const;

/** Where callers came from is not counted for all. */
const countedFields = (): string => facetFields.filter((f) => mayReadOrigins() || (f !== "source" && f !== "campaign")).join(",");

export class Search {
  readonly hits = signal<readonly Hit[]>([]);
  readonly total = signal<number | undefined>(undefined);
  readonly next = signal("");
  readonly partial = signal(false);
  readonly loading = signal(false);
  readonly problem = signal<Problem | undefined>(undefined);

  /** By field, of all that was found. */
  readonly facets = signal<Readonly<Record<string, readonly Facet[]>>>({});

  private asked: Asked = { q: "", sort: "relevance", like: "" };
  private running: AbortController | undefined;

  /** Neighbours of the hits that were asked for, by the hit's utterance. */
  readonly around = signal<ReadonlyMap<string, Around>>(new Map());
  private readonly calls = new Map<string, Promise<readonly Utterance[]>>();

  constructor(private readonly api: Pick<Api, "search" | "call"> = realApi) {}

  /** Looks for what is asked; an answer to an earlier question is dropped. */
  async run(asked: Asked): Promise<void> {
    this.asked = { ...asked, q: asked.q.trim() };
    this.running?.abort();
    this.problem.value = undefined;
    if (this.asked.q === "" && asked.like === "") {
      this.hits.value = [];
      this.facets.value = {};
      this.total.value = undefined;
      this.next.value = "";
      return;
    }
    const mine = this.asked;
    await this.page("");
    if (this.asked !== mine) return;
    if (this.hits.peek().length > 0) await this.count();
    else this.facets.value = {};
  }

  async more(): Promise<void> {
    if (this.next.peek() !== "" && !this.loading.peek()) await this.page(this.next.peek());
  }

  /** Shows or hides the two lines before and after a hit. */
  async toggleAround(h: Hit): Promise<void> {
    const now = new Map(this.around.peek());
    if (!now.delete(h.utterance_id)) {
      const said = await this.utterances(h.call_id).catch(() => []);
      now.set(h.utterance_id, neighbours(said, h.utterance_id));
    }
    this.around.value = now;
  }

  private utterances(call: string): Promise<readonly Utterance[]> {
    let said = this.calls.get(call);
    if (!said) {
      said = this.api.call(call).then((d) => asCorrected(d).toSorted((a, b) => a.start - b.start));
      said.catch(() => this.calls.delete(call));
      this.calls.set(call, said);
    }
    return said;
  }

  private show(p: SearchPage, first: boolean): void {
    this.hits.value = first ? many(p.hits) : [...this.hits.peek(), ...many(p.hits)];
    this.total.value = p.total;
    this.next.value = p.next ?? "";
    this.partial.value = p.state === "partial";
  }

  private async page(after: string): Promise<void> {
    const mine = new AbortController();
    this.running = mine;
    this.loading.value = true;
    try {
      const p = await this.api.search({ ...this.asked, limit: 30, ...(after === "" ? {} : { after }) }, mine.signal);
      if (this.running !== mine) return;
      this.show(p, after === "");
    } catch (err) {
      if (this.running !== mine || (err instanceof DOMException && err.name === "AbortError")) return;
      this.problem.value = asProblem(err, t().search.failed);
      if (after === "") {
        this.hits.value = [];
        this.facets.value = {};
      }
    }
    this.loading.value = false;
  }

  /** Counts what was found once that is shown: it takes longer, and the lines are there without. */
  private async count(): Promise<void> {
    const asked = this.asked;
    const p = await this.api.search({ ...asked, limit: 1, facets: countedFields() }).catch(() => undefined);
    if (this.asked !== asked) return;
    this.facets.value = Object.fromEntries(Object.entries(p?.facets ?? {}).map(([field, counts]) => [field, many(counts)]));
  }
}

interface Around {
  before: readonly Utterance[];
  after: readonly Utterance[];
}

/** The two lines before and after one. */
export function neighbours(said: readonly Utterance[], id: string): Around {
  const at = said.findIndex((u) => u.id === id);
  if (at < 0) return { before: [], after: [] };
  return { before: said.slice(Math.max(0, at - 2), at), after: said.slice(at + 1, at + 3) };
}

export interface QueryError {
  message: string;
  /** Place in the query, in units of the string; undefined when not told. */
  at: number | undefined;
}

/** Errors of the query with their places: a location such as "query.q:12", in bytes. */
export function queryErrors(p: Problem, q: string): QueryError[] {
  const size = new TextEncoder().encode(q).length;
  return p.errors.map((e) => {
    const m = /:(\d+)$/.exec(e.location ?? "");
    if (!m) return { message: e.message, at: undefined };
    const from = Number(m[1]);
    const at = from >= size ? q.length : (unitSpans(q, [{ from, to: size }])[0]?.from ?? q.length);
    return { message: e.message, at };
  });
}

/** What was said, in the words of those who corrected it. */
export function asCorrected(d: Pick<CallDetail, "utterances" | "corrections">): Utterance[] {
  const fixed = new Map(many(d.corrections).map((c) => [c.utterance_id, c.text]));
  return many(d.utterances).map((u) => ({ ...u, text: fixed.get(u.id) ?? u.text }));
}
