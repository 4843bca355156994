import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { AuditStore } from "./audit-store";
import { KeyStore } from "./keys-store";
import { pieces, PlatformStore } from "./platforms-store";
import { RetentionStore } from "./retention-store";
import type { ApiKey, Reading, TestCall } from "./wire";

const key = (o: Partial<ApiKey> = {}): ApiKey => ({ id: "k1", name: "BI", role: "viewer", state: "active", created_at: "2026-03-01T10:00:00Z", ...o });

const nothing = (): never => {
  throw new Error("not asked for here");
};

describe("keys", () => {
  const keys = { keys: () => Promise.resolve({ keys: [key(), key({ id: "k2" })], scopes: ["calls:read"] }), newKey: nothing, dropKey: nothing, restoreKey: nothing, rotateKey: nothing };

  it("are shown the latest first, and a new one with its secret once", async () => {
    const store = new KeyStore({ ...keys, newKey: (w) => Promise.resolve(key({ ...w, key: "heed_secret" })) });
    expect(await store.make({ name: "BI", role: "viewer" })).toBe(true);
    expect(store.keys.value?.map((k) => k.id)).toEqual(["k2", "k1"]);
    expect(store.made.value?.key).toBe("heed_secret");
    expect(store.keys.value?.some((k) => k.key)).toBe(false);
  });

  it("say why nothing was made, and keep what is shown", async () => {
    const store = new KeyStore({ ...keys, newKey: () => Promise.reject(new Problem(422, "Refused", "no such scope")) });
    await store.refresh();
    expect(await store.make({ name: "BI", role: "viewer" })).toBe(false);
    expect([store.problem.value?.detail, store.keys.value?.length, store.made.value]).toEqual(["no such scope", 2, undefined]);
  });

  it("are made once, also when they cannot be read again afterwards", async () => {
    const store = new KeyStore({ ...keys, newKey: (w) => Promise.resolve(key({ ...w, key: "heed_secret" })), keys: () => Promise.reject(new Problem(0, "Heed did not answer", "")) });
    expect(await store.make({ name: "BI", role: "viewer" })).toBe(true);
    expect([store.made.value?.key, store.problem.value?.message]).toEqual(["heed_secret", "Heed did not answer"]);
  });

  it("come back when revoking is undone, once", async () => {
    const asked: string[] = [];
    const store = new KeyStore({
      ...keys, dropKey: (id) => Promise.resolve(void asked.push(`drop ${id}`)),
      restoreKey: (id) => (asked.push(`restore ${id}`), Promise.resolve(key())),
    });
    await store.revoke(key());
    await store.undo();
    await store.undo();
    expect(asked).toEqual(["drop k1", "restore k1"]);
  });
});

describe("the audit", () => {
  const reading = (n: number): Reading => ({ n, first_at: "", last_at: "", times: 1, who: "u", name: "Dana", role: "agent", origin: "local", kind: "call", sealed: true });

  it("goes on where a page ended, and forgets the pages of another question", async () => {
    const asked: string[] = [];
    const store = new AuditStore({
      verifyAudit: nothing,
      audit: (o) => {
        asked.push(`${o.kind ?? ""}/${o.after ?? ""}`);
        return Promise.resolve(o.after ? { reads: [reading(1)] } : { reads: [reading(2)], next: "m" });
      },
    });
    await store.ask({ kind: "call" });
    await store.more();
    expect([store.reads.value?.map((r) => r.n), store.next.value]).toEqual([[2, 1], ""]);
    await store.ask({});
    expect([store.reads.value?.length, asked]).toEqual([1, ["call/", "call/m", "/"]]);
  });

  it("shows the answer to the last question, not the last answer", async () => {
    const waiting: ((v: { reads: readonly Reading[] }) => void)[] = [];
    const store = new AuditStore({ verifyAudit: nothing, audit: () => new Promise((done) => waiting.push(done)) });
    const both = [store.ask({ kind: "call" }), store.ask({ kind: "live" })];
    waiting[1]?.({ reads: [reading(2)] });
    waiting[0]?.({ reads: [reading(1)] });
    await Promise.all(both);
    expect(store.reads.value?.map((r) => r.n)).toEqual([2]);
  });
});

describe("retention", () => {
  it("is set only after a look at what it deletes", async () => {
    const asked: string[] = [];
    const rules = [{ class: "recordings", days: 365, by: "Dana", at: "" }, { class: "recordings", days: 30, by: "Dana", at: "" }];
    const state = { least: 7, most: 3650, rules, holds: [], lifted: [], deleted: [] };
    const store = new RetentionStore({
      retention: () => Promise.resolve(state), addHold: nothing, liftHold: nothing,
      previewRetention: (of, days) => (asked.push(`look ${of} ${days}`), Promise.resolve({ calls: 4, recordings: 3 })),
      setRetention: (of, days) => (asked.push(`set ${of} ${days}`), Promise.resolve(state)),
    });
    await store.set();
    await store.preview("recordings", 90);
    expect([store.look.value, store.days("recordings"), store.days("transcripts")]).toEqual([{ of: "recordings", days: 90, calls: 4, recordings: 3 }, 365, 0]);
    await store.set();
    await store.preview("transcripts", 0);
    expect(store.look.value?.calls).toBe(0);
    expect(asked).toEqual(["look recordings 90", "set recordings 90"]);
  });
});

describe("a hold", () => {
  it("is laid once, also when what is held cannot be read afterwards", async () => {
    const asked: string[] = [];
    const hold = { id: "h1", why: "case", by: "", at: "" };
    const store = new RetentionStore({
      retention: () => Promise.reject(new Problem(0, "Heed did not answer", "")), previewRetention: nothing, setRetention: nothing, liftHold: nothing,
      addHold: (of) => (asked.push(of.call_id ?? ""), Promise.resolve(hold)),
    });
    expect(await store.hold({ call_id: "c1", why: "case" })).toBe(true);
    expect([asked, store.problem.value?.message]).toEqual([["c1"], "Heed did not answer"]);
    const refused = new RetentionStore({ retention: nothing, previewRetention: nothing, setRetention: nothing, liftHold: nothing, addHold: () => Promise.reject(new Problem(404, "Not found", "")) });
    expect(await refused.hold({ call_id: "c1", why: "case" })).toBe(false);
  });
  it("whose answer was lost is the same one when it is sent again, and another one when it was changed", async () => {
    const keys: string[] = [];
    let answers = 0;
    const store = new RetentionStore({
      retention: nothing, previewRetention: nothing, setRetention: nothing, liftHold: nothing,
      addHold: (_of, k) => (keys.push(k), ++answers > 1 ? Promise.resolve({ id: "h1", why: "", by: "", at: "" }) : Promise.reject(new Problem(0, "No answer", ""))),
    });
    for (const why of ["case", "case", "case", "another"]) await store.hold({ call_id: "c1", why });
    const [lost, again, next, other] = keys;
    expect([again === lost, new Set([lost, next, other]).size]).toEqual([true, 3]);
  });
});

describe("a test call", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is followed until it is over", async () => {
    const test = (state: TestCall["state"]): TestCall => ({ platform: "twilio", by: "", began_at: "", state, sent: 1, of: 20, streams: 1, faults: 0, told: {}, parties: [], words: [] });
    let asked = 0;
    const store = new PlatformStore({
      platforms: () => Promise.resolve({ platforms: [] }), platformGuide: nothing, stopTestCall: nothing, makeTestCall: () => Promise.resolve({ test: test("playing") }),
      testCall: () => Promise.resolve({ test: test(++asked < 3 ? "playing" : "done") }),
    });
    await store.make("twilio");
    await vi.advanceTimersByTimeAsync(5000);
    expect([store.test.value?.state, asked]).toEqual(["done", 3]);
    store.close();
  });
});

describe("a page on a platform", () => {
  it("is read into pieces, and stays text", () => {
    const page = "# Twilio\n\n1. Paste *this*\n   there: `x`\n2. See [that](that.md)\n\n```xml\n<a>\n\n  <b/>\n```\nWords <img src=x>\ngo on\n\n| with | do |\n| --- | --- |\n| 403 | look |\n";
    expect(pieces(page)).toEqual([
      { kind: "heading", text: "Twilio" }, { kind: "item", text: "Paste this there: x" }, { kind: "item", text: "See that" },
      { kind: "code", text: "<a>\n\n  <b/>" }, { kind: "text", text: "Words <img src=x> go on" }, { kind: "item", text: "with: do" }, { kind: "item", text: "403: look" },
    ]);
  });
});
