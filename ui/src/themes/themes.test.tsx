// Themes: who sees them, what stands out, and a definition in the making.

import { render, type JSX } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { heights } from "../parts/bars";
import { links, parseRoute } from "../route";
import { me } from "../session";
import { DefineScreen } from "./define";
import { Marked } from "./detail";
import { changeText, compare } from "./change";
import { daily } from "./screen";
import { everything, inSegment, spansOf, unknown } from "./segment";
import { Defining, definitionOf, linesOf, mayDefine, mayReadThemes, odds, reason, ThemePage, Themes } from "./store";
import { loadChoices } from "./segment-bar";
import { ruleOf, Telling } from "./tell";
import type { Subscription } from "../search/saved-wire";
import type { Counters, CounterSeries, CountersQuery, Emergence, ThemeDetail, ThemeList, ThemePreview } from "./wire";

const none = { turns: 0, calls: 0 };
const detail = (o: Partial<ThemeDetail> = {}): ThemeDetail => ({
  id: "t1", kind: "words", state: "active", title: "Router", now: { turns: 4, calls: 3 }, before: none, trend: [1, 2], read: 1, changes: [], quotes: [], ...o,
});
const quote = (id: string): NonNullable<ThemeDetail["quotes"]>[number] => ({ call_id: "c", utterance_id: id, start: 1, at: "", text: id, score: 1 });
const emerged: Emergence = { theme_id: "t1", title: "Router", from: "2026-03-01T00:00:00Z", to: "2026-03-03T00:00:00Z", observed: 12, expected: 0.4, ratio: 30, share: 0.3, before: 0.01, q: 0.0002, new: true };

const nothing = { by: "none", state: "complete", series: null } as const;
const others = { counters: vi.fn(async () => nothing), themeCalls: vi.fn(async () => ({ calls: null })), search: vi.fn() };

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
const show = (what: JSX.Element): HTMLElement => {
  render(what, box);
  return box;
};

describe("the address of themes", () => {
  it("names the list, a theme and a definition", () => {
    expect(parseRoute("/themes")).toEqual({ screen: "themes", of: everything });
    expect(parseRoute(links.themes({ days: 7 }))).toEqual({ screen: "themes", of: { ...everything, days: 7 } });
    expect(parseRoute("/themes?days=12345")).toEqual({ screen: "themes", of: everything });
    const of = { days: 91, source: "google", campaign: "fibre & more", queue: "(none)" };
    expect(parseRoute(links.themes(of))).toEqual({ screen: "themes", of });
    expect(parseRoute(links.theme("rule_refund", of))).toEqual({ screen: "theme", theme: "rule_refund", of });
    expect(links.theme("rule_refund")).toBe("/themes/rule_refund");
    expect(parseRoute(links.define("no signal & so"))).toEqual({ screen: "define", like: "no signal & so" });
    expect(parseRoute(links.define())).toEqual({ screen: "define", like: "" });
  });
});

describe("who may", () => {
  it("keeps agents out and viewers from writing", () => {
    const as = (role: string): boolean[] => {
      me.value = { id: "u", name: "Ada", role };
      return [mayReadThemes(), mayDefine()];
    };
    expect([as("admin"), as("marketer"), as("viewer"), as("agent"), as("ingest")]).toEqual([[true, true], [true, true], [true, false], [false, false], [false, false]]);
    me.value = { id: "u", name: "Ada", role: "viewer" };
    expect(show(<DefineScreen like="" />).querySelector("form")).toBeNull();
  });
});

describe("figures", () => {
  it("say why a theme stands out", () => {
    expect(reason(emerged)).toBe("12 calls in the last 2 days, fewer than 1 expected from its past");
    expect(reason({ ...emerged, from: "2026-03-02T00:00:00Z", expected: 3.6 })).toContain("the last day, about 4 expected");
  });
  it("say how sure that is", () => {
    expect([odds(0.009), odds(0.0002), odds(0)].map((o) => o.slice(0, 28))).toEqual(["Fewer than 1 of 100 such ala", "Fewer than 1 of 1,000 such a", "Fewer than 1 of 1,000,000 su"]);
  });
  it("tell a change with its interval, or that there are too few calls", () => {
    const say = (calls: number, of: number, before: number, ofBefore: number): string => {
      const c = changeText(compare({ calls, of }, { calls: before, of: ofBefore }));
      return `${c.text}|${c.interval}`;
    };
    expect(say(5, 100, 4, 100)).toBe("too few to say|");
    expect(say(15, 19, 15, 100)).toBe("too few to say|");
    expect(say(30, 1000, 28, 1000)).toBe("no clear change|−35 % to +77 %");
    expect(say(200, 1000, 100, 1000)).toBe("+100 %|+60 % to +149 %");
    expect(say(0, 1000, 60, 1000)).toMatch(/^−99 %\|−100 % to −87 %$/);
    expect(say(60, 1000, 0, 1000)).toMatch(/^\+[\d,]+ %\|/);
  });
  it("show the least count that is not zero", () => {
    expect(heights([0, 1, 100], 20)).toEqual([0, 1.5, 20]);
    expect(heights([], 20)).toEqual([]);
  });
  it("are of the day that they are of, also when the clocks change", () => {
    const names = daily([1, 2, 3], "2026-03-28T00:00:00Z").map((b) => b.name);
    expect(new Set(names).size).toBe(3);
  });
  it("mark the words that carried the theme, in bytes, and nothing is markup", () => {
    const html = show(<Marked of={{ ...quote("x"), text: "é <b>router</b>", evidence: [{ from: 6, to: 12 }] }} />);
    expect(html.querySelector("mark")?.textContent).toBe("router");
    expect(html.querySelector("b")).toBeNull();
  });
});

describe("the list", () => {
  it("keeps what it had when the server does not answer", async () => {
    const list: ThemeList = { themes: [detail()], from: "", to: "", zone: "UTC", now: none, before: none, trend: [], state: "complete" };
    const themes = vi.fn(async (_days: number, _all?: boolean) => list);
    const store = new Themes({ ...everything, days: 7 }, { themes, counters: vi.fn() });
    await store.refresh();
    themes.mockRejectedValueOnce(new Problem(0, "No answer", ""));
    await store.refresh();
    expect(themes).toHaveBeenCalledWith(7, false);
    await store.toggleAll();
    expect(themes).toHaveBeenLastCalledWith(7, true);
    themes.mockRejectedValueOnce(new Problem(0, "No answer", ""));
    await store.refresh();
    expect(store.themes.value).toHaveLength(1);
    expect(store.problem.value?.title).toBe("No answer");
  });
});

describe("a segment", () => {
  const series = (value: string, calls: number): CounterSeries => ({ value, calls, turns: calls, of_calls: 50, share: calls / 50, enough: true, points: [{ start: "", calls, turns: calls, of_calls: 50 }] });

  it("is asked of the counters, and keeps what has calls in it, the most first", async () => {
    const list: ThemeList = { themes: [detail(), detail({ id: "t2", emerging: emerged }), detail({ id: "t3" })], from: "2026-03-01T00:00:00Z", to: "", zone: "UTC", now: none, before: none, trend: [], state: "complete" };
    const counters = vi.fn(async (q: CountersQuery): Promise<Counters> => (q.by === "name" ? { ...nothing, series: [series("t1", 3), series("t2", 9)] } : { ...nothing, total: series("", 50) }));
    const store = new Themes({ ...everything, source: "google" }, { themes: async () => list, counters });
    await store.refresh();
    expect(store.themes.value.map((x) => [x.id, x.now.calls, x.before.calls, x.emerging])).toEqual([["t2", 9, 9, undefined], ["t1", 3, 3, undefined]]);
    expect(store.list.value?.now.calls).toBe(50);
    expect(counters.mock.calls.every(([q]) => q.source === "google")).toBe(true);
    expect(counters.mock.calls[1]?.[0]).toMatchObject({ to: "2026-03-01T00:00:00.000Z", from: "2026-02-01T00:00:00.000Z" });
  });
  it("goes into a query", () => {
    expect(inSegment("refund OR credit", { ...everything, source: "google", queue: unknown }, "2026-03-01T00:00:00Z", "2026-03-28T10:00:00Z")).toBe("(refund OR credit) source:google NOT queue:* date:2026-03-01..2026-03-28");
    expect(inSegment("", everything)).toBe("");
    expect(spansOf(7, "", new Date("2026-03-28T00:00:00Z"))).toEqual({ from: "2026-03-21T00:00:00.000Z", to: "2026-03-28T00:00:00.000Z", before: "2026-03-14T00:00:00.000Z" });
  });
});

describe("being told", () => {
  it("asks once however often it is sent, and shows the secret of a webhook", async () => {
    const made: Subscription = { id: "w", kind: "change", state: "active", above: false };
    const subscribe = vi.fn(async (_b: unknown, _k: string) => made).mockRejectedValueOnce(new Problem(0, "No answer", ""));
    const telling = new Telling("t1", { subscribe, subscriptionSecret: async () => ({ secret: "whsec_1" }) });
    await telling.ask(ruleOf("up", 0), { webhook: "https://x.test" });
    expect([telling.done.value, telling.problem.value?.title]).toEqual([false, "No answer"]);
    await telling.ask(ruleOf("up", 0), { webhook: "https://x.test" });
    expect(subscribe.mock.calls[0]).toEqual(subscribe.mock.calls[1]);
    expect(subscribe.mock.calls[1]?.[0]).toEqual({ kind: "change", direction: "up", period: "week", webhook: "https://x.test", theme_id: "t1" });
    expect([telling.done.value, telling.secret.value]).toEqual([true, "whsec_1"]);
    expect([ruleOf("threshold", 9), ruleOf("new", 9)]).toEqual([{ kind: "threshold", least: 9, unit: "calls", period: "week" }, { kind: "new" }]);
  });
});

describe("the calls behind a number", () => {
  it("are there page after page, and what is said beside it", async () => {
    me.value = { id: "u", name: "Ada", role: "marketer" };
    const themeCalls = vi.fn(async (_id: string, after?: string) => (after ? { calls: [{ id: "b", started_at: "", turns: 1 }] } : { calls: [{ id: "a", started_at: "", turns: 2 }], next: "k" }));
    const total = { value: "", calls: 3, turns: 4, of_calls: 9, share: 0.3, enough: false, q: "theme:router speaker:customer" };
    const search = vi.fn(async () => ({ hits: [], total: 3, state: "complete" as const, facets: { theme: [{ value: "router", count: 3 }, { value: "price", count: 2 }], intent: [{ value: "cancel", count: 1 }] } }));
    const p = new ThemePage("t1", { theme: async () => detail(), themeTrend: async () => ({ points: null }), changeTheme: vi.fn(), themes: vi.fn(), themeCalls, search, counters: async () => ({ ...nothing, total }) });
    await p.start();
    expect(p.beside.value.map((f) => f.value)).toEqual(["price", "cancel"]);
    expect(p.kept.value).toMatchObject({ now: { calls: 3, turns: 4 }, of: 9, q: total.q });
    await p.showCalls();
    await p.moreCalls();
    expect([p.calls.value?.map((c) => c.id), p.nextCalls.value]).toEqual([["a", "b"], ""]);
    await p.showCalls();
    expect(p.calls.value).toBeUndefined();
  });
});

describe("one theme", () => {
  const theme = vi.fn(async (_id: string, after?: string) => (after ? detail({ quotes: [quote("b")] }) : detail({ quotes: [quote("a")], next: "k" })));
  const themeTrend = vi.fn(async () => ({ points: null }));
  const changeTheme = vi.fn(async () => detail({ state: "deleted" }));
  const page = (): ThemePage => new ThemePage("t1", { theme, themeTrend, changeTheme, themes: vi.fn(), ...others });

  it("adds earlier lines to those it shows", async () => {
    const p = page();
    await p.start();
    await p.more();
    await p.more();
    expect(p.theme.value?.quotes?.map((q) => q.utterance_id)).toEqual(["a", "b"]);
    expect(theme).toHaveBeenCalledTimes(2);
  });
  it("shows what a change made of it, and a refusal beside what was", async () => {
    const p = page();
    await p.start();
    await p.change({ state: "deleted" });
    expect(p.theme.value?.state).toBe("deleted");
    changeTheme.mockRejectedValueOnce(new Problem(422, "Refused", "no"));
    await p.change({ into: "t1" });
    expect(p.problem.value?.title).toBe("Refused");
    expect(p.theme.value?.state).toBe("deleted");
    expect(p.busy.value).toBe(false);
  });
  it("lets a change be taken back before its chart is there", async () => {
    const p = page();
    await p.start();
    let drawn: (of: { points: null }) => void = () => undefined;
    themeTrend.mockReturnValueOnce(new Promise((resolve) => { drawn = resolve; }));
    const changed = p.change({ state: "deleted" });
    await vi.waitUntil(() => p.theme.value?.state === "deleted");
    await Promise.resolve();
    expect(p.busy.value).toBe(false);
    drawn({ points: null });
    await changed;
  });
});

describe("figures that are still being counted", () => {
  it("are read behind what a person does, and never undo it", async () => {
    let answer: (of: ThemeDetail) => void = () => undefined;
    const theme = vi.fn(async () => detail()).mockResolvedValueOnce(detail({ read: 0.5 }));
    const p = new ThemePage("t1", { theme, themeTrend: async () => ({ points: null }), changeTheme: async () => detail({ state: "deleted" }), themes: vi.fn(), ...others });
    await p.start();
    theme.mockReturnValueOnce(new Promise<ThemeDetail>((resolve) => { answer = resolve; }));
    const refreshed = p.refresh();
    expect(p.busy.value).toBe(false);
    await p.change({ state: "deleted" });
    answer(detail());
    await refreshed;
    expect(p.theme.value?.state).toBe("deleted");
    await p.refresh();
    expect(p.theme.value?.read).toBe(1);
    theme.mockRejectedValueOnce(new Problem(503, "No answer", "no"));
    await p.refresh();
    expect(p.problem.value?.title).toBe("No answer");
  });
});

describe("a definition", () => {
  it("is read from lines", () => {
    expect(linesOf(" a \n\n b")).toEqual(["a", "b"]);
    expect(definitionOf({ title: "", how: "words", text: "router\n- abroad" })).toEqual({ how: "words", phrases: ["router"], unless: ["abroad"] });
    expect(definitionOf({ title: "", how: "query", text: "router\n-abroad" })).toEqual({ how: "query", query: "router -abroad" });
    expect(definitionOf({ title: "", how: "like", text: "no signal" })).toEqual({ how: "like", quotes: ["no signal"] });
    expect(definitionOf({ title: "", how: "like", text: " " })).toBeUndefined();
  });
  it("drops the preview of an earlier draft", async () => {
    let free: (p: ThemePreview) => void = () => undefined;
    const preview = (turns: number): ThemePreview => ({ turns, calls: 1, read: 1, of: 1, quotes: [] });
    const previewTheme = vi.fn().mockImplementationOnce(() => new Promise((done) => (free = done))).mockResolvedValueOnce(preview(2));
    const d = new Defining("", { previewTheme, defineTheme: vi.fn() });
    d.set({ text: "old" });
    const first = d.look();
    d.set({ text: "new" });
    await d.look();
    free(preview(1));
    await first;
    expect(d.preview.value?.turns).toBe(2);
    d.set({ text: "" });
    await d.look();
    expect(d.preview.value).toBeUndefined();
  });
  it("is sent again with the same key, and with another one once it changed", async () => {
    const defineTheme = vi.fn(async (_o: { key: string }) => detail());
    const d = new Defining("no signal", { previewTheme: vi.fn(), defineTheme });
    d.set({ title: " Signal " });
    expect(await d.define()).toBe("t1");
    await d.define();
    d.set({ title: "Other" });
    await d.define();
    const [a, b, c] = defineTheme.mock.calls.map(([o]) => o);
    expect(a).toMatchObject({ title: "Signal", definition: { how: "like", quotes: ["no signal"] } });
    expect(a?.key).toBe(b?.key);
    expect(c?.key).not.toBe(a?.key);
    defineTheme.mockRejectedValueOnce(new Problem(422, "Refused", "x"));
    expect(await d.define()).toBeUndefined();
    expect(d.problem.value?.status).toBe(422);
  });
});

it("asks at once for all that a segment can be of, and one that fails leaves the others", async () => {
  const counters = vi.fn().mockRejectedValueOnce(new Problem(500, "", "")).mockReturnValue(new Promise(() => undefined));
  void loadChoices({ counters });
  await Promise.resolve();
  expect(counters.mock.calls.map(([q]) => q.by)).toEqual(["source", "campaign", "queue"]);
});
