// Saved searches, what one asks to be told of, and what one was told.

import type { Many } from "../wire";

export interface SavedSearch {
  id: string;
  name: string;
  query: string;
  sort: string;
  shared: boolean;
  own: boolean;
  link: string;
  /** Why it can be asked no more. */
  problem?: string;
  total?: number;
}

export type RuleKind = "threshold" | "change" | "new" | "digest";

export interface Rule {
  kind: RuleKind;
  least?: number;
  unit?: "calls" | "lines";
  period?: "hour" | "day" | "week";
  direction?: "up" | "down" | "either";
  weeks?: number;
}

export interface Way {
  mail?: string;
  language?: "en" | "ar";
  webhook?: string;
}

export interface Subscription extends Rule, Way {
  id: string;
  search_id?: string;
  theme_id?: string;
  name?: string;
  state: "active" | "paused" | "deleted";
  note?: string;
  above: boolean;
  alerted_at?: string;
}

export interface RulePreview {
  weeks: number;
  fired: Many<string>;
  count: number;
  expected?: number;
  note?: string;
}

export interface Delivery {
  by: "mail" | "webhook";
  state: "waiting" | "sent" | "failed";
  tries: number;
  why?: string;
}

export interface Alert {
  id: string;
  subscription_id: string;
  at: string;
  name?: string;
  kind: RuleKind;
  count: number;
  unit: "calls" | "lines";
  from: string;
  to: string;
  expected?: number;
  link: string;
  deliveries: Many<Delivery>;
}
