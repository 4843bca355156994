// Who read what of which customer.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { api } from "../api";
import { figure, textOf, words } from "../format";
import { t } from "../lang";
import { Empty, Trouble, When } from "../parts/bits";
import { links } from "../route";
import { roleName } from "../session";
import { clean } from "../text";
import { AuditStore } from "./audit-store";
import type { Audited, Reading } from "./wire";

const kinds = ["call", "recording", "peaks", "clip", "subtitles", "live", "search", "quotes", "corrections", "export", "customer", "timeline"] as const;

/** A day as the API takes it: its beginning here. */
const start = (day: string): string => (day === "" ? "" : new Date(`${day}T00:00`).toISOString());

export function Audit(): JSX.Element {
  const texts = t().admin.audit;
  const store = useMemo(() => new AuditStore(undefined, texts.failed), []);
  useEffect(() => void store.ask({}), [store]);
  const all = store.reads.value;
  return (
    <>
      <p class="muted">{texts.about}</p>
      <Filters store={store} />
      {store.problem.value && <Trouble of={store.problem.value} />}
      <Whole store={store} />
      {!all && !store.problem.value && <p class="muted" role="status">{texts.reading}</p>}
      {all?.length === 0 && <Empty title={texts.none}><p>{texts.noneHow}</p></Empty>}
      {all && all.length > 0 && <ReadingTable of={all} store={store} />}
      {store.next.value !== "" && <p><button type="button" disabled={store.busy.value} onClick={() => void store.more()}>{texts.more}</button></p>}
    </>
  );
}

function Filters({ store }: { store: AuditStore }): JSX.Element {
  const texts = t().admin.audit;
  const now = store.asked.value;
  const ask = (o: Audited): void => void store.ask({ ...store.asked.peek(), ...o });
  const id = (name: "call" | "customer", label: string): JSX.Element => (
    <label>{label}<input value={now[name] ?? ""} maxLength={64} dir="ltr" autocomplete="off" spellcheck={false} placeholder={texts.anyId}
      onChange={(e) => ask({ [name]: e.currentTarget.value.trim() })} /></label>
  );
  return (
    <form class="admin-fields" role="search" aria-label={texts.filter} onSubmit={(e) => e.preventDefault()}>
      <label>{texts.kind}<select value={now.kind ?? ""} onChange={(e) => ask({ kind: e.currentTarget.value })}>
        <option value="">{texts.any}</option>
        {kinds.map((k) => <option key={k} value={k}>{texts.kinds[k]}</option>)}
      </select></label>
      {id("call", texts.call)}
      {id("customer", texts.customer)}
      <label>{texts.from}<input type="date" onChange={(e) => ask({ from: start(e.currentTarget.value) })} /></label>
      <label>{texts.until}<input type="date" onChange={(e) => ask({ to: start(e.currentTarget.value) })} /></label>
      {now.who && <button type="button" onClick={() => ask({ who: "" })}>{texts.everybody}</button>}
      <a class="button" data-plain download href={api.exportAudit({ ...now })}>{texts.file}</a>
    </form>
  );
}

/** Whether anybody changed the record. */
function Whole({ store }: { store: AuditStore }): JSX.Element {
  const texts = t().admin.audit;
  const c = store.chain.value;
  return (
    <p class="admin-whole" role="status">
      <button type="button" disabled={store.busy.value} onClick={() => void store.verify()}>{texts.verify}</button>{" "}
      {c?.whole === true && <span class="tone-good">{texts.whole(figure(c.rows), figure(c.open))}</span>}
      {c?.whole === false && <span class="tone-bad">{texts.broken(figure(c.bad ?? 0))}</span>}
    </p>
  );
}

const kindName = (k: string): string => textOf(t().admin.audit.kinds, k) ?? words(k);

function ReadingTable({ of, store }: { of: readonly Reading[]; store: AuditStore }): JSX.Element {
  const texts = t().admin.audit;
  return (
    <div class="admin-table">
      <table>
        <thead><tr>
          <th scope="col">{texts.when}</th><th scope="col">{texts.who}</th><th scope="col">{texts.kind}</th>
          <th scope="col">{texts.of}</th><th scope="col">{texts.origin}</th><th scope="col" class="num">{texts.times}</th>
        </tr></thead>
        <tbody>
          {of.map((r) => (
            <tr key={r.n}>
              <td><When at={r.first_at} /></td>
              <td><button type="button" class="quiet admin-who" title={texts.onlyThem} onClick={() => void store.ask({ ...store.asked.peek(), who: r.who })}><bdi>{clean(r.name)}</bdi></button> <small class="muted">{roleName(r.role)}</small></td>
              <td>{kindName(r.kind)}{r.why && <small class="muted" dir="auto"> {clean(r.why)}</small>}</td>
              <td><Of r={r} /></td>
              <td>{textOf(texts.origins, r.origin) ?? r.origin}</td>
              <td class="num">{figure(r.times)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Of({ r }: { r: Reading }): JSX.Element {
  const texts = t().admin.audit;
  return (
    <>
      {r.call_id && <a href={links.call(r.call_id)}>{texts.call}</a>}
      {r.call_id && r.customer_id && " · "}
      {r.customer_id && <a href={links.customer(r.customer_id)}>{texts.customer}</a>}
      {!r.call_id && !r.customer_id && <span class="muted">{texts.several}</span>}
    </>
  );
}
