// What was heard to become of the suggestions, for whoever reads the call
// afterwards to confirm.

import type { JSX } from "preact";
import { clock, sentence } from "../format";
import { titleOf } from "../desk/cards";
import { saidWords, useLeaving } from "../desk/proposals";
import { t } from "../lang";
import { me } from "../session";
import type { Proposal } from "../wire-outcome";
import type { Player } from "./player";
import type { CallPage } from "./store";

/** The roles that may record outcomes. */
const writers: ReadonlySet<string> = new Set(["admin", "agent"]);

export function Heard({ page, player }: { page: CallPage; player: Player }): JSX.Element | null {
  const heard = page.proposals;
  useLeaving(heard);
  const shown = heard.all.value.filter((p) => p.state !== "answered" && p.state !== "confirmed");
  if (shown.length === 0 && !heard.trouble.value) return null;
  return (
    <div class="answers-heard">
      <h3>{t().call.heardAnswers}</h3>
      <ul class="plain">
        {shown.map((p) => <One key={p.id} p={p} page={page} player={player} />)}
      </ul>
      <p class="unseen" role="status">{heard.note.value}</p>
      {heard.trouble.value && <p class="tone-bad" role="alert">{heard.trouble.value}</p>}
    </div>
  );
}

function One({ p, page, player }: { p: Proposal; page: CallPage; player: Player }): JSX.Element {
  const line = page.lines.value.find((l) => l.utterance.id === (p.reply ?? p.offer))?.utterance;
  return (
    <li data-heard={p.id} data-state={p.state}>
      {line && <button type="button" class="at" onClick={() => player.playFrom(line.start)}>{clock(line.start)}</button>}{" "}
      {p.outcome ? saidWords(p) : t().call.noAnswerHeard}: <span dir="auto">{titleOf(page.decisions.value, p.decision_id, p.action) || sentence(p.action)}</span>
      {line && p.outcome && <> <q class="muted" dir="auto">{line.written ?? line.text}</q></>}
      {writers.has(me.value?.role ?? "") && <Acts p={p} page={page} />}
    </li>
  );
}

function Acts({ p, page }: { p: Proposal; page: CallPage }): JSX.Element | null {
  const heard = page.proposals;
  const { call } = t();
  if (heard.held.value?.id === p.id) {
    return <p class="answers-acts"><b>{call.confirmed}</b> <button type="button" onClick={() => heard.undo()}>{call.undo}</button></p>;
  }
  if (p.state === "misheard") {
    return <p class="answers-acts"><span class="muted">{call.wasMisheard}</span> <button type="button" onClick={() => void heard.heardAfterAll(p)}>{call.takeThatBack}</button></p>;
  }
  if (p.state !== "open") return null;
  return (
    <p class="answers-acts">
      <button type="button" disabled={heard.busy.value} onClick={() => heard.confirm(false, p)}>{call.confirm}</button>{" "}
      <button type="button" disabled={heard.busy.value} onClick={() => void heard.mishear(false, p)}>{call.misheard}</button>
    </p>
  );
}
