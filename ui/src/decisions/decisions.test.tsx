// Decisions: the address, what is tried, a rule while it is written, two people
// at one action, and figures that say when they are too few.

import { render, type JSX } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { en as english } from "../lang/en";
import { links, parseRoute } from "../route";
import { me } from "../session";
import { found } from "./catalogue";
import { given, written } from "./given";
import { Editor } from "./item-store";
import { differ, set } from "./json";
import { daysLeft } from "./levers";
import { enough } from "./lift";
import { knobs, merge, movement, Ranker, turn } from "./rank-store";
import { matrix, Replays } from "./replay-store";
import { complete, pieces, redRows, RuleCheck, wrongIn } from "./rule-store";
import { changeOf, goBack, mayDesign, mayOpen, shelf, tabs, tried, tryAction, tryAgain, tryNothing, undo } from "./store";
import type { Item, Line, Order, Rule, Run, Version, Words } from "./wire";

const en = english.decisions;
const doc = (title: string): Version["doc"] => ({ id: "a", title, issue: "sales", group: "g", value: { margin: 10, cost_share: 0.2 }, policies: [] });
const version = (n: number, state: Version["state"], title = `V${n}`, author = "Bo"): Version => ({ kind: "action", id: "a", version: n, state, author, doc: doc(title) });
const line = (o: Partial<Line>): Line => ({ kind: "action", id: "a", state: "live", version: 0, newest: 0, doc: doc("A"), ...o });

beforeEach(() => {
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(new Response(JSON.stringify({ items: [] })))));
  me.value = { id: "u", name: "Ada", role: "designer" };
  shelf.all.value = { items: [line({})], alone: false, you: "Ada" };
  tryNothing();
  undo.value = undefined;
});
afterEach(() => vi.unstubAllGlobals());

describe("who may", () => {
  it("opens what the API lets a role read, and no more", () => {
    const of = (role: string): string[] => {
      me.value = { id: "u", name: "Ada", role };
      return tabs.filter(mayOpen);
    };
    expect(of("designer")).toEqual([...tabs]);
    expect(of("marketer")).toEqual(["catalogue", "levers", "learning", "lift"]);
    expect(of("privacy")).toEqual(["catalogue", "ranking"]);
    expect(of("agent")).toEqual([]);
    expect(mayDesign()).toBe(false);
  });
});

describe("the address", () => {
  it("names the place and what is asked there", () => {
    const r = parseRoute(links.decisions("action", { id: "up.fibre", q: "" }));
    expect(r.screen === "decisions" && [r.tab, r.q.get("id"), r.q.has("q")]).toEqual(["action", "up.fibre", false]);
  });
  it("finds actions by words, issue and state", () => {
    const all = [line({}), line({ id: "b", doc: { ...doc("Other"), issue: "care" } }), line({ id: "c", state: "retired", newest: 2, newest_state: "draft" })];
    const of = (o: object): string[] => found(all, { words: "", issue: "", show: "all", ...o }).map((l) => l.id);
    expect(of({})).toEqual(["b", "a", "c"]);
    expect(of({ words: "OTHER b" })).toEqual(["b"]);
    expect(of({ issue: "care" })).toEqual(["b"]);
    expect(of({ show: "waiting" })).toEqual(["c"]);
    expect(of({ show: "retired", words: "nothing" })).toEqual([]);
  });
});

describe("documents", () => {
  it("are changed without changing the old one, and compared field by field", () => {
    const before = doc("A");
    const after = set(set(before, ["value", "margin"], 20), ["channels", 0], "web");
    expect(differ(before, after)).toEqual([{ field: "channels", from: undefined, to: ["web"] }, { field: "value.margin", from: 10, to: 20 }]);
    expect(before["value"]).toEqual({ margin: 10, cost_share: 0.2 });
    expect(set({ list: [1, 2, 3] }, ["list", 1], undefined)).toEqual({ list: [1, 3] });
    expect(set({ a: 1, b: 2 }, ["a"], undefined)).toEqual({ b: 2 });
  });
  it("lay fields over others, those inside too", () => {
    expect(merge(doc("A"), { value: { margin: 9 } })["value"]).toEqual({ margin: 9, cost_share: 0.2 });
  });
});

describe("somebody made up", () => {
  it("is written in short and read back", () => {
    const g = given({ traits: "plan=basic, fee: 20; vip", signals: "churn_risk=0.7, luck", labels: "intent.cancel theme.price", facts: "purchase 3 fibre, visit" });
    expect(g).toEqual({ traits: { plan: "basic", fee: 20, vip: true }, signals: { churn_risk: 0.7 }, labels: ["intent.cancel theme.price"], facts: [{ name: "purchase", days_ago: 3, product: "fibre" }, { name: "visit" }] });
    expect(written(g).facts).toBe("purchase 3 fibre, visit");
    expect(given(written(undefined))).toEqual({});
  });
});

const rule: Rule = { id: "r", kind: "eligibility", when: 'high("churn_risk")', why: "no", tests: [{ given: {}, want: "keep" }, { given: {}, want: "remove" }] };
const known: Words = { functions: [{ name: "high", gives: "bool", usage: 'high("churn_risk")' }, { name: "in_call", gives: "bool", usage: "in_call()" }], traits: [{ name: "plan", type: "string" }, { name: "vip", type: "boolean" }], signals: ["churn_risk"], labels: ["intent.buy"], facts: ["purchase"] };

describe("a rule while it is written", () => {
  it("is completed by what fits where it is typed", () => {
    expect(complete("hi", 2, known)).toEqual({ from: 0, options: [{ insert: 'high("', hint: 'high("churn_risk")' }] });
    expect(complete("!in", 3, known).options[0]?.insert).toBe("in_call()");
    expect(complete('high("chu', 9, known)).toEqual({ from: 6, options: [{ insert: "churn_risk", hint: "" }] });
    expect(complete('flag("', 6, known).options.map((o) => o.insert)).toEqual(["vip"]);
    expect(complete('trait("plan") == ', 17, known).options).toEqual([]);
  });
  it("shows the place of a mistake in letters, not in bytes", () => {
    expect(pieces("ü && 😀x", 5, 2)).toEqual(["ü && ", "😀x", ""]);
    expect(pieces("ab", 7, 1)).toEqual(["ab", "", ""]);
  });
  it("counts the rows against saving, without those that are waived", async () => {
    const check = new RuleCheck("k", { check: vi.fn(() => Promise.resolve({ cases: [{ answer: "remove", holds: false }, { answer: "remove", holds: true }] })) } as never);
    await check.now(rule);
    expect(redRows.value).toBe(1);
    await check.now({ ...rule, tests: [{ given: {}, want: "keep", waived: "until spring" }, { given: {}, want: "remove" }] });
    expect(redRows.value).toBe(0);
    expect(wrongIn(rule, { reason: "does not check" })).toBe(1);
    check.leave();
  });
});

describe("two people at one action", () => {
  const item = (...versions: Version[]): Item => ({ versions, steps: [] });
  const calls = (items: Item[], draft: () => Promise<Version>) => ({ item: vi.fn(() => Promise.resolve(items.length > 1 ? (items.shift() as Item) : (items[0] as Item))), draft: vi.fn(draft), step: vi.fn(() => Promise.resolve(version(2, "dropped"))) });

  it("keeps what was typed and shows theirs; mine goes over it when I say so", async () => {
    let first = true;
    const c = calls([item(version(1, "live")), item(version(2, "draft", "Theirs", "Cy"), version(1, "live"))], () => {
      if (!first) return Promise.resolve(version(3, "draft"));
      first = false;
      return Promise.reject(new Problem(409, "Conflict", "somebody else"));
    });
    const e = new Editor("action", "a", c);
    await e.load();
    e.set(["title"], "Mine");
    e.why.value = "because";
    expect(await e.save()).toBe(false);
    expect(e.conflict.value?.author).toBe("Cy");
    expect(e.doc.value["title"]).toBe("Mine");
    expect(await e.keepMine()).toBe(true);
    expect(c.draft.mock.calls.map((x) => (x as unknown as [{ based: number }])[0].based)).toEqual([1, 2]);
  });

  it("takes a draft back by undo", async () => {
    const c = calls([item(version(1, "live"))], () => Promise.resolve(version(2, "draft")));
    const e = new Editor("action", "a", c);
    await e.load();
    e.set(["title"], "Mine");
    e.why.value = "because";
    await e.save();
    expect(undo.value?.text()).toBe(en.saved(2));
    await goBack();
    expect(c.step).toHaveBeenCalledWith(expect.objectContaining({ version: 2, to: "dropped" }));
    expect(undo.value).toBeUndefined();
  });

  it("begins something new where there is nothing of the name", async () => {
    const e = new Editor("action", "new.one", { ...calls([item()], () => Promise.resolve(version(1, "draft"))), item: () => Promise.reject(new Problem(404, "Not Found", "")) });
    await e.load();
    expect([e.doc.value["id"], e.dirty.value, e.problem.value]).toEqual(["new.one", true, undefined]);
  });
});

describe("what is tried", () => {
  const order = (...ids: string[]): Order => ({ ranked: ids.map((action, i) => ({ action, title: action, group: "g", rank: i + 1, p: 0.1, low: 0, high: 1, c: 1, v: 1, l: 1, priority: 1, annoyance: 0 })), out: [] });
  it("is one change of actions and levers", () => {
    expect(changeOf(tried.value)).toBe("");
    turn("a", { margin: 30 });
    turn("a", { lever: 20 });
    const change = JSON.parse(changeOf(tried.value)) as { actions: unknown[]; levers: { percent: number; from: string }[] };
    expect(change.actions).toEqual([{ id: "a", value: { margin: 30 } }]);
    expect(change.levers[0]).toMatchObject({ name: "a", percent: 20, owner: "Ada" });
    expect(knobs("a")).toEqual({ margin: 30, lever: 20 });
    turn("a", { lever: 0 });
    expect(Object.keys(tried.value.levers)).toEqual([]);
  });
  it("is there again from a replay, and stays where a change was written by hand", () => {
    turn("a", { margin: 30, lever: 20 });
    const change = changeOf(tried.value);
    tryNothing();
    tryAgain(change);
    expect([tried.value.actions["a"], tried.value.levers]).toEqual([{ value: { margin: 30 } }, { a: 20 }]);
    tryAgain("version: 1\n");
    expect(tried.value.levers).toEqual({ a: 20 });
  });
  it("tells how many places an action moved", () => {
    expect([movement(order("a", "b"), order("b", "a"), "b"), movement(order("a"), order("b"), "a"), movement(order("a"), undefined, "a")]).toEqual([1, undefined, undefined]);
  });
  it("becomes drafts that undo takes back", async () => {
    const step = vi.fn(() => Promise.resolve(version(2, "dropped")));
    const draft = vi.fn(() => Promise.resolve(version(2, "draft")));
    tryAction("a", { value: { margin: 30 } });
    const r = new Ranker({}, { rank: vi.fn(), item: () => Promise.resolve({ versions: [version(1, "live")], steps: [] }), draft, step } as never);
    expect(await r.makeDrafts("dearer")).toBe(true);
    expect(draft).toHaveBeenCalledWith(expect.objectContaining({ based: 1, doc: { ...doc("V1"), value: { margin: 30, cost_share: 0.2 } } }));
    expect(changeOf(tried.value)).toBe("");
    await goBack();
    expect(step).toHaveBeenCalledOnce();
  });
});

describe("a replay", () => {
  const run = (state: Run["state"]): Run => ({ id: "s", state, ask: { change: "", since: "1d" }, changed: [], since: "", until: "", done: 1, total: 2, started_at: "" });
  it("is followed until it ends", async () => {
    vi.useFakeTimers();
    const states: Run["state"][] = ["running", "running", "done"];
    const r = new Replays("s", { run: vi.fn(() => Promise.resolve(run(states.shift() ?? "done"))), runs: () => Promise.resolve({ simulations: null }) } as never);
    await r.open();
    expect(r.run.value?.state).toBe("running");
    await vi.advanceTimersByTimeAsync(2000);
    expect(r.run.value?.state).toBe("done");
    vi.useRealTimers();
  });
  it("moves in a table of those with most decisions", () => {
    const m = matrix([{ from: "a", to: "b", decisions: 5, people: 1 }, { from: "c", to: "b", decisions: 9, people: 1 }, { from: "d", to: "d", decisions: 1, people: 1 }], 2);
    expect([m.from, m.to, m.left, m.cell("a", "b")?.decisions, m.cell("c", "d")]).toEqual([["c", "a"], ["b", "d"], 1, 5, undefined]);
  });
});

describe("figures", () => {
  it("say nothing of a few people", () => {
    const lift = { question: "", arm: "nba", against: "holdout", reward: { mean: 1, low: 0, high: 2 }, accepted: { mean: 1, low: 0, high: 2 }, relative: 1, p: 0.01, verdict: "" };
    const arm = (name: string, people: number) => ({ arm: name, decisions: 100, people, accepted: lift.accepted, reward: lift.reward, share: 0.5 });
    expect(enough({ arms: [arm("nba", 40), arm("holdout", 29)], lifts: [lift], actions: [] }, lift)).toBe(false);
    expect(enough({ arms: [arm("nba", 40), arm("holdout", 30)], lifts: [lift], actions: [] }, lift)).toBe(true);
  });
  it("count the days that a lever has left", () => {
    expect(daysLeft("2026-03-08T00:00:00Z", Date.parse("2026-03-03T12:00:00Z"))).toBe(5);
  });
});

describe("the screen", () => {
  it("shows hostile words as words", async () => {
    const { CatalogueTab } = await import("./catalogue");
    shelf.all.value = { items: [line({ doc: doc("<b>x</b>\u202Ey") })], alone: false, you: "Ada" };
    const box = document.createElement("div");
    const show = (what: JSX.Element): void => render(what, box);
    show(<CatalogueTab q={new URLSearchParams()} />);
    expect(box.querySelector(".decisions-line b")?.textContent).toBe("<b>x</b>y");
    render(null, box);
  });
});
