// The question to the agent about what the customer just said.

import type { JSX } from "preact";
import { clock, figure } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Cap } from "../parts/bits";
import { mayHandle } from "../session";
import { showSecond } from "./captions-view";
import type { LiveCall } from "./live";

export function WishPrompt({ desk }: { desk: LiveCall }): JSX.Element {
  const wishes = desk.wishes;
  const heard = desk.proposals;
  const d = t().desk;
  useKeys(d.heard, mayHandle() ? [
    {
      key: "y", label: d.confirmHeard,
      run: () => (wishes.first.peek() ? void wishes.answer("confirmed", true) : heard.confirm(true)),
    },
    { key: "x", label: d.misheardKey, run: () => void (wishes.first.peek() ? wishes.answer("misheard", true) : heard.mishear(true)) },
  ] : []);
  const w = wishes.first.value;
  const more = wishes.open.value.length - 1;
  return (
    <>
      <p class="unseen" role="status">{w ? (w.closed ? d.confirmThat(w.question) : `${d.ask}: ${w.question}`) : wishes.note.value}</p>
      {w && (
        <div class="note wish" data-wish={w.row.id}>
          <div>
            <b>{w.closed ? d.confirmThat(lower(w.question)) : w.question}</b>
            {w.ask && <p><span class="label">{d.ask}</span> <q dir="auto">{w.ask}</q></p>}
            <p class="muted">
              <q dir="auto">{w.row.evidence}</q>{" "}
              <button type="button" class="at" onClick={() => showSecond(desk, w.row.call_second ?? 0)}>{clock(w.row.call_second ?? 0)}</button>{" "}
              {w.closed ? d.wishClosed : d.wishOpen}
              {more > 0 && ` ${d.moreAfter(figure(more, 0))}`}
            </p>
            {wishes.note.value && <p>{wishes.note.value}</p>}
          </div>
          {mayHandle() && <Acts desk={desk} closed={w.closed} />}
        </div>
      )}
    </>
  );
}

function Acts({ desk, closed }: { desk: LiveCall; closed: boolean }): JSX.Element {
  const { wishes } = desk;
  const d = t().desk;
  return (
    <>
      <button type="button" class="main" disabled={wishes.busy.value} onClick={() => void wishes.answer("confirmed")}>
        {closed ? d.confirm : d.saidYes} <Cap k="Y" />
      </button>
      <button type="button" disabled={wishes.busy.value} onClick={() => void wishes.answer("misheard")}>
        {closed ? d.misheard : d.saidNo} <Cap k="X" />
      </button>
    </>
  );
}

const lower = (s: string): string => s.charAt(0).toLowerCase() + s.slice(1);
