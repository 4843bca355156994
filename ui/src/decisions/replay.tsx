// A change replayed over the decisions of the past: asked for, followed, and
// told with what it rests on.

import { asProblem } from "../api";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { day, figure } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Empty, Trouble, When } from "../parts/bits";
import { go, links } from "../route";
import { clean } from "../text";
import { many } from "../wire";
import { Bar, Choose, Field, actionName, waits } from "./bits";
import { calls } from "./calls";
import { ReportView } from "./report";
import { Replays } from "./replay-store";
import { changeOf, isTried, shelf, tried, tryAction } from "./store";
import type { Run } from "./wire";

export function ReplayTab({ id }: { id: string }): JSX.Element {
  const d = t().decisions;
  const store = useMemo(() => new Replays(id), [id]);
  useEffect(() => {
    void store.open();
    return () => store.leave();
  }, [store]);
  useKeys(d.tabs.replay, [{ key: "c", label: d.cancel, run: () => void store.cancel() }]);
  return (
    <>
      {store.problem.value && <Trouble of={store.problem.value} />}
      {id === "" && <Ask store={store} />}
      {store.run.value && <RunView store={store} run={store.run.value} />}
      <Runs store={store} />
    </>
  );
}

const periods = ["1d", "7d", "30d", "90d", "365d"] as const;

function Ask({ store }: { store: Replays }): JSX.Element {
  const d = t().decisions;
  const since = useSignal<string>("30d");
  const people = useSignal("");
  const cohort = useSignal("");
  const own = useSignal("");
  const change = own.value.trim() || changeOf(tried.value);
  const start = async (): Promise<void> => {
    const run = await store.start({ change, since: since.peek(), ...(cohort.peek().trim() ? { cohort: cohort.peek().trim() } : {}), ...(Number(people.peek()) > 0 ? { people: Number(people.peek()) } : {}) });
    if (run) go(links.decisions("replay", { id: run }));
  };
  return (
    <form class="decisions-ask" onSubmit={(e) => {
      e.preventDefault();
      if (change) void start();
    }}>
      <p class="muted">{d.replayHow}</p>
      <WhatIsTried />
      <div class="decisions-form">
        <Choose label={d.period} value={since.value} of={periods} name={(p) => d.lastDays(parseInt(p, 10), figure(parseInt(p, 10), 0))} change={(v) => (since.value = v)} />
        <Field label={d.people} type="number" value={people.value} change={(v) => (people.value = v)} hint={d.peopleHow} />
        <Field label={d.cohort} value={cohort.value} change={(v) => (cohort.value = v)} hint={d.cohortHow} />
        <button type="submit" class="main" disabled={!change || store.busy.value}>{d.replayIt}</button>
      </div>
      <details class="more">
        <summary>{d.ownChange}</summary>
        <Field label={d.ownChangeLabel} rows={6} value={own.value} change={(v) => (own.value = v)} hint={d.ownChangeHow} />
      </details>
    </form>
  );
}

/** What goes into the replay: what was moved, and drafts that wait. */
function WhatIsTried(): JSX.Element {
  const d = t().decisions;
  const problem = useSignal("");
  const of = tried.value;
  const drafts = shelf.items("action").filter(waits);
  const add = async (id: string): Promise<void> => {
    try {
      const item = await calls.item("action", id);
      const v = many(item.versions).find((x) => x.state === "draft" || x.state === "reviewed");
      if (v) tryAction(id, v.doc);
    } catch (err) {
      problem.value = asProblem(err, t().decisions.failed).message;
    }
  };
  return (
    <>
      {isTried(of) ? (
        <ul class="decisions-tried">
          {Object.keys(of.actions).map((id) => <li key={id}><bdi>{d.triedAction(actionName(id))}</bdi></li>)}
          {Object.entries(of.levers).map(([id, n]) => <li key={`l${id}`}><bdi>{d.triedLever(actionName(id), figure(n, 0))}</bdi></li>)}
        </ul>
      ) : <p>{d.nothingTried} <a href={links.decisions("ranking")}>{d.tabs.ranking}</a></p>}
      {problem.value && <p class="tone-bad" role="alert">{problem.value}</p>}
      {drafts.filter((l) => !of.actions[l.id]).map((l) => <button key={l.id} type="button" onClick={() => void add(l.id)}>{d.addDraft(actionName(l.id))}</button>)}
    </>
  );
}

function RunView({ store, run }: { store: Replays; run: Run }): JSX.Element {
  const d = t().decisions;
  const part = run.total > 0 ? run.done / run.total : 0;
  return (
    <section class="decisions-run" aria-label={d.replayOf} aria-busy={run.state === "running"}>
      <header class="decisions-row">
        <h2>{d.replayOf} {day(run.since)} – {day(run.until)}</h2>
        <span class="tag">{d.runStates[run.state]}</span>
        <span class="grow" />
        {run.state === "running" && <button type="button" onClick={() => void store.cancel()}>{d.cancel} <kbd aria-hidden="true">C</kbd></button>}
        <a class="button" href={links.decisions("replay")}>{d.another}</a>
      </header>
      {run.state === "running" && (
        <div role="progressbar" aria-label={d.progress} aria-valuemin={0} aria-valuemax={run.total} aria-valuenow={run.done}>
          <Bar part={part} text={d.doneOf(figure(run.done, 0), figure(run.total, 0))} />
        </div>
      )}
      {run.error && <p class="note note-bad" lang="en">{clean(run.error)}</p>}
      {run.state === "interrupted" && <p class="note note-warn">{d.interrupted}</p>}
      <details class="more"><summary>{d.whatWasTried}</summary><pre dir="ltr">{clean(run.ask.change)}</pre></details>
      {run.report && <ReportView r={run.report} change={run.ask.change} />}
    </section>
  );
}

function Runs({ store }: { store: Replays }): JSX.Element {
  const d = t().decisions;
  const all = store.runs.value.filter((r) => r.id !== store.id);
  if (all.length === 0) return store.id ? <></> : <Empty title={d.noRuns}><p>{d.noRunsHow}</p></Empty>;
  return (
    <section aria-label={d.earlier}>
      <h2>{d.earlier}</h2>
      <ul class="decisions-lines">
        {all.map((r) => (
          <li key={r.id}>
            <a class="decisions-line" href={links.decisions("replay", { id: r.id })}>
              <b><When at={r.started_at} /></b>
              <span class="muted">{many(r.changed).map(actionName).join(", ") || d.figuresOnly}</span>
              <span class="tag">{d.runStates[r.state]}</span>
              <span class="muted" dir="auto">{clean(r.by ?? "")}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
