// Files in and out: what campaigns cost, and conversions for ad platforms.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Problem } from "../api";
import { amount, figure } from "../format";
import { Trouble } from "../parts/bits";
import { many } from "../wire";
import type { Texts } from "../lang";
import { Costs, Export, type Question } from "./store";
import { formats, type Upload, type Wanted } from "./wire";

interface FilesProps {
  asked: Question;
  t: Texts["campaigns"];
  done: () => void;
}

export function Files({ asked, t, done }: FilesProps): JSX.Element {
  return (
    <div class="campaigns-files">
      <Spend t={t} done={done} />
      <Conversions asked={asked} t={t} />
    </div>
  );
}

const total = (u: Upload): string => `${amount(u.total)} ${u.currency}`;

function Spend({ t, done }: { t: Texts["campaigns"]; done: () => void }): JSX.Element {
  const store = useMemo(() => new Costs(done), []);
  const { look, kept, problem } = store;
  const choose = (input: HTMLInputElement): void => {
    const file = input.files?.[0];
    input.value = ""; // the same file may be chosen again, corrected
    if (file) void store.choose(file);
  };
  return (
    <section class="campaigns-file" aria-label={t.spend}>
      <h2>{t.spend}</h2>
      <p class="muted">{t.spendHow}</p>
      <label class="campaigns-choose">{t.choose} <input type="file" accept=".csv,.tsv,.txt,text/csv" disabled={store.busy.value} onChange={(e) => choose(e.currentTarget)} /></label>
      {store.busy.value && <p role="status">{t.looking}</p>}
      {problem.value && (
        <Trouble of={problem.value.status === 422 ? new Problem(422, t.refused, problem.value.detail) : problem.value}>
          {problem.value.errors.length > 1 && <ul dir="auto">{problem.value.errors.map((e) => <li key={e.message}>{e.message}</li>)}</ul>}
        </Trouble>
      )}
      {look.value && <Look of={look.value} t={t} store={store} />}
      {kept.value && <p role="status">{t.kept(figure(kept.value.rows), total(kept.value))}</p>}
    </section>
  );
}

function Look({ of, t, store }: { of: Upload; t: Texts["campaigns"]; store: Costs }): JSX.Element {
  const unused = many(of.unknown_columns);
  return (
    <div class="campaigns-look">
      <p role="status">{t.would(figure(of.rows), total(of))}</p>
      {unused.length > 0 && <p class="muted">{t.unused(unused.join(", "))}</p>}
      <table>
        <thead><tr><th scope="col">{t.day}</th><th scope="col">{t.source}</th><th scope="col">{t.campaign}</th><th scope="col" class="num">{t.cost}</th></tr></thead>
        <tbody>{many(of.first).map((l) => <tr key={`${l.date} ${l.source} ${l.campaign}`}><td>{l.date}</td><td dir="auto">{l.source}</td><td dir="auto">{l.campaign}</td><td class="num">{amount(l.cost)}</td></tr>)}</tbody>
      </table>
      <p>
        <button type="button" class="main" disabled={store.busy.value} onClick={() => void store.keep()}>{t.keep}</button>{" "}
        <button type="button" disabled={store.busy.value} onClick={() => store.leave()}>{t.drop}</button>
      </p>
    </div>
  );
}

/** Hands a text to the browser as a file. */
function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const a = document.createElement("a");
  a.href = url;
  a.download = name;
  a.setAttribute("data-plain", "");
  a.click();
  URL.revokeObjectURL(url);
}

function Conversions({ asked, t }: { asked: Question; t: Texts["campaigns"] }): JSX.Element {
  const store = useMemo(() => new Export(), []);
  const wanted = useSignal<Wanted>({ format: "google-ads", of: "orders", identify: "clicks" });
  const w = wanted.value;
  const done = store.written.value;
  return (
    <section class="campaigns-file" aria-label={t.conversions}>
      <h2>{t.conversions}</h2>
      <p class="muted">{t.conversionsHow}</p>
      <p class="campaigns-wanted">
        <select aria-label={t.conversions} value={w.format} onChange={(e) => (wanted.value = { ...w, format: formats.find((f) => f === e.currentTarget.value) ?? "google-ads" })}>
          {formats.map((f) => <option key={f} value={f}>{t.formats[f]}</option>)}
        </select>
        <label>{t.of} <select value={w.of} onChange={(e) => (wanted.value = { ...w, of: e.currentTarget.value === "calls" ? "calls" : "orders" })}>
          <option value="orders">{t.ofs.orders}</option><option value="calls">{t.ofs.calls}</option>
        </select></label>
        <label>{t.identify} <select value={w.identify} onChange={(e) => (wanted.value = { ...w, identify: e.currentTarget.value === "numbers" ? "numbers" : "clicks" })}>
          <option value="clicks">{t.identifies.clicks}</option><option value="numbers">{t.identifies.numbers}</option>
        </select></label>
        <button type="button" disabled={store.busy.value} onClick={() => void store.write(asked, w, save)}>{t.write}</button>
      </p>
      {store.problem.value && <Trouble of={store.problem.value} />}
      {done && (
        <p role="status">{t.written(figure(done.rows))}
          {(["unwilling", "unknown", "givenBack"] as const).filter((k) => done[k] > 0).map((k) => <span key={k}> {figure(done[k])} {t.leftOut[k]}.</span>)}
        </p>
      )}
    </section>
  );
}
