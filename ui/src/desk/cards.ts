// Which suggestions are open, and what became of those that were answered.

import { label, lineAt, marksOf, type Line } from "./captions";
import { find, type Mark } from "../text";
import { many, type Answer, type Choice, type Decision, type Evidence, type Outcome, type Reason } from "../wire";

export interface Answered {
  decision: string;
  action: string;
  title: string;
  answer: Answer;
  /** When it was answered, in milliseconds. */
  at: number;
  /** Waiting can still be undone; pending is on its way. */
  state: "waiting" | "pending" | "recorded" | "failed";
  /** What the server said when it failed. */
  why?: string;
}

const answers: ReadonlySet<string> = new Set(["accepted", "dismissed", "later", "rejected"]);

/** "Later" keeps an action away for so long, whatever is decided again. */
const laterMs = 60_000;
/** A card that has just come does not take a key meant for the one before. */
export const settleMs = 500;

/** The actions still to be answered, best first. */
export function open(d: Decision | undefined, answered: readonly Answered[]): Choice[] {
  if (!d) return [];
  const at = Date.parse(d.at);
  return many(d.actions)
    .filter((c) => !answered.some((a) => a.state !== "failed" && closes(a, c, d, at)))
    .slice(0, 3);
}

function closes(a: Answered, c: Choice, d: Decision, decidedAt: number): boolean {
  if (a.action !== c.action) return false;
  if (a.answer !== "later" || a.decision === d.decision_id) return true;
  return decidedAt - a.at < laterMs;
}

/** Makes what the server recorded into answers, one an action and decision. */
export function record(known: readonly Answered[], o: Outcome, title: string): Answered[] {
  if (!answers.has(o.outcome)) return [...known];
  const answer: Answered = {
    decision: o.decision_id, action: o.action, title, answer: o.outcome as Answer,
    at: Date.parse(o.at), state: "recorded",
  };
  const rest = known.filter((a) => !(a.decision === o.decision_id && a.action === o.action));
  return [...rest, answer].toSorted((a, b) => a.at - b.at);
}

/** The title of an action in the decisions of a call. */
export function titleOf(decisions: readonly Decision[], decision: string, action: string): string {
  const d = decisions.findLast((x) => x.decision_id === decision);
  const inIt = many(d?.actions).find((c) => c.action === action);
  const anywhere = decisions.flatMap((x) => many(x.actions)).findLast((c) => c.action === action);
  return (inIt ?? anywhere)?.title ?? action;
}

/** One key for one answer, so that sending it again changes nothing. */
export function answerKey(decision: string, action: string, answer: Answer): string {
  return `${decision}:${action}:${answer}`;
}

// A reason of the call's context may come without its words: then they are
// the latest that carried its label.
function said(r: Reason, call: string, lines: readonly Line[]): readonly Evidence[] {
  const own = many(r.evidence);
  if (own.length > 0 || r.kind !== "context") return own;
  const line = lines.findLast((l) => l.insights.some((i) => label(i) === r.name));
  const i = line?.insights.find((x) => label(x) === r.name);
  if (!line || !i) return own;
  return [{ label: r.name, weight: 0, at: "", call_id: call, call_second: i.start }];
}

/** The evidence of a choice out of this call, in order of time. */
function evidenceIn(c: Choice, call: string, lines: readonly Line[]): Evidence[] {
  const seen = new Set<string>();
  const out: Evidence[] = [];
  for (const e of many(c.reasons).flatMap((r) => said(r, call, lines))) {
    const at = `${e.label}@${e.call_second ?? 0}`;
    if (e.call_id !== call || seen.has(at)) continue;
    seen.add(at);
    out.push(e);
  }
  return out.toSorted((a, b) => (a.call_second ?? 0) - (b.call_second ?? 0));
}

/** The seconds of the call that raised a choice, each once, the last few. */
export function secondsOf(c: Choice, call: string, lines: readonly Line[], n = 3): Evidence[] {
  const all = evidenceIn(c, call, lines);
  return all.filter((e, i) => all[i - 1]?.call_second !== e.call_second).slice(-n);
}

/** For each line, by its id, the words that raised the card. */
export function triggers(c: Choice | undefined, call: string, lines: readonly Line[]): Map<string, Mark[]> {
  const out = new Map<string, Mark[]>();
  if (!c) return out;
  for (const e of evidenceIn(c, call, lines)) {
    const line = lineAt(lines, e.call_second ?? 0);
    if (!line) continue;
    const id = line.utterance.id;
    out.set(id, union([...(out.get(id) ?? []), ...wordsOf(e, line)]));
  }
  return out;
}

// Marks that touch become one.
function union(marks: readonly Mark[]): Mark[] {
  const out: Mark[] = [];
  for (const m of marks.toSorted((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && m.from <= last.to) {
      const both = last.label === m.label ? m.label : `${last.label}, ${m.label}`;
      out[out.length - 1] = { from: last.from, to: Math.max(last.to, m.to), label: both };
    } else out.push(m);
  }
  return out;
}

// The analyzer's own spans are the closest; the quote may be the whole line.
function wordsOf(e: Evidence, line: Line): readonly Mark[] {
  const marks = marksOf(line).filter((m) => m.label === e.label);
  if (marks.length > 0) return marks;
  const text = line.utterance.text;
  return [{ ...(find(text, e.quote ?? "") ?? { from: 0, to: text.length }), label: e.label }];
}
