import { describe, expect, it } from "vitest";
import type { Call, Insight } from "../wire";
import { foldLive, pick } from "./desk";
import { annoyedAt, course, entities, lowest, moodNow, moods, spots, tally } from "./mood";
import { thin } from "../parts/spark";
import { insight } from "../testing";

const call = (id: string, o: Partial<Call> = {}): Call => ({
  id, platform: "twilio", platform_call_id: id, direction: "inbound", status: "live", started_at: "2026-03-01T10:00:00Z",
  duration: 0, captions: "live", recording: { state: "recording" }, health: { frames: 0 }, ...o,
});

describe("which call the desk shows", () => {
  const live = [call("new"), call("old")];
  it.each([
    ["the one asked for", { asked: "x", shown: undefined, live, busy: false }, "x"],
    ["the newest live one", { asked: "", shown: undefined, live, busy: false }, "new"],
    ["none when there is none", { asked: "", shown: undefined, live: [], busy: false }, ""],
    ["the live one it shows, when a newer one starts", { asked: "", shown: call("old"), live, busy: false }, "old"],
    ["the next one when the shown one is over", { asked: "", shown: call("z", { status: "ended" }), live, busy: false }, "new"],
    ["the one that is over while its notes are written", { asked: "", shown: call("z", { status: "ended" }), live, busy: true }, "z"],
    ["the one that is over when no other is live", { asked: "", shown: call("z", { status: "ended" }), live: [], busy: false }, "z"],
  ] as const)("is %s", (_, o, want) => {
    expect(pick(o)).toBe(want);
  });
});

describe("live calls", () => {
  it("come newest first, keep what the list knew, and leave at their end", () => {
    const first = { ...call("a"), mood: -0.5 };
    const two = foldLive([first], call("b", { started_at: "2026-03-01T10:05:00Z" }));
    expect(two.map((c) => c.id)).toEqual(["b", "a"]);
    expect(foldLive(two, call("a", { captions: "paused" })).find((c) => c.id === "a")).toMatchObject({ mood: -0.5, captions: "paused" });
    expect(foldLive(two, call("b", { status: "ended" })).map((c) => c.id)).toEqual(["a"]);
  });
});

describe("mood", () => {
  it("is the customer's, never the agent's, and within -1..1", () => {
    const all = [
      insight({ kind: "sentiment", value: -3, start: 4 }), insight({ kind: "sentiment", value: 0.5, start: 1 }),
      insight({ kind: "sentiment", value: 1, speaker: "agent" }), insight(),
    ];
    expect(moods(all)).toEqual([{ at: 1, value: 0.5 }, { at: 4, value: -1 }]);
    expect(moodNow(moods(all))).toBeCloseTo(-0.1);
    expect(moodNow([])).toBeUndefined();
  });
});

describe("the course of a mood", () => {
  const points = [{ at: 1, value: 0.5 }, { at: 4, value: -1 }, { at: 9, value: 1 }];
  it("fades what was said before, and knows its low point", () => {
    expect(course(points).map((p) => Number(p.value.toFixed(3)))).toEqual([0.5, -0.1, 0.34]);
    expect(lowest(points)?.at).toBe(4);
    expect(lowest(points.slice(0, 1))).toBeUndefined();
    expect(course([])).toEqual([]);
  });
  it("keeps annoyance apart from the moods", () => {
    const all = [insight({ kind: "sentiment", name: "annoyed", value: 0.8, start: 12 }), insight({ kind: "sentiment", name: "negative", value: -0.4, start: 12 })];
    expect(moods(all)).toEqual([{ at: 12, value: -0.4 }]);
    expect(annoyedAt(all)).toBe(12);
    expect(annoyedAt([])).toBeUndefined();
  });
});

describe("what was named", () => {
  it("is each value once, at its first second, in order", () => {
    const all = [
      insight({ kind: "entity", name: "money", text: "USD 54.00", start: 9 }), insight({ kind: "entity", name: "date", text: "2026-05-04", start: 2 }),
      insight({ kind: "entity", name: "money", text: "USD 54.00", start: 5 }), insight({ kind: "entity", name: "money", text: "" }), insight(),
    ];
    expect(entities(all)).toEqual([
      { type: "date", value: "2026-05-04", start: 2, count: 1 }, { type: "money", value: "USD 54.00", start: 5, count: 2 },
    ]);
  });
});

describe("the picture of a mood", () => {
  it("has no more points than pixels, and ends at the last", () => {
    const many = Array.from({ length: 1000 }, (_, at) => ({ at, value: 0 }));
    expect(thin(many, 120).length).toBeLessThanOrEqual(60);
    expect(thin(many, 120).at(-1)?.at).toBe(999);
    expect(thin(many.slice(0, 9), 120)).toHaveLength(9);
  });
});

describe("spots", () => {
  it("are in order of time, each by itself, and say where the transcript lacks them", () => {
    const spot = (name: string, start: number, confidence: number, text = ""): Insight => insight({ kind: "spotted", name, start, confidence, text });
    const all = [spot("warranty", 9, 0.404), spot("cancel", 4, 1.5, "cancel"), spot("", 1, 1), insight({ kind: "theme" }), spot("warranty", 3, -1)];
    expect(spots(all).map((s) => [s.name, s.start, s.percent, s.garbled])).toEqual([
      ["warranty", 3, "0 %", true], ["cancel", 4, "100 %", false], ["warranty", 9, "40 %", true],
    ]);
  });
});

describe("tally", () => {
  it("counts by name, the latest first, small talk left out", () => {
    const all = [insight({ start: 1 }), insight({ start: 9 }), insight({ name: "refund", start: 5 }), insight({ name: "greeting" })];
    expect(tally(all, "intent").map((s) => [s.name, s.count, s.last])).toEqual([["cancel", 2, 9], ["refund", 1, 5]]);
  });
});
