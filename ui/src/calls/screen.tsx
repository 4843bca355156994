// All calls. The arrow keys move through them, Enter opens one.

import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { callsMoved } from "../desk/desk";
import { quietSince } from "../desk/talk";
import { clock, words } from "../format";
import { t } from "../lang";
import { Empty, Mood, StatusTag, Trouble, When } from "../parts/bits";
import { now } from "../parts/now";
import { useRoving } from "../parts/roving";
import { links } from "../route";
import { clean, nameOr } from "../text";
import { many, type CallRow } from "../wire";
import { CallList } from "./store";

export function CallsScreen({ customer }: { customer: string }): JSX.Element {
  const list = useMemo(() => new CallList(customer), [customer]);
  const moved = callsMoved.value;
  useEffect(() => void list.refresh(), [moved]);
  useRefreshWhileLive(list);
  const rows = list.sorted.value;
  const box = useRoving<HTMLUListElement>(rows.length);
  const text = t().calls;
  return (
    <main id="main" class="page" tabIndex={-1}>
      <h1>{customer ? <>{text.ofOne} <a href={links.customer(customer)}>{text.oneCustomer}</a></> : text.title}</h1>
      {customer && <p><a href={links.calls()}>{text.showAll}</a></p>}
      {list.problem.value && <Trouble of={list.problem.value} />}
      {rows.length === 0 && !list.loading.value && !list.problem.value && <NoCalls />}
      <ul class="calls" ref={box} data-roving>
        {rows.map((r) => <Row key={r.id} of={r} />)}
      </ul>
      {list.next.value !== "" && (
        <button type="button" class="more-button" disabled={list.loading.value} onClick={() => void list.more()}>
          {list.loading.value ? text.loading : text.earlier}
        </button>
      )}
    </main>
  );
}

// The words and the mood of a live call move without an event of the call.
function useRefreshWhileLive(list: CallList): void {
  const live = useComputed(() => list.rows.value.some((r) => r.status === "live")).value;
  useEffect(() => {
    if (!live) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void list.refresh();
    }, 4000);
    return () => clearInterval(timer);
  }, [live]);
}

function NoCalls(): JSX.Element {
  return (
    <Empty title={t().calls.none}>
      <p>{t().calls.noneHow}</p>
      <pre dir="ltr"><code>heed call recording.wav</code></pre>
    </Empty>
  );
}

function Row({ of }: { of: CallRow }): JSX.Element {
  const live = of.status === "live";
  const about = [of.intent, ...many(of.themes)].filter((x): x is string => Boolean(x) && x !== "none");
  return (
    <li>
      <a class={`call-row${live ? " call-live" : ""}`} href={live ? links.desk(of.id) : links.call(of.id)} data-item>
        <StatusTag call={of} />
        <b class="call-name"><bdi>{nameOr(of.customer_name, t().parts.unknown)}</bdi></b>
        <span class="call-about">{[...new Set(about)].slice(0, 3).map((a, i) => (
          <span key={a} class={`chip${i === 0 && of.intent ? " chip-first" : ""}`}>{words(a)}</span>
        ))}</span>
        <span class="call-last muted"><bdi>{clean(of.last ?? "")}</bdi></span>
        <span class="call-mood">{of.mood !== undefined && of.last && <Mood value={of.mood} />}<Quiet of={of} /></span>
        <span class="num call-length">{live ? <Running from={of.started_at} /> : clock(of.duration)}</span>
        <span class="call-when muted num"><When at={of.started_at} /></span>
      </a>
    </li>
  );
}

function Quiet({ of }: { of: CallRow }): JSX.Element | null {
  const seconds = of.status === "live" ? quietSince(of, now.value) : undefined;
  if (seconds === undefined) return null;
  return <span class="call-quiet muted">{t().calls.quiet} <span class="num">{clock(seconds)}</span></span>;
}

function Running({ from }: { from: string }): JSX.Element {
  return <>{clock((now.value - Date.parse(from)) / 1000)}</>;
}
