// What the server says to administrators.

import type { Many } from "../wire";

export interface ApiKey {
  id: string;
  name: string;
  role: string;
  scopes?: Many<string>;
  state: "active" | "expired" | "revoked";
  hint?: string;
  made_by?: string;
  created_at: string;
  expires_at?: string;
  used_at?: string;
  revoked_at?: string;
  /** Shown once, when it is made. */
  key?: string;
}

export interface KeyList {
  keys: Many<ApiKey>;
  scopes: Many<string>;
}

export interface NewKey {
  name: string;
  role: string;
  scopes?: readonly string[] | null;
  expires_at?: string;
}

export interface Reading {
  n: number;
  first_at: string;
  last_at: string;
  times: number;
  who: string;
  name: string;
  role: string;
  origin: string;
  kind: string;
  call_id?: string;
  customer_id?: string;
  why?: string;
  sealed: boolean;
}

export interface ReadingPage {
  reads: Many<Reading>;
  next?: string;
}

/** What of the audit is asked for; empty is all. */
export interface Audited {
  who?: string;
  call?: string;
  customer?: string;
  kind?: string;
  from?: string;
  to?: string;
}

export interface Chain {
  whole: boolean;
  rows: number;
  open: number;
  bad?: number;
  head?: string;
}

export interface Platform {
  name: string;
  title: string;
  configured: boolean;
  missing?: Many<string>;
  wanting?: Many<string>;
  addresses?: Many<{ what: string; url: string }>;
  testable: boolean;
  last_call_at?: string;
  numbers?: Many<{ number: string; calls: number; last_call_at: string }>;
  open: number;
  refused?: Many<{ reason: string; count: number }>;
  dropped: number;
}

export interface TestCall {
  platform: string;
  by: string;
  began_at: string;
  state: "playing" | "done" | "failed" | "stopped";
  sent: number;
  of: number;
  fault?: string;
  detail?: string;
  streams: number;
  ended?: string;
  faults: number;
  deaf?: boolean;
  told: { direction?: string; from?: string; to?: string; agent?: string; language?: string };
  parties: Many<{ speaker: string; frames: number; seconds: number; rate: number; level: number }>;
  words: Many<{ speaker: string; at: number; text: string }>;
}

export interface Retention {
  least: number;
  most: number;
  rules: Many<{ class: string; days: number; by: string; at: string }>;
  holds: Many<LegalHold>;
  lifted: Many<LegalHold>;
  deleted: Many<{ class: string; day: string; calls: number }>;
}

export interface LegalHold {
  id: string;
  customer_id?: string;
  call_id?: string;
  why: string;
  by: string;
  at: string;
  lifted_at?: string;
  lifted_by?: string;
}

export interface AgePreview {
  calls: number;
  recordings?: number;
}

/** An engine that can be compared with another one. */
export interface EngineChoice {
  name: string;
  model?: string;
  note?: string;
  languages?: Many<string>;
  remote?: boolean;
  loaded: boolean;
}

export interface EngineTrial {
  id: string;
  call_id?: string;
  file?: string;
  engines: readonly string[];
  by: string;
  began_at: string;
  state: "running" | "done" | "failed" | "stopped";
  now?: string;
  share: number;
  fault?: string;
  result?: TrialResult;
}

export interface TrialResult {
  seconds: number;
  cut?: boolean;
  engines: readonly TrialFigures[];
  different: number;
  different_share: number;
  corrected?: number;
  turns?: number;
  lines: readonly TrialLine[];
}

export interface TrialFigures {
  name: string;
  model?: string;
  words: number;
  errors?: { rate: number; words: number; substitutions: number; deletions: number; insertions: number };
  elapsed_seconds: number;
  real_time_factor: number;
  cpu_seconds?: number;
  cpu_unknown?: "untold" | "shared";
}

export interface TrialLine {
  speaker?: "agent" | "customer";
  start: number;
  end: number;
  said?: string;
  first: readonly TrialWord[];
  second: readonly TrialWord[];
  differs: boolean;
}

export interface TrialWord {
  text?: string;
  mark: "same" | "other" | "missing" | "added";
  said?: string;
}
