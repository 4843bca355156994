// What is kept of the call: its state, a key to pause for a payment, and what
// the caller said to being recorded.

import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { clock } from "../format";
import { useKeys } from "../keys";
import { Cap, Rec } from "../parts/bits";
import { Icon } from "../parts/icon";
import { now } from "../parts/now";
import { many, type Call } from "../wire";
import type { LiveCall } from "./live";

/** After so many seconds a pause may have been forgotten. */
const longPause = 120;

export function RecordState({ desk }: { desk: LiveCall }): JSX.Element | null {
  const c = desk.call.value;
  if (!c) return null;
  const { state } = c.recording;
  const sending = desk.ordered.value !== undefined;
  const canPause = state === "recording" || state === "partial";
  return (
    <span class="rec-state" role="group" aria-label="Recording">
      <Rec of={c.recording} />
      {canPause && (
        <button type="button" class="quiet" aria-keyshortcuts="P" disabled={sending} onClick={() => void desk.record("pause")}>
          Pause <Cap k="P" />
        </button>
      )}
      {state === "paused" && (
        <button type="button" aria-keyshortcuts="P" disabled={sending} onClick={() => void desk.record("resume")}>
          Resume <Cap k="P" />
        </button>
      )}
    </span>
  );
}

export function RecordBanners({ desk }: { desk: LiveCall }): JSX.Element {
  const sure = useSignal(false);
  useKeys("Recording", [
    { key: "p", label: "Pause the recording, or resume it", run: () => toggle(desk) },
    { key: "o", label: "The caller agrees to the recording", run: () => agree(desk) },
    { key: "r", label: "The caller does not want the recording", run: () => (sure.value = canRefuse(desk)) },
  ]);
  const c = desk.call.value;
  if (c?.status !== "live") return <></>;
  return (
    <>
      {c.recording.state === "recording" && c.recording.announce && !c.recording.answer && <Announce key={c.id} words={c.recording.announce} />}
      {c.recording.state === "asking" && <Asking desk={desk} sure={sure} />}
      {c.recording.state === "paused" && <Paused of={c} />}
      {c.recording.state === "refused" && (
        <p class="note" role="status">
          <span>The caller did not want to be recorded. Nothing of this call is kept; suggestions come from what was known before.</span>
        </p>
      )}
      {sure.value && canRefuse(desk) && <Sure desk={desk} sure={sure} />}
      {desk.recordNote.value && <p class="note note-warn" role="alert"><Icon name="warn" />{desk.recordNote.value}</p>}
    </>
  );
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
      <span><span class="label">Say at the start</span> <q dir="auto">{words}</q></span>
      <span class="note-acts"><button type="button" onClick={() => (said.value = true)}>Said</button></span>
    </p>
  );
}

function Asking({ desk, sure }: { desk: LiveCall; sure: Signal<boolean> }): JSX.Element {
  return (
    <p class="note note-accent" role="status">
      <span>Ask the caller whether this call may be recorded. Nothing is kept before a yes.</span>
      <span class="note-acts">
        <button type="button" class="main" aria-keyshortcuts="O" onClick={() => agree(desk)}>They agree <Cap k="O" /></button>
        <button type="button" aria-keyshortcuts="R" onClick={() => (sure.value = true)}>They do not <Cap k="R" /></button>
      </span>
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
        Nothing is recorded or written down now{long ? ". Was this forgotten?" : "."}{" "}
        <span class="num" aria-hidden="true">Paused for {clock(Math.max(0, seconds))}</span>
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
    <div class="note note-bad" role="alertdialog" aria-label="Destroy what was recorded of this call?">
      <Icon name="warn" />
      <span>The caller does not want this call recorded: audio, captions and signals of it are destroyed. This cannot be undone.</span>
      <span class="note-acts">
        <button type="button" class="main" ref={first} onKeyDown={escape} onClick={() => { done(); void desk.record("refuse"); }}>Destroy them</button>
        <button type="button" onKeyDown={escape} onClick={done}>Keep them</button>
      </span>
    </div>
  );
}
