// Campaigns: the address, the figures, and files in and out.

import { render, type JSX } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem, type Api } from "../api";
import { links, parseRoute } from "../route";
import { me } from "../session";
import { en as english } from "../lang/en";
import { CampaignsScreen } from "./screen";
import { Campaigns, Costs, Export, mayReadCampaigns, queryOf, questionOf } from "./store";
import type { Results, Row, Upload } from "./wire";

const en = english.campaigns;
const row = (o: Partial<Row> = {}): Row => ({
  name: "Fibre \"Spring\"", sources: ["google"], calls: 120, qualified_calls: 48, themes: [{ name: "late delivery", id: "late", calls: 17 }], intents: [{ name: "buy", calls: 41 }],
  outcomes: [], orders: 21, revenue: { first: 1320, last: 1290.5, linear: 1304.2, position: 1309 }, cost: 412.5, cost_per_qualified_call: 8.59, return_on_spend: 3.16, ...o,
});
const results = (o: Partial<Results> = {}): Results => ({
  from: "2026-03-01", to: "2026-03-31", by: "campaign", model: "linear", currency: "EUR", rows: [row(), row({ name: "", calls: 3 })], total: row({ name: "" }),
  left_out: { orders_in_another_currency: 1, orders_without_amount: 0, orders_of_the_untracked: 2, orders_given_back: 0, orders_told_again: 0 }, assumptions: ["None of them proves a cause."], ...o,
});
const upload: Upload = { rows: 2, total: 12.5, currency: "EUR", kept: false, unknown_columns: ["clicks"], first: [{ date: "2026-03-01", source: "google", campaign: "A", cost: 12.5 }] };
const asked = { from: "2026-03-01", to: "2026-03-31", by: "campaign", model: "linear" } as const;

let box: HTMLElement;
beforeEach(() => {
  me.value = { id: "u", name: "Ada", role: "marketer" };
  box = document.createElement("div");
  document.body.append(box);
});
afterEach(() => {
  render(null, box);
  box.remove();
  vi.unstubAllGlobals();
});

async function shown(what: JSX.Element, answer: unknown, status = 200): Promise<HTMLElement> {
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(new Response(JSON.stringify(answer), { status }))));
  render(what, box);
  await vi.waitFor(() => expect(box.querySelector("[role=status]")?.textContent ?? "").not.toBe(en.counting));
  return box;
}

describe("the address of campaigns", () => {
  it("is the question", () => {
    const r = parseRoute(links.campaigns({ ...asked, by: "keyword", model: "first" }));
    expect(r.screen === "campaigns" && questionOf(r.q)).toEqual({ ...asked, by: "keyword", model: "first" });
  });
  it("asks of the last four weeks by itself, and of nothing that is none", () => {
    const q = questionOf(new URLSearchParams("from=x&by=moon&model=magic"));
    expect([q.by, q.model]).toEqual(["campaign", "linear"]);
    expect(Date.parse(q.to) - Date.parse(q.from)).toBe(27 * 86_400_000);
  });
  it("finds the calls of a name, whatever is in it", () => {
    expect(queryOf("campaign", 'a "b" \\')).toBe('campaign:"a \\"b\\" \\\\"');
  });
});

describe("who may", () => {
  it("keeps all but marketers and administrators out", () => {
    expect(["admin", "marketer", "viewer", "agent", "privacy", "designer"].map((role) => {
      me.value = { id: "u", name: "Ada", role };
      return mayReadCampaigns();
    })).toEqual([true, true, false, false, false, false]);
  });
});

describe("the figures", () => {
  it("stand with what they assume, each name a search", async () => {
    const of = await shown(<CampaignsScreen asked={asked} />, results());
    const first = of.querySelector("tbody tr");
    expect(first?.querySelector("th a")?.getAttribute("href")).toBe(links.search('campaign:"Fibre \\"Spring\\""'));
    expect(first?.querySelectorAll(".campaigns-about a")[0]?.getAttribute("href")).toBe(links.search('campaign:"Fibre \\"Spring\\"" theme:"late"'));
    expect(of.querySelectorAll("tbody tr")[1]?.querySelector("th")?.textContent).toBe(en.nowhere);
    expect(of.querySelector(".campaigns-under")?.textContent).toContain("proves a cause");
    expect(of.querySelector(".campaigns-under")?.textContent).toContain(`2 ${en.left.orders_of_the_untracked}`);
    expect(of.querySelectorAll("td.campaigns-chosen").length).toBe(3);
  });
  it("leave out costs where none are known", async () => {
    const of = await shown(<CampaignsScreen asked={{ ...asked, by: "keyword" }} />, results({ by: "keyword" }));
    expect(of.textContent).not.toContain(en.perCall);
  });
  it("say how to begin where there are none", async () => {
    const of = await shown(<CampaignsScreen asked={asked} />, results({ rows: [row({ name: "", cost: undefined as never })] }));
    expect(of.querySelector(".empty")?.textContent).toContain(en.emptyHow[0]);
    expect(of.querySelector("table")).toBeNull();
  });
  it("say what went wrong, and keep the last that came", async () => {
    const attribution = vi.fn<Api["attribution"]>().mockResolvedValueOnce(results()).mockRejectedValueOnce(new Problem(503, "Busy", "later"));
    const store = new Campaigns(asked, { attribution });
    await store.refresh();
    await store.refresh();
    expect([store.results.value?.total.calls, store.problem.value?.title]).toEqual([120, "Busy"]);
  });
});

describe("a file of costs", () => {
  const file = new Blob(["date"]);
  it("is looked at, then kept", async () => {
    const addSpend = vi.fn<Api["addSpend"]>((_, dry) => Promise.resolve({ ...upload, kept: !dry }));
    const done = vi.fn();
    const costs = new Costs(done, { addSpend });
    await costs.choose(file);
    expect([costs.look.value?.rows, costs.kept.value, done.mock.calls.length]).toEqual([2, undefined, 0]);
    await costs.keep();
    expect([costs.look.value, costs.kept.value?.kept, done.mock.calls.length]).toEqual([undefined, true, 1]);
    await costs.keep();
    expect(addSpend.mock.calls.map((c) => c[1])).toEqual([true, false]);
  });
  it("is left without a trace, or refused with its lines", async () => {
    const refusal = new Problem(422, "Unprocessable Entity", "line 2 ...", [{ message: "line 2: date: ..." }]);
    const addSpend = vi.fn<Api["addSpend"]>().mockResolvedValueOnce(upload).mockRejectedValueOnce(refusal);
    const costs = new Costs(vi.fn(), { addSpend });
    await costs.choose(file);
    costs.leave();
    expect(costs.look.value).toBeUndefined();
    await costs.choose(file);
    expect(costs.problem.value?.errors[0]?.message).toContain("line 2");
    expect(costs.look.value).toBeUndefined();
  });
});

describe("a file of conversions", () => {
  it("is saved under its name, with who was left out", async () => {
    const conversions = vi.fn<Api["conversions"]>().mockResolvedValueOnce({ text: "a,b", rows: 1, unwilling: 2, unknown: 0, givenBack: 0 }).mockRejectedValueOnce(new Problem(422, "No", ""));
    const out = new Export({ conversions });
    const save = vi.fn();
    await out.write(asked, { format: "microsoft-ads", of: "calls", identify: "numbers" }, save);
    expect(save).toHaveBeenCalledWith("a,b", "microsoft-ads-calls-2026-03-01-2026-03-31.csv");
    expect(out.written.value?.unwilling).toBe(2);
    await out.write(asked, { format: "google-ads", of: "orders", identify: "clicks" }, save);
    expect([out.written.value, out.problem.value?.title, save.mock.calls.length]).toEqual([undefined, "No", 1]);
  });
});
