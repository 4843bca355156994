// A moment of a call, heard where it stands: one sounds at a time.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { api } from "../api";
import { clock } from "../format";
import { t } from "../lang";
import { Icon } from "./icon";

/** What is heard now, by its key. */
const heard = signal("");
const silent = signal<ReadonlySet<string>>(new Set());
let audio: HTMLAudioElement | undefined;

/** How long a moment is played when nobody says where it ends, in seconds, and what is played around it. */
const usual = 12;
const around = 0.3;

/** Stops what is heard. */
export function hush(): void {
  audio?.pause();
  audio = undefined;
  heard.value = "";
}

function hear(key: string, call: string, from: number, to: number): void {
  hush();
  const sound = new Audio(api.recording(call));
  audio = sound;
  heard.value = key;
  const over = (): void => {
    if (audio === sound) hush();
  };
  sound.addEventListener("loadedmetadata", () => {
    sound.currentTime = Math.max(0, from - around);
    sound.play().catch(over);
  });
  sound.addEventListener("timeupdate", () => sound.currentTime > to + around && over());
  sound.addEventListener("ended", over);
  sound.addEventListener("error", () => {
    if (audio !== sound) return;
    silent.value = new Set([...silent.peek(), call]);
    hush();
  });
}

interface Props {
  /** Tells this moment from all others on the page. */
  of: string;
  call: string;
  from: number;
  to?: number | undefined;
}

/** Plays a moment in place; pressed again it stops. */
export function PlayHere({ of, call, from, to }: Props): JSX.Element {
  const { parts } = t();
  const on = heard.value === of;
  const none = silent.value.has(call);
  return (
    <button type="button" class="play-here num" disabled={none} aria-pressed={on} title={none ? parts.noAudio : undefined}
      aria-label={on ? parts.stop : parts.play(clock(from))} onClick={() => (on ? hush() : hear(of, call, from, to ?? from + usual))}>
      <Icon name={on ? "pause" : "play"} />{clock(from)}
    </button>
  );
}
