// One customer: who they are, what is known and why, and what happened.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { day, figure, readingName, sentence, share, words, year } from "../format";
import { Trouble, When } from "../parts/bits";
import { EvidenceList } from "../parts/why";
import { links } from "../route";
import { many, type Customer, type Reading } from "../wire";
import { ReviewRow } from "./reviews";
import { CustomerPageStore, mayDecide } from "./store";
import { Timeline } from "./timeline";
import type { KnownIdentifier, Merge, Trait } from "./wire";

export function CustomerScreen({ id }: { id: string }): JSX.Element {
  const store = useMemo(() => new CustomerPageStore(id), [id]);
  useEffect(() => void store.start(), [store]);
  const c = store.customer.value;
  return (
    <main id="main" class="page" tabIndex={-1}>
      <header class="who-head">
        <h1><bdi>{c?.name || "Customer without a name"}</bdi></h1>
        {c?.since && <span class="muted">since {year(c.since)}</span>}
        {many(c?.members).length > 1 && <span class="tag">{many(c?.members).length} taken for one</span>}
        <span class="grow" />
        <a class="button" href={links.calls(id)}>Calls</a>
        <a class="button" href={links.privacy(id)}>Consent</a>
      </header>
      {store.problem.value && <Trouble of={store.problem.value} />}
      {c && (
        <div class="who-columns">
          <Timeline store={store} />
          <aside class="who-side" aria-label="What is known">
            {store.reviews.value.length > 0 && (
              <section>
                <h2>To be decided</h2>
                <ul class="reviews">{store.reviews.value.map((r) => <ReviewRow key={r.id} of={r} />)}</ul>
                <p><a href={links.reviews()}>Decide it</a></p>
              </section>
            )}
            <Signals of={c} />
            <Traits of={many(c.traits)} />
            <Identifiers of={store.identifiers.value} />
            <Merges store={store} />
          </aside>
        </div>
      )}
    </main>
  );
}

function Signals({ of }: { of: Customer }): JSX.Element {
  return (
    <section>
      <h2>Signals</h2>
      <dl class="rows">
        {many(of.readings).map((r) => <SignalRow key={r.name} of={r} />)}
        {many(of.buying).map((r) => <SignalRow key={r.product} of={r} />)}
      </dl>
    </section>
  );
}

function SignalRow({ of }: { of: Reading }): JSX.Element {
  const evidence = many(of.evidence);
  return (
    <div>
      <dt>{sentence(readingName(of.name))}{of.product && <> <bdi>{words(of.product)}</bdi></>}</dt>
      <dd>
        <b class={`num${of.name === "churn_risk" && of.value >= 0.6 ? " tone-bad" : ""}`}>{share(of.value)}</b>
        {evidence.length === 0 ? <span class="muted"> nothing speaks for it now</span> : (
          <details class="more inline">
            <summary>{evidence.length} {evidence.length === 1 ? "reason" : "reasons"}, fading</summary>
            <EvidenceList of={evidence} call="" show={() => undefined} />
          </details>
        )}
      </dd>
    </div>
  );
}

/** Traits by name, the believed word first and what others say under it. */
export function byName(traits: readonly Trait[]): (readonly Trait[])[] {
  const names = [...new Set(traits.map((t) => t.name))];
  return names.map((n) => traits.filter((t) => t.name === n));
}

function value(v: unknown): string {
  if (typeof v === "number") return figure(v);
  if (typeof v === "boolean") return v ? "yes" : "no";
  return typeof v === "string" ? v : "";
}

function Traits({ of }: { of: readonly Trait[] }): JSX.Element | null {
  if (of.length === 0) return null;
  return (
    <section>
      <h2>Known</h2>
      <dl class="rows">
        {byName(of).map((all) => (
          <div key={all[0]?.name}>
            <dt>{sentence(all[0]?.name ?? "")}</dt>
            <dd>
              {all.map((t, i) => (
                <div key={i} class={i === 0 ? undefined : "who-other"}>
                  <bdi>{value(t.value)}</bdi> <small class="muted">{told(t)}</small>
                </div>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function told(t: Trait): string {
  const expires = t.expires && !t.expires.startsWith("0001") ? `until ${day(t.expires)}` : "";
  return [t.kind, t.source && words(t.source), t.at && day(t.at), expires].filter(Boolean).join(" · ");
}

const typeNames: Record<string, string> = { user_id: "User id", email: "E-mail", phone: "Phone", device: "Device" };
const tones = { verified: "good", candidate: "plain", shared: "bad" } as const;
const states = { verified: "verified", candidate: "not confirmed", shared: "used by several" } as const;

function Identifiers({ of }: { of: readonly KnownIdentifier[] }): JSX.Element {
  return (
    <section>
      <h2>Recognised by</h2>
      {of.length === 0 && <p class="muted">Nothing yet: the number was withheld.</p>}
      <ul class="plain">
        {of.map((i) => (
          <li key={`${i.type} ${i.value}`}>
            <span class="muted">{typeNames[i.type] ?? sentence(i.type)}</span> <bdi class="num">{i.value}</bdi>{" "}
            <span class={`tone-${tones[i.state]}`}>{states[i.state]}</span>{" "}
            <small class="muted">last seen <When at={i.last_seen} /></small>
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
      <h2>Taken for one</h2>
      {all.length > 0 && <ul class="plain">{all.map((m) => <MergeRow key={m.id} of={m} store={store} />)}</ul>}
      {mayDecide() && <MergeWith store={store} />}
    </section>
  );
}

const grounds: Record<string, string> = {
  login: "signed in on the same device", agent: "the agent confirmed it", caller: "the caller proved it", operator: "merged by hand",
};

function MergeRow({ of, store }: { of: Merge; store: CustomerPageStore }): JSX.Element {
  const over = of.removed_at !== undefined && !of.removed_at.startsWith("0001");
  const other = many(of.people).find((p) => p !== store.id) ?? store.id;
  if (over) {
    return (
      <li>
        <a href={links.customer(other)}>Parted</a> <small class="muted"><When at={of.removed_at ?? ""} /> by <bdi>{of.removed_by}</bdi></small>
      </li>
    );
  }
  return (
    <li class="who-merge">
      <span>
        {sentence(grounds[of.proof.kind] ?? of.proof.kind)}{" "}
        <small class="muted"><When at={of.at} />{of.proof.actor && <> by <bdi>{of.proof.actor}</bdi></>}</small>
      </span>
      {mayDecide() && <button type="button" disabled={store.busy.value} onClick={() => void store.unmerge(of.id)}>Undo</button>}
    </li>
  );
}

function MergeWith({ store }: { store: CustomerPageStore }): JSX.Element {
  const text = useSignal("");
  return (
    <details class="more">
      <summary>Merge with another customer</summary>
      <form class="who-find" onSubmit={(e) => {
        e.preventDefault();
        void store.look(text.value);
      }}>
        <input type="search" aria-label="Name, number or address of the other customer" dir="auto" autocomplete="off"
          value={text.value} onInput={(e) => (text.value = e.currentTarget.value)} />
        <button type="submit">Find</button>
      </form>
      {store.found.value?.length === 0 && <p class="muted" role="status">Nobody was found.</p>}
      <ul class="plain">
        {many(store.found.value).map((c) => (
          <li key={c.id} class="who-merge">
            <span><a href={links.customer(c.id)}><bdi>{c.name || "Without a name"}</bdi></a> <bdi class="num muted">{many(c.identifiers)[0]?.value}</bdi></span>
            <button type="button" disabled={store.busy.value} onClick={() => void store.merge(c.id)}>Merge</button>
          </li>
        ))}
      </ul>
      <p class="muted">It can be undone without a trace.</p>
    </details>
  );
}
