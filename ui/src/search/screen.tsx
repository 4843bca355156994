// Search over what was said. The address is the search.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { api, Problem } from "../api";
import { clock, figure, sentence, words } from "../format";
import { Empty, Trouble, When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { SpeakerName } from "../parts/line";
import { useRoving } from "../parts/roving";
import { go, links, sorts, type Asked, type Sort } from "../route";
import { pieces, unitSpans } from "../text";
import { many, type Hit, type Utterance } from "../wire";
import { marksOver, plain, shown } from "../written";
import { QueryInput } from "./complete";
import { ExportMenu } from "./export";
import { SavedPart } from "./saved";
import { withDays } from "./saved-store";
import { narrow } from "./narrow";
import { facetFields, queryErrors, Search } from "./store";

export function SearchScreen({ asked }: { asked: Asked }): JSX.Element {
  const search = useMemo(() => new Search(), []);
  const { q, sort, like } = asked;
  useEffect(() => void search.run(asked), [q, sort, like]);
  useEffect(() => {
    // A link of an alert names the search; the address becomes what it asks.
    const { saved, days } = asked;
    if (!saved) return;
    api.savedSearch(saved).then(
      (s) => go(links.search(withDays(s.query, days ?? ""), sorts.find((o) => o === s.sort) ?? "relevance"), true),
      (err: unknown) => (search.problem.value = err instanceof Problem ? err : undefined),
    );
  }, [asked.saved]);
  return (
    <main id="main" class="page page-search" tabIndex={-1}>
      <h1 class="unseen">Search</h1>
      <Box asked={asked} />
      <Language />
      {like === "" && <SavedPart asked={asked} />}
      <Refused search={search} q={q} />
      {like !== "" && <p class="note">Lines of other calls that say something like the one you chose. <a href={links.search(q, sort)}>Any line again</a></p>}
      <Count search={search} asked={asked} />
      <Facets search={search} asked={asked} />
      <Hits search={search} />
      {q.trim() === "" && like === "" && (
        <Empty title="Search what was said">
          <p>Words find every line that holds them all. Quotes keep words together:</p>
          <p>{examples.map((e, i) => <>{i > 0 && " · "}<a key={e} href={links.search(e)}>{e}</a></>)}</p>
        </Empty>
      )}
    </main>
  );
}

const examples = ["cancel contract", '"charged twice"', "refund OR credit", "price then<20s speaker:customer expensive", "duration:>10m sentiment:<-0.3"];

function Box({ asked }: { asked: Asked }): JSX.Element {
  const { q } = asked;
  const text = useSignal(q);
  useEffect(() => {
    text.value = q;
  }, [q]);
  return (
    <form class="search-box" role="search" onSubmit={(e) => {
      e.preventDefault();
      go(links.search(text.value, asked.sort));
    }}>
      <Icon name="search" />
      <QueryInput text={text} />
      <button type="submit" class="main">Search</button>
    </form>
  );
}

function Refused({ search, q }: { search: Search; q: string }): JSX.Element | null {
  const p = search.problem.value;
  if (!p) return null;
  const errors = p.status === 400 || p.status === 422 ? queryErrors(p, q.trim()) : [];
  if (errors.length === 0) return <Trouble of={p} />;
  return (
    <div class="note note-bad" role="alert">
      {errors.map((e, i) => (
        <div key={i}>
          {e.at !== undefined && <Pointed q={q.trim()} at={e.at} />}
          <p>{e.message}</p>
        </div>
      ))}
    </div>
  );
}

function Pointed({ q, at }: { q: string; at: number }): JSX.Element {
  return (
    <code class="pointed" dir="ltr">
      {q.slice(0, at)}<b class="pointed-at">{q.slice(at, at + 1) || " "}</b>{q.slice(at + 1)}
    </code>
  );
}

/** What can be asked, as the query language has it. */
const language: readonly [ask: string, means: string][] = [
  ["late refund", "both words, in any form and order"],
  ['"late refund"', "these words as they stand"],
  ['"late refund"~5', "near each other, in any order"],
  ["refun* refnud~", "a beginning; a word that is nearly so"],
  ["bill OR invoice", "one of them; AND and ( ) join too"],
  ["NOT bill, -bill", "without it"],
  ["price then<20s expensive", "the second within 20 s of the first, whoever speaks"],
  ["speaker:customer first:agent", "who says it; what a party says first"],
  ['intent:cancel theme:"late delivery" moment:promise', "what was understood"],
  ["sentiment:<-0.3 entity.money:>100", "mood from -1 to 1; sums that were named"],
  ["date:2026-11-01..2026-11-15 date:today", "days"],
  ["at:<60s duration:>10m silence:>20s hold:>1m", "where in the call; how the call went"],
  ['agent:"Dana Fox" direction:inbound', "which calls"],
  ["outcome:accepted action:ID", "what came of a suggestion"],
  ['campaign:"fibre spring" source:google queue:sales', "where calls came from, and their queue"],
  ['keyword:"fibre deal" landing:fibre', "words that were searched for, and of the page"],
  ["campaign:fibre* NOT campaign:*", "a beginning; calls with no campaign"],
  ["began:2026-11-01T09:00Z..2026-11-01T10:00Z", "when the call began"],
];

function Language(): JSX.Element {
  return (
    <details class="more search-language">
      <summary>What can be asked</summary>
      <dl>{language.map(([ask, means]) => <div key={ask}><dt dir="ltr"><code>{ask}</code></dt><dd>{means}</dd></div>)}</dl>
    </details>
  );
}

const sortNames: Readonly<Record<Sort, string>> = { relevance: "Best first", newest: "Newest first", oldest: "Oldest first", value: "Highest sum first" };

/** What the lines found are about; each value narrows the search. */
function Facets({ search, asked }: { search: Search; asked: Asked }): JSX.Element | null {
  const counted = facetFields.flatMap((field) => {
    // What all lines share narrows nothing, unless it was asked for.
    const counts = (search.facets.value[field] ?? []).filter((c) => c.count < (search.total.value ?? 0) || asked.q.includes(`${field}:`));
    return counts.length > 0 ? [{ field, counts }] : [];
  });
  if (counted.length === 0 || search.total.value === 0) return null;
  return (
    <dl class="facets" aria-label="Narrow the search">
      {counted.map(({ field, counts }) => (
        <div key={field}>
          <dt>{sentence(field)}</dt>
          <dd>
            {counts.slice(0, 6).map(({ value, count }) => {
              const to = narrow(asked.q, field, value);
              const on = to.length < asked.q.trim().length;
              return (
                <a key={value} class="facet" href={links.search(to, asked.sort, asked.like)} aria-current={on ? "true" : undefined} title={on ? "Ask without this again" : undefined}>
                  <bdi>{field === "language" ? value : words(value)}</bdi> <span class="num muted">{figure(count)}</span>
                </a>
              );
            })}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Count({ search, asked }: { search: Search; asked: Asked }): JSX.Element | null {
  const n = search.total.value;
  const { q, sort, like } = asked;
  if (n === undefined || search.problem.value || (q.trim() === "" && like === "")) return null;
  return (
    <div class="search-count">
      <p class="muted" role="status">
        {n === 0 ? "Nothing was found. Try fewer words." : `${n.toLocaleString()} ${n === 1 ? "line" : "lines"}`}
        {search.partial.value && " · the index is catching up, so the latest calls may be missing"}
      </p>
      <select aria-label="Order" value={sort} onChange={(e) => go(links.search(q, sorts.find((s) => s === e.currentTarget.value) ?? "relevance", like))}>
        {sorts.map((s) => <option key={s} value={s}>{sortNames[s]}</option>)}
      </select>
      <ExportMenu asked={asked} total={n} />
    </div>
  );
}

function Hits({ search }: { search: Search }): JSX.Element {
  const hits = search.hits.value;
  const box = useRoving<HTMLUListElement>(hits.length);
  return (
    <>
      <ul class="hits" ref={box} data-roving>
        {hits.map((h) => <HitRow key={h.utterance_id} of={h} search={search} />)}
      </ul>
      {search.next.value !== "" && (
        <button type="button" class="more-button" disabled={search.loading.value} onClick={() => void search.more()}>
          {search.loading.value ? "Loading…" : "Show more"}
        </button>
      )}
    </>
  );
}

function HitRow({ of, search }: { of: Hit; search: Search }): JSX.Element {
  const show = shown(of);
  const marks = marksOver(unitSpans(of.text, many(of.highlight)).map((s) => ({ ...s, label: "hit" })), show);
  const around = search.around.value.get(of.utterance_id);
  return (
    <li class="hit-item">
      <a class="hit" href={links.call(of.call_id, of.start)} data-item>
        <span class="hit-head">
          <span class="hit-play"><Icon name="play" /> <span class="num">{clock(of.start)}</span></span>
          <SpeakerName who={of.speaker} />
          <b><bdi>{of.customer_name || "Unknown caller"}</bdi></b>
          <span class="muted num"><When at={of.at} /></span>
        </span>
        <Neighbours of={around?.before} />
        <span class="hit-text" dir="auto">
          {pieces(show.text, [], marks).map((p, i) => (p.labels.length > 0 ? <mark key={i}>{p.text}</mark> : p.text))}
        </span>
        <Neighbours of={around?.after} />
      </a>
      <div class="hit-more">
        <button type="button" class="quiet" aria-expanded={around !== undefined} onClick={() => void search.toggleAround(of)}>
          {around ? "Less" : "In context"}
        </button>
        <a class="button quiet" href={links.search("", "relevance", of.utterance_id)}>More like this</a>
      </div>
    </li>
  );
}

function Neighbours({ of }: { of: readonly Utterance[] | undefined }): JSX.Element | null {
  if (!of || of.length === 0) return null;
  return (
    <>
      {of.map((u) => (
        <span key={u.id} class="hit-near"><SpeakerName who={u.speaker} /> <span dir="auto">{plain(u)}</span></span>
      ))}
    </>
  );
}
