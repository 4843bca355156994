// What was understood from the words of the call.

import type { JSX } from "preact";
import { annoyedAt, course, dues, entities, lowest, moodNow, moods, spots, tally } from "../desk/mood";
import { clock, figure, named, sentence, textOf, words } from "../format";
import { t } from "../lang";
import { Due, Mood } from "../parts/bits";
import { Spark } from "../parts/spark";
import { clean } from "../text";
import { many, type Insight } from "../wire";
import type { Player } from "./player";
import type { CallPage } from "./store";

export function Understood({ page, player }: { page: CallPage; player: Player }): JSX.Element {
  const { call } = t();
  const all = many(page.detail.value?.insights);
  const points = moods(all);
  const length = page.detail.value?.duration ?? 1;
  return (
    <section class="side-part" aria-labelledby="understood-title">
      <h2 id="understood-title">{call.understood}</h2>
      <dl class="rows">
        <div>
          <dt>{call.mood}</dt>
          <dd class="chips">
            {points.length > 1 && <Spark points={course(points)} length={length} width={200} height={32} />} <Mood value={moodNow(points)} />
            <Moment name={call.lowest} at={lowest(points)?.at} player={player} />
            <Moment name={call.annoyed} at={annoyedAt(all)} player={player} />
          </dd>
        </div>
        <Kind name={call.wants} kind="intent" of={all.filter((i) => i.speaker === "customer")} player={player} />
        <Kind name={call.about} kind="theme" of={all} player={player} />
        <Kind name={call.momentsHeard} kind="moment" of={all} player={player} />
        <Promised of={all} player={player} />
        <Spotted of={all} player={player} />
        <Named of={all} player={player} />
        <Kind name={call.shades.removed} kind="redacted" of={all} player={player} />
        <Talk of={all} />
      </dl>
    </section>
  );
}

interface KindProps {
  name: string;
  kind: Insight["kind"];
  of: readonly Insight[];
  player: Player;
}

function Kind({ name, kind, of, player }: KindProps): JSX.Element | null {
  const said = tally(of, kind);
  if (said.length === 0) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd class="chips">
        {said.map((s) => (
          <button type="button" class="chip" key={s.name} title={t().call.playFrom(clock(s.last))} onClick={() => player.playFrom(s.last)}>
            {words(s.name)}{s.count > 1 && <span class="muted"> {s.count}</span>}
          </button>
        ))}
      </dd>
    </div>
  );
}

/** What was promised by when, each in its own line. */
function Promised({ of, player }: { of: readonly Insight[]; player: Player }): JSX.Element | null {
  const all = dues(of);
  if (all.length === 0) return null;
  return (
    <div>
      <dt>{t().call.promisedBy}</dt>
      <dd class="chips">
        {all.map((i) => (
          <button type="button" class="chip" key={`${i.name} ${i.start}`} title={t().call.playFrom(clock(i.start))} onClick={() => player.playFrom(i.start)}>
            <span class="muted">{words(i.name)}</span> <Due of={i} /> <span class="muted">{clock(i.start)}</span>
          </button>
        ))}
      </dd>
    </div>
  );
}

/** A moment of the mood, to be played. */
function Moment({ name, at, player }: { name: string; at: number | undefined; player: Player }): JSX.Element | null {
  if (at === undefined) return null;
  return (
    <button type="button" class="chip" title={t().call.playFrom(clock(at))} onClick={() => player.playFrom(at)}>
      {name} <span class="muted">{clock(at)}</span>
    </button>
  );
}

/** What was named: sums, dates, numbers, products; each value at its first second. */
function Named({ of, player }: { of: readonly Insight[]; player: Player }): JSX.Element | null {
  const all = entities(of);
  if (all.length === 0) return null;
  return (
    <div>
      <dt>{t().call.named}</dt>
      <dd class="chips">
        {all.map((n) => (
          <button type="button" class="chip" key={`${n.type} ${n.value}`} title={t().call.playFrom(clock(n.start))} onClick={() => player.playFrom(n.start)}>
            <span class="muted">{words(n.type)}</span> <bdi>{clean(named(n.type, n.value))}</bdi> <span class="muted">{clock(n.start)}{n.count > 1 && ` · ${n.count}`}</span>
          </button>
        ))}
      </dd>
    </div>
  );
}

/** Phrases that were listened for, each time one was heard, with how sure that is. */
function Spotted({ of, player }: { of: readonly Insight[]; player: Player }): JSX.Element | null {
  const heard = spots(of);
  if (heard.length === 0) return null;
  return (
    <div>
      <dt>{t().call.spotted}</dt>
      <dd class="chips">
        {heard.map((s) => (
          <button
            type="button" class="chip" key={`${s.name} ${s.speaker} ${s.start}`}
            title={s.garbled ? t().call.playGarbled(clock(s.start)) : t().call.playFrom(clock(s.start))}
            onClick={() => player.playFrom(s.start)}
          >
            {s.name} <span class="muted"><bdi>{clock(s.start)} · {s.percent}</bdi></span>
          </button>
        ))}
      </dd>
    </div>
  );
}

function Talk({ of }: { of: readonly Insight[] }): JSX.Element | null {
  const { call } = t();
  const talk = of.filter((i) => i.kind === "talk" && i.name !== "floor"); // who spoke last says nothing of a whole call
  if (talk.length === 0) return null;
  const names = [...new Set(talk.map((i) => i.name))];
  const value = (name: string, who: string): string => {
    const i = talk.find((x) => x.name === name && (x.speaker || "") === who);
    return i ? talkFigure(i) : "";
  };
  // Figures of the call itself stand under the agent only when they are the agent's.
  const sides = names.filter((n) => value(n, "customer") !== "");
  const rest = names.filter((n) => !sides.includes(n));
  return (
    <div>
      <dt>{call.talk}</dt>
      <dd>
        <table class="talk">
          <thead><tr><th scope="col">{call.measure}</th><th scope="col">{call.agent}</th><th scope="col">{call.customer}</th></tr></thead>
          <tbody>
            {sides.map((n) => <tr key={n}><th scope="row">{textOf(call.talkNames, n) ?? sentence(n)}</th><td>{value(n, "agent")}</td><td>{value(n, "customer")}</td></tr>)}
            {rest.map((n) => <tr key={n}><th scope="row">{textOf(call.talkNames, n) ?? sentence(n)}</th><td colSpan={2}>{value(n, "agent") || value(n, "")}</td></tr>)}
          </tbody>
        </table>
      </dd>
    </div>
  );
}

const shares: ReadonlySet<string> = new Set(["talk_ratio", "overlap", "dead_air", "hold"]);
const counts: ReadonlySet<string> = new Set(["words_per_minute", "interruptions", "holds"]);

/** Shares in percent, times in seconds, the rest as it is. */
export function talkFigure(i: Pick<Insight, "name" | "value">): string {
  const v = i.value ?? 0;
  if (shares.has(i.name)) return t().call.percent(figure(v * 100, 0));
  if (counts.has(i.name)) return figure(v, 0);
  return v >= 60 ? clock(v) : t().call.seconds(figure(v, 1));
}
