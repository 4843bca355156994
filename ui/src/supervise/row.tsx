// One live call in the table. Its figures change in place.

import type { JSX } from "preact";
import { clock, figure, shortPhone, words as plain } from "../format";
import { t } from "../lang";
import { Mood } from "../parts/bits";
import { now } from "../parts/now";
import { Spark } from "../parts/spark";
import { links } from "../route";
import { clean } from "../text";
import { many } from "../wire";
import { lengthOf, silenceOf } from "./order";
import type { Live, RiskPart } from "./wire";

/** A share of 0..1 in whole percents. */
export const percent = (n: number): string => `${figure(n * 100, 0)} %`;

const longSilence = 20;
const muchOverlap = 0.15;

export function Row({ of, open, toggle }: { of: Live; open: boolean; toggle(id: string): void }): JSX.Element {
  return (
    <>
      <tr class={of.risk.value >= high ? "live-high" : undefined} data-call={of.call_id}>
        <Who of={of} />
        <td class="live-topic">{of.topic && <span class="chip" dir="auto">{plain(of.topic.name)}</span>}</td>
        <Course of={of} />
        <td class="live-risk">
          <button type="button" class={`live-why num risk-${of.risk.value >= high ? "high" : of.risk.value >= some ? "some" : "low"}`} aria-expanded={open}
            aria-label={t().supervise.why(figure(of.risk.value))} onClick={() => toggle(of.call_id)}>{figure(of.risk.value)}</button>
        </td>
        <td class="live-audio"><Audio of={of} /></td>
      </tr>
      {open && <tr class="live-grounds"><td colSpan={9}><Grounds of={of} /></td></tr>}
    </>
  );
}

/** From where on a risk is marked. */
const some = 0.3;
const high = 0.6;

function Who({ of }: { of: Live }): JSX.Element {
  const words = t().supervise;
  const other = of.direction === "outbound" ? of.to : of.from;
  const name = clean(of.customer ?? "") || (other ? shortPhone(other) : words.noCustomer);
  return (
    <>
      <td class="live-agent"><Agent of={of} /></td>
      <th scope="row" class="live-customer"><a href={links.desk(of.call_id)} data-item dir="auto" title={name}>{name}</a></th>
      <td class="live-length num">{clock(lengthOf(of, now.value))}</td>
    </>
  );
}

function Agent({ of }: { of: Live }): JSX.Element {
  return (
    <>
      {of.agent ? <bdi>{clean(of.agent)}</bdi> : <span class="muted">{t().supervise.noAgent}</span>}
      {of.queue && <small class="muted"> <bdi>{plain(of.queue)}</bdi></small>}
    </>
  );
}

/** How it goes: mood, silence, and both speaking. */
function Course({ of }: { of: Live }): JSX.Element {
  const silence = silenceOf(of, now.value);
  return (
    <>
      <td class="live-mood"><span>{of.mood !== undefined && <><Spark points={many(of.course)} length={lengthOf(of, now.value)} width={72} height={22} /> <Mood value={of.mood} /></>}</span></td>
      <td class={`live-silence num${silence >= longSilence ? " tone-bad" : ""}`}>{silence >= 3 ? clock(silence) : <span class="muted">–</span>}</td>
      <td class={`live-overlap num${of.overlap >= muchOverlap ? " tone-bad" : ""}`}>{percent(of.overlap)}</td>
    </>
  );
}

function Audio({ of }: { of: Live }): JSX.Element {
  const words = t().supervise;
  const { state, lost, notes } = of.audio;
  return (
    <span class={state === "good" ? "muted" : "tone-bad"} title={many(notes).at(-1)}>
      {words.audio[state]}{!!lost && lost >= 0.01 && <small class="num"> {words.lostShare(percent(lost))}</small>}
    </span>
  );
}

/** A ground of a risk as a sentence. */
export function ground(p: RiskPart): string {
  const shares = p.kind !== "mood" && p.kind !== "falling";
  return t().supervise.parts[p.kind](shares ? percent(p.figure) : figure(p.figure), figure(p.adds));
}

function Grounds({ of }: { of: Live }): JSX.Element {
  const words = t().supervise;
  const parts = many(of.risk.parts);
  return (
    <>
      <b>{words.why(figure(of.risk.value))}</b>
      {parts.length === 0 ? <p>{words.noWhy}</p> : <ul>{parts.map((p) => <li key={p.kind}>{ground(p)}</li>)}</ul>}
      <p class="muted">{words.formula}</p>
    </>
  );
}
