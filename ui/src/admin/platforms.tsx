// The platforms that calls come from: what each needs, how it does, and a test
// call through its door.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { clock, figure, textOf, words } from "../format";
import { t } from "../lang";
import { Trouble, When } from "../parts/bits";
import { clean } from "../text";
import { many } from "../wire";
import { pieces, PlatformStore } from "./platforms-store";
import type { Platform, TestCall } from "./wire";

export function Platforms(): JSX.Element {
  const texts = t().admin.platforms;
  const store = useMemo(() => new PlatformStore(undefined, texts.failed), []);
  useEffect(() => {
    void store.start();
    return () => store.close();
  }, [store]);
  const all = store.platforms.value;
  return (
    <>
      <p class="muted">{texts.about}</p>
      {store.problem.value && <Trouble of={store.problem.value} />}
      {!all && !store.problem.value && <p class="muted" role="status">{texts.looking}</p>}
      <div class="admin-cards">{many(all).map((p) => <Card key={p.name} p={p} store={store} />)}</div>
    </>
  );
}

function Card({ p, store }: { p: Platform; store: PlatformStore }): JSX.Element {
  const texts = t().admin.platforms;
  const test = store.test.value;
  const playing = test?.state === "playing";
  const mine = test?.platform === p.name;
  return (
    <section class="admin-card" aria-labelledby={`platform-${p.name}`}>
      <header>
        <h2 id={`platform-${p.name}`}><bdi>{p.title}</bdi></h2>
        <State p={p} />
        <span class="grow" />
        {p.testable && <button type="button" disabled={playing} aria-label={texts.testOf(p.title)} onClick={() => void store.make(p.name)}>{texts.test}</button>}
        {playing && mine && <button type="button" onClick={() => void store.stop()}>{texts.stop}</button>}
      </header>
      <Lacks p={p} />
      {mine && test && <Test of={test} />}
      <Figures p={p} />
      {many(p.addresses).length > 0 && (
        <dl class="rows rows-wide">
          {many(p.addresses).map((a) => <div key={a.url}><dt>{textOf(texts.whats, a.what) ?? a.what}</dt><dd><code dir="ltr">{a.url}</code></dd></div>)}
        </dl>
      )}
      <Numbers p={p} />
      <Guide p={p} store={store} />
    </section>
  );
}

/** The settings that are not there. */
const lacks = (p: Platform): readonly string[] => [...many(p.missing), ...many(p.wanting)];

function State({ p }: { p: Platform }): JSX.Element {
  const texts = t().admin.platforms;
  if (!p.configured) return <span class="tag tag-warn">{texts.off}</span>;
  return lacks(p).length > 0 ? <span class="tag tag-warn">{texts.partly}</span> : <span class="tag tag-accepted">{texts.ready}</span>;
}

function Lacks({ p }: { p: Platform }): JSX.Element | null {
  const texts = t().admin.platforms;
  if (lacks(p).length === 0) return null;
  return <p class="tone-bad">{many(p.missing).length > 0 ? texts.missing : texts.wanting} {lacks(p).map((s) => <code key={s} dir="ltr" class="tag">{s}</code>)}</p>;
}

function Figures({ p }: { p: Platform }): JSX.Element {
  const texts = t().admin.platforms;
  return (
    <p class="muted">
      {p.last_call_at ? <>{texts.last} <When at={p.last_call_at} /></> : texts.noCall}
      {p.open > 0 && <> · {texts.open(figure(p.open))}</>}
      {p.dropped > 0 && <> · {texts.dropped(figure(p.dropped))}</>}
      {many(p.refused).map((r) => <span key={r.reason}> · <span class="tone-bad">{texts.refused(figure(r.count), words(r.reason))}</span></span>)}
    </p>
  );
}

/** The company's own numbers that calls came to. */
function Numbers({ p }: { p: Platform }): JSX.Element | null {
  const texts = t().admin.platforms;
  const all = many(p.numbers);
  if (all.length === 0) return null;
  return (
    <details class="more">
      <summary>{texts.numbers(figure(all.length))}</summary>
      <div class="admin-table"><table>
        <thead><tr><th scope="col">{texts.number}</th><th scope="col" class="num">{texts.calls}</th><th scope="col">{texts.last}</th></tr></thead>
        <tbody>{all.map((n) => <tr key={n.number}><th scope="row"><bdi dir="ltr">{clean(n.number)}</bdi></th><td class="num">{figure(n.calls)}</td><td><When at={n.last_call_at} /></td></tr>)}</tbody>
      </table></div>
      <p class="muted">{texts.ofCalls}</p>
    </details>
  );
}

/** What came in, while it comes in. */
function Test({ of }: { of: TestCall }): JSX.Element {
  const texts = t().admin.platforms;
  const told = Object.values(of.told).filter((v) => v !== undefined && v !== "");
  return (
    <div class={`note admin-test${of.state === "failed" ? " note-bad" : " note-accent"}`} role="status">
      <div>
        <b>{texts.states[of.state]}</b> <span class="tag">{texts.marked}</span>{" "}
        {of.state === "playing" && <><progress max={of.of} value={of.sent} aria-label={texts.states.playing} /> <span class="num" dir="ltr">{clock(of.sent)} / {clock(of.of)}</span></>}
        {of.fault && <p>{textOf(texts.faults, of.fault) ?? texts.faults.other}{of.detail && <code dir="ltr"> {clean(of.detail)}</code>}</p>}
        {told.length > 0 && <p>{texts.told} <bdi dir="ltr">{told.map((v) => clean(v ?? "")).join(" · ")}</bdi></p>}
        <ul class="plain">
          {many(of.parties).map((p) => (
            <li key={p.speaker}>{textOf(texts.speakers, p.speaker) ?? p.speaker}: {texts.arrived(figure(p.frames), figure(p.seconds, 1), figure(p.rate / 1000, 1), figure(p.level))}</li>
          ))}
        </ul>
        {of.faults > 0 && <p>{texts.faulty(figure(of.faults))}</p>}
        {many(of.words).length > 0 && <ul class="plain admin-heard">{many(of.words).map((w, i) => <li key={i}><small class="muted">{textOf(texts.speakers, w.speaker) ?? w.speaker}</small> <span dir="auto">{clean(w.text)}</span></li>)}</ul>}
        {of.state !== "playing" && many(of.words).length === 0 && of.fault === undefined && <p class="muted">{texts.unheard}</p>}
      </div>
    </div>
  );
}

function Guide({ p, store }: { p: Platform; store: PlatformStore }): JSX.Element {
  const texts = t().admin.platforms;
  const text = store.guides.value.get(p.name);
  return (
    <details class="more" onToggle={(e) => e.currentTarget.open && void store.guide(p.name)}>
      <summary>{texts.guide(p.title)}</summary>
      {text !== undefined && (
        <div class="admin-guide" dir="ltr" lang="en">
          {pieces(text).slice(1).map((x, i) => {
            if (x.kind === "code") return <pre key={i}>{x.text}</pre>;
            if (x.kind === "heading") return <h3 key={i}>{x.text}</h3>;
            return <p key={i} class={x.kind === "item" ? "admin-item" : undefined}>{x.text}</p>;
          })}
        </div>
      )}
    </details>
  );
}
