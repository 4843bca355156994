// The course of a theme as a chart, with its figures as a table behind it.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { day, figure, moment } from "../format";
import { language, t } from "../lang";
import { theme as colours } from "../prefs";
import type { ThemePoint, ThemeStep } from "./wire";

/** Fewer calls than these draw chance. */
const fewest = 20;

const pointName = (p: ThemePoint, step: ThemeStep): string => (step === "hour" ? moment(p.start) : day(p.start));

interface Props { points: readonly ThemePoint[]; step: ThemeStep; caption: string }

export function Chart({ points, step, caption }: Props): JSX.Element {
  const calls = points.reduce((sum, p) => sum + p.calls, 0);
  const words = t().themes;
  return (
    <>
      {/* A canvas knows neither custom properties nor words: others draw it anew. */}
      {calls < fewest ? <p class="muted theme-few">{words.fewForCourse(figure(calls, 0))}</p> : <Drawn key={`${colours.value} ${language()}`} points={points} step={step} caption={caption} />}
      <details class="more">
        <summary>{words.asTable}</summary>
        <table class="shares">
          <caption class="unseen">{caption}</caption>
          <thead><tr><th scope="col">{words.when}</th><th scope="col">{words.callsHead}</th><th scope="col">{words.ofAll}</th></tr></thead>
          <tbody>{points.map((p) => <tr key={p.start}><th scope="row" class="num">{pointName(p, step)}</th><td class="num">{figure(p.calls, 0)}</td><td class="num">{figure(p.of_calls, 0)}</td></tr>)}</tbody>
        </table>
      </details>
    </>
  );
}

const height = 200;

function Drawn({ points, step, caption }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const el = box.current;
    if (!el) return undefined;
    const chart = new uPlot(options(el, points, step), dataOf(points), el);
    const sized = new ResizeObserver(() => chart.setSize({ width: el.clientWidth, height }));
    sized.observe(el);
    return () => {
      sized.disconnect();
      chart.destroy();
    };
  }, [points, step]);
  return <div class="chart" ref={box} role="img" aria-label={caption} />;
}

const dataOf = (points: readonly ThemePoint[]): uPlot.AlignedData => [points.map((p) => Date.parse(p.start) / 1000), points.map((p) => p.calls)];

function colour(el: Element, name: string): string {
  const probe = el.appendChild(document.createElement("span"));
  probe.className = `chart-${name}`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function options(el: HTMLElement, points: readonly ThemePoint[], step: ThemeStep): uPlot.Options {
  const rtl = document.documentElement.dir === "rtl";
  const [line, text, grid] = [colour(el, "line"), colour(el, "text"), colour(el, "grid")];
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 }, font: "12px system-ui, sans-serif" };
  const nearest = (second: number): string => {
    const p = points.find((x) => Math.abs(Date.parse(x.start) / 1000 - second) < 1);
    return p ? pointName(p, step) : "";
  };
  return {
    width: el.clientWidth || 600, height,
    scales: { x: { time: true, dir: rtl ? -1 : 1 }, y: { range: (_u, _min, max) => [0, Math.max(4, max * 1.1)] } },
    legend: { show: true, live: true },
    cursor: { y: false, drag: { x: false, y: false } },
    series: [
      { label: t().themes.when, value: (_u, v) => (v === null ? "–" : nearest(v)) },
      { label: t().themes.callsHead, stroke: line, width: 2, fill: colour(el, "fill"), points: { show: points.length < 40, size: 5, fill: line }, value: (_u, v) => (v === null ? "–" : figure(v, 0)) },
    ],
    axes: [
      { ...axis, values: (_u, at) => at.map((v) => (step === "hour" ? moment(new Date(v * 1000).toISOString()) : day(new Date(v * 1000).toISOString()))), space: 80 },
      { ...axis, side: rtl ? 1 : 3, values: (_u, at) => at.map((v) => (Number.isInteger(v) ? figure(v, 0) : "")) },
    ],
  };
}
