// A publisher over WHIP (RFC 9725): the microphone of this computer as one
// party of a call.

import type { Api } from "../api";

export type Problem = "denied" | "none" | "busy" | "lost" | "failed" | "unsafe";

/** Why a call cannot be, as a name that the texts know. */
export class MicrophoneError extends Error {
  constructor(readonly why: Problem) {
    super(why);
  }
}

const whys: Readonly<Record<string, Problem>> = {
  NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "none", OverconstrainedError: "none", NotReadableError: "busy", AbortError: "busy",
};

/** Opens a microphone; "" is the usual one. Both channels only where both are asked for. */
export async function openMicrophone(device: string, stereo: boolean): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new MicrophoneError("unsafe");
  const id = device ? { deviceId: { exact: device } } : {};
  const raw = { channelCount: 2, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: stereo ? { ...id, ...raw } : { ...id } });
  } catch (err) {
    throw new MicrophoneError(whys[err instanceof DOMException ? err.name : ""] ?? "busy");
  }
}

/** The microphones there are; without names until one was allowed. */
export async function microphones(): Promise<readonly MediaDeviceInfo[]> {
  const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return all.filter((d) => d.kind === "audioinput" && d.deviceId !== "" && d.deviceId !== "default");
}

/** Reads the servers that a publisher may use off the answer's Link headers. */
export function iceServers(link: string | null): RTCIceServer[] {
  const servers: RTCIceServer[] = [];
  for (const [, urls = "", rest = ""] of (link ?? "").matchAll(/<([^>]+)>((?:\s*;\s*[\w-]+\s*=\s*(?:"(?:\\.|[^"\\])*"|[^\s;,"]+))*)/g)) {
    if (!/rel="?ice-server"?/.test(rest)) continue;
    const of = (name: string): string => new RegExp(`${name}="((?:\\\\.|[^"\\\\])*)"`).exec(rest)?.[1]?.replaceAll(/\\(.)/g, "$1") ?? "";
    const username = of("username");
    servers.push(username ? { urls, username, credential: of("credential") } : { urls });
  }
  return servers;
}

/** How to tell the server of a way to this browser (RFC 8840). */
export function fragment(sdp: string, candidate: Pick<RTCIceCandidate, "candidate" | "sdpMid">): string {
  const own = ["ufrag", "pwd"].map((name) => new RegExp(`^a=ice-${name}:.*$`, "m").exec(sdp)?.[0].trim() ?? "");
  return [...own, "m=audio 9 UDP/TLS/RTP/SAVPF 0", `a=mid:${candidate.sdpMid}`, `a=${candidate.candidate}`, ""].join("\r\n");
}

/** One session of publishing. It ends by end(), and never by itself. */
export class Publisher {
  private readonly pc = new RTCPeerConnection();
  private url = "";
  private etag = "";

  constructor(private readonly api: Pick<Api, "whip">, private readonly token: string, changed: (state: RTCPeerConnectionState) => void) {
    this.pc.addEventListener("connectionstatechange", () => changed(this.pc.connectionState));
    this.pc.addEventListener("icecandidate", (e) => e.candidate && void this.trickle(e.candidate));
  }

  async start(endpoint: string, media: MediaStream): Promise<void> {
    const track = media.getAudioTracks()[0];
    if (!track) throw new MicrophoneError("none");
    this.pc.addTransceiver(track, { direction: "sendonly", streams: [media] });
    const offer = await this.pc.createOffer();
    const answer = await this.api.whip({ url: endpoint, method: "POST", token: this.token, body: offer.sdp ?? "", type: "application/sdp" });
    this.url = new URL(answer.headers.get("Location") ?? endpoint, answer.url || location.href).href;
    this.etag = answer.headers.get("ETag") ?? "";
    // Candidates are looked for only now, with the servers that the answer names.
    this.pc.setConfiguration({ iceServers: iceServers(answer.headers.get("Link")) });
    await this.pc.setLocalDescription(offer);
    await this.pc.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  }

  // That is a help, not a must.
  private async trickle(candidate: RTCIceCandidate): Promise<void> {
    const body = fragment(this.pc.localDescription?.sdp ?? "", candidate);
    await this.api.whip({ url: this.url, method: "PATCH", token: this.token, body, type: "application/trickle-ice-sdpfrag", etag: this.etag }).catch(() => undefined);
  }

  async end(): Promise<void> {
    if (this.url) await this.api.whip({ url: this.url, method: "DELETE", token: this.token }).catch(() => undefined);
    this.pc.close();
  }
}
