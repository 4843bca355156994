// The calls that the mock server plays: what is said, what is understood, and
// what is suggested. Made up for working on the screens; never in the build.

const bytesOf = (text, part) => {
  const at = text.indexOf(part);
  if (at < 0) return [];
  const from = Buffer.byteLength(text.slice(0, at));
  return [{ from, to: from + Buffer.byteLength(part) }];
};

const intent = (name, part) => ({ kind: "intent", name, part, confidence: 0.86 });
const theme = (name, part) => ({ kind: "theme", name, part, confidence: 0.9 });
const moment = (name, part) => ({ kind: "moment", name, part, confidence: 0.8 });
const mood = (value) => ({ kind: "sentiment", name: "mood", value, confidence: 0.7 });

export const english = [
  { who: "agent", text: "Good morning, you are speaking with Dana, how can I help you", found: [intent("greeting", "Good morning")] },
  { who: "customer", text: "yes hi I got charged twice in March and um nobody has called me back about it", found: [intent("double_charge", "charged twice"), theme("billing", "charged twice in March"), mood(-0.45)] },
  { who: "agent", text: "I am sorry about that, let me have a look at the account", found: [moment("promise", "let me have a look")], decide: "credit" },
  { who: "customer", text: "my card is [card number] if you need that", found: [{ kind: "redacted", name: "card_number", part: "[card number]", confidence: 1 }] },
  { who: "agent", text: "thank you, I do not need it, I can see both payments here, one on the third and one on the fourth" },
  { who: "customer", text: "right and honestly I might just go to Nordtel they offer the same thing for twenty five a month", found: [intent("cancel", "I might just go to Nordtel"), moment("competitor_named", "Nordtel"), theme("price", "the same thing for twenty five a month"), mood(-0.8), { kind: "spotted", name: "the other company", confidence: 0.41 }], decide: "retain" },
  { who: "agent", text: "I understand, before you decide let me put this right for you" },
  { who: "customer", text: "okay but it has been three weeks and I have written two e-mails", found: [intent("complaint", "it has been three weeks"), theme("no_answer", "written two e-mails"), mood(-0.55)] },
  { who: "agent", text: "I have taken the second amount off and it is back on your account in two days", found: [moment("promise", "back on your account in two days")] },
  { who: "customer", text: "oh good thank you that was quick", found: [moment("thanks", "thank you"), mood(0.5)], decide: "quiet" },
  { who: "agent", text: "is there anything else I can do for you today" },
  { who: "customer", text: "no that is all thanks bye", found: [intent("goodbye", "bye"), mood(0.35)] },
];

export const arabic = [
  { who: "agent", text: "صباح الخير، معك دانا، كيف أقدر أساعدك اليوم؟" },
  { who: "customer", text: "صباح النور، تم خصم المبلغ مرتين في شهر مارس ولم يتصل بي أحد", found: [intent("double_charge", "خصم المبلغ مرتين"), theme("billing", "مرتين في شهر مارس"), mood(-0.5)], decide: "credit" },
  { who: "agent", text: "أعتذر منك، دعني أراجع الحساب الآن" },
  { who: "customer", text: "بصراحة قد أنتقل إلى Nordtel، عندهم نفس الباقة بـ 25 في الشهر", found: [intent("cancel", "قد أنتقل إلى Nordtel"), moment("competitor_named", "Nordtel"), mood(-0.8)], decide: "retain" },
  { who: "agent", text: "أفهمك تماماً، سأعيد المبلغ الثاني خلال يومين" },
  { who: "customer", text: "شكراً جزيلاً، هذا ممتاز", found: [moment("thanks", "شكراً جزيلاً"), mood(0.6)] },
];

/** Gives the turns their times, about two and a half words a second. */
export function timed(turns) {
  let at = 0.6;
  return turns.map((t, i) => {
    const words = t.text.split(" ");
    const start = at;
    const list = words.map((text, k) => ({
      text, start: round(start + k * 0.38), end: round(start + k * 0.38 + 0.33), confidence: 0.7 + ((i * 7 + k * 3) % 30) / 100,
    }));
    const end = round(start + words.length * 0.38);
    at = end + 0.7;
    return { ...t, start: round(start), end, words: list };
  });
}

const round = (n) => Math.round(n * 1000) / 1000;

export function utterance(call, t, seq) {
  return {
    id: `${call}-u${seq}`, call_id: call, seq, speaker: t.who, start: t.start, end: t.end, text: t.text,
    words: t.words, confidence: 0.84, language: "en", engine: "mock",
  };
}

export function insightsOf(u, t) {
  return (t.found ?? []).map(({ part, ...i }) => ({
    ...i, speaker: u.speaker, start: u.start, end: u.end, model: "mock/1", utterance_id: u.id,
    evidence: part ? bytesOf(u.text, part) : null,
  }));
}

const evidence = (call, u, label, quote) => ({
  event_id: `${u.id}-${label}`, label, weight: 0.4, half_life: 1.2e15, confidence: 0.86, at: new Date().toISOString(),
  call_id: call, call_second: u.start, quote,
});

const choice = (o) => ({
  treatment: "call", p_interval: [o.p - 0.08, o.p + 0.09], annoyance: 0.02, pi: 0.93,
  priority: o.p * o.c * o.v * o.l, net: o.p * o.c * o.v * o.l - 0.02,
  allowed_by: { purpose: "service", basis: "contract", state: "unknown" }, avoid: "", ...o,
});

export function decide(kind, call, n, spoken) {
  const of = (label) => spoken.flatMap(({ u, found }) => found.filter((i) => `${i.kind}.${i.name}` === label)
    .map((i) => evidence(call, u, label, Buffer.from(u.text).subarray(i.evidence?.[0]?.from ?? 0, i.evidence?.[0]?.to ?? 999).toString())));
  const charged = { kind: "context", name: "intent.double_charge", value: 0.86, effect: "+", evidence: of("intent.double_charge") };
  const leaving = { kind: "signal", name: "churn_risk", value: 0.75, effect: "+", evidence: [...of("intent.cancel"), ...of("moment.competitor_named")] };
  const actions = {
    credit: [
      choice({ action: "credit_double_charge", issue: "service", group: "billing", rank: 1, title: "Credit the second charge now", say: "I have taken the second amount off, it is back on your account in two days.", because: "Charged twice in March, and the complaint is still open.", p: 0.62, c: 1.4, v: 18, l: 1, reasons: [charged] }),
      choice({ action: "apologise_callback", issue: "service", group: "apology", rank: 2, title: "Apologise for the missed call back", say: "You should have heard from us. I am sorry that you had to call again.", because: "Two contacts without an answer.", p: 0.5, c: 1.1, v: 9, l: 1, reasons: [charged] }),
    ],
    retain: [
      choice({ action: "retain_loyalty_price", issue: "retention", group: "offer", rank: 1, title: "Offer the loyalty price", say: "You have been with us since 2019. I can put you on the loyalty price: the same line for twenty four a month, from today.", avoid: "Do not speak badly of Nordtel.", because: "Named Nordtel and a price, after a double charge; a customer since 2019.", p: 0.41, c: 1.6, v: 120, l: 1.2, reasons: [leaving, { kind: "policy", name: "tenure_over_three_years", value: 1, effect: "+" }, { kind: "influence", name: "offer_refused_in_may", value: -0.2, effect: "-" }], allowed_by: { purpose: "service", basis: "contract", state: "unknown" } }),
      choice({ action: "credit_double_charge", issue: "service", group: "billing", rank: 2, title: "Credit the second charge now", say: "I have taken the second amount off, it is back on your account in two days.", because: "Charged twice in March, and the complaint is still open.", p: 0.62, c: 1.4, v: 18, l: 1, reasons: [charged] }),
      choice({ action: "apologise_callback", issue: "service", group: "apology", rank: 3, title: "Apologise for the missed call back", say: "You should have heard from us. I am sorry that you had to call again.", because: "Two contacts without an answer.", p: 0.5, c: 1.1, v: 9, l: 1, reasons: [charged] }),
    ],
    quiet: [],
  }[kind];
  return {
    decision_id: `${call}-d${n}`, at: new Date().toISOString(), slot: "agent.call", channel: "agent", subject: "maria", call_id: call, arm: "main",
    actions, because: actions[0]?.because ?? "The customer has just thanked you, and nothing open is worth more than a good end.",
    not_chosen: [
      { action: "upgrade_fibre_250", step: 2, rule: "consent", why: "She said no to selling on 4 March." },
      { action: "retain_discount_20", step: 5, rule: "cool down", why: "Offered 12 days ago; it waits for 30." },
    ],
    readings: [], versions: { catalogue: "mock" }, reads: [],
  };
}

export const customer = (churn, call, spoken) => ({
  id: "maria", name: "Maria Kallas", since: "2019-05-04T00:00:00Z", calls: 3,
  identifiers: [{ type: "phone", value: "+491705550121", verified: false }],
  traits: [
    { name: "name", value: "Maria Kallas", source: "crm", at: "2019-05-04T00:00:00Z" }, { name: "plan", value: "Fibre 100", source: "crm", at: "2023-01-10T00:00:00Z" },
    { name: "monthly_price", value: 29.9, source: "billing", at: "2024-01-10T00:00:00Z" }, { name: "language", value: "en", source: "call", at: "2024-01-10T00:00:00Z" },
  ],
  readings: [
    { name: "churn_risk", value: churn, evidence: [
      { label: "complaint.opened", weight: 0.2, at: "2026-03-20T09:00:00Z" }, { label: "page.cancel", weight: 0.25, at: "2026-03-28T18:12:00Z" },
      ...spoken.flatMap(({ u, found }) => found.filter((i) => i.name === "cancel").map(() => evidence(call, u, "intent.cancel", "I might just go to Nordtel"))),
    ] },
    { name: "buying_intent", value: 0.12, evidence: null },
    { name: "mood", value: -0.4, evidence: null },
  ],
  facts: [
    { event_id: "f1", name: "complaint.opened", at: "2026-03-20T09:00:00Z", props: { number: "#4412" } },
    { event_id: "f2", name: "page.cancel", at: "2026-03-28T18:12:00Z", props: null },
    { event_id: "f3", name: "contact.email", at: "2026-03-29T08:01:00Z", props: { topic: "billing" } },
  ],
  may: [
    { purpose: "marketing", channel: "agent", state: "unknown" }, { purpose: "marketing", channel: "email", state: "withdrawn", since: "2026-03-04T00:00:00Z", source: "preference page" },
    { purpose: "marketing", channel: "sms", state: "denied", since: "2026-03-04T00:00:00Z", source: "agent desk" }, { purpose: "marketing", channel: "call", state: "denied", since: "2026-03-04T00:00:00Z", source: "agent desk" },
    { purpose: "profiling", state: "unknown" }, { purpose: "recording", state: "granted", since: "2026-01-04T00:00:00Z", source: "ivr" },
  ],
});
