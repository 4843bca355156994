// The privacy officer's screen: one person's consent, now and then.

import { nameOr } from "../text";
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { api, asProblem, Problem } from "../api";
import { figure } from "../format";
import { useKeys } from "../keys";
import { locale, t } from "../lang";
import { Empty, Trouble } from "../parts/bits";
import { Icon } from "../parts/icon";
import { useRoving } from "../parts/roving";
import { links } from "../route";
import { many, type Customer } from "../wire";
import { AsOf } from "./asof";
import { Forget } from "./forget";
import { Grid } from "./grid";
import { History } from "./history";
import { cellName, differing, localInput, mayAct, PersonLedger, stateName } from "./store";
import type { Standing } from "./wire";

export function PrivacyScreen({ customer }: { customer: string }): JSX.Element {
  if (!mayAct()) {
    return (
      <main id="main" class="page page-narrow" tabIndex={-1}>
        <Empty title={t().privacy.notYours}><p>{t().privacy.notYoursHow} <code dir="ltr">heed link --role privacy</code></p></Empty>
      </main>
    );
  }
  return customer === "" ? <Find /> : <Person id={customer} />;
}

function Find(): JSX.Element {
  const { privacy, customers } = t();
  const words = useSignal("");
  const found = useSignal<readonly Customer[] | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const asked = useRef(0);
  const look = async (q: string): Promise<void> => {
    const mine = ++asked.current;
    try {
      const page = await api.customers({ q, limit: 20 });
      if (mine !== asked.current) return;
      found.value = many(page.customers);
      problem.value = undefined;
    } catch (err) {
      if (mine !== asked.current) return;
      problem.value = asProblem(err, t().customers.searchFailed);
    }
  };
  useEffect(() => void look(""), []);
  const list = found.value ?? [];
  const box = useRoving<HTMLUListElement>(list.length);
  return (
    <main id="main" class="page page-search" tabIndex={-1}>
      <h1>{privacy.title}</h1>
      <form class="search-box" role="search" onSubmit={(e) => {
        e.preventDefault();
        void look(words.value.trim());
      }}>
        <Icon name="search" />
        <input type="search" name="q" aria-label={privacy.findPerson} dir="auto" autocomplete="off" placeholder={customers.findBy}
          value={words.value} onInput={(e) => {
            words.value = e.currentTarget.value;
            void look(words.value.trim());
          }} />
        <button type="submit" class="main">{customers.find}</button>
      </form>
      {problem.value && <Trouble of={problem.value} />}
      {found.value && list.length === 0 && <p class="muted" role="status">{privacy.notFound}</p>}
      <ul class="calls" ref={box} data-roving>
        {list.map((c) => (
          <li key={c.id}>
            <a class="person-row" href={links.privacy(c.id)} data-item>
              <b dir="auto">{nameOr(c.name, customers.nameless)}</b>
              <span class="muted num">{many(c.identifiers).map((i) => <bdi key={i.value} dir="ltr">{i.value} </bdi>)}</span>
            </a>
          </li>
        ))}
      </ul>
    </main>
  );
}

function Person({ id }: { id: string }): JSX.Element {
  const ledger = useMemo(() => new PersonLedger(id), [id]);
  const { privacy, customers, customer } = t();
  useEffect(() => {
    void ledger.start();
    return () => ledger.close();
  }, [ledger]);
  useKeys(privacy.title, [
    { key: "u", label: privacy.undoLast, run: () => void ledger.takeBack() },
    { key: "n", label: privacy.backToNow, run: () => void ledger.ask("") },
  ]);
  const p = ledger.person.value;
  return (
    <main id="main" class="page" tabIndex={-1}>
      <header class="theme-head">
        <a href={links.privacy()}>{privacy.allPeople}</a>
        <h1 dir="auto">{p ? p.name || customers.nameless : " "}</h1>
        <Chain ledger={ledger} />
        <span class="grow" />
        <a class="button" href={links.customer(id)}>{customer.page}</a>
        <a class="button" href={api.receipt(id, "text")} download data-plain>{privacy.receipt}</a>
        <a class="button" href={api.receipt(id, "json")} download data-plain>{privacy.receiptJson}</a>
      </header>
      {ledger.problem.value && <Trouble of={ledger.problem.value} />}
      <Undo ledger={ledger} />
      <section class="consent" aria-labelledby="allowed-title">
        <header class="theme-head">
          <h2 id="allowed-title">{ledger.date.value === "" ? customer.allowedNow : customer.allowedThen}</h2>
          <span class="grow" />
          <label class="consent-date">
            <span>{privacy.at}</span>
            <input type="datetime-local" value={localInput(ledger.date.value)} onChange={(e) => void ledger.ask(e.currentTarget.value)} />
          </label>
          <button type="button" disabled={ledger.date.value === ""} onClick={() => void ledger.ask("")}>{privacy.backNow}</button>
        </header>
        {ledger.rows.value.length > 0 && <AsOf at={ledger.moment()} changes={ledger.rows.value.map((r) => r.at)} onAt={(at) => void ledger.ask(at)} />}
        {ledger.known.value ? <Then ledger={ledger} known={ledger.known.value} /> : <Now ledger={ledger} />}
      </section>
      <History ledger={ledger} />
      <Forget customer={id} />
    </main>
  );
}

function Chain({ ledger }: { ledger: PersonLedger }): JSX.Element | null {
  const v = ledger.verified.value;
  if (v === undefined) return null;
  const { privacy } = t();
  return v
    ? <span class="tag tag-accepted" title={privacy.chainHow}>{privacy.chain}</span>
    : <span class="tag tag-warn" role="alert">{privacy.chainBroken}</span>;
}

function Undo({ ledger }: { ledger: PersonLedger }): JSX.Element {
  const u = ledger.undo.value;
  return (
    <div role="status">
      {u && <p class="note note-accent"><span>{u.text()} {t().privacy.beingTold}</span><button type="button" onClick={() => void ledger.takeBack()}>{t().privacy.undo}</button></p>}
    </div>
  );
}

function Now({ ledger }: { ledger: PersonLedger }): JSX.Element {
  const s = ledger.chosen.value;
  const { privacy } = t();
  return (
    <>
      <Grid cells={ledger.cells.value} caption={privacy.turnHow} act={privacy.turnAct}
        disabled={ledger.busy.value} onCell={(c) => void ledger.turn(c)} onShow={(c) => void ledger.choose(c)} />
      <p class="consent-why" aria-live="polite">
        {s ? <Explained of={s} asked={ledger.wording(s)?.text} /> : <span class="muted">{t().customer.moveToCell}</span>}
      </p>
    </>
  );
}

function Explained({ of, asked }: { of: Standing; asked: string | undefined }): JSX.Element {
  return (
    <>
      <b>{cellName(of)}: {stateName(of.state).toLocaleLowerCase(locale())}.</b> <span dir="auto">{of.why}</span>
      {!of.allowed && asked && <> {t().privacy.toAllow} <q dir="auto">{asked}</q></>}
    </>
  );
}

function Then({ ledger, known }: { ledger: PersonLedger; known: readonly Standing[] }): JSX.Element {
  const differ = differing(ledger.cells.value, known);
  const p = ledger.past.value;
  const { privacy } = t();
  return (
    <>
      <p role="status">{differ.size === 0 ? privacy.knewAll : privacy.differ(differ.size, figure(differ.size))}</p>
      <div class="consent-beside">
        <Grid cells={ledger.cells.value} caption={privacy.wasTrue} differ={differ} act={privacy.askAct} onCell={(c) => void ledger.choose(c)} />
        <Grid cells={known} caption={privacy.weKnew} differ={differ} act={privacy.askAct} onCell={(c) => void ledger.choose(c)} />
      </div>
      <div class="consent-why" aria-live="polite">
        {p ? (
          <>
            <p><b>{cellName(p.as_of)}:</b> <span dir="auto">{p.verdict}</span></p>
            <p class="muted">{privacy.inTruth} <span dir="auto">{p.as_of.why}</span></p>
            <p class="muted">{privacy.asKnown} <span dir="auto">{p.known_at.why}</span></p>
          </>
        ) : <span class="muted">{privacy.askHow}</span>}
      </div>
    </>
  );
}
