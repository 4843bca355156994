// How the conversation goes, by its times alone: nobody is judged.

import { type Insight, type Partial, type Talk } from "../wire";

/** The talk figures among insights of the whole call. */
export function talkOf(insights: readonly Insight[]): Talk {
  const out: Talk = {};
  for (const i of insights) {
    if (i.kind === "talk") out[i.speaker ? `${i.name}.${i.speaker}` : i.name] = i.value ?? 0;
  }
  return out;
}

/** Nobody has spoken for so long that it is worth a word, in seconds. */
const quietAfter = 5;
/** The agent has spoken for so long without an answer, in seconds. */
const longFloor = 60;

export interface Now {
  /** Seconds since anybody was heard, from quietAfter on. */
  quiet?: number;
  /** Seconds that the agent has gone on, from longFloor on. */
  floor?: number;
}

/**
 * What is worth saying at a second of the call. Words that are still coming
 * count: nobody who speaks is told that it is quiet.
 */
export function talkNow(at: number, last: { end: number; speaker: string } | undefined, partials: readonly Partial[], talk: Talk): Now {
  const heard = Math.max(last?.end ?? 0, ...partials.map((p) => p.end));
  if (heard === 0) return {};
  const quiet = at - heard;
  if (quiet >= quietAfter) return { quiet };
  const had = talk["floor.agent"];
  if (had === undefined || last === undefined || partials.some((p) => p.speaker === "customer")) return {};
  const coming = Math.max(last.end, ...partials.filter((p) => p.speaker === "agent").map((p) => p.end));
  const floor = had + coming - last.end;
  return floor >= longFloor ? { floor } : {};
}

/** The share of the agent in all that was said, 0..1, once there is one. */
export function agentShare(talk: Talk): number | undefined {
  const said = (talk["speaking_time.agent"] ?? 0) + (talk["speaking_time.customer"] ?? 0);
  return said >= 10 ? talk["talk_ratio.agent"] : undefined;
}

/** Seconds since the latest words of a live call in the list, from quietAfter on. */
export function quietSince(row: { status: string; started_at: string; spoken?: number }, now: number): number | undefined {
  if (row.status !== "live" || !row.spoken) return undefined;
  const quiet = (now - Date.parse(row.started_at)) / 1000 - row.spoken;
  return quiet >= 2 * quietAfter ? quiet : undefined;
}
