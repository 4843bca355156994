// A call by the microphone of this computer: what it is, and what may be done.

import { computed, signal } from "@preact/signals";
import { api as realApi, freshKey, Problem, type Api } from "../api";
import { liveCalls } from "../desk/desk";
import { locale, t, unsaid, type Say } from "../lang";
import { choice } from "../prefs";
import { MicrophoneError, microphones, openMicrophone, Publisher } from "./publish";

export const parties = ["agent", "customer", "stereo"] as const;
export type Party = (typeof parties)[number];

export type PhoneState = "idle" | "starting" | "connected" | "interrupted" | "over";

/** Below this nothing is heard, of 0..1. */
const quiet = 0.003;
/** Nothing for so long is worth a word, in milliseconds. */
const quietMs = 6000;

interface Deps {
  api: Pick<Api, "phone" | "whip">;
  open: typeof openMicrophone;
  publisher(token: string, changed: (s: RTCPeerConnectionState) => void): Pick<Publisher, "start" | "end">;
  meter(media: MediaStream, level: (l: number) => void): () => void;
}

const real: Deps = {
  api: realApi, open: openMicrophone, publisher: (token, changed) => new Publisher(realApi, token, changed), meter: measure,
};

export class Phone {
  readonly state = signal<PhoneState>("idle");
  readonly devices = signal<readonly MediaDeviceInfo[]>([]);
  readonly device = signal("");
  readonly party = choice<Party>("heed.party", parties);
  readonly number = signal("");
  readonly muted = signal(false);
  /** How loud it is, 0..1. */
  readonly level = signal(0);
  readonly since = signal(0);
  readonly silent = signal(false);
  /** Why there is no call, in words. */
  readonly trouble = signal(unsaid);
  readonly busy = computed(() => this.state.value === "starting" || this.on.value);
  readonly on = computed(() => this.state.value === "connected" || this.state.value === "interrupted");
  /** The call on Heed's side, once it has begun there. */
  readonly call = computed(() => liveCalls.value?.find((c) => c.platform === "whip" && c.platform_call_id === this.platformCall.value));

  private readonly platformCall = signal("");
  private media: MediaStream | undefined;
  private session: Pick<Publisher, "start" | "end"> | undefined;
  private unmeter: (() => void) | undefined;
  private heardAt = 0;
  /** Counts the calls that were begun or ended: what comes late is of none. */
  private turn = 0;

  constructor(private readonly d: Deps = real) {}

  /** Learns of the microphones there are, now and when one comes or goes. */
  watch(): () => void {
    const look = (): void => void microphones().then((all) => (this.devices.value = all));
    look();
    navigator.mediaDevices?.addEventListener("devicechange", look);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", look);
  }

  async start(): Promise<void> {
    if (this.busy.peek()) return;
    this.state.value = "starting";
    this.trouble.value = unsaid;
    this.muted.value = this.silent.value = false;
    const mine = ++this.turn;
    try {
      await this.connect(mine);
    } catch (err) {
      if (mine === this.turn) await this.finish(troubleOf(err));
    }
  }

  private async connect(mine: number): Promise<void> {
    const party = this.party.peek();
    const media = await this.d.open(this.device.peek(), party === "stereo");
    if (mine !== this.turn) return release(media);
    this.media = media;
    void microphones().then((all) => (this.devices.value = all)); // they have names now
    for (const track of media.getAudioTracks()) track.addEventListener("ended", () => void this.finish(() => t().softphone.lost));
    const from = this.number.peek().trim();
    const ticket = await this.d.api.phone({ party, language: locale(), ...(from ? { from } : {}) }, freshKey());
    if (mine !== this.turn) return; // finish has let the microphone go
    this.platformCall.value = ticket.call;
    const session = (this.session = this.d.publisher(ticket.token, (s) => mine === this.turn && this.changed(s)));
    await session.start(ticket.url, media);
    if (mine !== this.turn) return session.end();
    this.unmeter = this.d.meter(media, (l) => this.heard(l));
  }

  private changed(s: RTCPeerConnectionState): void {
    if (s === "connected") {
      if (!this.since.peek()) this.since.value = this.heardAt = Date.now();
      this.state.value = "connected";
    } else if (s === "disconnected" && this.on.peek()) this.state.value = "interrupted";
    else if (s === "failed") void this.finish(() => t().softphone.failed);
  }

  private heard(level: number): void {
    this.level.value = this.muted.peek() ? 0 : Math.min(1, level * 4);
    const now = Date.now();
    if (level > quiet || this.muted.peek()) this.heardAt = now;
    this.silent.value = this.on.peek() && now - this.heardAt > quietMs;
  }

  mute(on = !this.muted.peek()): void {
    if (!this.media) return;
    for (const track of this.media.getAudioTracks()) track.enabled = !on;
    this.muted.value = on;
  }

  /** Ends what is open, in the order in which it was opened, and says why. */
  async finish(why: Say = unsaid): Promise<void> {
    const { session, media } = this;
    const was = this.since.peek() > 0;
    this.turn++;
    this.platformCall.value = "";
    this.session = this.media = undefined;
    this.unmeter?.();
    this.unmeter = undefined;
    this.since.value = this.level.value = 0;
    this.silent.value = this.muted.value = false;
    this.trouble.value = why;
    this.state.value = was ? "over" : "idle";
    if (media) release(media);
    await session?.end();
  }
}

function release(media: MediaStream): void {
  for (const track of media.getTracks()) track.stop();
}

function troubleOf(err: unknown): Say {
  return () => {
    if (err instanceof MicrophoneError) return t().softphone[err.why];
    return err instanceof Problem ? `${t().softphone.refused}: ${err.message}` : t().softphone.failed;
  };
}

/** Says ten times a second how loud it is, until it is stopped. */
function measure(media: MediaStream, level: (l: number) => void): () => void {
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  audio.createMediaStreamSource(media).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    level(Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length));
  }, 100);
  return () => {
    clearInterval(timer);
    void audio.close();
  };
}

/** The one phone of this page. */
export const phone = new Phone();
