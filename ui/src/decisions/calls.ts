// What the screens of decisions ask of the server.

import { ask, query } from "../api";
import type { Arms, Case, Catalogue, Checked, Doc, Given, Health, Item, Kind, Levers, LiftReport, Question, Ranking, Run, Version, Words } from "./wire";

const item = (kind: Kind, id: string): string => `/v1/catalogue/${kind}/${encodeURIComponent(id)}`;
const simulation = (id: string): string => `/v1/simulations/${encodeURIComponent(id)}`;

/** A key that has a write count once, also when it is sent again. */
const key = (): string => crypto.randomUUID();

export const calls = {
  catalogue: () => ask<Catalogue>("/v1/catalogue"),
  item: (kind: Kind, id: string) => ask<Item>(item(kind, id)),
  draft: (o: { kind: Kind; id: string; based: number; why: string; doc: Doc }) =>
    ask<Version>(item(o.kind, o.id), { method: "PUT", key: key(), body: { based: o.based, why: o.why, doc: o.doc } }),
  step: (o: { kind: Kind; id: string; version: number; to: string; why: string }) =>
    ask<Version>(`${item(o.kind, o.id)}/steps`, { method: "POST", key: key(), body: { version: o.version, to: o.to, why: o.why } }),
  words: () => ask<Words>("/v1/policies/words"),
  check: (o: { when: string; given?: Given; cases?: readonly Omit<Case, "waived">[] }, stop?: AbortSignal) =>
    ask<Checked>("/v1/policies/check", { method: "POST", body: o, ...(stop ? { signal: stop } : {}) }),
  levers: (days: number) => ask<Levers>(`/v1/levers${query({ days })}`),
  rank: (q: Question, stop?: AbortSignal) => ask<Ranking>("/v1/rankings", { method: "POST", body: q, ...(stop ? { signal: stop } : {}) }),
  runs: () => ask<{ simulations: readonly Run[] | null }>("/v1/simulations"),
  run: (id: string) => ask<Run>(simulation(id)),
  start: (body: Run["ask"]) => ask<Run>("/v1/simulations", { method: "POST", key: key(), body }),
  cancel: (id: string) => ask<Run>(simulation(id), { method: "DELETE" }),
  health: () => ask<Health>("/v1/actions/health"),
  resume: (action: string, why: string) => ask<void>(`/v1/actions/${encodeURIComponent(action)}/learn`, { method: "POST", body: { why } }),
  lift: (days: number) => ask<LiftReport>(`/v1/experiments/lift${query({ days })}`),
  arms: () => ask<Arms>("/v1/experiments"),
};

export type Calls = typeof calls;
