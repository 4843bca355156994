// The question to the agent about what the customer just said.

import type { JSX } from "preact";
import { clock } from "../format";
import { useKeys } from "../keys";
import { Cap } from "../parts/bits";
import { showSecond } from "./captions-view";
import type { LiveCall } from "./live";

export function WishPrompt({ desk }: { desk: LiveCall }): JSX.Element {
  const wishes = desk.wishes;
  const heard = desk.proposals;
  useKeys("What was heard", [
    {
      key: "y", label: "Confirm what was heard, a wish first",
      run: () => (wishes.first.peek() ? void wishes.answer("confirmed", true) : heard.confirm(true)),
    },
    { key: "x", label: "It was misheard", run: () => void (wishes.first.peek() ? wishes.answer("misheard", true) : heard.mishear(true)) },
  ]);
  const w = wishes.first.value;
  const more = wishes.open.value.length - 1;
  return (
    <>
      <p class="unseen" role="status">{w ? `${w.closed ? "Confirm" : "Ask"}: ${w.question}` : wishes.note.value}</p>
      {w && (
        <div class="note wish" data-wish={w.row.id}>
          <div>
            <b>{w.closed ? `Confirm: ${lower(w.question)}` : w.question}</b>
            {w.ask && <p><span class="label">Ask</span> <q dir="auto">{w.ask}</q></p>}
            <p class="muted">
              <q dir="auto">{w.row.evidence}</q>{" "}
              <button type="button" class="at" onClick={() => showSecond(desk, w.row.call_second ?? 0)}>{clock(w.row.call_second ?? 0)}</button>{" "}
              {w.closed ? "It is closed already, and stays so until you answer." : "Nothing is open before they said yes."}
              {more > 0 && ` ${more} more after this.`}
            </p>
            {wishes.note.value && <p>{wishes.note.value}</p>}
          </div>
          <button type="button" class="main" disabled={wishes.busy.value} onClick={() => void wishes.answer("confirmed")}>
            {w.closed ? "Confirm" : "They said yes"} <Cap k="Y" />
          </button>
          <button type="button" disabled={wishes.busy.value} onClick={() => void wishes.answer("misheard")}>
            {w.closed ? "Misheard" : "They said no"} <Cap k="X" />
          </button>
        </div>
      )}
    </>
  );
}

const lower = (s: string): string => s.charAt(0).toLowerCase() + s.slice(1);
