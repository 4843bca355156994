// The time, once a second, for as long as somebody looks at it.

import { signal } from "@preact/signals";
import { skew } from "../api";

let timer: ReturnType<typeof setInterval> | undefined;

/** The server's time in milliseconds. */
export const now = signal(Date.now(), {
  watched() {
    const tick = (): void => {
      now.value = Date.now() + skew.peek();
    };
    tick();
    timer = setInterval(tick, 1000);
  },
  unwatched() {
    clearInterval(timer);
  },
});
