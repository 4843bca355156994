// The shapes that the server sends, field for field as the HTTP API has them.
// Times are RFC 3339; call times are seconds from the start of the call.
// A Go server writes an empty list as null, so every list may be null: read
// it through many().

import type { Trait } from "./customer/wire";
import type { Recipient } from "./privacy/wire";
import type { Outcome, Proposal } from "./wire-outcome";
import type { Mute, WrapUp } from "./wire-desk";
import type { Recording } from "./wire-recording";
import type { Summary } from "./wire-summary";

export type { Outcome } from "./wire-outcome";

/** A list that may have come as null or not at all. */
export type Many<T> = readonly T[] | null | undefined;

/** The list, never null. */
export function many<T>(list: Many<T>): readonly T[] {
  return list ?? [];
}

export type Speaker = "agent" | "customer";

export interface User {
  id: string;
  name: string;
  role: string;
  /** What is typed in front of the password. */
  login?: string;
  /** There is a way to sign in again: a password, a passkey or a provider. */
  returns?: boolean;
  password?: boolean;
  /** They signed in lately: the password need not be given again. */
  proven?: boolean;
}

export interface Word {
  text: string;
  start: number;
  end: number;
  confidence: number;
}

export interface Utterance {
  id: string;
  call_id?: string;
  seq: number;
  speaker: Speaker;
  start: number;
  end: number;
  text: string;
  /** The text as people write it. */
  written?: string;
  /** For each token of written how many words of the text it stands for. */
  written_words?: Many<number>;
  words?: Many<Word>;
  confidence: number;
  language?: string;
  engine?: string;
  recovered?: boolean;
  /** How long after its end the text came, in seconds, when that was long. */
  delay?: number;
}

/** A stretch of a text in bytes of UTF-8, end not included. */
export interface Span {
  from: number;
  to: number;
}

export type Kind = "intent" | "theme" | "sentiment" | "entity" | "moment" | "redacted" | "spotted" | "talk";

export interface Insight {
  kind: Kind;
  name: string;
  value?: number;
  text?: string;
  confidence: number;
  speaker: Speaker;
  start: number;
  end: number;
  evidence?: Many<Span>;
  model: string;
  utterance_id?: string;
  /** The words that say by when, of a promise or a commitment. */
  due?: string;
  /** The day, week, month or year that they mean, ISO 8601. */
  due_on?: string;
}

/** Talk figures of a call so far, by name and, after a dot, the side. */
export type Talk = Record<string, number>;

export type CallStatus = "live" | "hearing" | "ended" | "recovered";

export interface Health {
  frames: number;
  duplicates?: number;
  late?: number;
  lost?: number;
  garbage?: number;
  dropped?: number;
  gaps?: number;
  gap_time?: number;
  reconnects?: number;
  clock_offset?: number;
  clock_drift?: number;
  notes?: Many<string>;
}

export type SoundKind =
  | "music" | "ringing" | "busy" | "congestion" | "special" | "dial_tone" | "keys" | "fax" | "beep" | "machine";

/** Something on the line that is not speech. */
export interface Sound {
  kind: SoundKind;
  /** On whose side it was heard. */
  speaker: Speaker;
  start: number;
  end: number;
  confidence: number;
  /** How many keys were pressed at most; which ones is never kept. */
  keys?: number;
  /** It may still go on. */
  open?: boolean;
}

export interface Call {
  id: string;
  platform: string;
  platform_call_id: string;
  direction: string;
  from?: string;
  to?: string;
  customer_id?: string;
  customer_name?: string;
  agent?: string;
  language?: string;
  status: CallStatus;
  started_at: string;
  ended_at?: string;
  duration: number;
  end_reason?: string;
  captions: "live" | "paused" | "off";
  recording: Recording;
  health: Health;
  sounds?: Many<Sound>;
  /** How many sounds are not listed. */
  more_sounds?: number;
}

/** A call in the list, with what a reader sorts by. */
export interface CallRow extends Call {
  intent?: string;
  themes?: Many<string>;
  mood?: number;
  last?: string;
  /** When the latest words ended, in seconds from the start. */
  spoken?: number;
}

export interface CallPage {
  calls: Many<CallRow>;
  next?: string;
}

export interface Identifier {
  type: string;
  value: string;
  verified: boolean;
}

export interface Evidence {
  label: string;
  weight: number;
  at: string;
  call_id?: string;
  call_second?: number;
  quote?: string;
}

export interface Reading {
  name: string;
  product?: string;
  value: number;
  evidence?: Many<Evidence>;
}

export interface Fact {
  name: string;
  at: string;
  props?: Record<string, unknown> | null;
}

export interface May {
  purpose: string;
  channel?: string;
  state: string;
  since?: string;
  source?: string;
}

export interface Customer {
  id: string;
  name?: string;
  identifiers?: Many<Identifier>;
  traits?: Many<Trait>;
  readings?: Many<Reading>;
  /** The buying intent by product. */
  buying?: Many<Reading>;
  /** Who are one, the oldest first; only when there are several. */
  members?: Many<string>;
  facts?: Many<Fact>;
  may?: Many<May>;
  calls?: number;
  since?: string;
}

export interface Reason {
  kind: string;
  name: string;
  value: number;
  effect: "+" | "-";
  evidence?: Many<Evidence>;
}

export interface Permission {
  purpose: string;
  basis: string;
  state: string;
  since?: string;
  source?: string;
}

export interface Choice {
  action: string;
  issue: string;
  group: string;
  treatment?: string;
  rank: number;
  title: string;
  say: string;
  avoid?: string;
  because: string;
  p: number;
  /** From and to of the likely share. */
  p_interval?: Many<number>;
  c: number;
  v: number;
  l: number;
  priority: number;
  annoyance?: number;
  net: number;
  pi?: number;
  reasons?: Many<Reason>;
  allowed_by?: Permission;
}

export interface Exclusion {
  action: string;
  step: number;
  rule: string;
  why: string;
  /** Of a rule of law: the statute, or whose own limit it is. */
  source?: string;
}

export interface Decision {
  decision_id: string;
  at: string;
  slot: string;
  channel: string;
  subject: string;
  call_id?: string;
  arm?: string;
  supersedes?: string;
  actions: Many<Choice>;
  because: string;
  not_chosen?: Many<Exclusion>;
  readings?: Many<Reading>;
}

export type Answer = "accepted" | "dismissed" | "later" | "rejected";

/** What a person says was really said in an utterance. */
export interface Correction {
  utterance_id: string;
  call_id: string;
  heard: string;
  text: string;
  plain: string;
  by?: string;
  at: string;
}

/** How the customer's mood went over a call. */
export interface MoodCourse {
  points: Many<{ at: number; value: number }>;
  low: { at: number; value: number };
  last: number;
  annoyed_at?: number;
}

export interface CallDetail extends Call {
  mood_course?: MoodCourse;
  utterances: Many<Utterance>;
  insights: Many<Insight>;
  decisions: Many<Decision>;
  outcomes: Many<Outcome>;
  /** What was heard to become of the suggestions. */
  proposals?: Many<Proposal>;
  corrections?: Many<Correction>;
  /** What the call was about, soon after it ended. */
  summary?: Summary | null;
  /** Whether the agent muted suggestions. */
  mute?: Mute | null;
  wrap_up?: WrapUp | null;
  customer?: Customer | null;
  last_seq: number;
}

/** The event envelope of the live stream. */
export interface Envelope {
  seq: number;
  id: string;
  type: string;
  time: string;
  subject: string;
  call?: string;
  data: unknown;
}

export interface Partial {
  call: string;
  speaker: Speaker;
  segment: number;
  text: string;
  start: number;
  end: number;
}

export interface Peaks {
  per_second: number;
  duration: number;
  agent: Many<number>;
  customer: Many<number>;
}

export interface Hit {
  call_id: string;
  utterance_id: string;
  speaker: Speaker;
  start: number;
  end: number;
  text: string;
  written?: string;
  written_words?: Many<number>;
  highlight?: Many<Span>;
  at: string;
  customer_name?: string;
  score?: number;
}

export interface Engine {
  name: string;
  model?: string;
  note?: string;
  state: "ready" | "restarting" | "down" | "none";
  restarts: number;
  remote?: boolean;
  languages?: Many<string>;
}

export interface Room {
  streams: number;
  source: "guessed" | "measured" | "corrected" | "fixed";
  calls: number;
  turned: number;
  policy: "record" | "refuse";
}

export interface Status {
  version: string;
  engine: Engine;
  engines?: Many<Engine>;
  room?: Room;
  calls: { live: number; max: number };
  streams?: number;
  search: { state: string; lag_events: number };
  store: { bytes: number; last_seq: number };
  /** Suggestions whose answer is waited for, and outcomes whose decision is not known. */
  outcomes?: { awaited: number; parked: number };
  uptime_s: number;
  /** Analyzers and versions, such as "intent/7f3a01bc". */
  models?: Many<string>;
  recipients?: Many<Recipient>;
  /** What the operator should mend although everything works, in sentences. */
  advice?: Many<string>;
}
