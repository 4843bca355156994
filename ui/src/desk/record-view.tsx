// What is kept of the call: its state, a key to pause for a payment, and what
// the caller said to being recorded.

import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { clock } from "../format";
import { useKeys, type Key } from "../keys";
import { t } from "../lang";
import { Cap, Rec } from "../parts/bits";
import { Icon } from "../parts/icon";
import { now } from "../parts/now";
import { mayHandle } from "../session";
import { many, type Call } from "../wire";
import type { LiveCall } from "./live";

/** After so many seconds a pause may have been forgotten. */
const longPause = 120;

export function RecordState({ desk }: { desk: LiveCall }): JSX.Element | null {
  const c = desk.call.value;
  if (!c) return null;
  const { state } = c.recording;
  const d = t().desk;
  const sending = desk.ordered.value !== undefined;
  const canPause = mayHandle() && (state === "recording" || state === "partial");
  return (
    <span class="rec-state" role="group" aria-label={d.rec}>
      <Rec of={c.recording} />
      {canPause && (
        <button type="button" class="quiet" aria-keyshortcuts="P" disabled={sending} onClick={() => void desk.record("pause")}>
          {d.pause} <Cap k="P" />
        </button>
      )}
      {state === "paused" && mayHandle() && (
        <button type="button" aria-keyshortcuts="P" disabled={sending} onClick={() => void desk.record("resume")}>
          {d.resume} <Cap k="P" />
        </button>
      )}
    </span>
  );
}

export function RecordBanners({ desk }: { desk: LiveCall }): JSX.Element {
  const sure = useSignal(false);
  const d = t().desk;
  useKeys(d.rec, keysFor(desk, sure));
  const c = desk.call.value;
  if (c?.status !== "live") return <></>;
  return (
    <>
      {c.recording.state === "recording" && c.recording.announce && !c.recording.answer && <Announce key={c.id} words={c.recording.announce} />}
      {c.recording.state === "asking" && <Asking desk={desk} sure={sure} />}
      {c.recording.state === "paused" && <Paused of={c} />}
      {c.recording.state === "refused" && (
        <p class="note" role="status">
          <span>{d.recRefused}</span>
        </p>
      )}
      {sure.value && canRefuse(desk) && <Sure desk={desk} sure={sure} />}
      {desk.recordNote.value && <p class="note note-warn" role="alert"><Icon name="warn" />{desk.recordNote.value}</p>}
    </>
  );
}

function keysFor(desk: LiveCall, sure: Signal<boolean>): readonly Key[] {
  const d = t().desk;
  if (!mayHandle()) return [];
  return [
    { key: "p", label: d.recPause, run: () => toggle(desk) },
    { key: "o", label: d.recAgree, run: () => agree(desk) },
    { key: "r", label: d.recRefuse, run: () => (sure.value = canRefuse(desk)) },
  ];
}

function toggle(desk: LiveCall): void {
  const state = desk.call.peek()?.recording.state;
  if (state === "paused") void desk.record("resume");
  else if (state === "recording" || state === "partial") void desk.record("pause");
}

function agree(desk: LiveCall): void {
  if (desk.call.peek()?.recording.state === "asking") void desk.record("allow");
}

function canRefuse(desk: LiveCall): boolean {
  const c = desk.call.peek();
  return c?.status === "live" && c.recording.state !== "refused";
}

/** What must be said before anything else, until the agent has said it. */
function Announce({ words }: { words: string }): JSX.Element | null {
  const said = useSignal(false);
  if (said.value) return null;
  return (
    <p class="note note-accent" role="status">
      <span><span class="label">{t().desk.sayFirst}</span> <q dir="auto">{words}</q></span>
      {mayHandle() && <span class="note-acts"><button type="button" onClick={() => (said.value = true)}>{t().desk.saidIt}</button></span>}
    </p>
  );
}

function Asking({ desk, sure }: { desk: LiveCall; sure: Signal<boolean> }): JSX.Element {
  return (
    <p class="note note-accent" role="status">
      <span>{t().desk.askRec}</span>
      {mayHandle() && <span class="note-acts">
        <button type="button" class="main" aria-keyshortcuts="O" onClick={() => agree(desk)}>{t().desk.agree} <Cap k="O" /></button>
        <button type="button" aria-keyshortcuts="R" onClick={() => (sure.value = true)}>{t().desk.refuse} <Cap k="R" /></button>
      </span>}
    </p>
  );
}

function Paused({ of }: { of: Call }): JSX.Element {
  const last = many(of.recording.paused).at(-1);
  const seconds = last ? (now.value - Date.parse(of.started_at)) / 1000 - last.start : 0;
  const long = seconds >= longPause;
  return (
    <p class={`note ${long ? "note-warn" : ""}`} role="status">
      <span>
        {long && <Icon name="warn" />}
        {t().desk.recPaused} {long && t().desk.forgotten}{" "}
        <span class="num" aria-hidden="true">{t().desk.pausedFor(clock(Math.max(0, seconds)))}</span>
      </span>
    </p>
  );
}

// It cannot be undone, so one key is not enough.
function Sure({ desk, sure }: { desk: LiveCall; sure: Signal<boolean> }): JSX.Element {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const done = (): void => {
    sure.value = false;
  };
  const escape = (e: KeyboardEvent): void => {
    if (e.key === "Escape") done();
  };
  return (
    <div class="note note-bad" role="alertdialog" aria-label={t().desk.destroyTitle}>
      <Icon name="warn" />
      <span>{t().desk.destroyHow}</span>
      <span class="note-acts">
        <button type="button" class="main" ref={first} onKeyDown={escape} onClick={() => { done(); void desk.record("refuse"); }}>{t().desk.destroy}</button>
        <button type="button" onKeyDown={escape} onClick={done}>{t().desk.keep}</button>
      </span>
    </div>
  );
}
