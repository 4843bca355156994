import { describe, expect, it } from "vitest";
import { match, writing, type KeyGroup } from "./keys";
import { step } from "./parts/roving";

const run = (): void => undefined;
const groups: KeyGroup[] = [
  { name: "Anywhere", keys: [{ key: "g c", label: "calls", run }, { key: "a", label: "first", run }, { key: "c", label: "c", run }] },
  { name: "Screen", keys: [{ key: "a", label: "latest", run }] },
];

describe("keys", () => {
  it("mean what the screen that came last says", () => {
    expect(match("a", 0, groups)?.label).toBe("latest");
    expect(match("x", 0, groups)).toBeUndefined();
  });

  it("may be two in a row, soon after each other", () => {
    expect(match("g", 0, groups)).toBeUndefined();
    expect(match("c", 500, groups)?.label).toBe("calls");
    expect(match("c", 600, groups)?.label).toBe("c");
    match("g", 1000, groups);
    expect(match("c", 5000, groups)?.label).toBe("c");
  });

  it("are letters where somebody writes", () => {
    document.body.innerHTML = '<textarea></textarea><input type="range"><input type="search"><button></button>';
    const all = [...document.body.children];
    expect(all.map(writing)).toEqual([true, false, true, false]);
  });

  it("move through a list and stop at its ends", () => {
    expect(step("ArrowDown", 2, 3)).toBe(2);
    expect(step("ArrowUp", 0, 3)).toBe(0);
    expect(step("Home", 2, 3)).toBe(0);
    expect(step("End", 0, 3)).toBe(2);
    expect(step("a", 0, 3)).toBeUndefined();
  });
});
