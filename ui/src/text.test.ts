import { describe, expect, it } from "vitest";
import { clean, find, pieces, place, unitSpans } from "./text";

const word = (text: string) => ({ text, start: 0, end: 1, confidence: 1 });

describe("spans", () => {
  it.each([
    ["plain", "charged twice", "twice"],
    ["two bytes", "déjà payé deux fois", "payé"],
    ["Arabic", "تم خصم المبلغ مرتين", "المبلغ"],
    ["a pair of units", "so 😀 happy now", "happy"],
  ])("are turned from bytes into units: %s", (_, text, part) => {
    const bytes = new TextEncoder();
    const from = bytes.encode(text.slice(0, text.indexOf(part))).length;
    const [s] = unitSpans(text, [{ from, to: from + bytes.encode(part).length }]);
    expect(text.slice(s?.from, s?.to)).toBe(part);
  });

  it("outside the text are left out", () => {
    expect(unitSpans("abc", [{ from: -1, to: 2 }, { from: 2, to: 9 }, { from: 2, to: 2 }, { from: 0, to: 3 }])).toEqual([{ from: 0, to: 3 }]);
  });
});

describe("words", () => {
  it("are placed one after another, the same word twice", () => {
    expect(place("no no, thanks", [word("no"), word("no"), word("thanks")])).toEqual([{ from: 0, to: 2 }, { from: 3, to: 5 }, { from: 7, to: 13 }]);
  });

  it("that are not in the text give nothing, so the text stands alone", () => {
    expect(place("my card is [card number]", [word("my"), word("four")])).toBeUndefined();
  });
});

describe("pieces", () => {
  it("keep the whole text, whatever is marked", () => {
    const text = "I might just go to Nordtel now";
    const words = place(text, text.split(" ").map(word)) ?? [];
    const got = pieces(text, words, [{ from: 2, to: 26, label: "a" }, { from: 19, to: 26, label: "b" }]);
    expect(got.map((p) => p.text).join("")).toBe(text);
    expect(got.find((p) => p.text === "Nordtel")).toEqual({ text: "Nordtel", labels: ["a", "b"], word: 5 });
    expect(got.at(-1)).toEqual({ text: "now", labels: [], word: 6 });
  });

  it("take directional overrides out for display", () => {
    expect(pieces("pay \u202E001 now", [], []).map((p) => p.text)).toEqual(["pay 001 now"]);
    expect(clean("a\u2066b\u2069c")).toBe("abc");
  });
});

describe("find", () => {
  it("does not mind letter case, and finds nothing for nothing", () => {
    expect(find("I Want Out", "want")).toEqual({ from: 2, to: 6 });
    expect(find("abc", " ")).toBeUndefined();
    expect(find("abc", "x")).toBeUndefined();
  });
});
