import { describe, expect, it } from "vitest";
import { marksOver, plain, shown, spoken } from "./written";

const u = {
  text: "i pay fifty four dollars at three p m to nordtel",
  written: "I pay $54 at 3 PM, to Nordtel.",
  written_words: [1, 1, 3, 1, 3, 0, 1, 1],
};
const part = (text: string) => ({ from: u.text.indexOf(text), to: u.text.indexOf(text) + text.length });
const seen = (text: string) => {
  const s = shown(u).over(part(text));
  return u.written.slice(s.from, s.to);
};

describe("what is shown", () => {
  it.each([
    ["a word", "nordtel", "Nordtel"],
    ["some words for one token", "fifty four dollars", "$54"],
    ["a part of them", "four", "$54"],
    ["a token in two pieces, without the comma", "three p m", "3 PM"],
    ["a stretch", "pay fifty four dollars at", "pay $54 at"],
    ["all", u.text, "I pay $54 at 3 PM, to Nordtel"],
  ])("brings marks over: %s", (_, heard, want) => {
    expect(seen(heard)).toBe(want);
  });

  it("is what was heard when nothing was written, when it is asked for, or when the counts do not fit", () => {
    for (const s of [
      shown({ text: "i pay" }), shown(u, "heard"), shown({ ...u, written_words: null }),
      shown({ ...u, written_words: [1] }), shown({ ...u, written_words: [1, 1, 3, 1, 3, 0, 1, 2] }),
      shown({ ...u, written_words: [0, 1, 3, 1, 3, 0, 1, 1] }), shown({ text: "i", written: "", written_words: [] }),
    ]) expect(s.over({ from: 2, to: 5 })).toEqual({ from: 2, to: 5 });
    expect(shown(u, "heard").text).toBe(u.text);
  });

  it("keeps labels, and takes overrides out of plain lines", () => {
    expect(marksOver([{ ...part("nordtel"), label: "x" }], shown(u))).toEqual([{ from: 22, to: 29, label: "x" }]);
    expect(plain({ text: "a", written: "A\u202E." })).toBe("A.");
    expect(plain({ text: "a" })).toBe("a");
  });
});

describe("spoken words", () => {
  it("share the token that stands for them", () => {
    const words = u.text.split(" ").map((text) => ({ text, start: 0, end: 1, confidence: 1 }));
    const got = spoken(u, words, shown(u)).map((s) => [u.written.slice(s.from, s.to), s.first, s.last]);
    expect(got).toEqual([["I", 0, 0], ["pay", 1, 1], ["$54", 2, 4], ["at", 5, 5], ["3 PM", 6, 8], ["to", 9, 9], ["Nordtel", 10, 10]]);
    expect(spoken(u, words, shown(u, "heard"))).toHaveLength(11);
  });

  it("with a marker of several words in one", () => {
    const v = { text: "it is [card number] now", written: "It is [card number] now.", written_words: [1, 1, 1, 1, 1] };
    const words = ["it", "is", "[card number]", "now"].map((text) => ({ text, start: 0, end: 1, confidence: 1 }));
    expect(spoken(v, words, shown(v)).map((s) => v.written.slice(s.from, s.to))).toEqual(["It", "is", "[card number]", "now"]);
  });
});
