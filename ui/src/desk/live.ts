// One call as the desk follows it: loaded once, then kept up by its stream.

import { computed, signal } from "@preact/signals";
import { api as realApi, Problem, type Api } from "../api";
import { follow as realFollow, type Link, type Stream, type StreamOptions } from "../stream";
import {
  many, type Answer, type Call, type CallDetail, type Choice, type Customer, type Decision, type Envelope,
  type Insight, type Outcome, type Talk, type Utterance,
} from "../wire";
import type { Proposal } from "../wire-outcome";
import type { RecordOrder } from "../wire-recording";
import { load, partial, say, silence, type Captions } from "./captions";
import { talkOf } from "./talk";
import { Proposals } from "./proposals";
import { Wishes } from "./wishes";
import { answerKey, open, record, settleMs, titleOf, type Answered } from "./cards";

export interface Deps {
  api: Pick<Api, "call" | "answer" | "callEvents" | "customer" | "wishes" | "answerWish" | "record" | "mishear">;
  follow(o: StreamOptions): Stream;
  now(): number;
}

const types = [
  "call.started", "call.changed", "call.ended", "utterance.spoken", "decision.made", "outcome.recorded", "outcome.proposed",
  "profile.changed", "consent.changed",
] as const;

/** How long an answered card stays to say what became of it. */
const holdMs = 1600;

export class LiveCall {
  readonly call = signal<Call | undefined>(undefined);
  readonly captions = signal<Captions>(silence);
  readonly decisions = signal<readonly Decision[]>([]);
  readonly answered = signal<readonly Answered[]>([]);
  readonly customer = signal<Customer | undefined>(undefined);
  readonly link = signal<Link>("opening");
  readonly problem = signal<Problem | undefined>(undefined);
  /** The card that was just answered and is still shown. */
  readonly held = signal<Choice | undefined>(undefined);
  /** What was last refused or done, for the status line. */
  readonly note = signal("");
  /** Action of the card that the agent opened; "" is the first. */
  readonly chosen = signal("");

  /** What the customer said of contact and recording, and the agent is to confirm. */
  readonly wishes: Wishes;
  /** What the customer was heard to answer, and the agent is to confirm. */
  readonly proposals: Proposals;
  /** An order about the recording that is on its way. */
  readonly ordered = signal<RecordOrder | undefined>(undefined);
  /** Why the last such order was not done. */
  readonly recordNote = signal("");

  /** How the conversation goes so far. */
  readonly talk = signal<Talk>({});

  private readonly whole = signal<readonly Insight[]>([]);
  readonly insights = computed(() => [
    ...this.whole.value, ...this.captions.value.lines.flatMap((l) => [...l.insights]),
  ]);
  readonly decision = computed(() => this.decisions.value.at(-1));
  readonly cards = computed(() => open(this.decision.value, this.answered.value));
  readonly card = computed(
    () => this.cards.value.find((c) => c.action === this.chosen.value) ?? this.cards.value[0],
  );

  private stream: Stream | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private changedAt = 0;
  private closed = false;

  constructor(readonly id: string, private readonly d: Deps = { api: realApi, follow: realFollow, now: Date.now }) {
    this.wishes = new Wishes(id, d);
    this.proposals = new Proposals({ ...d, recorded: (o) => this.recorded(o) });
  }

  async start(): Promise<void> {
    try {
      const detail = await this.d.api.call(this.id);
      if (this.closed) return;
      this.fill(detail);
      this.listen(detail.last_seq);
    } catch (err) {
      this.failed(err);
    }
  }

  close(): void {
    this.closed = true;
    void this.proposals.flush();
    clearTimeout(this.timer);
    this.stream?.close();
  }

  private failed(err: unknown): void {
    if (this.closed) return;
    this.problem.value = err instanceof Problem ? err : new Problem(0, "This call cannot be shown", String(err));
    // Not found stays so; anything else may pass.
    if (this.problem.value.status !== 404) this.timer = setTimeout(() => void this.start(), 3000);
  }

  private fill(d: CallDetail): void {
    this.problem.value = undefined;
    this.call.value = d;
    this.captions.value = load(many(d.utterances), many(d.insights), this.captions.peek());
    this.whole.value = many(d.insights).filter((i) => !i.utterance_id);
    this.talk.value = talkOf(this.whole.peek());
    this.decisions.value = many(d.decisions).toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
    this.customer.value = d.customer ?? undefined;
    let all: readonly Answered[] = this.answered.peek().filter((a) => a.state !== "recorded");
    for (const o of many(d.outcomes)) all = record(all, o, this.title(o));
    this.answered.value = all;
    this.proposals.load(many(d.proposals));
    void this.wishes.refresh();
  }

  private listen(after: number): void {
    this.stream?.close();
    this.stream = this.d.follow({
      url: (from) => this.d.api.callEvents(this.id, from),
      types,
      after,
      onEvent: (e) => this.event(e),
      onPartial: (p) => {
        if (p.call === this.id) this.captions.value = partial(this.captions.peek(), p);
      },
      onGap: () => void this.start(),
      onLink: (l) => {
        this.link.value = l;
      },
    });
  }

  private event(e: Envelope): void {
    if (e.data === null) return; // forgotten since
    switch (e.type) {
      case "utterance.spoken": {
        const { utterance, insights, talk } = e.data as { utterance: Utterance; insights?: Insight[] | null; talk?: Talk };
        if (talk) this.talk.value = talk;
        this.captions.value = say(this.captions.peek(), utterance, many(insights));
        return;
      }
      case "decision.made":
        return this.decided(e.data as Decision);
      case "outcome.recorded":
        return this.recorded(e.data as Outcome);
      case "outcome.proposed":
        return this.proposals.take(e.data as Proposal);
      case "profile.changed":
        this.customer.value = e.data as Customer;
        return;
      case "consent.changed":
        void this.wishes.refresh();
        return void this.learnCustomer();
      default:
        this.changed(e.data as Call);
    }
  }

  private recorded(o: Outcome): void {
    this.answered.value = record(this.answered.peek(), o, this.title(o));
  }

  private changed(c: Call): void {
    const before = this.call.peek();
    if (before && c.customer_id && c.customer_id !== before.customer_id) {
      return void this.start(); // it turned out to be somebody else
    }
    this.call.value = { ...before, ...c };
    if (c.recording?.state === "refused") this.forget();
  }

  /** What was said is gone, and must not stand on the screen either. */
  private forget(): void {
    this.captions.value = silence;
    this.whole.value = [];
    this.talk.value = {};
    this.proposals.load([]);
  }

  /** Changes what is kept of the call; the stream tells what came of it. */
  async record(order: RecordOrder): Promise<void> {
    if (this.ordered.peek() || this.call.peek()?.status !== "live") return;
    this.ordered.value = order;
    this.recordNote.value = "";
    try {
      await this.d.api.record(this.id, order);
    } catch (err) {
      this.recordNote.value = err instanceof Problem ? err.message : "It could not be sent.";
    }
    this.ordered.value = undefined;
  }

  private decided(d: Decision): void {
    const before = this.card.peek()?.action;
    this.decisions.value = [...this.decisions.peek().filter((x) => x.decision_id !== d.decision_id), d];
    if (this.card.peek()?.action !== before) this.changedAt = this.d.now();
  }

  // What they allow has changed; the next change of the profile would tell too.
  private async learnCustomer(): Promise<void> {
    const id = this.call.peek()?.customer_id;
    if (id) this.customer.value = await this.d.api.customer(id).catch(() => this.customer.peek());
  }

  private title(o: Outcome): string {
    return this.titleOf(o.decision_id, o.action);
  }

  /** What an action of a decision is called. */
  titleOf(decision: string, action: string): string {
    return titleOf(this.decisions.value, decision, action);
  }

  /** An utterance of the call, while it is shown. */
  line(utterance: string): Utterance | undefined {
    return this.captions.value.lines.find((l) => l.utterance.id === utterance)?.utterance;
  }

  /** Opens one of the cards in full. */
  choose(action: string): void {
    this.chosen.value = action;
  }

  /**
   * Answers the open card. It is shown as pending until the server has it. A
   * card that has only just come refuses, and so does one already answered.
   */
  async answer(how: Answer, byKey = false): Promise<void> {
    const d = this.decision.peek();
    const c = this.card.peek();
    if (!d || !c || this.held.peek()) return;
    if (byKey && this.d.now() - this.changedAt < settleMs) {
      this.note.value = "The suggestion has just changed. Press again if you mean this one.";
      return;
    }
    const mine: Answered = {
      decision: d.decision_id, action: c.action, title: c.title, answer: how, at: this.d.now(), state: "pending",
    };
    this.held.value = c;
    this.chosen.value = "";
    this.put(mine);
    await this.send(mine);
    setTimeout(() => {
      if (this.held.peek() === c) this.held.value = undefined;
    }, holdMs);
  }

  private async send(a: Answered): Promise<void> {
    try {
      const o = await this.d.api.answer({
        decision: a.decision, action: a.action, outcome: a.answer, key: answerKey(a.decision, a.action, a.answer),
      });
      this.answered.value = record(this.answered.peek(), o, a.title);
      this.note.value = "";
    } catch (err) {
      const why = err instanceof Problem ? err.message : "It could not be sent.";
      this.put({ ...a, state: "failed", why });
      this.held.value = undefined;
      this.note.value = `Not recorded: ${why} The suggestion is still open.`;
    }
  }

  private put(a: Answered): void {
    const rest = this.answered.peek().filter((x) => !(x.decision === a.decision && x.action === a.action));
    this.answered.value = [...rest, a];
  }
}
