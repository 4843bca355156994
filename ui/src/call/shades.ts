// What the picture of a call shows beside loudness: where both speak, where
// nobody does, where nothing was kept and what was taken out.

import { many, type CallDetail, type Insight, type Peaks, type Speaker } from "../wire";

export type ShadeKind = "overlap" | "silence" | "paused" | "removed";

/** A stretch of the call in seconds. */
export interface Stretch {
  from: number;
  to: number;
}

export interface Shade extends Stretch {
  kind: ShadeKind;
  /** Of what was taken out: from whose words, and what it was. */
  speaker?: Speaker;
  name?: string;
}

/** Quiet for so long is silence, and speaking together for so long is overlap. */
const quiet = 3;
const together = 0.3;

/** Stretches in order, those that touch made one. */
export function joined(all: readonly Stretch[]): Stretch[] {
  const out: Stretch[] = [];
  for (const s of all.toSorted((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && s.from <= last.to) last.to = Math.max(last.to, s.to);
    else if (s.to > s.from) out.push({ from: s.from, to: s.to });
  }
  return out;
}

/** What two lists of stretches, each in order, have in common. */
export function common(a: readonly Stretch[], b: readonly Stretch[]): Stretch[] {
  const out: Stretch[] = [];
  for (let i = 0, k = 0; i < a.length && k < b.length;) {
    const [x, y] = [a[i] as Stretch, b[k] as Stretch];
    const from = Math.max(x.from, y.from);
    const to = Math.min(x.to, y.to);
    if (to > from) out.push({ from, to });
    if (x.to < y.to) i++;
    else k++;
  }
  return out;
}

/** What lies between stretches, from 0 to the end. */
export function between(all: readonly Stretch[], end: number): Stretch[] {
  const out: Stretch[] = [];
  let at = 0;
  for (const s of all) {
    if (s.from > at) out.push({ from: at, to: Math.min(s.from, end) });
    at = Math.max(at, s.to);
  }
  if (end > at) out.push({ from: at, to: end });
  return out.filter((s) => s.to > s.from);
}

/** Gaps between sounds that are shorter than this are not heard as gaps. */
const breath = 0.5;

/** Where there is sound, whoever makes it: also where nothing was understood. */
export function loud(p: Peaks | undefined): Stretch[] {
  if (!p || p.per_second <= 0) return [];
  const both = either(many(p.agent), many(p.customer));
  const floor = Math.max(0.01, both.reduce((a, b) => Math.max(a, b), 0) * 0.05);
  const out: Stretch[] = [];
  for (const [i, v] of both.entries()) {
    if (v < floor) continue;
    const at = i / p.per_second;
    const last = out.at(-1);
    if (last && at - last.to < breath) last.to = at + 1 / p.per_second;
    else out.push({ from: at, to: at + 1 / p.per_second });
  }
  return out;
}

function either(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => Math.max(a[i] ?? 0, b[i] ?? 0));
}

/** The shades of a call, in order of time. */
export function shades(d: Pick<CallDetail, "utterances" | "insights" | "recording" | "sounds">, length: number, peaks?: Peaks): Shade[] {
  const spoken = (who: Speaker): Stretch[] =>
    joined(many(d.utterances).filter((u) => u.speaker === who).map((u) => ({ from: u.start, to: u.end })));
  const [agent, customer] = [spoken("agent"), spoken("customer")];
  // The last pause has no end while it goes on.
  const paused = joined(many(d.recording.paused).map((p) => ({ from: p.start, to: p.end > p.start ? p.end : length })));
  const heard = many(d.sounds).map((s) => ({ from: s.start, to: s.end }));
  const still = agent.length + customer.length === 0 ? [] : between(joined([...agent, ...customer, ...paused, ...heard, ...loud(peaks)]), length);
  const of = (kind: ShadeKind, all: readonly Stretch[], least: number): Shade[] =>
    all.filter((s) => s.to - s.from >= least).map((s) => ({ kind, ...s }));
  return [
    ...of("silence", still, quiet), ...of("overlap", common(agent, customer), together), ...of("paused", paused, 0),
    ...many(d.insights).filter((i) => i.kind === "redacted").map(removed),
  ].toSorted((a, b) => a.from - b.from);
}

function removed(i: Insight): Shade {
  return { kind: "removed", from: i.start, to: Math.max(i.end, i.start + 0.1), speaker: i.speaker, name: i.name };
}

/** Where a moment was heard. */
export interface Moment {
  at: number;
  name: string;
  /** Of a suggestion: it is drawn between the two. */
  kind: "moment" | "suggestion" | "comment";
}

/** Moments that were heard, each once every few seconds. */
export function moments(all: readonly Insight[]): Moment[] {
  const out: Moment[] = [];
  for (const i of all.filter((x) => x.kind === "moment").toSorted((a, b) => a.start - b.start)) {
    const last = out.findLast((m) => m.name === i.name);
    if (!last || i.start - last.at > 5) out.push({ at: i.start, name: i.name, kind: "moment" });
  }
  return out;
}

/** How long stretches are together, in seconds. */
export function total(all: readonly Stretch[]): number {
  return all.reduce((sum, s) => sum + s.to - s.from, 0);
}
