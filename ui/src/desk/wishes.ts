// What the customer said on this call of contact and recording. It is closed
// already where it closes; the agent makes it firm or says it was misheard.

import { computed, signal } from "@preact/signals";
import { Problem, type Api } from "../api";
import { t } from "../lang";
import type { Wish } from "../privacy/wire";
import { many } from "../wire";
import { settleMs } from "./cards";

interface Deps {
  api: Pick<Api, "wishes" | "answerWish">;
  now(): number;
}

export class Wishes {
  readonly open = signal<readonly Wish[]>([]);
  /** The one to answer next. */
  readonly first = computed(() => this.open.value[0]);
  readonly busy = signal(false);
  /** What was last done or refused. */
  readonly note = signal("");

  private since = 0;
  private asked = 0;

  constructor(private readonly call: string, private readonly d: Deps) {}

  /** Reads what waits; an answer to an earlier question is dropped. */
  async refresh(): Promise<void> {
    const mine = ++this.asked;
    const found = await this.d.api.wishes(this.call).catch(() => undefined);
    if (found && mine === this.asked) this.show(many(found.wishes));
  }

  private show(open: readonly Wish[]): void {
    if (open[0]?.row.id !== this.first.peek()?.row.id) this.since = this.d.now();
    this.open.value = open;
  }

  /** Answers the first. One that has only just come does not take a key. */
  async answer(how: "confirmed" | "misheard", byKey = false): Promise<void> {
    const w = this.first.peek();
    if (!w || this.busy.peek()) return;
    if (byKey && this.d.now() - this.since < settleMs) {
      this.note.value = t().desk.justHeard;
      return;
    }
    this.busy.value = true;
    try {
      await this.d.api.answerWish({ customer: w.row.customer_id, row: w.row.id, answer: how });
      this.note.value = how === "confirmed" ? t().desk.recordedNote : t().desk.wasMisheard;
      this.show(this.open.peek().filter((x) => x !== w));
    } catch (err) {
      const why = err instanceof Problem ? err.message : t().desk.notSent;
      this.note.value = t().desk.heardNotRecorded(why) + (w.closed ? ` ${t().desk.staysClosed}` : "");
    }
    this.busy.value = false;
    await this.refresh();
  }
}
