// One theme: its course, what was said, and what can be done with it.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { clock, day, figure, moment } from "../format";
import { Bars } from "../parts/bars";
import { Empty, Trouble, When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { useRoving } from "../parts/roving";
import { links } from "../route";
import { clean, pieces, unitSpans } from "../text";
import { many } from "../wire";
import { OriginTable } from "./origins";
import { Badge, kinds, Reading } from "./screen";
import { changeText, mayDefine, odds, reason, ThemePage } from "./store";
import type { ThemeDetail, ThemePoint, ThemeQuote, ThemeStep } from "./wire";

export function ThemeScreen({ id }: { id: string }): JSX.Element {
  const page = useMemo(() => new ThemePage(id), [id]);
  useEffect(() => void page.start(), [page]);
  const of = page.theme.value;
  useRefreshWhileRead(page, of?.read ?? 1);
  return (
    <main id="main" class="page page-theme" tabIndex={-1}>
      <p><a href={links.themes()}>All themes</a></p>
      {page.problem.value && <Trouble of={page.problem.value} />}
      {!of && page.busy.value && <p class="muted" role="status">Counting…</p>}
      {of && <Whole of={of} page={page} />}
    </main>
  );
}

// Figures of a new theme grow until all of history is counted.
function useRefreshWhileRead(page: ThemePage, read: number): void {
  useEffect(() => {
    if (read >= 1) return undefined;
    const timer = setTimeout(() => void page.refresh(), 1000);
    return () => clearTimeout(timer);
  }, [page.theme.value]);
}

function Whole({ of, page }: { of: ThemeDetail; page: ThemePage }): JSX.Element {
  const change = changeText(of.change);
  return (
    <>
      <header class="theme-head">
        <Title of={of} page={page} />
        <span class="tag">{kinds[of.kind]}</span>
        {of.emerging && <Badge isNew={of.emerging.new} />}
        {of.read < 1 && <Reading read={of.read} />}
      </header>
      <State of={of} page={page} />
      {of.emerging && <p class="theme-reason"><bdi>{reason(of.emerging)}.</bdi> <bdi class="muted">{odds(of.emerging.q)}</bdi></p>}
      <p class="num">
        <bdi>{figure(of.now.calls)} calls and {figure(of.now.turns)} lines in 28 days</bdi>
        {change && <span class="muted"> · <bdi>{change} against the 28 days before, as a share of all calls</bdi></span>}
      </p>
      <Course page={page} title={of.title} />
      <OriginTable theme={of.id} read={of.read} />
      <Meaning of={of} />
      <Actions of={of} page={page} />
      <Quotes of={of} page={page} />
      <History of={of} />
    </>
  );
}

function Title({ of, page }: { of: ThemeDetail; page: ThemePage }): JSX.Element {
  const editing = useSignal(false);
  const text = useSignal(of.title);
  if (!mayDefine() || !editing.value) {
    return (
      <>
        <h1 dir="auto">{clean(of.title)}</h1>
        {mayDefine() && (
          <button type="button" class="quiet" onClick={() => { text.value = of.title; editing.value = true; }}><Icon name="pencil" />Rename</button>
        )}
      </>
    );
  }
  const leave = (): void => { editing.value = false; };
  return (
    <form class="theme-rename" onSubmit={(e) => {
      e.preventDefault();
      if (text.value.trim() !== "") void page.change({ title: text.value.trim() }).then(leave);
    }}>
      <input aria-label="Name of the theme" dir="auto" maxLength={80} value={text.value} autofocus
        onInput={(e) => (text.value = e.currentTarget.value)} onKeyDown={(e) => { if (e.key === "Escape") leave(); }} />
      <button type="submit" class="main" disabled={page.busy.value}>Save</button>
      <button type="button" class="quiet" onClick={leave}>Cancel</button>
    </form>
  );
}

const told = {
  hidden: "Hidden: it is counted, but not listed.",
  deleted: "Deleted: it is not counted.",
  merged: "Merged: its lines count for another theme.",
  gone: "No longer found: newer calls gave other themes.",
} as const;

function State({ of, page }: { of: ThemeDetail; page: ThemePage }): JSX.Element | null {
  if (of.state === "active") return null;
  return (
    <div class="note" role="status">
      <div>
        {told[of.state]} {of.into && <a href={links.theme(of.into)}>See that theme</a>}
        {mayDefine() && of.state !== "gone" && (
          <button type="button" class="main theme-undo" disabled={page.busy.value} onClick={() => void page.change({ state: "active" })}>Bring it back</button>
        )}
      </div>
    </div>
  );
}

const steps: readonly { step: ThemeStep; text: string }[] = [
  { step: "hour", text: "Hours" }, { step: "day", text: "Days" }, { step: "week", text: "Weeks" },
];

function Course({ page, title }: { page: ThemePage; title: string }): JSX.Element {
  const points = page.points.value;
  const first = points[0];
  return (
    <figure class="theme-course">
      <figcaption class="theme-steps" role="group" aria-label="Calls by">
        {steps.map((s) => (
          <button key={s.step} type="button" class="quiet" aria-pressed={page.step.value === s.step} onClick={() => void page.show(s.step)}>{s.text}</button>
        ))}
      </figcaption>
      <Bars bars={points.map((p) => ({ name: named(p, page.step.value), value: p.calls }))} width={640} height={96} caption={`Calls about ${clean(title)}`} />
      {first && <p class="theme-ends muted num"><span>{named(first, page.step.value)}</span><span>most: {figure(Math.max(...points.map((p) => p.calls)))} calls</span><span>now</span></p>}
    </figure>
  );
}

function named(p: ThemePoint, step: ThemeStep): string {
  return step === "hour" ? moment(p.start) : day(p.start);
}

function Meaning({ of }: { of: ThemeDetail }): JSX.Element | null {
  const d = of.definition;
  const words = d ? [...many(d.phrases), ...many(d.quotes), ...(d.query ? [d.query] : [])] : many(of.phrases);
  if (words.length === 0) return null;
  return (
    <details class="theme-meaning">
      <summary>{d ? "What it means" : "What tells it from the others"}</summary>
      <ul class="chips">{words.map((w) => <li key={w} class="chip" dir="auto">{clean(w)}</li>)}
        {many(d?.unless).map((w) => <li key={`-${w}`} class="chip" dir="auto">not: {clean(w)}</li>)}
      </ul>
    </details>
  );
}

function Actions({ of, page }: { of: ThemeDetail; page: ThemePage }): JSX.Element | null {
  const merging = useSignal(false);
  if (!mayDefine() || (of.state !== "active" && of.state !== "hidden")) return null;
  return (
    <div class="theme-actions">
      {of.state === "active" && <button type="button" disabled={page.busy.value} onClick={() => void page.change({ state: "hidden" })}>Hide</button>}
      <button type="button" aria-expanded={merging.value} onClick={() => { merging.value = !merging.value; void page.loadOthers(); }}>Merge into…</button>
      <button type="button" disabled={page.busy.value} onClick={() => void page.change({ state: "deleted" })}>Delete</button>
      {merging.value && (
        <select aria-label="Theme to merge into" value="" onChange={(e) => { merging.value = false; void page.change({ into: e.currentTarget.value }); }}>
          <option value="" disabled>Choose a theme</option>
          {page.others.value.map((t) => <option key={t.id} value={t.id}>{clean(t.title)}</option>)}
        </select>
      )}
    </div>
  );
}

function Quotes({ of, page }: { of: ThemeDetail; page: ThemePage }): JSX.Element {
  const quotes = many(of.quotes);
  const box = useRoving<HTMLUListElement>(quotes.length);
  return (
    <>
      <h2>What customers said</h2>
      {quotes.length === 0 && <Empty title="Nobody said it yet"><p>Lines are shown here as soon as a customer says something of the kind.</p></Empty>}
      <ul class="hits" ref={box} data-roving>{quotes.map((q) => <Quote key={q.utterance_id} of={q} />)}</ul>
      {of.next && <button type="button" class="more-button" disabled={page.busy.value} onClick={() => void page.more()}>Show earlier lines</button>}
    </>
  );
}

function Quote({ of }: { of: ThemeQuote }): JSX.Element {
  return (
    <li class="hit-item">
      <a class="hit" href={links.call(of.call_id, of.start)} data-item>
        <span class="hit-head">
          <span class="hit-play num"><Icon name="play" />{clock(of.start)}</span>
          <b><bdi>{of.customer_name || "Unknown caller"}</bdi></b>
          <span class="muted num"><When at={of.at} /></span>
        </span>
        <Marked of={of} />
      </a>
      {mayDefine() && <a class="button quiet" href={links.define(of.text)}>More like this</a>}
    </li>
  );
}

/** A quote with the words that carried the theme. */
export function Marked({ of }: { of: ThemeQuote }): JSX.Element {
  const marks = unitSpans(of.text, many(of.evidence)).map((s) => ({ ...s, label: "theme" }));
  return (
    <span class="hit-text" dir="auto">
      {pieces(of.text, [], marks).map((p, i) => (p.labels.length > 0 ? <mark key={i}>{p.text}</mark> : p.text))}
    </span>
  );
}

function History({ of }: { of: ThemeDetail }): JSX.Element | null {
  const changes = many(of.changes);
  if (changes.length === 0) return null;
  return (
    <details>
      <summary>Who changed what</summary>
      <ul class="theme-history">
        {changes.map((c, i) => <li key={i}><When at={c.at} /> <b><bdi>{c.by || "Heed"}</bdi></b> {c.what} <span class="muted" dir="auto">{clean(c.title)}</span></li>)}
      </ul>
    </details>
  );
}
