// The mood of a call as a small line, with its figures as a table behind it.

import type { JSX } from "preact";
import { clock, figure, mood } from "../format";
import type { Point } from "../desk/mood";
import { t } from "../lang";

interface Props {
  points: readonly Point[];
  /** Seconds that the whole width stands for. */
  length: number;
  width: number;
  height: number;
}

export function Spark({ points: all, length, width, height }: Props): JSX.Element {
  const points = thin(all, width);
  const x = (at: number): number => 3 + (Math.min(at, length) / Math.max(length, 1)) * (width - 6);
  const y = (v: number): number => height / 2 - v * (height / 2 - 3);
  const line = points.map((p) => `${x(p.at).toFixed(1)},${y(p.value).toFixed(1)}`).join(" ");
  const last = points.at(-1);
  return (
    <span class="spark">
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        <line class="spark-zero" x1="0" x2={width} y1={height / 2} y2={height / 2} />
        <polyline points={line} />
        {last && <circle cx={x(last.at)} cy={y(last.value)} r="2.5" />}
      </svg>
      <MoodTable points={points} />
    </span>
  );
}

/** At most one point for each two pixels, the last one kept. */
export function thin(points: readonly Point[], width: number): readonly Point[] {
  const step = Math.ceil((points.length * 2) / width);
  return step <= 1 ? points : points.filter((_, i) => (points.length - 1 - i) % step === 0);
}

function MoodTable({ points }: { points: readonly Point[] }): JSX.Element {
  const { parts } = t();
  return (
    <table class="unseen">
      <caption>{parts.moodOver}</caption>
      <thead><tr><th scope="col">{parts.time}</th><th scope="col">{parts.mood}</th><th scope="col">{parts.figure}</th></tr></thead>
      <tbody>
        {points.map((p) => (
          <tr key={p.at}><td>{clock(p.at)}</td><td>{mood(p.value)}</td><td>{figure(p.value)}</td></tr>
        ))}
      </tbody>
    </table>
  );
}
