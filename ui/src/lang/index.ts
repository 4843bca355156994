// The words of the app, in the language of the reader: one file a language.
// English is the measure; Arabic has all of it, Icelandic and Armenian have
// what agents and customers see and read the rest in English. What people said
// and wrote is never translated here.
//
// A text is read with t() while a component is drawn, never kept: then the
// page follows when the language is changed.

import { effect, signal } from "@preact/signals";
import { choice } from "../prefs";
import type { Sections, Texts } from "./en";
// oxlint-disable-next-line import/default -- vite.config.ts makes it
import start from "./en.ts?first";

export type { Sections, Texts } from "./en";

/** The languages, in their own names, in the order in which they are offered. */
export const languages = { en: "English", ar: "العربية", is: "Íslenska", hy: "Հայերեն" } as const;
export type Language = keyof typeof languages;

const files: Record<Exclude<Language, "en">, () => Promise<Sections>> = {
  ar: () => import("./ar").then((m) => m.ar),
  is: () => import("./is").then((m) => m.is),
  hy: () => import("./hy").then((m) => m.hy),
};

const known = (l: string): l is Language => Object.hasOwn(languages, l);

/** What the browser asks for, the dearest first. */
const asked = (): readonly string[] => navigator.languages ?? [navigator.language];

/** What was chosen in this browser; "auto" takes what the browser asks for. */
export const wanted = choice<"auto" | Language>("heed.language", ["auto", "en", "ar", "is", "hy"]);

/** The first language of a list such as navigator.languages that there are words in. */
export function languageOf(wishes: readonly string[]): Language {
  return wishes.map((l) => l.toLowerCase().split("-")[0] ?? "").find(known) ?? "en";
}

const shown = signal<{ language: Language; texts: Texts }>({ language: "en", texts: start });

/** English as far as it is here, and how the rest of it is fetched, once. */
let english: Texts = start;
let rest: Promise<void> | undefined;

/** Settles when every section is there: what is fetched after the first screen needs it. */
export function whole(): Promise<void> {
  rest ??= import("./en.ts?rest").then(({ default: more }) => {
    english = { ...english, ...more };
    shown.value = { ...shown.peek(), texts: { ...english, ...shown.peek().texts } };
  });
  return rest.catch((err: unknown) => {
    rest = undefined; // the next screen tries again
    throw err;
  });
}

/** The words now. */
export const t = (): Texts => shown.value.texts;

/** A sentence that is kept: it is said in the language of the moment in which it is drawn. */
export type Say = () => string;
/** Nothing is said. */
export const unsaid: Say = () => "";

/** The language that is shown now. */
export const language = (): Language => shown.value.language;

/** The locale of dates and numbers: the browser's own where it is of this language. */
export function locale(): string {
  const now = language();
  const of = asked().find((l) => l.toLowerCase().split("-")[0] === now) ?? now;
  // Some browsers lack the months of a language: numbers of days are better than "M03".
  return Intl.DateTimeFormat.supportedLocalesOf(of).length > 0 ? of : "en-GB";
}

const isRightToLeft = (l: Language): boolean => l === "ar";

let turn = 0;

/** Shows a language; until its words have come, and when they do not come, the last one stays. The last wish holds. */
export async function show(l: Language): Promise<void> {
  const mine = ++turn;
  const sections = l === "en" ? {} : await files[l]();
  if (mine !== turn) return;
  shown.value = { language: l, texts: { ...english, ...sections } };
}

/** Follows what is wanted, and settles when the first language is there. */
export function followLanguage(): Promise<void> {
  const now = (): Language => (wanted.value === "auto" ? languageOf(asked()) : wanted.value);
  effect(() => {
    document.documentElement.lang = language();
    document.documentElement.dir = isRightToLeft(language()) ? "rtl" : "ltr";
  });
  let first: Promise<void> | undefined;
  effect(() => {
    const begin = first === undefined;
    const shows = show(now()).catch(() => {
      if (!begin) wanted.value = language(); // what is chosen is what is shown
    });
    first ??= shows;
  });
  return first ?? Promise.resolve();
}
