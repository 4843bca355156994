// Of which calls the figures are: a time, and where callers came from. It is in
// the address, and goes along from one screen to the next.

import { narrow } from "../search/narrow";

/** The days that can be asked for: whole weeks, so that those before have the same weekdays. */
export const windows = [7, 28, 91] as const;

export const originFields = ["source", "campaign", "queue"] as const;
export type Origin = (typeof originFields)[number];

export interface Segment {
  days: number;
  /** Empty: wherever they came from; "(none)": where that is not known. */
  source: string;
  campaign: string;
  queue: string;
}

export const everything: Segment = { days: 28, source: "", campaign: "", queue: "" };
/** Stands for calls of which it is not known. */
export const unknown = "(none)";

export function segmentOf(q: URLSearchParams): Segment {
  const part = (name: string): string => (q.get(name) ?? "").slice(0, 256);
  return { days: windows.find((d) => String(d) === q.get("days")) ?? everything.days, source: part("source"), campaign: part("campaign"), queue: part("queue") };
}

/** What stands behind the "?" of an address, with it; empty for all calls of the usual time. */
export function segmentQuery(of: Partial<Segment>): string {
  const q = new URLSearchParams();
  if (of.days !== undefined && of.days !== everything.days) q.set("days", String(of.days));
  for (const f of originFields) if (of[f]) q.set(f, of[f]);
  const s = q.toString();
  return s === "" ? "" : `?${s}`;
}

/** Whether only calls from somewhere are counted. */
export const isNarrow = (of: Segment): boolean => originFields.some((f) => of[f] !== "");

/** What the counters are asked by. */
export function originsOf(of: Segment): Partial<Record<Origin, string>> {
  return Object.fromEntries(originFields.filter((f) => of[f] !== "").map((f) => [f, of[f]]));
}

/** A query of the search kept to the segment. */
export function inSegment(query: string, of: Segment, from?: string, to?: string): string {
  let q = query;
  for (const f of originFields) {
    if (of[f] === unknown) q = `${q} NOT ${f}:*`.trim();
    else if (of[f] !== "") q = narrow(q, f, of[f]);
  }
  return from && to ? `${q} date:${from.slice(0, 10)}..${to.slice(0, 10)}`.trim() : q;
}

/** A time and the one as long before it. */
interface Spans { from: string; to: string; before: string }

export function spansOf(days: number, from: string, now: Date): Spans {
  const start = Number.isNaN(Date.parse(from)) ? now.getTime() - days * 86_400_000 : Date.parse(from);
  return { from: new Date(start).toISOString(), to: now.toISOString(), before: new Date(start - days * 86_400_000).toISOString() };
}
