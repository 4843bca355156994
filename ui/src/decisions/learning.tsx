// How well the learner knows what it says: by action, with its sample.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { channelName, figure } from "../format";
import { t } from "../lang";
import { Empty, Trouble, When } from "../parts/bits";
import { clean } from "../text";
import { many } from "../wire";
import { Action, Field, Wide, actionName, percent } from "./bits";
import { calls } from "./calls";
import { Figures } from "./figures-store";
import { mayDesign, tell } from "./store";
import type { ActionHealth, Health } from "./wire";

/** Below so many answers a calibration says nothing. */
const few = 50;

export function LearningTab(): JSX.Element {
  const d = t().decisions;
  const store = useMemo(() => new Figures(() => calls.health()), []);
  useEffect(() => void store.refresh(), [store]);
  const h = store.of.value;
  return (
    <>
      {store.problem.value && <Trouble of={store.problem.value} />}
      {!h && !store.problem.value && <p class="muted">{d.loading}</p>}
      {h && <Summary h={h} />}
      {many(h?.stopped).map((s) => <Stopped key={s.action} of={s} store={store} />)}
      {h && (many(h.actions).length === 0 ? <Empty title={d.nothingLearnt}><p>{d.nothingLearntHow}</p></Empty> : <Actions h={h} />)}
    </>
  );
}

function Summary({ h }: { h: Health }): JSX.Element {
  const d = t().decisions;
  return (
    <dl class="decisions-figures">
      <div><dt>{d.model}</dt><dd><bdi>{h.model}</bdi></dd></div>
      <div><dt>{d.lessons}</dt><dd class="num">{figure(h.lessons, 0)}</dd></div>
      <div><dt>{d.auc}</dt><dd class="num">{h.lessons > 0 ? figure(h.auc) : d.noAnswer}<small class="muted">{d.aucHow}</small></dd></div>
      <div><dt>{d.explored}</dt><dd class="num">{percent(h.explored)}<small class="muted">{d.decisionsN(h.explored_of, figure(h.explored_of, 0))}</small></dd></div>
      <div><dt>{d.silenceShare}</dt><dd class="num">{percent(h.silence)}<small class="muted">{d.decisionsN(h.decisions, figure(h.decisions, 0))}</small></dd></div>
      <div><dt>{d.frozen}</dt><dd class="num">{figure(many(h.stopped).length, 0)}</dd></div>
    </dl>
  );
}

/** An action that is not learnt from, with the word that it may be again. */
function Stopped({ of, store }: { of: { action: string; since: string; why: string }; store: Figures<Health> }): JSX.Element {
  const d = t().decisions;
  const why = useSignal("");
  const resume = (): Promise<boolean> => store.after(async () => {
    await calls.resume(of.action, why.peek().trim());
    tell(() => t().decisions.resumed(actionName(of.action)));
  });
  return (
    <section class="decisions-panel note-warn" aria-label={d.frozen}>
      <h3>{d.frozenIs(actionName(of.action))}</h3>
      <p><When at={of.since} /> <span lang="en">{clean(of.why)}</span></p>
      {mayDesign() && (
        <form class="decisions-form" onSubmit={(e) => {
          e.preventDefault();
          if (why.value.trim().length >= 3) void resume();
        }}>
          <Field label={d.why} value={why.value} change={(v) => (why.value = v)} hint={d.whyHow} />
          <button type="submit" disabled={why.value.trim().length < 3}>{d.learnAgain}</button>
        </form>
      )}
    </section>
  );
}

function Actions({ h }: { h: Health }): JSX.Element {
  const d = t().decisions;
  return (
    <Wide label={d.byAction}>
      <table>
        <caption class="unseen">{d.byAction}</caption>
        <thead><tr>
          <th scope="col">{d.action}</th><th scope="col">{d.channel}</th><th scope="col" class="num">{d.answersN}</th><th scope="col" class="num">{d.yes}</th>
          <th scope="col" class="num">{d.calibration}</th><th scope="col">{d.reliability}</th><th scope="col">{d.drift}</th><th scope="col">{d.lastLearned}</th><th scope="col" class="num">{d.drawn}</th>
        </tr></thead>
        <tbody>{many(h.actions).map((a) => <HealthRow key={`${a.action} ${a.channel}`} a={a} h={h} />)}</tbody>
      </table>
    </Wide>
  );
}

function HealthRow({ a, h }: { a: ActionHealth; h: Health }): JSX.Element {
  const d = t().decisions;
  const frozen = many(h.stopped).some((s) => s.action === a.action);
  return (
    <tr>
      <th scope="row"><Action id={a.action} /> {frozen && <span class="tag tag-warn">{d.frozen}</span>} {!a.mature && <span class="tag">{d.young}</span>}</th>
      <td>{channelName(a.channel)}</td>
      <td class="num">{figure(a.responses, 0)}</td>
      <td class="num">{percent(a.rate)}</td>
      <td class="num">{a.responses < few ? d.tooFew : percent(a.calibration_error)}</td>
      <td><Reliability a={a} /></td>
      <td>{a.drift ? <><When at={a.drift} /> <small class="muted">{d.alarms(a.drifts, figure(a.drifts, 0))}</small></> : d.none}</td>
      <td><When at={a.last_learned} /></td>
      <td class="num">{figure(h.explored_times?.[a.action] ?? 0, 0)}</td>
    </tr>
  );
}

/** What was said against what came: on the line is right. The table says the same. */
function Reliability({ a }: { a: ActionHealth }): JSX.Element {
  const d = t().decisions;
  const rows = many(a.reliability);
  const most = 1.1 * Math.max(0.1, ...rows.flatMap((r) => [r.said, r.came]));
  const x = (v: number): number => 2 + (v / most) * 60;
  const size = Math.max(1, ...rows.map((r) => r.outcomes));
  return (
    <details class="decisions-reliable">
      <summary aria-label={d.reliabilityOf(actionName(a.action), channelName(a.channel))}>
        <svg viewBox="0 0 64 64" width="64" height="64" aria-hidden="true">
          <line x1="2" y1="62" x2="62" y2="2" />
          {rows.map((r) => <circle key={r.said} cx={x(r.said)} cy={64 - x(r.came)} r={1.5 + 2.5 * Math.sqrt(r.outcomes / size)} />)}
        </svg>
      </summary>
      <table>
        <caption>{d.reliabilityHow}</caption>
        <thead><tr><th scope="col" class="num">{d.saidP}</th><th scope="col" class="num">{d.cameP}</th><th scope="col" class="num">{d.answersN}</th></tr></thead>
        <tbody>{rows.map((r) => <tr key={r.said}><td class="num">{percent(r.said)}</td><td class="num">{percent(r.came)}</td><td class="num">{figure(r.outcomes, 0)}</td></tr>)}</tbody>
      </table>
    </details>
  );
}
