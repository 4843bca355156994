// One customer: who they are, what is known and why, and what happened.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { Readers } from "../admin/readers";
import { channelName, day, figure, readingName, sentence, share, textOf, words, year } from "../format";
import { t } from "../lang";
import { Trouble, When } from "../parts/bits";
import { EvidenceList } from "../parts/why";
import { mayAct } from "../privacy/store";
import { links } from "../route";
import { clean, nameOr } from "../text";
import { many, type Customer, type Fact, type Reading } from "../wire";
import { Consent } from "./consent";
import { Fade } from "./fade";
import { ReviewRow } from "./reviews";
import { CustomerPageStore, mayDecide, typeName } from "./store";
import { Timeline } from "./timeline";
import type { KnownIdentifier, Merge, Trait } from "./wire";

export function CustomerScreen({ id }: { id: string }): JSX.Element {
  const store = useMemo(() => new CustomerPageStore(id), [id]);
  useEffect(() => void store.start(), [store]);
  const c = store.customer.value;
  const { customer } = t();
  return (
    <main id="main" class="page" tabIndex={-1}>
      <Head id={id} c={c} known={c !== undefined || store.problem.value !== undefined} />
      {store.problem.value && <Trouble of={store.problem.value} />}
      <Done store={store} />
      {c && (
        <div class="who-columns">
          <div class="who-main">
            <Consent id={id} />
            <Timeline store={store} />
          </div>
          <aside class="who-side" aria-label={customer.known}>
            {store.reviews.value.length > 0 && (
              <section>
                <h2>{customer.toDecide}</h2>
                <ul class="reviews">{store.reviews.value.map((r) => <ReviewRow key={r.id} of={r} />)}</ul>
                {mayDecide() && <p><a href={links.reviews()}>{customer.decideIt}</a></p>}
              </section>
            )}
            <Signals of={c} read={store.read.value} />
            <Now of={c} />
            <Traits of={many(c.traits)} />
            <Identifiers of={store.identifiers.value} />
            <Merges store={store} />
            <Readers of={{ customer: id }} />
          </aside>
        </div>
      )}
    </main>
  );
}

function Head({ id, c, known }: { id: string; c: Customer | undefined; known: boolean }): JSX.Element {
  const { customer } = t();
  const members = many(c?.members).length;
  return (
    <header class="who-head">
      <h1><bdi>{clean(c?.name ?? "") || (known ? customer.nameless : "\u00a0")}</bdi></h1>
      {c?.since && <span class="muted">{customer.since(year(c.since))}</span>}
      {members > 1 && <span class="tag">{customer.takenForOne(members, figure(members))}</span>}
      <span class="grow" />
      <a class="button" href={links.calls(id)}>{customer.kinds.call}</a>
      {mayAct() && <a class="button" href={links.privacy(id)}>{t().nav.privacy}</a>}
    </header>
  );
}

/** What was just done about who is who, with its undo. */
function Done({ store }: { store: CustomerPageStore }): JSX.Element {
  const d = store.done.value;
  return (
    <div role="status">
      {d && <p class="note note-accent"><span>{d.text}</span><button type="button" disabled={store.busy.value} onClick={() => void d.undo()}>{t().customer.undo}</button></p>}
    </div>
  );
}

/** What is open, and when we last had to do with them. */
function Now({ of }: { of: Customer }): JSX.Element | null {
  const { customer } = t();
  const facts = many(of.facts).toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const open = openIssues(facts);
  const contacts = facts.filter((f) => f.name.startsWith("contact.")).slice(0, 5);
  if (open.length === 0 && contacts.length === 0) return null;
  return (
    <section>
      {open.length > 0 && (
        <>
          <h2>{customer.openIssues}</h2>
          <ul class="plain">{open.map((f) => <li key={f.at}>{sentence(f.name.split(".")[0] ?? "")} <small class="muted"><When at={f.at} /></small></li>)}</ul>
        </>
      )}
      {contacts.length > 0 && (
        <>
          <h2>{customer.contacts}</h2>
          <ul class="plain">{contacts.map((f) => <li key={f.at}>{channelName(f.name.split(".")[1] ?? "")} <small class="muted"><When at={f.at} /></small></li>)}</ul>
        </>
      )}
    </section>
  );
}

/** What was opened and not closed since; the facts come latest first. */
export function openIssues(facts: readonly Fact[]): readonly Fact[] {
  return facts.filter((f, i) => {
    const [what, how] = f.name.split(".");
    return how === "opened" && !facts.slice(0, i).some((later) => later.name === `${what}.closed` || later.name === `${what}.resolved` || later.name === f.name);
  });
}

function Signals({ of, read }: { of: Customer; read: number }): JSX.Element {
  return (
    <section>
      <h2>{t().customer.signals}</h2>
      <dl class="rows">
        {many(of.readings).map((r) => <SignalRow key={r.name} of={r} read={read} />)}
        {many(of.buying).map((r) => <SignalRow key={r.product} of={r} read={read} />)}
      </dl>
    </section>
  );
}

function SignalRow({ of, read }: { of: Reading; read: number }): JSX.Element {
  const { customer } = t();
  const evidence = many(of.evidence);
  return (
    <div>
      <dt>{sentence(readingName(of.name))}{of.product && <> <bdi>{words(of.product)}</bdi></>}</dt>
      <dd>
        <b class={`num${of.name === "churn_risk" && of.value >= 0.6 ? " tone-bad" : ""}`}>{share(of.value)}</b>
        {evidence.length === 0 ? <span class="muted"> {customer.noEvidence}</span> : (
          <details class="more inline">
            <summary>{customer.reasons(evidence.length, figure(evidence.length))}</summary>
            <ul class="evidence fading">
              {evidence.map((e, i) => <li key={i}><EvidenceList of={[e]} call="" show={() => undefined} /> <Fade of={e} now={read} /></li>)}
            </ul>
          </details>
        )}
      </dd>
    </div>
  );
}

/** Traits by name, the believed word first and what others say under it. */
export function byName(traits: readonly Trait[]): (readonly Trait[])[] {
  const names = [...new Set(traits.map((x) => x.name))];
  return names.map((n) => traits.filter((x) => x.name === n));
}

function value(v: unknown): string {
  if (typeof v === "number") return figure(v);
  if (typeof v === "boolean") return v ? t().customer.yes : t().customer.no;
  return typeof v === "string" ? v : "";
}

function Traits({ of }: { of: readonly Trait[] }): JSX.Element | null {
  if (of.length === 0) return null;
  return (
    <section>
      <h2>{t().customer.traits}</h2>
      <dl class="rows">
        {byName(of).map((all) => (
          <div key={all[0]?.name}>
            <dt>{sentence(all[0]?.name ?? "")}</dt>
            <dd>
              {all.map((x, i) => (
                <div key={i} class={i === 0 ? undefined : "who-other"}>
                  <bdi>{clean(value(x.value))}</bdi> <small class="muted">{told(x)}</small>
                </div>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function told(x: Trait): string {
  const { customer } = t();
  const expires = x.expires && !x.expires.startsWith("0001") ? customer.until(day(x.expires)) : "";
  return [x.kind && (textOf(customer.traitKinds, x.kind) ?? x.kind), x.source && words(x.source), x.at && day(x.at), expires].filter(Boolean).join(" · ");
}

const tones = { verified: "good", candidate: "plain", shared: "bad" } as const;

function Identifiers({ of }: { of: readonly KnownIdentifier[] }): JSX.Element {
  const { customer } = t();
  return (
    <section>
      <h2>{customer.recognised}</h2>
      {of.length === 0 && <p class="muted">{customer.noIdentifier}</p>}
      <ul class="plain">
        {of.map((i) => (
          <li key={`${i.type} ${i.value}`}>
            <span class="muted">{typeName(i.type)}</span> <bdi class="num" dir="ltr">{i.value}</bdi>{" "}
            <span class={`tone-${tones[i.state]}`}>{customer.idStates[i.state]}</span>{" "}
            <small class="muted">{customer.lastSeen} <When at={i.last_seen} /></small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Merges({ store }: { store: CustomerPageStore }): JSX.Element | null {
  const all = store.merges.value;
  if (all.length === 0 && !mayDecide()) return null;
  return (
    <section>
      <h2>{t().customer.one}</h2>
      {all.length > 0 && <ul class="plain">{all.map((m) => <MergeRow key={m.id} of={m} store={store} />)}</ul>}
      {mayDecide() && <MergeWith store={store} />}
    </section>
  );
}

function MergeRow({ of, store }: { of: Merge; store: CustomerPageStore }): JSX.Element {
  const { customer } = t();
  const over = of.removed_at !== undefined && !of.removed_at.startsWith("0001");
  const other = many(of.people).find((p) => p !== store.id) ?? store.id;
  if (over) {
    return (
      <li>
        <a href={links.customer(other)}>{customer.wasParted}</a> <small class="muted"><When at={of.removed_at ?? ""} /> <bdi>{of.removed_by}</bdi></small>
      </li>
    );
  }
  return (
    <li class="who-merge">
      <span>
        <a href={links.customer(other)}>{textOf(customer.grounds, of.proof.kind) ?? sentence(of.proof.kind)}</a>{" "}
        <small class="muted"><When at={of.at} />{of.proof.actor && <> <bdi>{of.proof.actor}</bdi></>}</small>
      </span>
      {mayDecide() && <button type="button" disabled={store.busy.value} onClick={() => void store.unmerge(of.id)}>{customer.part}</button>}
    </li>
  );
}

function MergeWith({ store }: { store: CustomerPageStore }): JSX.Element {
  const { customer } = t();
  const text = useSignal("");
  return (
    <details class="more">
      <summary>{customer.mergeWith}</summary>
      <p class="muted">{customer.mergeDoes}</p>
      <form class="who-find" onSubmit={(e) => {
        e.preventDefault();
        void store.look(text.value);
      }}>
        <input type="search" aria-label={customer.findOther} dir="auto" autocomplete="off"
          value={text.value} onInput={(e) => (text.value = e.currentTarget.value)} />
        <button type="submit">{t().customers.find}</button>
      </form>
      {store.found.value?.length === 0 && <p class="muted" role="status">{t().customers.notFound}</p>}
      <ul class="plain">
        {many(store.found.value).map((c) => (
          <li key={c.id} class="who-merge">
            <span><a href={links.customer(c.id)}><bdi>{nameOr(c.name, t().customers.nameless)}</bdi></a> <bdi class="num muted" dir="ltr">{many(c.identifiers)[0]?.value}</bdi></span>
            <button type="button" disabled={store.busy.value} onClick={() => void store.merge(c.id)}>{customer.merge}</button>
          </li>
        ))}
      </ul>
    </details>
  );
}
