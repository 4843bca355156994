// The decisions of the mock: a small catalogue, a ranking that follows what is
// tried, and figures that never change.

const action = (id, title, issue, group, margin, p, more = {}) => ({ id, issue, group, purpose: "service", title, say: `${title}, and gladly.`, channels: ["agent", "web"], value: { margin, customer_benefit: 5 }, prior: { p }, policies: [], ...more });
const leaving = { id: "leaving", kind: "applicability", when: 'label("intent.cancel") || high("churn_risk")', why: "the customer does not seem about to leave", tests: [{ given: { labels: ["intent.cancel"] }, want: "keep" }, { given: { signals: { churn_risk: 0.8 } }, want: "keep" }, { given: { traits: { plan: "basic" } }, want: "keep" }, { given: { signals: { churn_risk: 0.1 } }, want: "keep", waived: "Until the spring campaign ends" }] };
const docs = [
  action("ret.loyalty", "Offer the loyalty discount", "retention", "contract_offers", 60, 0.25, { policies: [leaving], treatments: [{ id: "email.v1.ar", channel: "email", language: "ar", title: "يمكن أن يكون سعرك أقل", say: "يمكننا خصم 20 بالمئة." }] }),
  action("ret.review", "Review the contract together", "retention", "contract_reviews", 30, 0.4),
  action("care.apology", "Apologise, and say what happens next", "care", "apologies", 10, 0.5),
  action("sales.fibre", "Offer fibre <b>now</b>", "sales", "upgrades", 80, 0.08, { purpose: "marketing" }),
  action("service.longword", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "service", "help", 12, 0.3),
];
const draft = { ...docs[0], title: "Offer the loyalty discount, 25 %", value: { margin: 72, customer_benefit: 5 } };
const version = (n, state, author, doc) => ({ kind: "action", id: doc.id, version: n, state, author, doc });
const items = docs.map((doc, i) => ({ kind: "action", id: doc.id, state: i === 2 ? "retired" : "live", version: 0, newest: i === 0 ? 2 : 0, newest_state: i === 0 ? "draft" : undefined, doc }));
const lever = { scope: "group", name: "contract_offers", percent: 30, owner: "Ada", reason: "Spring campaign", from: "2026-03-01T00:00:00Z", until: new Date(Date.now() + 3 * 86_400_000).toISOString() };

const steps = [
  { version: 1, state: "draft", at: "2026-02-01T10:00:00Z", by: "Bo", why: "The offer of last year" }, { version: 1, state: "reviewed", at: "2026-02-02T10:00:00Z", by: "Ada", why: "Checked with legal" },
  { version: 1, state: "live", at: "2026-02-02T11:00:00Z", by: "Bo", why: "Go" }, { version: 2, state: "draft", at: "2026-03-01T10:00:00Z", by: "Bo", why: "Margins went up" },
];

function one(id) {
  const doc = docs.find((d) => d.id === id);
  if (!doc) return undefined;
  return id === "ret.loyalty" ? { versions: [version(2, "draft", "Bo", draft), version(1, "live", "Bo", doc), version(0, "retired", "the files", doc)], steps } : { versions: [version(0, "live", "the files", doc)], steps: [] };
}

function order(change) {
  const actions = Object.fromEntries((change?.actions ?? []).map((a) => [a.id, a]));
  const levers = Object.fromEntries((change?.levers ?? []).map((l) => [l.name, l.percent]));
  const ranked = docs.filter((d) => d.id !== "sales.fibre" && d.id !== "care.apology").map((d) => {
    const v = ((actions[d.id]?.value?.margin ?? d.value.margin) + 5) ** 0.7;
    const l = 1 + (levers[d.id] ?? 0) / 100;
    return { action: d.id, title: d.title, group: d.group, p: d.prior.p, low: d.prior.p * 0.7, high: d.prior.p * 1.3, c: 1, v, l, priority: d.prior.p * v * l, annoyance: 0.1 };
  }).toSorted((a, b) => b.priority - a.priority).map((r, i) => ({ ...r, rank: i + 1 }));
  return { ranked, out: [{ action: "care.apology", title: docs[2].title, step: 5, rule: "hurt", why: "there is nothing to apologise for" }, { action: "sales.fibre", title: docs[3].title, step: 1, rule: "consent", why: "nobody said yes to offers", source: "GDPR 6" }] };
}

const report = {
  decisions: 1842, people: 611, opened: [], excluded: { before: 210, after: 210 }, as_logged: { same: 1790, differ: { "the weights were others": 52 }, estimates_logged: 4000, estimates_present: 120 },
  moved: 322, moved_people: 140, silence: { before: 0.31, after: 0.29 }, contacts: { before: 0.8, after: 0.84 }, newly_eligible: { people: 4 },
  movement: [
    { from: "ret.review", to: "ret.review", decisions: 900, people: 300 }, { from: "ret.loyalty", to: "ret.loyalty", decisions: 620, people: 250 },
    { from: "ret.review", to: "ret.loyalty", decisions: 240, people: 110, examples: [{ customer: "c1", at: "2026-03-02T10:12:00Z", slot: "agent.call", channel: "agent" }, { customer: "c2", at: "2026-03-03T09:00:00Z", slot: "web.banner", channel: "web" }] },
    { from: "silence", to: "ret.loyalty", decisions: 82, people: 60, examples: [{ customer: "c3", at: "2026-03-04T09:00:00Z", slot: "web.banner", channel: "web" }] },
  ],
  volume: [], value: { policy: "change", decisions: 940, subjects: 402, effective_sample_size: 388.2, logged: { value: 3.1, low: 2.7, high: 3.5 }, dr: { value: 3.6, low: 3.0, high: 4.1 }, snips: { value: 3.5, low: 2.8, high: 4.2 }, ips: { value: 3.5, low: 2.8, high: 4.2 }, apart: 0.03, unanswered: 902, untried: 0.04 },
  cohorts: [{ value: "basic", people: 300, decisions: 900, p: { before: 0.2, after: 0.22 }, reach: { before: 0.7, after: 0.72 }, worth: { before: 3, after: 3.4 } }, { value: "plus", people: 311, decisions: 942, p: { before: 0.3, after: 0.31 }, reach: { before: 0.69, after: 0.7 }, worth: { before: 4.1, after: 4.3 } }],
  alerts: ["worth of plan=basic is 0.79 of that of plan=plus: 3.4 beside 4.3"], notes: ["The decisions are those that were asked for then."],
};
const run = (state, done) => ({ id: "s1", state, ask: { change: '{"version":1,"actions":[{"id":"ret.loyalty","value":{"margin":72}}]}', since: "30d" }, by: "Ada", changed: ["ret.loyalty"], since: "2026-02-01T00:00:00Z", until: "2026-03-03T00:00:00Z", done, total: 611, started_at: "2026-03-03T10:00:00Z", ...(state === "done" ? { report } : {}) });

const bins = [0.05, 0.12, 0.2, 0.31, 0.42, 0.55].map((said, i) => ({ said, came: said + (i % 2 ? 0.03 : -0.02), outcomes: 40 + 60 * i }));
const health = {
  model: "hierarchical", lessons: 4210, auc: 0.68, decisions: 5200, silence: 0.3, explored: 0.094, explored_of: 3600, explored_times: { "ret.loyalty": 210 }, behind: 0,
  actions: [
    { action: "ret.loyalty", channel: "agent", responses: 1200, positives: 320, rate: 0.267, auc: 0.71, calibration_error: 0.014, last_learned: "2026-03-03T09:00:00Z", mature: true, drifts: 1, drift: "2026-02-11T09:00:00Z", reliability: bins },
    { action: "service.longword", channel: "web", responses: 12, positives: 2, rate: 0.167, auc: 0.5, calibration_error: 0.2, last_learned: "2026-03-02T09:00:00Z", mature: false, drifts: 0, reliability: bins.slice(0, 2) },
  ],
  stopped: [{ action: "ret.review", since: "2026-03-02T12:00:00Z", why: "81 % said yes that day, 24 % in the week before" }],
};
const rate = (mean, half) => ({ mean, low: mean - half, high: mean + half });
const lift = {
  arms: [{ arm: "nba", decisions: 4100, people: 1200, accepted: rate(0.26, 0.02), reward: rate(3.4, 0.3), share: 0.9 }, { arm: "random_eligible", decisions: 420, people: 130, accepted: rate(0.17, 0.04), reward: rate(2.2, 0.5), share: 0.09 }, { arm: "holdout", decisions: 40, people: 12, accepted: rate(0.2, 0.1), reward: rate(2, 1), share: 0.01 }],
  lifts: [{ question: "a", arm: "nba", against: "random_eligible", reward: rate(1.2, 0.6), accepted: rate(0.09, 0.045), relative: 0.5, p: 0.002, verdict: "" }, { question: "b", arm: "nba", against: "holdout", reward: rate(1, 2), accepted: rate(0.06, 0.1), relative: 0.5, p: 1, verdict: "" }],
  actions: [{ action: "ret.loyalty", chosen: { decisions: 800, people: 400 }, drawn: { decisions: 90, people: 60 }, lift: { question: "", arm: "nba", against: "random_eligible", reward: rate(1, 0.5), accepted: rate(0.11, 0.07), relative: 0.4, p: 0.01, verdict: "" } }, { action: "ret.review", chosen: { decisions: 500, people: 300 }, drawn: { decisions: 12, people: 9 } }],
};
const arms = { salt: "s", arms: [{ name: "random_eligible", kind: "random_eligible", share: 0.1, sticky_days: 28 }, { name: "holdout", kind: "holdout", share: 0.01, sticky_days: 90 }], ended: [] };
const words = { functions: [{ name: "label", gives: "bool", usage: 'label("intent.cancel")' }, { name: "high", gives: "bool", usage: 'high("churn_risk")' }, { name: "trait", gives: "dyn", usage: 'trait("plan") == "basic"' }], traits: [{ name: "plan", type: "string" }, { name: "monthly_fee", type: "number" }], signals: ["churn_risk", "buying_intent"], labels: ["intent.cancel"], facts: ["purchase"] };

function check({ when, cases }) {
  if (when.includes("chrn")) return { reads: [], reason: 'no signal "chrn_risk" for high()', hint: "did you mean churn_risk?", place: { at: when.indexOf('"chrn'), length: 11 }, cases: (cases ?? []).map(() => ({ holds: false })) };
  const held = (c) => (c.given.labels ?? []).includes("intent.cancel") || (c.given.signals?.churn_risk ?? 0) > 0.6;
  return { type: "bool", cost: 12, reads: [], cases: (cases ?? []).map((c) => ({ answer: held(c) ? "keep" : "remove", holds: (held(c) ? "keep" : "remove") === c.want })) };
}

/** What a request about decisions is answered with: a status and a body. */
export async function deciding(world, method, [what, ...rest], body) {
  switch (`${what}${rest.length > 0 ? "/…" : ""}`) {
    case "catalogue": return [200, { items: [...items, { kind: "policy", id: "policy", state: "live", version: 0, newest: 0, doc: {} }, { kind: "traits", id: "traits", state: "live", version: 0, newest: 0, doc: {} }, { kind: "lever", id: "spring", state: "live", version: 1, newest: 1, doc: lever }], alone: false, you: "Dana" }];
    case "catalogue/…": {
      if (method === "PUT") return world.conflict ? [409, { title: "Conflict", status: 409, detail: "somebody else was first" }] : [200, version(3, "draft", "Dana", (await body()).doc)];
      if (method === "POST") return [200, {}];
      const found = one(rest[1]);
      return found ? [200, found] : [404, { title: "Not Found", status: 404, detail: "there is nothing with this id" }];
    }
    case "policies/…": return [200, rest[0] === "words" ? words : check(await body())];
    case "levers": return [200, { since: "2026-02-01", until: "2026-03-03", decisions: 1842, flipped: 210, share: 0.114, given_up: 41.2, levers: [{ ...lever, state: "active", flipped: 210, share: 0.114, given_up: 41.2 }], owners: [], days: [], behind: 0 }];
    case "rankings": {
      const { change, channel } = await body();
      return [200, { at: new Date().toISOString(), slot: "agent.call", channel, now: order(), ...(change ? { tried: order(JSON.parse(change)) } : {}) }];
    }
    case "simulations": return method === "POST" ? [202, run("running", 0)] : [200, { simulations: [run("done", 611), { ...run("interrupted", 100), id: "s0" }] }];
    case "simulations/…": return [200, world.replaying ? run("running", 240) : run("done", 611)];
    case "actions/…": return [200, health];
    case "experiments": return [200, arms];
    default: return [200, lift];
  }
}
