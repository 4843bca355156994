// What was written into a ledger, the latest first.

import type { JSX } from "preact";
import { clock, figure, textOf } from "../format";
import { t } from "../lang";
import { When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { links } from "../route";
import { cellName, stateName, type PersonLedger } from "./store";
import type { Knows, LedgerRow } from "./wire";

export function History({ ledger }: { ledger: PersonLedger }): JSX.Element {
  const { privacy } = t();
  const rows = ledger.rows.value;
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">{privacy.history} <span class="muted num">{figure(ledger.total.value)}</span></h2>
      {ledger.verified.value !== undefined && rows.length === 0 && <p class="muted">{privacy.noHistory}</p>}
      <ol class="consent-rows">
        {rows.map((r) => <Row key={r.id} of={r} ledger={ledger} />)}
      </ol>
      {ledger.next.value !== "" && <button type="button" onClick={() => void ledger.more()}>{privacy.more}</button>}
    </section>
  );
}

function what(r: LedgerRow): string {
  const { privacy } = t();
  if (r.lifts) return privacy.lifted;
  if (r.confirms) return privacy.confirmedState(stateName(r.state));
  return r.provisional ? privacy.heardState(stateName(r.state)) : stateName(r.state);
}

interface RowProps {
  of: LedgerRow;
  ledger: PersonLedger;
}

function Row({ of: r, ledger }: RowProps): JSX.Element {
  const { privacy } = t();
  const knowers = ledger.knowers.value.get(r.id);
  return (
    <li class={r.lifted_by ? "consent-row consent-lifted" : "consent-row"}>
      <span class="consent-when num"><When at={r.at} /></span>
      <div class="consent-what">
        <p>
          <b class={r.lifts ? undefined : `consent-word-${r.state}`}>{what(r)}</b> <span>{cellName(r)}</span>
          {r.lifted_by && <span class="tag">{privacy.mistake}</span>}
          {r.confirmed_by && <span class="tag">{privacy.confirmedSince}</span>}
          {r.open && <span class="tag tag-warn">{privacy.waits}</span>}
        </p>
        <Origin of={r} />
        <Proof of={r} />
        {r.open && (
          <p class="consent-acts">
            <button type="button" onClick={() => void ledger.answer(r, "confirmed")}>{privacy.confirm}</button>
            <button type="button" onClick={() => void ledger.answer(r, "misheard")}>{privacy.misheard}</button>
          </p>
        )}
        {knowers && <Knowers of={knowers} />}
      </div>
      {r.told.of > 0 && (
        <button type="button" class={`quiet${r.told.mismatch > 0 ? " tone-bad" : ""}`} aria-expanded={knowers !== undefined} onClick={() => void ledger.toggleKnowers(r.id)}>
          {privacy.toldOf(figure(r.told.confirmed), figure(r.told.of))}
        </button>
      )}
    </li>
  );
}

/** Which system and who, how, and where on which call. */
function Origin({ of: r }: { of: LedgerRow }): JSX.Element {
  const { privacy } = t();
  const late = Date.parse(r.recorded_at) - Date.parse(r.at) > 60_000;
  return (
    <p class="muted">
      <bdi>{r.source}</bdi> · <bdi>{r.actor}</bdi>{r.method && <> · <bdi>{r.method}</bdi></>}{r.verifier && <> · {privacy.checkedBy} <bdi>{r.verifier}</bdi></>}
      {late && <> · {privacy.learnt} <When at={r.recorded_at} /></>}
      {r.call_id && <> · <a href={links.call(r.call_id, r.call_second ?? 0)}><Icon name="play" /> {privacy.saidAt(clock(r.call_second ?? 0))}</a></>}
    </p>
  );
}

/** What the person was asked, and what proves it. */
function Proof({ of: r }: { of: LedgerRow }): JSX.Element {
  const { privacy } = t();
  const words = r.wording_text ?? r.wording;
  return (
    <>
      {words && <p class="muted">{privacy.asked} <q dir="auto">{words}</q>{r.wording_id && <small> {privacy.version(r.wording_id, String(r.wording_version ?? ""), r.language ?? "")}</small>}</p>}
      {r.evidence && !r.lifts && <p class="muted">{r.call_id ? privacy.saidWords : privacy.evidence} <q dir="auto">{r.evidence}</q></p>}
    </>
  );
}

function Knowers({ of }: { of: readonly Knows[] }): JSX.Element {
  const { privacy } = t();
  return (
    <ul class="consent-knowers">
      {of.map((k) => (
        <li key={k.recipient}>
          <b><bdi>{k.recipient}</bdi></b>{" "}
          <span class={k.state === "confirmed" ? "tone-good" : k.state === "mismatch" || k.late ? "tone-bad" : "muted"}>
            {privacy.knows[k.state]}{k.state === "mismatch" && k.seen && ` (${textOf(privacy.states, k.seen) ?? k.seen})`}{k.late && `${privacy.comma}${privacy.late[k.late]}`}
          </span>{" "}
          {(k.confirmed ?? k.told) && <span class="muted num"><When at={k.confirmed ?? k.told ?? ""} /></span>}
        </li>
      ))}
    </ul>
  );
}
