// All customers, to find one by name, number or address.

import { nameOr } from "../text";
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { figure, readingName, share, year } from "../format";
import { t } from "../lang";
import { Empty, Trouble } from "../parts/bits";
import { Icon } from "../parts/icon";
import { useRoving } from "../parts/roving";
import { go, links } from "../route";
import { many, type Customer } from "../wire";
import { Customers } from "./store";

export function CustomersScreen({ q }: { q: string }): JSX.Element {
  const store = useMemo(() => new Customers(), []);
  useEffect(() => void store.run(q), [q]);
  const { customers } = t();
  const rows = store.rows.value;
  const box = useRoving<HTMLUListElement>(rows.length);
  return (
    <main id="main" class="page page-search" tabIndex={-1}>
      <h1 class="unseen">{customers.title}</h1>
      <Box q={q} />
      {store.waiting.value > 0 && (
        <p class="note"><span>{customers.waiting(store.waiting.value, figure(store.waiting.value))}</span> <a class="button" href={links.reviews()}>{customers.decide}</a></p>
      )}
      {store.problem.value && <Trouble of={store.problem.value} />}
      {store.known.value && rows.length === 0 && !store.problem.value && (
        <Empty title={q === "" ? customers.none : customers.notFound}><p>{q === "" ? customers.noneHow : customers.notFoundHow}</p></Empty>
      )}
      <ul class="hits" ref={box} data-roving>{rows.map((c) => <Row key={c.id} of={c} />)}</ul>
      {store.next.value !== "" && <button type="button" class="more-button" onClick={() => void store.more()}>{customers.more}</button>}
    </main>
  );
}

function Box({ q }: { q: string }): JSX.Element {
  const { customers } = t();
  const text = useSignal(q);
  useEffect(() => {
    text.value = q;
  }, [q]);
  return (
    <form class="search-box" role="search" onSubmit={(e) => {
      e.preventDefault();
      go(links.customers(text.value.trim()));
    }}>
      <Icon name="search" />
      <input type="search" aria-label={customers.findBy} dir="auto" autocomplete="off" spellcheck={false}
        placeholder={customers.findBy} value={text.value} onInput={(e) => (text.value = e.currentTarget.value)} />
      <button type="submit" class="main">{customers.find}</button>
    </form>
  );
}

function Row({ of }: { of: Customer }): JSX.Element {
  const { customers } = t();
  const churn = many(of.readings).find((r) => r.name === "churn_risk");
  return (
    <li>
      <a class="who-row" href={links.customer(of.id)} data-item>
        <b><bdi>{nameOr(of.name, customers.nameless)}</bdi></b>
        <bdi class="num muted" dir="ltr">{many(of.identifiers).slice(0, 2).map((i) => i.value).join(" · ")}</bdi>
        <span class="grow" />
        {churn && churn.value >= 0.3 && <span class={churn.value >= 0.6 ? "tone-bad" : "muted"}>{readingName("churn_risk")} <span class="num">{share(churn.value)}</span></span>}
        {of.since && <span class="muted">{customers.since(year(of.since))}</span>}
      </a>
    </li>
  );
}
