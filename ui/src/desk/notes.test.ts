import { beforeEach, describe, expect, it } from "vitest";
import { notesOf } from "../prefs";
import { Pad } from "./notes";

describe("notes in two tabs", () => {
  beforeEach(() => localStorage.clear());

  it("follow each other while only one is written in", () => {
    const [a, b] = [new Pad("c"), new Pad("c")];
    a.write("refund");
    b.changed(notesOf("c"), false);
    expect([b.text.value, b.other.value]).toEqual(["refund", undefined]);
  });

  it("are never written over unseen when both are written in", () => {
    const [a, b] = [new Pad("c"), new Pad("c")];
    b.write("mine");
    a.write("theirs");
    b.changed("theirs", true);
    expect([b.text.value, b.other.value]).toEqual(["mine", "theirs"]);
    b.write("mine, longer");
    expect(notesOf("c")).toBe("theirs");
    b.mine();
    expect(notesOf("c")).toBe("mine, longer");
    a.changed("mine, longer", true);
    a.take();
    expect(a.text.value).toBe("mine, longer");
  });
});
