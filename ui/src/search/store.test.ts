// A query narrowed by what its hits are about.

import { describe, expect, it, vi } from "vitest";
import { me } from "../session";
import { narrow } from "./narrow";
import { Search } from "./store";

describe("narrowing", () => {
  it("adds a value, takes it away again, and leaves the rest alone", () => {
    expect(narrow("refund", "intent", "cancel")).toBe("refund intent:cancel");
    expect(narrow("refund intent:cancel late", "intent", "cancel")).toBe("refund late");
    expect(narrow("", "speaker", "agent")).toBe("speaker:agent");
    expect(narrow("a OR b", "theme", "late_delivery")).toBe("(a OR b) theme:late_delivery");
    expect(narrow("(a OR b)", "theme", "x")).toBe("(a OR b) theme:x");
    expect(narrow("a then<5s b", "speaker", "agent")).toBe("(a then<5s b) speaker:agent");
    expect(narrow("for", "theme", 'two "words"')).toBe('for theme:"two words"');
  });
});

describe("a search", () => {
  const hit = { call_id: "c", utterance_id: "u", speaker: "customer", start: 1, end: 2, text: "x", at: "" } as const;

  it("counts once, when the lines are shown, and keeps the counts", async () => {
    const ask = vi.fn(async (o: { after?: string; facets?: string }) => ({
      hits: [hit], total: 2, state: "complete" as const, ...(o.after ? {} : { next: "n" }), ...(o.facets ? { facets: { intent: [{ value: "cancel", count: 2 }] } } : {}),
    }));
    const s = new Search({ search: ask, call: vi.fn() });
    await s.run({ q: " refund ", sort: "oldest", like: "" });
    expect(ask.mock.calls[0]?.[0]).not.toHaveProperty("facets");
    expect(ask.mock.calls[1]?.[0]).toMatchObject({ q: "refund", sort: "oldest", limit: 1, facets: "speaker,intent,theme,moment,language,queue" });
    await s.more();
    expect(ask.mock.calls[2]?.[0]).toMatchObject({ after: "n" });
    expect(ask.mock.calls[2]?.[0]).not.toHaveProperty("facets");
    expect(s.facets.value["intent"]).toEqual([{ value: "cancel", count: 2 }]);
    await s.run({ q: "", sort: "relevance", like: "" });
    expect(s.facets.value).toEqual({});
  });
  it("counts where callers came from for those who may see it", async () => {
    const ask = vi.fn(async () => ({ hits: [hit], total: 1, state: "complete" as const }));
    me.value = { id: "u", name: "Ada", role: "marketer" };
    await new Search({ search: ask, call: vi.fn() }).run({ q: "refund", sort: "relevance", like: "" });
    me.value = undefined;
    expect(ask).toHaveBeenCalledWith(expect.objectContaining({ facets: "speaker,intent,theme,moment,language,queue,source,campaign" }));
  });
  it("asks for what is like a line without any words", async () => {
    const ask = vi.fn(async () => ({ hits: [], total: 0, state: "complete" as const }));
    await new Search({ search: ask, call: vi.fn() }).run({ q: "", sort: "relevance", like: "u1" });
    expect(ask).toHaveBeenCalledOnce();
  });
});
