import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { follow, type StreamOptions } from "./stream";

class FakeSource extends EventTarget {
  static all: FakeSource[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  close(): void {
    this.closed = true;
  }
  send(type: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(type, { data: typeof data === "string" ? data : JSON.stringify(data) }));
  }
}

const last = (): FakeSource => FakeSource.all.at(-1) as FakeSource;

function start(o: Partial<StreamOptions> = {}) {
  const events: number[] = [];
  const s = follow({
    url: (after) => `/e?after=${after}`, types: ["utterance.spoken"], after: 5,
    onEvent: (e) => events.push(e.seq),
    open: (url) => new FakeSource(url) as unknown as EventSource,
    ...o,
  });
  return { s, events };
}

function hide(state: "hidden" | "visible"): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.all = [];
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a stream", () => {
  it("reopens from the last event after a break, with growing pauses", () => {
    const { s } = start();
    expect(last().url).toBe("/e?after=5");
    last().send("utterance.spoken", { seq: 9 });
    last().onerror?.();
    expect(last().closed).toBe(true);
    vi.advanceTimersByTime(700);
    expect(last().url).toBe("/e?after=9");
    last().onerror?.();
    vi.advanceTimersByTime(700);
    expect(FakeSource.all).toHaveLength(2);
    vi.advanceTimersByTime(700);
    expect(FakeSource.all).toHaveLength(3);
    s.close();
  });

  it("shows an event once, however often it comes", () => {
    const { s, events } = start();
    for (const seq of [5, 6, 6, 4, 7]) last().send("utterance.spoken", { seq });
    expect(events).toEqual([6, 7]);
    s.close();
  });

  it("loads afresh on a gap and reopens nothing by itself", () => {
    const onGap = vi.fn();
    const { s } = start({ onGap });
    last().send("gap", { after: 6 });
    vi.advanceTimersByTime(60_000);
    expect(onGap).toHaveBeenCalledTimes(1);
    expect(FakeSource.all).toHaveLength(1);
    s.close();
  });

  it("just reopens on a gap that nobody minds", () => {
    const { s } = start();
    last().send("gap", { after: 6 });
    vi.advanceTimersByTime(1000);
    expect(FakeSource.all).toHaveLength(2);
    s.close();
  });

  it("gives partial captions without a sequence number", () => {
    const onPartial = vi.fn();
    const { s } = start({ onPartial });
    last().send("caption.partial", { call: "c", text: "he" });
    expect(onPartial).toHaveBeenCalledWith({ call: "c", text: "he" });
    s.close();
  });

  it("ignores what does not parse", () => {
    const { s, events } = start();
    last().send("utterance.spoken", "{");
    expect(events).toEqual([]);
    s.close();
  });

  it("says when the server refuses, and tries again", () => {
    const onRefused = vi.fn();
    const { s } = start({ onRefused });
    last().readyState = 2;
    last().onerror?.();
    expect(onRefused).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    expect(FakeSource.all).toHaveLength(2);
    s.close();
  });

  it("sleeps while the page is hidden and goes on where it was", () => {
    const { s } = start();
    last().send("utterance.spoken", { seq: 8 });
    hide("hidden");
    expect(last().closed).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.all).toHaveLength(1);
    hide("visible");
    expect(last().url).toBe("/e?after=8");
    s.close();
  });

  it("stays closed", () => {
    const { s } = start();
    last().onerror?.();
    s.close();
    hide("visible");
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.all).toHaveLength(1);
  });
});
