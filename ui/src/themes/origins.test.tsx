// Where the calls about a theme came from.

import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { me } from "../session";
import { Origins, OriginTable } from "./origins";
import type { Counters, CounterSeries } from "./wire";

const one = (value: string, calls: number, all: number, o: Partial<CounterSeries> = {}): CounterSeries => ({ value, calls, turns: calls, of_calls: all, share: calls / all, enough: all >= 20, ...o });
const some = (by: string, series: readonly CounterSeries[]): Counters => ({ by, state: "complete", series });

let box: HTMLElement;
beforeEach(() => {
  me.value = { id: "u", name: "Ada", role: "marketer" };
  box = document.createElement("div");
  document.body.append(box);
});
afterEach(() => {
  render(null, box);
  box.remove();
});

describe("the shares of a theme", () => {
  it("show each campaign with its search, and where there are too few calls", async () => {
    const counters = vi.fn(async ({ by }: { by: string }) => some(by, [one("Fibre Spring", 24, 80, { q: 'theme:x campaign:"Fibre Spring"' }), one("", 2, 9)]));
    render(<OriginTable theme="t1" read={1} from={{ counters }} />, box);
    await vi.waitFor(() => expect(box.querySelectorAll("tbody tr")).toHaveLength(2));
    expect(counters).toHaveBeenCalledWith({ kind: "theme", name: "t1", by: "campaign", step: "none", limit: 12 });
    const rows = [...box.querySelectorAll("tbody tr")].map((r) => r.textContent);
    expect(rows).toEqual(["Fibre Spring30 %24 of 80", "No campaign22.2 % too few to compare2 of 9"]);
    expect(box.querySelector("tbody a")?.getAttribute("href")).toContain(encodeURIComponent('campaign:"Fibre Spring"'));
    const queues = [...box.querySelectorAll("button")].find((b) => b.textContent === "Queues");
    queues?.click();
    await vi.waitFor(() => expect(box.querySelector("tbody")?.textContent).toContain("No queue"));
    expect(counters).toHaveBeenLastCalledWith(expect.objectContaining({ by: "queue" }));
    expect(queues?.getAttribute("aria-pressed")).toBe("true");
  });
  it("are not asked for by those who may not see them", async () => {
    me.value = { id: "u", name: "Ada", role: "viewer" };
    const counters = vi.fn();
    render(<OriginTable theme="t1" read={1} from={{ counters }} />, box);
    expect(counters).not.toHaveBeenCalled();
    expect(box.textContent).toBe("");
  });
  it("say when there are none, and when they did not come", async () => {
    render(<OriginTable theme="t1" read={1} from={{ counters: async () => some("campaign", []) }} />, box);
    await vi.waitFor(() => expect(box.textContent).toContain("Nobody has called"));
    const o = new Origins("t1", { counters: async () => { throw new Problem(500, "Broken", ""); } });
    await o.show("source");
    expect(o.problem.value?.status).toBe(500);
  });
  it("drop an answer that another question has overtaken", async () => {
    let late: (c: Counters) => void = () => undefined;
    const o = new Origins("t1", { counters: ({ by }) => (by === "campaign" ? new Promise<Counters>((done) => { late = done; }) : Promise.resolve(some(by, []))) });
    const first = o.show("campaign");
    await o.show("queue");
    late(some("campaign", [one("x", 1, 2)]));
    await first;
    expect(o.found.value?.by).toBe("queue");
  });
});
