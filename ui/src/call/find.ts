// Search inside of one call: what is typed is looked for in what is shown,
// letter case and marks on letters aside.

import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Line } from "../desk/captions";
import type { Correction, Span } from "../wire";
import { reading, shown } from "../written";

/** A text to look in, with where each of its characters came from; none is in its own place. */
export interface Folded {
  text: string;
  from?: readonly number[];
}

const plainLetters = /^[ -~]*$/;

/** The text in small letters without marks: é is e, and Arabic vowels are left out. */
export function fold(text: string): Folded {
  if (plainLetters.test(text)) return { text: text.toLowerCase() };
  let out = "";
  const from: number[] = [];
  let at = 0;
  for (const ch of text) {
    const plain = ch.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    out += plain;
    for (let i = 0; i < plain.length; i++) from.push(at);
    at += ch.length;
  }
  from.push(text.length);
  return { text: out, from };
}

/** Where a query stands in a text; words apart by any space. */
export function spans(f: Folded, query: string): Span[] {
  const q = fold(query.trim().replaceAll(/\s+/g, " ")).text;
  if (q === "") return [];
  const out: Span[] = [];
  for (let at = f.text.indexOf(q); at >= 0; at = f.text.indexOf(q, at + q.length)) {
    const end = at + q.length;
    out.push(f.from ? { from: f.from[at] ?? 0, to: f.from[end] ?? 0 } : { from: at, to: end });
  }
  return out;
}

export interface Match extends Span {
  line: string;
}

interface Source {
  lines: ReadonlySignal<readonly Line[]>;
  corrections: ReadonlySignal<ReadonlyMap<string, Correction>>;
}

export class Finder {
  readonly query = signal("");
  /** Which match is shown, from 0 on. */
  readonly at = signal(0);
  /** What stands in the lines, as it is read now: corrected where it was. */
  private readonly folded: ReadonlySignal<readonly (readonly [string, Folded])[]>;
  readonly matches: ReadonlySignal<readonly Match[]>;
  readonly byLine: ReadonlySignal<ReadonlyMap<string, readonly Span[]>>;
  readonly now: ReadonlySignal<Match | undefined>;

  constructor(page: Source) {
    this.folded = computed(() => page.lines.value.map(({ utterance: u }) => {
      const text = page.corrections.value.get(u.id)?.text ?? shown(u, reading.value).text;
      return [u.id, fold(text)] as const;
    }));
    this.matches = computed(() => {
      if (this.query.value.trim() === "") return [];
      return this.folded.value.flatMap(([line, f]) => spans(f, this.query.value).map((s) => ({ line, ...s })));
    });
    this.byLine = computed(() => {
      const by = new Map<string, Span[]>();
      for (const { line, from, to } of this.matches.value) by.set(line, [...(by.get(line) ?? []), { from, to }]);
      return by;
    });
    this.now = computed(() => this.matches.value[this.at.value]);
  }

  /** Looks for words; the first match is shown. */
  look(words: string): void {
    this.at.value = 0;
    this.query.value = words;
  }

  /** Goes to the next match, or with -1 to the one before; round at the ends. */
  step(by: 1 | -1): void {
    const n = this.matches.peek().length;
    if (n > 0) this.at.value = (this.at.peek() + by + n) % n;
  }

  clear(): void {
    this.look("");
  }
}
