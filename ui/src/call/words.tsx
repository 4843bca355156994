// The words of a line, with what marks them: what they carried, what was taken
// out of them, what is looked for, and the one that is played.

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { marksOf, type Line } from "../desk/captions";
import { labelText } from "../format";
import { t } from "../lang";
import { pieces, type Mark, type Piece } from "../text";
import { many, type Span } from "../wire";
import { marksOver, reading, shown, spoken, type Spoken } from "../written";

interface WordsProps {
  line: Line;
  /** The spoken word that is played now. */
  now: number | undefined;
  found: readonly Span[] | undefined;
  /** Where the match begins that is shown now. */
  here: number | undefined;
}

export function Words({ line, now, found, here }: WordsProps): JSX.Element {
  const u = line.utterance;
  const as = reading.value;
  const words = many(u.words);
  const { parts, tokens } = useMemo(() => {
    const show = shown(u, as);
    const at = spoken(u, words, show);
    const marks = [...marksOver(marksOf(line), show), ...removedIn(show.text), ...foundMarks(found, here)];
    return { parts: pieces(show.text, at, marks), tokens: at };
  }, [line, as, found, here]);
  const { call } = t();
  return (
    <span dir="auto">
      {parts.map((p, i) => {
        const token = p.word === undefined ? undefined : tokens[p.word];
        return <Part key={i} piece={p} second={token ? words[token.first]?.start : undefined} playing={plays(token, now)} />;
      })}
      {u.recovered && <span class="tag tag-recovered" title={call.recoveredHow}>{call.recovered}</span>}
    </span>
  );
}

/** What the redactor leaves in the place of what it took out. */
const removed = /\[[a-z -]+(?: ending [a-z0-9]{2,4})?\]/g;

export function removedIn(text: string): Mark[] {
  return [...text.matchAll(removed)].map((m) => ({ from: m.index, to: m.index + m[0].length, label: "removed" }));
}

/** Matches of a search as marks; the one that is shown has a name of its own. */
export function foundMarks(found: readonly Span[] | undefined, here: number | undefined): Mark[] {
  return many(found).map((s) => ({ ...s, label: s.from === here ? "found-now" : "found" }));
}

function plays(token: Spoken | undefined, now: number | undefined): boolean {
  return token !== undefined && now !== undefined && token.first <= now && now <= token.last;
}

const own: ReadonlySet<string> = new Set(["removed", "found", "found-now"]);

/** A piece of a line: a word plays from its second, a mark says what it is. */
export function Part({ piece, second, playing }: { piece: Piece; second: number | undefined; playing: boolean }): JSX.Element {
  if (second === undefined && piece.labels.length === 0) return <>{piece.text}</>;
  const meant = piece.labels.filter((l) => !own.has(l));
  const names = [playing ? "word-now" : "", meant.length > 0 ? "marked" : "", ...piece.labels.filter((l) => own.has(l)).map((l) => `word-${l}`)].filter(Boolean).join(" ");
  const title = piece.labels.includes("removed") ? t().call.removedHow : meant.length > 0 ? meant.map(labelText).join(", ") : undefined;
  return <span class={names || undefined} title={title} data-t={second}>{piece.text}</span>;
}

