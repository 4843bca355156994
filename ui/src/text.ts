// Spoken text as data: spans of bytes become spans of the string, words and
// marks become pieces to render, and directional overrides are taken out.

import type { Span, Word } from "./wire";

// Embeddings, overrides and isolates could make a caption read as something
// that was not said.
const overrides = /[\u202A-\u202E\u2066-\u2069]/g;

export function clean(text: string): string {
  return text.replace(overrides, "");
}

/** A name that came from elsewhere, or what is shown for none. */
export function nameOr(name: string | undefined, none: string): string {
  return clean(name ?? "") || none;
}

/** Turns spans of UTF-8 bytes into spans of the string's own units. */
export function unitSpans(text: string, spans: readonly Span[]): Span[] {
  const size = new TextEncoder().encode(text).length;
  const inside = spans.filter((s) => s.from >= 0 && s.to > s.from && s.to <= size);
  if (size === text.length) return inside.map((s) => ({ from: s.from, to: s.to }));
  const at = unitOf(text, size);
  return inside.map((s) => ({ from: at[s.from] ?? 0, to: at[s.to] ?? text.length }));
}

/** For each byte the index of the unit that it belongs to. */
function unitOf(text: string, size: number): Uint32Array {
  const at = new Uint32Array(size + 1);
  let byte = 0;
  let unit = 0;
  for (const ch of text) {
    const code = ch.codePointAt(0) ?? 0;
    const width = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at.fill(unit, byte, byte + width);
    byte += width;
    unit += ch.length;
  }
  at[size] = text.length;
  return at;
}

/** Where each word stands in the text; undefined when they do not match. */
export function place(text: string, words: readonly Word[]): Span[] | undefined {
  const spans: Span[] = [];
  let from = 0;
  for (const w of words) {
    const at = w.text === "" ? -1 : text.indexOf(w.text, from);
    if (at < 0) return undefined;
    from = at + w.text.length;
    spans.push({ from: at, to: from });
  }
  return spans;
}

export interface Mark extends Span {
  /** What the words carried, such as "intent.cancel". */
  label: string;
}

export interface Piece {
  text: string;
  /** Index of the spoken word, when the piece is (part of) one. */
  word?: number;
  /** Labels of the marks over it. */
  labels: readonly string[];
}

/** Cuts a text at the borders of its words and marks. */
export function pieces(text: string, words: readonly Span[], marks: readonly Mark[]): Piece[] {
  const cuts = new Set([0, text.length]);
  for (const s of [...words, ...marks]) cuts.add(s.from).add(s.to);
  const order = [...cuts].filter((c) => c >= 0 && c <= text.length).toSorted((a, b) => a - b);
  const out: Piece[] = [];
  let word = 0;
  for (let i = 0; i + 1 < order.length; i++) {
    const from = order[i] ?? 0;
    const to = order[i + 1] ?? 0;
    while (word < words.length && (words[word]?.to ?? 0) <= from) word++;
    const w = words[word];
    const labels = marks.filter((m) => m.from <= from && m.to >= to).map((m) => m.label);
    const spoken = w !== undefined && w.from <= from && w.to >= to;
    out.push({ text: clean(text.slice(from, to)), labels, ...(spoken ? { word } : {}) });
  }
  return out;
}

/** Where a quote stands in a text, letter case aside. */
export function find(text: string, quote: string): Span | undefined {
  const q = quote.trim().toLowerCase();
  if (q === "") return undefined;
  const at = text.toLowerCase().indexOf(q);
  return at < 0 ? undefined : { from: at, to: at + q.length };
}
