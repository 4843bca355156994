// What the server says to administrators.

export interface ApiKey {
  id: string;
  name: string;
  role: string;
  scopes?: readonly string[];
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
  keys: readonly ApiKey[];
  scopes: readonly string[];
}

export interface NewKey {
  name: string;
  role: string;
  scopes?: readonly string[];
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
  reads: readonly Reading[];
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
  missing?: readonly string[];
  wanting?: readonly string[];
  addresses?: readonly { what: string; url: string }[];
  testable: boolean;
  last_call_at?: string;
  open: number;
  refused?: readonly { reason: string; count: number }[];
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
  parties: readonly { speaker: string; frames: number; seconds: number; rate: number; level: number }[];
  words: readonly { speaker: string; at: number; text: string }[];
}

export interface Retention {
  least: number;
  most: number;
  rules: readonly { class: string; days: number; by: string; at: string }[];
  holds: readonly LegalHold[];
  deleted: readonly { class: string; day: string; calls: number }[];
}

export interface LegalHold {
  id: string;
  customer_id?: string;
  call_id?: string;
  why: string;
  by: string;
  at: string;
}

export interface AgePreview {
  calls: number;
  recordings?: number;
}
