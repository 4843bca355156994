// What a person allows, as the HTTP API has it.

import type { Many } from "../wire";

export type ConsentState = "granted" | "denied" | "withdrawn" | "expired" | "unknown";

/** One question: may we, for this purpose, by this channel? None is any. */
export interface Cell {
  purpose: string;
  channel?: string;
  topic?: string;
  address?: string;
}

/** A row of the ledger. */
export interface ConsentRow extends Cell {
  id: string;
  customer_id: string;
  state: ConsentState;
  at: string;
  recorded_at: string;
  expires?: string;
  source: string;
  actor: string;
  call_id?: string;
  call_second?: number;
  wording?: string;
  wording_id?: string;
  wording_version?: number;
  language?: string;
  evidence?: string;
  basis?: string;
  jurisdiction?: string;
  medium?: string;
  method?: string;
  verifier?: string;
  provisional?: boolean;
  confirms?: string;
  lifts?: string;
}

export interface Told {
  of: number;
  told: number;
  confirmed: number;
  mismatch: number;
}

/** A row with what became of it. */
export interface LedgerRow extends ConsentRow {
  told: Told;
  wording_text?: string;
  open?: boolean;
  lifted_by?: string;
  confirmed_by?: string;
}

export interface LedgerPage {
  rows: Many<LedgerRow>;
  total: number;
  next?: string;
  verified: boolean;
}

/** What a cell says at a moment. */
export interface Standing extends Cell {
  state: ConsentState;
  allowed: boolean;
  why: string;
  since?: string;
  row?: ConsentRow;
}

/** The two answers about a past moment. */
export interface Past {
  valid: string;
  known: string;
  as_of: Standing;
  known_at: Standing;
  verdict: string;
}

/** What one system knows of a row. */
export interface Knows {
  recipient: string;
  since: string;
  told?: string;
  confirmed?: string;
  seen?: string;
  state: "waiting" | "told" | "confirmed" | "mismatch";
  late?: "late" | "overdue";
}

export interface Wording {
  id: string;
  version: number;
  language: string;
  text: string;
}

export interface Wordings {
  wordings: Many<Wording>;
  purposes: Many<{ purpose: string; title: string }>;
  channels: Many<string>;
}

/** A wish that was heard on a call and waits for the agent. */
export interface Wish {
  row: ConsentRow;
  question: string;
  /** For a yes: the words to ask the customer. */
  ask?: string;
  closed: boolean;
}

export interface NewRow {
  purpose: string;
  channel?: string;
  state: "granted" | "denied" | "withdrawn";
  wording_id?: string;
  source: string;
  method?: string;
  medium?: string;
  call_id?: string;
}

/** A system that is told of changes, and how far it is behind. */
export interface Recipient {
  name: string;
  state: "ok" | "behind" | "mismatch" | "late" | "overdue";
  waiting: number;
  asked?: string;
}

/** What became of the wish to forget a person. */
export interface Erasure {
  id: string;
  state: "waiting" | "begun" | "done";
}
