// What a person sets for this browser. Kept in localStorage, which may be
// full or forbidden: then it holds until the page is closed.

import { effect, signal, type Signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

export function load(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keep(key: string, value: string): boolean {
  try {
    if (value === "") localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** Something chosen once for this browser; the first value is what holds until then. */
export function choice<T extends string>(key: string, values: readonly T[]): Signal<T> {
  const first = values[0] as T;
  const s = signal<T>(values.find((v) => v === load(key)) ?? first);
  effect(() => {
    keep(key, s.value === first ? "" : s.value);
  });
  return s;
}

export const theme = choice<Theme>("heed.theme", ["system", "light", "dark"]);
/** Whether new captions are announced to a screen reader. */
export const announce = choice<"on" | "off">("heed.announce", ["on", "off"]);
/** Whether single letters act; modifiers and focus always do. */
export const letters = choice<"on" | "off">("heed.letters", ["on", "off"]);
/** How much stands on a page: compact is for who works in it all day. */
export const density = choice<"comfortable" | "compact">("heed.density", ["comfortable", "compact"]);

effect(() => {
  document.documentElement.dataset["density"] = density.value;
});

effect(() => {
  const root = document.documentElement;
  if (theme.value === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme.value;
});

export function nextTheme(): void {
  theme.value = theme.value === "system" ? "light" : theme.value === "light" ? "dark" : "system";
}

/** Where the notes on a call are kept. */
export const notesKey = (call: string): string => `heed.notes.${call}`;

export function notesOf(call: string): string {
  return load(notesKey(call)) ?? "";
}

export function keepNotes(call: string, text: string): boolean {
  return keep(notesKey(call), text);
}
