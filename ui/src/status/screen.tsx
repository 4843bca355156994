// How Heed is right now.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { bytes, figure, span } from "../format";
import { Trouble } from "../parts/bits";
import type { Status } from "../wire";
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
  none: { tone: "bad", text: "There is none, so there are no captions. Run heed doctor to see what is missing" },
} as const;

function Figures({ of }: { of: Status }): JSX.Element {
  const e = of.engine;
  const state = states[e.state] ?? { tone: "plain", text: e.state };
  return (
    <>
      <h2>Speech engine</h2>
      <dl class="rows rows-wide">
        <Row name="State"><span class={`tone-${state.tone}`}>{state.text}</span></Row>
        <Row name="Engine">{e.name || "none"}{e.note && <span class={`tag${/last resort/i.test(e.note) ? " tag-warn" : ""}`}>{e.note}</span>}</Row>
        <Row name="Model">{e.model || "none"}</Row>
        <Row name="Restarts">{figure(e.restarts)}</Row>
      </dl>
      <h2>Calls</h2>
      <dl class="rows rows-wide">
        <Row name="Live now">{figure(of.calls.live)} of at most {figure(of.calls.max)}</Row>
        {of.streams !== undefined && <Row name="Audio streams">{figure(of.streams)}</Row>}
      </dl>
      <h2>Search and store</h2>
      <dl class="rows rows-wide">
        <Row name="Search index">
          {of.search.lag_events > 0 ? `${of.search.state}, ${figure(of.search.lag_events)} events behind` : `${of.search.state}, up to date`}
        </Row>
        <Row name="Stored">{bytes(of.store.bytes)}</Row>
        <Row name="Events">{figure(of.store.last_seq)}</Row>
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

function Row({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}
