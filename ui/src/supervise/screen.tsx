// All live calls in one dense table, what rules told of them, and the team.

import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { figure } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Empty } from "../parts/bits";
import { now } from "../parts/now";
import { useRoving } from "../parts/roving";
import { go } from "../route";
import { Alerts } from "./alerts";
import { link, live, open, refused, seeTo, undoSeen } from "./board";
import { mayAttend } from "./count";
import { addressOf, anyCall, filterOf, Order, sorts, type Sort } from "./order";
import { Row } from "./row";
import { RulesPart } from "./rules";
import { TeamPart } from "./team";

/** How long nobody has to touch the table before it puts itself in order, in milliseconds. */
const idle = 8000;

export function SuperviseScreen({ asked }: { asked: URLSearchParams }): JSX.Element {
  const order = useMemo(() => new Order(live, filterOf(asked)), []);
  useSignalEffect(() => {
    const to = addressOf(order.filter.value);
    if (location.pathname === "/supervise" && location.pathname + location.search !== to) go(to, true);
  });
  const words = t().supervise;
  useKeys(words.keys, [
    { key: "s", label: words.sortKey, run: () => order.arrange(now.peek()) },
    { key: "f", label: words.findKey, run: () => document.querySelector<HTMLInputElement>(".live-filter input")?.focus() },
    { key: "x", label: words.ackKey, run: attend },
    { key: "z", label: words.undoKey, run: () => void undoSeen() },
    { key: "w", label: words.whyKey, run: why },
  ]);
  return (
    <main id="main" class="page page-wide" tabIndex={-1}>
      <h1>{words.title}</h1>
      {(refused.value || link.value === "waiting") && <p class="note" role="status">{words.lost}</p>}
      <Alerts />
      <Calls order={order} />
      <RulesPart />
      <TeamPart />
    </main>
  );
}

/** Sees to the alert in focus, or to the first. */
function attend(): void {
  if (!mayAttend()) return;
  const id = document.activeElement?.closest("[data-alert]")?.getAttribute("data-alert");
  const all = open.peek();
  const a = all.find((x) => x.id === id) ?? all[0];
  if (a) void seeTo(a);
}

/** Shows or hides the grounds of the risk of the row in focus. */
function why(): void {
  document.activeElement?.closest("tr")?.querySelector<HTMLButtonElement>(".live-why")?.click();
}

function Calls({ order }: { order: Order }): JSX.Element {
  const words = t().supervise;
  const all = live.value;
  const rows = order.rows.value;
  const explained = useSignal<ReadonlySet<string>>(new Set());
  useTidy(order);
  const box = useRoving<HTMLTableSectionElement>(rows.length);
  if (all === undefined) return <p class="muted" aria-busy="true">…</p>;
  if (all.length === 0) {
    return <Empty title={words.none}><p>{words.noneHow}</p><pre dir="ltr"><code>heed call recording.wav</code></pre></Empty>;
  }
  const toggle = (id: string): void => {
    const next = new Set(explained.peek());
    if (!next.delete(id)) next.add(id);
    explained.value = next;
  };
  return (
    <section aria-label={words.title}>
      <FilterBar order={order} />
      {rows.length === 0 && <p class="empty">{words.noneFound}. <button type="button" onClick={() => order.set({ ...anyCall }, now.peek())}>{words.showAll}</button></p>}
      {rows.length > 0 && (
        <div class="live-scroll">
          <table class="live-table">
            <Head order={order} />
            <tbody ref={box} data-roving>
              {rows.map((c) => <Row key={c.call_id} of={c} open={explained.value.has(c.call_id)} toggle={toggle} />)}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

// Nothing moves under a hand: the table is put in order at first, and when
// nobody has touched it for a while.
function useTidy(order: Order): void {
  const known = live.value !== undefined;
  useEffect(() => order.arrange(now.peek()), [known]);
  useEffect(() => {
    let touched = 0;
    const touch = (e: Event): void => {
      if (e.target instanceof Element && e.target.closest(".live-table")) touched = Date.now();
    };
    const timer = setInterval(() => {
      const inside = document.activeElement?.closest(".live-table") ?? undefined;
      if (!inside && Date.now() - touched > idle) order.arrange(now.peek());
    }, 2000);
    for (const kind of ["pointermove", "keydown"]) document.addEventListener(kind, touch);
    return () => {
      clearInterval(timer);
      for (const kind of ["pointermove", "keydown"]) document.removeEventListener(kind, touch);
    };
  }, []);
}

const columns = ["agent", "customer", "length", "topic", "mood", "silence", "overlap", "risk", "audio"] as const;
const sortable = (c: string): c is Sort => sorts.some((s) => s === c);

function Head({ order }: { order: Order }): JSX.Element {
  const words = t().supervise;
  const by = order.filter.value.sort;
  return (
    <thead>
      <tr>
        {columns.map((c) => (
          <th key={c} scope="col" class={`live-${c}`} aria-sort={c !== by ? undefined : c === "agent" || c === "customer" || c === "mood" ? "ascending" : "descending"}>
            {sortable(c)
              ? <button type="button" class="quiet" onClick={() => order.set({ sort: c }, now.peek())}>{words.columns[c]}{c === by && <span aria-hidden="true"> {c === "agent" || c === "customer" || c === "mood" ? "↑" : "↓"}</span>}</button>
              : words.columns[c]}
          </th>
        ))}
      </tr>
    </thead>
  );
}

const risks = [0, 0.3, 0.5, 0.7] as const;

function FilterBar({ order }: { order: Order }): JSX.Element {
  const words = t().supervise;
  const f = order.filter.value;
  const all = live.value ?? [];
  const set = (o: Parameters<Order["set"]>[0]): void => order.set(o, now.peek());
  const pick = (key: "queue" | "agent"): JSX.Element | null => {
    const names = [...new Set([...all.map((c) => c[key] ?? ""), f[key]])].filter(Boolean).toSorted();
    if (names.length === 0) return null;
    return (
      <label>{words[key]} <select value={f[key]} onChange={(e) => set({ [key]: e.currentTarget.value })}>
        <option value="">{words.any}</option>{names.map((n) => <option key={n} value={n}>{n}</option>)}
      </select></label>
    );
  };
  return (
    <div class="live-filter">
      <input type="search" aria-label={words.findKey} placeholder={words.find} dir="auto" value={f.text} onInput={(e) => set({ text: e.currentTarget.value })} />
      {pick("queue")}{pick("agent")}
      <label>{words.riskFrom} <select value={String(f.risk)} onChange={(e) => set({ risk: Number(e.currentTarget.value) })}>
        {risks.map((r) => <option key={r} value={String(r)}>{r === 0 ? words.riskAny : `≥ ${figure(r)}`}</option>)}
      </select></label>
      <label class="switch"><input type="checkbox" checked={f.unhappy} onChange={(e) => set({ unhappy: e.currentTarget.checked })} /> {words.unhappy}</label>
      <span class="muted num" role="status">{words.count(figure(order.rows.value.length, 0), figure(all.length, 0))}</span>
      <span class="grow" />
      <Again order={order} />
    </div>
  );
}

function Again({ order }: { order: Order }): JSX.Element {
  return <button type="button" disabled={!order.stale(now.value)} onClick={() => order.arrange(now.peek())}>{t().supervise.sort} <kbd aria-hidden="true">S</kbd></button>;
}
