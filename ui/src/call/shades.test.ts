// Silence, overlap, pauses and what was removed, from what is known of a call.

import { describe, expect, it } from "vitest";
import { insight, utterance } from "../testing";
import type { CallDetail } from "../wire";
import { between, common, joined, moments, shades, total } from "./shades";

const s = (from: number, to: number): { from: number; to: number } => ({ from, to });

describe("stretches", () => {
  it("are made one where they touch, and none of no length stays", () => {
    expect(joined([s(5, 7), s(1, 3), s(3, 4), s(6, 6.5), s(9, 9)])).toEqual([s(1, 4), s(5, 7)]);
  });
  it("have in common what both have", () => {
    expect(common([s(0, 4), s(6, 9)], [s(3, 7), s(8, 10)])).toEqual([s(3, 4), s(6, 7), s(8, 9)]);
    expect(common([], [s(0, 1)])).toEqual([]);
  });
  it("leave what is between them, never beyond the end", () => {
    expect(between([s(1, 2), s(4, 12)], 10)).toEqual([s(0, 1), s(2, 4)]);
    expect(between([], 3)).toEqual([s(0, 3)]);
    expect(between([s(20, 30)], 10)).toEqual([s(0, 10)]);
    expect(total([s(0, 1), s(2, 4.5)])).toBe(3.5);
  });
});

describe("the shades of a call", () => {
  const said = (start: number, end: number, speaker: "agent" | "customer"): ReturnType<typeof utterance> => utterance({ id: `${speaker}${start}`, start, end, speaker });
  const d = (o: Partial<CallDetail>): Parameters<typeof shades>[0] =>
    ({ utterances: [], insights: [], recording: { state: "kept" }, ...o }) as CallDetail;

  it("are where both speak, where nobody does, what was not kept and what was removed", () => {
    const all = shades(d({
      utterances: [said(0, 5, "agent"), said(4, 8, "customer"), said(20, 22, "agent"), said(21.9, 23, "customer")],
      insights: [insight({ kind: "redacted", name: "card_number", start: 6, end: 7 })],
      recording: { state: "kept", paused: [{ start: 9, end: 15 }, { start: 28, end: 0 }] },
      sounds: [{ kind: "music", speaker: "agent", start: 15, end: 17, confidence: 1 }],
    }), 30);
    expect(all).toEqual([
      { kind: "overlap", from: 4, to: 5 },
      { kind: "removed", from: 6, to: 7, speaker: "customer", name: "card_number" },
      { kind: "paused", from: 9, to: 15 },
      { kind: "silence", from: 17, to: 20 },
      { kind: "silence", from: 23, to: 28 },
      { kind: "paused", from: 28, to: 30 },
    ]);
  });
  it("are no silence where there is sound that nobody understood", () => {
    const flat = (n: number, v: number): number[] => Array.from({ length: n }, () => v);
    const peaks = { per_second: 4, duration: 20, agent: [...flat(20, 0.5), ...flat(60, 0.002)], customer: [...flat(48, 0), ...flat(2, 0.4), ...flat(30, 0)] };
    expect(shades(d({ utterances: [said(0, 1, "agent")] }), 20, peaks).map((x) => [x.kind, x.from, x.to])).toEqual([["silence", 5, 12], ["silence", 12.5, 20]]);
  });
  it("are none of a call in which nothing was heard: silence is not known then", () => {
    expect(shades(d({}), 60)).toEqual([]);
  });
});

describe("moments", () => {
  it("of one name within seconds are one", () => {
    const at = (start: number, name = "complaint"): ReturnType<typeof insight> => insight({ kind: "moment", name, start });
    expect(moments([at(9), at(1), at(4), at(3, "thanks"), insight()]).map((m) => [m.name, m.at]))
      .toEqual([["complaint", 1], ["thanks", 3], ["complaint", 9]]);
  });
});
