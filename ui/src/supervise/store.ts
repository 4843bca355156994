// Rules over live calls, and what the team did.

import { signal } from "@preact/signals";
import { api as realApi, asProblem, FormKey, Problem, type Api } from "../api";
import { many } from "../wire";
import { t } from "../lang";
import type { LiveRule, RuleDraft, RuleKind, Team } from "./wire";

type RulesApi = Pick<Api, "liveRules" | "makeLiveRule" | "changeLiveRule" | "deleteLiveRule" | "restoreLiveRule" | "liveRuleSecret">;

/** What a new rule of a kind begins with. */
export const usual: Record<RuleKind, Partial<RuleDraft>> = {
  mood: { level: -0.4, seconds: 30 }, silence: { seconds: 30 }, phrase: { phrase: "" }, theme: { theme: "" }, asks: {}, risk: { level: 0.6 }, long: { seconds: 900 }, overlap: { level: 0.2 },
};

/** A draft with the fields of its kind alone. */
export function trimmed(d: RuleDraft): RuleDraft {
  const fields = Object.keys(usual[d.kind]) as (keyof RuleDraft)[];
  const out: Record<string, unknown> = { name: d.name.trim(), kind: d.kind };
  for (const f of [...fields, "agent", "queue", "mail", ...(d.mail ? ["language"] : []), "webhook", ...(d.kind === "phrase" || d.kind === "theme" ? ["speaker"] : [])] as (keyof RuleDraft)[]) {
    const v = d[f];
    if (v !== undefined && v !== "") out[f] = typeof v === "string" ? v.trim() : v;
  }
  return out as unknown as RuleDraft;
}

export class Rules {
  readonly list = signal<readonly LiveRule[] | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);
  readonly deleted = signal<LiveRule | undefined>(undefined);
  /** The secret of webhooks, shown once. */
  readonly secret = signal("");
  private readonly key = new FormKey();

  constructor(private readonly api: RulesApi = realApi) {}

  async load(): Promise<void> {
    await this.doing(async () => {
      this.list.value = many((await this.api.liveRules()).rules);
    });
  }

  /** Keeps a new rule, or a changed one; true when it is kept. One that somebody else changed meanwhile is not. */
  async keep(draft: RuleDraft, was?: LiveRule): Promise<boolean> {
    const kept = await this.doing(async () => {
      const body = trimmed(draft);
      const made = was ? await this.api.changeLiveRule(was, body) : await this.api.makeLiveRule(body, this.key.of(body));
      if (body.webhook && body.webhook !== was?.webhook) this.secret.value = (await this.api.liveRuleSecret(made.id)).secret;
      this.key.done();
      this.list.value = many((await this.api.liveRules()).rules);
    });
    if (this.problem.peek()?.status === 409) await this.reread();
    return kept;
  }

  /** Shows the rules as they are now, beside what was said of a refusal. */
  private async reread(): Promise<void> {
    const all = await this.api.liveRules().catch(() => undefined);
    if (all) this.list.value = many(all.rules);
  }

  async drop(r: LiveRule): Promise<void> {
    await this.doing(async () => {
      await this.api.deleteLiveRule(r.id);
      this.list.value = (this.list.peek() ?? []).filter((x) => x.id !== r.id);
      this.deleted.value = r;
    });
  }

  async undo(): Promise<void> {
    const r = this.deleted.peek();
    if (!r) return;
    await this.doing(async () => {
      await this.api.restoreLiveRule(r.id);
      this.deleted.value = undefined;
      this.list.value = many((await this.api.liveRules()).rules);
    });
  }

  private async doing(run: () => Promise<void>): Promise<boolean> {
    this.busy.value = true;
    this.problem.value = undefined;
    try {
      await run();
      return true;
    } catch (err) {
      this.problem.value = asProblem(err, t().supervise.failed);
      return false;
    } finally {
      this.busy.value = false;
    }
  }
}

export const spans = ["today", "week"] as const;
export type Span = (typeof spans)[number];

/** Local midnight of today, or of Monday of this week. */
export function begins(span: Span, now: Date): Date {
  const d = new Date(now);
  d.setHours(0, 0, 0, 0);
  if (span === "week") d.setDate(d.getDate() - ((d.getDay() + 6) % 7));
  return d;
}

export class TeamFigures {
  readonly team = signal<Team | undefined>(undefined);
  readonly span = signal<Span>("today");
  readonly problem = signal<Problem | undefined>(undefined);

  constructor(private readonly api: Pick<Api, "team"> = realApi) {}

  async load(now = new Date()): Promise<void> {
    const span = this.span.peek();
    try {
      const team = await this.api.team(begins(span, now).toISOString(), now.toISOString());
      if (this.span.peek() === span) this.team.value = team;
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().supervise.failed);
    }
  }

  async show(span: Span): Promise<void> {
    this.span.value = span;
    await this.load();
  }
}
