// Small pieces that several screens share.

import type { ComponentChildren, JSX } from "preact";
import type { Problem } from "../api";
import { clock, due, exact, mood, moment, textOf, tone } from "../format";
import { t } from "../lang";
import type { Call } from "../wire";
import type { Recording } from "../wire-recording";
import { Icon } from "./icon";

/** A local time with its zone on the hover. */
export function When({ at }: { at: string }): JSX.Element {
  return <time dateTime={at} title={exact(at)}>{moment(at)}</time>;
}

/** The mood as a word in its colour. */
export function Mood({ value }: { value: number | undefined }): JSX.Element {
  if (value === undefined) return <span class="muted">{t().format.moods.none}</span>;
  return <span class={`tone-${tone(value)}`}>{mood(value)}</span>;
}

export function Direction({ of }: { of: string }): JSX.Element {
  const out = of === "outbound";
  return <span class="dir"><Icon name={out ? "out" : "in"} turn /> {out ? t().format.outbound : t().format.inbound}</span>;
}

/** What is kept of the audio, said plainly. */
export function Rec({ of }: { of: Recording }): JSX.Element {
  const lost = of.lost ? t().format.audioLost(clock(of.lost)) : "";
  const bad = of.state === "partial" || of.state === "lost" || lost !== "";
  return (
    <span class={`rec rec-${bad ? "bad" : of.state || "none"}`}>
      <i class="rec-dot" aria-hidden="true" />
      {textOf(t().format.recording, of.state) ?? t().format.recording.none}{lost && <span class="rec-lost"> · {lost}</span>}
    </span>
  );
}

export function StatusTag({ call }: { call: Pick<Call, "status"> }): JSX.Element {
  return <span class={`tag tag-${call.status}`}>{t().format.callStatus[call.status]}</span>;
}

/** A plain line about something that went wrong: what, what was kept, what to do. */
export function Trouble({ of, children }: { of: Problem; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="note note-bad" role="alert">
      <Icon name="warn" />
      <div><b>{of.title}.</b> {of.detail}{children}</div>
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }): JSX.Element {
  return <div class="empty"><h2>{title}</h2>{children}</div>;
}

/** A key cap beside the action that it does. */
export function Cap({ k }: { k: string }): JSX.Element {
  return <kbd aria-hidden="true">{k}</kbd>;
}

/** By when something was promised; the words that say so are in the hover. */
export function Due({ of }: { of: { due?: string; due_on?: string } }): JSX.Element | null {
  const when = due(of);
  if (!when) return null;
  const said = of.due_on && of.due ? `\u201C${of.due}\u201D` : undefined;
  return <span class="due" dir="auto" title={said}>{t().format.due} <bdi>{when}</bdi></span>;
}

/** A name and what it is, of a list of such. */
export function Row({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}
