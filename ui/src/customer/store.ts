// One customer, what waits to be decided, and the list of customers.

import { signal, type Signal } from "@preact/signals";
import { api as realApi, asProblem, Problem, skew, type Api } from "../api";
import { sentence, textOf } from "../format";
import { t } from "../lang";
import { me } from "../session";
import { many, type Customer } from "../wire";
import type { Entry, KnownIdentifier, Merge, Review } from "./wire";

/** Who decides which customers are one. */
export function mayDecide(): boolean {
  return ["admin", "privacy"].includes(me.value?.role ?? "");
}

/** The kinds of entry in a timeline, in the order of their filters. */
export const kinds = [
  "call", "signal", "gate", "fact", "decision", "outcome", "consent", "identifier", "trait", "activity",
] as const;

/** What a customer is recognised by, as people call it. */
export function typeName(type: string): string {
  return textOf(t().customer.types, type) ?? sentence(type);
}

/** Runs what asks the server, and keeps what went wrong. */
async function trying(problem: Signal<Problem | undefined>, title: string, ask: () => Promise<void>): Promise<boolean> {
  try {
    await ask();
    problem.value = undefined;
    return true;
  } catch (err) {
    problem.value = asProblem(err, title);
    return false;
  }
}

type PageApi = Pick<Api, "customer" | "identifiers" | "merges" | "timeline" | "reviews" | "customers" | "merge" | "unmerge">;

export class CustomerPageStore {
  readonly customer = signal<Customer | undefined>(undefined);
  readonly identifiers = signal<readonly KnownIdentifier[]>([]);
  readonly merges = signal<readonly Merge[]>([]);
  readonly reviews = signal<readonly Review[]>([]);
  readonly entries = signal<readonly Entry[]>([]);
  readonly next = signal("");
  /** When the customer was read, in ms: what fades is shown as of then. */
  readonly read = signal(0);
  /** The kind that the timeline is narrowed to; "" is all. */
  readonly kind = signal("");
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);
  /** Who a merge could be with, when somebody looks for one. */
  readonly found = signal<readonly Customer[] | undefined>(undefined);

  /** What was just done, and how to take it back. */
  readonly done = signal<{ text: string; undo(): Promise<void> } | undefined>(undefined);

  constructor(readonly id: string, private readonly api: PageApi = realApi) {}

  async start(): Promise<void> {
    await trying(this.problem, t().customer.notLoaded, async () => {
      const [customer, known, merges, reviews] = await Promise.all([
        this.api.customer(this.id), this.api.identifiers(this.id), this.api.merges(this.id),
        this.api.reviews({ state: "open", customer: this.id }),
      ]);
      this.read.value = Date.now() + skew.peek();
      this.customer.value = customer;
      this.identifiers.value = many(known.identifiers);
      this.merges.value = many(merges.merges);
      this.reviews.value = many(reviews.reviews);
      await this.page("");
    });
  }

  async show(kind: string): Promise<void> {
    this.kind.value = kind;
    await trying(this.problem, t().customer.noTimeline, () => this.page(""));
  }

  async more(): Promise<void> {
    await trying(this.problem, t().customer.noTimeline, () => this.page(this.next.peek()));
  }

  private async page(after: string): Promise<void> {
    const kind = this.kind.peek();
    const p = await this.api.timeline(this.id, { types: kind, after, limit: 40 });
    if (kind !== this.kind.peek()) return; // another kind was chosen meanwhile
    this.entries.value = after === "" ? many(p.entries) : [...this.entries.peek(), ...many(p.entries)];
    this.next.value = p.next ?? "";
  }

  async look(words: string): Promise<void> {
    if (words.trim() === "") {
      this.found.value = undefined;
      return;
    }
    await trying(this.problem, t().customers.searchFailed, async () => {
      const p = await this.api.customers({ q: words.trim(), limit: 8 });
      const mine = this.customer.peek()?.members ?? [this.id];
      this.found.value = many(p.customers).filter((c) => !many(mine).includes(c.id));
    });
  }

  async merge(other: string): Promise<void> {
    const done = await this.changing(t().customer.notMerged, () => this.api.merge(this.id, other));
    this.found.value = undefined;
    if (done) this.done.value = { text: t().customer.merged, undo: () => this.unmerge(done.id) };
  }

  async unmerge(link: string): Promise<void> {
    const was = this.merges.peek().find((m) => m.id === link);
    const other = many(was?.people).find((p) => p !== this.id);
    const done = await this.changing(t().customer.notParted, () => this.api.unmerge(link));
    if (done) this.done.value = other ? { text: t().customer.parted, undo: () => this.merge(other) } : undefined;
  }

  private async changing(title: string, ask: () => Promise<Merge>): Promise<Merge | undefined> {
    let made: Merge | undefined;
    this.busy.value = true;
    this.done.value = undefined;
    const done = await trying(this.problem, title, async () => {
      made = await ask();
    });
    this.busy.value = false;
    if (done) await this.start();
    return made;
  }
}

export class Customers {
  readonly rows = signal<readonly Customer[]>([]);
  readonly next = signal("");
  readonly waiting = signal(0);
  /** False until the first page came: then an empty list is no list yet. */
  readonly known = signal(false);
  readonly problem = signal<Problem | undefined>(undefined);
  private q = "";

  constructor(private readonly api: Pick<Api, "customers" | "reviews"> = realApi) {}

  async run(q: string): Promise<void> {
    this.q = q.trim();
    await trying(this.problem, t().customers.notLoaded, async () => {
      await this.page("");
      this.known.value = true;
      this.waiting.value = many((await this.api.reviews({ state: "open" })).reviews).length;
    });
  }

  async more(): Promise<void> {
    await trying(this.problem, t().customers.notLoaded, () => this.page(this.next.peek()));
  }

  private async page(after: string): Promise<void> {
    const asked = this.q;
    const p = await this.api.customers({ q: asked, after, limit: 40 });
    if (asked !== this.q) return;
    this.rows.value = after === "" ? many(p.customers) : [...this.rows.peek(), ...many(p.customers)];
    this.next.value = p.next ?? "";
  }
}

export class Reviews {
  readonly rows = signal<readonly Review[]>([]);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal("");
  readonly known = signal(false);

  constructor(private readonly api: Pick<Api, "reviews" | "review"> = realApi) {}

  async start(): Promise<void> {
    await trying(this.problem, t().customers.queueNotLoaded, async () => {
      this.rows.value = many((await this.api.reviews({ state: "open" })).reviews);
      this.known.value = true;
    });
  }

  async decide(id: string, accept: boolean): Promise<void> {
    this.busy.value = id;
    await trying(this.problem, t().customers.notDecided, async () => {
      await this.api.review(id, accept);
      this.rows.value = this.rows.peek().filter((r) => r.id !== id);
    });
    this.busy.value = "";
  }
}
