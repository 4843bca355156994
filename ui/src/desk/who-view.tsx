// Whether the caller is who the number says: one key confirms it.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { api, Problem } from "../api";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Cap } from "../parts/bits";
import { mayHandle } from "../session";
import { clean } from "../text";
import { many, type Call, type Customer, type Identifier } from "../wire";
import type { LiveCall } from "./live";

/** The caller's number, while nobody has confirmed whose it is. */
export function candidate(call: Pick<Call, "status" | "direction" | "from" | "to"> | undefined, c: Customer | undefined): Identifier | undefined {
  if (call?.status !== "live") return undefined;
  const number = call.direction === "outbound" ? call.to : call.from;
  return many(c?.identifiers).find((i) => i.type === "phone" && i.value === number && !i.verified);
}

export function WhoIsIt({ desk }: { desk: LiveCall }): JSX.Element | null {
  const refused = useSignal("");
  const busy = useSignal(false);
  const confirm = (): void => {
    if (busy.peek() || !candidate(desk.call.peek(), desk.customer.peek())) return;
    busy.value = true;
    api.confirmCaller(desk.id).then(() => (refused.value = ""), (err: unknown) => {
      refused.value = err instanceof Problem ? err.message : t().desk.notConfirmed;
    }).finally(() => (busy.value = false));
  };
  const d = t().desk;
  useKeys(d.caller, mayHandle() ? [{ key: "i", label: d.callerIs, run: confirm }] : []);
  if (!mayHandle() || !candidate(desk.call.value, desk.customer.value)) return null;
  const name = desk.customer.value?.name;
  return (
    <div class="who-is">
      <span><bdi>{name ? d.isThis(clean(name)) : d.ownNumber}</bdi></span>
      <button type="button" disabled={busy.value} onClick={confirm}>{d.isThem} <Cap k="I" /></button>
      {refused.value && <p class="tone-bad" role="alert">{refused.value}</p>}
    </div>
  );
}
