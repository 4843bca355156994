// The desk: which call it shows, and the calls that are live now.

import { writing } from "../keys";
import { computed, effect, signal } from "@preact/signals";
import { api } from "../api";
import { follow, type Stream } from "../stream";
import { many, type Call, type CallRow, type Envelope } from "../wire";
import { LiveCall } from "./live";

/** Calls that are live now, the newest first. undefined until known. */
export const liveCalls = signal<readonly CallRow[] | undefined>(undefined);
/** Grows with every call that starts, changes or ends. */
export const callsMoved = signal(0);

const newest = (a: Call, b: Call): number => Date.parse(b.started_at) - Date.parse(a.started_at);

/** Folds a call event into the live calls. */
export function foldLive(all: readonly CallRow[], c: Call): CallRow[] {
  const old = all.find((x) => x.id === c.id);
  const rest = all.filter((x) => x.id !== c.id);
  return c.status === "live" ? [...rest, { ...old, ...c }].toSorted(newest) : rest;
}

async function refreshLive(): Promise<void> {
  try {
    const page = await api.calls({ status: "live", limit: 100 });
    liveCalls.value = many(page.calls).toSorted(newest);
    callsMoved.value++;
  } catch {
    // The stream below tries again, and says so by its own state.
  }
}

/** Follows all calls until closed. One is enough for the whole app. */
export function watchCalls(): Stream {
  const types = ["call.started", "call.changed", "call.ended"];
  void refreshLive();
  return follow({
    url: () => api.allEvents(types),
    types,
    onOpen: () => void refreshLive(),
    onRefused: () => void refreshLive(),
    onEvent: (e: Envelope) => {
      liveCalls.value = foldLive(liveCalls.peek() ?? [], e.data as Call);
      callsMoved.value++;
    },
  });
}

/** The call that the desk shows. */
export const current = signal<LiveCall | undefined>(undefined);
/** The call that the address asks for; "" lets the desk pick. */
export const asked = signal("");
/** The call shown before the desk went on to a newer one by itself. */
export const previous = signal<Call | undefined>(undefined);

/** A live call that began after the shown one ended and waits to be opened. */
export const waiting = computed(() => {
  const shown = current.value?.call.value;
  if (!shown || shown.status === "live") return undefined;
  return liveCalls.value?.find((c) => c.id !== shown.id);
});

/**
 * Which call to show. The desk goes on to a newer call only when it picks by
 * itself, the shown one is over and nobody is writing about it.
 */
export function pick(o: { asked: string; shown: Call | undefined; live: readonly Call[]; busy: boolean }): string {
  if (o.asked !== "") return o.asked;
  const next = o.live[0]?.id ?? "";
  if (!o.shown) return next;
  if (o.shown.status === "live" || o.busy || next === "") return o.shown.id;
  return next;
}

function busy(): boolean {
  return writing(document.activeElement);
}

function show(id: string): void {
  const old = current.peek();
  if ((old?.id ?? "") === id) return;
  previous.value = old?.call.peek();
  old?.close();
  if (id === "") {
    current.value = undefined;
    return;
  }
  const next = new LiveCall(id);
  current.value = next;
  void next.start();
}

/** Keeps the desk on the right call while it is on the page. */
export function openDesk(): () => void {
  const stop = effect(() => {
    const live = liveCalls.value;
    if (live === undefined && asked.value === "") return;
    const shown = current.value?.call.value;
    const loading = current.value && !shown && current.value.problem.value?.status !== 404;
    if (loading && asked.value === "") return;
    show(pick({ asked: asked.value, shown, live: live ?? [], busy: busy() }));
  });
  return () => {
    stop();
    current.peek()?.close();
    current.value = undefined;
    previous.value = undefined;
  };
}
