// The shapes of themes, field for field as the HTTP API has them.

import type { Many, Span } from "../wire";

export interface Count {
  turns: number;
  calls: number;
}

export type ThemeKind = "rule" | "words" | "query" | "like" | "discovered";
export type ThemeState = "active" | "hidden" | "deleted" | "merged" | "gone";

/** What a theme means, when a person says so. */
export interface ThemeDefinition {
  how: "words" | "query" | "like";
  phrases?: readonly string[] | null;
  unless?: readonly string[] | null;
  query?: string;
  quotes?: readonly string[] | null;
}

/** Why a theme stands out. */
export interface Emergence {
  theme_id: string;
  title: string;
  from: string;
  to: string;
  observed: number;
  expected: number;
  ratio: number;
  share: number;
  before: number;
  q: number;
  new: boolean;
}

export interface Theme {
  id: string;
  kind: ThemeKind;
  state: ThemeState;
  title: string;
  definition?: ThemeDefinition | null;
  phrases?: Many<string>;
  into?: string;
  by?: string;
  now: Count;
  before: Count;
  /** Share of calls now by that before, less 1; absent when there are too few calls. */
  change?: number;
  /** Calls by day, the last one is today. */
  trend: Many<number>;
  /** How much of history is counted, 0..1. */
  read: number;
  emerging?: Emergence | null;
}

export interface ThemeList {
  themes: Many<Theme>;
  from: string;
  to: string;
  zone: string;
  now: Count;
  before: Count;
  trend: Many<number>;
  /** partial while what was said is still being counted. */
  state: "complete" | "partial";
}

export interface ThemeQuote {
  call_id: string;
  utterance_id: string;
  customer_name?: string;
  start: number;
  at: string;
  text: string;
  score: number;
  evidence?: Many<Span>;
}

export interface ThemeChange {
  at: string;
  by: string;
  what: string;
  title: string;
  state: ThemeState;
}

export interface ThemeDetail extends Theme {
  changes: Many<ThemeChange>;
  quotes: Many<ThemeQuote>;
  next?: string;
}

export type ThemeStep = "hour" | "day" | "week";

export interface ThemePoint {
  start: string;
  calls: number;
  turns: number;
  of_calls: number;
  of_turns: number;
}

export type OriginField = "campaign" | "source" | "queue";

/** The counters of one campaign, source or queue; an empty value: of none. */
export interface CounterSeries {
  value: string;
  calls: number;
  turns: number;
  of_calls: number;
  /** Calls by all calls from there, 0 to 1. */
  share: number;
  /** False: too few calls to call a difference one. */
  enough: boolean;
  /** Finds the calls in the search, where a query does. */
  q?: string;
  /** Of a theme. */
  title?: string;
  points?: Many<{ start: string; calls: number; turns: number; of_calls: number }>;
}

export interface CountersQuery {
  kind: string;
  name?: string;
  by: string;
  step: string;
  limit?: number;
  from?: string;
  to?: string;
  source?: string;
  campaign?: string;
  queue?: string;
}

/** A call about a theme. */
export interface ThemeCall {
  id: string;
  customer_name?: string;
  started_at: string;
  turns: number;
}

export interface Counters {
  by: string;
  state: "complete" | "partial";
  series: readonly CounterSeries[] | null;
  /** All of it together, where series do not overlap. */
  total?: CounterSeries;
  more?: number;
}

export interface ThemePreview {
  turns: number;
  calls: number;
  read: number;
  of: number;
  quotes: Many<ThemeQuote>;
}
