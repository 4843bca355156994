// What was heard to become of the suggestions of this call. Nothing of it is
// recorded before a person confirms it.

import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Problem, type Api } from "../api";
import { textOf } from "../format";
import { t } from "../lang";
import type { Outcome } from "../wire";
import type { Proposal } from "../wire-outcome";
import { answerKey, settleMs } from "./cards";

interface Deps {
  api: Pick<Api, "answer" | "mishear">;
  now(): number;
  /** Called with what was recorded. */
  recorded(o: Outcome): void;
}

/** How long a confirmation can be undone: so long it is not sent. */
export const undoMs = 5000;

export class Proposals {
  /** All of the call, the latest of each action. */
  readonly all = signal<readonly Proposal[]>([]);
  readonly open = computed(() => this.all.value.filter((p) => p.state === "open"));
  /** The one to answer next. */
  readonly first = computed(() => this.open.value.find((p) => p.id !== this.held.value?.id));
  /** The latest that was offered and not answered yet. */
  readonly offered = computed(() => this.all.value.filter((p) => p.state === "offered").toSorted(byTime).at(-1));
  /** Confirmed, and not sent yet. */
  readonly held = signal<Proposal | undefined>(undefined);
  readonly busy = signal(false);
  /** What was last done, and why something was not. */
  readonly note = signal("");
  readonly trouble = signal("");

  private since = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly d: Deps) {}

  load(all: readonly Proposal[]): void {
    this.show(all);
  }

  /** Takes what the stream tells of one. */
  take(p: Proposal): void {
    this.show([...this.all.peek().filter((x) => x.action !== p.action), p]);
  }

  private show(all: readonly Proposal[]): void {
    const before = this.first.peek()?.id;
    this.all.value = all.toSorted(byTime);
    if (this.first.peek()?.id !== before) this.since = this.d.now();
    const held = this.held.peek();
    // The customer said otherwise, or somebody answered elsewhere.
    if (held && !this.open.peek().some((p) => p.id === held.id)) this.release();
  }

  /** Confirms one, or the first: it is sent when it can be undone no more. */
  confirm(byKey = false, p = this.first.peek()): void {
    if (!p || this.tooSoon(byKey)) return;
    void this.flush(); // one at a time
    this.note.value = this.trouble.value = "";
    this.held.value = p;
    this.timer = setTimeout(() => void this.flush(), undoMs);
  }

  undo(): void {
    if (!this.held.peek()) return;
    this.release();
    this.since = this.d.now();
    this.note.value = t().desk.takenBack;
  }

  private release(): void {
    clearTimeout(this.timer);
    this.held.value = undefined;
  }

  /** Sends what was confirmed, now. Leaving the page must do so. */
  async flush(): Promise<void> {
    const p = this.held.peek();
    if (!p?.outcome) return;
    this.release();
    this.trouble.value = "";
    this.set(p, "confirmed");
    try {
      const o = await this.d.api.answer({
        decision: p.decision_id, action: p.action, outcome: p.outcome, heard: p.id, key: `${answerKey(p.decision_id, p.action, p.outcome)}:${p.id}`,
      });
      this.d.recorded(o);
      this.note.value = t().desk.recordedNote;
    } catch (err) {
      this.set(p, "open");
      this.failed(err);
    }
  }

  /** Says of one, or of the first, that it was misheard. */
  async mishear(byKey = false, p = this.first.peek()): Promise<void> {
    if (!p || this.tooSoon(byKey)) return;
    await this.tell(p, true);
  }

  /** Takes that back: it waits for an answer again. */
  async heardAfterAll(p: Proposal): Promise<void> {
    await this.tell(p, false);
  }

  private async tell(p: Proposal, misheard: boolean): Promise<void> {
    if (this.busy.peek()) return;
    this.busy.value = true;
    this.trouble.value = "";
    try {
      this.take(await this.d.api.mishear({ call: p.call_id, proposal: p.id, misheard }));
      this.note.value = misheard ? t().desk.misheardNote : "";
    } catch (err) {
      this.failed(err);
    }
    this.busy.value = false;
  }

  private tooSoon(byKey: boolean): boolean {
    if (!byKey || this.d.now() - this.since >= settleMs) return false;
    this.trouble.value = t().desk.justHeard;
    return true;
  }

  private failed(err: unknown): void {
    this.trouble.value = t().desk.heardNotRecorded(err instanceof Problem ? err.message : t().desk.notSent);
  }

  private set(p: Proposal, state: Proposal["state"]): void {
    const now = this.all.peek().find((x) => x.id === p.id);
    if (now) this.take({ ...now, state });
  }
}

const byTime = (a: Proposal, b: Proposal): number => Date.parse(a.at) - Date.parse(b.at);

/** Sends what was confirmed when the page is left. */
export function useLeaving(heard: Proposals): void {
  useEffect(() => {
    const leave = (): void => void heard.flush();
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, [heard]);
}

/** What the customer said, in words. */
export function saidWords(p: Proposal): string {
  return textOf(t().desk.said, p.outcome ?? "") ?? t().desk.said.offered;
}
