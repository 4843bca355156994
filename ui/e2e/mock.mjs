// A server that answers as Heed's API does and plays scripted calls, for
// working on the screens without the Go server: `npm run mock`. No part of the build.

import { supervise } from "./supervise.mjs";
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { ordered } from "./recording.mjs";
import { accounts, session } from "./accounts.mjs";
import { admin } from "./admin.mjs";
import { alerts } from "./alerts.mjs";
import { attribution, spend } from "./campaigns.mjs";
import { deciding } from "./decisions.mjs";
import { completion } from "./completion.mjs";
import { handled } from "./handling.mjs";
import { counters, themes } from "./themes.mjs";
import { comments, records } from "./records.mjs";
import { arabic, customer, decide, english, insightsOf, timed, utterance } from "./script.mjs";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const kinds = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8", ".svg": "image/svg+xml" };

/** One world of calls: what is stored, who listens, and the clock. */
export class World {
  seq = 0;
  calls = new Map();
  listeners = new Set();
  log = [];
  timers = new Set();

  constructor(speed = 1) {
    this.speed = speed;
  }

  emit(type, call, data) {
    const e = { seq: ++this.seq, id: `e${this.seq}`, type, source: "/heed", time: new Date().toISOString(), subject: call, call, data };
    this.log.push(e);
    for (const l of this.listeners) l.event(e);
  }

  wait(seconds, run) {
    const t = setTimeout(() => {
      this.timers.delete(t);
      run();
    }, (seconds * 1000) / this.speed);
    this.timers.add(t);
  }

  close() {
    for (const t of this.timers) clearTimeout(t);
    for (const l of this.listeners) l.end();
  }

  newCall(id, o = {}) {
    const call = {
      id, platform: "twilio", platform_call_id: `CA${id}`, direction: "inbound", from: "+491705550121", to: "+4930555010",
      customer_id: "maria", customer_name: "Maria Kallas", agent: "Dana", language: "en", status: "live",
      started_at: new Date().toISOString(), duration: 0, captions: "live", recording: { state: "recording" }, health: { frames: 0 }, ...o,
    };
    const record = { call, utterances: [], insights: [], decisions: [], outcomes: [], corrections: [], spoken: [], customer: customer(0.35, id, []) };
    this.calls.set(id, record);
    this.emit("call.started", id, call);
    return record;
  }

  /** Plays a script as a live call; partials grow word by word. */
  play(id, turns, o = {}) {
    const r = this.newCall(id, o);
    const all = timed(turns);
    all.forEach((t, i) => {
      t.words.forEach((w, k) => this.wait(w.end, () => this.partial(id, t, i, k)));
      this.wait(t.end + 0.4, () => this.say(r, t, i + 1));
    });
    this.wait((all.at(-1)?.end ?? 0) + 2, () => this.end(id));
    return r;
  }

  partial(call, t, segment, k) {
    const words = t.words.slice(0, k + 1);
    const p = { call, speaker: t.who, segment, text: words.map((w) => w.text).join(" "), start: t.start, end: words.at(-1).end };
    for (const l of this.listeners) l.partial(p);
  }

  say(r, t, seq) {
    const id = r.call.id;
    const u = utterance(id, t, seq);
    const found = insightsOf(u, t);
    r.utterances.push(u);
    r.insights.push(...found);
    r.spoken.push({ u, found });
    r.call.duration = u.end;
    this.emit("utterance.spoken", id, { utterance: u, insights: found.length > 0 ? found : null });
    if (found.some((i) => i.name === "cancel")) {
      r.customer = customer(0.75, id, r.spoken);
      this.emit("profile.changed", id, r.customer);
    }
    if (t.decide) this.decide(r, t.decide);
  }

  decide(r, kind) {
    const d = decide(kind, r.call.id, r.decisions.length + 1, r.spoken);
    r.decisions.push(d);
    this.emit("decision.made", r.call.id, d);
  }

  change(id, o) {
    const r = this.calls.get(id);
    Object.assign(r.call, o);
    this.emit("call.changed", id, r.call);
  }

  end(id, o = {}) {
    const r = this.calls.get(id);
    Object.assign(r.call, { status: "ended", ended_at: new Date().toISOString(), end_reason: "stop", recording: { state: "kept", bytes: 480_000 }, ...o });
    this.emit("call.ended", id, r.call);
    this.sum(r);
  }

  /** Sums a call up by its first, a middle and its last lines. */
  sum(r) {
    const line = (part, u, due, due_on) => u && { part, text: r.corrections.find((c) => c.utterance_id === u.id)?.text ?? u.written ?? u.text, utterance_id: u.id, speaker: u.speaker, start: u.start, due, due_on };
    const of = (who) => r.utterances.filter((u) => u.speaker === who);
    const lines = [line("issue", of("customer")[1]), line("promise", of("agent").at(-2), "tomorrow", tomorrowOf(r)), line("outcome", of("customer").at(-1))].filter(Boolean);
    r.summary = { call_id: r.call.id, source: "words", model: "summary/1", lines };
    this.emit("call.summarised", r.call.id, r.summary);
  }

  /** Puts a call into the past, whole. */
  past(id, turns, o = {}) {
    const ago = o.ago ?? 3600;
    const r = this.newCall(id, { started_at: new Date(Date.now() - ago * 1000).toISOString(), ...o.call });
    timed(turns).forEach((t, i) => this.say(r, t, i + 1));
    for (const d of r.decisions) d.at = new Date(Date.parse(r.call.started_at) + 20_000 + r.decisions.indexOf(d) * 14_000).toISOString();
    const first = r.decisions[0];
    if (first) {
      r.outcomes.push({ id: `${id}-o1`, decision_id: first.decision_id, action: first.actions[0].action, outcome: "accepted", at: new Date(Date.parse(first.at) + 9000).toISOString(), channel: "agent", actor: "Dana", call_id: id });
    }
    r.insights.push({ kind: "talk", name: "share", value: 0.58, confidence: 1, speaker: "agent", start: 0, end: 60, model: "talk/1" });
    r.insights.push({ kind: "moment", name: "promise", confidence: 0.9, speaker: "agent", start: 31, end: 33, due: "tomorrow", due_on: tomorrowOf(r), model: "moment/3", utterance_id: r.utterances.at(-1).id });
    r.insights.push({ kind: "moment", name: "commitment", confidence: 0.9, speaker: "customer", start: 35, end: 36, due: "right away", model: "moment/3", utterance_id: r.utterances.at(-1).id });
    this.end(id, { ended_at: new Date(Date.now() - ago * 1000 + 60_000).toISOString(), ...o.end });
    return r;
  }
}

/** The day after a call. */
const tomorrowOf = (r) => new Date(Date.parse(r.call.started_at) + 86_400_000).toISOString().slice(0, 10);

const json = (res, status, body, type = "application/json") => {
  res.writeHead(status, { "Content-Type": type });
  res.end(JSON.stringify(body));
};
const problem = (res, status, title, detail, errors) => json(res, status, { type: "about:blank", title, status, detail, errors }, "application/problem+json");

const row = (r) => ({
  ...r.call, intent: r.insights.findLast((i) => i.kind === "intent" && i.name !== "goodbye")?.name,
  themes: [...new Set(r.insights.filter((i) => i.kind === "theme").map((i) => i.name))],
  mood: r.insights.findLast((i) => i.kind === "sentiment")?.value ?? 0, last: r.utterances.at(-1)?.text ?? "",
});

function stream(world, req, res, call, after, types) {
  res.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  res.write("retry: 1000\n\n");
  const wanted = (e) => (call ? e.call === call : true) && (types.length === 0 || types.includes(e.type));
  const l = {
    event: (e) => wanted(e) && res.write(`id: ${e.seq}\nevent: ${e.type}\ndata: ${JSON.stringify(e)}\n\n`),
    partial: (p) => call === p.call && res.write(`event: caption.partial\ndata: ${JSON.stringify(p)}\n\n`),
    end: () => res.end(),
  };
  for (const e of world.log) if (e.seq > after) l.event(e);
  world.listeners.add(l);
  req.on("close", () => world.listeners.delete(l));
}

/** Stereo PCM whose loudness follows who speaks: enough to hear the player work. */
function wav(r) {
  const rate = 8000;
  const seconds = (r.utterances.at(-1)?.end ?? 1) + 1;
  const data = Buffer.alloc(Math.floor(seconds * rate) * 4);
  for (const u of r.utterances) {
    const side = u.speaker === "agent" ? 0 : 2;
    for (let i = Math.floor(u.start * rate); i < u.end * rate; i++) {
      const v = 6000 * Math.sin(i / (side ? 7 : 10)) * Math.abs(Math.sin(i / 900)) * Math.abs(Math.sin(i / 5200));
      data.writeInt16LE(Math.round(v), i * 4 + side);
    }
  }
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 4, 28);
  head.writeUInt16LE(4, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

function peaks(r) {
  const body = wav(r).subarray(44);
  const agent = [];
  const cust = [];
  for (let at = 0; at + 1600 <= body.length; at += 1600) {
    let a = 0;
    let c = 0;
    for (let i = at; i < at + 1600; i += 4) {
      a = Math.max(a, Math.abs(body.readInt16LE(i)));
      c = Math.max(c, Math.abs(body.readInt16LE(i + 2)));
    }
    agent.push(a / 32768);
    cust.push(c / 32768);
  }
  return { per_second: 20, duration: agent.length / 20, agent, customer: cust };
}

function sendRange(req, res, body) {
  const m = /bytes=(\d+)-(\d*)/.exec(req.headers.range ?? "");
  const from = m ? Number(m[1]) : 0;
  const to = m && m[2] ? Number(m[2]) : body.length - 1;
  res.writeHead(m ? 206 : 200, {
    "Content-Type": "audio/wav", "Accept-Ranges": "bytes", "Content-Length": to - from + 1,
    ...(m ? { "Content-Range": `bytes ${from}-${to}/${body.length}` } : {}),
  });
  res.end(body.subarray(from, to + 1));
}

function search(world, q, res) {
  const words = q.replaceAll('"', "").toLowerCase().split(/\s+/).filter(Boolean);
  if ((q.match(/"/g) ?? []).length % 2 === 1) {
    return problem(res, 400, "Bad Request", "the query does not parse", [{ location: `query.q:${Buffer.byteLength(q.slice(0, q.lastIndexOf('"')))}`, message: "a quote is opened here and never closed" }]);
  }
  const hits = [];
  for (const r of world.calls.values()) {
    for (const u of r.utterances) {
      const low = u.text.toLowerCase();
      if (!words.every((w) => low.includes(w))) continue;
      const highlight = words.map((w) => Buffer.byteLength(u.text.slice(0, low.indexOf(w)))).map((from, i) => ({ from, to: from + Buffer.byteLength(words[i]) }));
      hits.push({ call_id: r.call.id, utterance_id: u.id, speaker: u.speaker, start: u.start, end: u.end, text: u.text, written: u.written, written_words: u.written_words, highlight, at: r.call.started_at, customer_name: r.call.customer_name, score: 1 });
    }
  }
  const speakers = ["customer", "agent"].map((value) => ({ value, count: hits.filter((h) => h.speaker === value).length })).filter((f) => f.count > 0);
  const facets = { speaker: speakers, intent: [{ value: "billing_dispute", count: 3 }, { value: "cancel", count: 1 }], theme: [{ value: "double_charge", count: 4 }], moment: [], language: [{ value: "en", count: hits.length }] };
  return json(res, 200, { hits, total: hits.length, state: "complete", facets });
}

async function bodyOf(req) {
  let text = "";
  for await (const part of req) text += part;
  return JSON.parse(text || "{}");
}

async function outcome(world, req, res) {
  const b = await bodyOf(req);
  const r = [...world.calls.values()].find((x) => x.decisions.some((d) => d.decision_id === b.decision_id));
  if (!r) return problem(res, 404, "Not Found", "there is nothing with this id");
  await new Promise((done) => setTimeout(done, world.lag ?? 60));
  const o = { id: `o${world.seq}`, decision_id: b.decision_id, action: b.action, outcome: b.outcome, at: new Date().toISOString(), channel: "agent", actor: "dana", call_id: r.call.id, idempotency_key: b.idempotency_key };
  r.outcomes.push(o);
  world.emit("outcome.recorded", r.call.id, o);
  return json(res, 201, o);
}

const status = (world) => ({
  version: "mock", engine: { name: "pocketsphinx", model: "en-us", note: "last resort: about one word in two is wrong", state: "ready", restarts: 1 },
  engines: [
    { name: "sherpa", model: "small-en", state: "restarting", restarts: 2, languages: ["en"] },
    { name: "deepgram", model: "nova-3", state: "down", restarts: 0, remote: true },
    { name: "pocketsphinx", model: "en-us", note: "last resort: about one word in two is wrong", state: "ready", restarts: 1, languages: ["en"] },
  ],
  room: { streams: 8, source: "corrected", calls: 4, turned: 3, policy: "record" },
  calls: { live: [...world.calls.values()].filter((r) => r.call.status === "live").length, max: 64 }, streams: 2,
  search: { state: "complete", lag_events: 0 }, store: { bytes: 48_234_000, last_seq: world.seq, state: "ok" }, uptime_s: 5400,
});

function calls(world, q, res) {
  const all = [...world.calls.values()].map(row).filter((c) => (!q.get("status") || c.status === q.get("status")) && (!q.get("customer") || c.customer_id === q.get("customer")))
    .toSorted((a, b) => (a.status === "live" ? 0 : 1) - (b.status === "live" ? 0 : 1) || Date.parse(b.started_at) - Date.parse(a.started_at));
  const from = Number(q.get("after") ?? 0);
  const limit = Number(q.get("limit") ?? 50);
  return json(res, 200, { calls: all.slice(from, from + limit), ...(all.length > from + limit ? { next: String(from + limit) } : {}) });
}

/** Takes a correction, or takes it back. */
async function correction(world, req, res, r, id) {
  const u = r.utterances.find((x) => x.id === id);
  if (!u) return problem(res, 404, "Not Found", "there is nothing with this id");
  const rest = r.corrections.filter((c) => c.utterance_id !== id);
  if (req.method === "DELETE") {
    r.corrections = rest;
    world.sum(r);
    res.writeHead(204);
    return res.end();
  }
  const { text: given } = await bodyOf(req);
  const text = given.replaceAll(/\d[\d ]{11,}\d/g, "[card number]");
  if (!/\p{L}/u.test(text)) return problem(res, 422, "Unprocessable Entity", "there are no words in it");
  const c = { utterance_id: id, call_id: r.call.id, heard: u.text, text, plain: text.toLowerCase(), by: "Dana", at: new Date().toISOString() };
  r.corrections = [...rest, c];
  world.emit("utterance.corrected", r.call.id, c);
  world.sum(r);
  return json(res, 200, c);
}

function oneCall(world, req, res, [id, part, said], q) {
  const r = world.calls.get(id);
  if (!r) return problem(res, 404, "Not Found", "there is nothing with this id");
  if (part === "events") return stream(world, req, res, id, Number(req.headers["last-event-id"] ?? q.get("after") ?? world.seq), []);
  if (part === "recording" && req.method === "POST") return bodyOf(req).then(({ action }) => json(res, ...ordered(world, r, action)));
  if (part === "recording") return sendRange(req, res, wav(r));
  if (part === "peaks") return json(res, 200, peaks(r));
  if (part === "comments") return comments(world, req, r, said, () => bodyOf(req)).then(([code, body]) => (body ? json(res, code, body) : res.writeHead(code).end()));
  if (part === "utterances") return correction(world, req, res, r, said);
  if (part === "mute" || part === "wrap-up") return handled(world, req.method, r, part, () => bodyOf(req)).then(([code, body]) => json(res, code, body));
  const { call, utterances, insights, decisions, outcomes, corrections, summary } = r;
  return json(res, 200, { ...call, utterances, insights, decisions, outcomes, corrections, summary, customer: r.customer, last_seq: world.seq });
}

function answer(world, req, res) {
  const url = new URL(req.url, "http://x");
  const [, v1, what, ...rest] = url.pathname.split("/");
  if (v1 !== "v1") return page(url.pathname, res);
  if (what === "session") return bodyOf(req).then((b) => session(world, req.method, rest, b)).then(([code, body, set]) => {
    if (set !== undefined) res.setHeader("Set-Cookie", `heed_session=${set}; HttpOnly; SameSite=Strict; Path=/`);
    return body ? json(res, code, body) : res.writeHead(code).end();
  });
  if (!/heed_session=1/.test(req.headers.cookie ?? "")) return problem(res, 401, "Unauthorized", "sign in first");
  switch (what) {
    case "me":
    case "users": return bodyOf(req).then((b) => accounts(world, req.method, [what, ...rest], b)).then(([code, body]) => (body ? json(res, code, body) : res.writeHead(code).end()));
    case "status": return json(res, 200, status(world));
    case "calls": return rest[0] ? oneCall(world, req, res, rest, url.searchParams) : calls(world, url.searchParams, res);
    case "events": return stream(world, req, res, "", world.seq, (url.searchParams.get("types") ?? "").split(",").filter(Boolean));
    case "search": return rest[0] === "complete" ? json(res, 200, completion(url.searchParams.get("q") ?? "")) : search(world, url.searchParams.get("q") ?? "", res);
    case "live": case "team": return supervise(world, req, res, [what, ...rest], json);
    case "attribution": return json(res, 200, attribution(world, url.searchParams));
    case "spend": return spend(req, url.searchParams.get("dry_run") === "true").then(([code, body]) => json(res, code, body));
    case "counters": return json(res, 200, counters(new URL(req.url, "http://mock").searchParams));
    case "themes": return themes(world, req.method, rest, () => bodyOf(req)).then(([code, body]) => json(res, code, body));
    case "searches":
    case "subscriptions":
    case "alerts": return alerts(what, req.method, rest, () => bodyOf(req)).then(([code, body]) => (body ? json(res, code, body) : res.writeHead(code).end()));
    case "keys": case "audit": case "engines": case "retention": case "platforms": return admin(world, what, req.method, rest, () => bodyOf(req)).then(([code, body]) => (body ? json(res, code, body) : res.writeHead(code).end()));
    case "catalogue": case "policies": case "levers": case "rankings": case "simulations": case "actions": case "experiments": return deciding(world, req.method, [what, ...rest], () => bodyOf(req)).then(([code, body]) => json(res, code, body));
    case "demo": return json(res, 202, { started: Boolean(world.play("demo", english)) });
    case "outcomes": return outcome(world, req, res);
    default: return records(req, url, [what, ...rest]).then(([code, body]) => (body ? json(res, code, body) : problem(res, 404, "Not Found", "there is nothing here")));
  }
}

function page(path, res) {
  let file = join(dist, normalize(path));
  if (!file.startsWith(dist) || !extname(file) || !existsSync(file)) file = join(dist, "index.html");
  res.writeHead(200, { "Content-Type": kinds[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": "default-src 'self'" });
  createReadStream(file).pipe(res);
}

/** Starts the mock; stop() ends it with its streams. */
export async function start(world, port = 0) {
  const server = createServer((req, res) => void Promise.resolve(answer(world, req, res)).catch((err) => problem(res, 500, "Mock failed", String(err))));
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => {
      world.close();
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

/** A world with something in every list. */
export function furnished(speed = 1) {
  const w = new World(speed);
  const people = ["Jonas Berg", "Aylin Demir", "", "Pieter de Vries", "Chen Wei", "أمينة الحسن", "Oluwaseun Adebayo-Fitzgerald", "Maria Kallas"];
  for (let i = 0; i < 70; i++) {
    const from = i % 7 === 2 ? english.slice(0, 2) : english.slice(0, 4 + (i % 9));
    w.past(`p${i}`, i === 5 ? arabic : from, { ago: 4000 + i * 5200, call: { customer_name: people[i % people.length], customer_id: `c${i % people.length}`, direction: i % 3 === 1 ? "outbound" : "inbound" } });
  }
  w.calls.get("p5").call.language = "ar";
  w.past("whole", english, { ago: 900 });
  w.past("cut", english.slice(0, 7), { ago: 2000, end: { status: "recovered", recording: { state: "partial", lost: 12.5 } }, call: { customer_name: "Aylin Demir", health: { frames: 9, notes: ["customer track silent since 0:42"] } } });
  for (const u of w.calls.get("cut").utterances.slice(-2)) u.recovered = true;
  return w;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const world = furnished(Number(process.env.SPEED ?? 1));
  console.log(`open ${(await start(world, Number(process.env.PORT ?? 8099))).url}/login?token=mock`);
  let n = 0;
  const next = () => {
    world.play(`live${++n}`, n % 3 === 0 ? arabic : english);
    world.wait(75, next);
  };
  next();
}
