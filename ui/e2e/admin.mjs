// What the mock says to administrators: keys, who read what, platforms.

import { trials } from "./trials.mjs";

const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const scopes = ["calls:read", "calls:write", "calls:ingest", "events:write", "search:read", "search:write", "analysis:read", "analysis:write", "customers:read", "customers:write", "consent:read", "consent:write", "decisions:read", "decisions:write", "audit:read", "admin"];

const keys = () => [
  { id: "k1", name: "command line on this machine", role: "admin", state: "active", hint: "heed_Ab3x", created_at: ago(9000), used_at: ago(1) },
  { id: "k2", name: "Twilio", role: "ingest", scopes: ["calls:ingest"], state: "active", hint: "heed_9sPq", made_by: "Dana", created_at: ago(80_000), used_at: ago(3) },
  { id: "k3", name: "لوحة التقارير", role: "viewer", scopes: ["calls:read", "search:read", "analysis:read"], state: "active", hint: "heed_Zz01", made_by: "Dana", created_at: ago(70_000), expires_at: ago(-40_000) },
  { id: "k4", name: "an-export-of-the-old-warehouse-with-a-very-long-name-that-nobody-ever-shortened", role: "viewer", state: "revoked", hint: "heed_q1w2", made_by: "Pat", created_at: ago(99_000), used_at: ago(60_000), revoked_at: ago(5) },
];

const people = [["Dana", "agent"], ["Pat", "privacy"], ["BI export", "viewer"], ["مريم", "marketer"]];
const kinds = ["call", "recording", "search", "live", "quotes", "export", "customer"];
const reads = () => Array.from({ length: 30 }, (_, i) => ({
  n: 400 - i, first_at: ago(i * 13), last_at: ago(i * 13 - 2), times: (i * 7) % 5 + 1, who: `u${i % 4}`, name: people[i % 4][0], role: people[i % 4][1],
  origin: ["local", "private", "proxied", "public"][i % 4], kind: kinds[i % 7], ...(i % 7 === 5 ? {} : { call_id: `p${i}`, customer_id: `c${i}` }),
  ...(i === 1 ? { why: "complaint 4412" } : {}), sealed: i > 1,
}));

const platforms = () => [
  { name: "twilio", title: "Twilio", configured: true, testable: true, last_call_at: ago(4), numbers: [{ number: "+12025550199", calls: 812, last_call_at: ago(4) }, { number: "+3545550110", calls: 96, last_call_at: ago(3_100) }], open: 2, dropped: 12, refused: [{ reason: "signature", count: 3 }], addresses: [{ what: "voice", url: "https://calls.example.com/ingest/twilio/voice" }, { what: "status", url: "https://calls.example.com/ingest/twilio/status" }, { what: "media", url: "wss://calls.example.com/ingest/twilio/media" }] },
  { name: "audiohook", title: "Genesys Cloud AudioHook", configured: true, wanting: ["audiohook-keys"], testable: true, open: 0, dropped: 0, addresses: [{ what: "media", url: "wss://calls.example.com/ingest/audiohook" }] },
  { name: "siprec", title: "SIPREC", configured: false, missing: ["siprec-listen"], testable: false, open: 0, dropped: 0 },
  { name: "whip", title: "WebRTC (WHIP)", configured: true, testable: true, last_call_at: ago(50_000), open: 0, dropped: 0, addresses: [{ what: "publish", url: "https://calls.example.com/ingest/whip" }] },
];

const guide = "# Twilio\n\n1. Start the server with the account's *auth token*: `heed serve`,\n   and connect callers.\n2. In the console, at the phone number.\n\n```xml\n<Response>\n  <Start><Stream url=\"wss://calls.example.com/ingest/twilio/media\"/></Start>\n</Response>\n```\n\n## What is refused\n\n| with | what to do |\n| --- | --- |\n| 403 | see [tracking.md](tracking.md) |\n";

const test = (state, o = {}) => ({
  platform: "twilio", by: "Dana", began_at: ago(0), state, sent: 7.4, of: 20, streams: 1, faults: 0, told: { direction: "inbound", from: "+12025550142", to: "+12025550199", agent: "Test call" },
  parties: [{ speaker: "agent", frames: 370, seconds: 7.4, rate: 8000, level: -18 }, { speaker: "customer", frames: 371, seconds: 7.4, rate: 8000, level: -21 }],
  words: [{ speaker: "agent", at: 1, text: "thank you for calling how can i help" }, { speaker: "customer", at: 5, text: "i was charged twice in march" }], ...o,
});

/** Answers what is asked about keys, audit and platforms. */
export async function admin(world, what, method, rest, body) {
  const s = (world.admin ??= { keys: keys(), test: undefined });
  if (what === "audit") return rest[0] === "verify" ? [200, { whole: true, rows: 398, open: 2, head: "9f3c" }] : [200, { reads: world.nobodyRead ? [] : reads(), next: "x" }];
  if (what === "engines") return trials(world, method, rest);
  if (what === "retention") return retention(s, method, rest);
  if (what === "platforms") return platform(s, method, rest);
  return key(s, method, rest, body);
}

async function platform(s, method, rest) {
  if (rest[1] === "guide") return [200, { markdown: guide }];
  if (rest[1] === "test") s.test = rest[0] === "audiohook" ? test("failed", { platform: "audiohook", fault: "refused", detail: "http://127.0.0.1:8080 answered 401 Unauthorized", parties: [], words: [], streams: 0, told: {} }) : test("playing", { platform: rest[0] });
  if (rest[0] === "test" && method === "DELETE") return ((s.test = test("stopped")), [204]);
  return rest.length > 0 ? [rest[1] ? 202 : 200, { test: s.test }] : [200, { platforms: platforms() }];
}

async function key(s, method, [id, what], body) {
  if (method === "GET") return [200, { keys: s.keys, scopes }];
  const k = s.keys.find((one) => one.id === id);
  if (method === "DELETE") return ((k.state = "revoked"), [204]);
  if (what === "restore") return ((k.state = "active"), [200, k]);
  const made = { ...(k ?? (await body())), id: `k${s.keys.length + 1}`, state: "active", hint: "heed_n3w0", made_by: "Dana", created_at: ago(0) };
  s.keys.push(made);
  return [200, { ...made, key: "heed_n3w0kJ2mXq8vLz5RtYw7BcDfGhJkLmNpQrStVxYz1A4" }];
}

async function retention(s, method, [of, what]) {
  if (what === "preview") return [200, { calls: 1204, recordings: 988 }];
  if (of === "holds") return [method === "DELETE" ? 204 : 201, method === "DELETE" ? undefined : {}];
  const rules = [{ class: "recordings", days: 365, by: "Dana", at: ago(90_000) }];
  const holds = [{ id: "h1", call_id: "p3", why: "Case 2026/17", by: "Pat", at: ago(4000) }, { id: "h2", customer_id: "c2", why: "قضية رقم 4", by: "مريم", at: ago(9000) }];
  return [200, { least: 7, most: 3650, rules, holds, lifted: [{ id: "h0", call_id: "p2", why: "Case 2025/3", by: "Pat", at: ago(20000), lifted_at: ago(5000), lifted_by: "Dana" }], deleted: [{ class: "recordings", day: ago(1500).slice(0, 10), calls: 14 }] }];
}
