// What was written into a ledger, the latest first.

import type { JSX } from "preact";
import { clock } from "../format";
import { When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { links } from "../route";
import { cellName, stateNames, type PersonLedger } from "./store";
import type { Knows, LedgerRow } from "./wire";

export function History({ ledger }: { ledger: PersonLedger }): JSX.Element {
  const rows = ledger.rows.value;
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">What was written <span class="muted">{ledger.total.value}</span></h2>
      {rows.length === 0 && <p class="muted">Nothing yet. Unknown is not a yes.</p>}
      <ol class="consent-rows">
        {rows.map((r) => <Row key={r.id} of={r} ledger={ledger} />)}
      </ol>
      {ledger.next.value !== "" && <button type="button" onClick={() => void ledger.more()}>Show more</button>}
    </section>
  );
}

function what(r: LedgerRow): string {
  if (r.lifts) return "Taken back as a mistake";
  if (r.confirms) return `${stateNames[r.state]}, confirmed`;
  return r.provisional ? `${stateNames[r.state]}, heard` : stateNames[r.state];
}

interface RowProps {
  of: LedgerRow;
  ledger: PersonLedger;
}

function Row({ of: r, ledger }: RowProps): JSX.Element {
  const knowers = ledger.knowers.value.get(r.id);
  return (
    <li class={r.lifted_by ? "consent-row consent-lifted" : "consent-row"}>
      <span class="consent-when num"><When at={r.at} /></span>
      <div class="consent-what">
        <p>
          <b class={r.lifts ? undefined : `consent-word-${r.state}`}>{what(r)}</b> <span>{cellName(r)}</span>
          {r.lifted_by && <span class="tag">was a mistake</span>}
          {r.confirmed_by && <span class="tag">confirmed since</span>}
          {r.open && <span class="tag tag-warn">waits for an answer</span>}
        </p>
        <Origin of={r} />
        <Proof of={r} />
        {r.open && (
          <p class="consent-acts">
            <button type="button" onClick={() => void ledger.answer(r, "confirmed")}>Confirm</button>
            <button type="button" onClick={() => void ledger.answer(r, "misheard")}>Misheard</button>
          </p>
        )}
        {knowers && <Knowers of={knowers} />}
      </div>
      {r.told.of > 0 && (
        <button type="button" class={`quiet${r.told.mismatch > 0 ? " tone-bad" : ""}`} aria-expanded={knowers !== undefined} onClick={() => void ledger.toggleKnowers(r.id)}>
          <bdi>{r.told.confirmed} of {r.told.of} confirmed</bdi>
        </button>
      )}
    </li>
  );
}

/** Which system and who, how, and where on which call. */
function Origin({ of: r }: { of: LedgerRow }): JSX.Element {
  const late = Date.parse(r.recorded_at) - Date.parse(r.at) > 60_000;
  return (
    <p class="muted">
      <bdi>{r.source}</bdi> · <bdi>{r.actor}</bdi>{r.method && <> · {r.method}</>}{r.verifier && <> · checked by <bdi>{r.verifier}</bdi></>}
      {late && <> · learnt <When at={r.recorded_at} /></>}
      {r.call_id && <> · <a href={links.call(r.call_id, r.call_second ?? 0)}><Icon name="play" /> said at {clock(r.call_second ?? 0)}</a></>}
    </p>
  );
}

/** What the person was asked, and what proves it. */
function Proof({ of: r }: { of: LedgerRow }): JSX.Element {
  const words = r.wording_text ?? r.wording;
  return (
    <>
      {words && <p class="muted">Asked: <q dir="auto">{words}</q>{r.wording_id && <small> {r.wording_id}, version {r.wording_version}, {r.language}</small>}</p>}
      {r.evidence && !r.lifts && <p class="muted">{r.call_id ? "Said" : "Evidence"}: <q dir="auto">{r.evidence}</q></p>}
    </>
  );
}

const knows = { waiting: "not told yet", told: "told, not confirmed", confirmed: "confirmed", mismatch: "sees something else" } as const;
const lateness = { late: "over an hour", overdue: "over a day" } as const;

function Knowers({ of }: { of: readonly Knows[] }): JSX.Element {
  return (
    <ul class="consent-knowers">
      {of.map((k) => (
        <li key={k.recipient}>
          <b><bdi>{k.recipient}</bdi></b>{" "}
          <span class={k.state === "confirmed" ? "tone-good" : k.state === "mismatch" || k.late ? "tone-bad" : "muted"}>
            {knows[k.state]}{k.state === "mismatch" && k.seen && ` (${k.seen})`}{k.late && `, ${lateness[k.late]}`}
          </span>{" "}
          {(k.confirmed ?? k.told) && <span class="muted num"><When at={k.confirmed ?? k.told ?? ""} /></span>}
        </li>
      ))}
    </ul>
  );
}
