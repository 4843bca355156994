// Live calls, rules and team figures of the mock.

const course = (...values) => values.map((value, i) => ({ at: 20 + i * 25, value }));

function row(id, ago, o = {}) {
  const started = Date.now() - ago * 1000;
  return {
    call_id: id, direction: "inbound", started_at: new Date(started).toISOString(), course: [], spoken: ago - (o.silent ?? 1), overlap: 0.02, dead_air: 0.05,
    risk: { value: 0, parts: [] }, audio: { state: "good", recording: "recording" }, language: "en", ...o,
  };
}

/** Twelve calls, some of which go badly. */
export function liveCalls() {
  const names = ["Jonas Berg", "Aylin Demir", "Pieter de Vries", "Chen Wei", "أمينة الحسن", "Oluwaseun Adebayo-Fitzgerald van der Westhuizen-Schmidt"];
  const agents = ["Ada Okafor", "Bo Lindqvist", "Carmen Ruiz", "سلمى الزهراء"];
  const topics = ["double_charge", "late_delivery", "slow_internet", "order_status", "upgrade"];
  const out = [
    row("whole", 612, {
      agent: "Ada Okafor", customer: "Maria Kallas", queue: "billing", topic: { kind: "theme", name: "double_charge", at: 590 }, mood: -0.62, course: course(0.1, -0.1, -0.3, -0.5, -0.62), overlap: 0.19, speaker: "customer",
      risk: { value: 0.82, parts: [{ kind: "asks", figure: 0.91, adds: 0.546 }, { kind: "leaving", figure: 0.7, adds: 0.35 }, { kind: "mood", figure: -0.62, adds: 0.31 }, { kind: "overlap", figure: 0.19, adds: 0.112 }] },
    }),
    row("p1", 95, { agent: "Bo Lindqvist", customer: "<b>Bobby</b> \u202Egnirts", queue: "orders", topic: { kind: "intent", name: "order_status", at: 60 }, mood: -0.3, course: course(0, -0.2, -0.3), silent: 47, risk: { value: 0.36, parts: [{ kind: "dead_air", figure: 0.4, adds: 0.15 }] }, audio: { state: "poor", recording: "recording", lost: 0.06, notes: ["customer track silent since 0:42"] } }),
  ];
  for (let i = 0; i < 10; i++) {
    out.push(row(`p${i + 2}`, 30 + i * 77, {
      agent: agents[i % 4], customer: names[i % 6], queue: ["billing", "orders", "support"][i % 3], topic: { kind: "theme", name: topics[i % 5], at: 12 }, mood: 0.3 - i * 0.05, course: course(0, 0.1, 0.3 - i * 0.05),
      risk: { value: i % 4 === 3 ? 0.41 : 0.04, parts: i % 4 === 3 ? [{ kind: "complains", figure: 0.9, adds: 0.27 }] : [] }, ...(i === 7 ? { audio: { state: "paused", recording: "recording" }, agent: "", customer: "", from: "+491701234521" } : {}),
    }));
  }
  return out;
}

const rules = [
  { id: "r1", name: "Asks for somebody else", kind: "asks", by: "Dana", own: true },
  { id: "r2", name: "Long silence", kind: "silence", seconds: 40, queue: "orders", by: "Sam", own: false },
  { id: "r3", name: "Lawyer or court", kind: "phrase", phrase: "lawyer|court", speaker: "customer", by: "Dana", own: true },
];

const alerts = () => [
  { id: "a1", rule_id: "r1", name: "Asks for somebody else", kind: "asks", call_id: "whole", agent: "Ada Okafor", at: new Date(Date.now() - 40_000).toISOString(), seconds: 570 },
  { id: "a2", rule_id: "r2", name: "Long silence", kind: "silence", call_id: "p1", agent: "Bo Lindqvist", at: new Date(Date.now() - 8000).toISOString(), seconds: 88, value: 40 },
];

const figures = (agent, calls, o = {}) => ({ agent, calls, live: 1, talk: calls * 312, longest: 1400, mood_calls: calls, outcomes: {}, answers: 0, ...o });

export const team = () => ({
  from: new Date(Date.now() - 30_000_000).toISOString(), to: new Date().toISOString(), more: false,
  all: figures("", 61, { mood: -0.08, outcomes: { accepted: 22, dismissed: 9, later: 3 }, answers: 34, accepted: 0.647 }),
  agents: [
    figures("Ada Okafor", 31, { mood: -0.25, outcomes: { accepted: 12, dismissed: 8 }, answers: 20, accepted: 0.6 }),
    figures("Bo Lindqvist", 27, { mood: 0.1, outcomes: { accepted: 10, later: 3, dismissed: 1 }, answers: 14, accepted: 0.714 }),
    figures("Carmen Ruiz", 3),
  ],
});

/** Answers /v1/live…; true when it did. */
export function supervise(world, req, res, rest, json) {
  const [of, what = "", id = "", act = ""] = rest;
  if (of === "team") return json(res, 200, team());
  if (what === "events") {
    res.writeHead(200, { "Content-Type": "text/event-stream" });
    res.write(`id: e.1\nevent: board\ndata: ${JSON.stringify({ whole: true, now: new Date().toISOString(), calls: world.noLive ? [] : liveCalls(), ended: [], alerts: world.noLive ? [] : alerts() })}\n\n`);
    return true;
  }
  if (what === "rules" && req.method === "GET") return json(res, 200, { rules: world.noLive ? [] : rules });
  if (what === "rules" && req.method === "DELETE") return res.writeHead(204).end();
  if (what === "alerts" && act === "ack") return json(res, 200, { ...alerts().find((a) => a.id === id) });
  return json(res, 422, { title: "Unprocessable Entity", status: 422, detail: "this rule cannot be kept: phrase: expected words, got nothing", errors: [{ location: "body.phrase", message: "expected words, got nothing" }] });
}
