// What became of a suggestion, and what the words on a call tell of that, as
// the HTTP API has it.

export interface Outcome {
  id: string;
  decision_id: string;
  action: string;
  outcome: string;
  at: string;
  channel?: string;
  actor?: string;
  call_id?: string;
  idempotency_key?: string;
  /** The proposal that was confirmed by it. */
  heard?: string;
}

/** What the words tell. A person confirms it, or says that it was misheard. */
export interface Proposal {
  id: string;
  call_id: string;
  decision_id: string;
  action: string;
  /** What the customer said; absent while it was only offered. */
  outcome?: "accepted" | "rejected" | "later";
  /** The utterances that it rests on. */
  offer: string;
  reply?: string;
  at: string;
  state: "offered" | "open" | "confirmed" | "misheard" | "answered";
}
