// What a change would have done, in figures that say what they rest on.

import type { JSX } from "preact";
import { channelName, figure, moment } from "../format";
import { t } from "../lang";
import { links } from "../route";
import { clean } from "../text";
import { many } from "../wire";
import { Action, Bar, Interval, Wide, actionName, percent } from "./bits";
import { matrix } from "./replay-store";
import { tryAgain } from "./store";
import type { Estimate, Move, Report } from "./wire";

const rate = (e: Estimate): { mean: number; low: number; high: number } => ({ mean: e.value, low: e.low, high: e.high });

export function ReportView({ r, change }: { r: Report; change: string }): JSX.Element {
  const d = t().decisions;
  return (
    <>
      <dl class="decisions-figures">
        <div><dt>{d.otherPeople}</dt><dd><Bar part={r.people ? r.moved_people / r.people : 0} text={percent(r.people ? r.moved_people / r.people : 0)} /><small class="muted">{d.peopleOf(figure(r.moved_people, 0), figure(r.people, 0))}</small></dd></div>
        <div><dt>{d.otherDecisions}</dt><dd><Bar part={r.decisions ? r.moved / r.decisions : 0} text={percent(r.decisions ? r.moved / r.decisions : 0)} /><small class="muted">{d.decisionsOf(figure(r.moved, 0), figure(r.decisions, 0))}</small></dd></div>
        <div><dt>{d.silenceShare}</dt><dd>{percent(r.silence.before)} → {percent(r.silence.after)}</dd></div>
        <div><dt>{d.contacts}</dt><dd>{figure(r.contacts.before)} → {figure(r.contacts.after)}</dd></div>
        <div><dt>{d.newly}</dt><dd>{d.newPeople(r.newly_eligible.people, figure(r.newly_eligible.people, 0))}</dd></div>
      </dl>
      {many(r.opened).map((o) => <p key={`${o.action}${o.rule}`} class="note note-bad" role="alert">{d.opens(actionName(o.action), o.rule, figure(o.people, 0))}</p>)}
      <Value r={r} />
      <Movement r={r} change={change} />
      <Cohorts r={r} />
      <section aria-label={d.limits}>
        <h3>{d.limits}</h3>
        <ul class="decisions-list">
          <li>{d.faithful(figure(r.as_logged.same, 0), figure(r.decisions, 0))}</li>
          {Object.entries(r.as_logged.differ ?? {}).map(([why, n]) => <li key={why} lang="en">{figure(n, 0)}: {why}</li>)}
          {many(r.notes).map((n) => <li key={n} lang="en">{clean(n)}</li>)}
        </ul>
      </section>
    </>
  );
}

/** What a decision would be worth, with its interval and what that assumes. */
function Value({ r }: { r: Report }): JSX.Element {
  const d = t().decisions;
  const v = r.value;
  if (v.refused) return <section aria-label={d.worth}><h3>{d.worth}</h3><p class="note">{d.noValue} <span lang="en">{clean(v.refused)}</span></p></section>;
  return (
    <section aria-label={d.worth}>
      <h3>{d.worth}</h3>
      <dl class="decisions-figures">
        <div><dt>{d.asItWas}</dt><dd><Interval of={rate(v.logged)} /></dd></div>
        <div><dt>{d.withChange}</dt><dd><Interval of={rate(v.dr)} /></dd></div>
        <div><dt>{d.check}</dt><dd><Interval of={rate(v.snips)} /></dd></div>
      </dl>
      <ul class="decisions-list">
        <li>{d.rests(figure(v.decisions, 0), figure(v.subjects, 0), figure(v.effective_sample_size, 0))}</li>
        {d.assumptions.map((a) => <li key={a}>{a}</li>)}
        {(v.untried ?? 0) > 0 && <li>{d.untried(percent(v.untried ?? 0))}</li>}
        {(v.unanswered ?? 0) > 0 && <li>{d.unanswered(figure(v.unanswered ?? 0, 0))}</li>}
        {v.warning && <li class="tone-bad" lang="en">{clean(v.warning)}</li>}
      </ul>
    </section>
  );
}

function Movement({ r, change }: { r: Report; change: string }): JSX.Element {
  const d = t().decisions;
  const moves = many(r.movement);
  const m = matrix(moves);
  const most = Math.max(1, ...moves.filter((x) => x.from !== x.to).map((x) => x.decisions));
  const changed = moves.filter((x) => x.from !== x.to && many(x.examples).length > 0).slice(0, 10);
  return (
    <section aria-label={d.movement}>
      <h3>{d.movement}</h3>
      <p class="muted">{d.movementHow}</p>
      <Wide label={d.movement}>
        <table class="decisions-matrix">
          <caption class="unseen">{d.movement}</caption>
          <thead><tr><th scope="col">{d.fromTo}</th>{m.to.map((to) => <th key={to} scope="col"><Action id={to} /></th>)}</tr></thead>
          <tbody>
            {m.from.map((from) => (
              <tr key={from}>
                <th scope="row"><Action id={from} /></th>
                {m.to.map((to) => <Cell key={to} of={m.cell(from, to)} same={from === to} most={most} />)}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {m.left > 0 && <p class="muted">{d.moreCells(figure(m.left, 0))}</p>}
      {changed.length > 0 && <h3>{d.examples}</h3>}
      <ul class="decisions-list">{changed.map((x) => <Examples key={`${x.from} ${x.to}`} of={x} change={change} />)}</ul>
    </section>
  );
}

function Cell({ of, same, most }: { of: Move | undefined; same: boolean; most: number }): JSX.Element {
  if (!of) return <td class="muted num">0</td>;
  const heat = same ? "decisions-same" : `decisions-heat-${Math.max(1, Math.ceil((of.decisions / most) * 4))}`;
  return <td class={`num ${heat}`} title={t().decisions.peopleN(of.people, figure(of.people, 0))}>{figure(of.decisions, 0)}</td>;
}

/** Moments in which it changes, each with its ranking. */
function Examples({ of, change }: { of: Move; change: string }): JSX.Element {
  const d = t().decisions;
  return (
    <li>
      <Action id={of.from} /> → <Action id={of.to} />:{" "}
      {many(of.examples).map((e) => (
        <a key={`${e.customer}${e.at}`} class="at" onClick={() => tryAgain(change)} href={links.decisions("ranking", { customer: e.customer, at: e.at, channel: e.channel })}>
          {moment(e.at)}, {channelName(e.channel)}
        </a>
      ))}
      <span class="muted"> {d.decisionsN(of.decisions, figure(of.decisions, 0))}</span>
    </li>
  );
}

/** Who fares how, where it was asked for. */
function Cohorts({ r }: { r: Report }): JSX.Element | null {
  const d = t().decisions;
  const all = many(r.cohorts);
  if (all.length === 0) return null;
  const both = (b: { before: number; after: number }, as: (n: number) => string): string => `${as(b.before)} → ${as(b.after)}`;
  return (
    <section aria-label={d.cohorts}>
      <h3>{d.cohorts}</h3>
      {many(r.alerts).map((a) => <p key={a} class="note note-warn" lang="en">{clean(a)}</p>)}
      <Wide label={d.cohorts}>
        <table>
          <caption class="unseen">{d.cohorts}</caption>
          <thead><tr><th scope="col">{d.cohort}</th><th scope="col" class="num">{d.people}</th><th scope="col" class="num">{d.decisions}</th><th scope="col">{d.chance}</th><th scope="col">{d.reach}</th><th scope="col">{d.worthEach}</th></tr></thead>
          <tbody>
            {all.map((c) => (
              <tr key={c.value}>
                <th scope="row" dir="auto">{clean(c.value)}</th><td class="num">{figure(c.people, 0)}</td><td class="num">{figure(c.decisions, 0)}</td>
                <td class="num">{both(c.p, percent)}</td><td class="num">{both(c.reach, percent)}</td><td class="num">{both(c.worth, figure)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
