// What campaigns brought and what they cost, with what the figures assume.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { amount, figure } from "../format";
import { Empty, Trouble } from "../parts/bits";
import { go, links } from "../route";
import { clean } from "../text";
import { many } from "../wire";
import { t as texts, type Texts } from "../lang";
import { Files } from "./files";
import { Campaigns, queryOf, questionOf, type Question } from "./store";
import { bys, models, type Count, type Results, type Row } from "./wire";

/** The screen for the query of an address. */
export function CampaignsAt({ q }: { q: URLSearchParams }): JSX.Element {
  return <CampaignsScreen asked={questionOf(q)} />;
}

export function CampaignsScreen({ asked }: { asked: Question }): JSX.Element {
  const { from, to, by, model } = asked;
  const store = useMemo(() => new Campaigns({ from, to, by, model }), [from, to, by, model]);
  useEffect(() => void store.refresh(), [store]);
  const t = texts().campaigns;
  const r = store.results.value;
  return (
    <main id="main" class="page page-campaigns" tabIndex={-1}>
      <Head asked={asked} t={t} />
      {store.problem.value && <Trouble of={store.problem.value}>{r && t.stale}</Trouble>}
      {!r && !store.problem.value && <p class="muted" role="status">{t.counting}</p>}
      {r && (isEmpty(r) ? <Nothing t={t} /> : <Figures r={r} t={t} />)}
      <Files asked={asked} t={t} done={() => void store.refresh()} />
    </main>
  );
}

/** Nothing came from anywhere that is known, and nothing was spent. */
function isEmpty(r: Results): boolean {
  return many(r.rows).every((row) => row.name === "" && row.cost === undefined);
}

function Head({ asked, t }: { asked: Question; t: Texts["campaigns"] }): JSX.Element {
  const ask = (o: Partial<Question>): void => go(links.campaigns({ ...asked, ...o }));
  const day = (name: "from" | "to", text: string): JSX.Element => (
    <label>{text} <input type="date" required value={asked[name]} onChange={(e) => e.currentTarget.value && ask({ [name]: e.currentTarget.value })} /></label>
  );
  return (
    <header class="campaigns-head">
      <h1>{t.title}</h1>
      <span class="grow" />
      {day("from", t.from)}
      {day("to", t.to)}
      <label>{t.by} <select value={asked.by} onChange={(e) => ask({ by: bys.find((b) => b === e.currentTarget.value) ?? "campaign" })}>
        {bys.map((b) => <option key={b} value={b}>{t.bys[b]}</option>)}
      </select></label>
      <label>{t.model} <select value={asked.model} onChange={(e) => ask({ model: models.find((m) => m === e.currentTarget.value) ?? "linear" })}>
        {models.map((m) => <option key={m} value={m}>{t.models[m]}</option>)}
      </select></label>
    </header>
  );
}

function Nothing({ t }: { t: Texts["campaigns"] }): JSX.Element {
  return (
    <Empty title={t.emptyTitle}>
      <ol class="campaigns-how">{t.emptyHow.map((line) => <li key={line}>{line}</li>)}</ol>
    </Empty>
  );
}

function Figures({ r, t }: { r: Results; t: Texts["campaigns"] }): JSX.Element {
  const priced = r.by === "campaign" || r.by === "source";
  return (
    <>
      <div class="campaigns-table">
        <table>
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>{t.bys[r.by]}</th>
              <th scope="col" rowSpan={2} class="num">{t.calls}</th>
              <th scope="col" rowSpan={2} class="num">{t.qualified}</th>
              <th scope="col" rowSpan={2}>{t.about}</th>
              <th scope="col" rowSpan={2} class="num">{t.orders}</th>
              <th scope="colgroup" colSpan={models.length} class="num">{t.revenue}, {r.currency}</th>
              {priced && <><th scope="col" rowSpan={2} class="num">{t.cost}, {r.currency}</th><th scope="col" rowSpan={2} class="num">{t.perCall}</th><th scope="col" rowSpan={2} class="num">{t.back}</th></>}
            </tr>
            <tr>{models.map((m) => <th key={m} scope="col" class={m === r.model ? "num campaigns-chosen" : "num"}>{t.models[m]}</th>)}</tr>
          </thead>
          <tbody>{many(r.rows).map((row) => <Line key={row.name} row={row} r={r} t={t} priced={priced} />)}</tbody>
          <tfoot><Line row={r.total} r={r} t={t} priced={priced} total /></tfoot>
        </table>
      </div>
      {r.more !== undefined && r.more > 0 && <p class="muted">{t.more(figure(r.more))}</p>}
      <Under r={r} t={t} />
    </>
  );
}

interface LineProps {
  row: Row;
  r: Results;
  t: Texts["campaigns"];
  priced: boolean;
  total?: boolean;
}

/** The way to the themes of a campaign or a source. */
function ThemesOf({ by, name, text }: { by: Results["by"]; name: string; text: string }): JSX.Element | null {
  if (by !== "campaign" && by !== "source") return null;
  return <> <small class="themes-of"><a href={links.themes({ [by]: name })}>{text}</a></small></>;
}

function Line({ row, r, t, priced, total = false }: LineProps): JSX.Element {
  const found = total || row.name === "" ? undefined : queryOf(r.by, row.name);
  const name = total ? t.all : clean(row.name) || t.nowhere;
  return (
    <tr>
      <th scope="row"><bdi>{found ? <a href={links.search(found)}>{name}</a> : name}</bdi>{found && <ThemesOf by={r.by} name={row.name} text={t.themesOf} />}</th>
      <td class="num">{found && row.calls > 0 ? <a href={links.search(found)}>{figure(row.calls)}</a> : figure(row.calls)}</td>
      <td class="num">{figure(row.qualified_calls)}</td>
      <td><About row={row} found={found} /></td>
      <td class="num">{figure(row.orders)}</td>
      {models.map((m) => <td key={m} class={m === r.model ? "num campaigns-chosen" : "num"}>{amount(row.revenue[m])}</td>)}
      {priced && <><Sum of={row.cost} /><Sum of={row.cost_per_qualified_call} /><td class="num">{row.return_on_spend === undefined ? "" : figure(row.return_on_spend)}</td></>}
    </tr>
  );
}

function Sum({ of }: { of: number | undefined }): JSX.Element {
  return <td class="num">{of === undefined ? "" : amount(of)}</td>;
}

/** What the calls were about, each with the search that finds them. */
function About({ row, found }: { row: Row; found: string | undefined }): JSX.Element {
  const all: [string, Count][] = [
    ...many(row.themes).slice(0, 2).map((c): [string, Count] => [`theme:"${c.id ?? c.name}"`, c]),
    ...many(row.intents).slice(0, 2).map((c): [string, Count] => [`intent:${c.name}`, c]),
    ...many(row.outcomes).slice(0, 1).map((c): [string, Count] => [`outcome:${c.name}`, c]),
  ];
  return (
    <span class="campaigns-about">
      {all.map(([term, c]) => (
        <a key={term} href={links.search(found ? `${found} ${term}` : term)}><bdi>{clean(c.name)}</bdi> <small class="num">{figure(c.calls)}</small></a>
      ))}
    </span>
  );
}

function Under({ r, t }: { r: Results; t: Texts["campaigns"] }): JSX.Element {
  const left = (Object.keys(t.left) as (keyof typeof t.left)[]).filter((k) => r.left_out[k] > 0);
  return (
    <section class="campaigns-under" aria-label={t.assumes}>
      <h2>{t.assumes}</h2>
      <ul>
        {many(r.assumptions).map((line) => <li key={line} lang="en" dir="auto">{line}</li>)}
        {left.map((k) => <li key={k}>{figure(r.left_out[k])} {t.left[k]}.</li>)}
      </ul>
    </section>
  );
}
