// Looking back: the days of the slider, the moments of change, and what is asked.

import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AsOf, beside, range } from "./asof";

const now = Date.parse("2026-06-30T12:00:00Z");
const changes = ["2026-03-01T10:00:00Z", "2026-05-01T10:00:00Z", "2026-03-01T10:00:00Z"];

describe("the time that can be looked at", () => {
  it("begins a day before the first change, and a month ago at the latest", () => {
    expect(new Date(range(changes, now).from).toISOString()).toBe("2026-02-28T10:00:00.000Z");
    expect(range([], now).days).toBe(31);
    expect(range(["2027-01-01T00:00:00Z"], now).days).toBe(31);
  });
  it("has a change on either side, or none", () => {
    const at = Date.parse("2026-04-01T00:00:00Z");
    expect([beside(changes, at, -1), beside(changes, at, 1)]).toEqual([Date.parse(changes[0] ?? ""), Date.parse(changes[1] ?? "")]);
    expect([beside(changes, 0, -1), beside(changes, now, 1)]).toEqual([undefined, undefined]);
  });
});

describe("the slider", () => {
  let box: HTMLElement;
  const onAt = vi.fn();
  const show = (at: string): void => render(<AsOf at={at} changes={changes} onAt={onAt} now={() => now} />, box);
  beforeEach(() => {
    vi.useFakeTimers();
    onAt.mockClear();
    box = document.createElement("div");
    document.body.append(box);
  });
  afterEach(() => {
    render(null, box);
    box.remove();
    vi.useRealTimers();
  });
  const slider = (): HTMLInputElement => box.querySelector("input") ?? expect.fail("no slider");
  const buttons = (): HTMLButtonElement[] => [...box.querySelectorAll("button")];

  it("says now at its end, and the date elsewhere", () => {
    show("");
    expect(slider().getAttribute("aria-valuetext")).toBe("now");
    expect(slider().value).toBe(slider().max);
    show("2026-05-01T10:00:00Z");
    expect(slider().getAttribute("aria-valuetext")).toContain("2026");
  });
  it("asks once when it is at rest, and for now at the end", () => {
    show("2026-05-01T10:00:00Z");
    for (const v of ["3", "2", "1"]) {
      slider().value = v;
      slider().dispatchEvent(new Event("input", { bubbles: true }));
    }
    vi.advanceTimersByTime(200);
    expect(onAt.mock.calls).toEqual([["2026-03-01T10:00:00.000Z"]]);
    slider().value = slider().max;
    slider().dispatchEvent(new Event("input", { bubbles: true }));
    vi.advanceTimersByTime(200);
    expect(onAt).toHaveBeenLastCalledWith("");
  });
  it("goes from change to change and on to now", () => {
    show("");
    buttons()[0]?.click();
    expect(onAt).toHaveBeenLastCalledWith("2026-05-01T10:00:00.000Z");
    show("2026-05-01T10:00:00Z");
    buttons()[0]?.click();
    expect(onAt).toHaveBeenLastCalledWith("2026-03-01T10:00:00.000Z");
    buttons()[1]?.click();
    expect(onAt).toHaveBeenLastCalledWith("");
  });
});
