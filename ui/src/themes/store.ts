// What calls are about: the list, one theme, and a definition in the making.

import { computed, signal } from "@preact/signals";
import { api as realApi, Problem, type Api, type ThemeEdit } from "../api";
import { me } from "../session";
import { many } from "../wire";
import type { Emergence, Theme, ThemeDefinition, ThemeDetail, ThemeList, ThemePoint, ThemePreview, ThemeStep } from "./wire";

export { mayReadThemes } from "../session";

export function mayDefine(): boolean {
  return ["admin", "marketer"].includes(me.value?.role ?? "");
}

function asProblem(err: unknown, title: string): Problem {
  return err instanceof Problem ? err : new Problem(0, title, String(err));
}

export class Themes {
  readonly list = signal<ThemeList | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly themes = computed(() => many(this.list.value?.themes));
  /** Whether hidden, deleted and merged ones are listed too. */
  readonly all = signal(false);

  constructor(readonly days: number, private readonly api: Pick<Api, "themes"> = realApi) {}

  async refresh(): Promise<void> {
    try {
      this.list.value = await this.api.themes(this.days, this.all.peek());
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, "The themes did not come");
    }
  }

  async toggleAll(): Promise<void> {
    this.all.value = !this.all.peek();
    await this.refresh();
  }
}

type OneApi = Pick<Api, "theme" | "themeTrend" | "changeTheme" | "themes">;

export class ThemePage {
  readonly theme = signal<ThemeDetail | undefined>(undefined);
  readonly points = signal<readonly ThemePoint[]>([]);
  readonly step = signal<ThemeStep>("day");
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);
  /** Other themes, to merge into. */
  readonly others = signal<readonly Theme[]>([]);

  private changed = 0;

  constructor(readonly id: string, private readonly api: OneApi = realApi) {}

  async start(): Promise<void> {
    await this.doing(() => this.read());
  }

  /** Reads it again behind whoever works with it: nothing waits for that. */
  async refresh(): Promise<void> {
    try {
      await this.read();
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, "That did not work");
    }
  }

  private async read(): Promise<void> {
    const changed = this.changed;
    const theme = await this.api.theme(this.id);
    if (this.changed !== changed) return; // what was asked before a change does not undo it
    this.theme.value = theme;
    await this.draw();
  }

  async show(step: ThemeStep): Promise<void> {
    this.step.value = step;
    await this.doing(() => this.draw());
  }

  private async draw(): Promise<void> {
    const step = this.step.peek();
    const { points } = await this.api.themeTrend(this.id, step);
    if (this.step.peek() === step) this.points.value = many(points);
  }

  async more(): Promise<void> {
    const now = this.theme.peek();
    if (!now?.next) return;
    await this.doing(async () => {
      const page = await this.api.theme(this.id, now.next);
      this.theme.value = { ...now, quotes: [...many(now.quotes), ...many(page.quotes)], next: page.next ?? "" };
    });
  }

  async change(edit: ThemeEdit): Promise<void> {
    await this.doing(async () => {
      this.theme.value = await this.api.changeTheme(this.id, edit);
      this.changed++;
      await this.draw();
    });
  }

  async loadOthers(): Promise<void> {
    await this.doing(async () => {
      const l = await this.api.themes(90);
      this.others.value = many(l.themes).filter((t) => t.id !== this.id);
    });
  }

  private async doing(run: () => Promise<void>): Promise<void> {
    this.busy.value = true;
    try {
      await run();
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, "That did not work");
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

// randomUUID is there on HTTPS and on localhost only.
function freshKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

export class Defining {
  readonly draft = signal<Draft>({ title: "", how: "words", text: "" });
  readonly preview = signal<ThemePreview | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);
  private running: AbortController | undefined;
  private key = freshKey();

  constructor(like: string, private readonly api: Pick<Api, "previewTheme" | "defineTheme"> = realApi) {
    if (like) this.draft.value = { title: "", how: "like", text: like };
  }

  set(o: Partial<Draft>): void {
    this.draft.value = { ...this.draft.peek(), ...o };
    this.key = freshKey();
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
      this.problem.value = asProblem(err, "The preview did not come");
    }
  }

  /** Makes the theme and gives its id; undefined when it was refused. */
  async define(): Promise<string | undefined> {
    const d = this.draft.peek();
    const definition = definitionOf(d);
    if (!definition || this.busy.peek()) return undefined;
    this.busy.value = true;
    try {
      const made = await this.api.defineTheme({ title: d.title.trim(), definition, key: this.key });
      return made.id;
    } catch (err) {
      this.problem.value = asProblem(err, "The theme was not made");
      return undefined;
    } finally {
      this.busy.value = false;
    }
  }
}

const days = (e: Emergence): number => Math.max(1, Math.round((Date.parse(e.to) - Date.parse(e.from)) / 86_400_000));

/** Why a theme stands out, in one line. */
export function reason(e: Emergence): string {
  const expected = e.expected < 1 ? "fewer than 1" : `about ${Math.round(e.expected)}`;
  const time = days(e) === 1 ? "the last day" : `the last ${days(e)} days`;
  return `${e.observed} calls in ${time}, ${expected} expected from its past`;
}

/** How sure that is, counting that many themes are looked at. */
export function odds(q: number): string {
  const once = 10 ** Math.floor(Math.log10(1 / Math.max(q, 1e-6)));
  return `Fewer than 1 of ${once.toLocaleString()} such alarms would be chance, with all themes considered.`;
}

/** The change as people read it; undefined when there is nothing to tell. */
export function changeText(change: number | undefined): string | undefined {
  if (change === undefined) return undefined;
  const percent = Math.round(change * 100);
  if (percent === 0) return "as before";
  return percent > 0 ? `+${percent} %` : `−${-percent} %`;
}
