// Counts over time as bars, with their figures as a table behind them.

import type { JSX } from "preact";
import { figure } from "../format";

export interface Bar {
  /** What the bar stands for, such as a day. */
  name: string;
  value: number;
}

interface Props {
  bars: readonly Bar[];
  width: number;
  height: number;
  /** What is counted, and over what: the table's caption. */
  caption: string;
}

/** Heights of bars in a box; the least count that is not zero is still seen. */
export function heights(values: readonly number[], height: number): number[] {
  const most = Math.max(1, ...values);
  return values.map((v) => (v === 0 ? 0 : Math.max(1.5, (v / most) * height)));
}

export function Bars({ bars, width, height, caption }: Props): JSX.Element {
  const tall = heights(bars.map((b) => b.value), height - 1);
  const each = width / Math.max(1, bars.length);
  return (
    <span class="bars">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <line class="bars-zero" x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
        {tall.map((h, i) => (
          <rect key={i} x={i * each + each * 0.1} y={height - 1 - h} width={each * 0.8} height={h} class={i === tall.length - 1 ? "bars-last" : undefined}>
            <title>{`${bars[i]?.name}: ${bars[i]?.value}`}</title>
          </rect>
        ))}
      </svg>
      <table class="unseen">
        <caption>{caption}</caption>
        <tbody>{bars.map((b) => <tr key={b.name}><th scope="row">{b.name}</th><td>{figure(b.value)}</td></tr>)}</tbody>
      </table>
    </span>
  );
}
