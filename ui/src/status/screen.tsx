// How Heed is right now.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { bytes, figure, span, textOf } from "../format";
import { t } from "../lang";
import { Row, Trouble, When } from "../parts/bits";
import { many, type Engine, type Room, type Status } from "../wire";
import type { Recipient } from "../privacy/wire";
import { StatusStore } from "./store";

export function StatusScreen(): JSX.Element {
  const store = useMemo(() => new StatusStore(), []);
  useEffect(() => {
    store.start();
    return () => store.close();
  }, [store]);
  const s = store.status.value;
  return (
    <main id="main" class="page page-narrow" tabIndex={-1}>
      <h1>{t().status.title}</h1>
      {store.problem.value && <Trouble of={store.problem.value}>{s && t().status.stale}</Trouble>}
      {s && <Figures of={s} />}
    </main>
  );
}

const tones: Readonly<Record<string, string>> = { ready: "good", restarting: "bad", down: "bad", none: "bad" };

export function Ears({ of }: { of: Engine }): JSX.Element {
  const texts = t().status;
  return (
    <dl class="rows rows-wide">
      <Row name={texts.name}>{of.name || texts.noEngine}
        {of.remote && <span class="tag tag-warn">{texts.elsewhere}</span>}
        {of.note && <span class={`tag${/last resort/i.test(of.note) ? " tag-warn" : ""}`}>{of.note}</span>}
      </Row>
      <Row name={texts.state}><span class={`tone-${textOf(tones, of.state) ?? "plain"}`}>{textOf(texts.states, of.state) ?? of.state}</span></Row>
      <Row name={texts.model}>{of.model || texts.noEngine}</Row>
      {many(of.languages).length > 0 && <Row name={texts.languages}>{many(of.languages).join(", ")}</Row>}
      <Row name={texts.restarts}>{figure(of.restarts)}</Row>
    </dl>
  );
}

/** How much speech this machine hears in time. */
export function Hearing({ of }: { of: Room }): JSX.Element {
  const full = of.streams > 0 && 2 * (of.calls + 1) > of.streams;
  const texts = t().status;
  return (
    <>
      <Row name={texts.heard}>
        {of.streams > 0 ? texts.atMost(figure(of.calls), figure(Math.floor(of.streams / 2))) : figure(of.calls)}
        {of.streams > 0 && <span class="tag">{textOf(texts.sources, of.source) ?? of.source}</span>}
        {full && <span class="tag tag-warn">{of.policy === "refuse" ? texts.fullRefuse : texts.fullRecord}</span>}
      </Row>
      {of.turned > 0 && <Row name={texts.noRoom}>{figure(of.turned)}</Row>}
    </>
  );
}

function Figures({ of }: { of: Status }): JSX.Element {
  const engines = many(of.engines).length > 0 ? many(of.engines) : [of.engine];
  const texts = t().status;
  const index = textOf(texts.indexStates, of.search.state) ?? of.search.state;
  return (
    <>
      {many(of.advice).map((text) => <p key={text} role="note"><span class="tag tag-warn">{texts.mend}</span> {text}</p>)}
      <h2>{engines.length > 1 ? texts.engines : texts.engine}</h2>
      {engines.map((e) => <Ears key={e.name} of={e} />)}
      <h2>{texts.calls}</h2>
      <dl class="rows rows-wide">
        <Row name={texts.live}>{texts.atMost(figure(of.calls.live), figure(of.calls.max))}</Row>
        {of.room && <Hearing of={of.room} />}
        {of.streams !== undefined && <Row name={texts.streams}>{figure(of.streams)}</Row>}
      </dl>
      {of.outcomes && <Outcomes of={of.outcomes} />}
      <h2>{texts.store}</h2>
      <dl class="rows rows-wide">
        <Row name={texts.index}>
          {of.search.lag_events > 0 ? texts.behind(index, figure(of.search.lag_events)) : texts.upToDate(index)}
        </Row>
        <Row name={texts.stored}>{bytes(of.store.bytes)}</Row>
        <Row name={texts.events}>{figure(of.store.last_seq)}</Row>
      </dl>
      {many(of.recipients).length > 0 && <Recipients of={many(of.recipients)} />}
      <h2>{texts.models}</h2>
      <dl class="rows rows-wide">
        {many(of.models).map((model) => {
          const [name, version] = model.split("/", 2);
          return <Row key={name} name={name ?? model}>{texts.version(version ?? "")}</Row>;
        })}
      </dl>
      <h2>{texts.server}</h2>
      <dl class="rows rows-wide">
        <Row name={texts.versionOf}>{of.version}</Row>
        <Row name={texts.running}>{span(of.uptime_s)}</Row>
        <Row name={texts.programs}><a href="/docs" data-plain>{texts.reference}</a></Row>
      </dl>
    </>
  );
}

/** What became of suggestions, as far as it is not known yet. */
function Outcomes({ of }: { of: { awaited: number; parked: number } }): JSX.Element {
  return (
    <>
      <h2>{t().status.outcomes}</h2>
      <dl class="rows rows-wide">
        <Row name={t().status.awaited}>{figure(of.awaited)}</Row>
        <Row name={t().status.parked}>
          {figure(of.parked)}
          {of.parked > 0 && <span class="tag tag-warn">{t().status.parkedWhy}</span>}
        </Row>
      </dl>
    </>
  );
}

const toldTones: Record<Recipient["state"], string> = { ok: "good", behind: "plain", mismatch: "bad", late: "bad", overdue: "bad" };

/** Who is told of changes of consent, and who is behind. */
function Recipients({ of }: { of: readonly Recipient[] }): JSX.Element {
  return (
    <>
      <h2>{t().status.told}</h2>
      <dl class="rows rows-wide">
        {of.map((r) => (
          <Row key={r.name} name={r.name}>
            <span class={`tone-${toldTones[r.state]}`}>{t().status.tolds[r.state]}</span>
            {r.waiting > 0 && <span class={`tag${r.state === "late" || r.state === "overdue" ? " tag-warn" : ""}`}>{t().status.unconfirmed(figure(r.waiting))}</span>}
            {r.asked ? <span class="muted"> {t().status.asked} <When at={r.asked} /></span> : <span class="muted"> {t().status.neverAsked}</span>}
          </Row>
        ))}
      </dl>
    </>
  );
}
