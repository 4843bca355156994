// The picture of a call: drawn once into layers, and put together anew for
// each place that is played, so that a call of hours costs no more than one of
// a minute.

import { many, type Peaks } from "../wire";
import type { Loop } from "./player";
import type { Moment, Shade } from "./shades";

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

interface Content {
  peaks: Peaks | undefined;
  length: number;
  shades: readonly Shade[];
  moments: readonly Moment[];
}

interface Layer {
  ctx: CanvasRenderingContext2D;
  width: number;
  height: number;
  /** Device pixels to one of CSS. */
  ratio: number;
  colour(name: string): string;
}

export class Picture {
  private under: HTMLCanvasElement | undefined;
  private bars: HTMLCanvasElement | undefined;

  constructor(private readonly content: Content) {}

  /** Draws the layers anew the next time: the colours are others. */
  forget(): void {
    this.under = undefined;
    this.bars = undefined;
  }

  paint(canvas: HTMLCanvasElement, at: number, loop: Loop | undefined): void {
    const ratio = devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    const ctx = canvas.getContext("2d");
    if (!ctx || width === 0 || height === 0) return;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      this.forget();
    }
    const style = getComputedStyle(canvas);
    const colour = (name: string): string => style.getPropertyValue(name);
    this.under ??= layer(width, height, (c) => this.drawUnder({ ctx: c, width, height, ratio, colour }));
    this.bars ??= layer(width, height, (c) => this.drawBars({ ctx: c, width, height, ratio, colour }));
    const x = (second: number): number => (this.content.length > 0 ? (second / this.content.length) * width : 0);
    ctx.clearRect(0, 0, width, height);
    ctx.globalAlpha = 1;
    ctx.drawImage(this.under, 0, 0);
    const played = Math.round(Math.min(width, x(at)));
    ctx.globalAlpha = 0.45;
    ctx.drawImage(this.bars, 0, 0);
    ctx.globalAlpha = 1;
    if (played > 0) ctx.drawImage(this.bars, 0, 0, played, height, 0, 0, played, height);
    ctx.fillStyle = colour("--text");
    ctx.fillRect(played, 0, Math.max(1, ratio), height);
    if (loop) {
      ctx.strokeStyle = colour("--accent");
      ctx.lineWidth = 2 * ratio;
      ctx.strokeRect(x(loop.from), ratio, Math.max(ratio, x(loop.to) - x(loop.from)), height - 2 * ratio);
    }
  }

  private drawUnder(l: Layer): void {
    for (const s of this.content.shades) {
      const from = (s.from / Math.max(this.content.length, 0.1)) * l.width;
      const wide = Math.max(l.ratio, ((s.to - s.from) / Math.max(this.content.length, 0.1)) * l.width);
      shade(l, s, from, wide);
    }
  }

  private drawBars(l: Layer): void {
    const { peaks, moments, length } = this.content;
    const loudest = Math.max(0.05, ...columns(many(peaks?.agent), 200), ...columns(many(peaks?.customer), 200));
    party(l, many(peaks?.agent), -1, loudest);
    party(l, many(peaks?.customer), 1, loudest);
    l.ctx.fillStyle = l.colour("--accent");
    for (const m of moments) mark(l, m, (m.at / Math.max(length, 0.1)) * l.width);
  }
}

function layer(width: number, height: number, draw: (ctx: CanvasRenderingContext2D) => void): HTMLCanvasElement {
  const c = document.createElement("canvas");
  c.width = width;
  c.height = height;
  const ctx = c.getContext("2d");
  if (ctx) draw(ctx);
  return c;
}

function party(l: Layer, peaks: readonly number[], way: 1 | -1, loudest: number): void {
  const step = Math.max(2, Math.round(2 * l.ratio));
  const half = l.height / 2;
  const n = Math.floor(l.width / step);
  const tops = columns(peaks, n);
  l.ctx.fillStyle = l.colour(way < 0 ? "--speaker-agent" : "--speaker-customer");
  for (let i = 0; i < n; i++) {
    const h = Math.max(1, Math.sqrt((tops[i] ?? 0) / loudest) * (half - 2));
    l.ctx.fillRect(i * step, way > 0 ? half + 1 : half - 1 - h, step - 1, h);
  }
}

// Each kind has a form of its own, not only a colour: the legend shows it too.
function shade(l: Layer, s: Shade, from: number, wide: number): void {
  l.ctx.fillStyle = l.colour(`--shade-${s.kind}`);
  switch (s.kind) {
    case "removed":
      l.ctx.fillRect(from, s.speaker === "agent" ? 0 : l.height / 2, wide, l.height / 2);
      return;
    case "paused":
      stripes(l, from, wide);
      return;
    case "overlap":
      l.ctx.fillRect(from, 0, wide, 4 * l.ratio);
      l.ctx.fillRect(from, l.height - 4 * l.ratio, wide, 4 * l.ratio);
      return;
    case "silence":
      l.ctx.fillRect(from, 0, wide, l.height);
  }
}

function stripes(l: Layer, from: number, wide: number): void {
  const step = 6 * l.ratio;
  l.ctx.save();
  l.ctx.beginPath();
  l.ctx.rect(from, 0, wide, l.height);
  l.ctx.clip();
  l.ctx.strokeStyle = l.colour("--shade-paused");
  l.ctx.lineWidth = 2 * l.ratio;
  for (let x = from - l.height; x < from + wide; x += step) {
    l.ctx.beginPath();
    l.ctx.moveTo(x, l.height);
    l.ctx.lineTo(x + l.height, 0);
    l.ctx.stroke();
  }
  l.ctx.restore();
}

/** Moments hang from the top, comments stand at the bottom, suggestions are in between. */
function mark(l: Layer, m: Moment, x: number): void {
  const size = 4 * l.ratio;
  if (m.kind === "suggestion") {
    l.ctx.fillRect(Math.round(x), l.height / 2 - size, Math.max(1, l.ratio), 2 * size);
    return;
  }
  const top = m.kind === "moment";
  l.ctx.beginPath();
  l.ctx.moveTo(x - size, top ? 0 : l.height);
  l.ctx.lineTo(x + size, top ? 0 : l.height);
  l.ctx.lineTo(x, top ? size * 1.5 : l.height - size * 1.5);
  l.ctx.fill();
}
