import { describe, expect, it } from "vitest";
import { insight, partialOf } from "../testing";
import { agentShare, quietSince, talkNow, talkOf } from "./talk";

describe("talk figures", () => {
  it("come from the insights of the whole call by name and side", () => {
    const of = (name: string, speaker: string, value: number) => insight({ kind: "talk", name, value, speaker: speaker as "agent" });
    expect(talkOf([of("talk_ratio", "agent", 0.4), of("dead_air", "", 0.1), insight()])).toEqual({ "talk_ratio.agent": 0.4, dead_air: 0.1 });
  });

  it("give no share before ten seconds were spoken", () => {
    expect(agentShare({ "talk_ratio.agent": 1, "speaking_time.agent": 4 })).toBeUndefined();
    expect(agentShare({ "talk_ratio.agent": 0.7, "speaking_time.agent": 7, "speaking_time.customer": 3 })).toBe(0.7);
  });
});

describe("what is worth saying now", () => {
  const said = { end: 80, speaker: "agent" };

  it("is that nobody speaks", () => {
    expect(talkNow(90, said, [], {})).toEqual({ quiet: 10 });
    expect(talkNow(84, said, [], {})).toEqual({});
    expect(talkNow(3, undefined, [], {})).toEqual({});
  });

  it("is not that, while words are coming", () => {
    expect(talkNow(90, said, [partialOf({ speaker: "customer", start: 85, end: 89 })], {})).toEqual({});
  });

  it("is that the agent has gone on for a minute, words to come included", () => {
    expect(talkNow(81, said, [], { "floor.agent": 70 })).toEqual({ floor: 70 });
    expect(talkNow(89, said, [partialOf({ speaker: "agent", start: 82, end: 88 })], { "floor.agent": 55 })).toEqual({ floor: 63 });
    expect(talkNow(81, said, [], { "floor.agent": 30 })).toEqual({});
    expect(talkNow(81, said, [partialOf({ speaker: "customer", start: 80.5, end: 81 })], { "floor.agent": 70 })).toEqual({});
  });
});

describe("silence in the list of calls", () => {
  const at = Date.parse("2026-03-01T10:01:00.000Z");
  const row = { status: "live", started_at: "2026-03-01T10:00:00.000Z", spoken: 40 };
  it("is told of live calls only, and only when it is long", () => {
    expect(quietSince(row, at)).toBe(20);
    expect(quietSince({ ...row, spoken: 55 }, at)).toBeUndefined();
    expect(quietSince({ status: "live", started_at: row.started_at }, at)).toBeUndefined();
    expect(quietSince({ ...row, status: "ended" }, at)).toBeUndefined();
  });
});
