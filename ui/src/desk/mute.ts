// Suggestions that the agent does not want now: for this call, or for a while.
// Captions, the customer's wishes and what the law asks for stay.

import { computed, signal } from "@preact/signals";
import { Problem, type Api } from "../api";
import { t } from "../lang";
import { now } from "../parts/now";
import type { Mute } from "../wire-desk";
import type { Undo } from "./undo";

/** "For a while", in minutes. */
export const whileMinutes = 5;

export class Muting {
  private readonly set = signal<Mute | undefined>(undefined);
  /** The mute that holds now. */
  readonly on = computed(() => {
    const m = this.set.value;
    if (!m?.on || (m.until && Date.parse(m.until) <= now.value)) return undefined;
    return m;
  });
  readonly busy = signal(false);
  readonly trouble = signal("");

  constructor(private readonly call: string, private readonly api: Pick<Api, "mute" | "unmute">, private readonly undo: Undo) {}

  take(m: Mute | undefined): void {
    this.set.value = m;
  }

  /** Mutes for the rest of the call, or for some minutes. */
  async mute(minutes = 0): Promise<void> {
    await this.send(() => this.api.mute(this.call, minutes));
    if (this.on.peek()) this.undo.offer({ id: "mute", back: () => void this.unmute() }, 10_000);
  }

  async unmute(): Promise<void> {
    this.undo.forget("mute");
    await this.send(() => this.api.unmute(this.call));
  }

  toggle(): void {
    void (this.on.peek() ? this.unmute() : this.mute());
  }

  private async send(act: () => Promise<Mute>): Promise<void> {
    if (this.busy.peek()) return;
    this.busy.value = true;
    this.trouble.value = "";
    try {
      this.set.value = await act();
    } catch (err) {
      this.trouble.value = err instanceof Problem ? err.message : t().desk.notSent;
    }
    this.busy.value = false;
  }
}
