// What the agent's desk adds to a call, as the HTTP API has it.

import type { Many } from "./wire";

/** Whether the agent wants suggestions on a call. */
export interface Mute {
  call_id: string;
  on: boolean;
  /** Until when; absent for the rest of the call. */
  until?: string;
  by?: string;
  at: string;
}

export const endings = ["resolved", "follow_up", "unresolved", "transferred"] as const;
export type Ending = (typeof endings)[number];

export const dismissals = ["irrelevant", "wrong_moment", "already_done", "customer_unwilling", "bad_words"] as const;
export type Dismissal = (typeof dismissals)[number];

/** Why one suggestion was dismissed. */
export interface Dismissed {
  decision_id: string;
  action: string;
  reason: Dismissal;
}

/** What an agent says of a call that is over. */
export interface WrapUp {
  call_id: string;
  ending: Ending;
  tags: Many<string>;
  dismissed?: Many<Dismissed>;
  summary?: string;
  by?: string;
  at: string;
}

/** A token with which a microphone publishes one party of a call. */
export interface PhoneTicket {
  token: string;
  expires: string;
  url: string;
  /** The id of the call among platforms. */
  call: string;
}
