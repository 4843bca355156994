// How a call's audio came in, for whoever wonders why something is missing.

import type { JSX } from "preact";
import { figure, sentence, words } from "../format";
import { t } from "../lang";
import type { CallDetail, Health } from "../wire";

/** The figures that are not zero, each with what it counts. */
export function streamFacts(h: Health): [name: string, value: string][] {
  const { call } = t();
  const f = call.stream;
  const seconds = (n: number): string => call.seconds(figure(n, 2));
  const all: [string, number | undefined, (n: number) => string][] = [
    [f.frames, h.frames, figure],
    [f.lost, h.lost, figure],
    [f.late, h.late, figure],
    [f.duplicates, h.duplicates, figure],
    [f.garbage, h.garbage, figure],
    [f.dropped, h.dropped, figure],
    [f.gaps, h.gaps, figure],
    [f.gapTime, h.gap_time, seconds],
    [f.reconnects, h.reconnects, figure],
    [(h.clock_offset ?? 0) < 0 ? f.customerLater : f.agentLater, h.clock_offset, (n) => seconds(Math.abs(n))],
    [f.drift, h.clock_drift, seconds],
  ];
  return all.flatMap(([name, n, write]) => (n ? [[name, write(n)] as [string, string]] : []));
}

export function Stream({ d }: { d: CallDetail }): JSX.Element | null {
  const facts = streamFacts(d.health);
  if (facts.length === 0) return null;
  return (
    <details class="more stream-health">
      <summary>{d.platform ? t().call.cameBy(sentence(words(d.platform))) : t().call.came}</summary>
      <dl>{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd class="num">{value}</dd></div>)}</dl>
    </details>
  );
}
