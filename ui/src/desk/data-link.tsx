// Sends the customer a link to their own pages. Nobody here ever sees the link.

import type { JSX } from "preact";
import { useSignal } from "@preact/signals";
import { api, Problem } from "../api";
import { t } from "../lang";
import { mayInvite } from "../session";
import { clean } from "../text";
import { many, type Customer } from "../wire";

type Way = "email" | "phone";

const ways = {
  email: { by: "byEmail", sent: "sentEmail" },
  phone: { by: "bySms", sent: "sentSms" },
} as const;

const wayOf = (type: string): Way | undefined => (type === "email" || type === "phone" ? type : undefined);

/** The row that offers the link; nothing for a customer without an address. */
export function DataLink({ of }: { of: Customer }): JSX.Element | null {
  const busy = useSignal(false);
  const said = useSignal("");
  const d = t().desk;
  const open = many(of.identifiers).flatMap((i) => {
    const way = wayOf(i.type);
    return way ? [{ way, to: i.value }] : [];
  }).slice(0, 4);
  if (open.length === 0 || !mayInvite()) return null;
  const send = async (w: { way: Way; to: string }): Promise<void> => {
    busy.value = true;
    said.value = "";
    try {
      await api.sendDataLink(of.id, w.way, w.to);
      said.value = t().desk[ways[w.way].sent];
    } catch (err) {
      said.value = err instanceof Problem ? err.message : t().desk.linkNotSent;
    } finally {
      busy.value = false;
    }
  };
  return (
    <div>
      <dt>{d.theirData}</dt>
      <dd>
        <span class="chips">
          {open.map((w) => (
            <button type="button" class="chip" key={w.to} disabled={busy.value} onClick={() => void send(w)}>
              <span class="unseen">{d.sendLink} </span>{d[ways[w.way].by]} <span class="muted"><bdi dir="ltr">{clean(w.to)}</bdi></span>
            </button>
          ))}
        </span>
        <p class="muted" role="status">{said.value || d.linkHow}</p>
      </dd>
    </div>
  );
}
