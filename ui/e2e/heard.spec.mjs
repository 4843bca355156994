// What the customer answers to the suggestion is heard, and the agent confirms
// it or says that it was misheard, by the keyboard alone, in a real browser
// against a real server.
//
//   HEED_URL    address of the server, on which a call is live
//   HEED_LOGIN  one-time sign-in link
//   HEED_CALL   a call that is over, on which the customer said yes
//   HEED_SHOTS  a directory for pictures; may be absent

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, openPage } from "./browser.mjs";
import { seriousFindings } from "./checks.mjs";

const url = process.env.HEED_URL.replace(/\/$/, "");
const link = new URL(process.env.HEED_LOGIN, url);
const patience = 120_000;
let browser;
let page;

before(async () => {
  browser = await openBrowser();
  page = await openPage(browser);
});
after(() => browser?.close());

const clean = async (where) => assert.deepEqual(await seriousFindings(page), [], `axe on ${where}`);
const record = (id) => page.evaluate(async (call) => (await fetch(`/v1/calls/${call}`)).json(), id);

async function shots(name) {
  if (!process.env.HEED_SHOTS) return;
  for (const [kind, width, scheme] of [["light", 1280, "light"], ["dark", 1280, "dark"], ["narrow", 380, "light"]]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(400); // colours change slowly
    await page.screenshot({ path: join(process.env.HEED_SHOTS, `${name}-${kind}.png`), fullPage: width < 400 });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
}

// A question that has only just come does not take the key: press until one did.
async function press(key, done) {
  for (let i = 0; i < 40 && (await done.count()) === 0; i++) {
    await page.keyboard.press(key);
    await page.waitForTimeout(250);
  }
  await done.waitFor();
}

test("the desk asks about the answer that was heard", { timeout: patience }, async () => {
  await page.goto(url + link.pathname + link.search);
  await page.getByRole("button", { name: "Sign in" }).press("Enter");
  await page.waitForURL((u) => u.pathname !== "/login");
  await page.goto(`${url}/desk`);
  const ask = page.locator('[data-said="accepted"]');
  await ask.waitFor({ timeout: patience });
  assert.match(await ask.innerText(), /The customer said yes:.*loyalty discount[^]*yes,? please/i);
  await clean("the question");
  await shots("asked");
});

test("a confirmation is undone, and given again, and recorded once", { timeout: patience }, async () => {
  const held = page.locator("[data-held]");
  await press("y", held);
  await shots("held");
  await clean("the confirmation");
  await press("u", page.locator('[data-said="accepted"]'));
  const call = await page.locator("main").getAttribute("data-call");
  assert.equal((await record(call)).outcomes.length, 0, "nothing is recorded while it can be undone");
  await press("y", held);
  await page.locator('.done [data-outcome="accepted"][data-state="recorded"]').waitFor({ timeout: 30_000 });
  const kept = await record(call);
  assert.deepEqual(kept.outcomes.map((o) => [o.outcome, o.source, o.heard]), [["accepted", "heard", kept.proposals[0].id]]);
  assert.equal(kept.proposals[0].state, "confirmed");
  await shots("recorded");
});

test("on the page of a call that is over it is misheard, and that is taken back", { timeout: patience }, async () => {
  const call = process.env.HEED_CALL;
  await page.goto(`${url}/calls/${encodeURIComponent(call)}`);
  const one = page.locator(".answers-heard li").first();
  await one.getByRole("button", { name: "Misheard" }).press("Enter");
  await one.getByRole("button", { name: "Take that back" }).waitFor();
  assert.equal((await record(call)).proposals[0].state, "misheard");
  await clean("the call page");
  await shots("page");
  await one.getByRole("button", { name: "Take that back" }).press("Enter");
  await one.getByRole("button", { name: "Confirm" }).press("Enter");
  await one.getByRole("button", { name: "Undo" }).waitFor();
  // Leaving the page sends what was confirmed.
  await page.goto(`${url}/calls`);
  await page.locator(".call-row").first().waitFor();
  for (let i = 0; i < 40 && (await record(call)).outcomes.length === 0; i++) await page.waitForTimeout(100);
  assert.equal((await record(call)).proposals[0].state, "confirmed");
  assert.deepEqual(page.wrong ?? [], []);
});
