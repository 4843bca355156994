// The customer's mood over a call, from the customer's words alone.

import type { Insight } from "../wire";
import { matters } from "./captions";

export interface Point {
  at: number;
  value: number;
}

export function moods(insights: readonly Insight[]): Point[] {
  return insights
    .filter((i) => i.kind === "sentiment" && i.speaker === "customer")
    .map((i) => ({ at: i.start, value: Math.max(-1, Math.min(1, i.value ?? 0)) }))
    .toSorted((a, b) => a.at - b.at);
}

/** The mood now: the latest words count most, older ones fade. */
export function moodNow(points: readonly Point[]): number | undefined {
  if (points.length === 0) return undefined;
  let v = points[0]?.value ?? 0;
  for (const p of points.slice(1)) v = v * 0.6 + p.value * 0.4;
  return v;
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
