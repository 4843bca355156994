// What deciding is worth against the control groups, in all and by action,
// and how the groups are chosen.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { figure, textOf, words } from "../format";
import { t } from "../lang";
import { Empty, Trouble } from "../parts/bits";
import { clean } from "../text";
import { many } from "../wire";
import { Action, Choose, Interval, Wide, percent } from "./bits";
import { calls } from "./calls";
import { Figures } from "./figures-store";
import type { Arms, Lift, LiftReport } from "./wire";

/** How many people each side needs before anything is said of a difference. */
const least = 30;
const spans = ["7", "30", "90", "365"] as const;

export function LiftTab(): JSX.Element {
  const d = t().decisions;
  const days = useSignal<string>("90");
  const report = useMemo(() => new Figures(() => calls.lift(Number(days.peek()))), []);
  const arms = useMemo(() => new Figures(() => calls.arms()), []);
  useEffect(() => void Promise.all([report.refresh(), arms.refresh()]), []);
  const r = report.of.value;
  return (
    <>
      <div class="decisions-form">
        <Choose label={d.period} value={days.value} of={spans} name={(n) => d.lastDays(Number(n), figure(Number(n), 0))} change={(v) => {
          days.value = v;
          void report.refresh();
        }} />
      </div>
      {report.problem.value && <Trouble of={report.problem.value} />}
      {!r && !report.problem.value && <p class="muted">{d.loading}</p>}
      {r && many(r.arms).length === 0 && <Empty title={d.noLift}><p>{d.noLiftHow}</p></Empty>}
      {r && many(r.arms).length > 0 && <All r={r} />}
      {r && many(r.actions).length > 0 && <ByAction r={r} />}
      {arms.of.value && <Chosen of={arms.of.value} />}
    </>
  );
}

const armName = (arm: string): string => textOf(t().decisions.arms, arm) ?? words(arm);

export function enough(r: LiftReport, l: Lift): boolean {
  const people = (arm: string): number => many(r.arms).find((a) => a.arm === arm)?.people ?? 0;
  return people(l.arm) >= least && people(l.against) >= least;
}

function All({ r }: { r: LiftReport }): JSX.Element {
  const d = t().decisions;
  return (
    <section aria-label={d.inAll}>
      <h2>{d.inAll}</h2>
      {many(r.lifts).length === 0 && <p class="note">{d.noControl}</p>}
      {many(r.lifts).length > 0 && (
        <Wide label={d.inAll}>
          <table>
            <caption class="unseen">{d.inAll}</caption>
            <thead><tr><th scope="col">{d.against}</th><th scope="col">{d.moreReward}</th><th scope="col">{d.moreYes}</th><th scope="col">{d.verdict}</th></tr></thead>
            <tbody>{many(r.lifts).map((l) => <LiftRow key={l.question} name={`${armName(l.arm)} – ${armName(l.against)}`} l={l} enough={enough(r, l)} />)}</tbody>
          </table>
        </Wide>
      )}
      <h3>{d.groups}</h3>
      <Wide label={d.groups}>
        <table>
          <caption class="unseen">{d.groups}</caption>
          <thead><tr><th scope="col">{d.groupName}</th><th scope="col" class="num">{d.people}</th><th scope="col" class="num">{d.decisions}</th><th scope="col">{d.yes}</th><th scope="col">{d.worthEach}</th></tr></thead>
          <tbody>
            {many(r.arms).map((a) => (
              <tr key={a.arm}>
                <th scope="row">{armName(a.arm)}</th><td class="num">{figure(a.people, 0)}</td><td class="num">{figure(a.decisions, 0)} <small class="muted">{percent(a.share)}</small></td>
                <td><Interval of={a.accepted} as={percent} /></td><td><Interval of={a.reward} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

function LiftRow({ name, l, enough: sure }: { name: string; l: Lift; enough: boolean }): JSX.Element {
  const d = t().decisions;
  if (!sure) return <tr><th scope="row">{name}</th><td colSpan={3}>{d.tooFewPeople(figure(least, 0))}</td></tr>;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td><Interval of={l.reward} /></td>
      <td><Interval of={l.accepted} as={percent} /></td>
      <td>{l.p < 0.05 ? (l.reward.mean > 0 ? d.better : d.worse) : d.notSure}</td>
    </tr>
  );
}

/** Each action where it was chosen for somebody, against where it was drawn. */
function ByAction({ r }: { r: LiftReport }): JSX.Element {
  const d = t().decisions;
  return (
    <section aria-label={d.byAction}>
      <h2>{d.byAction}</h2>
      <p class="muted">{d.byActionHow}</p>
      <Wide label={d.byAction}>
        <table>
          <caption class="unseen">{d.byAction}</caption>
          <thead><tr><th scope="col">{d.action}</th><th scope="col" class="num">{d.chosenN}</th><th scope="col" class="num">{d.drawnN}</th><th scope="col">{d.moreYes}</th></tr></thead>
          <tbody>
            {many(r.actions).map((a) => (
              <tr key={a.action}>
                <th scope="row"><Action id={a.action} /></th>
                <td class="num">{d.peopleN(a.chosen.people, figure(a.chosen.people, 0))}</td>
                <td class="num">{d.peopleN(a.drawn.people, figure(a.drawn.people, 0))}</td>
                <td>{a.lift && a.chosen.people >= least && a.drawn.people >= least ? <Interval of={a.lift.accepted} as={percent} /> : d.tooFewPeople(figure(least, 0))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

/** How a person comes into a group. */
function Chosen({ of }: { of: Arms }): JSX.Element {
  const d = t().decisions;
  return (
    <section aria-label={d.howChosen}>
      <h2>{d.howChosen}</h2>
      <ul class="decisions-list">
        {d.howChosenText.map((line) => <li key={line}>{line}</li>)}
        {many(of.arms).map((a) => (
          <li key={a.name}>
            <b>{armName(a.kind || a.name)}</b>: {percent(a.share)}{a.sticky_days ? `, ${d.sticky(a.sticky_days, figure(a.sticky_days, 0))}` : ""}
            {a.ended && <span class="tag">{d.ended}</span>}{a.shadow && <span class="tag">{d.shadow}</span>}
          </li>
        ))}
        {many(of.ended).map((e) => <li key={e.arm}>{armName(e.arm)}: {d.ended}. <span dir="auto">{clean(e.why)}</span></li>)}
      </ul>
    </section>
  );
}
