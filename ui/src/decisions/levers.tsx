// The levers of the business: what each moves, until when, and what that
// costs; with a warning before one ends.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { day, figure } from "../format";
import { t } from "../lang";
import { Empty, Trouble } from "../parts/bits";
import { go, links } from "../route";
import { clean } from "../text";
import { many } from "../wire";
import { Bar, Field, StateTag, Wide, percent, waits } from "./bits";
import { calls } from "./calls";
import { Figures } from "./figures-store";
import { text } from "./json";
import { leverEffect, mayDesign, shelf } from "./store";
import type { LeverLine, Levers, Line } from "./wire";

/** How long before its end a lever is warned of, in days. */
const soon = 7;

export function daysLeft(until: string, now = Date.now()): number {
  return Math.ceil((Date.parse(until) - now) / 86_400_000);
}

export function LeversTab(): JSX.Element {
  const d = t().decisions;
  const store = useMemo(() => new Figures(() => calls.levers(30)), []);
  useEffect(() => void store.refresh(), [store]);
  const r = store.of.value;
  const ending = many(r?.levers).filter((l) => l.state === "active" && daysLeft(l.until) <= soon);
  return (
    <>
      {store.problem.value && <Trouble of={store.problem.value} />}
      {!r && !store.problem.value && <p class="muted">{d.loading}</p>}
      {r?.alarm && <p class="note note-bad" role="alert" lang="en">{r.alarm.why}</p>}
      {ending.map((l) => <p key={`${l.scope}${l.name}${l.from}`} class="note note-warn" role="status">{d.endsSoon(clean(l.name), Math.max(0, daysLeft(l.until)))}</p>)}
      {mayDesign() && <NewLever />}
      {r && <Report r={r} />}
      <Saved />
    </>
  );
}

function NewLever(): JSX.Element {
  const d = t().decisions;
  const id = useSignal("");
  const ok = /^[a-z0-9]+([._-][a-z0-9]+)*$/.test(id.value);
  return (
    <form class="decisions-form" onSubmit={(e) => {
      e.preventDefault();
      if (ok) go(links.decisions("lever", { id: id.value }));
    }}>
      <Field label={d.newLever} value={id.value} change={(v) => (id.value = v)} hint={d.newIdHow} />
      <button type="submit" disabled={!ok}>{d.begin}</button>
    </form>
  );
}

function Report({ r }: { r: Levers }): JSX.Element {
  const d = t().decisions;
  const all = many(r.levers);
  if (all.length === 0) return <Empty title={d.noLevers}><p>{d.noLeversHow}</p></Empty>;
  return (
    <>
      <p>{d.leversDid(figure(r.flipped, 0), figure(r.decisions, 0), percent(r.share), figure(r.given_up))}</p>
      <Wide label={d.tabs.levers}>
        <table>
          <caption class="unseen">{d.tabs.levers}</caption>
          <thead><tr>
            <th scope="col">{d.leverOf}</th><th scope="col" class="num">{d.pushPercent}</th><th scope="col">{d.effect}</th><th scope="col">{d.owner}</th>
            <th scope="col">{d.reason}</th><th scope="col">{d.until}</th><th scope="col">{d.changedFirst}</th><th scope="col" class="num">{d.givenUp}</th>
          </tr></thead>
          <tbody>{all.map((l, i) => <LeverRow key={i} l={l} of={r.decisions} />)}</tbody>
        </table>
      </Wide>
      <p class="muted">{d.leversHow(day(r.since), day(r.until))}</p>
    </>
  );
}

function LeverRow({ l, of }: { l: LeverLine; of: number }): JSX.Element {
  const d = t().decisions;
  const n = leverEffect(l.scope, l.name);
  return (
    <tr>
      <th scope="row"><bdi>{clean(l.name)}</bdi> <small class="muted">{d.scopes[l.scope]}</small></th>
      <td class="num"><bdi dir="ltr">{l.percent > 0 ? "+" : ""}{figure(l.percent, 0)} %</bdi></td>
      <td>{d.pushes(l.percent, n, figure(n, 0))}</td>
      <td dir="auto">{clean(l.owner)}</td>
      <td dir="auto">{clean(l.reason)}</td>
      <td>{day(l.until)} <span class="tag">{d.leverStates[l.state]}</span></td>
      <td><Bar part={l.share} text={d.ofDecisions(figure(l.flipped, 0), figure(of, 0))} /></td>
      <td class="num">{figure(l.given_up)}</td>
    </tr>
  );
}

/** Levers that people made here, with their versions. */
function Saved(): JSX.Element | null {
  const d = t().decisions;
  const all = shelf.items("lever");
  if (all.length === 0) return null;
  return (
    <section aria-label={d.leversMade}>
      <h2>{d.leversMade}</h2>
      <ul class="decisions-lines">{all.map((l) => <li key={l.id}><SavedLine l={l} /></li>)}</ul>
    </section>
  );
}

function SavedLine({ l }: { l: Line }): JSX.Element {
  return (
    <a class="decisions-line" href={links.decisions("lever", { id: l.id })}>
      <b><bdi>{clean(text(l.doc["name"]))}</bdi> <bdi dir="ltr">{text(l.doc["percent"])} %</bdi></b>
      <span class="muted" dir="auto">{clean(text(l.doc["reason"]))}</span>
      <span class="decisions-tags">
        {l.state && <StateTag of={l.state} />}
        {waits(l) && l.newest_state && <StateTag of={l.newest_state} />}
      </span>
      <code class="muted">{l.id}</code>
    </a>
  );
}
