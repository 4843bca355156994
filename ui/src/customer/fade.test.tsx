import { render } from "preact";
import { describe, expect, it } from "vitest";
import { Fade, strength, type Fading } from "./fade";

const day = 86_400_000;
const at = Date.parse("2026-03-01T00:00:00Z");
const of = (o: Partial<Fading> = {}): Fading => ({ label: "intent.cancel", weight: 0.64, confidence: 0.5, half_life: 14 * 86_400e9, at: "2026-03-01T00:00:00Z", ...o });

describe("what evidence counts for", () => {
  it("halves with each half-life, and is gone when it is faint", () => {
    expect(strength(of(), at).left).toBe(1);
    expect(strength(of(), at + 14 * day)).toMatchObject({ left: 0.5, halfLife: 14 });
    // 0.32 is faint after four half-lives.
    expect(strength(of(), at).gone).toBeCloseTo(at + 56 * day, -3);
    expect(strength(of({ weight: 0.001 }), at).gone).toBe(at);
    expect(strength(of({ weight: -0.64 }), at).gone).toBeCloseTo(at + 56 * day, -3);
  });
  it("stays where it does not fade, and never counts for more than at first", () => {
    expect(strength({ label: "x", weight: 1, at: "2026-03-01T00:00:00Z" }, at + day)).toEqual({ left: 1, halfLife: 0 });
    expect(strength(of(), at - 9 * day).left).toBe(1);
  });
});

describe("the curve", () => {
  it("says in words what it shows, and is not drawn for what stays", () => {
    const box = document.createElement("div");
    render(<Fade of={of()} now={at + 14 * day} />, box);
    expect(box.textContent).toContain("50 % of it left, half every 14 days, gone on Apr 26");
    expect(box.querySelector("circle")?.getAttribute("cx")).toBe("16.0");
    render(<Fade of={of({ half_life: 0 })} now={at} />, box);
    expect(box.textContent).toBe("");
  });
});
