// Which live calls are shown and in which order. Rows change in place: they are
// put in order when somebody asks for it, or when nobody looks at them closely.

import { computed, signal, type Signal } from "@preact/signals";
import type { Live } from "./wire";

export const sorts = ["risk", "mood", "silence", "length", "overlap", "agent", "customer"] as const;
export type Sort = (typeof sorts)[number];

export interface Filter {
  text: string;
  queue: string;
  agent: string;
  /** Only calls of unhappy customers. */
  unhappy: boolean;
  /** Only calls of this risk or more, 0..1. */
  risk: number;
  sort: Sort;
}

export const anyCall: Filter = { text: "", queue: "", agent: "", unhappy: false, risk: 0, sort: "risk" };

/** The filter of an address. */
export function filterOf(q: URLSearchParams): Filter {
  const risk = Number(q.get("risk") ?? 0);
  return {
    text: q.get("q") ?? "", queue: q.get("queue") ?? "", agent: q.get("agent") ?? "", unhappy: q.get("mood") === "unhappy",
    risk: risk > 0 && risk <= 1 ? risk : 0, sort: sorts.find((s) => s === q.get("sort")) ?? "risk",
  };
}

/** The address of a filter. */
export function addressOf(f: Filter): string {
  const q = new URLSearchParams();
  if (f.text) q.set("q", f.text);
  if (f.queue) q.set("queue", f.queue);
  if (f.agent) q.set("agent", f.agent);
  if (f.unhappy) q.set("mood", "unhappy");
  if (f.risk > 0) q.set("risk", String(f.risk));
  if (f.sort !== "risk") q.set("sort", f.sort);
  const s = q.toString();
  return `/supervise${s && `?${s}`}`;
}

/** Seconds of the call at a moment. */
export const lengthOf = (c: Live, now: number): number => Math.max(0, (now - Date.parse(c.started_at)) / 1000);
/** Seconds in which nobody has said anything. */
export const silenceOf = (c: Live, now: number): number => Math.max(0, lengthOf(c, now) - c.spoken);

export function passes(c: Live, f: Filter): boolean {
  if (f.queue && c.queue !== f.queue) return false;
  if (f.agent && c.agent !== f.agent) return false;
  if (f.unhappy && (c.mood ?? 0) > -0.2) return false;
  if (c.risk.value < f.risk) return false;
  const text = f.text.trim().toLowerCase();
  return text === "" || [c.agent, c.customer, c.from, c.queue, c.topic?.name.replaceAll("_", " ")].some((x) => x?.toLowerCase().includes(text));
}

const name = (a: string | undefined, b: string | undefined): number => (a || "\uffff").localeCompare(b || "\uffff");

/** Calls in order at a moment, what is worst first; of equal ones the longest. */
export function sorted(all: readonly Live[], by: Sort, now: number): Live[] {
  const compare: Record<Sort, (a: Live, b: Live) => number> = {
    risk: (a, b) => b.risk.value - a.risk.value,
    mood: (a, b) => (a.mood ?? 2) - (b.mood ?? 2),
    silence: (a, b) => silenceOf(b, now) - silenceOf(a, now),
    length: () => 0,
    overlap: (a, b) => b.overlap - a.overlap,
    agent: (a, b) => name(a.agent, b.agent),
    customer: (a, b) => name(a.customer, b.customer),
  };
  return all.toSorted((a, b) => compare[by](a, b) || Date.parse(a.started_at) - Date.parse(b.started_at) || a.call_id.localeCompare(b.call_id));
}

export class Order {
  readonly filter: Signal<Filter>;
  private readonly ids = signal<readonly string[]>([]);
  private by = "";

  constructor(private readonly calls: Signal<readonly Live[] | undefined> | { readonly value: readonly Live[] | undefined }, filter: Filter) {
    this.filter = signal(filter);
  }

  /** The rows: in the order of the last sorting, new calls at the end. */
  readonly rows = computed((): Live[] => {
    const place = new Map(this.ids.value.map((id, i) => [id, i]));
    const at = (c: Live): number => place.get(c.call_id) ?? Infinity;
    const pass = (this.calls.value ?? []).filter((c) => passes(c, this.filter.value));
    return pass.toSorted((a, b) => (at(a) === at(b) ? Date.parse(a.started_at) - Date.parse(b.started_at) : at(a) - at(b)));
  });

  /** Puts the rows in order. */
  arrange(now: number): void {
    this.by = this.filter.peek().sort;
    this.ids.value = sorted(this.calls.value ?? [], this.filter.peek().sort, now).map((c) => c.call_id);
  }

  /** Whether the rows stand otherwise than they would be put now. */
  stale(now: number): boolean {
    const rows = this.rows.value;
    const want = sorted(rows, this.filter.value.sort, now);
    return rows.some((r, i) => r.call_id !== want[i]?.call_id);
  }

  /** Changes the filter; another sort takes effect at once. */
  set(o: Partial<Filter>, now: number): void {
    this.filter.value = { ...this.filter.peek(), ...o };
    if (this.filter.peek().sort !== this.by) this.arrange(now);
  }
}
