// A search is its address; the store holds what came back for it.

import { signal } from "@preact/signals";
import { api as realApi, Problem, type Api } from "../api";
import { unitSpans } from "../text";
import { many, type CallDetail, type Hit, type Utterance } from "../wire";

export class Search {
  readonly hits = signal<readonly Hit[]>([]);
  readonly total = signal<number | undefined>(undefined);
  readonly next = signal("");
  readonly partial = signal(false);
  readonly loading = signal(false);
  readonly problem = signal<Problem | undefined>(undefined);

  private q = "";
  private running: AbortController | undefined;

  /** Neighbours of the hits that were asked for, by the hit's utterance. */
  readonly around = signal<ReadonlyMap<string, Around>>(new Map());
  private readonly calls = new Map<string, Promise<readonly Utterance[]>>();

  constructor(private readonly api: Pick<Api, "search" | "call"> = realApi) {}

  /** Looks for q; an answer to an earlier question is dropped. */
  async run(q: string): Promise<void> {
    this.q = q.trim();
    this.running?.abort();
    this.problem.value = undefined;
    if (this.q === "") {
      this.hits.value = [];
      this.total.value = undefined;
      this.next.value = "";
      return;
    }
    await this.page("");
  }

  async more(): Promise<void> {
    if (this.next.peek() !== "" && !this.loading.peek()) await this.page(this.next.peek());
  }

  /** Shows or hides the two lines before and after a hit. */
  async toggleAround(h: Hit): Promise<void> {
    const now = new Map(this.around.peek());
    if (!now.delete(h.utterance_id)) {
      const said = await this.utterances(h.call_id).catch(() => []);
      now.set(h.utterance_id, neighbours(said, h.utterance_id));
    }
    this.around.value = now;
  }

  private utterances(call: string): Promise<readonly Utterance[]> {
    let said = this.calls.get(call);
    if (!said) {
      said = this.api.call(call).then((d) => asCorrected(d).toSorted((a, b) => a.start - b.start));
      said.catch(() => this.calls.delete(call));
      this.calls.set(call, said);
    }
    return said;
  }

  private async page(after: string): Promise<void> {
    const mine = new AbortController();
    this.running = mine;
    this.loading.value = true;
    try {
      const p = await this.api.search({ q: this.q, limit: 30, after }, mine.signal);
      if (this.running !== mine) return;
      this.hits.value = after === "" ? many(p.hits) : [...this.hits.peek(), ...many(p.hits)];
      this.total.value = p.total;
      this.next.value = p.next ?? "";
      this.partial.value = p.state === "partial";
    } catch (err) {
      if (this.running !== mine || (err instanceof DOMException && err.name === "AbortError")) return;
      this.problem.value = err instanceof Problem ? err : new Problem(0, "The search failed", String(err));
      if (after === "") this.hits.value = [];
    }
    this.loading.value = false;
  }
}

export interface Around {
  before: readonly Utterance[];
  after: readonly Utterance[];
}

/** The two lines before and after one. */
export function neighbours(said: readonly Utterance[], id: string): Around {
  const at = said.findIndex((u) => u.id === id);
  if (at < 0) return { before: [], after: [] };
  return { before: said.slice(Math.max(0, at - 2), at), after: said.slice(at + 1, at + 3) };
}

export interface QueryError {
  message: string;
  /** Place in the query, in units of the string; undefined when not told. */
  at: number | undefined;
}

/** Errors of the query with their places: a location such as "query.q:12", in bytes. */
export function queryErrors(p: Problem, q: string): QueryError[] {
  const size = new TextEncoder().encode(q).length;
  return p.errors.map((e) => {
    const m = /:(\d+)$/.exec(e.location ?? "");
    if (!m) return { message: e.message, at: undefined };
    const from = Number(m[1]);
    const at = from >= size ? q.length : (unitSpans(q, [{ from, to: size }])[0]?.from ?? q.length);
    return { message: e.message, at };
  });
}

/** What was said, in the words of those who corrected it. */
export function asCorrected(d: Pick<CallDetail, "utterances" | "corrections">): Utterance[] {
  const fixed = new Map(many(d.corrections).map((c) => [c.utterance_id, c.text]));
  return many(d.utterances).map((u) => ({ ...u, text: fixed.get(u.id) ?? u.text }));
}
