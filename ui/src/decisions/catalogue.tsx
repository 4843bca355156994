// The catalogue: what may be offered, what waits for review, and what is
// wrong with it; searched and filtered by the address.

import type { JSX } from "preact";
import { useSignal } from "@preact/signals";
import { figure } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Empty, Trouble } from "../parts/bits";
import { useRoving } from "../parts/roving";
import { go, links } from "../route";
import { clean } from "../text";
import { many } from "../wire";
import { Choose, Field, StateTag, waits } from "./bits";
import { get, text, titleOf } from "./json";
import { mayDesign, shelf } from "./store";
import type { Line } from "./wire";

const shows = ["all", "waiting", "live", "retired"] as const;
type Show = (typeof shows)[number];

export interface Wanted {
  words: string;
  issue: string;
  show: Show;
}

/** The lines that are wanted, in order of issue, group and id. */
export function found(lines: readonly Line[], w: Wanted): readonly Line[] {
  const words = w.words.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter((l) => {
    const all = `${l.id} ${JSON.stringify(l.doc)}`.toLowerCase();
    if (!words.every((x) => all.includes(x)) || (w.issue !== "" && get(l.doc, ["issue"]) !== w.issue)) return false;
    if (w.show === "waiting") return waits(l);
    return w.show === "all" || l.state === w.show;
  }).toSorted((a, b) => place(a).localeCompare(place(b)));
}

const place = (l: Line): string => `${text(l.doc["issue"])} ${text(l.doc["group"])} ${l.id}`;

export function CatalogueTab({ q }: { q: URLSearchParams }): JSX.Element {
  const d = t().decisions;
  const w: Wanted = { words: q.get("q") ?? "", issue: q.get("issue") ?? "", show: shows.find((s) => s === q.get("show")) ?? "all" };
  const all = shelf.all.value;
  const lines = found(shelf.items("action"), w);
  const adding = useSignal(false);
  useKeys(d.tabs.catalogue, [{ key: "n", label: d.newAction, run: () => (adding.value = mayDesign()) }]);
  return (
    <>
      {shelf.problem.value && <Trouble of={shelf.problem.value} />}
      <Filters w={w} />
      {mayDesign() && <New adding={adding} />}
      {!all && !shelf.problem.value && <p class="muted">{d.loading}</p>}
      {all && <Lines lines={lines} />}
      {all && <Singles />}
    </>
  );
}

function Filters({ w }: { w: Wanted }): JSX.Element {
  const d = t().decisions;
  const ask = (o: Partial<Wanted>): void => go(links.decisions("catalogue", { q: o.words ?? w.words, issue: o.issue ?? w.issue, show: o.show ?? w.show }), true);
  const issues = ["", ...new Set(shelf.items("action").map((l) => text(l.doc["issue"])).filter(Boolean))].toSorted();
  return (
    <div class="decisions-form" role="search">
      <Field label={d.find} type="search" value={w.words} change={(words) => ask({ words })} />
      <Choose label={d.issue} value={w.issue} of={issues} name={(i) => i || d.all} change={(issue) => ask({ issue })} />
      <Choose label={d.show} value={w.show} of={shows} name={(s) => d.shows[s]} change={(show) => ask({ show })} />
    </div>
  );
}

function New({ adding }: { adding: { value: boolean } }): JSX.Element {
  const d = t().decisions;
  const id = useSignal("");
  const form = /^[a-z0-9]+([._-][a-z0-9]+)*$/;
  if (!adding.value) return <p><button type="button" onClick={() => (adding.value = true)}>{d.newAction} <kbd aria-hidden="true">N</kbd></button></p>;
  return (
    <form class="decisions-form" onSubmit={(e) => {
      e.preventDefault();
      if (form.test(id.value)) go(links.decisions("action", { id: id.value }));
    }}>
      <Field label={d.newId} value={id.value} change={(v) => (id.value = v)} hint={d.newIdHow} />
      <button type="submit" class="main" disabled={!form.test(id.value)}>{d.begin}</button>
      <button type="button" class="quiet" onClick={() => (adding.value = false)}>{t().common.close}</button>
    </form>
  );
}

function Lines({ lines }: { lines: readonly Line[] }): JSX.Element {
  const d = t().decisions;
  const list = useRoving<HTMLUListElement>(lines.length);
  if (lines.length === 0) return <Empty title={d.nothingFound}><p>{d.nothingFoundHow}</p></Empty>;
  return (
    <>
      <p class="muted num">{d.actions(lines.length, figure(lines.length, 0))}</p>
      <ul class="decisions-lines" ref={list}>
        {lines.map((l) => (
          <li key={l.id}>
            <a class="decisions-line" data-item href={links.decisions("action", { id: l.id })}>
              <b dir="auto">{clean(titleOf(l.doc, l.id))}</b>
              <span class="muted"><bdi>{clean(text(l.doc["issue"]))}</bdi> · <bdi>{clean(text(l.doc["group"]))}</bdi></span>
              <span class="decisions-tags">
                {l.state && <StateTag of={l.state} />}
                {waits(l) && l.newest_state && <StateTag of={l.newest_state} />}
                {l.aside && <span class="tag tag-warn">{d.aside}</span>}
              </span>
              <code class="muted">{l.id}</code>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The policy and the traits, of which there is one each. */
function Singles(): JSX.Element {
  const d = t().decisions;
  const ones = many(shelf.all.value?.items).filter((l) => l.kind === "policy" || l.kind === "traits");
  return (
    <section aria-label={d.rest}>
      <h2>{d.rest}</h2>
      <ul class="decisions-lines">
        {ones.map((l) => (
          <li key={l.kind}>
            <a class="decisions-line" href={links.decisions(l.kind)}>
              <b>{d.kinds[l.kind]}</b>
              <span class="decisions-tags">
                {l.state && <StateTag of={l.state} />}
                {waits(l) && l.newest_state && <StateTag of={l.newest_state} />}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
