// What calls are about: the list, one theme, and a definition in the making.

import { computed, signal } from "@preact/signals";
import { api as realApi, asProblem, FormKey, Problem, type Api, type ThemeEdit } from "../api";
import { figure } from "../format";
import { t } from "../lang";
import { mayReadOrigins, me } from "../session";
import { many } from "../wire";
import { everything, isNarrow, originsOf, spansOf, type Segment } from "./segment";
import type { Count, CounterSeries, Emergence, Theme, ThemeCall, ThemeDefinition, ThemeDetail, ThemeList, ThemePoint, ThemePreview, ThemeStep } from "./wire";

export { mayReadThemes } from "../session";

export function mayDefine(): boolean {
  return ["admin", "marketer"].includes(me.value?.role ?? "");
}

export class Themes {
  readonly list = signal<ThemeList | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly themes = computed(() => many(this.list.value?.themes));
  /** Whether hidden, deleted and merged ones are listed too. */
  readonly all = signal(false);

  constructor(readonly segment: Segment, private readonly api: Pick<Api, "themes" | "counters"> = realApi) {}

  async refresh(): Promise<void> {
    try {
      const list = await this.api.themes(this.segment.days, this.all.peek());
      this.list.value = isNarrow(this.segment) ? await this.kept(list) : list;
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().themes.listFailed);
    }
  }

  /** The list with the figures of the segment alone. */
  private async kept(list: ThemeList): Promise<ThemeList> {
    const at = spansOf(this.segment.days, list.from, new Date());
    const of = { ...originsOf(this.segment), limit: 100 };
    const [now, before, all, allBefore] = await Promise.all([
      this.api.counters({ ...of, kind: "theme", by: "name", step: "day", from: at.from, to: at.to }),
      this.api.counters({ ...of, kind: "theme", by: "name", step: "none", from: at.before, to: at.from }),
      this.api.counters({ ...of, kind: "volume", by: "none", step: "none", from: at.from, to: at.to }),
      this.api.counters({ ...of, kind: "volume", by: "none", step: "none", from: at.before, to: at.from }),
    ]);
    const past = new Map(many(before.series).map((s) => [s.value, s]));
    const present = new Map(many(now.series).map((s) => [s.value, s]));
    const themes = many(list.themes).flatMap((one): Theme[] => {
      const [s, old] = [present.get(one.id), past.get(one.id)];
      if (!s && !old) return [];
      const { emerging: _, ...rest } = one; // that is of all calls
      return [{ ...rest, now: countOf(s), before: countOf(old), trend: many(s?.points).map((p) => p.calls) }];
    });
    return { ...list, themes: themes.toSorted((a, b) => b.now.calls - a.now.calls), now: countOf(all.total), before: countOf(allBefore.total) };
  }

  async toggleAll(): Promise<void> {
    this.all.value = !this.all.peek();
    await this.refresh();
  }
}

const countOf = (s: CounterSeries | undefined): Count => ({ calls: s?.calls ?? 0, turns: s?.turns ?? 0 });

type OneApi = Pick<Api, "theme" | "themeTrend" | "changeTheme" | "themes" | "counters" | "themeCalls" | "search">;

/** The figures of a theme in a segment. */
export interface Kept { now: Count; before: Count; of: number; ofBefore: number; q: string }

export class ThemePage {
  readonly theme = signal<ThemeDetail | undefined>(undefined);
  readonly points = signal<readonly ThemePoint[]>([]);
  readonly step = signal<ThemeStep>("day");
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);
  /** Other themes, to merge into. */
  readonly others = signal<readonly Theme[]>([]);

  readonly kept = signal<Kept | undefined>(undefined);
  /** The calls behind its number; undefined until they are asked for. */
  readonly calls = signal<readonly ThemeCall[] | undefined>(undefined);
  readonly nextCalls = signal("");
  /** What else is said of where it is said: a field of the search with its value. */
  readonly beside = signal<readonly { field: "theme" | "intent"; value: string; count: number }[]>([]);

  private changed = 0;

  constructor(readonly id: string, private readonly api: OneApi = realApi, readonly segment: Segment = everything) {}

  async start(): Promise<void> {
    await this.refresh();
    await this.look().catch(() => undefined); // the page is whole without
  }

  /** Reads it again behind whoever works with it: nothing waits for that. */
  async refresh(): Promise<void> {
    try {
      await this.read();
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().themes.failed);
    }
  }

  private async read(): Promise<void> {
    const changed = this.changed;
    const theme = await this.api.theme(this.id, "", this.segment.days);
    if (this.changed !== changed) return; // what was asked before a change does not undo it
    this.theme.value = theme;
    await Promise.all([this.draw(), this.count()]);
  }

  /** Counts the segment, and finds the search behind its number; for those who may. */
  private async count(): Promise<void> {
    if (!mayReadOrigins()) return;
    const at = spansOf(this.segment.days, "", new Date());
    const of = { ...originsOf(this.segment), kind: "theme", name: this.id, by: "none", step: "none" };
    const [now, before] = await Promise.all([
      this.api.counters({ ...of, from: at.from, to: at.to }), this.api.counters({ ...of, from: at.before, to: at.from }),
    ]);
    this.kept.value = { now: countOf(now.total), before: countOf(before.total), of: now.total?.of_calls ?? 0, ofBefore: before.total?.of_calls ?? 0, q: now.total?.q ?? "" };
  }

  /** Looks what else is understood of the lines that have the theme. */
  private async look(): Promise<void> {
    const q = this.kept.peek()?.q;
    if (!q) return;
    const { facets } = await this.api.search({ q, limit: 1, facets: "theme,intent" });
    const found = (["theme", "intent"] as const).flatMap((field) => many(facets?.[field]).map((f) => ({ field, ...f })));
    this.beside.value = found.filter((f) => !q.includes(`${f.field}:${f.value}`) && !q.includes(`${f.field}:"${f.value}"`)).toSorted((a, b) => b.count - a.count).slice(0, 8);
  }

  async showCalls(): Promise<void> {
    if (this.calls.peek() !== undefined) {
      this.calls.value = undefined;
      return;
    }
    this.nextCalls.value = "";
    await this.moreCalls();
  }

  async moreCalls(): Promise<void> {
    await this.doing(async () => {
      const page = await this.api.themeCalls(this.id, this.nextCalls.peek());
      this.calls.value = [...(this.calls.peek() ?? []), ...many(page.calls)];
      this.nextCalls.value = page.next ?? "";
    });
  }

  async show(step: ThemeStep): Promise<void> {
    this.step.value = step;
    await this.doing(() => this.draw());
  }

  private async draw(): Promise<void> {
    const step = this.step.peek();
    const points = await this.course(step);
    if (this.step.peek() === step) this.points.value = points;
  }

  private async course(step: ThemeStep): Promise<readonly ThemePoint[]> {
    const days = this.segment.days;
    const from = step === "day" && days !== everything.days ? spansOf(days, "", new Date()).from : "";
    if (!isNarrow(this.segment)) return many((await this.api.themeTrend(this.id, step, from)).points);
    const found = await this.api.counters({ ...originsOf(this.segment), kind: "theme", name: this.id, by: "none", step, from });
    return many(found.total?.points).map((p) => ({ ...p, of_turns: 0 }));
  }

  async more(): Promise<void> {
    const now = this.theme.peek();
    if (!now?.next) return;
    await this.doing(async () => {
      const page = await this.api.theme(this.id, now.next, this.segment.days);
      this.theme.value = { ...now, quotes: [...many(now.quotes), ...many(page.quotes)], next: page.next ?? "" };
    });
  }

  /** Changes it; whoever wants that back need not wait for the chart. */
  async change(edit: ThemeEdit): Promise<void> {
    await this.doing(async () => {
      this.theme.value = await this.api.changeTheme(this.id, edit);
      this.changed++;
    });
    if (!this.problem.peek()) await this.draw().catch((err: unknown) => (this.problem.value = asProblem(err, t().themes.failed)));
  }

  async loadOthers(): Promise<void> {
    await this.doing(async () => {
      const l = await this.api.themes(91);
      this.others.value = many(l.themes).filter((x) => x.id !== this.id);
    });
  }

  private async doing(run: () => Promise<void>): Promise<void> {
    this.busy.value = true;
    try {
      await run();
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().themes.failed);
    }
    this.busy.value = false;
  }
}

/** What a person writes: lines of phrases or quotes, or a search. */
export interface Draft {
  title: string;
  how: ThemeDefinition["how"];
  text: string;
}

/** The lines that hold something. */
export function linesOf(text: string): string[] {
  return text.split("\n").map((l) => l.trim()).filter((l) => l !== "");
}

/** A line that begins with a minus is what the theme is not. */
export function definitionOf(d: Draft): ThemeDefinition | undefined {
  const lines = linesOf(d.text);
  if (lines.length === 0) return undefined;
  if (d.how === "query") return { how: "query", query: lines.join(" ") };
  if (d.how === "like") return { how: "like", quotes: lines };
  const phrases = lines.filter((l) => !l.startsWith("-"));
  const unless = lines.filter((l) => l.startsWith("-")).map((l) => l.slice(1).trim());
  return { how: "words", phrases, ...(unless.length > 0 ? { unless } : {}) };
}

export class Defining {
  readonly draft = signal<Draft>({ title: "", how: "words", text: "" });
  readonly preview = signal<ThemePreview | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);
  private running: AbortController | undefined;
  private readonly key = new FormKey();

  constructor(like: string, private readonly api: Pick<Api, "previewTheme" | "defineTheme"> = realApi) {
    if (like) this.draft.value = { title: "", how: "like", text: like };
  }

  set(o: Partial<Draft>): void {
    this.draft.value = { ...this.draft.peek(), ...o };
  }

  /** Counts what the draft would find; an answer to an earlier draft is dropped. */
  async look(): Promise<void> {
    this.running?.abort();
    const definition = definitionOf(this.draft.peek());
    if (!definition) {
      this.preview.value = undefined;
      this.problem.value = undefined;
      return;
    }
    const mine = new AbortController();
    this.running = mine;
    try {
      const p = await this.api.previewTheme(definition, mine.signal);
      if (this.running !== mine) return;
      this.preview.value = p;
      this.problem.value = undefined;
    } catch (err) {
      if (this.running !== mine || (err instanceof DOMException && err.name === "AbortError")) return;
      this.preview.value = undefined;
      this.problem.value = asProblem(err, t().themes.previewFailed);
    }
  }

  /** Makes the theme and gives its id; undefined when it was refused. */
  async define(): Promise<string | undefined> {
    const d = this.draft.peek();
    const definition = definitionOf(d);
    if (!definition || this.busy.peek()) return undefined;
    this.busy.value = true;
    try {
      const wish = { title: d.title.trim(), definition };
      const made = await this.api.defineTheme({ ...wish, key: this.key.of(wish) });
      return made.id;
    } catch (err) {
      this.problem.value = asProblem(err, t().themes.notMade);
      return undefined;
    } finally {
      this.busy.value = false;
    }
  }
}

const days = (e: Emergence): number => Math.max(1, Math.round((Date.parse(e.to) - Date.parse(e.from)) / 86_400_000));

/** Why a theme stands out, in one line. */
export function reason(e: Emergence): string {
  const { themes } = t();
  const expected = e.expected < 1 ? themes.fewerThanOne : themes.about(figure(e.expected, 0));
  const time = days(e) === 1 ? themes.lastDay : themes.lastSome(figure(days(e), 0));
  return themes.expected(figure(e.observed, 0), time, expected);
}

/** How sure that is, counting that many themes are looked at. */
export function odds(q: number): string {
  const once = 10 ** Math.floor(Math.log10(1 / Math.max(q, 1e-6)));
  return t().themes.odds(figure(once, 0));
}
