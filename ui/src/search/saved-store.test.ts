// What is saved, asked for and told.

import { describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { previewWords, ruleWords, Saved, withDays } from "./saved-store";
import type { SavedSearch, Subscription } from "./saved-wire";

const search: SavedSearch = { id: "s1", name: "Refunds", query: "refund", sort: "newest", shared: false, own: true, link: "/search?saved=s1", total: 3 };
const sub: Subscription = { id: "w1", search_id: "s1", kind: "threshold", least: 3, state: "active", above: false };

function fake() {
  return {
    savedSearches: vi.fn(async () => ({ searches: [search] })),
    saveSearch: vi.fn(async () => search),
    deleteSearch: vi.fn(async () => undefined),
    restoreSearch: vi.fn(async () => search),
    subscriptions: vi.fn(async () => ({ subscriptions: [sub] })),
    subscribe: vi.fn(async () => sub),
    previewRule: vi.fn(async () => ({ weeks: 8, fired: ["2026-03-01T00:00:00Z"], count: 2 })),
    setSubscription: vi.fn(async () => sub),
    deleteSubscription: vi.fn(async () => undefined),
    subscriptionSecret: vi.fn(async () => ({ secret: "whsec_x" })),
    alerts: vi.fn(async () => ({ alerts: [] })),
  };
}

describe("saved searches", () => {
  it("are deleted and brought back", async () => {
    const api = fake();
    const s = new Saved(true, api);
    await s.load();
    await s.drop(search);
    expect(s.undo.value?.text).toContain("Refunds");
    await s.undo.value?.run();
    expect(api.restoreSearch).toHaveBeenCalledWith("s1");
    expect(s.undo.value).toBeUndefined();
  });
  it("ask nothing of alerts for those who are not told", async () => {
    const api = fake();
    await new Saved(false, api).load();
    expect(api.subscriptions).not.toHaveBeenCalled();
    expect(api.alerts).not.toHaveBeenCalled();
  });
  it("save a search that is to be watched, and show the secret of a webhook", async () => {
    const api = fake();
    const s = new Saved(true, api);
    expect(await s.tell({ name: "Refunds", query: "refund", sort: "newest" }, { kind: "threshold", least: 3 }, { webhook: "https://example.com/" })).toBe(true);
    expect(api.subscribe.mock.calls[0]).toEqual([{ kind: "threshold", least: 3, webhook: "https://example.com/", search_id: "s1" }, expect.any(String)]);
    expect(s.secret.value).toBe("whsec_x");
    await s.tell("s1", { kind: "digest" }, { mail: "ann@example.com" });
    expect(api.subscribe.mock.calls[1]?.[0 as never]).not.toHaveProperty("search_id");
  });
  it("say what was refused", async () => {
    const api = { ...fake(), saveSearch: vi.fn(async () => Promise.reject(new Problem(400, "Bad Request", "the query does not parse"))) };
    const s = new Saved(true, api);
    expect(await s.save({ name: "x", query: "(", sort: "newest", shared: false })).toBeUndefined();
    expect(s.problem.value?.detail).toBe("the query does not parse");
  });
});

describe("in words", () => {
  it("says rules, previews and days", () => {
    expect(ruleWords({ kind: "threshold", least: 5, period: "hour" })).toBe("5 or more calls in an hour");
    expect(ruleWords({ kind: "change", direction: "down", period: "week" })).toBe("fewer than usual in a week");
    expect(ruleWords({ kind: "new", weeks: 4 })).toBe("some, after 4 weeks without");
    expect(previewWords({ weeks: 8, fired: [], count: 0, note: "short" })).toBe("It would not have told you in the last 8 weeks. There is too little past to compare with.");
    expect(previewWords({ weeks: 8, fired: ["a", "b"], count: 0 })).toBe("It would have told you 2 times in the last 8 weeks.");
    expect(withDays("a OR b", "2026-03-01..2026-03-02")).toBe("(a OR b) date:2026-03-01..2026-03-02");
    expect(withDays("a", "x) OR (y")).toBe("a");
  });
});
