// The customer's mood over a call, from the customer's words alone.

import type { Insight } from "../wire";
import { matters } from "./captions";

export interface Point {
  at: number;
  value: number;
}

/** The name of the insight that says, once a call, that the customer is annoyed. */
const annoyed = "annoyed";

export function moods(insights: readonly Insight[]): Point[] {
  return insights
    .filter((i) => i.kind === "sentiment" && i.speaker === "customer" && i.name !== annoyed)
    .map((i) => ({ at: i.start, value: Math.max(-1, Math.min(1, i.value ?? 0)) }))
    .toSorted((a, b) => a.at - b.at);
}

/** The mood as it went: the latest words count most, older ones fade. */
export function course(points: readonly Point[]): Point[] {
  let v = points[0]?.value ?? 0;
  return points.map((p) => ({ at: p.at, value: (v = v * 0.6 + p.value * 0.4) }));
}

/** The mood now. */
export function moodNow(points: readonly Point[]): number | undefined {
  return course(points).at(-1)?.value;
}

/** Where the mood was lowest, when it was bad at all. */
export function lowest(points: readonly Point[]): Point | undefined {
  const low = course(points).reduce<Point | undefined>((l, p) => (l && l.value <= p.value ? l : p), undefined);
  return low && low.value < 0 ? low : undefined;
}

/** When the customer had become annoyed, in seconds. */
export function annoyedAt(insights: readonly Insight[]): number | undefined {
  return insights.find((i) => i.kind === "sentiment" && i.name === annoyed)?.start;
}

/** Promises and commitments that say by when, the next one due first; those without a day last. */
export function dues(insights: readonly Insight[]): Insight[] {
  return insights
    .filter((i) => i.kind === "moment" && (i.due_on || i.due))
    .toSorted((a, b) => Number(!a.due_on) - Number(!b.due_on) || (a.due_on ?? "").localeCompare(b.due_on ?? "") || a.start - b.start);
}

export interface Named {
  type: string;
  value: string;
  start: number;
  count: number;
}

/** What was named on the call: each value once, at its first second, in order of time. */
export function entities(insights: readonly Insight[]): Named[] {
  const by = new Map<string, Named>();
  for (const i of insights.toSorted((a, b) => a.start - b.start)) {
    if (i.kind !== "entity" || !i.text) continue;
    const key = `${i.name} ${i.text}`;
    const old = by.get(key);
    if (old) old.count++;
    else by.set(key, { type: i.name, value: i.text, start: i.start, count: 1 });
  }
  return [...by.values()];
}

export interface Said {
  name: string;
  count: number;
  /** Seconds of the latest mention. */
  last: number;
  speaker: string;
}

export interface Spot {
  name: string;
  speaker: string;
  start: number;
  percent: string;
  /** The transcript lacks the phrase. */
  garbled: boolean;
}

/** Phrases that were spotted, in order of time. */
export function spots(insights: readonly Insight[]): Spot[] {
  return insights
    .filter((i) => i.kind === "spotted" && i.name !== "")
    .map((i) => ({
      name: i.name, speaker: i.speaker, start: i.start, garbled: (i.text ?? "") === "",
      percent: `${Math.round(Math.max(0, Math.min(1, i.confidence)) * 100)} %`,
    }))
    .toSorted((a, b) => a.start - b.start);
}

/** Insights of one kind by name, the latest first. */
export function tally(insights: readonly Insight[], kind: Insight["kind"]): Said[] {
  const by = new Map<string, Said>();
  for (const i of insights) {
    if (i.kind !== kind || !matters(i)) continue;
    const old = by.get(i.name);
    by.set(i.name, {
      name: i.name, count: (old?.count ?? 0) + 1, last: Math.max(old?.last ?? 0, i.start), speaker: i.speaker,
    });
  }
  return [...by.values()].toSorted((a, b) => b.last - a.last);
}
