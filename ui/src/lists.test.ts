// The stores of the lists: calls and search.

import { describe, expect, it, vi } from "vitest";
import { Problem } from "./api";
import { CallList, order } from "./calls/store";
import { asCorrected, neighbours, queryErrors, Search } from "./search/store";
import { utterance } from "./testing";
import type { SearchPage } from "./search/wire";
import type { CallRow, Hit } from "./wire";

const row = (id: string, o: Partial<CallRow> = {}): CallRow => ({
  id, platform: "p", platform_call_id: id, direction: "inbound", status: "ended", started_at: `2026-03-01T10:00:${id.padStart(2, "0")}Z`,
  duration: 1, captions: "live", recording: { state: "kept" }, health: { frames: 0 }, ...o,
});

describe("the list of calls", () => {
  it("has live calls first, then the latest", () => {
    expect(order([row("1"), row("3"), row("2", { status: "live" })]).map((r) => r.id)).toEqual(["2", "3", "1"]);
  });

  it("loads page after page and shows each call once", async () => {
    const calls = vi.fn(async (o: { after?: string }) => (o.after ? { calls: [row("2"), row("1")] } : { calls: [row("3"), row("2")], next: "k" }));
    const list = new CallList("", { calls });
    await list.refresh();
    expect(list.next.value).toBe("k");
    await list.more();
    expect(list.sorted.value.map((r) => r.id)).toEqual(["3", "2", "1"]);
    expect(list.next.value).toBe("");
    await list.more();
    expect(calls).toHaveBeenCalledTimes(2);
  });

  it("keeps what it had when the server does not answer", async () => {
    const calls = vi.fn(async () => ({ calls: [row("1")] }));
    const list = new CallList("", { calls });
    await list.refresh();
    calls.mockRejectedValueOnce(new Problem(0, "No answer", ""));
    await list.refresh();
    expect(list.rows.value).toHaveLength(1);
    expect(list.problem.value?.title).toBe("No answer");
  });
});

const hit = (id: string): Hit => ({ call_id: "c", utterance_id: id, speaker: "agent", start: 1, end: 2, text: id, at: "" });
const page = (ids: string[], o: Partial<SearchPage> = {}): SearchPage => ({ hits: ids.map(hit), total: ids.length, state: "complete", ...o });

describe("search", () => {
  const call = vi.fn();

  /** A server that answers pages one after another, and counts with facets. */
  const paged = (...pages: (SearchPage | Promise<SearchPage>)[]) => vi.fn(async (o: { facets?: string }) => (o.facets === undefined ? pages.shift() ?? page([]) : page([], { facets: { intent: [{ value: "cancel", count: 2 }] } })));

  it("drops the answer to an earlier question", async () => {
    let free: (p: SearchPage) => void = () => undefined;
    const search = paged(new Promise((done) => (free = done)), page(["new"]));
    const s = new Search({ search, call });
    const first = s.run({ q: "old", sort: "relevance", like: "" });
    await s.run({ q: "new", sort: "relevance", like: "" });
    free(page(["old"]));
    await first;
    expect(s.hits.value.map((h) => h.utterance_id)).toEqual(["new"]);
  });

  it("adds pages and tells of an index that is catching up", async () => {
    const search = paged(page(["a"], { next: "k", state: "partial" }), page(["b"]));
    const s = new Search({ search, call });
    await s.run({ q: " q ", sort: "relevance", like: "" });
    expect(s.partial.value).toBe(true);
    await s.more();
    expect(s.hits.value.map((h) => h.utterance_id)).toEqual(["a", "b"]);
    expect(search).toHaveBeenLastCalledWith({ q: "q", sort: "relevance", like: "", limit: 30, after: "k" }, expect.anything());
  });

  it("counts what it found once that is shown, and nothing when it found nothing", async () => {
    let free: (p: SearchPage) => void = () => undefined;
    const counted = new Promise<SearchPage>((done) => (free = done));
    const search = vi.fn(async (o: { q?: string; facets?: string }) => (o.facets === undefined ? page(o.q === "q" ? ["a"] : []) : counted));
    const s = new Search({ search, call });
    const run = s.run({ q: "q", sort: "relevance", like: "" });
    await vi.waitFor(() => expect(search).toHaveBeenCalledTimes(2));
    expect(s.hits.value.map((h) => h.utterance_id)).toEqual(["a"]);
    expect(s.facets.value).toEqual({});
    free(page([], { facets: { intent: [{ value: "cancel", count: 2 }] } }));
    await run;
    expect(s.facets.value).toEqual({ intent: [{ value: "cancel", count: 2 }] });
    await s.run({ q: "none", sort: "relevance", like: "" });
    expect(s.facets.value).toEqual({});
    expect(search).toHaveBeenCalledTimes(3);
  });

  it("asks nothing for nothing", async () => {
    const search = vi.fn();
    await new Search({ search, call }).run({ q: "  ", sort: "relevance", like: "" });
    expect(search).not.toHaveBeenCalled();
  });

  it("shows where the query is wrong, in characters", () => {
    const p = new Problem(400, "Bad", "", [{ location: "query.q:6", message: "a" }, { location: "query.q:99", message: "b" }, { location: "query.limit", message: "c" }]);
    expect(queryErrors(p, 'né é "x').map((e) => e.at)).toEqual([4, 7, undefined]);
  });

  it("shows the lines around a hit, asking for its call once", async () => {
    const said = ["a", "b", "x", "c", "d", "e"].map((id, i) => utterance({ id, start: i }));
    const get = vi.fn(async () => ({ utterances: said }) as never);
    const s = new Search({ search: vi.fn(), call: get });
    await s.toggleAround(hit("x"));
    expect(s.around.value.get("x")?.before.map((u) => u.id)).toEqual(["a", "b"]);
    expect(s.around.value.get("x")?.after.map((u) => u.id)).toEqual(["c", "d"]);
    await s.toggleAround(hit("a"));
    expect(get).toHaveBeenCalledTimes(1);
    await s.toggleAround(hit("x"));
    expect(s.around.value.has("x")).toBe(false);
    expect(neighbours(said, "nowhere")).toEqual({ before: [], after: [] });
  });
});

describe("what was said around a hit", () => {
  it("reads as it was corrected", () => {
    const fix = { utterance_id: "b", call_id: "c", heard: "two council", text: "to cancel", plain: "to cancel", at: "" };
    const said = asCorrected({ utterances: [utterance({ id: "a", text: "I want" }), utterance({ id: "b", text: "two council" })], corrections: [fix] });
    expect(said.map((u) => u.text)).toEqual(["I want", "to cancel"]);
    expect(asCorrected({ utterances: null })).toEqual([]);
  });
});
