// The question to the agent about what the customer answered to a suggestion.

import type { JSX } from "preact";
import { clock, figure } from "../format";
import { t } from "../lang";
import { Cap } from "../parts/bits";
import { mayHandle } from "../session";
import type { Proposal } from "../wire-outcome";
import { showSecond } from "./captions-view";
import type { LiveCall } from "./live";
import { saidWords, useLeaving } from "./proposals";

export function ProposalPrompt({ desk }: { desk: LiveCall }): JSX.Element {
  const heard = desk.proposals;
  const d = t().desk;
  useLeaving(heard);
  const held = heard.held.value;
  const p = heard.first.value;
  const more = heard.open.value.length - (held ? 2 : 1);
  return (
    <>
      <p class="unseen" role="status">{held ? d.confirmedUndo(title(desk, held)) : p ? d.confirmThat(`${saidWords(p)}: ${title(desk, p)}`) : heard.trouble.value || heard.note.value}</p>
      {held && (
        <div class="note answer-heard" data-held={held.id}>
          <div><b>{d.confirmed}</b> {saidWords(held)}: <bdi>{title(desk, held)}</bdi></div>
          <button type="button" aria-keyshortcuts="U" onClick={() => heard.undo()}>{d.undo} <Cap k="U" /></button>
        </div>
      )}
      {p && <Ask desk={desk} p={p} more={more} />}
      {!p && heard.trouble.value && <p class="card-note">{heard.trouble.value}</p>}
    </>
  );
}

function title(desk: LiveCall, p: Proposal): string {
  return desk.titleOf(p.decision_id, p.action);
}

function Ask({ desk, p, more }: { desk: LiveCall; p: Proposal; more: number }): JSX.Element {
  const heard = desk.proposals;
  const d = t().desk;
  // A wish of the customer is asked first, by the same two keys.
  const keys = desk.wishes.first.value === undefined;
  return (
    <div class="note answer-heard" data-proposal={p.id} data-said={p.outcome}>
      <div>
        <b>{saidWords(p)}:</b> <bdi>{title(desk, p)}</bdi>
        <p class="muted">
          <Quote desk={desk} utterance={p.reply ?? p.offer} /> {d.untilConfirmed}
          {more > 0 && ` ${d.moreAfter(figure(more, 0))}`}
        </p>
        {heard.trouble.value && <p class="tone-bad">{heard.trouble.value}</p>}
      </div>
      {mayHandle() && <button type="button" class="main" disabled={heard.busy.value} onClick={() => heard.confirm()}>{d.confirm} {keys && <Cap k="Y" />}</button>}
      {mayHandle() && <button type="button" disabled={heard.busy.value} onClick={() => void heard.mishear()}>{d.misheard} {keys && <Cap k="X" />}</button>}
    </div>
  );
}

/** What was offered and is not answered yet. */
export function Offered({ desk }: { desk: LiveCall }): JSX.Element | null {
  const p = desk.proposals.offered.value;
  if (!p || desk.call.value?.status !== "live") return null;
  return (
    <p class="answer-offered muted" data-offered={p.id}>
      {t().desk.youOffered} <bdi>{title(desk, p)}</bdi> <At desk={desk} utterance={p.offer} /> {t().desk.noAnswer}
    </p>
  );
}

function At({ desk, utterance }: { desk: LiveCall; utterance: string }): JSX.Element | null {
  const u = desk.line(utterance);
  if (!u) return null;
  return <button type="button" class="at" onClick={() => showSecond(desk, u.start)}>{clock(u.start)}</button>;
}

function Quote({ desk, utterance }: { desk: LiveCall; utterance: string }): JSX.Element | null {
  const u = desk.line(utterance);
  if (!u) return null;
  return <><q dir="auto">{u.written ?? u.text}</q> <At desk={desk} utterance={utterance} /> </>;
}
