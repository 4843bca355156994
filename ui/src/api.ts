// The one door to the server. Nothing else in the app calls fetch.

import { signal } from "@preact/signals";
import type { Proposal } from "./wire-outcome";
import type { AgePreview, ApiKey, Audited, Chain, KeyList, LegalHold, NewKey, Platform, ReadingPage, Retention, TestCall } from "./admin/wire";
import type { ConsentRow, Erasure, Knows, LedgerPage, NewRow, Past, Standing, Wish, Wordings } from "./privacy/wire";
import type { Conversions, Results, Upload, Wanted } from "./campaigns/wire";
import type { Callers, CustomerPage, Elsewhere, KnownIdentifier, Merge, Review, ReviewPage, TimelinePage } from "./customer/wire";
import type { Completed, SearchPage } from "./search/wire";
import type { Alert, Rule, RulePreview, SavedSearch, Subscription, Way } from "./search/saved-wire";
import type { Counters, ThemeDefinition, ThemeDetail, ThemeList, ThemePoint, ThemePreview, ThemeStep } from "./themes/wire";
import type { Counterfactuals } from "./wire-changes";
import type {
  Answer, CallDetail, CallPage, Correction, Customer, Outcome, Peaks, Status, User
} from "./wire";
import type { RecordOrder } from "./wire-recording";

/** What the server says when it refuses: RFC 9457, with our field errors. */
export class Problem extends Error {
  override name = "Problem";
  constructor(
    /** HTTP status, or 0 when the server was not reached. */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly errors: readonly { location?: string; message: string }[] = [],
  ) {
    super(detail || title);
  }
}

/** True from the first 401 until somebody signs in. */
export const signedOut = signal(false);

/** Milliseconds to add to this machine's clock to get the server's. */
export const skew = signal(0);

interface Ask {
  method?: string;
  body?: unknown;
  /** Sent as it is, in place of a body of JSON. */
  file?: Blob;
  key?: string;
  signal?: AbortSignal;
  /** A 401 is an answer here, not the end of the session. */
  probe?: boolean;
  /** Goes on when the page is left. */
  lasting?: boolean;
}

function options(how: Ask): RequestInit {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (how.body !== undefined) headers["Content-Type"] = "application/json";
  if (how.file) headers["Content-Type"] = "text/csv";
  if (how.key) headers["Idempotency-Key"] = how.key;
  return {
    method: how.method ?? "GET",
    headers,
    credentials: "same-origin",
    ...(how.body === undefined ? {} : { body: JSON.stringify(how.body) }),
    ...(how.file ? { body: how.file } : {}),
    ...(how.lasting ? { keepalive: true } : {}),
    ...(how.signal ? { signal: how.signal } : {}),
  };
}

async function problem(res: Response): Promise<Problem> {
  const text = await res.text().catch(() => "");
  try {
    const p = JSON.parse(text) as { title?: string; detail?: string; errors?: { message: string }[] | null };
    return new Problem(res.status, p.title ?? res.statusText, p.detail ?? "", p.errors ?? []);
  } catch {
    return new Problem(res.status, res.statusText || `Status ${res.status}`, "");
  }
}

function setSkew(res: Response): void {
  const said = Date.parse(res.headers.get("Date") ?? "");
  if (Number.isNaN(said)) return;
  // The header has whole seconds: less than two apart is no difference.
  const apart = said - Date.now();
  skew.value = Math.abs(apart) < 2000 ? 0 : apart;
}

async function ask<T>(path: string, how: Ask = {}): Promise<T> {
  const res = await reach(path, how);
  return res.status === 204 ? (undefined as T) : ((await res.json()) as T);
}

/** Gives an answer that is no refusal. */
async function reach(path: string, how: Ask): Promise<Response> {
  let res: Response;
  try {
    res = await fetch(path, options(how));
  } catch (err) {
    if (err instanceof DOMException && err.name === "AbortError") throw err;
    throw new Problem(0, "Heed did not answer", "The server cannot be reached. What you see is kept; it is tried again.");
  }
  setSkew(res);
  if (res.status === 401 && !how.probe) signedOut.value = true;
  if (!res.ok) throw await problem(res);
  return res;
}

/** Query string of what is set; "" when nothing is. */
export function query(values: Record<string, string | number | undefined>): string {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(values)) {
    if (v !== undefined && v !== "") q.set(k, String(v));
  }
  const s = q.toString();
  return s === "" ? "" : `?${s}`;
}

const correction = (id: string, utterance: string): string =>
  `${call(id)}/utterances/${encodeURIComponent(utterance)}/correction`;
const ledger = (customer: string): string => `/v1/customers/${encodeURIComponent(customer)}/consent`;
const saved = (id: string): string => `/v1/searches/${encodeURIComponent(id)}`;
const apiKey = (id: string): string => `/v1/keys/${encodeURIComponent(id)}`;
const subscription = (id: string): string => `/v1/subscriptions/${encodeURIComponent(id)}`;
const theme = (id: string): string => `/v1/themes/${encodeURIComponent(id)}`;
const person = (id: string): string => `/v1/customers/${encodeURIComponent(id)}`;
const call = (id: string): string => `/v1/calls/${encodeURIComponent(id)}`;

/** What is to become of a theme; what is left out stays. */
export interface ThemeEdit {
  title?: string;
  state?: "active" | "hidden" | "deleted";
  into?: string;
}

export const api = {
  me: () => ask<{ user: User }>("/v1/me", { probe: true }),
  signIn: (token: string) => ask<void>("/v1/session", { method: "POST", body: { token }, probe: true }),
  signOut: () => ask<void>("/v1/session", { method: "DELETE", probe: true }),
  status: () => ask<Status>("/v1/status"),
  calls: (o: { status?: string; customer?: string; limit?: number; after?: string }) =>
    ask<CallPage>(`/v1/calls${query(o)}`),
  call: (id: string) => ask<CallDetail>(call(id)),
  customer: (id: string) => ask<Customer>(`/v1/customers/${encodeURIComponent(id)}`),
  customers: (o: { q?: string; limit?: number; after?: string }) => ask<CustomerPage>(`/v1/customers${query(o)}`),
  identifiers: (id: string) => ask<{ identifiers: readonly KnownIdentifier[] | null }>(`${person(id)}/identifiers`),
  merges: (id: string) => ask<{ merges: readonly Merge[] | null }>(`${person(id)}/merges`),
  timeline: (id: string, o: { types?: string; after?: string; limit?: number }) =>
    ask<TimelinePage>(`${person(id)}/timeline${query(o)}`),
  reviews: (o: { state?: string; customer?: string }) => ask<ReviewPage>(`/v1/reviews${query(o)}`),
  // Doing one of these again changes nothing more: they need no key.
  merge: (id: string, other: string) => ask<Merge>(`${person(id)}/merges`, { method: "POST", body: { with: other } }),
  unmerge: (id: string) => ask<Merge>(`/v1/merges/${encodeURIComponent(id)}/undo`, { method: "POST" }),
  review: (id: string, accept: boolean) =>
    ask<Review>(`/v1/reviews/${encodeURIComponent(id)}`, { method: "POST", body: { accept } }),
  callers: (id: string) => ask<Callers>(`${call(id)}/callers`),
  moveCall: (id: string, to: Elsewhere) => ask<unknown>(`${call(id)}/caller/move`, { method: "POST", body: { ...to } }),
  confirmCaller: (id: string) => ask<unknown>(`${call(id)}/caller`, { method: "POST" }),
  peaks: (id: string) => ask<Peaks>(`${call(id)}/peaks`),
  recording: (id: string) => `${call(id)}/recording`,
  // Each order sets a state: to send it again needs no key.
  record: (id: string, action: RecordOrder) => ask<{ done: boolean }>(`${call(id)}/recording`, { method: "POST", body: { action } }),
  // Both set a state: to send them again needs no key.
  correct: (o: { call: string; utterance: string; text: string }) =>
    ask<Correction>(correction(o.call, o.utterance), { method: "PUT", body: { text: o.text } }),
  uncorrect: (o: { call: string; utterance: string }) =>
    ask<void>(correction(o.call, o.utterance), { method: "DELETE" }),
  callEvents: (id: string, after: number) => `${call(id)}/events${query({ after })}`,
  allEvents: (types: readonly string[]) => `/v1/events${query({ types: types.join(",") })}`,
  search: (o: { q: string; sort?: string; like?: string; facets?: string; limit?: number; after?: string }, stop?: AbortSignal) =>
    ask<SearchPage>(`/v1/search${query(o)}`, stop ? { signal: stop } : {}),
  /** What may stand at a byte of a query. */
  complete: (q: string, at: number, stop?: AbortSignal) => ask<Completed>(`/v1/search/complete${query({ q, at })}`, stop ? { signal: stop } : {}),
  exportSearch: (o: { q: string; sort?: string; like?: string; format: string; bom?: string }) => `/v1/search/export${query(o)}`,
  subtitles: (id: string, o: { format: string; from?: number; to?: number }) => `${call(id)}/subtitles${query(o)}`,
  clip: (id: string, o: { from: number; to: number; format: string; channel: string }) => `${call(id)}/clip${query(o)}`,
  savedSearches: () => ask<{ searches: readonly SavedSearch[] | null }>("/v1/searches?counts=true&limit=50"),
  savedSearch: (id: string) => ask<SavedSearch>(saved(id)),
  saveSearch: ({ key, ...body }: { name: string; query: string; sort: string; shared: boolean; key: string }) =>
    ask<SavedSearch>("/v1/searches", { method: "POST", key, body }),
  // Each sets a state: to send it again needs no key.
  deleteSearch: (id: string) => ask<void>(saved(id), { method: "DELETE" }),
  restoreSearch: (id: string) => ask<SavedSearch>(`${saved(id)}/restore`, { method: "POST" }),
  subscriptions: () => ask<{ subscriptions: readonly Subscription[] | null }>("/v1/subscriptions"),
  subscribe: (body: Rule & Way & { search_id?: string; theme_id?: string }, key: string) =>
    ask<Subscription>("/v1/subscriptions", { method: "POST", key, body }),
  previewRule: (body: Rule & { query: string }) => ask<RulePreview>("/v1/subscriptions/preview", { method: "POST", body }),
  setSubscription: (id: string, state: "active" | "paused") => ask<Subscription>(subscription(id), { method: "PATCH", body: { state } }),
  deleteSubscription: (id: string) => ask<void>(subscription(id), { method: "DELETE" }),
  subscriptionSecret: (id: string) => ask<{ secret: string }>(`${subscription(id)}/secret`, { method: "POST" }),
  alerts: () => ask<{ alerts: readonly Alert[] | null }>("/v1/alerts?limit=20"),
  attribution: (o: { from: string; to: string; by: string; model: string }) => ask<Results>(`/v1/attribution${query(o)}`),
  // To upload the same again changes nothing: it needs no key.
  addSpend: (file: Blob, dry: boolean) => ask<Upload>(`/v1/spend${query({ dry_run: dry ? "true" : "" })}`, { method: "POST", file }),
  conversions: async (o: Wanted & { from: string; to: string }): Promise<Conversions> => {
    const res = await reach(`/v1/conversions${query({ ...o })}`, {});
    const count = (name: string): number => Number(res.headers.get(`Heed-${name}`) ?? 0);
    return {
      text: await res.text(), rows: count("Conversions"), unwilling: count("Left-Out-Consent"),
      unknown: count("Left-Out-Unknown"), givenBack: count("Left-Out-Given-Back"),
    };
  },
  themes: (days: number, all = false) => ask<ThemeList>(`/v1/themes${query({ days, all: all ? "true" : "" })}`),
  theme: (id: string, after = "") => ask<ThemeDetail>(`${theme(id)}${query({ after, limit: 30 })}`),
  themeTrend: (id: string, bucket: ThemeStep) => ask<{ points: readonly ThemePoint[] | null }>(`${theme(id)}/trend${query({ bucket })}`),
  counters: (o: { kind: string; name: string; by: string; step: string; limit: number }) => ask<Counters>(`/v1/counters${query(o)}`),
  previewTheme: (definition: ThemeDefinition, stop?: AbortSignal) =>
    ask<ThemePreview>("/v1/themes/preview", { method: "POST", body: { definition }, ...(stop ? { signal: stop } : {}) }),
  defineTheme: (o: { title: string; definition: ThemeDefinition; key: string }) =>
    ask<ThemeDetail>("/v1/themes", { method: "POST", key: o.key, body: { title: o.title, definition: o.definition } }),
  // Each sets a state: to send it again needs no key.
  changeTheme: (id: string, body: ThemeEdit) => ask<ThemeDetail>(theme(id), { method: "PATCH", body }),
  ledger: (customer: string, after = "") => ask<LedgerPage>(`${ledger(customer)}${query({ after, limit: 30 })}`),
  /** All cells: now, or at a moment and by what was known at another. */
  standings: (customer: string, at: { valid?: string; known?: string } = {}) =>
    ask<{ cells: readonly Standing[] | null }>(`${ledger(customer)}/now${query(at)}`),
  past: (customer: string, o: { purpose: string; channel: string; valid: string }) => ask<Past>(`${ledger(customer)}/at${query(o)}`),
  setConsent: (customer: string, body: NewRow, key: string) => ask<ConsentRow>(ledger(customer), { method: "POST", key, body }),
  undoConsent: (customer: string, row: string) => ask<ConsentRow>(`${ledger(customer)}/${encodeURIComponent(row)}/undo`, { method: "POST" }),
  knowers: (customer: string, row: string) =>
    ask<{ recipients: readonly Knows[] | null }>(`${ledger(customer)}/${encodeURIComponent(row)}/recipients`),
  receipt: (customer: string, format: "json" | "text") => `${ledger(customer)}/receipt${query({ format })}`,
  // A second wish gives the first one's certificate.
  erase: (customer: string) =>
    ask<Erasure>(`/v1/customers/${encodeURIComponent(customer)}/erase`, { method: "POST", body: { confirm: "erase" } }),
  certificate: (id: string) => `/v1/erasures/${encodeURIComponent(id)}/text`,
  sendDataLink: (customer: string, by: "email" | "phone", to: string) =>
    ask<{ sent: boolean; expires: string }>(`/v1/customers/${encodeURIComponent(customer)}/door-link`, { method: "POST", body: { by, to } }),
  wordings: () => ask<Wordings>("/v1/consent/wordings"),
  wishes: (id: string) => ask<{ wishes: readonly Wish[] | null }>(`${call(id)}/wishes`),
  // An answer that was given already is refused: to send it again does no harm.
  answerWish: (o: { customer: string; row: string; answer: "confirmed" | "misheard" }) =>
    ask<ConsentRow>(`${ledger(o.customer)}/${encodeURIComponent(o.row)}/answer`, { method: "POST", body: { answer: o.answer } }),
  // It sets a state: to send it again needs no key.
  mishear: (o: { call: string; proposal: string; misheard: boolean }) =>
    ask<Proposal>(`${call(o.call)}/proposals/${encodeURIComponent(o.proposal)}`, { method: "PUT", body: { misheard: o.misheard } }),
  /** What would have changed a decision; the server works up to 20 for it. */
  counterfactuals: async (decision: string): Promise<Counterfactuals> => {
    const e = await ask<{ auditor: { counterfactuals: Counterfactuals } }>(
      `/v1/decisions/${encodeURIComponent(decision)}?as=auditor&counterfactuals=true`);
    return e.auditor.counterfactuals;
  },
  keys: () => ask<KeyList>("/v1/keys"),
  newKey: (body: NewKey) => ask<ApiKey>("/v1/keys", { method: "POST", body }),
  rotateKey: (id: string, hours: number) => ask<ApiKey>(`${apiKey(id)}/rotate`, { method: "POST", body: { overlap_hours: hours } }),
  // Both set a state: to send them again needs no key.
  dropKey: (id: string) => ask<void>(apiKey(id), { method: "DELETE" }),
  restoreKey: (id: string) => ask<ApiKey>(`${apiKey(id)}/restore`, { method: "POST" }),
  audit: (o: Audited & { after?: string; limit?: number }) => ask<ReadingPage>(`/v1/audit${query({ ...o })}`),
  exportAudit: (o: Audited) => `/v1/audit/export${query({ ...o })}`,
  verifyAudit: () => ask<Chain>("/v1/audit/verify"),
  retention: () => ask<Retention>("/v1/retention"),
  // It sets a state: to send it again needs no key.
  setRetention: (of: string, days: number) => ask<Retention>(`/v1/retention/${of}`, { method: "PUT", body: { days } }),
  previewRetention: (of: string, days: number) => ask<AgePreview>(`/v1/retention/${of}/preview${query({ days })}`),
  addHold: (body: { customer_id?: string; call_id?: string; why: string }, key: string) => ask<LegalHold>("/v1/retention/holds", { method: "POST", key, body }),
  liftHold: (id: string) => ask<void>(`/v1/retention/holds/${encodeURIComponent(id)}`, { method: "DELETE" }),
  platforms: () => ask<{ platforms: readonly Platform[] }>("/v1/platforms"),
  platformGuide: (name: string) => ask<{ markdown: string }>(`/v1/platforms/${encodeURIComponent(name)}/guide`),
  makeTestCall: (name: string) => ask<{ test: TestCall }>(`/v1/platforms/${encodeURIComponent(name)}/test`, { method: "POST" }),
  testCall: () => ask<{ test?: TestCall }>("/v1/platforms/test"),
  stopTestCall: () => ask<void>("/v1/platforms/test", { method: "DELETE" }),
  answer: (o: { decision: string; action: string; outcome: Answer; key: string; heard?: string }) =>
    ask<Outcome>("/v1/outcomes", {
      method: "POST",
      key: o.key,
      lasting: true,
      body: {
        decision_id: o.decision, action: o.action, outcome: o.outcome, channel: "agent", idempotency_key: o.key,
        ...(o.heard ? { heard: o.heard } : {}),
      },
    }),
};

export type Api = typeof api;
