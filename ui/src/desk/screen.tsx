// The agent's live desk.

import { clean, nameOr } from "../text";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { clock, figure, shortPhone, span } from "../format";
import { t } from "../lang";
import { Direction, Empty, Mood, StatusTag, Trouble, When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { now } from "../parts/now";
import { go, links } from "../route";
import { mayPhone } from "../session";
import { many, type Call } from "../wire";
import { Captions } from "./captions-view";
import { CardZone } from "./card-view";
import { asked, current, liveCalls, openDesk, previous, waiting } from "./desk";
import type { LiveCall } from "./live";
import { Notes } from "./notes";
import { Panel } from "./panel-view";
import { WishPrompt } from "./wish-view";
import { RecordBanners, RecordState } from "./record-view";

export function DeskScreen({ call }: { call: string }): JSX.Element {
  useEffect(() => {
    asked.value = call;
  }, [call]);
  useEffect(() => {
    asked.value = call;
    return openDesk();
  }, []);
  const desk = current.value;
  if (!desk) return <NoCall />;
  const missing = desk.problem.value;
  if (!desk.call.value) {
    return <main id="main" class="page page-narrow" tabIndex={-1}>{missing && <Trouble of={missing} />}</main>;
  }
  return <Desk key={desk.id} desk={desk} />;
}

function NoCall(): JSX.Element {
  const known = liveCalls.value !== undefined;
  const d = t().desk;
  return (
    <main id="main" class="page page-narrow" tabIndex={-1}>
      {known && (
        <Empty title={d.noCall}>
          <p>{d.noCallHow}</p>
          {mayPhone() && <p><a class="button" href={links.phone()}>{t().softphone.open} <Icon name="next" turn /></a></p>}
          <pre><code dir="ltr">heed call recording.wav</code></pre>
          <p>{d.noCallFile} <a href="/calls">{d.noCallPast}</a></p>
        </Empty>
      )}
    </main>
  );
}

function Desk({ desk }: { desk: LiveCall }): JSX.Element {
  const title = nameOr(desk.call.value?.customer_name, t().desk.call);
  useEffect(() => {
    document.title = `${title} · Heed`;
    return () => {
      document.title = "Heed";
    };
  }, [title]);
  return (
    <main id="main" class="desk" tabIndex={-1} data-call={desk.id}>
      <h1 class="unseen">{t().desk.title}</h1>
      <DeskHeader desk={desk} />
      <Banners desk={desk} />
      <Captions desk={desk} />
      <CardZone desk={desk} />
      <aside class="side" aria-label={t().desk.side}>
        <Panel desk={desk} />
        <Notes key={desk.id} call={desk.id} />
      </aside>
    </main>
  );
}

function DeskHeader({ desk }: { desk: LiveCall }): JSX.Element | null {
  const c = desk.call.value;
  if (!c) return null;
  const other = c.direction === "outbound" ? c.to : c.from;
  return (
    <header class="desk-head">
      <CallClock of={c} />
      <b class="desk-name" dir="auto">{nameOr(c.customer_name, t().desk.unknown)}</b>
      {other && <bdi class="num muted" dir="ltr">{shortPhone(other)}</bdi>}
      <Direction of={c.direction} />
      {c.agent && <span class="muted wide">{t().desk.with} <span dir="auto">{clean(c.agent)}</span></span>}
      <span class="grow" />
      <Linked desk={desk} />
      {c.status === "live" ? <RecordState desk={desk} /> : <StatusTag call={c} />}
      <Switcher shown={desk.id} />
    </header>
  );
}

function CallClock({ of }: { of: Call }): JSX.Element {
  const seconds = of.status === "live" ? (now.value - Date.parse(of.started_at)) / 1000 : of.duration;
  return <span class={`clock num${of.status === "live" ? " clock-live" : ""}`} role="timer" aria-label={t().desk.length}>{clock(seconds)}</span>;
}

function Linked({ desk }: { desk: LiveCall }): JSX.Element | null {
  const l = desk.link.value;
  if (l !== "waiting" || desk.call.value?.status !== "live") return null;
  return <span class="tone-bad" role="status">{t().desk.lost}</span>;
}

function Switcher({ shown }: { shown: string }): JSX.Element | null {
  const all = liveCalls.value ?? [];
  if (all.length < 2) return null;
  return (
    <details class="menu">
      <summary>{t().desk.live(figure(all.length, 0))}</summary>
      <ul>
        {all.map((c) => (
          <li key={c.id}>
            <a href={links.desk(c.id)} aria-current={c.id === shown ? "true" : undefined} onClick={closeMenu}>
              <b dir="auto">{nameOr(c.customer_name, t().desk.unknown)}</b>
              <span class="num muted">{span((now.value - Date.parse(c.started_at)) / 1000)}</span>
              {c.mood !== undefined && <Mood value={c.mood} />}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

function closeMenu(e: Event): void {
  (e.currentTarget as Element).closest("details")?.removeAttribute("open");
}

function Banners({ desk }: { desk: LiveCall }): JSX.Element {
  const c = desk.call.value;
  const paused = c?.status === "live" && c.captions === "paused";
  return (
    <div class="banners">
      {paused && (
        <p class="note note-warn" role="status"><Icon name="warn" />{t().desk.paused}</p>
      )}
      <WishPrompt desk={desk} />
      <RecordBanners desk={desk} />
      {c && c.status !== "live" && <Over of={c} />}
      <NextCall />
      <CallBefore shown={desk.id} />
      {many(c?.health.notes).slice(-1).map((n) => <p key={n} class="note note-warn"><Icon name="warn" />{n}</p>)}
    </div>
  );
}

function Over({ of }: { of: Call }): JSX.Element {
  return (
    <p class="note">
      <span>{t().desk.over} {of.ended_at && <When at={of.ended_at} />}</span>
      <a class="button" href={links.call(of.id)}>{t().desk.openPage} <Icon name="next" turn /></a>
    </p>
  );
}

function NextCall(): JSX.Element | null {
  const next = waiting.value;
  if (!next) return null;
  return (
    <p class="note note-accent" role="status">
      <span>{t().desk.begun} <b dir="auto">{nameOr(next.customer_name, t().desk.unknown)}</b></span>
      <button type="button" onClick={() => go(links.desk(next.id))}>{t().desk.openIt}</button>
    </p>
  );
}

function CallBefore({ shown }: { shown: string }): JSX.Element | null {
  const before = previous.value;
  if (!before || before.status === "live" || before.id === shown) return null;
  return (
    <p class="note">
      <span>{t().desk.before} <b dir="auto">{nameOr(before.customer_name, t().desk.unknown)}</b></span>
      <a href={links.call(before.id)}>{t().desk.openIt}</a>
      <button type="button" class="quiet" onClick={() => (previous.value = undefined)}>{t().desk.hide}</button>
    </p>
  );
}
