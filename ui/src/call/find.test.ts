import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import { utterance } from "../testing";
import type { Correction } from "../wire";
import { Finder, fold, spans } from "./find";

const found = (text: string, q: string): string[] => spans(fold(text), q).map((s) => text.slice(s.from, s.to));

describe("looking in a text", () => {
  it("finds in any case, with and without marks on letters", () => {
    expect(found("Ich rief Müller an, MULLER rief zurück", "müller")).toEqual(["Müller", "MULLER"]);
    expect(found("أريد إلغاءَ العقد", "الغاء")).toEqual(["إلغاءَ"]);
    expect(found("İstanbul", "istanbul")).toEqual(["İstanbul"]);
  });
  it("keeps its place behind what takes two units, and takes spaces as one", () => {
    expect(found("😀😀 cancel it", "cancel  it ")).toEqual(["cancel it"]);
    expect(found("aaaa", "aa")).toEqual(["aa", "aa"]);
    expect(found("a", " ")).toEqual([]);
    expect(found("(a.b) [x]", ".b)")).toEqual([".b)"]);
  });
});

describe("the finder", () => {
  const line = (id: string, text: string) => ({ utterance: utterance({ id, text }), insights: [] });
  const lines = signal([line("a", "cancel and cancel"), line("b", "no"), line("c", "council")]);
  const corrections = signal<ReadonlyMap<string, Correction>>(new Map());
  const f = new Finder({ lines, corrections });

  it("goes round its matches", () => {
    f.look("CANCEL");
    expect(f.matches.value.map((m) => m.line)).toEqual(["a", "a"]);
    f.step(-1);
    expect(f.now.value).toMatchObject({ line: "a", from: 11 });
    f.step(1);
    expect(f.at.value).toBe(0);
  });
  it("reads what was corrected as it reads now", () => {
    corrections.value = new Map([["c", { utterance_id: "c", text: "cancel" } as Correction]]);
    expect(f.matches.value.map((m) => m.line)).toEqual(["a", "a", "c"]);
    expect(f.byLine.value.get("a")).toHaveLength(2);
  });
  it("finds nothing for nothing", () => {
    f.clear();
    f.step(1);
    expect([f.matches.value, f.now.value]).toEqual([[], undefined]);
  });
  it("finds in every one of ten thousand lines", () => {
    lines.value = Array.from({ length: 10_000 }, (_, i) => line(`l${i}`, `line ${i} of what was said and understood`));
    f.look("under");
    expect(f.matches.value).toHaveLength(10_000);
    f.look("9999");
    expect(f.matches.value.map((m) => m.line)).toEqual(["l9999"]);
  });
});
