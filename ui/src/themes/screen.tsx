// What calls are about. What stands out comes first, with its reason.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { day, figure } from "../format";
import { useKeys } from "../keys";
import { Bars } from "../parts/bars";
import { Cap, Empty, Trouble } from "../parts/bits";
import { useRoving } from "../parts/roving";
import { go, links, windows } from "../route";
import { clean } from "../text";
import { many } from "../wire";
import { changeText, mayDefine, reason, Themes } from "./store";
import type { Theme, ThemeKind, ThemeList } from "./wire";

const often = 15_000;

export function ThemesScreen({ days }: { days: number }): JSX.Element {
  const store = useMemo(() => new Themes(days), [days]);
  useEffect(() => {
    void store.refresh();
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void store.refresh();
    }, often);
    return () => clearInterval(timer);
  }, [store]);
  useKeys("Themes", mayDefine() ? [{ key: "n", label: "Define a theme", run: () => go(links.define()) }] : []);
  const list = store.list.value;
  return (
    <main id="main" class="page" tabIndex={-1}>
      <Head days={days} list={list} />
      {store.problem.value && <Trouble of={store.problem.value}>{list && " What is below is the last that came."}</Trouble>}
      {!list && !store.problem.value && <p class="muted" role="status">Counting…</p>}
      {list?.state === "partial" && <p class="muted" role="status">What was said is still being counted; the figures grow.</p>}
      {list && <List of={list} days={days} />}
      {list && <button type="button" class="more-button" aria-pressed={store.all.value} onClick={() => void store.toggleAll()}>{store.all.value ? "Show the listed ones only" : "Show hidden, merged and deleted ones too"}</button>}
    </main>
  );
}

function Head({ days, list }: { days: number; list: ThemeList | undefined }): JSX.Element {
  return (
    <header class="themes-head">
      <h1>Themes</h1>
      {list && <span class="muted num">of {figure(list.now.calls)} calls since {day(list.from)}</span>}
      <span class="grow" />
      <label class="themes-window">
        <span class="unseen">Time</span>
        <select value={String(days)} onChange={(e) => go(links.themes(Number(e.currentTarget.value)))}>
          {windows.map((d) => <option key={d} value={String(d)}>Last {d} days</option>)}
        </select>
      </label>
      {mayDefine() && <a class="button main" href={links.define()}>Define a theme <Cap k="N" /></a>}
    </header>
  );
}

function List({ of, days }: { of: ThemeList; days: number }): JSX.Element {
  const themes = many(of.themes);
  const box = useRoving<HTMLUListElement>(themes.length);
  if (themes.length === 0) return <Nothing calls={of.now.calls} />;
  return (
    <ul class="calls themes" ref={box} data-roving>
      {themes.map((t) => <Row key={t.id} of={t} days={days} from={of.from} all={of.now.calls} />)}
    </ul>
  );
}

function Nothing({ calls }: { calls: number }): JSX.Element {
  return (
    <Empty title={calls === 0 ? "No call was counted in this time" : "Nothing found yet"}>
      <p>Themes are counted while people talk, and found by themselves from about fifty calls on.</p>
      {mayDefine() && <p>You need not wait: <a href={links.define()}>define a theme</a> by words, a search or a quote, and all history is counted at once.</p>}
    </Empty>
  );
}

export const kinds: Record<ThemeKind, string> = {
  rule: "Built in", words: "By words", query: "Saved search", like: "By quotes", discovered: "Discovered",
};

const states = { hidden: "Hidden", deleted: "Deleted", merged: "Merged", gone: "Gone" } as const;

function Row({ of, days, from, all }: { of: Theme; days: number; from: string; all: number }): JSX.Element {
  const change = changeText(of.change);
  return (
    <li>
      <a class={`theme-row${of.emerging ? " theme-out" : ""}`} href={links.theme(of.id)} data-item>
        <span class="theme-name"><b dir="auto">{clean(of.title)}</b>{of.emerging && <Badge isNew={of.emerging.new} />}</span>
        <span class="theme-kind muted">{of.state === "active" ? kinds[of.kind] : <span class="tag">{states[of.state]}</span>}{of.read < 1 && <Reading read={of.read} />}</span>
        <span class="theme-why"><bdi>{of.emerging ? reason(of.emerging) : many(of.phrases).slice(0, 4).map(clean).join(" · ")}</bdi></span>
        <Bars bars={daily(many(of.trend), from)} width={days > 28 ? 180 : 112} height={24} caption={`Calls about ${clean(of.title)} by day`} />
        <span class="theme-calls num" title={`${figure(of.now.turns)} lines`}><bdi>{figure(of.now.calls)} {of.now.calls === 1 ? "call" : "calls"}</bdi>
          {all > 0 && <small class="muted"> <bdi>{figure((100 * of.now.calls) / all, 0)} %</bdi></small>}
        </span>
        <span class="theme-change num muted" title="Share of all calls, against as many days before"><bdi>{change ?? ""}</bdi></span>
      </a>
    </li>
  );
}

export function Badge({ isNew }: { isNew: boolean }): JSX.Element {
  return <span class="tag tag-out">{isNew ? "New" : "Growing"}</span>;
}

export function Reading({ read }: { read: number }): JSX.Element {
  return <span class="tag tag-warn" role="status">{Math.floor(read * 100)} % of history counted</span>;
}

/** Counts with the days that they are of. */
export function daily(counts: readonly number[], from: string): { name: string; value: number }[] {
  const first = Date.parse(from);
  return counts.map((value, i) => ({ name: day(new Date(first + i * 86_400_000 + 43_200_000).toISOString()), value }));
}
