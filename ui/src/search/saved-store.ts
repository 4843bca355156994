// Saved searches, what one asks to be told of, and what one was told.

import { signal } from "@preact/signals";
import { api as realApi, Problem, type Api } from "../api";
import { many } from "../wire";
import type { Alert, Rule, RulePreview, SavedSearch, Subscription, Way } from "./saved-wire";

type SavedApi = Pick<Api, "savedSearches" | "saveSearch" | "deleteSearch" | "restoreSearch" | "subscriptions" | "subscribe" | "previewRule" | "setSubscription" | "deleteSubscription" | "subscriptionSecret" | "alerts">;

const problemOf = (err: unknown, title: string): Problem => (err instanceof Problem ? err : new Problem(0, title, String(err)));

/** What can be undone for as long as it is shown. */
export interface Undo {
  text: string;
  run: () => Promise<void>;
}

export class Saved {
  readonly searches = signal<readonly SavedSearch[] | undefined>(undefined);
  readonly subscriptions = signal<readonly Subscription[]>([]);
  readonly alerts = signal<readonly Alert[]>([]);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly undo = signal<Undo | undefined>(undefined);
  readonly preview = signal<RulePreview | undefined>(undefined);
  /** The secret of webhooks, shown once. */
  readonly secret = signal("");
  readonly busy = signal(false);

  private looks = 0;

  constructor(readonly mayBeTold: boolean, private readonly api: SavedApi = realApi) {}

  async load(): Promise<void> {
    await this.doing("The saved searches did not come", async () => {
      const [searches, subscriptions, alerts] = await Promise.all([
        this.api.savedSearches(),
        this.mayBeTold ? this.api.subscriptions() : { subscriptions: [] },
        this.mayBeTold ? this.api.alerts() : { alerts: [] },
      ]);
      this.searches.value = many(searches.searches);
      this.subscriptions.value = many(subscriptions.subscriptions);
      this.alerts.value = many(alerts.alerts);
    });
  }

  /** Saves a search and gives it, or undefined when it was refused. */
  async save(o: { name: string; query: string; sort: string; shared: boolean }): Promise<SavedSearch | undefined> {
    let made: SavedSearch | undefined;
    await this.doing("It was not saved", async () => {
      made = await this.api.saveSearch({ ...o, key: crypto.randomUUID() });
      await this.load();
    });
    return made;
  }

  async drop(s: SavedSearch): Promise<void> {
    await this.doing("It was not deleted", async () => {
      await this.api.deleteSearch(s.id);
      this.undo.value = { text: `“${s.name}” is deleted.`, run: () => this.back(() => this.api.restoreSearch(s.id)) };
      await this.load();
    });
  }

  /** What a rule would have told of a query in the past weeks. */
  async look(query: string, rule: Rule): Promise<void> {
    await this.doing("The past was not counted", async () => {
      this.preview.value = undefined;
      const mine = ++this.looks;
      const found = await this.api.previewRule({ ...rule, query });
      if (mine === this.looks) this.preview.value = found;
    });
  }

  /** Asks to be told of a search, which is saved for it when it is not. */
  async tell(search: string | { name: string; query: string; sort: string }, rule: Rule, way: Way): Promise<boolean> {
    let done = false;
    await this.doing("It was not kept", async () => {
      const id = typeof search === "string" ? search : (await this.api.saveSearch({ ...search, shared: false, key: crypto.randomUUID() })).id;
      const made = await this.api.subscribe({ ...rule, ...way, ...(rule.kind === "digest" ? {} : { search_id: id }) }, crypto.randomUUID());
      if (way.webhook) this.secret.value = (await this.api.subscriptionSecret(made.id)).secret;
      await this.load();
      done = true;
    });
    return done;
  }

  async pause(s: Subscription): Promise<void> {
    await this.doing("It was not changed", async () => {
      await this.api.setSubscription(s.id, s.state === "active" ? "paused" : "active");
      await this.load();
    });
  }

  async end(s: Subscription): Promise<void> {
    await this.doing("It was not ended", async () => {
      await this.api.deleteSubscription(s.id);
      this.undo.value = { text: "The alert is deleted.", run: () => this.back(() => this.api.setSubscription(s.id, "active")) };
      await this.load();
    });
  }

  private async back(again: () => Promise<unknown>): Promise<void> {
    await this.doing("It was not brought back", async () => {
      await again();
      this.undo.value = undefined;
      await this.load();
    });
  }

  private async doing(title: string, what: () => Promise<void>): Promise<void> {
    this.busy.value = true;
    this.problem.value = undefined;
    try {
      await what();
    } catch (err) {
      this.problem.value = problemOf(err, title);
    }
    this.busy.value = false;
  }
}

const periods = { hour: "hour", day: "day", week: "week" } as const;

/** A rule in words. */
export function ruleWords(r: Rule): string {
  const period = periods[r.period ?? "day"];
  switch (r.kind) {
    case "threshold":
      return `${r.least} or more ${r.unit ?? "calls"} in a${period === "hour" ? "n" : ""} ${period}`;
    case "change":
      return `${{ up: "more", down: "fewer", either: "more or fewer" }[r.direction ?? "either"]} than usual in a ${period}`;
    case "new":
      return r.weeks === undefined || r.weeks === 1 ? "when it is new" : `some, after ${r.weeks} weeks without`;
    case "digest":
      return "what each week brought, on Monday";
  }
}

const notes: Readonly<Record<string, string>> = {
  short: "There is too little past to compare with.", few: "There are too few calls in the past to compare with.", broad: "It finds more calls than are counted.",
  partial: "The index is catching up; nothing is told until it has.", slow: "It took too long to count.", gone: "What it watches is deleted, or not shared any more.",
  unreadable: "The search does not parse any more.", orphan: "Who asked for it has no part in this any more.", unsubscribed: "Ended by the link in a mail.",
  "gone away": "The webhook says that it wants no more.", nothing: "There was nothing to tell last week.",
};

/** Why there is nothing to tell, or "". */
export const noteWords = (note: string | undefined): string => notes[note ?? ""] ?? "";

/** A preview in a sentence. */
export function previewWords(p: RulePreview): string {
  const n = many(p.fired).length;
  const told = n === 0 ? "It would not have told you" : `It would have told you ${n === 1 ? "once" : `${n} times`}`;
  return `${told} in the last ${p.weeks} weeks. ${noteWords(p.note)}`.trim();
}

/** The query of the calls behind an alert: the days are those of its link. */
export function withDays(query: string, days: string): string {
  if (!/^\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$/.test(days)) return query;
  return `(${query}) date:${days}`;
}
