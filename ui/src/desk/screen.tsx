// The agent's live desk.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { clock, shortPhone, span } from "../format";
import { useKeys } from "../keys";
import { Direction, Empty, Mood, StatusTag, Trouble, When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { now } from "../parts/now";
import { keepNotes, notesOf } from "../prefs";
import { go, links } from "../route";
import { many, type Call } from "../wire";
import { Captions } from "./captions-view";
import { CardZone } from "./card-view";
import { asked, current, liveCalls, openDesk, previous, waiting } from "./desk";
import type { LiveCall } from "./live";
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
  return (
    <main id="main" class="page page-narrow" tabIndex={-1}>
      {known && (
        <Empty title="No call right now">
          <p>The next call opens here by itself. To hear one now, play a recording into the door:</p>
          <pre><code>heed call recording.wav</code></pre>
          <p>A stereo file has the agent on the left and the customer on the right. Calls that are over are in <a href="/calls">Calls</a>.</p>
        </Empty>
      )}
    </main>
  );
}

function Desk({ desk }: { desk: LiveCall }): JSX.Element {
  useEffect(() => {
    document.title = `${desk.call.value?.customer_name || "Call"} · Heed`;
    return () => {
      document.title = "Heed";
    };
  }, [desk.call.value?.customer_name]);
  return (
    <main id="main" class="desk" tabIndex={-1} data-call={desk.id}>
      <h1 class="unseen">Live desk</h1>
      <DeskHeader desk={desk} />
      <Banners desk={desk} />
      <Captions desk={desk} />
      <CardZone desk={desk} />
      <aside class="side" aria-label="Customer and notes">
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
      <b class="desk-name" dir="auto">{c.customer_name || "Unknown caller"}</b>
      {other && <bdi class="num muted">{shortPhone(other)}</bdi>}
      <Direction of={c.direction} />
      {c.agent && <span class="muted wide">with <span dir="auto">{c.agent}</span></span>}
      <span class="grow" />
      <Linked desk={desk} />
      {c.status === "live" ? <RecordState desk={desk} /> : <StatusTag call={c} />}
      <Switcher shown={desk.id} />
    </header>
  );
}

function CallClock({ of }: { of: Call }): JSX.Element {
  const seconds = of.status === "live" ? (now.value - Date.parse(of.started_at)) / 1000 : of.duration;
  return <span class={`clock num${of.status === "live" ? " clock-live" : ""}`} role="timer" aria-label="Length of the call">{clock(seconds)}</span>;
}

function Linked({ desk }: { desk: LiveCall }): JSX.Element | null {
  const l = desk.link.value;
  if (l !== "waiting" || desk.call.value?.status !== "live") return null;
  return <span class="tone-bad" role="status">Connection lost, trying again. Nothing is lost.</span>;
}

function Switcher({ shown }: { shown: string }): JSX.Element | null {
  const all = liveCalls.value ?? [];
  if (all.length < 2) return null;
  return (
    <details class="menu">
      <summary>{all.length} live</summary>
      <ul>
        {all.map((c) => (
          <li key={c.id}>
            <a href={links.desk(c.id)} aria-current={c.id === shown ? "true" : undefined} onClick={closeMenu}>
              <b dir="auto">{c.customer_name || "Unknown caller"}</b>
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
        <p class="note note-warn" role="status"><Icon name="warn" />Captions are paused while the speech engine starts again. Nothing is lost: the words come late.</p>
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
      <span>The call is over{of.ended_at && <> since <When at={of.ended_at} /></>}. What was said stays here.</span>
      <a class="button" href={links.call(of.id)}>Open the call page <Icon name="next" turn /></a>
    </p>
  );
}

function NextCall(): JSX.Element | null {
  const next = waiting.value;
  if (!next) return null;
  return (
    <p class="note note-accent" role="status">
      <span>A new call has begun: <b dir="auto">{next.customer_name || "unknown caller"}</b>.</span>
      <button type="button" onClick={() => go(links.desk(next.id))}>Open it</button>
    </p>
  );
}

function CallBefore({ shown }: { shown: string }): JSX.Element | null {
  const before = previous.value;
  if (!before || before.status === "live" || before.id === shown) return null;
  return (
    <p class="note">
      <span>The call before, with <b dir="auto">{before.customer_name || "an unknown caller"}</b>, is over.</span>
      <a href={links.call(before.id)}>Open it</a>
      <button type="button" class="quiet" onClick={() => (previous.value = undefined)}>Hide</button>
    </p>
  );
}

function Notes({ call }: { call: string }): JSX.Element {
  const text = useSignal(notesOf(call));
  const kept = useSignal(true);
  useKeys("Notes", [{ key: "n", label: "Write notes", run: () => document.getElementById("notes")?.focus() }]);
  return (
    <section class="notes">
      <label class="label" for="notes">Notes</label>
      <textarea id="notes" dir="auto" value={text.value} placeholder="Typed by you (N)" onKeyDown={(e) => e.key === "Escape" && e.currentTarget.blur()}
        onInput={(e) => {
          text.value = e.currentTarget.value;
          kept.value = keepNotes(call, text.value);
        }} />
      <small class="muted">{kept.value ? "Kept in this browser only." : "This browser does not let the notes be kept: copy them before you leave."}</small>
    </section>
  );
}
