// Saved searches, what one asks to be told of, and what one was told.

import { signal } from "@preact/signals";
import { api as realApi, asProblem, FormKey, Problem, type Api } from "../api";
import { figure, textOf } from "../format";
import { t } from "../lang";
import { clean } from "../text";
import { many } from "../wire";
import type { Alert, Rule, RulePreview, SavedSearch, Subscription, Way } from "./saved-wire";

type SavedApi = Pick<Api, "savedSearches" | "saveSearch" | "deleteSearch" | "restoreSearch" | "subscriptions" | "subscribe" | "previewRule" | "setSubscription" | "deleteSubscription" | "subscriptionSecret" | "alerts">;


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

  private readonly asked = new FormKey();
  private readonly wished = new FormKey();
  private looks = 0;

  constructor(readonly mayBeTold: boolean, private readonly api: SavedApi = realApi) {}

  async load(): Promise<void> {
    await this.doing(t().search.wrong.load, async () => {
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
    await this.doing(t().search.wrong.save, async () => {
      made = await this.saved(o);
      this.asked.done();
      await this.load();
    });
    return made;
  }

  async drop(s: SavedSearch): Promise<void> {
    await this.doing(t().search.wrong.drop, async () => {
      await this.api.deleteSearch(s.id);
      this.undo.value = { text: t().search.dropped(clean(s.name)), run: () => this.back(() => this.api.restoreSearch(s.id)) };
      await this.load();
    });
  }

  /** What a rule would have told of a query in the past weeks. */
  async look(query: string, rule: Rule): Promise<void> {
    await this.doing(t().search.wrong.look, async () => {
      this.preview.value = undefined;
      const mine = ++this.looks;
      const found = await this.api.previewRule({ ...rule, query });
      if (mine === this.looks) this.preview.value = found;
    });
  }

  /** Asks to be told of a search, which is saved for it when it is not. */
  async tell(search: string | { name: string; query: string; sort: string }, rule: Rule, way: Way): Promise<boolean> {
    let done = false;
    await this.doing(t().search.wrong.tell, async () => {
      const id = typeof search === "string" ? search : (await this.saved({ ...search, shared: false })).id;
      const wish = { ...rule, ...way, ...(rule.kind === "digest" ? {} : { search_id: id }) };
      const made = await this.api.subscribe(wish, this.wished.of(wish));
      if (way.webhook) this.secret.value = (await this.api.subscriptionSecret(made.id)).secret;
      this.asked.done();
      this.wished.done();
      await this.load();
      done = true;
    });
    return done;
  }

  /** Saves a search; what is sent again unchanged is the same one. */
  private saved(o: { name: string; query: string; sort: string; shared: boolean }): Promise<SavedSearch> {
    return this.api.saveSearch({ ...o, key: this.asked.of(o) });
  }

  async pause(s: Subscription): Promise<void> {
    await this.doing(t().search.wrong.change, async () => {
      await this.api.setSubscription(s.id, s.state === "active" ? "paused" : "active");
      await this.load();
    });
  }

  async end(s: Subscription): Promise<void> {
    await this.doing(t().search.wrong.end, async () => {
      await this.api.deleteSubscription(s.id);
      this.undo.value = { text: t().search.alertDropped, run: () => this.back(() => this.api.setSubscription(s.id, "active")) };
      await this.load();
    });
  }

  private async back(again: () => Promise<unknown>): Promise<void> {
    await this.doing(t().search.wrong.back, async () => {
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
      this.problem.value = asProblem(err, title);
    }
    this.busy.value = false;
  }
}

/** A rule in words. */
export function ruleWords(r: Rule): string {
  const { rules, units, periods } = t().search;
  const period = r.period ?? "day";
  switch (r.kind) {
    case "threshold":
      return rules.threshold(figure(r.least ?? 0, 0), units[r.unit ?? "calls"], rules.within[period]);
    case "change":
      return rules[r.direction ?? "either"](periods[period]);
    case "new":
      return r.weeks === undefined || r.weeks === 1 ? rules.isNew : rules.after(r.weeks);
    case "digest":
      return rules.digest;
  }
}

/** Why there is nothing to tell, or "". */
export const noteWords = (note: string | undefined): string => textOf(t().search.notes, note ?? "") ?? "";

/** A preview in a sentence. */
export function previewWords(p: RulePreview): string {
  return `${t().search.preview(many(p.fired).length, p.weeks)} ${noteWords(p.note)}`.trim();
}

/** The query of the calls behind an alert: the days are those of its link. */
export function withDays(query: string, days: string): string {
  if (!/^\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$/.test(days)) return query;
  return `(${query}) date:${days}`;
}
