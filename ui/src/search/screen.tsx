// Search over what was said. The address is the search.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { api, Problem } from "../api";
import { figure, words as plainWords } from "../format";
import { t } from "../lang";
import { Empty, Trouble, When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { SpeakerName } from "../parts/line";
import { PlayHere, hush } from "../parts/play";
import { useRoving } from "../parts/roving";
import { go, links, sorts, type Asked } from "../route";
import { clean, pieces, unitSpans } from "../text";
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
  useEffect(() => hush, [q, like]);
  const text = t().search;
  return (
    <main id="main" class="page page-search" tabIndex={-1}>
      <h1 class="unseen">{text.title}</h1>
      <Box asked={asked} />
      <Language />
      {like === "" && <SavedPart asked={asked} />}
      <Refused search={search} q={q} />
      {like !== "" && <p class="note">{text.like} <a href={links.search(q, sort)}>{text.anyLine}</a></p>}
      <Count search={search} asked={asked} />
      <Facets search={search} asked={asked} />
      <Hits search={search} />
      {q.trim() === "" && like === "" && (
        <Empty title={text.box}>
          <p>{text.emptyHow}</p>
          <p>{examples.map((e, i) => <>{i > 0 && " · "}<a key={e} href={links.search(e)} dir="ltr">{e}</a></>)}</p>
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
      <button type="submit" class="main">{t().search.go}</button>
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

/** What can be asked, as the query language has it; what each means is said in the texts, in this order. */
const language: readonly string[] = [
  "late refund",
  '"late refund"',
  '"late refund"~5',
  "refun* refnud~",
  "bill OR invoice",
  "NOT bill, -bill",
  "price then<20s expensive",
  "speaker:customer first:agent",
  'intent:cancel theme:"late delivery" moment:promise',
  "sentiment:<-0.3 entity.money:>100",
  "date:2026-11-01..2026-11-15 date:today",
  "at:<60s duration:>10m silence:>20s hold:>1m",
  'agent:"Dana Fox" direction:inbound',
  "outcome:accepted action:ID",
  'campaign:"fibre spring" source:google queue:sales',
  'keyword:"fibre deal" landing:fibre',
  "campaign:fibre* NOT campaign:*",
  "began:2026-11-01T09:00Z..2026-11-01T10:00Z",
];

function Language(): JSX.Element {
  const { canAsk, means } = t().search;
  return (
    <details class="more search-language">
      <summary>{canAsk}</summary>
      <dl>{language.map((ask, i) => <div key={ask}><dt dir="ltr"><code>{ask}</code></dt><dd>{means[i]}</dd></div>)}</dl>
    </details>
  );
}

/** What the lines found are about; each value narrows the search. */
function Facets({ search, asked }: { search: Search; asked: Asked }): JSX.Element | null {
  const counted = facetFields.flatMap((field) => {
    // What all lines share narrows nothing, unless it was asked for.
    const counts = (search.facets.value[field] ?? []).filter((c) => c.count < (search.total.value ?? 0) || asked.q.includes(`${field}:`));
    return counts.length > 0 ? [{ field, counts }] : [];
  });
  if (counted.length === 0 || search.total.value === 0) return null;
  return (
    <dl class="facets" aria-label={t().search.narrow}>
      {counted.map(({ field, counts }) => (
        <div key={field}>
          <dt>{t().search.facets[field]}</dt>
          <dd>
            {counts.slice(0, 6).map(({ value, count }) => {
              const to = narrow(asked.q, field, value);
              const on = to.length < asked.q.trim().length;
              return (
                <a key={value} class="facet" href={links.search(to, asked.sort, asked.like)} aria-current={on ? "true" : undefined} title={on ? t().search.without : undefined}>
                  <bdi>{facetText(field, value)}</bdi> <span class="num muted">{figure(count)}</span>
                </a>
              );
            })}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A value of a facet as people read it. */
function facetText(field: string, value: string): string {
  const { parts } = t();
  if (field === "speaker") return value === "agent" ? parts.agent : value === "customer" ? parts.customer : value;
  return clean(field === "language" ? value : plainWords(value));
}

function Count({ search, asked }: { search: Search; asked: Asked }): JSX.Element | null {
  const n = search.total.value;
  const { q, sort, like } = asked;
  const text = t().search;
  if (n === undefined || search.problem.value || (q.trim() === "" && like === "")) return null;
  return (
    <div class="search-count">
      <p class="muted" role="status">
        {n === 0 ? text.nothing : text.lines(n, figure(n, 0))}
        {search.partial.value && ` · ${text.behind}`}
      </p>
      <select aria-label={text.order} value={sort} onChange={(e) => go(links.search(q, sorts.find((s) => s === e.currentTarget.value) ?? "relevance", like))}>
        {sorts.map((s) => <option key={s} value={s}>{text.sorts[s]}</option>)}
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
          {search.loading.value ? t().search.loading : t().search.more}
        </button>
      )}
    </>
  );
}

/** Where in the call the words that were found are: by their place in the line, as speech has no even pace. */
function spotOf(h: Hit): number {
  const first = many(h.highlight)[0]?.from ?? 0;
  const size = new TextEncoder().encode(h.text).length;
  return h.start + (size > 0 ? (h.end - h.start) * Math.max(0, first / size - 0.05) : 0);
}

function HitRow({ of, search }: { of: Hit; search: Search }): JSX.Element {
  const show = shown(of);
  const marks = marksOver(unitSpans(of.text, many(of.highlight)).map((s) => ({ ...s, label: "hit" })), show);
  const around = search.around.value.get(of.utterance_id);
  return (
    <li class="hit-item">
      <PlayHere of={of.utterance_id} call={of.call_id} from={spotOf(of)} to={of.end} />
      <a class="hit" href={links.call(of.call_id, of.start)} data-item>
        <span class="hit-head">
          <SpeakerName who={of.speaker} />
          <b><bdi>{clean(of.customer_name ?? "") || t().parts.unknown}</bdi></b>
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
          {around ? t().search.less : t().search.context}
        </button>
        <a class="button quiet" href={links.search("", "relevance", of.utterance_id)}>{t().search.likeThis}</a>
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
