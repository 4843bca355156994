// The recording as it plays, and which word is spoken now.

import { computed, signal } from "@preact/signals";
import type { Line } from "../desk/captions";
import { choice } from "../prefs";
import { many } from "../wire";

export interface Timed {
  start: number;
  end: number;
  line: string;
  word: number;
}

/** All words of a call in order of time; a line without words is one. */
export function timeline(lines: readonly Line[]): Timed[] {
  const out: Timed[] = [];
  for (const { utterance: u } of lines) {
    const words = many(u.words);
    if (words.length === 0) out.push({ start: u.start, end: u.end, line: u.id, word: -1 });
    words.forEach((w, word) => out.push({ start: w.start, end: w.end, line: u.id, word }));
  }
  return out.toSorted((a, b) => a.start - b.start);
}

/** How long a word stays marked after its end when nobody speaks. */
const linger = 0.6;

/** The word spoken at a second: the latest that has begun and is not long over. */
export function wordAt(all: readonly Timed[], at: number): Timed | undefined {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((all[mid]?.start ?? 0) <= at) low = mid + 1;
    else high = mid;
  }
  const w = all[low - 1];
  return w && at <= w.end + linger ? w : undefined;
}

/** A stretch that is played again and again. */
export interface Loop {
  from: number;
  to: number;
}

/** How fast a recording may be played. */
export const rates = [0.75, 1, 1.25, 1.5, 1.75, 2, 2.5] as const;

/** What is left of a silence that is skipped, on both sides: words need air. */
const air = 0.4;

export class Player {
  readonly at = signal(0);
  readonly playing = signal(false);
  readonly rate = signal(1);
  readonly length = signal(0);
  readonly broken = signal(false);
  readonly words = signal<readonly Timed[]>([]);
  readonly word = computed(() => wordAt(this.words.value, this.at.value));

  /** Whether the page goes along with what is played: until the reader scrolls. */
  readonly following = signal(true);
  readonly loop = signal<Loop | undefined>(undefined);
  /** Silences, in order of time, and whether they are left out in playing. */
  readonly silences = signal<readonly Loop[]>([]);
  readonly skipping = choice<"off" | "on">("heed.skip", ["off", "on"]);
  private audio: HTMLAudioElement | undefined;
  private frame = 0;
  private want: number | undefined;

  /** Takes the audio element of the page; undefined lets it go. */
  attach(audio: HTMLAudioElement | null): void {
    if (!audio) {
      cancelAnimationFrame(this.frame);
      this.audio = undefined;
      return;
    }
    if (this.audio === audio) return;
    this.audio = audio;
    audio.playbackRate = this.rate.peek();
    audio.addEventListener("loadedmetadata", () => this.loaded());
    audio.addEventListener("play", () => this.run());
    audio.addEventListener("pause", () => (this.playing.value = false));
    audio.addEventListener("seeked", () => this.read());
    audio.addEventListener("error", () => (this.broken.value = true));
  }

  private loaded(): void {
    if (!this.audio) return;
    if (Number.isFinite(this.audio.duration)) this.length.value = this.audio.duration;
    if (this.want !== undefined) this.audio.currentTime = this.want;
    this.want = undefined;
  }

  private read(): void {
    if (this.audio) this.at.value = this.audio.currentTime;
  }

  /** Takes in where the recording is, and goes elsewhere where it is to. */
  tick(): void {
    this.read();
    this.guide();
  }

  private run(): void {
    this.playing.value = true;
    this.following.value = true;
    const step = (): void => {
      this.tick();
      if (this.playing.peek() && this.audio) this.frame = requestAnimationFrame(step);
    };
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(step);
  }

  // A loop goes back at its end; a silence that is skipped is left at once.
  private guide(): void {
    const at = this.at.peek();
    const loop = this.loop.peek();
    if (loop && at >= loop.to) {
      this.seek(loop.from);
      return;
    }
    if (this.skipping.peek() === "off") return;
    const quiet = this.silences.peek().find((s) => at > s.from + air && at < s.to - air);
    if (quiet && !(loop && quiet.to > loop.to)) this.seek(quiet.to - air);
  }

  /** Plays a stretch again and again; undefined ends that. */
  repeat(loop: Loop | undefined): void {
    this.loop.value = loop && loop.to - loop.from >= 0.2 ? loop : undefined;
    if (this.loop.value) this.playFrom(this.loop.value.from);
  }

  seek(second: number): void {
    const to = Math.max(0, this.length.peek() > 0 ? Math.min(second, this.length.peek()) : second);
    this.at.value = to;
    if (this.audio && this.audio.readyState > 0) this.audio.currentTime = to;
    else this.want = to;
  }

  /** Plays from a second on. A browser may refuse without a click: it stays there. */
  playFrom(second: number): void {
    this.seek(second);
    void this.audio?.play().catch(() => undefined);
  }

  toggle(): void {
    if (!this.audio) return;
    if (this.audio.paused) void this.audio.play().catch(() => undefined);
    else this.audio.pause();
  }

  setRate(rate: number): void {
    this.rate.value = rate;
    if (this.audio) this.audio.playbackRate = rate;
  }

  /** One step faster, or with -1 slower. */
  faster(by: 1 | -1): void {
    const now = rates.findIndex((r) => r >= this.rate.peek());
    this.setRate(rates[Math.min(rates.length - 1, Math.max(0, now + by))] ?? 1);
  }
}
