// The decisioning part of the API, field for field as the server has it.

import type { Many } from "../wire";

export type Doc = Readonly<Record<string, unknown>>;

export const kinds = ["action", "lever", "policy", "traits"] as const;
export type Kind = (typeof kinds)[number];

export type State = "draft" | "reviewed" | "live" | "retired" | "dropped";

export interface Line {
  kind: Kind;
  id: string;
  state?: State;
  version: number;
  newest: number;
  newest_state?: State;
  doc: Doc;
  aside?: string;
}

export interface Catalogue {
  items: readonly Line[] | null;
  /** The author of a version may review it. */
  alone: boolean;
  /** Who asks, as an author is named. */
  you: string;
}

export interface Version {
  kind: Kind;
  id: string;
  version: number;
  state: State;
  author: string;
  doc: Doc;
}

export interface Step {
  version: number;
  state: State;
  at: string;
  by: string;
  why: string;
}

export interface Item {
  versions: readonly Version[] | null;
  steps: readonly Step[] | null;
}

export interface Given {
  traits?: Readonly<Record<string, string | number | boolean>>;
  signals?: Readonly<Record<string, number>>;
  labels?: readonly string[];
  facts?: readonly { name: string; days_ago?: number; product?: string }[];
  channel?: string;
}

export const answers = ["keep", "remove", "unknown"] as const;
export type Answer = (typeof answers)[number];

/** A case that is kept with a rule. */
export interface Case {
  given: Given;
  want: Answer;
  waived?: string;
}

export interface Rule {
  id: string;
  kind: string;
  when: string;
  why: string;
  unknown?: string;
  tests?: readonly Case[];
}

export interface Checked {
  type?: string;
  cost?: number;
  answer?: Answer;
  reason?: string;
  hint?: string;
  /** In code points. */
  place?: { at: number; length: number };
  cases?: readonly { answer?: Answer; holds: boolean; reason?: string }[] | null;
}

export interface Words {
  functions: Many<{ name: string; gives: string; usage: string }>;
  traits: Many<{ name: string; type: string; values?: Many<string> }>;
  signals: Many<string>;
  labels: Many<string>;
  facts: Many<string>;
}

export interface LeverLine {
  scope: "issue" | "group" | "action";
  name: string;
  owner: string;
  percent: number;
  from: string;
  until: string;
  reason: string;
  state: "planned" | "active" | "expired" | "gone";
  flipped: number;
  share: number;
  given_up: number;
}

export interface Levers {
  since: string;
  until: string;
  decisions: number;
  flipped: number;
  share: number;
  given_up: number;
  alarm?: { share: number; decisions: number; bound: number; why: string };
  levers: readonly LeverLine[] | null;
}

export interface Ranked {
  action: string;
  title: string;
  group: string;
  rank: number;
  p: number;
  low: number;
  high: number;
  c: number;
  v: number;
  l: number;
  priority: number;
  annoyance: number;
}

export interface Out {
  action: string;
  title: string;
  step: number;
  rule: string;
  why: string;
  source?: string;
}

export interface Order {
  ranked: Many<Ranked>;
  out: Many<Out>;
}

export interface Ranking {
  at: string;
  slot: string;
  channel: string;
  now: Order;
  /** Under what is tried. */
  tried?: Order;
}

export const channels = ["agent", "web", "app", "email", "sms", "push", "call"] as const;
export type Channel = (typeof channels)[number];

export interface Question {
  customer_id?: string;
  given?: Given;
  agrees?: boolean;
  at?: string;
  channel: Channel;
  change?: string;
}

interface Both {
  before: number;
  after: number;
}

export interface Move {
  from: string;
  to: string;
  decisions: number;
  people: number;
  examples?: Many<{ customer: string; at: string; slot: string; channel: string }>;
}

export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** What a change would have done. */
export interface Report {
  decisions: number;
  people: number;
  opened: readonly { action: string; rule: string; decisions: number; people: number }[] | null;
  as_logged: { same: number; differ?: Readonly<Record<string, number>> };
  moved: number;
  moved_people: number;
  movement: readonly Move[] | null;
  volume: readonly ({ action: string; channel: string } & Both)[] | null;
  silence: Both;
  contacts: Both;
  newly_eligible: { people: number };
  value: {
    decisions: number; subjects: number; effective_sample_size: number; logged: Estimate; dr: Estimate; snips: Estimate;
    apart: number; warning?: string; unanswered?: number; untried?: number; refused?: string;
  };
  cohorts?: readonly { value: string; people: number; decisions: number; p: Both; reach: Both; worth: Both }[] | null;
  alerts?: readonly string[] | null;
  notes?: readonly string[] | null;
}

export interface Run {
  id: string;
  state: "running" | "done" | "failed" | "cancelled" | "interrupted";
  error?: string;
  ask: { change: string; since: string; until?: string; cohort?: string; people?: number };
  by?: string;
  changed: readonly string[] | null;
  since: string;
  until: string;
  done: number;
  total: number;
  report?: Report;
  started_at: string;
  ended_at?: string;
}

export interface ActionHealth {
  action: string;
  channel: string;
  responses: number;
  positives: number;
  rate: number;
  auc: number;
  calibration_error: number;
  last_learned: string;
  mature: boolean;
  drifts: number;
  drift?: string;
  reliability: readonly { said: number; came: number; outcomes: number }[] | null;
}

export interface Health {
  model: string;
  lessons: number;
  auc: number;
  actions: readonly ActionHealth[] | null;
  decisions: number;
  silence: number;
  explored: number;
  explored_of: number;
  explored_times: Readonly<Record<string, number>> | null;
  stopped: readonly { action: string; since: string; why: string }[] | null;
  behind: number;
}

export interface Rate {
  mean: number;
  low: number;
  high: number;
}

export interface Lift {
  question: string;
  arm: string;
  against: string;
  reward: Rate;
  accepted: Rate;
  relative: number;
  p: number;
  verdict: string;
}

export interface LiftReport {
  arms: readonly { arm: string; decisions: number; people: number; accepted: Rate; reward: Rate; share: number }[] | null;
  lifts: readonly Lift[] | null;
  actions: readonly { action: string; chosen: Sample; drawn: Sample; lift?: Lift }[] | null;
}

export interface Sample {
  decisions: number;
  people: number;
}

export interface Arms {
  salt: string;
  arms: readonly { name: string; kind: string; share: number; sticky_days?: number; shadow?: boolean; ended?: boolean }[] | null;
  ended: readonly { arm: string; why: string; rollback: boolean; by?: string }[] | null;
}
