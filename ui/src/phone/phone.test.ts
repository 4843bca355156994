import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { liveCalls } from "../desk/desk";
import { show } from "../lang";
import { en } from "../lang/en";
import { is } from "../lang/is";
import type { CallRow } from "../wire";
import { fragment, iceServers, MicrophoneError } from "./publish";
import { Phone } from "./store";

function stage() {
  const track = Object.assign(new EventTarget(), { enabled: true, stop: vi.fn() });
  const media = { getAudioTracks: () => [track], getTracks: () => [track] } as unknown as MediaStream;
  let changed: (s: RTCPeerConnectionState) => void = () => undefined;
  let level: (l: number) => void = () => undefined;
  const open = vi.fn(async (_device: string, _stereo: boolean) => media);
  const ask = vi.fn(async () => ({ token: "t", expires: "", url: "/ingest/whip", call: "phone-1" }));
  const session = { start: vi.fn(async () => undefined), end: vi.fn(async () => undefined) };
  const phone = new Phone({
    api: { phone: ask, whip: vi.fn() }, open,
    publisher: (_token, fn) => {
      changed = fn;
      return session;
    },
    meter: (_media, fn) => {
      level = fn;
      return () => undefined;
    },
  });
  return { phone, track, open, ask, session, changed: (s: RTCPeerConnectionState) => changed(s), level: (l: number) => level(l) };
}

describe("the softphone", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    localStorage.clear();
    liveCalls.value = [];
  });

  it("publishes under a ticket and finds its call among the live ones", async () => {
    const s = stage();
    s.phone.number.value = " +12025550142 ";
    await s.phone.start();
    s.changed("connected");
    expect(s.ask).toHaveBeenCalledWith(expect.objectContaining({ party: "agent", from: "+12025550142" }), expect.any(String));
    expect(s.phone.state.value).toBe("connected");
    liveCalls.value = [{ id: "c1", platform: "whip", platform_call_id: "phone-1" } as CallRow];
    expect(s.phone.call.value?.id).toBe("c1");
  });

  it.each([["denied"], ["none"], ["busy"], ["unsafe"]] as const)("explains a microphone that is %s", async (why) => {
    const s = stage();
    s.open.mockRejectedValueOnce(new MicrophoneError(why));
    await s.phone.start();
    expect([s.phone.state.value, s.phone.trouble.value()]).toEqual(["idle", en.softphone[why]]);
    expect(s.ask).not.toHaveBeenCalled();
  });

  it("says what the server says, and lets the microphone go", async () => {
    const s = stage();
    s.ask.mockRejectedValueOnce(new Problem(403, "Forbidden", "your role may not"));
    await s.phone.start();
    expect(s.phone.trouble.value()).toContain("your role may not");
    expect(s.track.stop).toHaveBeenCalled();
  });

  it("makes no call that was ended while it began", async () => {
    const s = stage();
    let answer: (m: { token: string; expires: string; url: string; call: string }) => void = () => undefined;
    s.ask.mockImplementationOnce(() => new Promise((done) => (answer = done)));
    const began = s.phone.start();
    await vi.waitFor(() => expect(s.ask).toHaveBeenCalled());
    await s.phone.finish();
    answer({ token: "t", expires: "", url: "/ingest/whip", call: "phone-1" });
    await began;
    expect([s.phone.state.value, s.track.stop.mock.calls.length, s.session.start.mock.calls.length]).toEqual(["idle", 1, 0]);
  });

  it("lets a microphone go that comes after the end", async () => {
    const s = stage();
    let give: (m: MediaStream) => void = () => undefined;
    const media = await s.open("", false);
    s.open.mockImplementationOnce(() => new Promise((done) => (give = done)));
    const began = s.phone.start();
    await s.phone.finish();
    give(media);
    await began;
    expect([s.track.stop.mock.calls.length, s.ask.mock.calls.length]).toEqual([1, 0]);
  });

  it("ends the call when the microphone is taken away", async () => {
    const s = stage();
    await s.phone.start();
    s.changed("connected");
    s.track.dispatchEvent(new Event("ended"));
    expect([s.phone.state.value, s.phone.trouble.value()]).toEqual(["over", en.softphone.lost]);
    await show("is"); // what was said follows the language
    expect(s.phone.trouble.value()).toBe(is.softphone?.lost);
    await show("en");
    expect(s.session.end).toHaveBeenCalledTimes(1);
  });

  it("mutes the microphone itself, and says when nothing comes from it", async () => {
    const s = stage();
    await s.phone.start();
    s.changed("connected");
    vi.advanceTimersByTime(7000);
    s.level(0);
    expect(s.phone.silent.value).toBe(true);
    s.phone.mute();
    s.level(0);
    expect([s.track.enabled, s.phone.silent.value, s.phone.level.value]).toEqual([false, false, 0]);
    s.phone.mute();
    s.level(0.1);
    expect([s.track.enabled, s.phone.level.value]).toEqual([true, 0.4]);
  });

  it("outlasts an interruption, not a failure", async () => {
    const s = stage();
    await s.phone.start();
    s.changed("connected");
    s.changed("disconnected");
    expect(s.phone.state.value).toBe("interrupted");
    s.changed("connected");
    expect(s.phone.state.value).toBe("connected");
    s.changed("failed");
    expect([s.phone.state.value, s.phone.trouble.value()]).toEqual(["over", en.softphone.failed]);
  });
});

describe("what WHIP says", () => {
  it("names relays with their passwords", () => {
    expect(iceServers('<turn:r.example:3478>; rel="ice-server"; username="u"; credential="a\\"b"; credential-type="password", </x>; rel="next"'))
      .toEqual([{ urls: "turn:r.example:3478", username: "u", credential: 'a"b' }]);
    expect(iceServers(null)).toEqual([]);
  });

  it("is told of a candidate under the offer's own name", () => {
    expect(fragment("v=0\r\na=ice-ufrag:abc\r\na=ice-pwd:xyz\r\n", { candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", sdpMid: "0" }))
      .toBe("a=ice-ufrag:abc\r\na=ice-pwd:xyz\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n");
  });
});
