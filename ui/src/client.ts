// The one door to the server: nothing else in the app calls fetch. Requests
// and answers have the types of the API's own description (schema.ts).

import { signal } from "@preact/signals";
import createClient from "openapi-fetch";
import { t } from "./lang";
import type { components, paths } from "./schema";

/** What the server says when it refuses: RFC 9457, with our field errors. */
export class Problem extends Error {
  override name = "Problem";
  constructor(
    /** HTTP status, or 0 when the server was not reached. */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly errors: readonly { location?: string; message: string; value?: unknown }[] = [],
  ) {
    super(detail || title);
  }
}

/** True from the first 401 until somebody signs in. */
export const signedOut = signal(false);

/** Milliseconds to add to this machine's clock to get the server's. */
export const skew = signal(0);

async function problem(res: Response): Promise<Problem> {
  const text = await res.text().catch(() => "");
  try {
    const p = JSON.parse(text) as { title?: string; detail?: string; errors?: { message: string }[] | null };
    return new Problem(res.status, p.title ?? res.statusText, p.detail ?? "", p.errors ?? []);
  } catch {
    return new Problem(res.status, res.statusText || `Status ${res.status}`, "");
  }
}

/** Takes the time that the server says it is: this machine's clock may be wrong. */
export function setSkew(time: string): void {
  const said = Date.parse(time);
  if (Number.isNaN(said)) return;
  // A header has whole seconds: less than two apart is no difference.
  const apart = said - Date.now();
  skew.value = Math.abs(apart) < 2000 ? 0 : apart;
}

/** Gives an answer that is no refusal, and throws a Problem for one. */
export async function reach(req: Request, end: boolean): Promise<Response> {
  let res: Response;
  try {
    res = await fetch(req);
  } catch (err) {
    if (err instanceof DOMException && err.name === "AbortError") throw err;
    throw new Problem(0, t().common.notReached, t().common.notReachedHow);
  }
  setSkew(res.headers.get("Date") ?? "");
  if (res.status === 401 && end) signedOut.value = true;
  if (!res.ok) throw await problem(res);
  return res;
}

interface Whip {
  url: string;
  method: string;
  token: string;
  body?: string;
  type?: string;
  etag?: string;
}

/** A session over WHIP is another conversation: by its token, and not in JSON. */
export async function whip(o: Whip): Promise<Response> {
  const res = await fetch(o.url, {
    method: o.method, keepalive: o.method === "DELETE", ...(o.body === undefined ? {} : { body: o.body }),
    headers: { Authorization: `Bearer ${o.token}`, ...(o.type ? { "Content-Type": o.type } : {}), ...(o.etag ? { "If-Match": o.etag } : {}) },
  });
  if (!res.ok) throw await problem(res);
  return res;
}

/** For what asks whether somebody is signed in: a 401 is an answer there, not the end of the session. */
export const probe = { fetch: (req: Request) => reach(req, false) };

/** The API by method and path. */
export const server = createClient<paths>({
  querySerializer: (q) => query(q).slice(1),
  credentials: "same-origin", headers: { Accept: "application/json" }, fetch: (req) => reach(req, true),
});

/** A view with each word of a fixed set as any text: the API does not list all sets of words. */
export type Wide<T> = T extends string ? string : T extends readonly (infer E)[] ? readonly Wide<E>[] : T extends Readonly<Record<string, unknown>> ? (string extends keyof T ? (unknown extends T[string] ? unknown : { [K in keyof T]: Wide<T[K]> }) : { [K in keyof T]: Wide<T[K]> }) : T extends object ? { [K in keyof T]: Wide<T[K]> } : T;

/** What was answered, as a view that has to be one of it. A refusal was thrown before. */
export async function got<View>(asked: Promise<{ data?: Wide<View> }>): Promise<View> {
  return (await asked).data as View;
}

/** Query string of what is set; "" when nothing is. A list stands in one value, with commas. */
export function query(values: Readonly<Record<string, unknown>>): string {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(values)) {
    const text = v === undefined || v === null ? "" : String(v as string);
    if (text !== "") q.set(k, text);
  }
  const s = q.toString();
  return s === "" ? "" : `?${s}`;
}

/** What went wrong, as screens show it: with a title where it is no refusal of the server. */
export function asProblem(err: unknown, title: string): Problem {
  return err instanceof Problem ? err : new Problem(0, title, String(err));
}

/** The shapes of the API by their names. */
export type Schemas = components["schemas"];

/** What may be asked of a route, in its address. */
export type Asks<P extends keyof paths, M extends "get" | "post" | "delete"> = paths[P][M] extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never;

/** What a route takes. */
export type Takes<P extends keyof paths, M extends "post" | "put" | "patch"> = paths[P][M] extends { requestBody: { content: { "application/json": infer B } } } ? B : never;

/** A key of a write. randomUUID is there on HTTPS and on localhost only. */
export function freshKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

/**
 * Keys of writes of one form: what is sent again unchanged, because the answer
 * to it was lost, has the key that it had, so that it counts once.
 */
export class FormKey {
  private sent = "";
  private key = "";

  of(body: unknown): string {
    const now = JSON.stringify(body);
    if (now !== this.sent) {
      this.sent = now;
      this.key = freshKey();
    }
    return this.key;
  }

  /** All is done: the same once more is another one. */
  done(): void {
    this.sent = "";
  }
}

export const key = (k: string): { header: { "Idempotency-Key": string } } => ({ header: { "Idempotency-Key": k } });
export const id = (of: string): { path: { id: string } } => ({ path: { id: of } });
/** Words from outside, such as a purpose of the ledger, as the API lists them: it refuses those that it does not have. */
export const listed = <T>(of: Wide<T>): T => of as T;
export const stopped = (stop: AbortSignal | undefined): { signal?: AbortSignal } => (stop ? { signal: stop } : {});
