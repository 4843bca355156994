// What is kept of a call, as the API tells it.

import type { Many } from "./wire";

/** What is to become of the recording of a live call. */
export type RecordOrder = "pause" | "resume" | "allow" | "refuse";

export interface Recording {
  state: "recording" | "asking" | "paused" | "refused" | "kept" | "partial" | "lost" | "none" | "";
  lost?: number;
  bytes?: number;
  /** How the caller's yes was to be had. */
  assent?: "none" | "announce" | "ask";
  /** What the agent is to say at the start; absent where nobody need be told. */
  announce?: string;
  answer?: "yes" | "no";
  /** "caller" when it was heard, else who entered it. */
  answered_by?: string;
  /** Stretches of which nothing was kept; the last has end 0 while it goes on. */
  paused?: Many<{ start: number; end: number }>;
}
