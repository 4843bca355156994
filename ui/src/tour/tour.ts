// The first minutes: which step is shown, and who has seen it.

import { signal } from "@preact/signals";
import { api as realApi, freshKey, Problem, type Api } from "../api";
import { keep, load } from "../prefs";

/** Ids of the people who have seen it in this browser; * is everybody. */
const place = "heed.tour";

/** Where each step points, in order; "" is nowhere. */
export const places = [".captions", ".next", ".panel", ".notes", ""] as const;

export const seen = (user: string): boolean => (load(place) ?? "").split(" ").some((u) => u === user || u === "*");

/** The step that is shown; undefined when none is. */
export const step = signal<number | undefined>(undefined);

export function begin(): void {
  step.value = 0;
}

/** Ends the tour; it does not come again by itself. */
export function end(user: string): void {
  step.value = undefined;
  if (user && !seen(user)) keep(place, [...(load(place) ?? "").split(" ").filter(Boolean), user].slice(-50).join(" "));
}

/** Plays the demo call, and says why it could not. */
export class DemoCall {
  readonly state = signal<"idle" | "asked" | "ringing">("idle");
  readonly trouble = signal("");

  constructor(private readonly api: Pick<Api, "playDemo"> = realApi) {}

  async play(): Promise<void> {
    if (this.state.peek() === "asked") return;
    this.state.value = "asked";
    this.trouble.value = "";
    try {
      await this.api.playDemo(freshKey());
      this.state.value = "ringing";
    } catch (err) {
      this.state.value = "idle";
      this.trouble.value = err instanceof Problem ? err.message : String(err);
    }
  }
}
