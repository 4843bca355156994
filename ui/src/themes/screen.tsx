// What calls are about. What stands out comes first, with its reason.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { day, figure } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Bars } from "../parts/bars";
import { Cap, Empty, Trouble } from "../parts/bits";
import { useRoving } from "../parts/roving";
import { go, links } from "../route";
import { clean } from "../text";
import { many } from "../wire";
import { changeText, compare } from "./change";
import { isNarrow, type Segment } from "./segment";
import { SegmentBar } from "./segment-bar";
import { mayDefine, reason, Themes } from "./store";
import type { Theme, ThemeList } from "./wire";

const often = 15_000;

export function ThemesScreen({ of }: { of: Segment }): JSX.Element {
  const store = useMemo(() => new Themes(of), []);
  useEffect(() => {
    void store.refresh();
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void store.refresh();
    }, often);
    return () => clearInterval(timer);
  }, [store]);
  const words = t().themes;
  useKeys(words.title, mayDefine() ? [{ key: "n", label: words.define, run: () => go(links.define()) }] : []);
  const list = store.list.value;
  return (
    <main id="main" class="page" tabIndex={-1}>
      <Head list={list} />
      <SegmentBar of={of} to={links.themes} />
      {store.problem.value && <Trouble of={store.problem.value}>{list && words.stale}</Trouble>}
      {!list && !store.problem.value && <p class="muted" role="status">{words.counting}</p>}
      {list?.state === "partial" && <p class="muted" role="status">{words.growing}</p>}
      {list && <List of={list} segment={of} />}
      {list && <button type="button" class="more-button" aria-pressed={store.all.value} onClick={() => void store.toggleAll()}>{store.all.value ? words.onlyListed : words.showAll}</button>}
    </main>
  );
}

function Head({ list }: { list: ThemeList | undefined }): JSX.Element {
  const words = t().themes;
  return (
    <header class="themes-head">
      <h1>{words.title}</h1>
      {list && <span class="muted num">{words.ofCalls(words.calls(list.now.calls, figure(list.now.calls, 0)), day(list.from))}</span>}
      <span class="grow" />
      {mayDefine() && <a class="button main" href={links.define()}>{words.define} <Cap k="N" /></a>}
    </header>
  );
}

function List({ of, segment }: { of: ThemeList; segment: Segment }): JSX.Element {
  const themes = many(of.themes);
  const box = useRoving<HTMLUListElement>(themes.length);
  if (themes.length === 0) return <Nothing calls={of.now.calls} narrow={isNarrow(segment)} />;
  return (
    <ul class="calls themes" ref={box} data-roving>
      {themes.map((x) => <Row key={x.id} of={x} list={of} segment={segment} />)}
    </ul>
  );
}

function Nothing({ calls, narrow }: { calls: number; narrow: boolean }): JSX.Element {
  const words = t().themes;
  return (
    <Empty title={calls === 0 ? words.noCalls : words.nothing}>
      {narrow ? <p><a href={links.themes()}>{words.everywhere}</a></p> : (
        <>
          <p>{words.nothingHow}</p>
          {mayDefine() && <p>{words.needNot} <a href={links.define()}>{words.define}</a> {words.needNotHow}</p>}
        </>
      )}
    </Empty>
  );
}

function Row({ of, list, segment }: { of: Theme; list: ThemeList; segment: Segment }): JSX.Element {
  const words = t().themes;
  return (
    <li>
      <a class={`theme-row${of.emerging ? " theme-out" : ""}`} href={links.theme(of.id, segment)} data-item>
        <span class="theme-name"><b dir="auto">{clean(of.title)}</b>{of.emerging && <Badge isNew={of.emerging.new} />}</span>
        <span class="theme-kind muted">{of.state === "active" ? words.kinds[of.kind] : <span class="tag">{words.states[of.state]}</span>}{of.read < 1 && <Reading read={of.read} />}</span>
        <span class="theme-why"><bdi>{of.emerging ? reason(of.emerging) : many(of.phrases).slice(0, 4).map(clean).join(" · ")}</bdi></span>
        <Bars bars={daily(many(of.trend), list.from)} width={segment.days > 28 ? 180 : 112} height={24} caption={words.byDay(clean(of.title))} />
        <span class="theme-calls num" title={words.lines(of.now.turns, figure(of.now.turns, 0))}><bdi>{words.calls(of.now.calls, figure(of.now.calls, 0))}</bdi>
          {list.now.calls > 0 && <small class="muted"> <bdi>{figure((100 * of.now.calls) / list.now.calls, 0)} %</bdi></small>}
        </span>
        <Changed of={of} list={list} />
      </a>
    </li>
  );
}

/** The change of the share against the comparable past, or that there are too few calls to say. */
function Changed({ of, list }: { of: Theme; list: ThemeList }): JSX.Element {
  const c = changeText(compare({ calls: of.now.calls, of: list.now.calls }, { calls: of.before.calls, of: list.before.calls }));
  return (
    <span class={`theme-change num${c.clear ? "" : " muted"}`} title={t().themes.change.how}>
      <bdi>{c.text}</bdi>{c.clear && <small class="muted"> <bdi>{c.interval}</bdi></small>}
    </span>
  );
}

export function Badge({ isNew }: { isNew: boolean }): JSX.Element {
  return <span class="tag tag-out">{isNew ? t().themes.isNew : t().themes.isGrowing}</span>;
}

export function Reading({ read }: { read: number }): JSX.Element {
  return <span class="tag tag-warn" role="status">{t().themes.read(figure(Math.floor(read * 100), 0))}</span>;
}

/** Counts with the days that they are of. */
export function daily(counts: readonly number[], from: string): { name: string; value: number }[] {
  const first = Date.parse(from);
  return counts.map((value, i) => ({ name: day(new Date(first + i * 86_400_000 + 43_200_000).toISOString()), value }));
}
