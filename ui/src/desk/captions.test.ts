import { describe, expect, it } from "vitest";
import { insight, partialOf, utterance } from "../testing";
import { lineAt, load, marksOf, partial, say, silence } from "./captions";

describe("captions", () => {
  it("keeps final lines in the order in which they came, each once", () => {
    const a = utterance({ id: "a", seq: 1, start: 5, end: 6 });
    const b = utterance({ id: "b", seq: 2, start: 2, end: 4, speaker: "agent" });
    const c = say(say(say(silence, a, []), b, []), a, []);
    expect(c.lines.map((l) => l.utterance.id)).toEqual(["a", "b"]);
  });

  it("gives the same value back when nothing changes", () => {
    const once = say(silence, utterance(), []);
    expect(say(once, utterance(), [insight()])).toBe(once);
  });

  it("replaces a partial by longer words of the same speaker, in place", () => {
    let c = partial(silence, partialOf({ speaker: "agent", start: 1, end: 2, text: "hello" }));
    c = partial(c, partialOf({ start: 1.5, end: 2, text: "I" }));
    c = partial(c, partialOf({ speaker: "agent", start: 1, end: 2.5, text: "hello there" }));
    expect(c.partials.map((p) => p.text)).toEqual(["hello there", "I"]);
  });

  it("lets the final line take the place of its partial", () => {
    let c = partial(silence, partialOf({ start: 1, end: 2.8 }));
    c = say(c, utterance({ start: 1, end: 3 }), []);
    expect(c.partials).toEqual([]);
  });

  it("keeps the partial of the other speaker and of the next stretch", () => {
    let c = partial(silence, partialOf({ speaker: "agent", start: 1, end: 2 }));
    c = partial(c, partialOf({ segment: 2, start: 3.2, end: 3.6 }));
    c = say(c, utterance({ start: 1, end: 3 }), []);
    expect(c.partials.map((p) => p.speaker)).toEqual(["agent", "customer"]);
  });

  it("drops a partial that comes after the final of the same words", () => {
    const c = say(silence, utterance({ start: 1, end: 3 }), []);
    expect(partial(c, partialOf({ start: 1, end: 2.9 }))).toBe(c);
  });

  it("does not let an older segment replace a newer one", () => {
    const c = partial(silence, partialOf({ segment: 2, text: "new" }));
    expect(partial(c, partialOf({ segment: 1, text: "old" }))).toBe(c);
  });

  it("clears a partial that was taken back", () => {
    const c = partial(silence, partialOf());
    expect(partial(c, partialOf({ text: " " })).partials).toEqual([]);
  });

  it("loads in the order of commit and keeps partials that are still spoken", () => {
    const before = partial(silence, partialOf({ start: 9, end: 10 }));
    const c = load([utterance({ id: "b", seq: 2 }), utterance({ id: "a", seq: 1 })], [insight({ utterance_id: "b" })], before);
    expect(c.lines.map((l) => [l.utterance.id, l.insights.length])).toEqual([["a", 0], ["b", 1]]);
    expect(c.partials).toHaveLength(1);
  });

  it("marks the words of an intent by their bytes, small talk not at all", () => {
    const u = utterance({ text: "ça, I want to cancel" });
    const line = {
      utterance: u,
      insights: [insight({ evidence: [{ from: 5, to: 21 }] }), insight({ name: "greeting", evidence: [{ from: 0, to: 2 }] })],
    };
    const marks = marksOf(line);
    expect(marks.map((m) => u.text.slice(m.from, m.to))).toEqual(["I want to cancel"]);
    expect(marks[0]?.label).toBe("intent.cancel");
  });

  it("finds the customer's line at a second before the agent's", () => {
    const c = say(say(silence, utterance({ id: "a", speaker: "agent" }), []), utterance({ id: "c" }), []);
    expect(lineAt(c.lines, 2)?.utterance.id).toBe("c");
    expect(lineAt(c.lines, 99)).toBeUndefined();
  });
});
