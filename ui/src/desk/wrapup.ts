// What the agent says of a call that is over: what it was about, how it ended,
// tags, and why suggestions were dismissed. What is not saved yet is kept in
// this browser.

import { computed, signal } from "@preact/signals";
import { Problem, type Api } from "../api";
import { t } from "../lang";
import { keep, load } from "../prefs";
import { many } from "../wire";
import type { Dismissal, Dismissed, Ending, WrapUp } from "../wire-desk";
import type { Summary } from "../wire-summary";
import type { Answered } from "./cards";

/** So many tags a call. */
const mostTags = 12;

interface Draft {
  summary: string;
  ending: Ending | "";
  tags: readonly string[];
  dismissed: readonly Dismissed[];
}

const blank: Draft = { summary: "", ending: "", tags: [], dismissed: [] };

export class WrappingUp {
  readonly draft = signal<Draft>(blank);
  /** Whether the agent has changed anything since it was saved or drafted. */
  readonly touched = signal(false);
  readonly saved = signal<WrapUp | undefined>(undefined);
  /** Whether what was said has been summed up. */
  readonly ready = signal(false);
  readonly busy = signal(false);
  readonly trouble = signal("");
  readonly full = computed(() => this.draft.value.tags.length >= mostTags);

  constructor(private readonly call: string, private readonly api: Pick<Api, "wrapUp">) {}

  private get place(): string {
    return `heed.wrap.${this.call}`;
  }

  load(summary: Summary | undefined, saved: WrapUp | undefined): void {
    if (summary) this.drafted(summary);
    if (saved) this.take(saved);
    const mine = parse(load(this.place));
    if (!mine || this.touched.peek()) return;
    this.draft.value = mine;
    this.touched.value = true;
  }

  /** Takes what Heed made of the call, unless the agent has written already. */
  drafted(s: Summary): void {
    this.ready.value = true;
    if (this.touched.peek() || this.saved.peek()) return;
    const lines = many(s.lines).map((l) => l.text);
    this.draft.value = { ...this.draft.peek(), summary: lines.join("\n") };
  }

  /** Takes what was saved, here or in another tab. */
  take(w: WrapUp): void {
    this.saved.value = w;
    if (this.touched.peek()) return;
    this.draft.value = { summary: w.summary ?? "", ending: w.ending, tags: many(w.tags), dismissed: many(w.dismissed) };
  }

  private change(d: Partial<Draft>): void {
    this.draft.value = { ...this.draft.peek(), ...d };
    this.touched.value = true;
    keep(this.place, JSON.stringify(this.draft.peek()));
  }

  write(summary: string): void {
    this.change({ summary });
  }

  end(ending: Ending): void {
    this.change({ ending });
  }

  /** Adds a tag, or takes it away. */
  tag(name: string): void {
    const { tags } = this.draft.peek();
    if (tags.includes(name)) this.change({ tags: tags.filter((x) => x !== name) });
    else this.addTag(name);
  }

  /** Adds what was typed as a tag; one that is there stays. */
  addTag(typed: string): void {
    const tag = typed.trim().replaceAll(/\s+/g, " ").slice(0, 40);
    const { tags } = this.draft.peek();
    if (tag !== "" && !tags.includes(tag) && !this.full.peek()) this.change({ tags: [...tags, tag] });
  }

  /** Says why a suggestion was dismissed; the same reason again takes it back. */
  because(a: Answered, reason: Dismissal): void {
    const { dismissed } = this.draft.peek();
    const was = dismissed.find((d) => d.decision_id === a.decision && d.action === a.action);
    const rest = dismissed.filter((d) => d !== was);
    this.change({ dismissed: was?.reason === reason ? rest : [...rest, { decision_id: a.decision, action: a.action, reason }] });
  }

  async save(): Promise<void> {
    const sent = this.draft.peek();
    const { ending, ...d } = sent;
    if (this.busy.peek() || ending === "") return;
    this.busy.value = true;
    this.trouble.value = "";
    try {
      const w = await this.api.wrapUp(this.call, { ...d, ending });
      if (this.draft.peek() === sent) { // nothing was typed meanwhile
        keep(this.place, "");
        this.touched.value = false;
      }
      this.take(w);
    } catch (err) {
      this.trouble.value = err instanceof Problem ? err.message : t().desk.notSent;
    }
    this.busy.value = false;
  }
}

function parse(text: string | null): Draft | undefined {
  try {
    return text ? { ...blank, ...(JSON.parse(text) as Partial<Draft>) } : undefined;
  } catch {
    return undefined;
  }
}
