// What the mock says of two engines side by side.

const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

const choices = [
  { name: "sherpa", model: "zipformer-en-small", languages: ["en"], loaded: true },
  { name: "sherpa/zipformer-en-large-with-a-rather-long-name", model: "zipformer-en-large-with-a-rather-long-name", languages: ["en"], loaded: false },
  { name: "deepgram", remote: true, loaded: true },
];

const words = (text) => text.split(" ").map((w) => {
  const [mark, rest] = w.includes(":") ? w.split(":") : ["same", w];
  const [shown, said] = rest.split("/");
  return { mark, ...(shown ? { text: shown } : {}), ...(said ? { said } : {}) };
});

const line = (speaker, start, said, first, second) => ({ speaker, start, end: start + 4, said, first: words(first), second: words(second), differs: `${first}${second}`.includes(":") });

const result = () => ({
  seconds: 93, cut: true, different: 11, different_share: 0.123, corrected: 2, turns: 14,
  engines: [
    { name: "sherpa", model: "zipformer-en-small", words: 204, errors: { rate: 0.182, words: 209, substitutions: 24, deletions: 9, insertions: 5 }, elapsed_seconds: 7.4, real_time_factor: 0.08, cpu_seconds: 12.6 },
    { name: "deepgram", words: 208, errors: { rate: 0.062, words: 209, substitutions: 9, deletions: 2, insertions: 2 }, elapsed_seconds: 21.9, real_time_factor: 0.235, cpu_unknown: "untold" },
  ],
  lines: [
    line("agent", 0.4, "thank you for calling northwind how can i help", "thank you for calling other:north/northwind added:wind how can i help", "thank you for calling northwind how can i help"),
    line("customer", 5.2, "i want to cancel my plan", "i want to other:counsel/cancel my other:plane/plan", "i want to cancel missing:/my plan"),
    line("agent", 11, "one moment please", "one moment please", "one moment please"),
    line("customer", 63, "<b>rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz</b>", "added:<b>x</b> other:rindfleischetikettierungsueberwachungsaufgaben/rind", "same"),
  ],
});

const base = (o) => ({ id: "t1", call_id: "p1", engines: ["sherpa", "deepgram"], by: "Dana", began_at: ago(2), state: "done", share: 1, ...o });

/** Answers what is asked about trials. */
export function trials(world, method, rest) {
  const s = (world.trials ??= { asked: 0, all: [base(), base({ id: "t0", call_id: undefined, file: "תקליט \u202Egnp.wav", state: "failed", fault: "deepgram: its service failed several times in a row and is left alone for a while" })] });
  if (method === "POST") return [202, (s.all = [base({ id: "t2", state: "running", share: 0.1, now: "sherpa" }), ...s.all])[0]];
  if (method === "DELETE") return (s.all = s.all.filter((v) => v.id !== rest[1])), [204];
  if (rest[1] === undefined) return [200, { trials: world.noTrials ? [] : s.all, choices: world.noTrials ? choices.slice(0, 1) : choices }];
  const one = s.all.find((v) => v.id === rest[1]);
  return one ? [200, one.state === "done" ? { ...one, result: result() } : { ...one, share: Math.min(0.9, 0.1 + 0.1 * s.asked++) }] : [404, { title: "Not Found", detail: "there is none of that name" }];
}

/** Pictures of the states that the screen of engines has. */
export async function trialShots(shoot) {
  await shoot("admin-trial-running", {}, async (page, _w, goto) => {
    await goto("/admin/engines?call=p1");
    await page.locator(".trial form select").nth(1).selectOption("deepgram");
    await page.locator(".trial form .main").click();
    await page.waitForSelector(".trial-head progress");
  });
  await shoot("admin-trial-none", {}, async (page, world, goto) => {
    world.noTrials = true;
    await goto("/admin/engines");
    await page.waitForSelector(".trial .empty");
  });
}
