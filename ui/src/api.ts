// What the app asks of the server, by name. What sets a state needs no key: to
// send it again changes nothing more.

import { got, id, key, listed, probe, query, reach, server, stopped, whip, type Asks, type Schemas, type Takes, type Wide } from "./client";
import type { Counterfactuals } from "./wire-changes";
import type { Mute, PhoneTicket, WrapUp } from "./wire-desk";
import type { Proposal } from "./wire-outcome";
import type { ConsentRow, Erasure, Knows, LedgerPage, NewRow, Past, Standing, Wish, Wordings } from "./privacy/wire";
import type { Conversions, Results, Upload } from "./campaigns/wire";
import type { Comment, Rewording } from "./call/wire";
import type { Callers, CustomerPage, Explained, KnownIdentifier, Merge, Review, ReviewPage, TimelinePage } from "./customer/wire";
import type { Completed, SearchPage } from "./search/wire";
import type { Alert, RulePreview, SavedSearch, Subscription } from "./search/saved-wire";
import type { LiveAlert, LiveRule, RuleDraft, Team } from "./supervise/wire";
import type { Counters, CountersQuery, ThemeCall, ThemeDetail, ThemeList, ThemePoint, ThemePreview, ThemeStep } from "./themes/wire";
import type { AgePreview, ApiKey, Audited, Chain, EngineChoice, EngineTrial, KeyList, LegalHold, NewKey, Platform, ReadingPage, Retention, TestCall } from "./admin/wire";
import type { Ceremony, LoginLink, Passkey, Person, PersonEdit, Revision, Session, Ways } from "./account/wire";
import type {
  CallDetail, CallPage, Correction, Customer, Many, Outcome, Peaks, Status, User
} from "./wire";

export { asProblem, FormKey, freshKey, Problem, query, setSkew, signedOut, skew } from "./client";

const { GET, POST, PUT, PATCH, DELETE } = server;

/** What is to become of a theme; what is left out stays. */
export type ThemeEdit = Takes<"/v1/themes/{id}", "patch">;

// Addresses that the browser itself goes to.
const call = (of: string): string => `/v1/calls/${encodeURIComponent(of)}`;
const ledger = (customer: string): string => `/v1/customers/${encodeURIComponent(customer)}/consent`;

const session = {
  me: () => got<{ user: User }>(GET("/v1/me", probe)),
  /** How people can sign in here. */
  ways: () => got<Ways>(GET("/v1/session/ways", probe)),
  signIn: (token: string) => got<void>(POST("/v1/session", { body: { token }, ...probe })),
  signInPassword: (login: string, password: string) => got<void>(POST("/v1/session", { body: { login, password }, ...probe })),
  askPasskey: () => got<Ceremony>(POST("/v1/session/passkey/ask", probe)),
  signInPasskey: (state: string, answer: unknown) => got<void>(POST("/v1/session/passkey", { body: { state, answer }, ...probe })),
  oidcStart: (back: string) => `/v1/oidc/start${query({ back })}`,
  signOut: () => got<{ leave?: string }>(DELETE("/v1/session", probe)),
  status: () => got<Status>(GET("/v1/status")),
};

// All of one's own account set a state, or give a secret once.
const account = {
  renameMe: (name: string) => got<{ name: string }>(PATCH("/v1/me", { body: { name } })),
  setPassword: (body: Takes<"/v1/me/password", "put">) => got<void>(PUT("/v1/me/password", { body })),
  passkeys: () => got<{ passkeys: Many<Passkey> }>(GET("/v1/me/passkeys")),
  beginPasskey: (present?: string) => got<Ceremony>(POST("/v1/me/passkeys/ask", { body: present ? { present } : {} })),
  addPasskey: (body: Takes<"/v1/me/passkeys", "post">) => got<Passkey>(POST("/v1/me/passkeys", { body })),
  namePasskey: (of: string, name: string) => got<void>(PATCH("/v1/me/passkeys/{id}", { params: id(of), body: { name } })),
  dropPasskey: (of: string, present?: string) => got<void>(POST("/v1/me/passkeys/{id}/remove", { params: id(of), body: present ? { present } : {}, keepalive: true })),
  sessions: () => got<{ sessions: Many<Session> }>(GET("/v1/me/sessions")),
  endSession: (of: string) => got<void>(DELETE("/v1/me/sessions/{id}", { params: id(of) })),
  endSessions: () => got<{ ended: number }>(DELETE("/v1/me/sessions")),
};

const users = {
  users: (after: string) => got<{ users: Many<Person>; next?: string }>(GET("/v1/users", { params: { query: { limit: 500, ...(after ? { after } : {}) } } })),
  addUser: ({ key: k, ...body }: Wide<Takes<"/v1/users", "post">> & { key: string }) => got<Person>(POST("/v1/users", { params: key(k), body: listed<Takes<"/v1/users", "post">>(body) })),
  changeUser: (of: string, body: PersonEdit) => got<Person>(PATCH("/v1/users/{id}", { params: id(of), body: listed<Takes<"/v1/users/{id}", "patch">>(body) })),
  inviteUser: (of: string, reset: boolean) => got<LoginLink>(POST("/v1/users/{id}/link", { params: id(of), body: { reset } })),
  userHistory: (of: string) => got<{ revisions: Many<Revision> }>(GET("/v1/users/{id}/history", { params: id(of) })),
};

const administration = {
  keys: () => got<KeyList>(GET("/v1/keys")),
  newKey: (body: NewKey) => got<ApiKey>(POST("/v1/keys", { body: listed<Takes<"/v1/keys", "post">>(body) })),
  rotateKey: (of: string, hours: number) => got<ApiKey>(POST("/v1/keys/{id}/rotate", { params: id(of), body: { overlap_hours: hours } })),
  dropKey: (of: string) => got<void>(DELETE("/v1/keys/{id}", { params: id(of) })),
  restoreKey: (of: string) => got<ApiKey>(POST("/v1/keys/{id}/restore", { params: id(of) })),
  audit: (q: Audited & { after?: string; limit?: number }) => got<ReadingPage>(GET("/v1/audit", { params: { query: listed<Asks<"/v1/audit", "get">>(q) } })),
  exportAudit: (o: Audited) => `/v1/audit/export${query({ ...o })}`,
  verifyAudit: () => got<Chain>(GET("/v1/audit/verify")),
  retention: () => got<Retention>(GET("/v1/retention")),
  setRetention: (of: string, days: number) => got<Retention>(PUT("/v1/retention/{class}", { params: { path: { class: of as "recordings" } }, body: { days } })),
  previewRetention: (of: string, days: number) => got<AgePreview>(GET("/v1/retention/{class}/preview", { params: { path: { class: of as "recordings" }, query: { days } } })),
  addHold: (body: Takes<"/v1/retention/holds", "post">, k: string) => got<LegalHold>(POST("/v1/retention/holds", { params: key(k), body })),
  liftHold: (of: string) => got<void>(DELETE("/v1/retention/holds/{id}", { params: id(of) })),
  platforms: () => got<{ platforms: Many<Platform> }>(GET("/v1/platforms")),
  platformGuide: (name: string) => got<{ markdown: string }>(GET("/v1/platforms/{platform}/guide", { params: { path: { platform: name } } })),
  makeTestCall: (name: string) => got<{ test?: TestCall }>(POST("/v1/platforms/{platform}/test", { params: { path: { platform: name } } })),
  testCall: () => got<{ test?: TestCall }>(GET("/v1/platforms/test")),
  engineTrials: () => got<{ trials: Many<EngineTrial>; choices: Many<EngineChoice> }>(GET("/v1/engines/trials")),
  engineTrial: (of: string) => got<EngineTrial>(GET("/v1/engines/trials/{id}", { params: id(of) })),
  startTrial: (body: Takes<"/v1/engines/trials", "post">, k: string) => got<EngineTrial>(POST("/v1/engines/trials", { params: key(k), body })),
  startFileTrial: (file: File, [first, second]: readonly [string, string]) =>
    got<EngineTrial>(POST("/v1/engines/trials/file", { params: { query: { first, second, name: file.name.slice(0, 200) } }, body: file as never, headers: { "Content-Type": "audio/wav" }, bodySerializer: (b) => b as unknown as Blob })),
  cancelTrial: (of: string) => got<void>(DELETE("/v1/engines/trials/{id}", { params: id(of) })),
  stopTestCall: () => got<void>(DELETE("/v1/platforms/test")),
};

const calls = {
  calls: (q: Asks<"/v1/calls", "get">) => got<CallPage>(GET("/v1/calls", { params: { query: q } })),
  call: (of: string) => got<CallDetail>(GET("/v1/calls/{id}", { params: id(of) })),
  callers: (of: string) => got<Callers>(GET("/v1/calls/{id}/callers", { params: id(of) })),
  moveCall: (of: string, to: Takes<"/v1/calls/{id}/caller/move", "post">) => got<unknown>(POST("/v1/calls/{id}/caller/move", { params: id(of), body: to })),
  confirmCaller: (of: string) => got<unknown>(POST("/v1/calls/{id}/caller", { params: id(of) })),
  peaks: (of: string) => got<Peaks>(GET("/v1/calls/{id}/peaks", { params: id(of) })),
  recording: (of: string) => `${call(of)}/recording`,
  record: (of: string, action: Takes<"/v1/calls/{id}/recording", "post">["action"]) => got<{ done: boolean }>(POST("/v1/calls/{id}/recording", { params: id(of), body: { action } })),
  correct: (o: { call: string; utterance: string; text: string }) =>
    got<Correction>(PUT("/v1/calls/{id}/utterances/{utterance}/correction", { params: { path: { id: o.call, utterance: o.utterance } }, body: { text: o.text } })),
  uncorrect: (o: { call: string; utterance: string }) =>
    got<void>(DELETE("/v1/calls/{id}/utterances/{utterance}/correction", { params: { path: { id: o.call, utterance: o.utterance } } })),
  callEvents: (of: string, after: number) => `${call(of)}/events${query({ after })}`,
  allEvents: (types: readonly string[]) => `/v1/events${query({ types: types.join(",") })}`,
  subtitles: (of: string, o: { format: string; from?: number; to?: number }) => `${call(of)}/subtitles${query(o)}`,
  clip: (of: string, o: { from: number; to: number; format: string; channel: string }) => `${call(of)}/clip${query(o)}`,
  wishes: (of: string) => got<{ wishes: readonly Wish[] | null }>(GET("/v1/calls/{id}/wishes", { params: id(of) })),
  mishear: (o: { call: string; proposal: string; misheard: boolean }) =>
    got<Proposal>(PUT("/v1/calls/{id}/proposals/{proposal}", { params: { path: { id: o.call, proposal: o.proposal } }, body: { misheard: o.misheard } })),
};

const handling = {
  mute: (of: string, minutes: number) => got<Mute>(PUT("/v1/calls/{id}/mute", { params: id(of), body: minutes ? { minutes } : {} })),
  unmute: (of: string) => got<Mute>(DELETE("/v1/calls/{id}/mute", { params: id(of) })),
  wrapUp: (of: string, body: Wide<Takes<"/v1/calls/{id}/wrap-up", "put">>) => got<WrapUp>(PUT("/v1/calls/{id}/wrap-up", { params: id(of), body: listed<Takes<"/v1/calls/{id}/wrap-up", "put">>(body) })),
  /** A ticket for this person's own microphone. */
  phone: (body: Wide<Takes<"/v1/softphone", "post">>, k: string) => got<PhoneTicket>(POST("/v1/softphone", { params: key(k), body: listed<Takes<"/v1/softphone", "post">>(body) })),
  whip,
  playDemo: (k: string) => got<{ started: boolean }>(POST("/v1/demo/calls", { params: key(k) })),
};

const comments = {
  /** How an utterance came to read as it does. */
  rewordings: (o: { call: string; utterance: string }) =>
    got<{ rewordings: Many<Rewording> }>(GET("/v1/calls/{id}/utterances/{utterance}/corrections", { params: { path: { id: o.call, utterance: o.utterance } } })),
  comments: (of: string) => got<{ comments: Many<Comment> }>(GET("/v1/calls/{id}/comments", { params: id(of) })),
  addComment: (of: string, body: Takes<"/v1/calls/{id}/comments", "post">, k: string) => got<Comment>(POST("/v1/calls/{id}/comments", { params: { ...id(of), ...key(k) }, body })),
  editComment: (of: string, comment: string, text: string) => got<Comment>(PUT("/v1/calls/{id}/comments/{comment}", { params: { path: { id: of, comment } }, body: { text } })),
  removeComment: (of: string, comment: string) => got<void>(DELETE("/v1/calls/{id}/comments/{comment}", { params: { path: { id: of, comment } } })),
  restoreComment: (of: string, comment: string) => got<Comment>(POST("/v1/calls/{id}/comments/{comment}/restore", { params: { path: { id: of, comment } } })),
};

const customers = {
  customer: (of: string) => got<Customer>(GET("/v1/customers/{id}", { params: id(of) })),
  customers: (q: Asks<"/v1/customers", "get">) => got<CustomerPage>(GET("/v1/customers", { params: { query: q } })),
  identifiers: (of: string) => got<{ identifiers: readonly KnownIdentifier[] | null }>(GET("/v1/customers/{id}/identifiers", { params: id(of) })),
  merges: (of: string) => got<{ merges: readonly Merge[] | null }>(GET("/v1/customers/{id}/merges", { params: id(of) })),
  timeline: (of: string, { types, ...q }: Omit<Asks<"/v1/customers/{id}/timeline", "get">, "types"> & { types?: string }) => got<TimelinePage>(GET("/v1/customers/{id}/timeline", { params: { ...id(of), query: types ? { ...q, types: types.split(",") } : q } })),
  reviews: (q: Asks<"/v1/reviews", "get">) => got<ReviewPage>(GET("/v1/reviews", { params: { query: q } })),
  merge: (of: string, other: string) => got<Merge>(POST("/v1/customers/{id}/merges", { params: id(of), body: { with: other } })),
  unmerge: (of: string) => got<Merge>(POST("/v1/merges/{id}/undo", { params: id(of) })),
  review: (of: string, accept: boolean) => got<Review>(POST("/v1/reviews/{id}", { params: id(of), body: { accept } })),
  // A second wish gives the first one's certificate.
  erase: (of: string) => got<Erasure>(POST("/v1/customers/{id}/erase", { params: id(of), body: { confirm: "erase" } })),
  certificate: (of: string) => `/v1/erasures/${encodeURIComponent(of)}/text`,
  sendDataLink: (of: string, by: "email" | "phone", to: string) => got<{ sent: boolean; expires: string }>(POST("/v1/customers/{id}/door-link", { params: id(of), body: { by, to } })),
};

const searching = {
  search: ({ facets, ...q }: Wide<Omit<Asks<"/v1/search", "get">, "facets">> & { facets?: string }, stop?: AbortSignal) => got<SearchPage>(GET("/v1/search", { params: { query: { ...listed<Asks<"/v1/search", "get">>(q), ...(facets ? { facets: facets.split(",") } : {}) } }, ...stopped(stop) })),
  /** What may stand at a byte of a query. */
  complete: (q: string, at: number, stop?: AbortSignal) => got<Completed>(GET("/v1/search/complete", { params: { query: { q, at } }, ...stopped(stop) })),
  exportSearch: (o: { q: string; sort?: string; like?: string; format: string; bom?: string }) => `/v1/search/export${query(o)}`,
  savedSearches: () => got<{ searches: readonly SavedSearch[] | null }>(GET("/v1/searches", { params: { query: { counts: true, limit: 50 } } })),
  savedSearch: (of: string) => got<SavedSearch>(GET("/v1/searches/{id}", { params: id(of) })),
  saveSearch: ({ key: k, ...body }: Wide<Takes<"/v1/searches", "post">> & { key: string }) => got<SavedSearch>(POST("/v1/searches", { params: key(k), body: listed<Takes<"/v1/searches", "post">>(body) })),
  deleteSearch: (of: string) => got<void>(DELETE("/v1/searches/{id}", { params: id(of) })),
  restoreSearch: (of: string) => got<SavedSearch>(POST("/v1/searches/{id}/restore", { params: id(of) })),
  subscriptions: () => got<{ subscriptions: readonly Subscription[] | null }>(GET("/v1/subscriptions")),
  subscribe: (body: Takes<"/v1/subscriptions", "post">, k: string) => got<Subscription>(POST("/v1/subscriptions", { params: key(k), body })),
  previewRule: (body: Takes<"/v1/subscriptions/preview", "post">) => got<RulePreview>(POST("/v1/subscriptions/preview", { body })),
  setSubscription: (of: string, state: "active" | "paused") => got<Subscription>(PATCH("/v1/subscriptions/{id}", { params: id(of), body: { state } })),
  deleteSubscription: (of: string) => got<void>(DELETE("/v1/subscriptions/{id}", { params: id(of) })),
  subscriptionSecret: (of: string) => got<{ secret: string }>(POST("/v1/subscriptions/{id}/secret", { params: id(of) })),
  alerts: () => got<{ alerts: readonly Alert[] | null }>(GET("/v1/alerts", { params: { query: { limit: 20 } } })),
};

const marketing = {
  attribution: (q: Asks<"/v1/attribution", "get">) => got<Results>(GET("/v1/attribution", { params: { query: q } })),
  // To upload the same again changes nothing: it needs no key.
  addSpend: (file: Blob, dry: boolean) =>
    got<Upload>(POST("/v1/spend", { params: { query: dry ? { dry_run: true } : {} }, body: file as never, headers: { "Content-Type": "text/csv" }, bodySerializer: (b) => b as unknown as Blob })),
  /** Rows for an ad platform, and how many were left out why. */
  conversions: async (o: Asks<"/v1/conversions", "get">): Promise<Conversions> => {
    const res = await reach(new Request(`/v1/conversions${query({ ...o })}`), true);
    const count = (name: string): number => Number(res.headers.get(`Heed-${name}`) ?? 0);
    return {
      text: await res.text(), rows: count("Conversions"), unwilling: count("Left-Out-Consent"),
      unknown: count("Left-Out-Unknown"), givenBack: count("Left-Out-Given-Back"),
    };
  },
  themes: (days: number, all = false) => got<ThemeList>(GET("/v1/themes", { params: { query: all ? { days, all } : { days } } })),
  theme: (of: string, after = "", days = 28) => got<ThemeDetail>(GET("/v1/themes/{id}", { params: { ...id(of), query: { after, limit: 30, days } } })),
  themeTrend: (of: string, bucket: ThemeStep, from = "") => got<{ points: Many<ThemePoint> }>(GET("/v1/themes/{id}/trend", { params: { ...id(of), query: { bucket, from } } })),
  themeCalls: (of: string, after = "") => got<{ calls: Many<ThemeCall>; next?: string }>(GET("/v1/themes/{id}/calls", { params: { ...id(of), query: { after, limit: 30 } } })),
  counters: (q: CountersQuery) => got<Counters>(GET("/v1/counters", { params: { query: listed<Asks<"/v1/counters", "get">>(q) } })),
  previewTheme: (definition: Schemas["ThemesNewDefinition"], stop?: AbortSignal) => got<ThemePreview>(POST("/v1/themes/preview", { body: { definition }, ...stopped(stop) })),
  defineTheme: (o: { title: string; definition: Schemas["ThemesNewDefinition"]; key: string }) =>
    got<ThemeDetail>(POST("/v1/themes", { params: key(o.key), body: { title: o.title, definition: o.definition } })),
  changeTheme: (of: string, body: ThemeEdit) => got<ThemeDetail>(PATCH("/v1/themes/{id}", { params: id(of), body })),
};

const live = {
  liveEvents: (after: string, alerts: boolean) => `/v1/live/events${query({ after, alerts: alerts || undefined })}`,
  liveRules: () => got<{ rules: Many<LiveRule> }>(GET("/v1/live/rules")),
  makeLiveRule: (body: RuleDraft, k: string) => got<LiveRule>(POST("/v1/live/rules", { params: key(k), body: listed<Takes<"/v1/live/rules", "post">>(body) })),
  /** Puts a draft in the place of a rule as it was read: one that somebody changed since is refused. */
  changeLiveRule: (of: Pick<LiveRule, "id" | "changed_at">, body: RuleDraft) => got<LiveRule>(PUT("/v1/live/rules/{id}", { params: { ...id(of.id), query: { changed_at: of.changed_at } }, body: listed<Takes<"/v1/live/rules/{id}", "put">>(body) })),
  deleteLiveRule: (of: string) => got<void>(DELETE("/v1/live/rules/{id}", { params: id(of) })),
  restoreLiveRule: (of: string) => got<LiveRule>(POST("/v1/live/rules/{id}/restore", { params: id(of) })),
  liveRuleSecret: (of: string) => got<{ secret: string }>(POST("/v1/live/rules/{id}/secret", { params: id(of) })),
  ackAlert: (of: string) => got<LiveAlert>(PUT("/v1/live/alerts/{id}/ack", { params: id(of) })),
  reopenAlert: (of: string) => got<LiveAlert>(DELETE("/v1/live/alerts/{id}/ack", { params: id(of) })),
  team: (from: string, to: string) => got<Team>(GET("/v1/team", { params: { query: { from, to } } })),
};

const consent = {
  ledger: (of: string, after = "") => got<LedgerPage>(GET("/v1/customers/{id}/consent", { params: { ...id(of), query: after === "" ? { limit: 30 } : { after, limit: 30 } } })),
  /** All cells: now, or at a moment and by what was known at another. */
  standings: (of: string, at: { valid?: string; known?: string } = {}) => got<{ cells: readonly Standing[] | null }>(GET("/v1/customers/{id}/consent/now", { params: { ...id(of), query: at } })),
  past: (of: string, q: Wide<Asks<"/v1/customers/{id}/consent/at", "get">>) => got<Past>(GET("/v1/customers/{id}/consent/at", { params: { ...id(of), query: listed<Asks<"/v1/customers/{id}/consent/at", "get">>(q) } })),
  setConsent: (of: string, body: NewRow, k: string) => got<ConsentRow>(POST("/v1/customers/{id}/consent", { params: { ...id(of), ...key(k) }, body: listed<Takes<"/v1/customers/{id}/consent", "post">>(body) })),
  undoConsent: (of: string, row: string) => got<ConsentRow>(POST("/v1/customers/{id}/consent/{row}/undo", { params: { path: { id: of, row } } })),
  knowers: (of: string, row: string) => got<{ recipients: readonly Knows[] | null }>(GET("/v1/customers/{id}/consent/{row}/recipients", { params: { path: { id: of, row } } })),
  receipt: (of: string, format: "json" | "text") => `${ledger(of)}/receipt${query({ format })}`,
  wordings: () => got<Wordings>(GET("/v1/consent/wordings")),
  // An answer that was given already is refused: to send it again does no harm.
  answerWish: (o: { customer: string; row: string; answer: "confirmed" | "misheard" }) =>
    got<ConsentRow>(POST("/v1/customers/{id}/consent/{row}/answer", { params: { path: { id: o.customer, row: o.row } }, body: { answer: o.answer } })),
};

type Told = Takes<"/v1/outcomes", "post">;

const decisions = {
  explain: (decision: string, as: "agent" | "auditor") => got<Explained>(GET("/v1/decisions/{id}", { params: { ...id(decision), query: { as } } })),
  /** What would have changed a decision; the server works up to 20 for it. */
  counterfactuals: async (decision: string): Promise<Counterfactuals> => {
    const e = await got<{ auditor?: { counterfactuals?: Counterfactuals } }>(GET("/v1/decisions/{id}", { params: { ...id(decision), query: { as: "auditor", counterfactuals: true } } }));
    return e.auditor?.counterfactuals ?? { list: [], tried: 0 };
  },
  answer: (o: { decision: string; action: string; outcome: Told["outcome"]; key: string; heard?: Told["heard"] }) =>
    got<Outcome>(POST("/v1/outcomes", {
      params: key(o.key), keepalive: true, // it goes on when the page is left
      body: {
        decision_id: o.decision, action: o.action, outcome: o.outcome, channel: "agent", idempotency_key: o.key,
        ...(o.heard ? { heard: o.heard } : {}),
      },
    })),
};

export const api = { ...session, ...account, ...users, ...administration, ...calls, ...handling, ...comments, ...customers, ...searching, ...marketing, ...live, ...consent, ...decisions };

export type Api = typeof api;
