// What the screens of decisions ask of the server.

import { freshKey, got, id, key, listed, server, stopped, type Takes } from "../client";
import type { Arms, Case, Catalogue, Checked, Doc, Given, Health, Item, Kind, Levers, LiftReport, Question, Ranking, Run, Version, Words } from "./wire";

const { GET, POST, PUT, DELETE } = server;

/** A write counts once, also when it is sent again. */
const once = (): ReturnType<typeof key> => key(freshKey());
const item = (kind: Kind, of: string): { path: { kind: Kind; id: string } } => ({ path: { kind, id: of } });

export const calls = {
  catalogue: () => got<Catalogue>(GET("/v1/catalogue")),
  item: (kind: Kind, of: string) => got<Item>(GET("/v1/catalogue/{kind}/{id}", { params: item(kind, of) })),
  draft: (o: { kind: Kind; id: string; based: number; why: string; doc: Doc }) =>
    got<Version>(PUT("/v1/catalogue/{kind}/{id}", { params: { ...item(o.kind, o.id), ...once() }, body: { based: o.based, why: o.why, doc: o.doc } })),
  step: (o: { kind: Kind; id: string; version: number; to: string; why: string }) =>
    got<Version>(POST("/v1/catalogue/{kind}/{id}/steps", {
      params: { ...item(o.kind, o.id), ...once() },
      body: listed<Takes<"/v1/catalogue/{kind}/{id}/steps", "post">>({ version: o.version, to: o.to, why: o.why }),
    })),
  words: () => got<Words>(GET("/v1/policies/words")),
  check: (o: { when: string; given?: Given; cases?: readonly Omit<Case, "waived">[] }, stop?: AbortSignal) =>
    got<Checked>(POST("/v1/policies/check", { body: listed<Takes<"/v1/policies/check", "post">>(o), ...stopped(stop) })),
  levers: (days: number) => got<Levers>(GET("/v1/levers", { params: { query: { days } } })),
  rank: (q: Question, stop?: AbortSignal) => got<Ranking>(POST("/v1/rankings", { body: listed<Takes<"/v1/rankings", "post">>(q), ...stopped(stop) })),
  runs: () => got<{ simulations: readonly Run[] | null }>(GET("/v1/simulations")),
  run: (of: string) => got<Run>(GET("/v1/simulations/{id}", { params: id(of) })),
  start: (body: Run["ask"]) => got<Run>(POST("/v1/simulations", { params: once(), body: listed<Takes<"/v1/simulations", "post">>(body) })),
  cancel: (of: string) => got<Run>(DELETE("/v1/simulations/{id}", { params: id(of) })),
  health: () => got<Health>(GET("/v1/actions/health")),
  resume: (action: string, why: string) => got<void>(POST("/v1/actions/{action}/learn", { params: { path: { action } }, body: { why } })),
  lift: (days: number) => got<LiftReport>(GET("/v1/experiments/lift", { params: { query: { days } } })),
  arms: () => got<Arms>(GET("/v1/experiments")),
};

export type Calls = typeof calls;
