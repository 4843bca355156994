// Comments, customers and consent for the mock server.

/** Comments on a call: listed, written, changed, removed and brought back. */
export async function comments(world, req, r, path, body) {
  r.comments ??= [];
  const id = req.url.split("/")[5]?.split("?")[0];
  const one = (r.comments.find((c) => c.id === id)) ?? r.gone?.find((c) => c.id === id);
  if (req.method === "GET") return [200, { comments: r.comments }];
  if (req.method === "DELETE") {
    r.gone = [...(r.gone ?? []), one];
    r.comments = r.comments.filter((c) => c !== one);
    return [204];
  }
  if (req.method === "PUT") return [200, Object.assign(one, { text: (await body()).text, edited: new Date().toISOString() })];
  if (one) {
    r.comments = [...r.comments, one];
    return [200, one];
  }
  const c = { id: `n${r.comments.length}-${Date.now()}`, call_id: r.call.id, actor: "dana", by: "Dana", at: new Date().toISOString(), ...(await body()) };
  r.comments = [...r.comments, c];
  return [201, c];
}

const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString();

/** What makes a call worth looking at: pauses, removals, both at once, comments. */
export function seasoned(r) {
  const end = r.utterances.at(-1).end;
  r.call.duration = end + 1;
  r.call.recording = { state: "kept", paused: [{ start: 44, end: 49 }] };
  const u = r.utterances[2];
  r.insights.push({ kind: "redacted", name: "card_number", confidence: 1, speaker: u.speaker, start: u.start + 0.5, end: u.end - 0.2, model: "redact/1", utterance_id: u.id });
  r.insights.push({ kind: "moment", name: "complaint", confidence: 0.9, speaker: "customer", start: 9, end: 10, model: "moment/3", utterance_id: r.utterances[1].id });
  r.utterances[4].start = r.utterances[3].end - 1.2;
  r.comments = [
    { id: "n1", call_id: r.call.id, actor: "sam", by: "Sam Ortiz", at: day(1), text: "Good opening. Ask for the invoice number before the apology next time." },
    { id: "n2", call_id: r.call.id, actor: "dana", by: "Dana", at: day(0.5), edited: day(0.4), text: "I called back on Tuesday, nobody answered.", second: u.start, utterance_id: u.id },
  ];
}

const evidence = (label, quote, ago, weight) => ({ label, weight, confidence: 0.9, half_life: 14 * 86_400e9, at: day(ago), call_id: "whole", call_second: 9.2, quote });

const maria = {
  id: "maria", name: "Maria Kallas", since: "2019-04-02T00:00:00Z", calls: 4, members: ["maria", "m2"],
  identifiers: [{ type: "phone", value: "+491705550121", verified: true }],
  traits: [
    { name: "plan", value: "Fibre 100", source: "crm", at: day(300), kind: "declared" },
    { name: "plan", value: "Fibre 50", source: "shop", at: day(700), kind: "observed" },
    { name: "city", value: "Tartu", source: "crm", at: day(300), kind: "declared" },
    { name: "open_complaint", value: true, source: "crm", at: day(2), kind: "verified", expires: day(-40) },
  ],
  readings: [
    { name: "churn_risk", value: 0.75, evidence: [evidence("intent.cancel", "honestly I might just go to Nordtel", 0.01, 0.6), evidence("moment.complaint", "charged twice and nobody called back", 3, 0.4)] },
    { name: "contact_fatigue", value: 0.2, evidence: [{ label: "fact.contact", weight: 0.2, at: day(5) }] },
    { name: "buying_intent", value: 0, evidence: null },
  ],
  may: [{ purpose: "marketing", channel: "email", state: "withdrawn", since: day(30), source: "call" }],
};

const purposes = ["service", "marketing", "profiling", "research", "recording"];
const channels = ["", "email", "sms", "call"];

function cells(at) {
  const t = at ? Date.parse(at) : Date.now();
  return purposes.flatMap((purpose) => channels.map((channel) => {
    const base = { purpose, ...(channel ? { channel } : {}) };
    if (purpose === "service") return { ...base, state: "unknown", allowed: true, why: "The contract allows it; nothing on record says no." };
    if (purpose === "marketing" && channel === "email") {
      if (t < Date.now() - 200 * 86_400_000) return { ...base, state: "unknown", allowed: false, why: "Nothing on record says yes." };
      const gone = t > Date.now() - 30 * 86_400_000;
      return { ...base, state: gone ? "withdrawn" : "granted", allowed: !gone, since: day(gone ? 30 : 200), why: gone ? "Taken back on a call." : "Allowed in the shop.", row: row(gone ? 2 : 1) };
    }
    return { ...base, state: "unknown", allowed: false, why: "Nothing on record says yes." };
  }));
}

const row = (n) => ({
  id: `r${n}`, customer_id: "maria", purpose: "marketing", channel: "email", state: n === 1 ? "granted" : "withdrawn", at: day(n === 1 ? 200 : 30), recorded_at: day(n === 1 ? 200 : 30),
  source: n === 1 ? "shop" : "call", actor: n === 1 ? "checkout" : "Dana", ...(n === 2 ? { call_id: "whole", call_second: 22, evidence: "please no more mails" } : { wording: "May we send you offers by e-mail?" }),
  told: { of: 3, told: 3, confirmed: n === 1 ? 3 : 2, mismatch: 0 },
});

const entries = [
  { id: "t1", at: day(0.01), kind: "call", customer_id: "maria", call_id: "whole", name: "call.inbound" },
  { id: "t2", at: day(0.01), kind: "signal", customer_id: "maria", call_id: "whole", name: "intent.cancel", detail: "honestly I might just go to Nordtel" },
  { id: "t3", at: day(0.01), kind: "decision", customer_id: "maria", call_id: "whole", decision_id: "d1", name: "loyalty.month" },
  { id: "t4", at: day(2), kind: "trait", customer_id: "maria", name: "open_complaint", detail: "yes", source: "crm" },
  { id: "t5", at: day(9), kind: "fact", customer_id: "maria", name: "purchase", source: "shop", data: { product: "fibre", value: 39.9 } },
  { id: "t6", at: day(30), kind: "consent", customer_id: "maria", name: "marketing email", detail: "withdrawn" },
  { id: "t7", at: day(40), kind: "gate", customer_id: "maria", name: "marketing email", detail: "contact.limit" },
];

const identifiers = [
  { type: "phone", value: "+491705550121", state: "verified", first_seen: day(900), last_seen: day(0.01), customer_id: "maria" },
  { type: "email", value: "maria@example.org", state: "candidate", first_seen: day(90), last_seen: day(9), customer_id: "m2" },
];

const merges = [{ id: "l1", people: ["maria", "m2"], proof: { kind: "agent", actor: "Dana" }, at: day(80) }];
const reviews = [{ id: "v1", kind: "conflict", customer_id: "maria", other_id: "jonas", type: "email", values: ["family@example.org"], count: 3, why: "both are verified by it", at: day(3), state: "open" }];

/** Everything of a customer; undefined is nothing here. */
function ofCustomer(part, sub, q) {
  switch (part) {
    case undefined: return maria;
    case "identifiers": return { identifiers };
    case "merges": return { merges };
    case "timeline": return { entries: entries.filter((e) => !q.get("types") || q.get("types").split(",").includes(e.kind)) };
    case "consent":
      if (sub === "now") return { cells: cells(q.get("known") ?? q.get("valid")) };
      if (sub === "at") return { valid: q.get("valid"), known: q.get("valid"), verdict: "It was allowed, and that was known.", as_of: cells(q.get("valid"))[5], known_at: cells(q.get("valid"))[5] };
      return sub ? { recipients: [] } : { rows: [row(2), row(1)], total: 2, verified: true };
    default: return undefined;
  }
}

/** Customers, what waits to be decided, and how a line came to read so. */
export async function records(req, url, [what, id, part, sub]) {
  const q = url.searchParams;
  if (what === "customers" && !id) return [200, { customers: [maria, { id: "jonas", name: "Jonas Berg", identifiers: [{ type: "phone", value: "+491705550199" }] }].filter((c) => !q.get("q") || c.name.toLowerCase().includes(q.get("q").toLowerCase())) }];
  if (what === "customers") return [200, ofCustomer(part, sub, q)];
  if (what === "reviews") return [200, { reviews }];
  if (what === "consent") return [200, { wordings: [{ id: "marketing.email", version: 1, language: "en", text: "May we send you offers by e-mail?" }], purposes: [], channels: [] }];
  if (what === "decisions") return [200, { auditor: { counterfactuals: { list: [], tried: 12 } } }];
  return [404];
}
