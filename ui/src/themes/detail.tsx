// One theme: its course, what was said, and what can be done with it.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { figure, words as plain } from "../format";
import { t } from "../lang";
import { Empty, Trouble, When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { hush, PlayHere } from "../parts/play";
import { useRoving } from "../parts/roving";
import { links } from "../route";
import { clean, pieces, unitSpans } from "../text";
import { many } from "../wire";
import { narrow } from "../search/narrow";
import { changeText, compare } from "./change";
import { Chart } from "./chart";
import { OriginTable } from "./origins";
import { Badge, Reading } from "./screen";
import { isNarrow, type Segment } from "./segment";
import { SegmentBar } from "./segment-bar";
import { mayDefine, odds, reason, ThemePage } from "./store";
import { TellMe } from "./tell";
import type { ThemeCall, ThemeDetail, ThemeQuote, ThemeStep } from "./wire";

export function ThemeScreen({ id, of: segment }: { id: string; of: Segment }): JSX.Element {
  const page = useMemo(() => new ThemePage(id, undefined, segment), []);
  useEffect(() => void page.start(), [page]);
  useEffect(() => hush, []);
  const of = page.theme.value;
  useRefreshWhile(page, (of?.read ?? 1) < 1);
  return (
    <main id="main" class="page page-theme" tabIndex={-1}>
      <p><a href={links.themes(segment)}>{t().themes.all}</a></p>
      <SegmentBar of={segment} to={(to) => links.theme(id, to)} />
      {page.problem.value && <Trouble of={page.problem.value} />}
      {!of && !page.problem.value && <p class="muted" role="status">{t().themes.counting}</p>}
      {of && <Whole of={of} page={page} />}
    </main>
  );
}

// Figures of a new theme grow until all of history is counted.
function useRefreshWhile(page: ThemePage, counting: boolean): void {
  useEffect(() => {
    if (!counting) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    let here = true;
    const again = (): void => {
      timer = setTimeout(() => void page.refresh().then(() => here && again()), 1000);
    };
    again();
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [page, counting]);
}

function Whole({ of, page }: { of: ThemeDetail; page: ThemePage }): JSX.Element {
  const { segment } = page;
  return (
    <>
      <header class="theme-head">
        <Title of={of} page={page} />
        <span class="tag">{t().themes.kinds[of.kind]}</span>
        {of.emerging && <Badge isNew={of.emerging.new} />}
        {of.read < 1 && <Reading read={of.read} />}
      </header>
      <State of={of} page={page} />
      {of.emerging && !isNarrow(segment) && <p class="theme-reason"><bdi>{reason(of.emerging)}.</bdi> <bdi class="muted">{odds(of.emerging.q)}</bdi></p>}
      <Figures of={of} page={page} />
      <Course page={page} title={of.title} />
      <OriginTable theme={of.id} read={of.read} segment={segment} />
      <Meaning of={of} />
      <Beside page={page} />
      <Actions of={of} page={page} />
      <Quotes of={of} page={page} />
      <History of={of} />
    </>
  );
}

/** The numbers, each with what is behind it. */
function Figures({ of, page }: { of: ThemeDetail; page: ThemePage }): JSX.Element {
  const words = t().themes;
  const kept = page.kept.value;
  const now = kept?.now ?? of.now;
  const calls = words.calls(now.calls, figure(now.calls, 0));
  const change = kept && changeText(compare({ calls: now.calls, of: kept.of }, { calls: kept.before.calls, of: kept.ofBefore }));
  return (
    <div class="theme-figures num">
      <p>
        <bdi>{kept ? words.figures(calls, words.lines(now.turns, figure(now.turns, 0)), figure(page.segment.days, 0), words.calls(kept.of, figure(kept.of, 0))) : `${calls}, ${words.lines(now.turns, figure(now.turns, 0))}`}</bdi>
        {change && <span class="muted" title={words.change.how}> · <bdi>{change.text}{change.interval && ` (${change.interval})`} {change.interval && words.against}</bdi></span>}
      </p>
      <p class="theme-actions">
        {kept?.q && <a class="button" href={links.search(kept.q, "newest")}>{t().nav.search}: {calls}</a>}
        <button type="button" aria-expanded={page.calls.value !== undefined} onClick={() => void page.showCalls()}>{words.showCalls}</button>
      </p>
      <Calls page={page} />
    </div>
  );
}

/** The calls behind the number, also where no query finds them. */
function Calls({ page }: { page: ThemePage }): JSX.Element | null {
  const words = t().themes;
  const calls = page.calls.value;
  const box = useRoving<HTMLUListElement>(calls?.length ?? 0);
  if (calls === undefined) return null;
  return (
    <section aria-label={words.theCalls}>
      <ul class="hits theme-calls-list" ref={box} data-roving>
        {calls.map((c) => (
          <li key={c.id}><a class="hit" href={links.call(c.id)} data-item><CallHead of={c} /></a></li>
        ))}
      </ul>
      {page.nextCalls.value !== "" && <button type="button" class="more-button" disabled={page.busy.value} onClick={() => void page.moreCalls()}>{words.moreCalls}</button>}
    </section>
  );
}

function CallHead({ of }: { of: ThemeCall }): JSX.Element {
  return (
    <span class="hit-head">
      <b dir="auto">{clean(of.customer_name ?? "") || t().parts.unknown}</b>
      <span class="muted num"><When at={of.started_at} /></span>
      <span class="muted">{t().themes.times(of.turns, figure(of.turns, 0))}</span>
    </span>
  );
}

/** What else is understood where it is said, each with its lines. */
function Beside({ page }: { page: ThemePage }): JSX.Element | null {
  const q = page.kept.value?.q ?? "";
  if (page.beside.value.length === 0 || q === "") return null;
  return (
    <section>
      <h2>{t().themes.oftenWith}</h2>
      <ul class="chips">{page.beside.value.map((f) => (
        <li key={`${f.field}${f.value}`}><a class="facet" href={links.search(narrow(q, f.field, f.value), "newest")}><bdi>{clean(plain(f.value))}</bdi> <span class="num muted">{figure(f.count, 0)}</span></a></li>
      ))}</ul>
    </section>
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
          <button type="button" class="quiet" onClick={() => { text.value = of.title; editing.value = true; }}><Icon name="pencil" />{t().themes.rename}</button>
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
      <input aria-label={t().themes.nameOf} dir="auto" maxLength={80} value={text.value} autofocus
        onInput={(e) => (text.value = e.currentTarget.value)} onKeyDown={(e) => { if (e.key === "Escape") leave(); }} />
      <button type="submit" class="main" disabled={page.busy.value}>{t().themes.save}</button>
      <button type="button" class="quiet" onClick={leave}>{t().themes.cancel}</button>
    </form>
  );
}

function State({ of, page }: { of: ThemeDetail; page: ThemePage }): JSX.Element | null {
  if (of.state === "active") return null;
  return (
    <div class="note" role="status">
      <div>
        {t().themes.told[of.state]} {of.into && <a href={links.theme(of.into, page.segment)}>{t().themes.seeThat}</a>}
        {mayDefine() && of.state !== "gone" && (
          <button type="button" class="main theme-undo" disabled={page.busy.value} onClick={() => void page.change({ state: "active" })}>{t().themes.bringBack}</button>
        )}
      </div>
    </div>
  );
}

const steps: readonly ThemeStep[] = ["hour", "day", "week"];

function Course({ page, title }: { page: ThemePage; title: string }): JSX.Element {
  const words = t().themes;
  return (
    <figure class="theme-course">
      <figcaption class="theme-steps" role="group" aria-label={words.by}>
        {steps.map((s) => (
          <button key={s} type="button" class="quiet" aria-pressed={page.step.value === s} onClick={() => void page.show(s)}>{words.steps[s]}</button>
        ))}
      </figcaption>
      <Chart points={page.points.value} step={page.step.value} caption={words.callsAbout(clean(title))} />
    </figure>
  );
}

function Meaning({ of }: { of: ThemeDetail }): JSX.Element | null {
  const d = of.definition;
  const words = d ? [...many(d.phrases), ...many(d.quotes), ...(d.query ? [d.query] : [])] : many(of.phrases);
  if (words.length === 0) return null;
  return (
    <details class="theme-meaning">
      <summary>{d ? t().themes.meaning : t().themes.tells}</summary>
      <ul class="chips">{words.map((w) => <li key={w} class="chip" dir="auto">{clean(w)}</li>)}
        {many(d?.unless).map((w) => <li key={`-${w}`} class="chip" dir="auto">{t().themes.not(clean(w))}</li>)}
      </ul>
    </details>
  );
}

function Actions({ of, page }: { of: ThemeDetail; page: ThemePage }): JSX.Element | null {
  const open = useSignal<"" | "merge" | "tell">("");
  const words = t().themes;
  const turn = (to: "merge" | "tell"): void => {
    open.value = open.value === to ? "" : to;
  };
  const listed = of.state === "active" || of.state === "hidden";
  if (!listed) return null;
  return (
    <>
      <div class="theme-actions">
        <button type="button" aria-expanded={open.value === "tell"} onClick={() => turn("tell")}>{words.tell}</button>
        {mayDefine() && <Edits of={of} page={page} merging={open.value === "merge"} merge={() => turn("merge")} />}
      </div>
      {open.value === "tell" && <TellMe theme={of.id} />}
    </>
  );
}

interface EditsProps { of: ThemeDetail; page: ThemePage; merging: boolean; merge(): void }

function Edits({ of, page, merging, merge }: EditsProps): JSX.Element {
  const words = t().themes;
  return (
    <>
      {of.state === "active" && <button type="button" disabled={page.busy.value} onClick={() => void page.change({ state: "hidden" })}>{words.hide}</button>}
      <button type="button" aria-expanded={merging} onClick={() => { merge(); void page.loadOthers(); }}>{words.mergeInto}</button>
      <button type="button" disabled={page.busy.value} onClick={() => void page.change({ state: "deleted" })}>{words.remove}</button>
      {merging && (
        <select aria-label={words.mergeTheme} value="" onChange={(e) => { merge(); void page.change({ into: e.currentTarget.value }); }}>
          <option value="" disabled>{words.choose}</option>
          {page.others.value.map((x) => <option key={x.id} value={x.id}>{clean(x.title)}</option>)}
        </select>
      )}
    </>
  );
}

function Quotes({ of, page }: { of: ThemeDetail; page: ThemePage }): JSX.Element {
  const quotes = many(of.quotes);
  const words = t().themes;
  const box = useRoving<HTMLUListElement>(quotes.length);
  return (
    <>
      <h2>{words.said}</h2>
      {isNarrow(page.segment) && <p class="muted">{words.quotesOfAll}</p>}
      {quotes.length === 0 && <Empty title={words.nobody}><p>{words.nobodyHow}</p></Empty>}
      <ul class="hits" ref={box} data-roving>{quotes.map((q) => <Quote key={q.utterance_id} of={q} />)}</ul>
      {of.next && <button type="button" class="more-button" disabled={page.busy.value} onClick={() => void page.more()}>{words.earlier}</button>}
    </>
  );
}

/** Letters that are spoken in a second: where a word is in a line of which only the start is known. */
const pace = 15;

/** About where in the call the words that carried the theme are. */
function spotOf(q: ThemeQuote): number {
  const first = unitSpans(q.text, many(q.evidence))[0]?.from ?? 0;
  return q.start + Math.max(0, first / pace - 0.5);
}

function Quote({ of }: { of: ThemeQuote }): JSX.Element {
  return (
    <li class="hit-item">
      <PlayHere of={of.utterance_id} call={of.call_id} from={spotOf(of)} />
      <a class="hit" href={links.call(of.call_id, of.start)} data-item>
        <span class="hit-head">
          <b><bdi>{clean(of.customer_name ?? "") || t().parts.unknown}</bdi></b>
          <span class="muted num"><When at={of.at} /></span>
        </span>
        <Marked of={of} />
      </a>
      <div class="hit-more">
        {mayDefine() && <a class="button quiet" href={links.define(of.text)}>{t().themes.likeThis}</a>}
      </div>
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
      <summary>{t().themes.changes}</summary>
      <ul class="theme-history">
        {changes.map((c, i) => <li key={i}><When at={c.at} /> <b><bdi>{c.by || "Heed"}</bdi></b> {c.what} <span class="muted" dir="auto">{clean(c.title)}</span></li>)}
      </ul>
    </details>
  );
}
