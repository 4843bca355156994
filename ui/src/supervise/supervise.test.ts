// Live calls: what changed, in which order, and what is kept of a rule.

import { signal } from "@preact/signals";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { me } from "../session";
import { fold, live, open, problem, seenTo, seeTo, undoSeen } from "./board";
import { mayAttend, mayOversee, waitingAlerts } from "./count";
import { addressOf, anyCall, filterOf, Order, passes, silenceOf, sorted } from "./order";
import { ground } from "./row";
import { ruleSays } from "./rules";
import { begins, Rules, TeamFigures, trimmed } from "./store";
import { daysOf } from "./team";
import type { Board, Live, LiveAlert, LiveRule } from "./wire";

const noon = Date.parse("2026-05-01T12:00:00Z");
const one = (id: string, o: Partial<Live> = {}): Live => ({
  call_id: id, direction: "inbound", started_at: new Date(noon - 60_000).toISOString(), course: [], spoken: 50, overlap: 0, dead_air: 0,
  risk: { value: 0, parts: [] }, audio: { state: "good", recording: "recording" }, ...o,
});
const board = (o: Partial<Board>): Board => ({ whole: false, now: new Date().toISOString(), calls: [], ended: [], alerts: [], ...o });
const alert = (id: string, o: Partial<LiveAlert> = {}): LiveAlert => ({ id, rule_id: "r", name: "Long", kind: "long", call_id: "a", at: "2026-05-01T12:00:00Z", seconds: 60, value: 60, ...o });
const ids = (all: readonly Live[] | undefined): string[] => (all ?? []).map((c) => c.call_id);

describe("the board", () => {
  beforeEach(() => fold(board({ whole: true })));

  it("takes the alerts alone where the calls are not followed", () => {
    fold(board({ whole: true, calls: [one("a")], alerts: [alert("1")] }));
    fold(board({ whole: true, alerts: [alert("2")] }), false);
    expect([ids(live.value), open.value.map((a) => a.id)]).toEqual([["a"], ["2"]]);
  });

  it("puts what changed in place, and all of it when it is whole", () => {
    fold(board({ whole: true, calls: [one("a"), one("b")], alerts: [alert("1")] }));
    fold(board({ calls: [one("c"), one("a", { agent: "Ada" })], ended: ["b"], alerts: [alert("2", { at: "2026-05-01T12:01:00Z" })] }));
    expect(ids(live.value)).toEqual(["a", "c"]);
    expect(live.value?.[0]?.agent).toBe("Ada");
    expect(open.value.map((a) => a.id)).toEqual(["2", "1"]);
    fold(board({ alerts: [alert("1", { acked_at: "2026-05-01T12:02:00Z" })] }));
    expect(waitingAlerts.value).toBe(1);
    fold(board({ whole: true, calls: [one("z")] }));
    expect([ids(live.value), open.value]).toEqual([["z"], []]);
  });

  it("takes an alert away at once, gives it back when that was refused, and undoes it", async () => {
    fold(board({ whole: true, calls: [one("a")], alerts: [alert("1")] }));
    await seeTo(alert("1"), { ackAlert: vi.fn().mockRejectedValue(new Problem(503, "No answer", "")) });
    expect([open.value.length, problem.value?.title, seenTo.value]).toEqual([1, "No answer", undefined]);
    const ackAlert = vi.fn(async () => alert("1"));
    await seeTo(alert("1"), { ackAlert });
    expect([open.value.length, waitingAlerts.value, seenTo.value?.id]).toEqual([0, 0, "1"]);
    await undoSeen({ reopenAlert: vi.fn(async () => alert("1")) });
    expect([open.value.length, seenTo.value]).toEqual([1, undefined]);
  });
});

describe("the order", () => {
  const calls = [
    one("a", { risk: { value: 0.1, parts: [] }, agent: "Bo", mood: 0.5 }), one("b", { risk: { value: 0.9, parts: [] }, spoken: 10, mood: -0.5, customer: "Zed" }),
    one("c", { risk: { value: 0.5, parts: [] }, agent: "Ada", overlap: 0.3, topic: { kind: "theme", name: "late_delivery", at: 1 } }),
  ];

  it("is by what is worst", () => {
    expect((["risk", "mood", "silence", "overlap", "agent", "customer"] as const).map((s) => ids(sorted(calls, s, noon)).join(""))).toEqual(["bca", "bac", "bac", "cab", "cab", "bac"]);
    expect(silenceOf(calls[1] as Live, noon)).toBe(50);
  });

  it("stays while figures change, until somebody asks", () => {
    const of = signal<readonly Live[] | undefined>(calls);
    const order = new Order(of, anyCall);
    order.arrange(noon);
    expect(ids(order.rows.value)).toEqual(["b", "c", "a"]);
    of.value = [one("n"), { ...(calls[0] as Live), risk: { value: 1, parts: [] } }, ...calls.slice(1)];
    expect(ids(order.rows.value)).toEqual(["b", "c", "a", "n"]);
    expect(order.stale(noon)).toBe(true);
    order.arrange(noon);
    expect([ids(order.rows.value)[0], order.stale(noon)]).toEqual(["a", false]);
    order.set({ sort: "agent" }, noon);
    expect(ids(order.rows.value).slice(0, 2)).toEqual(["c", "a"]);
  });

  it("leaves out what was not asked for, by an address", () => {
    const f = filterOf(new URLSearchParams("q=late+del&risk=0.5&mood=x&sort=nonsense"));
    expect(f).toEqual({ ...anyCall, text: "late del", risk: 0.5 });
    expect(calls.filter((c) => passes(c, f)).map((c) => c.call_id)).toEqual(["c"]);
    expect(calls.filter((c) => passes(c, { ...anyCall, unhappy: true })).map((c) => c.call_id)).toEqual(["b"]);
    for (const to of ["/supervise", "/supervise?q=x&queue=a&agent=b&mood=unhappy&risk=0.7&sort=mood"]) {
      expect(addressOf(filterOf(new URL(to, "http://x").searchParams))).toBe(to);
    }
  });
});

describe("words", () => {
  it("tell a ground, a rule and days", () => {
    expect(ground({ kind: "overlap", figure: 0.19, adds: 0.112 })).toBe("Both speak for 19 % of the call, adds 0.11");
    expect(ruleSays({ name: "x", kind: "mood", level: -0.4, seconds: 30, agent: "Ada" })).toBe("mood below -0.4 for 30 s · Ada");
    expect(ruleSays({ name: "x", kind: "phrase", phrase: "la\u202Ewyer", speaker: "agent" })).toBe("“lawyer” is said · The agent");
    expect(daysOf("2026-05-01T00:00:00Z", "2026-05-02T10:00:00Z")).toBe("date:2026-05-01..2026-05-02");
  });

  it("are for those who supervise", () => {
    for (const [role, sees, acts] of [["agent", false, false], ["marketer", false, false], ["viewer", true, false], ["supervisor", true, true], ["admin", true, true]] as const) {
      me.value = { id: "u", name: "U", role };
      expect([mayOversee(), mayAttend()]).toEqual([sees, acts]);
    }
  });
});

describe("rules", () => {
  const rule: LiveRule = { id: "r1", name: "Long", kind: "long", seconds: 60, own: true, changed_at: "2026-05-01T12:00:00Z" };
  const api = () => ({
    liveRules: vi.fn(async () => ({ rules: [rule] })), makeLiveRule: vi.fn(async (_b: unknown, _k: string) => rule), changeLiveRule: vi.fn(async (_r: unknown, _b: unknown) => rule),
    deleteLiveRule: vi.fn(async () => undefined), restoreLiveRule: vi.fn(async () => rule), liveRuleSecret: vi.fn(async () => ({ secret: "whsec_1" })),
  });

  it("have the fields of their kind alone", () => {
    expect(trimmed({ name: " n ", kind: "silence", seconds: 9, level: 1, phrase: "x", speaker: "agent", agent: " " })).toEqual({ name: "n", kind: "silence", seconds: 9, agent: "" });
    expect(trimmed({ name: "n", kind: "phrase", phrase: "a", speaker: "agent", seconds: 3 })).toEqual({ name: "n", kind: "phrase", phrase: "a", speaker: "agent" });
  });

  it("are sent again with the same key until they are kept, and the secret is shown", async () => {
    const a = api();
    a.makeLiveRule.mockRejectedValueOnce(new Problem(0, "No answer", ""));
    const r = new Rules(a);
    const draft = { name: "Long", kind: "long", seconds: 60, webhook: "https://hook.test" } as const;
    expect(await r.keep(draft)).toBe(false);
    expect(await r.keep(draft)).toBe(true);
    await r.keep({ ...draft, webhook: "" });
    const keys = a.makeLiveRule.mock.calls.map(([, key]) => key);
    expect([keys[0] === keys[1], keys[1] === keys[2], r.secret.value]).toEqual([true, false, "whsec_1"]);
  });

  it("are made once when only the secret was not given", async () => {
    const a = api();
    a.liveRuleSecret.mockRejectedValueOnce(new Problem(0, "No answer", ""));
    const r = new Rules(a);
    const draft = { name: "Long", kind: "long", seconds: 60, webhook: "https://hook.test" } as const;
    expect([await r.keep(draft), await r.keep(draft), await r.keep(draft)]).toEqual([false, true, true]);
    const [first, again, other] = a.makeLiveRule.mock.calls.map(([, key]) => key);
    expect([first === again, again === other]).toEqual([true, false]);
  });

  it("are changed as they were read; one that somebody else changed is read again", async () => {
    const a = api();
    const other = { ...rule, name: "Longer", changed_at: "2026-05-01T12:01:00Z" };
    a.changeLiveRule.mockRejectedValueOnce(new Problem(409, "Conflict", "somebody changed this meanwhile; read it again"));
    a.liveRules.mockResolvedValueOnce({ rules: [rule] }).mockResolvedValueOnce({ rules: [other] });
    const r = new Rules(a);
    await r.load();
    expect(await r.keep({ ...rule, name: "Mine" }, rule)).toBe(false);
    expect(a.changeLiveRule).toHaveBeenCalledWith(rule, { name: "Mine", kind: "long", seconds: 60 });
    expect([r.list.value, r.problem.value?.status]).toEqual([[other], 409]);
  });

  it("are deleted and brought back", async () => {
    const r = new Rules(api());
    await r.load();
    await r.drop(rule);
    expect([r.list.value, r.deleted.value]).toEqual([[], rule]);
    await r.undo();
    expect([r.list.value, r.deleted.value]).toEqual([[rule], undefined]);
  });
});

it("figures of a time that is no longer asked for are dropped", async () => {
  let first: (v: unknown) => void = () => undefined;
  const team = vi.fn().mockReturnValueOnce(new Promise((done) => (first = done))).mockResolvedValueOnce({ all: { calls: 2 } });
  const f = new TeamFigures({ team });
  const old = f.load();
  await f.show("week");
  first({ all: { calls: 1 } });
  await old;
  expect(f.team.value?.all.calls).toBe(2);
  const now = new Date(2026, 4, 7, 15, 30); // a Thursday
  expect([begins("today", now).getDate(), begins("week", now).getDate(), begins("week", now).getDay()]).toEqual([7, 4, 1]);
});
