// Keys that act anywhere on a screen. Each screen registers its own while it
// is shown; the help lists what is registered.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { letters } from "./prefs";

export interface Key {
  /** "a", "?", "ArrowLeft", or two in a row: "g c". */
  key: string;
  label: string;
  run(): void;
  /** Acts also when single letters are switched off. */
  always?: boolean;
}

export interface KeyGroup {
  name: string;
  keys: readonly Key[];
}

export const groups = signal<readonly KeyGroup[]>([]);

/** Registers keys while the component is on the page. */
export function useKeys(name: string, keys: readonly Key[]): void {
  useEffect(() => {
    const group = { name, keys };
    groups.value = [...groups.peek(), group];
    return () => {
      groups.value = groups.peek().filter((g) => g !== group);
    };
    // The keys of a screen are the same as long as it is shown.
  }, [name]);
}

/** Whether typing here is writing, not commanding. */
export function writing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("dialog[open]")) return true;
  if (target instanceof HTMLInputElement) return target.type !== "range" && target.type !== "checkbox";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

let first = "";
let firstAt = 0;

/** What a key press means now; the latest registration wins. */
export function match(key: string, now: number, all: readonly KeyGroup[]): Key | undefined {
  const sequence = now - firstAt < 1200 && first !== "" ? `${first} ${key}` : "";
  first = "";
  const keys = all.flatMap((g) => g.keys);
  const whole = keys.findLast((k) => k.key === sequence) ?? keys.findLast((k) => k.key === key);
  if (!whole && keys.some((k) => k.key.startsWith(`${key} `))) {
    first = key;
    firstAt = now;
  }
  return whole;
}

// A focused button takes the space and enter key, a slider the arrows.
function taken(e: KeyboardEvent): boolean {
  if (writing(e.target)) return true;
  if (!(e.target instanceof HTMLElement)) return false;
  if (e.key === " " || e.key === "Enter") return e.target.closest("button, a, summary, [role=button]") !== null;
  if (e.key.startsWith("Arrow")) return e.target.closest("input, [data-roving]") !== null;
  return false;
}

export function listenToKeys(): void {
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.repeat || taken(e)) return;
    const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
    const k = match(key, e.timeStamp, groups.peek());
    if (!k || (letters.peek() === "off" && !k.always)) return;
    e.preventDefault();
    k.run();
  });
}
