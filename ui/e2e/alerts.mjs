// Saved searches, subscriptions and alerts of the mock, kept while it runs.

const kept = {
  searches: [
    { id: "s1", name: "Late refunds", query: "refund late", sort: "newest", shared: true, own: true, link: "/search?saved=s1", total: 41 },
    { id: "s2", name: "استرداد متأخر", query: "speakr:customer", sort: "relevance", shared: false, own: true, link: "/search?saved=s2", problem: "query, character 1: expected one of the fields; perhaps speaker" },
  ],
  subscriptions: [
    { id: "w1", search_id: "s1", name: "Late refunds", kind: "threshold", least: 10, unit: "calls", period: "day", mail: "dana@example.com", state: "active", above: true },
    { id: "w2", theme_id: "*", kind: "new", weeks: 1, webhook: "https://hooks.example.com/heed", state: "paused", note: "gone away", above: false },
  ],
  alerts: [
    { id: "a1", subscription_id: "w1", at: "2026-03-02T09:00:00Z", name: "Late refunds", kind: "change", count: 31, unit: "calls", expected: 11.4, from: "2026-03-01T09:00:00Z", to: "2026-03-02T09:00:00Z", link: "/search?saved=s1&days=2026-03-01..2026-03-02", deliveries: [{ by: "webhook", state: "failed", tries: 10, why: "the host was not reached" }] },
  ],
};

/** Answers a request of the part of the API that saves searches and alerts. */
export async function alerts(what, method, [id, act], body) {
  const list = kept[what];
  if (method === "GET") return id ? [200, list.find((x) => x.id === id)] : [200, { [what]: list.filter((x) => !x.deleted && x.state !== "deleted") }];
  if (id === "preview") return [200, { weeks: 8, fired: ["2026-02-11T15:00:00Z", "2026-02-27T10:00:00Z"], count: 6 }];
  if (act === "secret") return [200, { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }];
  const one = list.find((x) => x.id === id);
  if (method === "DELETE") {
    Object.assign(one, what === "searches" ? { deleted: true } : { state: "deleted" });
    return [204];
  }
  if (act === "restore") return [200, Object.assign(one, { deleted: false })];
  const given = await body();
  if (one) return [200, Object.assign(one, given)];
  const made = { id: `${what[0]}${list.length + 10}`, own: true, state: "active", above: false, ...given };
  list.push(made);
  return [201, made];
}
