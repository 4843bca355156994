// The keyboard in a transcript: lines up and down, words to the sides.

import { beforeEach, describe, expect, it } from "vitest";
import { leave, moveIn, playsHere } from "./walk";

let box: HTMLElement;

beforeEach(() => {
  document.body.innerHTML = `<div id="box">
    <div class="line" data-t="1"><span dir="auto"><span data-t="1">one</span> <span data-t="2">two</span></span><button class="line-time" id="a">0:01</button></div>
    <div class="line line-sound"><button class="line-time">0:02</button></div>
    <div class="line" data-t="3"><span dir="rtl" style="direction: rtl"><span data-t="3">ثلاثة</span> <span data-t="4">أربعة</span></span><button class="line-time" id="b">0:03</button></div>
  </div>`;
  box = document.getElementById("box") ?? expect.fail("no box");
  box.addEventListener("keydown", (e) => moveIn(box, e));
  box.addEventListener("focusout", leave);
  document.getElementById("a")?.focus();
});

function press(...keys: string[]): string {
  for (const key of keys) document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  return document.activeElement?.id || (document.activeElement?.textContent ?? "");
}

describe("moving", () => {
  it("goes from line to line and stays at the ends", () => {
    expect([press("ArrowDown"), press("ArrowDown"), press("ArrowUp"), press("ArrowUp")]).toEqual(["b", "b", "a", "a"]);
  });
  it("goes from word to word as they are read", () => {
    expect([press("ArrowRight"), press("ArrowRight"), press("ArrowRight"), press("ArrowLeft")]).toEqual(["one", "two", "a", "two"]);
    expect(press("Escape")).toBe("a");
    press("ArrowDown");
    expect([press("ArrowLeft"), press("ArrowLeft"), press("ArrowRight")]).toEqual(["ثلاثة", "أربعة", "ثلاثة"]);
  });
  it("makes a word a button only while it has the focus", () => {
    press("ArrowRight");
    const word = document.activeElement;
    expect([word?.getAttribute("role"), word?.getAttribute("tabindex")]).toEqual(["button", "-1"]);
    press("ArrowRight");
    expect(word?.hasAttribute("role")).toBe(false);
  });
  it("plays a word by Enter or space, and nothing else by them", () => {
    const played: boolean[] = [];
    box.addEventListener("keydown", (e) => played.push(playsHere(e)));
    press("Enter");
    press("ArrowRight", "Enter", " ");
    expect(played).toEqual([false, false, true, true]);
  });
});
