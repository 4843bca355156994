// One call as the desk follows it: loaded once, then kept up by its stream.

import { computed, signal } from "@preact/signals";
import { api as realApi, asProblem, Problem, type Api } from "../api";
import { follow as realFollow, type Link, type Stream, type StreamOptions } from "../stream";
import {
  many, type Answer, type Call, type CallDetail, type Customer, type Decision, type Envelope,
  type Insight, type Outcome, type Talk, type Utterance,
} from "../wire";
import type { Proposal } from "../wire-outcome";
import type { RecordOrder } from "../wire-recording";
import type { Summary } from "../wire-summary";
import { load, partial, say, silence, type Captions } from "./captions";
import { talkOf } from "./talk";
import { Proposals } from "./proposals";
import { Wishes } from "./wishes";
import { t } from "../lang";
import type { Mute, WrapUp } from "../wire-desk";
import { Answering } from "./answering";
import { open, titleOf } from "./cards";
import { Muting } from "./mute";
import { Undo } from "./undo";
import { WrappingUp } from "./wrapup";

export interface Deps {
  api: Pick<Api, "call" | "answer" | "callEvents" | "customer" | "wishes" | "answerWish" | "record" | "mishear" | "mute" | "unmute" | "wrapUp">;
  follow(o: StreamOptions): Stream;
  now(): number;
}

const types = [
  "call.started", "call.changed", "call.ended", "utterance.spoken", "decision.made", "outcome.recorded", "outcome.proposed",
  "profile.changed", "consent.changed", "suggestions.muted", "call.summarised", "call.wrapped",
] as const;

export class LiveCall {
  readonly call = signal<Call | undefined>(undefined);
  readonly captions = signal<Captions>(silence);
  readonly decisions = signal<readonly Decision[]>([]);
  /** What can be taken back now. */
  readonly undo = new Undo();
  readonly answering: Answering;
  readonly muting: Muting;
  readonly wrap: WrappingUp;
  readonly customer = signal<Customer | undefined>(undefined);
  readonly link = signal<Link>("opening");
  readonly problem = signal<Problem | undefined>(undefined);
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
  readonly over = computed(() => this.call.value !== undefined && this.call.value.status !== "live");
  readonly cards = computed(() => (this.muting.on.value ? [] : open(this.decision.value, this.answering.answered.value)));
  readonly card = computed(
    () => this.cards.value.find((c) => c.action === this.chosen.value) ?? this.cards.value[0],
  );

  private stream: Stream | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private changedAt = 0;
  private closed = false;

  constructor(readonly id: string, private readonly d: Deps = { api: realApi, follow: realFollow, now: Date.now }) {
    this.answering = new Answering(d, this.undo);
    this.muting = new Muting(id, d.api, this.undo);
    this.wrap = new WrappingUp(id, d.api);
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
    this.leave();
    clearTimeout(this.timer);
    this.stream?.close();
  }

  /** Sends what can be undone no more, because the page is left. */
  leave(): void {
    void this.proposals.flush();
    void this.answering.flush();
  }

  private failed(err: unknown): void {
    if (this.closed) return;
    this.problem.value = asProblem(err, t().desk.notShown);
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
    this.answering.load(many(d.outcomes), (o) => this.title(o));
    this.muting.take(d.mute ?? undefined);
    this.wrap.load(d.summary ?? undefined, d.wrap_up ?? undefined);
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
      case "suggestions.muted":
        return this.muting.take(e.data as Mute);
      case "call.summarised":
        return this.wrap.drafted(e.data as Summary);
      case "call.wrapped":
        return this.wrap.take(e.data as WrapUp);
      case "consent.changed":
        void this.wishes.refresh();
        return void this.learnCustomer();
      default:
        this.changed(e.data as Call);
    }
  }

  private recorded(o: Outcome): void {
    this.answering.take(o, this.title(o));
  }

  private changed(c: Call): void {
    const before = this.call.peek();
    if (before && c.customer_id && c.customer_id !== before.customer_id) {
      return void this.start(); // it turned out to be somebody else
    }
    this.call.value = { ...before, ...c };
    // What was still being said when the line went dead comes as a final line or not at all.
    if (c.status && c.status !== "live") this.captions.value = { ...this.captions.peek(), partials: [] };
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
      this.recordNote.value = err instanceof Problem ? err.message : t().desk.notSent;
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

  /** Opens the next of the cards; after the last comes the first. */
  next(): void {
    const all = this.cards.peek();
    const before = this.chosen.peek();
    const at = all.findIndex((c) => c === this.card.peek());
    const to = all[(at + 1) % all.length];
    if (all.length < 2 || !to || this.answering.held.peek()) return;
    this.choose(to.action);
    this.undo.offer({ id: "next", back: () => this.choose(before) }, 10_000);
  }

  /** Answers the open card; see [Answering]. */
  answer(how: Answer, byKey = false): void {
    const decision = this.decision.peek();
    const card = this.card.peek();
    if (!decision || !card) return;
    this.answering.answer(how, { decision, card, since: this.changedAt }, byKey);
    this.chosen.value = "";
  }
}
