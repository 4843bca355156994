// The shapes of live calls and their rules, field for field as the HTTP API has them.

import type { Many, Speaker } from "../wire";

export interface Topic { kind: "theme" | "intent"; name: string; at: number }
export interface RiskPart {
  kind: "mood" | "falling" | "annoyed" | "asks" | "leaving" | "complains" | "overlap" | "dead_air";
  figure: number;
  adds: number;
}

export interface Live {
  call_id: string;
  agent?: string;
  customer_id?: string;
  customer?: string;
  from?: string;
  to?: string;
  direction: string;
  queue?: string;
  language?: string;
  started_at: string;
  topic?: Topic;
  /** -1..1, as it went; absent until the customer said something. */
  mood?: number;
  course: Many<{ at: number; value: number }>;
  /** Seconds at which the last words ended. */
  spoken: number;
  speaker?: Speaker;
  overlap: number;
  dead_air: number;
  risk: { value: number; parts: Many<RiskPart> };
  audio: { state: "good" | "poor" | "paused" | "deaf"; recording: string; lost?: number; notes?: Many<string> };
}

export const ruleKinds = ["mood", "silence", "phrase", "theme", "asks", "risk", "long", "overlap"] as const;
export type RuleKind = (typeof ruleKinds)[number];

export interface LiveAlert {
  id: string;
  rule_id: string;
  name: string;
  kind: RuleKind;
  call_id: string;
  agent?: string;
  at: string;
  /** Of the call. */
  seconds: number;
  value?: number;
  acked_at?: string;
  acked_by?: string;
}

/** All there is when whole, otherwise what changed. */
export interface Board {
  whole: boolean;
  now: string;
  calls: Many<Live>;
  ended: Many<string>;
  alerts: Many<LiveAlert>;
}

export interface RuleDraft {
  name: string;
  kind: RuleKind;
  level?: number;
  seconds?: number;
  phrase?: string;
  theme?: string;
  speaker?: Speaker;
  agent?: string;
  queue?: string;
  mail?: string;
  /** Of mails. */
  language?: "en" | "ar";
  webhook?: string;
}

export interface LiveRule extends RuleDraft {
  id: string;
  by?: string;
  own: boolean;
  changed_at: string;
  /** Why nothing is sent to the webhook any more. */
  webhook_off?: string;
}

export interface Figures {
  agent: string;
  calls: number;
  live: number;
  talk: number;
  longest: number;
  mood?: number;
  mood_calls: number;
  outcomes: Record<string, number>;
  answers: number;
  accepted?: number;
}

export interface Team {
  from: string;
  to: string;
  more: boolean;
  all: Figures;
  agents: Many<Figures>;
}
