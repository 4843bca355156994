import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Problem } from "../api";
import type { CallPage } from "../wire";
import { callIn, TrialStore } from "./trial-store";
import type { EngineTrial } from "./wire";

const trial = (o: Partial<EngineTrial> = {}): EngineTrial => ({ id: "t1", call_id: "c1", engines: ["a", "b"], by: "", began_at: "", state: "running", share: 0, ...o });
const choices = [{ name: "a", loaded: true }, { name: "b", loaded: true }, { name: "c", loaded: false }];
const nothing = (): never => {
  throw new Error("not asked for here");
};

function bench(states: readonly EngineTrial["state"][]) {
  const asked: string[] = [];
  let looks = 0;
  const api = {
    calls: () => Promise.resolve({ calls: [] } as unknown as CallPage),
    engineTrials: () => Promise.resolve({ choices, trials: [] as EngineTrial[] }),
    engineTrial: (id: string) => (asked.push(`look ${id}`), Promise.resolve(trial({ state: states[looks++] ?? "done" }))),
    startTrial: (o: { call_id: string; engines: readonly string[] }) => (asked.push(`start ${o.call_id} ${o.engines.join()}`), Promise.resolve(trial())),
    startFileTrial: (f: File, engines: readonly string[]) => (asked.push(`file ${f.name} ${engines.join()}`), Promise.resolve(trial())),
    cancelTrial: (id: string) => Promise.resolve(void asked.push(`drop ${id}`)),
  };
  return { api, asked };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("is followed until it is over, and the recording is the call's that was pasted", async () => {
  const { api, asked } = bench(["running", "running", "done"]);
  const store = new TrialStore(api);
  await store.start("https://heed.example.com/calls/c1?t=4.0");
  expect([store.first.value, store.second.value, store.ready()]).toEqual(["a", "b", true]);
  await store.begin();
  expect([store.shown.value?.state, store.ready()]).toEqual(["running", false]);
  await vi.advanceTimersByTimeAsync(5000);
  expect([store.shown.value?.state, asked]).toEqual(["done", ["start c1 a,b", "look t1", "look t1", "look t1"]]);
  store.close();
});

it("is not begun with the same engine twice or without a recording; a file goes before a call", async () => {
  const { api, asked } = bench([]);
  const store = new TrialStore(api);
  await store.start();
  expect(store.ready()).toBe(false);
  store.call.value = "c1";
  store.second.value = "a";
  expect(store.ready()).toBe(false);
  store.second.value = "c";
  store.file.value = new File(["RIFF"], "x.wav");
  expect(store.ready()).toBe(true);
  await store.begin();
  expect(asked).toEqual(["file x.wav a,c"]);
  store.close();
});

it("goes on looking after a lost connection, and says why one was refused", async () => {
  const { api } = bench(["running"]);
  let lost = 1;
  const store = new TrialStore({ ...api, engineTrial: (id) => (lost-- > 0 ? Promise.reject(new Problem(0, "Heed did not answer", "")) : Promise.resolve(trial({ id, state: "done" }))) });
  await store.start("c1");
  await store.begin();
  await vi.advanceTimersByTimeAsync(2000);
  expect([store.shown.value?.state, store.problem.value]).toEqual(["done", undefined]);
  const refused = new TrialStore({ ...api, startTrial: () => Promise.reject(new Problem(409, "Conflict", "wait")), engineTrial: nothing });
  await refused.start("c1");
  await refused.begin();
  expect([refused.problem.value?.detail, refused.shown.value]).toEqual(["wait", undefined]);
  store.close();
  refused.close();
});

it("holds nothing up while it is followed, and what was opened meanwhile stays", async () => {
  const { api } = bench([]);
  const answers: ((t: EngineTrial) => void)[] = [];
  const store = new TrialStore({ ...api, engineTrial: (id) => (id === "t2" ? Promise.resolve(trial({ id, state: "done" })) : new Promise((done) => answers.push(done))) });
  await store.start("c1");
  await store.begin();
  await vi.advanceTimersByTimeAsync(600);
  expect([answers.length, store.busy.value]).toEqual([1, false]);
  await store.open("t2");
  answers[0]?.(trial({ state: "running" }));
  await vi.advanceTimersByTimeAsync(2000);
  expect([store.shown.value?.id, answers.length]).toEqual(["t2", 1]);
  store.close();
});

it("is cancelled, and forgotten when it is over", async () => {
  const { api, asked } = bench(["stopped"]);
  const store = new TrialStore(api);
  await store.start("c1");
  await store.begin();
  await store.drop(trial());
  expect(store.shown.value?.state).toBe("stopped");
  await store.drop(trial({ state: "stopped" }));
  expect([store.shown.value, asked]).toEqual([undefined, ["start c1 a,b", "drop t1", "look t1", "drop t1"]]);
  store.close();
});

it("knows a call by its id or the address of its page, and nothing else", () => {
  expect([" c-1 ", "http://x/desk/c2", "/calls/c3?t=1", "https://x/customers/c4", "a b", ""].map(callIn)).toEqual(["c-1", "c2", "c3", "", "", ""]);
});
