// All live calls and their alerts, followed once for the whole app.

import { computed, signal } from "@preact/signals";
import { api as realApi, asProblem, setSkew, type Api, type Problem } from "../api";
import { t } from "../lang";
import { follow, type Link, type Stream } from "../stream";
import { many } from "../wire";
import { waitingAlerts } from "./count";
import type { Board, Live, LiveAlert } from "./wire";

const calls = signal<ReadonlyMap<string, Live> | undefined>(undefined);
const alerts = signal<ReadonlyMap<string, LiveAlert>>(new Map());

/** The live calls; undefined until they are known. */
export const live = computed(() => calls.value && [...calls.value.values()]);
export const callOf = (id: string): Live | undefined => calls.value?.get(id);
/** Alerts that nobody has seen to, the latest first. */
export const open = computed(() => [...alerts.value.values()].filter((a) => !a.acked_at).toSorted((a, b) => b.at.localeCompare(a.at)));
export const link = signal<Link>("opening");
export const refused = signal(false);

/** What was last seen to, for as long as it can be undone. */
export const seenTo = signal<LiveAlert | undefined>(undefined);
export const problem = signal<Problem | undefined>(undefined);

/** Puts what changed in the place of what was: of the alerts, and where they are followed of the calls. */
export function fold(b: Board, whole = true): void {
  const next = new Map(b.whole ? [] : calls.peek());
  for (const c of many(b.calls)) next.set(c.call_id, c);
  for (const id of many(b.ended)) next.delete(id);
  const told = new Map(b.whole ? [] : alerts.peek());
  for (const a of many(b.alerts)) {
    if (a.acked_at) told.delete(a.id);
    else told.set(a.id, a);
  }
  setSkew(b.now);
  if (whole) calls.value = next;
  alerts.value = told;
  waitingAlerts.value = open.value.length;
}

/** Follows the alerts, and with whole the calls too, until closed; what was missed comes after the last mark. */
export function watchBoard(whole: boolean): Stream {
  let mark = "";
  if (!whole) calls.value = undefined;
  return follow({
    url: () => realApi.liveEvents(mark, !whole),
    types: ["board"],
    onEvent: () => undefined,
    onLink: (l) => (link.value = l),
    onOpen: () => (refused.value = false),
    onRefused: () => (refused.value = true),
    onMessage: (m) => {
      fold(JSON.parse(m.data) as Board, whole);
      mark = m.lastEventId;
    },
  });
}

/** Sees to an alert at once; it comes back when that was refused. */
export async function seeTo(a: LiveAlert, api: Pick<Api, "ackAlert"> = realApi): Promise<void> {
  problem.value = undefined;
  put(a.id, undefined);
  seenTo.value = a;
  try {
    await api.ackAlert(a.id);
  } catch (err) {
    put(a.id, a);
    seenTo.value = undefined;
    problem.value = asProblem(err, t().supervise.failed);
  }
}

export async function undoSeen(api: Pick<Api, "reopenAlert"> = realApi): Promise<void> {
  const a = seenTo.peek();
  if (!a) return;
  try {
    await api.reopenAlert(a.id);
    put(a.id, a);
    seenTo.value = undefined;
  } catch (err) {
    problem.value = asProblem(err, t().supervise.failed);
  }
}

function put(id: string, a: LiveAlert | undefined): void {
  const next = new Map(alerts.peek());
  if (a) next.set(id, a);
  else next.delete(id);
  alerts.value = next;
  waitingAlerts.value = open.value.length;
}
