// The frame of everything about decisions: the places, and the way back.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useKeys } from "../keys";
import { t } from "../lang";
import { lazy } from "../parts/lazy";
import { go, links } from "../route";
import { goBack, mayOpen, said, shelf, tabs, undo, type Tab } from "./store";
import { kinds } from "./wire";

const CatalogueTab = lazy(() => import("./catalogue").then((m) => m.CatalogueTab), "part");
const ItemTab = lazy(() => import("./item").then((m) => m.ItemTab), "part");
const LeversTab = lazy(() => import("./levers").then((m) => m.LeversTab), "part");
const RankingTab = lazy(() => import("./rank").then((m) => m.RankingTab), "part");
const ReplayTab = lazy(() => import("./replay").then((m) => m.ReplayTab), "part");
const LearningTab = lazy(() => import("./learning").then((m) => m.LearningTab), "part");
const LiftTab = lazy(() => import("./lift").then((m) => m.LiftTab), "part");

const shown: Record<Tab, (q: URLSearchParams) => JSX.Element> = {
  catalogue: (q) => <CatalogueTab q={q} />,
  levers: () => <LeversTab />,
  ranking: (q) => <RankingTab q={q} />,
  replay: (q) => <ReplayTab id={q.get("id") ?? ""} />,
  learning: () => <LearningTab />,
  lift: () => <LiftTab />,
};

export function DecisionsScreen({ tab, q }: { tab: string; q: URLSearchParams }): JSX.Element {
  useEffect(() => void shelf.refresh(), []);
  const d = t().decisions;
  const mine = tabs.filter(mayOpen);
  const kind = kinds.find((k) => k === tab);
  const open = kind ? "catalogue" : (mine.find((x) => x === tab) ?? "catalogue");
  useKeys(d.title, [
    { key: "u", label: d.undo, run: () => void goBack() },
    ...mine.map((x, i) => ({ key: String(i + 1), label: d.tabs[x], run: () => go(links.decisions(x)) })),
  ]);
  return (
    <main id="main" class="page page-decisions" tabIndex={-1}>
      <header class="decisions-head">
        <h1>{d.title}</h1>
        <nav aria-label={d.title} class="decisions-tabs">
          {mine.map((x) => (
            <a key={x} href={links.decisions(x)} aria-current={x === open ? "page" : undefined}>{d.tabs[x]}</a>
          ))}
        </nav>
      </header>
      <p class="decisions-said" role="status">
        {said.value() && <span>{said.value()}</span>}
        {undo.value && <button type="button" onClick={() => void goBack()}>{d.undo} <kbd aria-hidden="true">U</kbd></button>}
      </p>
      {kind ? <ItemTab key={`${kind} ${q.get("id")}`} kind={kind} id={q.get("id") ?? kind} /> : shown[open](q)}
    </main>
  );
}
