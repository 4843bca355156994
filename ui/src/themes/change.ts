// How a share of calls has changed, and whether that is more than chance.

import { figure } from "../format";
import { t } from "../lang";

export interface Change {
  /** Share now by the share before, less 1, and the interval in which it lies 19 times of 20. */
  by: number;
  low: number;
  high: number;
}

/** Calls with a theme, of all calls. */
export interface Part { calls: number; of: number }

// Fewer tell nothing: of both times together with it, and of all calls of each.
const fewWith = 10;
const fewAll = 20;

/**
 * Compares two shares by the logarithm of their ratio (Katz and others, 1978);
 * undefined when there are too few calls.
 */
export function compare(now: Part, before: Part): Change | undefined {
  if (now.calls + before.calls < fewWith || now.of < fewAll || before.of < fewAll) return undefined;
  // Half a call each keeps what was never heard before from being endless.
  const [a, n, b, m] = [now.calls + 0.5, now.of + 0.5, before.calls + 0.5, before.of + 0.5];
  const log = Math.log(a / n / (b / m));
  const wide = 1.96 * Math.sqrt(Math.max(0, 1 / a - 1 / n + 1 / b - 1 / m));
  return { by: Math.exp(log) - 1, low: Math.exp(log - wide) - 1, high: Math.exp(log + wide) - 1 };
}

/** A change in percents, with its sign. */
export function signed(by: number): string {
  const percent = Math.round(by * 100);
  const n = figure(Math.abs(percent), 0);
  return percent > 0 ? `+${n} %` : percent < 0 ? `−${n} %` : "0 %";
}

interface ChangeText { text: string; interval: string; clear: boolean }

/** A change as people read it. */
export function changeText(c: Change | undefined): ChangeText {
  const words = t().themes.change;
  if (!c) return { text: words.few, interval: "", clear: false };
  const interval = words.interval(signed(c.low), signed(c.high));
  return c.low <= 0 && c.high >= 0 ? { text: words.same, interval, clear: false } : { text: signed(c.by), interval, clear: true };
}
