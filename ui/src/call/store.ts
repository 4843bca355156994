// One call after the fact, or while it runs: what was said, heard and done.

import { computed, signal } from "@preact/signals";
import { api as realApi, asProblem, Problem, type Api } from "../api";
import { load, type Line } from "../desk/captions";
import { Proposals } from "../desk/proposals";
import { t } from "../lang";
import { follow as realFollow, type Stream } from "../stream";
import { many, type CallDetail, type Correction, type Decision, type Outcome, type Peaks } from "../wire";
import { Notes } from "./notes";
import type { Rewording } from "./wire";

const types = [
  "call.changed", "call.ended", "call.summarised", "utterance.spoken", "utterance.corrected", "correction.withdrawn", "decision.made", "outcome.recorded",
  "outcome.proposed", "comment.added", "comment.edited", "comment.removed", "comment.restored",
];

type Needed =
  | "call" | "peaks" | "callEvents" | "correct" | "uncorrect" | "rewordings" | "answer" | "mishear"
  | "comments" | "addComment" | "editComment" | "removeComment" | "restoreComment";

export class CallPage {
  readonly detail = signal<CallDetail | undefined>(undefined);
  readonly peaks = signal<Peaks | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  /** In the order in which it was said. */
  readonly lines = computed(() => bySpeech(this.detail.value));
  readonly decisions = computed(() => many(this.detail.value?.decisions).toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)));
  readonly outcomes = computed(() => many(this.detail.value?.outcomes).toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)));

  /** By the utterance that they correct. */
  readonly corrections = computed(() => new Map(many(this.detail.value?.corrections).map((c) => [c.utterance_id, c])));

  /** What was heard to become of the suggestions. */
  readonly proposals: Proposals;

  /** What people wrote beside it. */
  readonly notes: Notes;
  /** The line that the keyboard is at; "" is the first. */
  readonly active = signal("");
  private stream: Stream | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(
    readonly id: string,
    private readonly api: Pick<Api, Needed> = realApi,
    private readonly follow: typeof realFollow = realFollow,
  ) {
    this.proposals = new Proposals({ api, now: Date.now, recorded: () => void this.start() });
    this.notes = new Notes(id, api);
  }

  async start(): Promise<void> {
    try {
      const d = await this.api.call(this.id);
      if (this.closed) return;
      this.problem.value = undefined;
      this.detail.value = d;
      void this.notes.load();
      this.proposals.load(many(d.proposals));
      if ((d.status === "live" || !d.summary) && !this.stream) this.listen(d.last_seq);
      if (d.status !== "live") await this.loadPeaks(d);
    } catch (err) {
      if (!this.closed) this.problem.value = asProblem(err, t().call.cannotShow);
    }
  }

  close(): void {
    this.closed = true;
    void this.proposals.flush();
    clearTimeout(this.timer);
    this.stream?.close();
  }

  /** Says what was said in an utterance; it rejects with a Problem. */
  async correct(utterance: string, text: string): Promise<void> {
    this.replace(utterance, await this.api.correct({ call: this.id, utterance, text }));
  }

  /** Lets an utterance read as it was heard. */
  async uncorrect(utterance: string): Promise<void> {
    await this.api.uncorrect({ call: this.id, utterance });
    this.replace(utterance, undefined);
  }

  /** How a line came to read as it does, the latest first; it rejects with a Problem. */
  async rewordings(utterance: string): Promise<readonly Rewording[]> {
    return many((await this.api.rewordings({ call: this.id, utterance })).rewordings);
  }

  private replace(utterance: string, c: Correction | undefined): void {
    const d = this.detail.peek();
    if (!d) return;
    if (!this.stream) this.listen(d.last_seq); // the summary is made again
    const rest = many(d.corrections).filter((x) => x.utterance_id !== utterance);
    this.detail.value = { ...d, corrections: c ? [...rest, c] : rest };
  }

  private async loadPeaks(d: CallDetail): Promise<void> {
    if (this.peaks.peek() || d.recording.state === "none" || d.recording.state === "refused" || d.recording.state === "lost") return;
    try {
      this.peaks.value = await this.api.peaks(this.id);
    } catch {
      // Without peaks the recording still plays: the player shows a plain bar.
    }
  }

  // A page about a call is read, not watched: it loads again soon after
  // something happened instead of folding each event.
  private listen(after: number): void {
    const again = (): void => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.start(), 400);
    };
    this.stream = this.follow({
      url: (from) => this.api.callEvents(this.id, from), types, after, onEvent: again,
      onOpen: again,
    });
  }

  /** Seconds from the start of the call at which something was recorded. */
  second(at: string): number {
    const began = Date.parse(this.detail.value?.started_at ?? at);
    return Math.max(0, (Date.parse(at) - began) / 1000);
  }
}

function bySpeech(d: CallDetail | undefined): Line[] {
  if (!d) return [];
  const { lines } = load(many(d.utterances), many(d.insights));
  return [...lines].toSorted((a, b) => a.utterance.start - b.utterance.start || a.utterance.seq - b.utterance.seq);
}

/** What became of an action of a decision: its latest outcome. */
export function outcomeOf(d: Decision, action: string, outcomes: readonly Outcome[]): Outcome | undefined {
  return outcomes.findLast((o) => o.decision_id === d.decision_id && o.action === action && o.outcome !== "impression");
}

/** The words that say yes to a suggestion. */
export const yes: ReadonlySet<string> = new Set(["clicked", "accepted", "converted"]);

/**
 * What became of a decision's first suggestion, beyond the answer itself:
 * "overridden" when another of it was taken, "not_done" when it was accepted
 * and its time ran out without it coming about.
 */
export function fateOf(d: Decision, outcomes: readonly Outcome[]): string | undefined {
  const mine = outcomes.filter((o) => o.decision_id === d.decision_id && o.outcome !== "impression");
  const first = many(d.actions)[0]?.action;
  const own = mine.filter((o) => o.action === first);
  const last = own.findLast((o) => o.outcome !== "no_response");
  if (mine.some((o) => o.action !== first && yes.has(o.outcome)) && !(last && yes.has(last.outcome))) return "overridden";
  if (last?.outcome === "accepted" && own.some((o) => o.outcome === "no_response")) return "not_done";
  return (last ?? own.at(-1))?.outcome;
}

/** Decisions in a row with the same first suggestion. */
export interface Run {
  first: Decision;
  last: Decision;
  /** Those after the first; empty when it was decided once. */
  again: readonly Decision[];
}

/** Groups decisions in a row by their first suggestion; an answer ends a row. */
export function runs(all: readonly Decision[], outcomes: readonly Outcome[]): Run[] {
  const top = (d: Decision): string => many(d.actions)[0]?.action ?? "";
  const answered = (d: Decision): boolean => outcomes.some((o) => o.decision_id === d.decision_id && o.outcome !== "impression");
  const out: Run[] = [];
  for (const d of all) {
    const run = out.at(-1);
    if (run && top(run.last) === top(d) && !answered(run.last) && !answered(d)) {
      out[out.length - 1] = { first: run.first, last: d, again: [...run.again, d] };
    } else out.push({ first: d, last: d, again: [] });
  }
  return out;
}
