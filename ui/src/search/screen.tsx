// Search over what was said. The address is the search.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { clock } from "../format";
import { Empty, Trouble, When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { SpeakerName } from "../parts/line";
import { useRoving } from "../parts/roving";
import { go, links } from "../route";
import { pieces, unitSpans } from "../text";
import { many, type Hit, type Utterance } from "../wire";
import { marksOver, plain, shown } from "../written";
import { queryErrors, Search } from "./store";

export function SearchScreen({ q }: { q: string }): JSX.Element {
  const search = useMemo(() => new Search(), []);
  useEffect(() => void search.run(q), [q]);
  return (
    <main id="main" class="page page-search" tabIndex={-1}>
      <h1 class="unseen">Search</h1>
      <Box q={q} />
      <Refused search={search} q={q} />
      <Count search={search} q={q} />
      <Hits search={search} />
      {q.trim() === "" && (
        <Empty title="Search what was said">
          <p>Words find every line that holds them all. Quotes keep words together:</p>
          <p><a href={links.search("cancel contract")}>cancel contract</a> · <a href={links.search('"charged twice"')}>"charged twice"</a></p>
        </Empty>
      )}
    </main>
  );
}

function Box({ q }: { q: string }): JSX.Element {
  const text = useSignal(q);
  useEffect(() => {
    text.value = q;
  }, [q]);
  return (
    <form class="search-box" role="search" onSubmit={(e) => {
      e.preventDefault();
      go(links.search(text.value));
    }}>
      <Icon name="search" />
      <input type="search" name="q" aria-label="Search what was said" dir="auto" autocomplete="off" spellcheck={false}
        placeholder="Words that were said" value={text.value} onInput={(e) => (text.value = e.currentTarget.value)} />
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

function Count({ search, q }: { search: Search; q: string }): JSX.Element | null {
  const n = search.total.value;
  if (n === undefined || search.problem.value || q.trim() === "") return null;
  return (
    <p class="muted" role="status">
      {n === 0 ? "Nothing was found. Try fewer words." : `${n.toLocaleString()} ${n === 1 ? "line" : "lines"}`}
      {search.partial.value && " · the index is catching up, so the latest calls may be missing"}
    </p>
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
      <button type="button" class="quiet" aria-expanded={around !== undefined} onClick={() => void search.toggleAround(of)}>
        {around ? "Less" : "In context"}
      </button>
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
