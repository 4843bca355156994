// How many alerts wait, for the frame: the screen itself is fetched when it is shown.

import { signal } from "@preact/signals";
import { me } from "../session";

/** Alerts that nobody has seen to. */
export const waitingAlerts = signal(0);

const overseers: readonly string[] = ["admin", "supervisor", "viewer"];

/** Who follows the live calls of others. */
export function mayOversee(): boolean {
  return overseers.includes(me.value?.role ?? "");
}

/** Who makes rules and sees to alerts; a viewer looks on. */
export function mayAttend(): boolean {
  return mayOversee() && me.value?.role !== "viewer";
}
