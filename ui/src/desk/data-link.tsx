// Sends the customer a link to their own pages. Nobody here ever sees the link.

import type { JSX } from "preact";
import { useSignal } from "@preact/signals";
import { api, Problem } from "../api";
import { many, type Customer } from "../wire";

type Way = "email" | "phone";

const ways: readonly { way: Way; send: string; sent: string }[] = [
  { way: "email", send: "by e-mail", sent: "Sent by e-mail. It works once, for a day." },
  { way: "phone", send: "by text message", sent: "Sent by text message. It works once, for a day." },
];

/** The row that offers the link; nothing for a customer without an address. */
export function DataLink({ of }: { of: Customer }): JSX.Element | null {
  const busy = useSignal(false);
  const said = useSignal("");
  const open = ways.filter((w) => many(of.identifiers).some((i) => i.type === w.way));
  if (open.length === 0) return null;
  const send = async (w: (typeof ways)[number]): Promise<void> => {
    busy.value = true;
    said.value = "";
    try {
      await api.sendDataLink(of.id, w.way);
      said.value = w.sent;
    } catch (err) {
      said.value = err instanceof Problem ? err.message : "The link was not sent. Try again.";
    } finally {
      busy.value = false;
    }
  };
  return (
    <div>
      <dt>Their data</dt>
      <dd>
        <span class="chips">
          {open.map((w) => (
            <button type="button" key={w.way} disabled={busy.value} onClick={() => void send(w)}>
              <span class="unseen">Send their data link </span>{w.send}
            </button>
          ))}
        </span>
        <p class="muted" role="status">{said.value || "Sends a link with which they see and change what is known."}</p>
      </dd>
    </div>
  );
}
