import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, Problem, query, signedOut, skew } from "./api";

const fetched = vi.fn();

function reply(status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  fetched.mockResolvedValueOnce(new Response(status === 204 ? null : text, { status, headers }));
}

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
  signedOut.value = false;
});
afterEach(() => vi.unstubAllGlobals());

const caught = async (p: Promise<unknown>): Promise<Problem> => {
  const err = await p.catch((e: unknown) => e);
  if (!(err instanceof Problem)) throw new Error("want a Problem");
  return err;
};

describe("the client", () => {
  it("reads problem details with the place of the error", async () => {
    reply(400, { title: "Bad Request", status: 400, detail: "the query does not parse", errors: [{ location: "query.q:3", message: "want a word" }] });
    const p = await caught(api.search({ q: "x" }));
    expect([p.status, p.message, p.errors[0]?.location]).toEqual([400, "the query does not parse", "query.q:3"]);
  });

  it("says so when the answer is no problem document, or there is none", async () => {
    reply(502, "<html>bad gateway");
    expect((await caught(api.status())).status).toBe(502);
    fetched.mockRejectedValueOnce(new TypeError("failed"));
    const p = await caught(api.status());
    expect([p.status, p.title]).toEqual([0, "Heed did not answer"]);
  });

  it("ends the session on a refusal, but not by asking who is there", async () => {
    reply(401, {});
    await caught(api.me());
    expect(signedOut.value).toBe(false);
    reply(401, {});
    await caught(api.status());
    expect(signedOut.value).toBe(true);
  });

  it("sends an answer with one key in header and body", async () => {
    reply(201, { id: "o" });
    await api.answer({ decision: "d", action: "a", outcome: "later", key: "k" });
    const [asked] = fetched.mock.calls[0] as [Request];
    expect([asked.method, new URL(asked.url).pathname, asked.keepalive]).toEqual(["POST", "/v1/outcomes", true]);
    expect(asked.headers.get("Idempotency-Key")).toBe("k");
    expect(await asked.json()).toEqual({ decision_id: "d", action: "a", outcome: "later", channel: "agent", idempotency_key: "k" });
  });

  it("reads an empty answer and keeps the server's clock", async () => {
    reply(204, "", { Date: new Date(Date.now() + 90_000).toUTCString() });
    await expect(api.signOut()).resolves.toBeUndefined();
    expect(skew.value).toBeGreaterThan(80_000);
    reply(204, "", { Date: new Date().toUTCString() });
    await api.signOut();
    expect(skew.value).toBe(0);
  });

  it("writes only what is set into the query", () => {
    expect(query({ a: "x y", b: "", c: undefined, d: 0 })).toBe("?a=x+y&d=0");
    expect(query({ list: ["a", "b"], none: [] })).toBe("?list=a%2Cb");
    expect(query({})).toBe("");
  });

  it("asks with names that are data in the address", async () => {
    reply(200, { utterances: null });
    await api.past("a/b?c", { purpose: "marketing", channel: "sms", valid: "2026-01-01T00:00:00Z" });
    reply(200, { hits: null });
    await api.search({ q: "a & b", after: "", facets: "speaker,intent" });
    const [past, search] = fetched.mock.calls.map(([asked]) => new URL((asked as Request).url));
    expect(past?.pathname).toBe("/v1/customers/a%2Fb%3Fc/consent/at");
    expect(Object.fromEntries(search?.searchParams ?? [])).toEqual({ q: "a & b", facets: "speaker,intent" });
  });

  it("sends a file as it is", async () => {
    reply(200, { rows: 1 });
    await api.addSpend(new Blob(["date,cost"]), true);
    const [asked] = fetched.mock.calls[0] as [Request];
    expect([asked.headers.get("Content-Type"), new URL(asked.url).search, await asked.text()]).toEqual(["text/csv", "?dry_run=true", "date,cost"]);
  });
});
