// Times as people type them, and the stretch of what they select.

import { describe, expect, it } from "vitest";
import { me, mayExcerpt } from "../session";
import { utterance } from "../testing";
import { secondsOf, selectedStretch } from "./excerpt";

describe("a clip", () => {
  it("reads seconds and clocks", () => {
    expect(["12.5", "1:04", "1:02:03.25", " 7 ", "0"].map(secondsOf)).toEqual([12.5, 64, 3723.25, 7, 0]);
    expect(["", "x", "-1", "1:", "1:2:3:4", "1e3", "NaN"].map(secondsOf)).toEqual(Array(7).fill(undefined));
  });
  it("goes from the first selected line to the end of the last", () => {
    const line = (id: string, start: number, end: number) => ({ utterance: utterance({ id, start, end }) }) as never;
    const lines = [line("a", 1, 4), line("b", 3, 9), line("c", 8, 8.5)];
    expect(selectedStretch(lines, (id) => id !== "a")).toEqual({ from: 3, to: 9 });
    expect(selectedStretch(lines, () => false)).toBeUndefined();
  });
  it("is for those who take calls out, and agents of their own", () => {
    const as = (role: string, name: string, agent?: string): boolean => {
      me.value = { id: "u", name, role };
      return mayExcerpt(agent);
    };
    expect([as("marketer", "M"), as("agent", "DANA", "Dana"), as("agent", "A", "Dana"), as("agent", "", ""), as("viewer", "Dana", "Dana")])
      .toEqual([true, true, false, false, false]);
  });
});
