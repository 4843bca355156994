import { expect, test } from "vitest";
import type { Line } from "../desk/captions";
import type { Sound } from "../wire";
import { openSounds, placed, soundNow, soundText } from "./sounds";

const sound = (o: Partial<Sound>): Sound => ({ kind: "music", speaker: "customer", start: 42, end: 130, confidence: 0.9, ...o });
const line = (start: number): Line => ({
  utterance: { id: `u${start}`, seq: 1, speaker: "agent", start, end: start + 1, text: "hello", confidence: 1 }, insights: [],
});

test("a sound is told with its times when it was long", () => {
  expect(soundText(sound({}))).toBe("on hold 0:42–2:10");
  expect(soundText(sound({ open: true }))).toBe("on hold since 0:42");
  expect(soundText(sound({ kind: "beep", end: 42.5 }))).toBe("beep");
  expect(soundText(sound({ kind: "ringing" }))).toBe("ringing 0:42–2:10");
  expect(soundText(sound({ kind: "machine", confidence: 0.92 }))).toContain("0.92");
});

test("of keys only the most that it can have been is told", () => {
  expect(soundText(sound({ kind: "keys", keys: 16 }))).toBe("keys pressed, 16 at most");
  expect(soundText(sound({ kind: "keys" }))).toBe("keys pressed");
  expect(soundNow(sound({ kind: "keys", keys: 3 }))).toBe("pressing keys");
});

test("the desk shows the newest open sound of each side of a live call", () => {
  const sounds = [
    sound({ kind: "ringing", open: true }), sound({ open: true, start: 50 }), sound({ kind: "beep" }),
    sound({ speaker: "agent", open: true }),
  ];
  expect(openSounds({ status: "live", sounds }).map((s) => [s.kind, s.speaker])).toEqual([["music", "customer"], ["music", "agent"]]);
  expect(openSounds({ status: "ended", sounds })).toEqual([]);
  expect(openSounds({ status: "live" })).toEqual([]);
  expect(openSounds(undefined)).toEqual([]);
  expect(soundNow(sound({}))).toBe("hold music since 0:42");
});

test("sounds stand in their place in time", () => {
  const all = placed([line(1), line(42), line(60)], [sound({}), sound({ start: 90 }), sound({ start: 0 })]);
  expect(all.map((p) => p.line?.utterance.id ?? p.sound?.start)).toEqual([0, "u1", 42, "u42", "u60", 90]);
  expect(placed([], [])).toEqual([]);
});
