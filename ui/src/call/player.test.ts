import { describe, expect, it, vi } from "vitest";
import { choice, decision, outcome, utterance } from "../testing";
import { Player, timeline, wordAt } from "./player";
import { fateOf, outcomeOf, runs } from "./store";
import { talkFigure } from "./understood";
import { columns } from "./wave";

const lines = [
  { utterance: utterance({ id: "a", start: 0, end: 1, words: [{ text: "hi", start: 0.1, end: 0.4, confidence: 1 }, { text: "you", start: 0.5, end: 0.9, confidence: 1 }] }), insights: [] },
  { utterance: utterance({ id: "b", start: 4, end: 6, words: null }), insights: [] },
];

describe("the spoken word", () => {
  const all = timeline(lines);
  it.each([[0, undefined], [0.2, "a0"], [0.45, "a0"], [0.6, "a1"], [1.4, "a1"], [3, undefined], [5, "b-1"], [99, undefined]])("at %d", (at, want) => {
    const w = wordAt(all, at);
    expect(w && `${w.line}${w.word}`).toBe(want);
  });
});

describe("the player", () => {
  it("keeps the place that was asked for until the recording is there", () => {
    const p = new Player();
    p.seek(12);
    const audio = document.createElement("audio");
    let ready = 0;
    Object.defineProperty(audio, "readyState", { get: () => ready });
    Object.defineProperty(audio, "duration", { get: () => 60 });
    p.attach(audio);
    p.playFrom(20);
    ready = 1;
    audio.dispatchEvent(new Event("loadedmetadata"));
    expect(audio.currentTime).toBe(20);
    expect(p.length.value).toBe(60);
    p.seek(500);
    expect(p.at.value).toBe(60);
    p.seek(-5);
    expect(p.at.value).toBe(0);
  });

  it("stays quiet when the browser refuses to play", async () => {
    const p = new Player();
    const audio = document.createElement("audio");
    audio.play = vi.fn(() => Promise.reject(new Error("no gesture")));
    p.attach(audio);
    p.playFrom(3);
    await Promise.resolve();
    expect(audio.play).toHaveBeenCalled();
    expect(p.playing.value).toBe(false);
  });

  it("says when the recording is broken", () => {
    const p = new Player();
    const audio = document.createElement("audio");
    p.attach(audio);
    audio.dispatchEvent(new Event("error"));
    expect(p.broken.value).toBe(true);
  });
});

describe("the picture", () => {
  it("keeps the loudest peak of each column", () => {
    expect([...columns([0, 0.5, 1, 0.25], 2)]).toEqual([0.5, 1]);
    expect([...columns([1], 3)]).toEqual([1, 1, 1]);
    expect([...columns([], 2)]).toEqual([0, 0]);
  });
});

describe("the outcome of a decision", () => {
  it("is the latest of its action, impressions aside", () => {
    const all = [outcome({ outcome: "later" }), outcome({ id: "o2", outcome: "accepted" }), outcome({ id: "o3", outcome: "impression" }), outcome({ id: "o4", decision_id: "d9" })];
    expect(outcomeOf(decision(), "retain", all)?.id).toBe("o2");
    expect(outcomeOf(decision(), "other", all)).toBeUndefined();
  });
});

describe("decisions in a row", () => {
  it("stand together while the first suggestion is the same and nobody answered", () => {
    const d = (decision_id: string, action?: string) => decision({ decision_id, actions: action ? [choice({ action })] : null });
    const all = [d("0"), d("1", "a"), d("2", "a"), d("3", "a"), d("4", "b"), d("5", "a")];
    const got = runs(all, [outcome({ decision_id: "1", action: "a" })]);
    expect(got.map((g) => [g.first.decision_id, g.last.decision_id, g.again.length])).toEqual([
      ["0", "0", 0], ["1", "1", 0], ["2", "3", 1], ["4", "4", 0], ["5", "5", 0],
    ]);
  });
});

describe("talk figures", () => {
  it.each([["talk_ratio", 0.514, "51 %"], ["speaking_time", 62.9, "1:02"], ["longest_silence", 1.37, "1.4 s"], ["words_per_minute", 185.09, "185"]])("%s", (name, value, want) => {
    expect(talkFigure({ name, value })).toBe(want);
  });
});

describe("playing on", () => {
  function playing(): { p: Player; to(second: number): void } {
    const p = new Player();
    const audio = document.createElement("audio");
    let now = 0;
    Object.defineProperty(audio, "readyState", { get: () => 1 });
    Object.defineProperty(audio, "duration", { get: () => 60 });
    Object.defineProperty(audio, "currentTime", { get: () => now, set: (v: number) => {
      now = v;
    } });
    audio.play = () => Promise.resolve();
    p.attach(audio);
    audio.dispatchEvent(new Event("loadedmetadata"));
    return { p, to: (second) => {
      now = second;
      p.tick();
    } };
  }
  it("goes back at the end of a loop, and a loop of nothing is none", () => {
    const { p, to } = playing();
    p.repeat({ from: 10, to: 12 });
    expect(p.at.value).toBe(10);
    to(12.1);
    expect(p.at.value).toBe(10);
    p.repeat({ from: 5, to: 5.1 });
    expect(p.loop.value).toBeUndefined();
  });
  it("leaves silence out when it is asked to, with air on both sides", () => {
    const { p, to } = playing();
    p.silences.value = [{ from: 20, to: 30 }];
    to(21);
    expect(p.at.value).toBe(21);
    p.skipping.value = "on";
    to(21);
    expect(p.at.value).toBe(29.6);
    to(29.7);
    expect(p.at.value).toBe(29.7);
    p.skipping.value = "off";
  });
  it("is faster and slower in steps that end", () => {
    const { p } = playing();
    p.faster(1);
    expect(p.rate.value).toBe(1.25);
    for (let i = 0; i < 9; i++) p.faster(-1);
    expect(p.rate.value).toBe(0.75);
  });
});

describe("what became of a decision", () => {
  const d = decision({ actions: [choice({ action: "a" }), choice({ action: "b" })] });
  const says = (...of: [action: string, outcome: string][]): string | undefined =>
    fateOf(d, of.map(([action, o], i) => outcome({ id: `o${i}`, action, outcome: o })));
  it("tells acceptance from what was done, and from what was taken in its place", () => {
    expect(says(["a", "impression"])).toBeUndefined();
    expect(says(["a", "accepted"])).toBe("accepted");
    expect(says(["a", "accepted"], ["a", "no_response"])).toBe("not_done");
    expect(says(["a", "accepted"], ["a", "converted"])).toBe("converted");
    expect(says(["a", "dismissed"], ["b", "accepted"])).toBe("overridden");
    expect(says(["b", "accepted"])).toBe("overridden");
    expect(says(["a", "no_response"])).toBe("no_response");
  });
});
