// The shapes of who customers are, field for field as the HTTP API has them.

import type { Customer, Decision, Many } from "../wire";

export interface Trait {
  name: string;
  value: unknown;
  source?: string;
  at?: string;
  /** How it is known: declared, verified, observed or inferred. */
  kind?: string;
  expires?: string;
}

export interface Entry {
  id: string;
  at: string;
  kind: string;
  customer_id: string;
  call_id?: string;
  /** Of a suggestion, an answer to one and a message of one. */
  decision_id?: string;
  name: string;
  detail?: string;
  source?: string;
  data?: unknown;
}

export interface TimelinePage {
  entries: Many<Entry>;
  next?: string;
}

export interface KnownIdentifier {
  type: string;
  value: string;
  state: "verified" | "candidate" | "shared";
  by?: string;
  first_seen: string;
  last_seen: string;
  customer_id: string;
}

/** How two customers came to be taken for one. */
export interface Proof {
  kind: string;
  actor?: string;
}

export interface Merge {
  id: string;
  people: Many<string>;
  proof: Proof;
  on?: Many<{ type: string; value: string }>;
  at: string;
  removed_at?: string;
  removed_by?: string;
}

export interface Review {
  id: string;
  kind: "limit" | "conflict";
  customer_id: string;
  other_id?: string;
  type: string;
  values: Many<string>;
  count: number;
  why: string;
  at: string;
  state: "open" | "accepted" | "dismissed";
}

export interface ReviewPage {
  reviews: Many<Review>;
  next?: string;
}

export interface CustomerPage {
  customers: Many<Customer>;
  next?: string;
}

/** Who else may be calling from a number. */
export interface Callers {
  shared: boolean;
  callers: Many<{ id: string; name: string; since: string }>;
}

/** Whose a call is: one of the three. */
export interface Elsewhere {
  customer_id?: string;
  new?: boolean;
  shared?: boolean;
}

/** Why a decision was made, for one kind of reader. */
export interface Explained {
  decision_id: string;
  agent?: { because: string; actions: Many<{ action: string; title: string; because: string; say: string }> };
  auditor?: { decision: Decision };
}
