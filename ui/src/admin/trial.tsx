// Two engines side by side: a recording and two engines are chosen, both hear
// it, and what they heard is shown word by word.

import { useSignal, type Signal } from "@preact/signals";
import { Fragment, type JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { api } from "../api";
import { clock, figure, moment } from "../format";
import { t } from "../lang";
import { Empty, Trouble, When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { links } from "../route";
import { clean } from "../text";
import { many } from "../wire";
import { TrialStore } from "./trial-store";
import type { EngineChoice, EngineTrial, TrialFigures, TrialLine, TrialResult, TrialWord } from "./wire";

export function Compare(): JSX.Element {
  const texts = t().admin.trial;
  const store = useMemo(() => new TrialStore(undefined, texts.failed), []);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const call = new URLSearchParams(location.search).get("call") ?? "";
    void store.start(call).then(() => call && title.current?.scrollIntoView());
    return () => store.close();
  }, [store]);
  const choices = store.choices.value;
  const shown = store.shown.value;
  return (
    <section class="trial" aria-labelledby="trial-title">
      <h2 id="trial-title" ref={title}>{texts.title}</h2>
      <p class="muted">{texts.about}</p>
      {store.problem.value && <Trouble of={store.problem.value} />}
      {!choices && !store.problem.value && <p class="muted" role="status">{texts.looking}</p>}
      {choices && choices.length < 2 && <Empty title={texts.few}><p>{texts.fewHow}</p></Empty>}
      {choices && choices.length > 1 && <Ask store={store} choices={choices} />}
      <p class="unseen" role="status">{shown ? texts.states[shown.state] : ""}</p>
      {shown && <Shown key={shown.id} of={shown} store={store} />}
      <Before store={store} />
    </section>
  );
}

function Ask({ store, choices }: { store: TrialStore; choices: readonly EngineChoice[] }): JSX.Element {
  const texts = t().admin.trial;
  const chosen = choices.filter((c) => [store.first.value, store.second.value].includes(c.name));
  return (
    <form class="admin-fields" aria-label={texts.title} onSubmit={(e) => {
      e.preventDefault();
      if (store.ready()) void store.begin();
    }}>
      <label>{texts.call}<input class="trial-call" name="trialcall" dir="ltr" autocomplete="off" spellcheck={false} maxLength={400} placeholder={texts.callHint} list="trial-calls" disabled={store.file.value !== undefined}
        value={store.call.value} onInput={(e) => (store.call.value = e.currentTarget.value)} /></label>
      <datalist id="trial-calls">{store.recent.value.map((c) => <option key={c.id} value={c.id}>{`${clean(c.customer_name ?? "") || t().call.unknown} · ${moment(c.started_at)}`}</option>)}</datalist>
      <label>{texts.file}<input type="file" accept=".wav,audio/wav,audio/x-wav" onChange={(e) => (store.file.value = e.currentTarget.files?.[0])} /></label>
      <Engine name={texts.first} value={store.first} choices={choices} />
      <Engine name={texts.second} value={store.second} choices={choices} />
      <button type="submit" class="main" disabled={!store.ready()}>{texts.begin}</button>
      {store.first.value === store.second.value && store.first.value !== "" && <p class="tone-bad" role="status">{texts.same}</p>}
      {chosen.some((c) => c.remote) && <p class="note note-warn"><Icon name="warn" />{texts.remote}</p>}
    </form>
  );
}

function Engine({ name, value, choices }: { name: string; value: Signal<string>; choices: readonly EngineChoice[] }): JSX.Element {
  return (
    <label>{name}
      <select dir="ltr" value={value.value} onChange={(e) => (value.value = e.currentTarget.value)}>
        {choices.map((c) => <option key={c.name} value={c.name}>{titleOf(c)}</option>)}
      </select>
    </label>
  );
}

const percent = (n: number): string => t().call.percent(figure(n * 100, 1));

const titleOf = (c: EngineChoice): string => (c.model && !c.name.endsWith(c.model) ? `${c.name} (${c.model})` : c.name);

/** A trial: how far it is, and what came of it. */
function Shown({ of, store }: { of: EngineTrial; store: TrialStore }): JSX.Element {
  const texts = t().admin.trial;
  return (
    <div class="trial-shown">
      <p class="trial-head">
        <b>{texts.states[of.state]}</b> <Source of={of} />
        {of.state === "running" && (
          <>
            <progress max={1} value={of.share} aria-label={texts.states.running} /> <span class="num">{percent(of.share)}</span>
            {of.now && <span class="muted">{texts.hears} <bdi dir="ltr">{of.now}</bdi></span>}
            <button type="button" onClick={() => void store.drop(of)}>{texts.cancel}</button>
          </>
        )}
      </p>
      {of.fault && <p class="note note-bad" role="alert"><Icon name="warn" /><bdi dir="auto">{clean(of.fault)}</bdi></p>}
      {of.result && <Outcome r={of.result} call={of.call_id} />}
    </div>
  );
}

function Source({ of }: { of: EngineTrial }): JSX.Element {
  const texts = t().admin.trial;
  if (of.call_id) return <a href={links.call(of.call_id)}>{texts.theCall}</a>;
  return <bdi class="muted">{clean(of.file ?? "") || texts.aFile}</bdi>;
}

function Outcome({ r, call }: { r: TrialResult; call: string | undefined }): JSX.Element {
  const texts = t().admin.trial;
  const only = useSignal(false);
  const sound = useRef<HTMLAudioElement>(null);
  const until = useRef(0);
  const lines = only.value ? r.lines.filter((l) => l.differs) : r.lines;
  const play = (l: TrialLine): void => {
    if (!sound.current) return;
    until.current = l.end + 0.3;
    sound.current.currentTime = Math.max(0, l.start - 0.2);
    void sound.current.play().catch(() => undefined);
  };
  return (
    <>
      <Figures r={r} />
      {call && (
        // What is said is in the table below.
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <audio ref={sound} controls preload="none" src={api.recording(call)} aria-label={texts.recording}
          onTimeUpdate={(e) => e.currentTarget.currentTime > until.current && until.current > 0 && (e.currentTarget.pause(), (until.current = 0))} />
      )}
      <p class="trial-legend">
        <span class="w-other">{texts.marks.other}</span> <span class="w-added">{texts.marks.added}</span> <span class="w-missing">{texts.marks.missing}</span>
        <label><input type="checkbox" checked={only.value} onChange={(e) => (only.value = e.currentTarget.checked)} /> {texts.only}</label>
      </p>
      {lines.length === 0 && <p class="muted">{r.lines.length === 0 ? texts.nothing : texts.alike}</p>}
      {lines.length > 0 && <Lines r={r} lines={lines} play={call ? play : undefined} />}
    </>
  );
}

/** The figures of both, on top. */
function Figures({ r }: { r: TrialResult }): JSX.Element {
  const texts = t().admin.trial;
  const rows: [string, (f: TrialFigures) => string][] = [
    [texts.words, (f) => figure(f.words)],
    ...(r.engines.some((f) => f.errors) ? [[texts.wrong, wrong] as [string, (f: TrialFigures) => string]] : []),
    [texts.speed, (f) => texts.factor(figure(f.real_time_factor, 2), figure(f.elapsed_seconds, 1))],
    [texts.cpu, (f) => (f.cpu_seconds === undefined ? texts.cpuUnknown[f.cpu_unknown ?? "untold"] : texts.seconds(figure(f.cpu_seconds, 1)))],
  ];
  return (
    <>
      <div class="trial-figures">
        <table>
          <thead><tr><th scope="col">{texts.engine}</th>{r.engines.map((f) => <th scope="col" key={f.name}><bdi dir="ltr">{f.name}</bdi>{f.model && <small class="muted"> <bdi dir="ltr">{f.model}</bdi></small>}</th>)}</tr></thead>
          <tbody>{rows.map(([name, of]) => <tr key={name}><th scope="row">{name}</th>{r.engines.map((f) => <td key={f.name}>{of(f)}</td>)}</tr>)}</tbody>
        </table>
      </div>
      <p>{texts.differ(figure(r.different), percent(r.different_share), clock(r.seconds))} {r.cut && texts.cut}</p>
      {!!r.turns && <p class="muted">{texts.corrected(figure(r.corrected ?? 0), figure(r.turns))}</p>}
      {!r.turns && <p class="muted">{texts.uncorrected}</p>}
    </>
  );
}

function wrong(f: TrialFigures): string {
  const e = f.errors;
  return e ? t().admin.trial.rate(percent(e.rate), figure(e.substitutions), figure(e.deletions), figure(e.insertions)) : "–";
}

function Lines({ r, lines, play }: { r: TrialResult; lines: readonly TrialLine[]; play: ((l: TrialLine) => void) | undefined }): JSX.Element {
  const texts = t().admin.trial;
  const said = lines.some((l) => l.said);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
    <div class="trial-lines" role="region" tabIndex={0} aria-label={texts.lines}>
      <table>
        <thead>
          <tr><th scope="col">{texts.when}</th>{said && <th scope="col">{texts.said}</th>}{r.engines.map((f) => <th scope="col" key={f.name}><bdi dir="ltr">{f.name}</bdi></th>)}</tr>
        </thead>
        <tbody>
          {lines.map((l) => (
            <tr key={`${l.start} ${l.speaker ?? ""}`}>
              <th scope="row">
                {play ? <button type="button" class="at" aria-label={texts.play(clock(l.start))} onClick={() => play(l)}>{clock(l.start)}</button> : <span class="num">{clock(l.start)}</span>}
                {l.speaker && <small class="muted"> {texts.speakers[l.speaker]}</small>}
              </th>
              {said && <td dir="auto">{clean(l.said ?? "")}</td>}
              <td dir="auto"><Words of={l.first} /></td>
              <td dir="auto"><Words of={l.second} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The words of one engine; what differs is marked by a line or a sign as well, and told. */
function Words({ of }: { of: readonly TrialWord[] }): JSX.Element {
  const texts = t().admin.trial;
  return (
    <>
      {of.map((w, i) => {
        if (w.mark === "same") return `${clean(w.text ?? "")} `;
        const told = w.mark === "missing" ? clean(w.said ?? "") : clean(w.text ?? "");
        return <Fragment key={i}><span class={`w-${w.mark}`} title={w.said ? texts.instead(clean(w.said)) : undefined}><span class="unseen">{texts.marks[w.mark]}: </span>{told}</span>{" "}</Fragment>;
      })}
    </>
  );
}

/** Those that were made before, to look at again. */
function Before({ store }: { store: TrialStore }): JSX.Element | null {
  const texts = t().admin.trial;
  const others = store.trials.value.filter((v) => v.id !== store.shown.value?.id || v.state !== "running");
  if (others.length === 0) return null;
  return (
    <section aria-labelledby="trial-before">
      <h3 id="trial-before">{texts.before}</h3>
      <ul class="plain">
        {others.map((v) => (
          <li key={v.id} class="who-merge">
            <span><bdi dir="ltr">{many(v.engines).join(" · ")}</bdi> <Source of={v} /> <small class="muted"><When at={v.began_at} /> · <bdi>{clean(v.by)}</bdi> · {texts.states[v.state]}</small></span>
            <span class="note-acts">
              {v.state === "done" && <button type="button" disabled={store.busy.value || store.shown.value?.id === v.id} aria-label={texts.showOne(v.engines.join(", "))} onClick={() => void store.open(v.id)}>{texts.show}</button>}
              <button type="button" class="quiet" disabled={store.busy.value} aria-label={texts.forgetOne(v.engines.join(", "))} onClick={() => void store.drop(v)}>{texts.forget}</button>
            </span>
          </li>
        ))}
      </ul>
      <p class="muted">{texts.gone}</p>
    </section>
  );
}
