// How Heed is right now.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { bytes, figure, span } from "../format";
import { Trouble, When } from "../parts/bits";
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
      <h1>Status</h1>
      {store.problem.value && <Trouble of={store.problem.value}>{s && " What is below is the last that was known."}</Trouble>}
      {s && <Figures of={s} />}
    </main>
  );
}

const states = {
  ready: { tone: "good", text: "Ready" },
  restarting: { tone: "bad", text: "Starting again. Captions are paused; nothing is lost" },
  down: { tone: "bad", text: "Its service failed several times and is left alone for a while" },
  none: { tone: "bad", text: "There is none, so there are no captions. Run heed doctor to see what is missing" },
} as const;

const sources = {
  guessed: "a guess, until it is measured",
  measured: "measured at the start",
  corrected: "corrected while running",
  fixed: "set by the operator",
} as const;

function Ears({ of }: { of: Engine }): JSX.Element {
  const state = states[of.state] ?? { tone: "plain", text: of.state };
  return (
    <dl class="rows rows-wide">
      <Row name="Engine">{of.name || "none"}
        {of.remote && <span class="tag tag-warn">elsewhere: audio leaves this machine</span>}
        {of.note && <span class={`tag${/last resort/i.test(of.note) ? " tag-warn" : ""}`}>{of.note}</span>}
      </Row>
      <Row name="State"><span class={`tone-${state.tone}`}>{state.text}</span></Row>
      <Row name="Model">{of.model || "none"}</Row>
      {many(of.languages).length > 0 && <Row name="Languages">{many(of.languages).join(", ")}</Row>}
      <Row name="Restarts">{figure(of.restarts)}</Row>
    </dl>
  );
}

/** How much speech this machine hears in time. */
function Hearing({ of }: { of: Room }): JSX.Element {
  const full = of.streams > 0 && 2 * (of.calls + 1) > of.streams;
  return (
    <>
      <Row name="Heard now">
        {figure(of.calls)}{of.streams > 0 && ` of at most ${figure(Math.floor(of.streams / 2))}`}
        {of.streams > 0 && <span class="tag">{sources[of.source] ?? of.source}</span>}
        {full && <span class="tag tag-warn">{of.policy === "refuse" ? "full: new calls are refused" : "full: new calls are recorded, and heard when they are over"}</span>}
      </Row>
      {of.turned > 0 && <Row name="Found no room">{figure(of.turned)}</Row>}
    </>
  );
}

function Figures({ of }: { of: Status }): JSX.Element {
  const engines = many(of.engines).length > 0 ? many(of.engines) : [of.engine];
  return (
    <>
      {many(of.advice).map((text) => <p key={text} role="note"><span class="tag tag-warn">To mend</span> {text}</p>)}
      <h2>{engines.length > 1 ? "Speech engines, in the order in which they are asked" : "Speech engine"}</h2>
      {engines.map((e) => <Ears key={e.name} of={e} />)}
      <h2>Calls</h2>
      <dl class="rows rows-wide">
        <Row name="Live now">{figure(of.calls.live)} of at most {figure(of.calls.max)}</Row>
        {of.room && <Hearing of={of.room} />}
        {of.streams !== undefined && <Row name="Audio streams">{figure(of.streams)}</Row>}
      </dl>
      {of.outcomes && <Outcomes of={of.outcomes} />}
      <h2>Search and store</h2>
      <dl class="rows rows-wide">
        <Row name="Search index">
          {of.search.lag_events > 0 ? `${of.search.state}, ${figure(of.search.lag_events)} events behind` : `${of.search.state}, up to date`}
        </Row>
        <Row name="Stored">{bytes(of.store.bytes)}</Row>
        <Row name="Events">{figure(of.store.last_seq)}</Row>
      </dl>
      {many(of.recipients).length > 0 && <Recipients of={many(of.recipients)} />}
      <h2>Understanding</h2>
      <dl class="rows rows-wide">
        {many(of.models).map((model) => {
          const [name, version] = model.split("/", 2);
          return <Row key={name} name={name ?? model}>version {version}</Row>;
        })}
      </dl>
      <h2>This server</h2>
      <dl class="rows rows-wide">
        <Row name="Version">{of.version}</Row>
        <Row name="Running for">{span(of.uptime_s)}</Row>
        <Row name="For programs"><a href="/docs" data-plain>API reference</a></Row>
      </dl>
    </>
  );
}

/** What became of suggestions, as far as it is not known yet. */
function Outcomes({ of }: { of: { awaited: number; parked: number } }): JSX.Element {
  return (
    <>
      <h2>Outcomes</h2>
      <dl class="rows rows-wide">
        <Row name="Answers waited for">{figure(of.awaited)}</Row>
        <Row name="Put aside">
          {figure(of.parked)}
          {of.parked > 0 && <span class="tag tag-warn">their decision is not known; each is given up after a day</span>}
        </Row>
      </dl>
    </>
  );
}

const told: Record<Recipient["state"], { tone: string; text: string }> = {
  ok: { tone: "good", text: "has confirmed everything" },
  behind: { tone: "plain", text: "is behind" },
  mismatch: { tone: "bad", text: "sees something else than the ledger says" },
  late: { tone: "bad", text: "a withdrawal waits for over an hour" },
  overdue: { tone: "bad", text: "a withdrawal waits for over a day" },
};

/** Who is told of changes of consent, and who is behind. */
function Recipients({ of }: { of: readonly Recipient[] }): JSX.Element {
  return (
    <>
      <h2>Told of consent</h2>
      <dl class="rows rows-wide">
        {of.map((r) => (
          <Row key={r.name} name={r.name}>
            <span class={`tone-${told[r.state].tone}`}>{told[r.state].text}</span>
            {r.waiting > 0 && <span class={`tag${r.state === "late" || r.state === "overdue" ? " tag-warn" : ""}`}>{figure(r.waiting)} not confirmed</span>}
            {r.asked ? <span class="muted"> last asked <When at={r.asked} /></span> : <span class="muted"> has never asked</span>}
          </Row>
        ))}
      </dl>
    </>
  );
}

function Row({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}
