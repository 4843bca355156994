// One live stream of the server's events that survives what networks do: it
// keeps the last sequence number, reopens from there with growing pauses, and
// sleeps while the page is hidden, because a browser allows only six
// connections to one host over HTTP/1.1.

import type { Envelope, Partial } from "./wire";

export type Link = "opening" | "open" | "waiting" | "closed";

export interface StreamOptions {
  /** Address of the stream from a sequence number on. */
  url(after: number): string;
  types: readonly string[];
  /** Events at or below it are known already. */
  after?: number;
  onEvent(e: Envelope): void;
  onPartial?(p: Partial): void;
  /** Takes events that are no envelopes, in the place of onEvent. */
  onMessage?(m: MessageEvent<string>): void;
  /** Events were lost: the reader loads afresh and follows anew. Without it the stream just reopens. */
  onGap?(): void;
  onOpen?(): void;
  onLink?(l: Link): void;
  /** The server refused the stream; it is tried again all the same. */
  onRefused?(): void;
  open?(url: string): EventSource;
}

export interface Stream {
  close(): void;
}

const slowest = 15_000;

const followers = new Set<Follower>();

/** Has streams that wait to be tried again try now: somebody signed in. */
export function wake(): void {
  for (const f of followers) f.again();
}

export function follow(o: StreamOptions): Stream {
  const f = new Follower(o);
  f.start();
  return f;
}

class Follower implements Stream {
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last: number;
  private pause = 500;
  private closed = false;
  private readonly seen = (): void => this.visibility();

  constructor(private readonly o: StreamOptions) {
    this.last = o.after ?? 0;
  }

  start(): void {
    document.addEventListener("visibilitychange", this.seen);
    followers.add(this);
    this.open();
  }

  close(): void {
    this.closed = true;
    followers.delete(this);
    document.removeEventListener("visibilitychange", this.seen);
    this.drop("closed");
  }

  again(): void {
    if (this.source || document.visibilityState === "hidden") return;
    clearTimeout(this.timer);
    this.pause = 500;
    this.open();
  }

  private open(): void {
    if (this.closed || this.source) return;
    const make = this.o.open ?? ((url: string) => new EventSource(url));
    const source = make(this.o.url(this.last));
    this.source = source;
    this.o.onLink?.("opening");
    source.onopen = () => {
      this.o.onLink?.("open");
      this.o.onOpen?.();
    };
    source.onerror = () => this.failed();
    for (const type of this.o.types) {
      source.addEventListener(type, (m) => this.event(m as MessageEvent<string>));
    }
    source.addEventListener("caption.partial", (m) => this.partial(m as MessageEvent<string>));
    source.addEventListener("gap", () => this.gap());
  }

  private event(m: MessageEvent<string>): void {
    this.pause = 500;
    if (this.o.onMessage) return this.o.onMessage(m);
    const e = parse<Envelope>(m.data);
    if (!e || (e.seq > 0 && e.seq <= this.last)) return;
    this.last = Math.max(this.last, e.seq);
    this.o.onEvent(e);
  }

  private partial(m: MessageEvent<string>): void {
    const p = parse<Partial>(m.data);
    if (p) this.o.onPartial?.(p);
  }

  private gap(): void {
    if (!this.o.onGap) return this.failed();
    // The reader loads afresh and follows again from where that load ends.
    this.drop("waiting");
    this.timer = setTimeout(() => this.o.onGap?.(), 200);
  }

  private failed(): void {
    const refused = this.source?.readyState === 2;
    this.drop("waiting");
    if (this.closed) return;
    if (refused) this.o.onRefused?.();
    this.timer = setTimeout(() => this.open(), this.pause * (0.75 + Math.random() / 2));
    this.pause = Math.min(this.pause * 2, slowest);
  }

  private visibility(): void {
    if (this.closed) return;
    if (document.visibilityState === "hidden") this.drop("waiting");
    else this.open();
  }

  private drop(l: Link): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
    this.o.onLink?.(l);
  }
}

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
