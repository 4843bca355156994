// A moment to look back to: a slider over the time that something is known of,
// with the moments at which it changed. Now is at its end.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { locale, t } from "../lang";

interface Props {
  /** The moment that is shown, ISO 8601; "" is now. */
  at: string;
  /** When something changed; the oldest is where the slider begins. */
  changes: readonly string[];
  onAt(at: string): void;
  now?(): number;
}

const day = 86_400_000;

/** How long the slider is at rest before its moment is asked for, in ms. */
const rest = 150;

/** The days of a slider: from the day before the first change to now. */
export function range(changes: readonly string[], now: number): { from: number; days: number } {
  const times = changes.map((c) => Date.parse(c)).filter((x) => x <= now);
  const from = Math.min(...times, now - 30 * day) - day;
  return { from, days: Math.max(1, Math.ceil((now - from) / day)) };
}

/** The change next to a moment, on either side; undefined when there is none. */
export function beside(changes: readonly string[], at: number, by: 1 | -1): number | undefined {
  const times = [...new Set(changes.map((c) => Date.parse(c)))].toSorted((a, b) => a - b);
  return by > 0 ? times.find((x) => x > at) : times.findLast((x) => x < at);
}

/** The date and time of a moment in the language of the page. */
function dated(ms: number): string {
  return new Date(ms).toLocaleString(locale(), { dateStyle: "long", timeStyle: "short" });
}

export function AsOf({ at, changes, onAt, now = Date.now }: Props): JSX.Element {
  const { privacy } = t();
  const present = now();
  const { from, days } = range(changes, present);
  const moved = useSignal<number | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    moved.value = undefined;
  }, [at]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const shown = moved.value ?? (at === "" ? present : Date.parse(at));
  const place = shown >= present ? days : Math.min(days - 1, Math.max(0, Math.round((shown - from) / day)));
  const isNow = place >= days && at === "" && moved.value === undefined;
  const said = isNow || shown >= present ? privacy.now : dated(shown);
  const go = (ms: number | undefined): void => {
    clearTimeout(timer.current);
    if (ms !== undefined) onAt(ms >= present ? "" : new Date(ms).toISOString());
  };
  const slide = (e: { currentTarget: HTMLInputElement }): void => {
    const n = Number(e.currentTarget.value);
    const ms = n >= days ? present : from + n * day;
    moved.value = ms;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => go(ms), rest);
  };
  const before = beside(changes, shown - 1, -1);
  const after = beside(changes, shown, 1);
  return (
    <div class="asof" role="group" aria-label={privacy.asOf}>
      <label>
        <span>{privacy.asOf} <b class="num">{said}</b></span>
        <input type="range" min={0} max={days} step={1} value={place} aria-valuetext={said} onInput={slide} />
      </label>
      {/* A change holds from its own moment on. */}
      <button type="button" disabled={before === undefined} onClick={() => go(before)}>{privacy.changeBefore}</button>
      <button type="button" disabled={isNow} onClick={() => go(after ?? present)}>{after === undefined ? privacy.onToNow : privacy.changeAfter}</button>
    </div>
  );
}
