import { expect, test } from "vitest";
import type { Insight } from "../wire";
import { dues } from "./mood";

const moment = (name: string, start: number, due = "", due_on = ""): Insight => ({
  kind: "moment", name, confidence: 1, speaker: "agent", start, end: start + 1, model: "moment/3", due, due_on,
});

test("what is due next comes first, and what has no day last", () => {
  const all = [
    moment("promise", 50, "right away"), moment("promise", 40, "next week", "2026-W46"), moment("commitment", 30, "on friday", "2026-11-06"),
    moment("thanks", 10), moment("promise", 20, "tomorrow", "2026-11-05"), { ...moment("date", 5), kind: "entity" as const, due_on: "2026-01-01" },
  ];
  expect(dues(all).map((i) => i.start)).toEqual([20, 30, 40, 50]);
});
