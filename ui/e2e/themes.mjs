// The themes of the mock: counted from its calls as simply as can be.

const dayLength = 86_400_000;
const defined = [
  { id: "rule_price", kind: "rule", state: "active", title: "Price", definition: { how: "words", phrases: ["expensive", "cheaper"] } },
  { id: "rule_charged", kind: "rule", state: "active", title: "Charged twice", definition: { how: "words", phrases: ["charged"] } },
  { id: "th_contract", kind: "discovered", state: "active", title: "cancel the contract", phrases: ["cancel the contract", "contract", "leave"], words: ["contract"] },
  { id: "th_arabic", kind: "discovered", state: "active", title: "إلغاء العقد", phrases: ["إلغاء العقد", "العقد"], words: ["العقد"] },
];

/** The themes of a world; made at the first question. */
const themesOf = (world) => (world.themes ??= structuredClone(defined));

const wordsOf = (t) => t.words ?? t.definition?.phrases ?? t.definition?.quotes ?? [t.definition?.query ?? ""];

function quotesOf(world, words) {
  const found = [];
  for (const r of world.calls.values()) {
    for (const u of r.utterances) {
      const word = u.speaker === "customer" && words.find((w) => u.text.toLowerCase().includes(w.toLowerCase()));
      if (!word) continue;
      const from = Buffer.byteLength(u.text.slice(0, u.text.toLowerCase().indexOf(word.toLowerCase())));
      const at = new Date(Date.parse(r.call.started_at) + u.start * 1000).toISOString();
      found.push({ call_id: r.call.id, utterance_id: u.id, customer_name: r.call.customer_name, start: u.start, at, text: u.text, score: 1, evidence: [{ from, to: from + Buffer.byteLength(word) }] });
    }
  }
  return found.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function figures(world, t) {
  const quotes = quotesOf(world, wordsOf(t));
  const trend = Array.from({ length: 28 }, () => 0);
  for (const q of quotes) trend[27 - Math.min(27, Math.floor((Date.now() - Date.parse(q.at)) / dayLength))]++;
  const now = { turns: quotes.length, calls: new Set(quotes.map((q) => q.call_id)).size };
  const emerging = t.id !== "rule_charged" ? undefined : {
    theme_id: t.id, title: t.title, from: new Date(Date.now() - 2 * dayLength).toISOString(), to: new Date().toISOString(),
    observed: now.calls, expected: 3.4, ratio: now.calls / 3.4, share: 0.3, before: 0.05, q: 0.0004, new: false,
  };
  return { ...t, now, before: { turns: 3, calls: 3 }, change: t.kind === "rule" ? 0.5 : undefined, trend, read: 1, emerging };
}

const detail = (world, t) => ({ ...figures(world, t), changes: t.changes ?? [], quotes: quotesOf(world, wordsOf(t)).slice(0, 30) });

/** Answers /v1/themes/... with a status and a body. */
export async function themes(world, method, [id, part], body) {
  const all = themesOf(world);
  const calls = world.calls.size;
  if (id === undefined && method === "GET") {
    const list = all.filter((t) => t.state === "active").map((t) => figures(world, t));
    return [200, { themes: list.toSorted((a, b) => (b.emerging ? 1 : 0) - (a.emerging ? 1 : 0)), from: new Date(Date.now() - 27 * dayLength).toISOString(), to: "", zone: "UTC", now: { turns: calls, calls }, before: { turns: 0, calls: 0 }, trend: [], state: "complete" }];
  }
  if (id === "preview") {
    const d = (await body()).definition;
    if (d.phrases?.includes("...")) return [422, { title: "Unprocessable Entity", status: 422, detail: "", errors: [{ message: '"..." stands between words, not at an end' }] }];
    const quotes = quotesOf(world, wordsOf({ definition: d }));
    return [200, { turns: quotes.length, calls: new Set(quotes.map((q) => q.call_id)).size, read: 900, of: 900, quotes: quotes.slice(0, 3) }];
  }
  if (id === undefined) {
    const { title, definition } = await body();
    const t = { id: `mine${all.length}`, kind: definition.how, state: "active", title, definition, changes: [{ at: new Date().toISOString(), by: "Dana", what: "defined", title, state: "active" }] };
    all.push(t);
    return [201, detail(world, t)];
  }
  const t = all.find((x) => x.id === id);
  if (!t) return [404, { title: "Not Found", status: 404, detail: "there is nothing with this id" }];
  if (method === "PATCH") Object.assign(t, await body());
  if (part === "calls") return [200, { calls: quotesOf(world, wordsOf(t)).slice(0, 12).map((q) => ({ id: q.call_id, customer_name: q.customer_name, started_at: q.at, turns: 1 })) }];
  if (part === "trend") return [200, { points: figures(world, t).trend.map((n, i) => ({ start: new Date(Date.now() - (27 - i) * dayLength).toISOString(), calls: n, turns: n, of_calls: 9, of_turns: 9 })) }];
  return [200, detail(world, t)];
}

/** Shares of a theme's calls by where they came from. */
export function counters(asked) {
  const points = Array.from({ length: 28 }, (_, i) => ({ start: new Date(Date.now() - (27 - i) * dayLength).toISOString(), calls: 1 + ((i * 5) % 7), turns: 3, of_calls: 20 }));
  const part = asked.get("source") || asked.get("campaign") || asked.get("queue") ? 0.4 : 1;
  const past = asked.get("to") && Date.parse(asked.get("to")) < Date.now() - 20 * dayLength ? 0.6 : 1;
  const total = { value: "", calls: Math.round(104 * part * past), turns: 150, of_calls: Math.round(560 * part), share: 0.18, enough: true, q: "theme:charged_twice speaker:customer", points };
  const base = { kind: asked.get("kind"), by: asked.get("by"), state: "complete", read: 1, total };
  if (asked.get("by") === "none") return { ...base, series: [] };
  if (asked.get("by") === "name") return { ...base, series: ["rule_price", "rule_charged", "th_contract"].map((value, i) => ({ ...total, value, calls: Math.round((90 - 30 * i) * part * past) })) };
  const rows = {
    campaign: [["Fibre Spring", 24, 80], ["", 7, 180], ["autumn", 2, 9]], source: [["google", 26, 89], ["", 7, 180]], queue: [["sales", 31, 240], ["", 2, 29]],
  }[asked.get("by")];
  const series = rows.map(([value, calls, all]) => ({
    value, calls, turns: calls, of_calls: all, share: calls / all, enough: all >= 20 && calls >= 5, q: `theme:price speaker:customer ${asked.get("by")}:"${value}"`,
  }));
  return { kind: "theme", by: asked.get("by"), state: "complete", read: 1, series };
}
