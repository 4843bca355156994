// The two parties of a call on one canvas, the agent above the customer.

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { clock } from "../format";
import { theme } from "../prefs";
import { many, type Peaks } from "../wire";
import type { Player } from "./player";

/** The loudest peak of each column of pixels. */
export function columns(peaks: readonly number[], width: number): Float32Array {
  const out = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x * peaks.length) / width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * peaks.length) / width));
    let top = 0;
    for (let i = from; i < to; i++) top = Math.max(top, peaks[i] ?? 0);
    out[x] = top;
  }
  return out;
}

interface Props {
  player: Player;
  peaks: Peaks | undefined;
  length: number;
  /** Seconds at which a suggestion was made. */
  marks: readonly number[];
}

export function Wave({ player, peaks, length, marks }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const draw = (): void => {
    if (canvas.current) paint(canvas.current, { at: player.at.peek(), peaks, length, marks });
  };
  useSignalEffect(() => {
    void player.at.value;
    void theme.value;
    draw();
  });
  useEffect(() => {
    draw();
    const el = canvas.current;
    if (!el) return undefined;
    const sizes = new ResizeObserver(draw);
    sizes.observe(el);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    return () => {
      sizes.disconnect();
      dark.removeEventListener("change", draw);
    };
  }, [peaks, length, marks]);
  return (
    <div class="wave" dir="ltr">
      <canvas ref={canvas} aria-hidden="true" />
      <input type="range" min={0} max={Math.max(length, 0.1)} step={0.1} value={player.at.value}
        aria-label="Position in the recording" aria-valuetext={`${clock(player.at.value)} of ${clock(length)}`}
        onInput={(e) => player.seek(Number(e.currentTarget.value))} />
    </div>
  );
}

interface Picture {
  at: number;
  peaks: Peaks | undefined;
  length: number;
  marks: readonly number[];
}

function paint(canvas: HTMLCanvasElement, p: Picture): void {
  const ratio = devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  const ctx = canvas.getContext("2d");
  if (!ctx || width === 0) return;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name);
  ctx.clearRect(0, 0, width, height);
  const played = p.length > 0 ? (p.at / p.length) * width : 0;
  const half = height / 2;
  const loudest = Math.max(0.05, ...columns(many(p.peaks?.agent), 200), ...columns(many(p.peaks?.customer), 200));
  const bars = { loudest, ctx, width, half, played, step: Math.max(2, Math.round(2 * ratio)) };
  party(bars, many(p.peaks?.agent), -1, colour("--speaker-agent"));
  party(bars, many(p.peaks?.customer), 1, colour("--speaker-customer"));
  ctx.globalAlpha = 1;
  ctx.fillStyle = colour("--accent");
  for (const m of p.marks) ctx.fillRect(Math.round((m / Math.max(p.length, 1)) * width), half - 3 * ratio, ratio, 6 * ratio);
  ctx.fillStyle = colour("--text");
  ctx.fillRect(Math.round(played), 0, Math.max(1, ratio), height);
}

interface Bars {
  loudest: number;
  ctx: CanvasRenderingContext2D;
  width: number;
  half: number;
  played: number;
  step: number;
}

function party(b: Bars, peaks: readonly number[], way: 1 | -1, fill: string): void {
  const n = Math.floor(b.width / b.step);
  const tops = columns(peaks, n);
  b.ctx.fillStyle = fill;
  for (let i = 0; i < n; i++) {
    const x = i * b.step;
    const h = Math.max(1, Math.sqrt((tops[i] ?? 0) / b.loudest) * (b.half - 2));
    b.ctx.globalAlpha = x <= b.played ? 1 : 0.4;
    b.ctx.fillRect(x, way > 0 ? b.half + 1 : b.half - 1 - h, b.step - 1, h);
  }
}
