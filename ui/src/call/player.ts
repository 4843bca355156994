// The recording as it plays, and which word is spoken now.

import { computed, signal } from "@preact/signals";
import type { Line } from "../desk/captions";
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

export class Player {
  readonly at = signal(0);
  readonly playing = signal(false);
  readonly rate = signal(1);
  readonly length = signal(0);
  readonly broken = signal(false);
  readonly words = signal<readonly Timed[]>([]);
  readonly word = computed(() => wordAt(this.words.value, this.at.value));

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

  private run(): void {
    this.playing.value = true;
    const step = (): void => {
      this.read();
      if (this.playing.peek() && this.audio) this.frame = requestAnimationFrame(step);
    };
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(step);
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
}
