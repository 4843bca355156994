// A publisher over WHIP (RFC 9725) in as few words as it takes.

const endpoint = "/ingest/whip";
const at = (id) => document.getElementById(id);
const [form, token, stereo, start, end, state, time, level, keys, problem] =
  ["form", "token", "stereo", "start", "end", "state", "time", "level", "keys", "problem"].map(at);

let session; // what is open now

// A token may come behind the hash of the address, which no server is sent.
token.value = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
history.replaceState(null, "", location.pathname);

for (const key of "123456789*0#") {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = key;
  button.addEventListener("click", () => session?.sender.dtmf?.insertDTMF(key, 120));
  keys.append(button);
}

const ask = (session, url, method, body, headers = {}) =>
  fetch(url, { method, body, headers: { Authorization: `Bearer ${session.token}`, ...headers }, keepalive: method === "DELETE" });

/** Reads the servers that a publisher may use off the answer's Link headers. */
function iceServers(link) {
  const servers = [];
  for (const [, urls, rest] of (link ?? "").matchAll(/<([^>]+)>((?:\s*;\s*[\w-]+\s*=\s*(?:"(?:\\.|[^"\\])*"|[^\s;,"]+))*)/g)) {
    if (!/rel="?ice-server"?/.test(rest)) continue;
    const of = (name) => new RegExp(`${name}="((?:\\\\.|[^"\\\\])*)"`).exec(rest)?.[1].replace(/\\(.)/g, "$1");
    servers.push({ urls, username: of("username"), credential: of("credential") });
  }
  return servers;
}

async function publish(session) {
  session.media = await navigator.mediaDevices.getUserMedia({
    audio: stereo.checked ? { channelCount: 2, echoCancellation: false, noiseSuppression: false, autoGainControl: false } : true,
  });
  const pc = (session.pc = new RTCPeerConnection());
  const track = session.media.getAudioTracks()[0];
  session.sender = pc.addTransceiver(track, { direction: "sendonly", streams: [session.media] }).sender;
  track.addEventListener("ended", () => finish("The microphone is gone."));
  pc.addEventListener("connectionstatechange", () => changed(session));
  pc.addEventListener("icecandidate", (e) => e.candidate && trickle(session, e.candidate));
  const offer = await pc.createOffer();
  const answer = await ask(session, endpoint, "POST", offer.sdp, { "Content-Type": "application/sdp" });
  if (answer.status !== 201) throw new Error((await answer.json().catch(() => ({}))).detail ?? `The server answered ${answer.status}.`);
  session.url = new URL(answer.headers.get("Location"), answer.url).href;
  session.etag = answer.headers.get("ETag");
  // Candidates are looked for only now, with the servers that the answer names.
  pc.setConfiguration({ iceServers: iceServers(answer.headers.get("Link")) });
  await pc.setLocalDescription(offer);
  await pc.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  meter(session);
}

/** Tells the server of a way to this browser. That is a help, not a must. */
function trickle(session, candidate) {
  const [ufrag, pwd] = ["ufrag", "pwd"].map((name) => new RegExp(`^a=ice-${name}:.*$`, "m").exec(session.pc.localDescription.sdp)[0].trim());
  const body = [ufrag, pwd, "m=audio 9 UDP/TLS/RTP/SAVPF 0", `a=mid:${candidate.sdpMid}`, `a=${candidate.candidate}`, ""].join("\r\n");
  ask(session, session.url, "PATCH", body, { "Content-Type": "application/trickle-ice-sdpfrag", "If-Match": session.etag }).catch(() => {});
}

function changed(session) {
  const now = session.pc.connectionState;
  if (now === "connected") session.since ??= Date.now();
  if (now === "failed") finish("The connection failed: no audio (UDP) comes through.");
  else if (now === "closed") finish("");
  else state.textContent = { connected: "Connected", disconnected: "The connection is interrupted" }[now] ?? "Connecting";
}

function meter(session) {
  session.audio = new AudioContext();
  const analyser = session.audio.createAnalyser();
  session.audio.createMediaStreamSource(session.media).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  session.tick = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    level.value = Math.min(1, Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length) * 4);
    if (!session.since) return;
    time.textContent = `for ${Math.floor((Date.now() - session.since) / 1000)} s`;
    keys.disabled = !session.sender.dtmf?.canInsertDTMF; // no event tells, and it may come after the connection
  }, 100);
}

/** Ends what is open, in the order in which it was opened, and says why. */
async function finish(why) {
  const over = session;
  if (!over) return;
  session = undefined;
  clearInterval(over.tick);
  if (over.url) await ask(over, over.url, "DELETE").catch(() => {});
  over.pc?.close();
  over.media?.getTracks().forEach((t) => t.stop());
  await over.audio?.close();
  problem.textContent = why;
  state.textContent = over.since && !why ? "Ended" : "Not connected";
  level.value = 0;
  keys.disabled = end.disabled = true;
  start.disabled = token.disabled = stereo.disabled = false;
}

form.addEventListener("submit", async (e) => {
  e.preventDefault();
  problem.textContent = time.textContent = "";
  start.disabled = token.disabled = stereo.disabled = true;
  end.disabled = false;
  state.textContent = "Connecting";
  session = { token: token.value.trim() };
  try {
    await publish(session);
  } catch (err) {
    await finish(err.name === "NotAllowedError" ? "The browser does not allow the microphone." : err.name === "NotFoundError" ? "There is no microphone." : err.message);
  }
});
end.addEventListener("click", () => finish(""));
addEventListener("pagehide", () => session?.url && ask(session, session.url, "DELETE").catch(() => {}));
