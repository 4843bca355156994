// How evidence fades: what it counts for now, and when it is gone.

import type { JSX } from "preact";
import { day as dayText, figure } from "../format";
import { t } from "../lang";
import type { Evidence } from "../wire";

/** Evidence with how fast it fades, as the API has it. */
export interface Fading extends Evidence {
  /** In nanoseconds; none does not fade. */
  half_life?: number;
  confidence?: number;
}

/** What counts for less is named no more. */
const faint = 0.02;
const day = 86_400_000;

interface Strength {
  /** What it counts for now, of what it did at first, 0..1. */
  left: number;
  /** In days; 0 does not fade. */
  halfLife: number;
  /** When it is named no more; absent where it does not fade. */
  gone?: number;
}

export function strength(e: Fading, now: number): Strength {
  const half = (e.half_life ?? 0) / 1e6;
  const at = Date.parse(e.at);
  if (half <= 0 || Number.isNaN(at)) return { left: 1, halfLife: 0 };
  const first = Math.abs(e.weight) * (e.confidence ?? 1);
  const left = Math.min(1, 2 ** (-(now - at) / half));
  return { left, halfLife: half / day, gone: at + half * Math.max(0, Math.log2(first / faint)) };
}

const wide = 64;
const high = 16;

/** The curve from the day that it was heard to the day that it is gone, with a dot for now. */
export function Fade({ of, now }: { of: Fading; now: number }): JSX.Element | null {
  const { customer } = t();
  const s = strength(of, now);
  if (s.gone === undefined) return null;
  const at = Date.parse(of.at);
  const span = Math.max(1, s.gone - at);
  const x = (ms: number): number => Math.min(wide, Math.max(0, ((ms - at) / span) * wide));
  const y = (left: number): number => 1 + (1 - left) * (high - 2);
  const points = Array.from({ length: 17 }, (_, i) => {
    const ms = at + (span * i) / 16;
    return `${x(ms).toFixed(1)},${y(2 ** (-(ms - at) / (s.halfLife * day))).toFixed(1)}`;
  }).join(" ");
  return (
    <span class="fade">
      <svg class="spark fade-curve" viewBox={`-2 0 ${wide + 4} ${high}`} width={wide} height={high} aria-hidden="true">
        <polyline points={points} />
        <circle cx={x(now).toFixed(1)} cy={y(s.left).toFixed(1)} r="2" />
      </svg>{" "}
      <small class="muted">{customer.fades(figure(s.left * 100, 0), figure(s.halfLife, 1), dayText(new Date(s.gone).toISOString()))}</small>
    </span>
  );
}
