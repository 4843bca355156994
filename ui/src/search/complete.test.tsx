// What is suggested, in which place, and what the keyboard does with it.

import { signal } from "@preact/signals";
import { render } from "preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { me } from "../session";
import { Completer, QueryInput } from "./complete";
import { ExportMenu } from "./export";
import type { Suggested } from "./wire";

const value = (text: string): Suggested => ({ text, kind: "value", count: 3 });

function fake(suggestions: Suggested[], from = 3, to = 6) {
  return { complete: vi.fn(async (_q: string, _at: number) => ({ from, to, suggestions })) };
}

const settle = (): Promise<void> => new Promise((done) => setTimeout(done));

describe("completion", () => {
  it("counts places in bytes and puts a value there", async () => {
    const api = fake([value("theme:late"), { text: "theme:", kind: "field" }], 3, 6);
    const c = new Completer(api);
    await c.ask("é the x", 5);
    expect(api.complete.mock.calls[0]?.slice(0, 2)).toEqual(["é the x", 6]);
    expect(c.take("é the x", value("theme:late"))).toEqual({ text: "é theme:late x", caret: 12 });
    await c.ask("é the", 5);
    expect(c.take("é the", value("theme:late"))).toEqual({ text: "é theme:late ", caret: 13 });
    await c.ask("é the", 5);
    expect(c.take("é the", { text: "theme:", kind: "field" })).toEqual({ text: "é theme:", caret: 8 });
  });
  it("walks round, and drops what stands there already and late answers", async () => {
    const c = new Completer(fake([value("a"), value("b"), value("the")], 2, 5));
    await c.ask("x the", 5);
    expect(c.list.value.map((s) => s.text)).toEqual(["a", "b"]);
    c.move(-1);
    expect(c.at.value).toBe(1);
    c.move(1);
    expect(c.at.value).toBe(0);
    const asking = c.ask("x the", 5);
    c.close();
    await asking;
    expect(c.list.value).toEqual([]);
  });
});

describe("the box", () => {
  const box = document.createElement("div");
  document.body.append(box);
  afterEach(() => render(null, box));

  it("is a combobox that the keyboard works", async () => {
    const text = signal("in");
    const c = new Completer(fake([value("intent:cancel"), value("intent:refund")], 0, 2));
    render(<QueryInput text={text} completer={c} />, box);
    const input = box.querySelector("input") ?? expect.fail("no box");
    const press = async (key: string): Promise<boolean> => {
      const e = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      input.dispatchEvent(e);
      await settle();
      await settle();
      return e.defaultPrevented;
    };
    expect(await press("Enter")).toBe(false); // it searches
    expect(await press("ArrowDown")).toBe(true);
    expect(input.getAttribute("aria-expanded")).toBe("true");
    await press("ArrowDown");
    await press("ArrowDown");
    expect(input.getAttribute("aria-activedescendant")).toBe("query-1");
    expect(box.querySelector('[aria-selected="true"]')?.textContent).toContain("intent:refund");
    expect(await press("Enter")).toBe(true);
    expect(text.value).toBe("intent:refund ");
    expect(input.getAttribute("aria-expanded")).toBe("false");
    await press("ArrowDown");
    expect(await press("Escape")).toBe(true);
    expect(box.querySelectorAll("[role=option]")).toHaveLength(0);
  });

  it("offers files to those who may take them", () => {
    const asked = { q: " a b ", sort: "oldest", like: "" } as const;
    for (const [role, n] of [["marketer", 4], ["admin", 4], ["privacy", 4], ["agent", 0], ["viewer", 0]] as const) {
      me.value = { id: "u", name: "U", role };
      render(<ExportMenu asked={asked} total={12} />, box);
      expect(box.querySelectorAll("a")).toHaveLength(n);
    }
    me.value = { id: "u", name: "U", role: "admin" };
    render(<ExportMenu asked={asked} total={1200} />, box);
    expect(box.querySelector("summary")?.textContent).toBe(`Export ${(1200).toLocaleString()} lines`);
    expect(box.querySelectorAll("a")[1]?.getAttribute("href")).toBe("/v1/search/export?q=a+b&sort=oldest&format=csv&bom=true");
    render(<ExportMenu asked={asked} total={0} />, box);
    expect(box.textContent).toBe("");
  });
});
