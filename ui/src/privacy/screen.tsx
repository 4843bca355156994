// The privacy officer's screen: one person's consent, now and then.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { api, Problem } from "../api";
import { useKeys } from "../keys";
import { Empty, Trouble } from "../parts/bits";
import { Icon } from "../parts/icon";
import { useRoving } from "../parts/roving";
import { links } from "../route";
import { many, type Customer } from "../wire";
import { Forget } from "./forget";
import { Grid } from "./grid";
import { History } from "./history";
import { cellName, differing, mayAct, PersonLedger, stateNames } from "./store";
import type { Standing } from "./wire";

export function PrivacyScreen({ customer }: { customer: string }): JSX.Element {
  if (!mayAct()) {
    return (
      <main id="main" class="page page-narrow" tabIndex={-1}>
        <Empty title="This is for privacy officers"><p>Ask an administrator for a link: <code>heed link --role privacy</code>.</p></Empty>
      </main>
    );
  }
  return customer === "" ? <Find /> : <Person id={customer} />;
}

function Find(): JSX.Element {
  const words = useSignal("");
  const found = useSignal<readonly Customer[] | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const asked = useRef(0);
  const look = async (q: string): Promise<void> => {
    const mine = ++asked.current;
    try {
      const page = await api.customers({ q, limit: 20 });
      if (mine === asked.current) found.value = many(page.customers);
      problem.value = undefined;
    } catch (err) {
      problem.value = err instanceof Problem ? err : new Problem(0, "The search failed", String(err));
    }
  };
  useEffect(() => void look(""), []);
  const list = found.value ?? [];
  const box = useRoving<HTMLUListElement>(list.length);
  return (
    <main id="main" class="page page-search" tabIndex={-1}>
      <h1>Privacy</h1>
      <form class="search-box" role="search" onSubmit={(e) => {
        e.preventDefault();
        void look(words.value.trim());
      }}>
        <Icon name="search" />
        <input type="search" name="q" aria-label="Find a person" dir="auto" autocomplete="off" placeholder="Name, number or address"
          value={words.value} onInput={(e) => {
            words.value = e.currentTarget.value;
            void look(words.value.trim());
          }} />
        <button type="submit" class="main">Find</button>
      </form>
      {problem.value && <Trouble of={problem.value} />}
      {found.value && list.length === 0 && <p class="muted" role="status">Nobody was found. Part of a name or of a number is enough.</p>}
      <ul class="calls" ref={box} data-roving>
        {list.map((c) => (
          <li key={c.id}>
            <a class="person-row" href={links.privacy(c.id)} data-item>
              <b dir="auto">{c.name || "Unknown person"}</b>
              <span class="muted num">{many(c.identifiers).map((i) => <bdi key={i.value}>{i.value} </bdi>)}</span>
            </a>
          </li>
        ))}
      </ul>
    </main>
  );
}

function Person({ id }: { id: string }): JSX.Element {
  const ledger = useMemo(() => new PersonLedger(id), [id]);
  useEffect(() => {
    void ledger.start();
    return () => ledger.close();
  }, [ledger]);
  useKeys("Privacy", [
    { key: "u", label: "Undo the last change", run: () => void ledger.takeBack() },
    { key: "n", label: "Back to now", run: () => void ledger.ask("") },
  ]);
  const p = ledger.person.value;
  return (
    <main id="main" class="page" tabIndex={-1}>
      <header class="theme-head">
        <a href={links.privacy()}>All people</a>
        <h1 dir="auto">{p ? p.name || "Unknown person" : " "}</h1>
        <Chain ledger={ledger} />
        <span class="grow" />
        <a class="button" href={links.calls(id)}>Calls</a>
        <a class="button" href={api.receipt(id, "text")} download data-plain>Receipt</a>
        <a class="button" href={api.receipt(id, "json")} download data-plain>Receipt for machines</a>
      </header>
      {ledger.problem.value && <Trouble of={ledger.problem.value} />}
      <Undo ledger={ledger} />
      <section class="consent" aria-labelledby="allowed-title">
        <header class="theme-head">
          <h2 id="allowed-title">{ledger.date.value === "" ? "What they allow now" : "What they allowed"}</h2>
          <span class="grow" />
          <label class="consent-date">
            <span>At</span>
            <input type="datetime-local" value={ledger.date.value} onChange={(e) => void ledger.ask(e.currentTarget.value)} />
          </label>
          <button type="button" disabled={ledger.date.value === ""} onClick={() => void ledger.ask("")}>Now</button>
        </header>
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
  return v
    ? <span class="tag tag-accepted" title="Every row follows the one before it, and none was changed">Chain verified</span>
    : <span class="tag tag-warn" role="alert">The chain is broken: a row was changed or removed</span>;
}

function Undo({ ledger }: { ledger: PersonLedger }): JSX.Element {
  const u = ledger.undo.value;
  return (
    <div role="status">
      {u && <p class="note note-accent"><span>{u.text} Every system is being told.</span><button type="button" onClick={() => void ledger.takeBack()}>Undo</button></p>}
    </div>
  );
}

function Now({ ledger }: { ledger: PersonLedger }): JSX.Element {
  const s = ledger.chosen.value;
  return (
    <>
      <Grid cells={ledger.cells.value} caption="A click turns a cell: from yes to no, or to yes with the words below" act="Click to turn"
        disabled={ledger.busy.value} onCell={(c) => void ledger.turn(c)} onShow={(c) => void ledger.choose(c)} />
      <p class="consent-why" aria-live="polite">
        {s ? <Explained of={s} asked={ledger.wording(s)?.text} /> : <span class="muted">Move to a cell to see why it is so.</span>}
      </p>
    </>
  );
}

function Explained({ of, asked }: { of: Standing; asked: string | undefined }): JSX.Element {
  return (
    <>
      <b>{cellName(of)}: {stateNames[of.state].toLowerCase()}.</b> {of.why}
      {!of.allowed && asked && <> To allow it they are asked: <q dir="auto">{asked}</q></>}
    </>
  );
}

function Then({ ledger, known }: { ledger: PersonLedger; known: readonly Standing[] }): JSX.Element {
  const differ = differing(ledger.cells.value, known);
  const p = ledger.past.value;
  return (
    <>
      <p role="status">{differ.size === 0 ? "What was true was known." : `${differ.size} ${differ.size === 1 ? "answer differs" : "answers differ"}: something was learnt later.`}</p>
      <div class="consent-beside">
        <Grid cells={ledger.cells.value} caption="What was true" differ={differ} act="Click to ask" onCell={(c) => void ledger.choose(c)} />
        <Grid cells={known} caption="What we knew" differ={differ} act="Click to ask" onCell={(c) => void ledger.choose(c)} />
      </div>
      <div class="consent-why" aria-live="polite">
        {p ? (
          <>
            <p><b>{cellName(p.as_of)}:</b> {p.verdict}</p>
            <p class="muted">In truth: {p.as_of.why}</p>
            <p class="muted">As far as was known: {p.known_at.why}</p>
          </>
        ) : <span class="muted">Click a cell to ask whether it was allowed then.</span>}
      </div>
    </>
  );
}
