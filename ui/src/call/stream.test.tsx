// How the audio came, in words.

import { expect, it } from "vitest";
import { streamFacts } from "./stream";

it("names what was amiss and nothing that was not", () => {
  expect(streamFacts({ frames: 1500, late: 0, lost: 3, gap_time: 0.06, gaps: 1, clock_offset: -0.08 })).toEqual([
    ["Frames", "1,500"], ["Never came, or too late", "3"], ["Gaps", "1"], ["Length of all gaps", "0.06 s"], ["Customer's audio came later by", "0.08 s"],
  ]);
  expect(streamFacts({ frames: 0 })).toEqual([]);
});
