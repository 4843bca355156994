// What agents did today and this week, each figure with its sample.

import { nameOr } from "../text";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { figure, span as lengthText, textOf, words as plain } from "../format";
import { t } from "../lang";
import { Mood, Trouble } from "../parts/bits";
import { links } from "../route";
import { narrow } from "../search/narrow";
import { many } from "../wire";
import { percent } from "./row";
import { spans, TeamFigures } from "./store";
import type { Figures, Team } from "./wire";

export function TeamPart(): JSX.Element {
  const words = t().supervise;
  const store = useMemo(() => new TeamFigures(), []);
  useEffect(() => {
    void store.load();
    const timer = setInterval(() => document.visibilityState === "visible" && void store.load(), 60_000);
    return () => clearInterval(timer);
  }, []);
  const team = store.team.value;
  return (
    <section aria-labelledby="team" class="team">
      <header class="theme-head"><h2 id="team">{words.team}</h2>
        <span class="theme-steps" role="group" aria-labelledby="team">
          {spans.map((s) => <button key={s} type="button" class="quiet" aria-pressed={store.span.value === s} onClick={() => void store.show(s)}>{words.spans[s]}</button>)}
        </span>
      </header>
      {store.problem.value && <Trouble of={store.problem.value} />}
      {team && team.all.calls === 0 && <p class="muted">{words.teamNone}</p>}
      {team && team.all.calls > 0 && <Table of={team} />}
    </section>
  );
}

function Table({ of }: { of: Team }): JSX.Element {
  const words = t().supervise;
  const c = words.team_columns;
  const rows = many(of.agents);
  return (
    <>
      <div class="live-scroll">
        <table class="live-table team-table">
          <thead><tr><th scope="col">{c.agent}</th><th scope="col">{c.calls}</th><th scope="col">{c.talk}</th><th scope="col">{c.mood}</th><th scope="col">{c.answers}</th><th scope="col">{c.accepted}</th></tr></thead>
          <tbody>
            {rows.length > 1 && <One of={of.all} team={of} all />}
            {rows.map((f) => <One key={f.agent} of={f} team={of} />)}
          </tbody>
        </table>
      </div>
      {of.more && <p class="note">{words.teamMore}</p>}
      <p class="muted">{words.teamHow}</p>
    </>
  );
}

/** The days of a time as a query has them: days of UTC. */
export function daysOf(from: string, to: string): string {
  return `date:${from.slice(0, 10)}..${to.slice(0, 10)}`;
}

function One({ of, team, all }: { of: Figures; team: Team; all?: boolean }): JSX.Element {
  const words = t().supervise;
  const query = of.agent ? narrow(daysOf(team.from, team.to), "agent", of.agent) : daysOf(team.from, team.to);
  const n = figure(of.calls, 0);
  return (
    <tr>
      <th scope="row"><bdi>{all ? words.all : nameOr(of.agent, words.noAgent)}</bdi></th>
      <td class="num">{all || of.agent ? <a href={links.search(query, "newest")}>{n}</a> : n}</td>
      <td class="num">{lengthText(of.talk)}</td>
      <td>{of.mood === undefined ? <span class="muted">{words.few}</span> : <Mood value={of.mood} />} <small class="muted num">{words.inCalls(figure(of.mood_calls, 0))}</small></td>
      <td>{answers(of.outcomes) || <span class="muted">–</span>}</td>
      <td class="num">{of.accepted === undefined ? <span class="muted">{words.few}</span> : percent(of.accepted)} <small class="muted">{words.of(figure(of.answers, 0))}</small></td>
    </tr>
  );
}

/** What came of suggestions, the commonest first. */
function answers(outcomes: Record<string, number>): string {
  const names = t().supervise.outcomes;
  return Object.entries(outcomes).toSorted((a, b) => b[1] - a[1]).map(([name, n]) => `${figure(n, 0)} ${textOf(names, name) ?? plain(name)}`).join(", ");
}
