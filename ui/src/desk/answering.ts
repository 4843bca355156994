// What the agent answers to suggestions. An answer is shown at once and sent a
// little later: so long one key takes it back, and nothing was recorded.

import { signal } from "@preact/signals";
import { Problem, type Api } from "../api";
import { t } from "../lang";
import type { Answer, Choice, Decision, Outcome } from "../wire";
import { answerKey, record, settleMs, type Answered } from "./cards";
import { undoMs, type Undo } from "./undo";

interface Deps {
  api: Pick<Api, "answer">;
  now(): number;
}

/** What is open on the desk. */
export interface Shown {
  decision: Decision;
  card: Choice;
  /** When the card came, in milliseconds. */
  since: number;
}

/** How long an answered card stays to say what became of it. */
const holdMs = 1600;

export class Answering {
  readonly answered = signal<readonly Answered[]>([]);
  /** The card that was just answered and is still shown. */
  readonly held = signal<Choice | undefined>(undefined);
  /** What was last refused or done, for the status line. */
  readonly note = signal("");

  private waiting: { of: Answered; timer: ReturnType<typeof setTimeout> } | undefined;

  constructor(private readonly d: Deps, private readonly undo: Undo) {}

  /** Takes what the server has recorded. */
  take(o: Outcome, title: string): void {
    this.answered.value = record(this.answered.peek(), o, title);
  }

  /** Begins anew with what the server has; what is not sent yet stays. */
  load(outcomes: readonly Outcome[], title: (o: Outcome) => string): void {
    let all: readonly Answered[] = this.answered.peek().filter((a) => a.state !== "recorded");
    for (const o of outcomes) all = record(all, o, title(o));
    this.answered.value = all;
  }

  /** Answers a card. One that has only just come does not take a key. */
  answer(how: Answer, shown: Shown, byKey = false): void {
    if (this.held.peek()) return;
    if (byKey && this.d.now() - shown.since < settleMs) {
      this.note.value = t().desk.changed;
      return;
    }
    void this.flush(); // one at a time
    const { decision, card } = shown;
    const mine: Answered = {
      decision: decision.decision_id, action: card.action, title: card.title, answer: how, at: this.d.now(), state: "waiting",
    };
    this.note.value = "";
    this.held.value = card;
    this.put(mine);
    this.waiting = { of: mine, timer: setTimeout(() => void this.flush(), undoMs) };
    this.undo.offer({ id: idOf(mine), back: () => this.back(mine) }, undoMs);
    setTimeout(() => this.release(card), holdMs);
  }

  private release(card: Choice): void {
    if (this.held.peek() === card) this.held.value = undefined;
  }

  private back(a: Answered): void {
    if (this.waiting?.of !== a) return;
    clearTimeout(this.waiting.timer);
    this.waiting = undefined;
    this.held.value = undefined;
    this.answered.value = this.answered.peek().filter((x) => x !== a);
    this.note.value = t().desk.undone;
  }

  /** Sends what waits, now. Leaving the page must do so. */
  async flush(): Promise<void> {
    const a = this.waiting?.of;
    if (!a) return;
    clearTimeout(this.waiting?.timer);
    this.waiting = undefined;
    this.undo.forget(idOf(a));
    this.put({ ...a, state: "pending" });
    try {
      const o = await this.d.api.answer({
        decision: a.decision, action: a.action, outcome: a.answer, key: answerKey(a.decision, a.action, a.answer),
      });
      this.take(o, a.title);
    } catch (err) {
      const why = err instanceof Problem ? err.message : t().desk.notSent;
      this.put({ ...a, state: "failed", why });
      this.held.value = undefined;
      this.note.value = t().desk.notRecordedWhy(why);
    }
  }

  private put(a: Answered): void {
    const rest = this.answered.peek().filter((x) => !(x.decision === a.decision && x.action === a.action));
    this.answered.value = [...rest, a];
  }
}

const idOf = (a: Answered): string => `${a.decision} ${a.action}`;
