// Lists where the arrow keys move the focus and one entry is a tab stop.

import { useEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";

/** The entry to go to from one of n by a key; undefined when the key is not ours. */
export function step(key: string, at: number, n: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, n - 1);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "Home":
      return 0;
    case "End":
      return n - 1;
    default:
      return undefined;
  }
}

/** Roving focus over the elements with data-item inside the one it is given to. */
export function useRoving<T extends HTMLElement>(count: number): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const items = (): HTMLElement[] => [...box.querySelectorAll<HTMLElement>("[data-item]")];
    const only = (keep: HTMLElement | undefined): void => {
      for (const i of items()) i.tabIndex = i === keep ? 0 : -1;
    };
    const now = document.activeElement;
    only(items().find((i) => i === now) ?? items()[0]);
    const press = (e: KeyboardEvent): void => {
      const all = items();
      const at = all.indexOf(document.activeElement as HTMLElement);
      const to = at < 0 ? undefined : step(e.key, at, all.length);
      if (to === undefined) return;
      e.preventDefault();
      only(all[to]);
      all[to]?.focus();
    };
    box.addEventListener("keydown", press);
    return () => box.removeEventListener("keydown", press);
  }, [count]);
  return ref;
}
