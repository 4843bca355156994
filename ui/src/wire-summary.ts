// The shape of a call's summary, as the HTTP API has it.

import type { Many, Speaker } from "./wire";

export type SummaryPart = "issue" | "done" | "promise" | "next_step" | "outcome";

/** One line of a summary, with where it was said. */
export interface SummaryLine {
  part: SummaryPart;
  text: string;
  utterance_id: string;
  speaker: Speaker;
  start: number;
  /** The words that say by when. */
  due?: string;
  /** The day, week, month or year that they mean, ISO 8601. */
  due_on?: string;
}

export interface Summary {
  call_id: string;
  lines: Many<SummaryLine>;
  /** "words" when every line is a quote, else the language model's name. */
  source: string;
  model: string;
}
