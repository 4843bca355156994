// What was on the line beside speech: music, ringing, pressed keys. It stands
// among what was said, quietly, and is never words.

import type { JSX } from "preact";
import { clock, figure, share, textOf } from "../format";
import { t } from "../lang";
import { many, type Call, type Sound } from "../wire";
import type { Line } from "../desk/captions";
import { SpeakerName } from "./line";

const nameOf = (kind: Sound["kind"]): string => textOf(t().parts.sounds, kind) ?? kind;

/** Sounds shorter than this need no end to be told. */
const long = 5;

/** What a sound was, for the transcript: "on hold 0:42–2:10". */
export function soundText(s: Sound): string {
  const { parts } = t();
  const name = nameOf(s.kind);
  if (s.kind === "keys") return s.keys ? parts.atMost(name, figure(s.keys, 0)) : name;
  if (s.kind === "machine") return parts.likely(name, share(s.confidence));
  if (s.open) return parts.since(name, clock(s.start));
  return s.end - s.start < long ? name : parts.fromTo(name, clock(s.start), clock(s.end));
}

/** What a sound is now, for the desk: "hold music since 0:42". */
export function soundNow(s: Sound): string {
  const { parts } = t();
  return s.kind === "keys" ? parts.pressing : parts.since(s.kind === "music" ? parts.holdMusic : nameOf(s.kind), clock(s.start));
}

/** The newest sound of each side that still goes on. */
export function openSounds(c: Pick<Call, "status" | "sounds"> | undefined): readonly Sound[] {
  if (c?.status !== "live") return [];
  const open = many(c.sounds).filter((s) => s.open);
  return open.filter((s, i) => !open.some((o, k) => k > i && o.speaker === s.speaker));
}

/** A line of the transcript: words, or a sound. */
export type Placed = { line: Line; sound?: undefined } | { line?: undefined; sound: Sound };

/** Lines and sounds in order of time; a sound stands before what was said in it. */
export function placed(lines: readonly Line[], sounds: readonly Sound[]): Placed[] {
  const out: Placed[] = [];
  const rest = sounds.toSorted((a, b) => a.start - b.start);
  let next = 0;
  for (const line of lines) {
    for (; next < rest.length && (rest[next]?.start ?? 0) <= line.utterance.start; next++) {
      const sound = rest[next];
      if (sound) out.push({ sound });
    }
    out.push({ line });
  }
  return [...out, ...rest.slice(next).map((sound) => ({ sound }))];
}

export function SoundLine({ sound, now }: { sound: Sound; now?: boolean }): JSX.Element {
  return (
    <div class={`line line-sound line-${sound.speaker} line-first`}>
      <span class="line-who"><SpeakerName who={sound.speaker} /></span>
      <span class="line-text"><span dir="auto">{now ? soundNow(sound) : soundText(sound)}</span></span>
      {now ? <span class="line-time" /> : (
        <button type="button" class="at line-time" data-t={sound.start} aria-label={t().parts.playFrom(clock(sound.start))}>{clock(sound.start)}</button>
      )}
    </div>
  );
}
