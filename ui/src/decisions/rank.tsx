// The ranking for one person, as things are and with what is moved.

import type { JSX } from "preact";
import { useEffect, useId, useMemo } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { channelName, figure, moment } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Empty, Trouble } from "../parts/bits";
import { go, links } from "../route";
import { clean } from "../text";
import { Action, Bar, Choose, Field, Wide, actionName, percent } from "./bits";
import { knobs, movement, Ranker, turn, type Person } from "./rank-store";
import { isTried, mayDesign, tried, tryNothing } from "./store";
import { channels, type Channel, type Out, type Ranked, type Ranking } from "./wire";
import { many } from "../wire";

export function RankingTab({ q }: { q: URLSearchParams }): JSX.Element {
  const d = t().decisions;
  const asked = q.toString();
  const ranker = useMemo(() => new Ranker({
    customer: q.get("customer") ?? "", at: q.get("at") ?? "", channel: channels.find((c) => c === q.get("channel")) ?? "agent",
  }), [asked]);
  useEffect(() => ranker.follow(), [ranker]);
  useKeys(d.tabs.ranking, [{ key: "x", label: d.tryNothing, run: tryNothing }]);
  const r = ranker.ranking.value;
  return (
    <>
      <p class="muted">{d.rankingHow}</p>
      <Whom ranker={ranker} />
      {ranker.problem.value && <Trouble of={ranker.problem.value}> {r ? d.lastAnswer : ""}</Trouble>}
      <TriedNow ranker={ranker} />
      {!r && !ranker.problem.value && <p class="muted">{d.loading}</p>}
      {r && <Orders r={r} />}
    </>
  );
}

function Whom({ ranker }: { ranker: Ranker }): JSX.Element {
  const d = t().decisions;
  const p = ranker.person.value as Person;
  const known = p.customer !== "";
  return (
    <fieldset>
      <legend>{d.whom}</legend>
      <div class="decisions-form">
        <Choose label={d.channel} value={p.channel} of={channels} name={channelName} change={(c: Channel) => ranker.change({ channel: c })} />
        <Field label={d.customerId} value={p.customer} change={(customer) => ranker.change({ customer })} hint={known && p.at ? moment(p.at) : d.customerIdHow} />
        {!known && <Field label={d.traits} value={p.traits} change={(v) => ranker.change({ traits: v })} hint="plan=basic, monthly_fee=30" />}
        {!known && <Field label={d.signals} value={p.signals} change={(v) => ranker.change({ signals: v })} hint="churn_risk=0.7" />}
        {!known && <Field label={d.heard} value={p.labels} change={(v) => ranker.change({ labels: v })} hint="intent.cancel, theme.price" />}
        {!known && <Field label={d.happened} value={p.facts} change={(v) => ranker.change({ facts: v })} hint="purchase 3 fibre" />}
        {!known && <label class="switch"><input type="checkbox" checked={p.agrees} onChange={(e) => ranker.change({ agrees: e.currentTarget.checked })} /> {d.agrees}</label>}
      </div>
    </fieldset>
  );
}

/** What is tried, with the ways on: a draft, a replay, or nothing. */
function TriedNow({ ranker }: { ranker: Ranker }): JSX.Element | null {
  const d = t().decisions;
  const why = useSignal("");
  const of = tried.value;
  if (!isTried(of)) return null;
  const names = [...Object.keys(of.actions).map((id) => d.triedAction(actionName(id))), ...Object.entries(of.levers).map(([id, n]) => d.triedLever(actionName(id), figure(n, 0)))];
  return (
    <section class="decisions-panel" aria-label={d.triedNow}>
      <h3>{d.triedNow}</h3>
      <ul class="decisions-tried">{names.map((n) => <li key={n}><bdi>{n}</bdi></li>)}</ul>
      <div class="decisions-form">
        {mayDesign() && (
          <>
            <Field label={d.why} value={why.value} change={(v) => (why.value = v)} hint={d.whyHow} />
            <button type="button" class="main" disabled={why.value.trim() === ""} onClick={() => void ranker.makeDrafts(why.value.trim())}>{d.makeDraft}</button>
            <button type="button" onClick={() => go(links.decisions("replay"))}>{d.replayIt}</button>
          </>
        )}
        <button type="button" class="quiet" onClick={tryNothing}>{d.tryNothing} <kbd aria-hidden="true">X</kbd></button>
      </div>
    </section>
  );
}

function Orders({ r }: { r: Ranking }): JSX.Element {
  const d = t().decisions;
  const now = r.tried ?? r.now;
  const most = Math.max(1e-9, ...many(now.ranked).map((x) => x.priority));
  return (
    <>
      <section aria-label={d.ranked}>
        <h2>{d.ranked}</h2>
        {many(now.ranked).length === 0 ? <Empty title={d.silence}><p>{d.silenceHow}</p></Empty> : (
          <Wide label={d.ranked}>
            <table class="decisions-ranking">
              <caption class="unseen">{d.ranked}</caption>
              <thead><tr>
                <th scope="col" class="num">#</th><th scope="col">{d.action}</th><th scope="col">{d.priority}</th><th scope="col">{d.chance}</th><th scope="col" class="num">{d.fit}</th>
                <th scope="col" class="num">{d.value}</th><th scope="col" class="num">{d.lever}</th><th scope="col">{d.moveMargin}</th><th scope="col">{d.moveLever}</th>
              </tr></thead>
              <tbody>{many(now.ranked).map((x) => <RankedRow key={x.action} x={x} r={r} most={most} />)}</tbody>
            </table>
          </Wide>
        )}
      </section>
      <Outs of={many(now.out)} before={r.tried ? many(r.now.out) : undefined} />
    </>
  );
}

function RankedRow({ x, r, most }: { x: Ranked; r: Ranking; most: number }): JSX.Element {
  const d = t().decisions;
  const moved = r.tried ? movement(r.now, r.tried, x.action) : undefined;
  const fresh = r.tried !== undefined && !many(r.now.ranked).some((b) => b.action === x.action);
  const k = knobs(x.action);
  return (
    <tr>
      <td class="num">{figure(x.rank, 0)} <Moved by={moved} fresh={fresh} /></td>
      <th scope="row"><a href={links.decisions("action", { id: x.action })} dir="auto">{clean(x.title)}</a></th>
      <td><Bar part={x.priority / most} text={figure(x.priority)} /></td>
      <td><Bar part={x.p} tone="decisions-bar-soft" text={percent(x.p)} title={d.between(percent(x.low), percent(x.high))} /></td>
      <td class="num">{figure(x.c)}</td>
      <td class="num">{figure(x.v)}</td>
      <td class="num">{figure(x.l)}</td>
      <td><Knob label={`${d.moveMargin}: ${x.title}`} value={k.margin} least={0} most={Math.max(100, 2 * k.margin)} step={1} change={(margin) => turn(x.action, { margin })} /></td>
      <td><Knob label={`${d.moveLever}: ${x.title}`} value={k.lever} least={-80} most={200} step={5} change={(lever) => turn(x.action, { lever })} /></td>
    </tr>
  );
}

function Moved({ by, fresh }: { by: number | undefined; fresh: boolean }): JSX.Element | null {
  const d = t().decisions;
  if (fresh) return <span class="tag tag-accepted">{d.fresh}</span>;
  if (!by) return null;
  return <span class={by > 0 ? "tone-good" : "tone-bad"}><span aria-hidden="true">{by > 0 ? "▲" : "▼"}</span><span class="unseen">{by > 0 ? d.up : d.down}</span>{figure(Math.abs(by), 0)}</span>;
}

interface KnobProps {
  label: string;
  value: number;
  least: number;
  most: number;
  step: number;
  change(n: number): void;
}

/** A slider with its number, which can be typed as well. */
function Knob({ label, value, least, most, step, change }: KnobProps): JSX.Element {
  const id = useId();
  const name = clean(label);
  const to = (e: { currentTarget: HTMLInputElement }): void => {
    const n = e.currentTarget.valueAsNumber;
    if (Number.isFinite(n)) change(Math.min(Math.max(n, least), 1e6));
  };
  return (
    <span class="decisions-knob">
      <input type="range" aria-label={name} min={least} max={most} step={step} value={value} onInput={to} />
      <input type="number" id={id} aria-label={t().decisions.exactly(name)} step="any" value={value} onChange={to} />
    </span>
  );
}

/** What may not be offered, and the rule that says so. */
function Outs({ of, before }: { of: readonly Out[]; before: readonly Out[] | undefined }): JSX.Element | null {
  const d = t().decisions;
  if (of.length === 0) return null;
  return (
    <section aria-label={d.ruledOut}>
      <h2>{d.ruledOut}</h2>
      <Wide label={d.ruledOut}>
        <table>
          <caption class="unseen">{d.ruledOut}</caption>
          <thead><tr><th scope="col">{d.action}</th><th scope="col">{d.step}</th><th scope="col">{d.ruleName}</th><th scope="col">{d.because}</th></tr></thead>
          <tbody>
            {of.map((o) => (
              <tr key={o.action}>
                <th scope="row"><Action id={o.action} /> {before && !before.some((b) => b.action === o.action) && <span class="tag tag-warn">{d.fresh}</span>}</th>
                <td>{d.steps[o.step] ?? o.step}</td>
                <td><code>{o.rule}</code></td>
                <td lang="en" dir="auto">{clean(o.why)}{o.source && <small class="muted"> {clean(o.source)}</small>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
