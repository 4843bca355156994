// What people read of an utterance: the text as it is written, with its words
// and marks brought over from the words as they were heard.

import { choice } from "./prefs";
import { clean, place, type Mark } from "./text";
import { many, type Many, type Span, type Word } from "./wire";

/** Whether people see finals as they are written or the words as heard. */
export const reading = choice<"written" | "heard">("heed.words", ["written", "heard"]);

interface Said {
  text: string;
  written?: string;
  written_words?: Many<number>;
}

export interface Shown {
  text: string;
  /** Brings a span of the text as heard over; a mark over part of a token covers it. */
  over(s: Span): Span;
}

/** The text that people see, as written when the server has written it. */
export function shown(u: Said, as: "written" | "heard" = "written"): Shown {
  const groups = as === "written" ? align(u) : undefined;
  if (!groups) return { text: u.text, over: (s) => s };
  return {
    text: u.written ?? "",
    over: (s) => {
      const hit = groups.filter((g) => g.heard.from < s.to && s.from < g.heard.to);
      const first = hit[0];
      const last = hit.at(-1);
      return first && last ? { from: first.seen.from, to: last.seen.to } : { from: 0, to: 0 };
    },
  };
}

/** Only the words, for where nothing is marked. */
export function plain(u: Said): string {
  return clean(u.written || u.text);
}

interface Group {
  heard: Span;
  seen: Span;
}

// A token with words begins a group, one without goes on with it. The mark at
// the end of a group belongs to the sentence, not to what was said.
function align(u: Said): Group[] | undefined {
  const counts = many(u.written_words);
  const written = u.written ?? "";
  const heard = tokens(u.text);
  const seen = tokens(written);
  if (seen.length === 0 || seen.length !== counts.length) return undefined;
  const out: Group[] = [];
  let at = 0;
  for (const [i, s] of seen.entries()) {
    const n = counts[i] ?? 0;
    const first = heard[at];
    const last = heard[at + n - 1];
    const before = out.at(-1);
    if (n === 0 && before) before.seen.to = bare(written, s);
    else if (first && last) out.push({ heard: { from: first.from, to: last.to }, seen: { from: s.from, to: bare(written, s) } });
    else return undefined;
    at += n;
  }
  return at === heard.length ? out : undefined;
}

function tokens(text: string): Span[] {
  return [...text.matchAll(/\S+/g)].map((m) => ({ from: m.index, to: m.index + m[0].length }));
}

function bare(text: string, s: Span): number {
  const end = /[.,?]+$/.exec(text.slice(s.from, s.to));
  return end && end.index > 0 ? s.from + end.index : s.to;
}

/** A stretch of the shown text and the spoken words that it stands for. */
export interface Spoken extends Span {
  first: number;
  last: number;
}

/** Where the spoken words stand in what is shown; those of one token together. */
export function spoken(u: Said, words: readonly Word[], show: Shown): Spoken[] {
  const out: Spoken[] = [];
  for (const [i, p] of (place(u.text, words) ?? []).entries()) {
    const s = show.over(p);
    const before = out.at(-1);
    if (before && s.from < before.to) {
      before.to = Math.max(before.to, s.to);
      before.last = i;
    } else out.push({ ...s, first: i, last: i });
  }
  return out;
}

/** Marks of the text as heard, over what is shown. */
export function marksOver(marks: readonly Mark[], show: Shown): Mark[] {
  return marks.map((m) => ({ ...show.over(m), label: m.label }));
}
