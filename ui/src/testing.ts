// Values for tests: each a whole record with what the test says about it.

import type { Proposal } from "./wire-outcome";
import type { Choice, Decision, Insight, Outcome, Partial, Utterance } from "./wire";

export function utterance(o: globalThis.Partial<Utterance> = {}): Utterance {
  return { id: "u1", seq: 1, speaker: "customer", start: 1, end: 3, text: "I want to cancel", confidence: 0.9, ...o };
}

export function insight(o: globalThis.Partial<Insight> = {}): Insight {
  return {
    kind: "intent", name: "cancel", confidence: 0.9, speaker: "customer", start: 1, end: 3, model: "m", utterance_id: "u1",
    ...o,
  };
}

export function partialOf(o: globalThis.Partial<Partial> = {}): Partial {
  return { call: "c1", speaker: "customer", segment: 1, text: "I want", start: 1, end: 2, ...o };
}

export function choice(o: globalThis.Partial<Choice> = {}): Choice {
  return {
    action: "retain", issue: "i", group: "g", rank: 1, title: "Keep them", say: "Stay", because: "They said so",
    p: 0.5, c: 1, v: 10, l: 1, priority: 5, net: 5, ...o,
  };
}

export function decision(o: globalThis.Partial<Decision> = {}): Decision {
  return {
    decision_id: "d1", at: "2026-03-01T10:00:10.000Z", slot: "agent.call", channel: "agent", subject: "m", because: "b",
    actions: [choice()], ...o,
  };
}

export function outcome(o: globalThis.Partial<Outcome> = {}): Outcome {
  return { id: "o1", decision_id: "d1", action: "retain", outcome: "accepted", at: "2026-03-01T10:00:12.000Z", ...o };
}

export function proposal(o: globalThis.Partial<Proposal> = {}): Proposal {
  return {
    id: "u2.accepted", call_id: "c1", decision_id: "d1", action: "retain", outcome: "accepted", offer: "u1", reply: "u2",
    at: "2026-03-01T10:00:15.000Z", state: "open", ...o,
  };
}
