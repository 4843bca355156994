// How a call's audio came in, for whoever wonders why something is missing.

import type { JSX } from "preact";
import { figure, sentence, words } from "../format";
import type { CallDetail, Health } from "../wire";

/** The figures that are not zero, each with what it counts. */
export function streamFacts(h: Health): [name: string, value: string][] {
  const seconds = (n: number): string => `${figure(n, 2)} s`;
  const all: [string, number | undefined, (n: number) => string][] = [
    ["Frames", h.frames, figure],
    ["Never came, or too late", h.lost, figure],
    ["Came after their place was filled", h.late, figure],
    ["Came twice", h.duplicates, figure],
    ["Not understood", h.garbage, figure],
    ["Left out while the engine was behind", h.dropped, figure],
    ["Gaps", h.gaps, figure],
    ["Length of all gaps", h.gap_time, seconds],
    ["Connected anew", h.reconnects, figure],
    [`${(h.clock_offset ?? 0) < 0 ? "Customer" : "Agent"}'s audio came later by`, h.clock_offset, (n) => seconds(Math.abs(n))],
    ["Clocks drifted apart, made good", h.clock_drift, seconds],
  ];
  return all.flatMap(([name, n, write]) => (n ? [[name, write(n)] as [string, string]] : []));
}

export function Stream({ d }: { d: CallDetail }): JSX.Element | null {
  const facts = streamFacts(d.health);
  if (facts.length === 0) return null;
  return (
    <details class="more stream-health">
      <summary>How its audio came{d.platform && <> by <bdi>{sentence(words(d.platform))}</bdi></>}</summary>
      <dl>{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd class="num">{value}</dd></div>)}</dl>
    </details>
  );
}
