// How captions merge: final lines keep the place they were given, each once;
// a partial line stands at the end until its final one comes.

import { unitSpans, type Mark } from "../text";
import { many, type Insight, type Partial, type Speaker, type Utterance } from "../wire";

export interface Line {
  utterance: Utterance;
  insights: readonly Insight[];
}

export interface Captions {
  lines: readonly Line[];
  partials: readonly Partial[];
}

export const silence: Captions = { lines: [], partials: [] };

/** Captions of a call as it was loaded. Partials go on where they were. */
export function load(utterances: readonly Utterance[], insights: readonly Insight[], before = silence): Captions {
  const byUtterance = new Map<string, Insight[]>();
  for (const i of insights) {
    const id = i.utterance_id ?? "";
    byUtterance.set(id, [...(byUtterance.get(id) ?? []), i]);
  }
  const lines = utterances
    .toSorted((a, b) => a.seq - b.seq)
    .map((utterance) => ({ utterance, insights: byUtterance.get(utterance.id) ?? [] }));
  const partials = before.partials.filter((p) => !covered(lines, p));
  return { lines, partials };
}

/** Adds a final line. The same one a second time changes nothing. */
export function say(c: Captions, utterance: Utterance, insights: readonly Insight[]): Captions {
  if (c.lines.some((l) => l.utterance.id === utterance.id)) return c;
  return {
    lines: [...c.lines, { utterance, insights }],
    partials: c.partials.filter((p) => p.speaker !== utterance.speaker || p.start >= utterance.end),
  };
}

/** Puts a partial line in its place: one a speaker, the newest words of it. */
export function partial(c: Captions, p: Partial): Captions {
  if (covered(c.lines, p)) return c;
  const rest = c.partials.filter((q) => q.speaker !== p.speaker);
  const old = c.partials.find((q) => q.speaker === p.speaker);
  if (old && old.segment > p.segment) return c;
  if (p.text.trim() === "") return { ...c, partials: rest };
  return { ...c, partials: [...rest, p].toSorted((a, b) => a.start - b.start) };
}

// A partial that comes after the final of the same words is stale.
function covered(lines: readonly Line[], p: Partial): boolean {
  return p.end <= heard(lines, p.speaker);
}

function heard(lines: readonly Line[], who: Speaker): number {
  for (let i = lines.length - 1; i >= 0; i--) {
    const u = lines[i]?.utterance;
    if (u?.speaker === who) return u.end;
  }
  return -1;
}

/** The label that an insight has as a signal, such as "intent.cancel". */
export function label(i: Insight): string {
  return `${i.kind}.${i.name}`;
}

// Said in every call: to mark them would hide what matters.
const small: ReadonlySet<string> = new Set(["greeting", "goodbye", "confirm", "deny", "none"]);

/** Whether an insight is worth showing by itself. */
export function matters(i: Pick<Insight, "name">): boolean {
  return i.name !== "" && !small.has(i.name);
}

const known = new WeakMap<Line, readonly Mark[]>();

/** The words of a line that carried something. A line is looked at once. */
export function marksOf(line: Line): readonly Mark[] {
  let marks = known.get(line);
  if (!marks) known.set(line, (marks = look(line)));
  return marks;
}

function look(line: Line): Mark[] {
  const out: Mark[] = [];
  for (const i of line.insights) {
    if (!matters(i) || (i.kind !== "intent" && i.kind !== "theme" && i.kind !== "moment")) continue;
    for (const s of unitSpans(line.utterance.text, many(i.evidence))) out.push({ ...s, label: label(i) });
  }
  return out;
}

/** The line in which a second of the call lies, the customer's before the agent's. */
export function lineAt(lines: readonly Line[], second: number): Line | undefined {
  const near = lines.filter((l) => l.utterance.start - 0.05 <= second && second <= l.utterance.end + 0.05);
  return near.find((l) => l.utterance.speaker === "customer") ?? near[0];
}
