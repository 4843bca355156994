import { afterEach, describe, expect, it, vi } from "vitest";
import { api, Problem, signedOut } from "../api";
import { learnMe, me, signedIn } from "../session";
import { because, refused, said } from "./problems";
import { Account, device, regret } from "./store";
import { bytesOf, textOf } from "./webauthn";
import type { Passkey } from "./wire";

const key = (id: string, at: string): Passkey => ({ id, name: id, created_at: at });

function rig(keys: readonly Passkey[] = []) {
  const asked: string[] = [];
  const needs = {
    me: () => Promise.resolve({ user: { id: "u1", name: "Ann", role: "agent" } }),
    passkeys: () => Promise.resolve({ passkeys: keys }),
    sessions: () => Promise.resolve({ sessions: null }),
    renameMe: (name: string) => (name === "" ? Promise.reject(new Problem(422, "x", "y", [{ message: "z", value: "name" }])) : Promise.resolve({ name })),
    setPassword: () => Promise.resolve(),
    beginPasskey: () => Promise.resolve({ state: "s", options: {} }),
    addPasskey: () => Promise.resolve(key("new", "2026-03-03")),
    namePasskey: () => Promise.resolve(),
    dropPasskey: (id: string, present = "") => {
      asked.push(`drop ${id}${present && ` with ${present}`}`);
      return id === "stuck" ? Promise.reject(new Problem(409, "x", "only one", [{ message: "z", value: "only" }])) : Promise.resolve();
    },
    endSession: () => Promise.resolve(),
    endSessions: () => Promise.resolve({ ended: 2 }),
  };
  return { account: new Account(needs, () => Promise.resolve({})), asked };
}

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  me.value = undefined;
  signedOut.value = false;
});

describe("one's own account", () => {
  it("says a refusal where it was asked for, in the reader's words", async () => {
    const { account } = rig();
    expect(await account.rename("")).toBe(false);
    expect(account.problem.value?.part).toBe("name");
    expect(account.problem.value?.of.detail).toMatch(/1 to 80 characters/);
    expect(await account.rename("Ann")).toBe(true);
    expect(account.problem.value).toBeUndefined();
    expect(me.value).toMatchObject({ name: "Ann" });
  });

  it("removes a passkey when nobody regrets it, and not before", async () => {
    vi.useFakeTimers();
    const { account, asked } = rig([key("a", "2026-01-01"), key("b", "2026-02-02")]);
    await account.start();
    const [a] = account.passkeys.value ?? [];
    account.remove(a as Passkey);
    expect(account.passkeys.value?.map((k) => k.id)).toEqual(["b"]);
    account.takeBack();
    expect(account.passkeys.value?.map((k) => k.id)).toEqual(["a", "b"]);
    await vi.advanceTimersByTimeAsync(regret + 1);
    expect(asked).toEqual([]);
    account.remove(a as Passkey, "secret");
    await vi.advanceTimersByTimeAsync(regret + 1);
    expect(asked).toEqual(["drop a with secret"]);
    account.remove(key("b", "2026-02-02"));
    account.close();
    expect(asked).toEqual(["drop a with secret", "drop b"]);
  });

  it("brings back a passkey that the server keeps, and drops it when the page is left", async () => {
    const { account, asked } = rig([key("stuck", "2026-01-01")]);
    await account.start();
    account.remove(account.passkeys.value?.[0] as Passkey);
    account.close();
    await vi.waitFor(() => expect(account.passkeys.value?.map((k) => k.id)).toEqual(["stuck"]));
    expect(asked).toEqual(["drop stuck"]);
    expect(account.problem.value?.of.detail).toMatch(/only way/);
  });

  it("names browsers and systems in two words", () => {
    expect(device("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1")).toBe("Safari, iPhone");
    expect(device("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0")).toBe("Edge, Windows");
    expect(device("curl/8")).toBe("");
  });
});

describe("signing in", () => {
  it("says why it was refused, and for how long", () => {
    expect(refused(new Problem(401, "Unauthorized", "x")).detail).toMatch(/not right/);
    expect(refused(new Problem(429, "x", "too many tries: wait 8 seconds.")).detail).toMatch(/Wait 8 seconds/);
    expect(refused(new Problem(0, "Heed did not answer", "kept")).title).toBe("Heed did not answer");
    expect(said("boom", "That was not done")).toMatchObject({ title: "That was not done", detail: "boom" });
    expect(because(new Problem(422, "x", "y", [{ message: "z", value: "unheard of" }]))).toBeUndefined();
  });

  it("keeps the page for the same person and drops it for another", async () => {
    const reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);
    me.value = { id: "u1", name: "Ann", role: "agent" };
    signedOut.value = true;
    vi.spyOn(api, "me").mockResolvedValue({ user: { id: "u1", name: "Ann", role: "agent" } });
    await learnMe();
    signedOut.value = true;
    await signedIn();
    expect([signedOut.value, reload.mock.calls.length]).toEqual([false, 0]);
    vi.spyOn(api, "me").mockResolvedValue({ user: { id: "u1", name: "Ann", role: "viewer" } });
    await signedIn();
    expect(reload).toHaveBeenCalledOnce();
    // Also when the first one signed out before.
    me.value = null;
    vi.spyOn(api, "me").mockResolvedValue({ user: { id: "u2", name: "Bo", role: "viewer" } });
    await signedIn();
    expect(reload).toHaveBeenCalledTimes(2);
  });

  it("reads and writes the bytes of passkeys", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const text = textOf(bytes.buffer) ?? "";
    expect(text).not.toMatch(/[+/=]/);
    expect([...bytesOf(text)]).toEqual([...bytes]);
    expect(textOf(null)).toBeUndefined();
  });
});
