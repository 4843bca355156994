// The last thing that the agent did and can take back, by one key.

import { signal } from "@preact/signals";

/** How long an answer can be undone: so long it is not sent. */
export const undoMs = 5000;

export interface Deed {
  /** Names it: the same deed is offered once. */
  id: string;
  back(): void;
}

export class Undo {
  readonly last = signal<Deed | undefined>(undefined);
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Offers to take something back, for a while or until something else is done. */
  offer(deed: Deed, ms: number): void {
    clearTimeout(this.timer);
    this.last.value = deed;
    this.timer = setTimeout(() => this.forget(deed.id), ms);
  }

  /** Takes the last deed back, and says whether there was one. */
  undo(): boolean {
    const deed = this.last.peek();
    if (!deed) return false;
    this.forget(deed.id);
    deed.back();
    return true;
  }

  /** The deed can be taken back no more. */
  forget(id: string): void {
    if (this.last.peek()?.id !== id) return;
    clearTimeout(this.timer);
    this.last.value = undefined;
  }
}
