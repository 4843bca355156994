// The campaigns of the mock: figures that never change, and files that are
// looked at without being read.

const counts = (...all) => all.map(([name, calls, id]) => ({ name, calls, ...(id ? { id } : {}) }));
const row = (name, source, calls, qualified, orders, linear, cost, o = {}) => ({
  name, ...(source ? { sources: [source] } : {}), calls, qualified_calls: qualified, orders,
  themes: counts(["Late delivery", Math.floor(calls / 3), "rule_late"], ["Price", Math.floor(calls / 5), "rule_price"]), intents: counts(["buy", qualified], ["cancel", 2]), outcomes: counts(["accepted", Math.floor(qualified / 2)]),
  revenue: { first: linear * 1.02, last: linear * 0.97, linear, position: linear * 1.01 },
  ...(cost === undefined ? {} : { cost, ...(qualified ? { cost_per_qualified_call: cost / qualified } : {}), return_on_spend: linear / cost }), ...o,
});

const rows = [
  row("Fibre Spring", "google", 120, 48, 21, 3304.2, 1412.5), row("Brand", "bing", 64, 30, 12, 1450, 300),
  row("عروض الربيع", "facebook", 31, 9, 4, 420.5, 512.75), row("Morning radio", "radio", 12, 3, 0, 0, 700, { themes: [], outcomes: [] }), row("", "", 240, 80, 9, 1204.99, undefined),
];

export function attribution(world, q) {
  const all = world.noCampaigns ? [] : rows;
  const sum = (of) => all.reduce((n, r) => n + (of(r) ?? 0), 0);
  return {
    from: q.get("from"), to: q.get("to"), by: q.get("by"), model: q.get("model"), currency: "EUR", rows: all,
    total: row("", "", sum((r) => r.calls), sum((r) => r.qualified_calls), sum((r) => r.orders), sum((r) => r.revenue.linear), all.length > 0 ? sum((r) => r.cost) : undefined),
    left_out: { orders_in_another_currency: 1, orders_without_amount: 0, orders_of_the_untracked: 2, orders_given_back: 0, orders_told_again: 3 },
    assumptions: ["Calls and costs are of the days from 2026-03-01 to 2026-03-31 in Europe/Berlin; revenue is of the orders placed in these days.", "First and last give all to one contact, linear the same to each; none of them proves a cause.", "A call is qualified that lasted 60 seconds or longer."],
  };
}

/** What an upload answers: one with "wrong" in it is refused. */
export async function spend(req, dry) {
  let text = "";
  for await (const part of req) text += part;
  if (text.includes("wrong")) {
    return [422, { title: "Unprocessable Entity", status: 422, detail: "line 3: cost: \"wrong\" is no amount such as 1234.50; nothing was kept", errors: [{ message: "line 3: cost: \"wrong\" is no amount such as 1234.50" }] }];
  }
  const first = dry ? [{ date: "2026-03-01", source: "google", campaign: "Fibre Spring", cost: 412.5 }, { date: "2026-03-02", source: "google", campaign: "Fibre Spring", cost: 1000 }] : undefined;
  return [200, { id: "u1", rows: 2, total: 1412.5, currency: "EUR", kept: !dry, unknown_columns: ["clicks"], first }];
}
