// The supervisor's task, by the keyboard alone, in a real browser against a
// real server: make a rule, see a live call go on, be told by the rule, see to
// it, learn why the risk, and open the transcript.
//
//   HEED_URL    address of the server
//   HEED_LOGIN  one-time sign-in link of a supervisor
//   HEED_AGENT  one of an agent, who sees nothing of this

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, signIn } from "./browser.mjs";
import { seriousFindings } from "./checks.mjs";

const url = process.env.HEED_URL.replace(/\/$/, "");
const at = (link) => url + new URL(link, url).pathname + new URL(link, url).search;
let browser;
let page;

before(async () => {
  browser = await openBrowser();
  page = await openPage(browser);
});
after(() => browser?.close());

const patience = { timeout: 60_000 };
const clean = async (where) => assert.deepEqual(await seriousFindings(page), [], `axe on ${where}`);

test("a rule is made", patience, async () => {
  await signIn(page, at(process.env.HEED_LOGIN));
  await page.locator("main").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await page.waitForURL((u) => u.pathname === "/supervise");
  await page.getByRole("button", { name: "New rule" }).press("Enter");
  const form = page.locator(".live-form");
  await form.getByLabel("When").selectOption("phrase");
  await form.locator("input[type=text]").first().fill("supervisor|manager");
  await clean("the form");
  await page.keyboard.press("Enter");
  await page.locator(".live-rule-list li").waitFor();
});

test("a live call shows up and goes on in place", patience, async () => {
  const row = page.locator(".live-table tr[data-call]");
  await row.first().waitFor();
  assert.match(await row.first().innerText(), /Dana/);
  await row.locator(".live-topic .chip").first().waitFor();
  await row.locator(".live-mood .spark").first().waitFor();
  await clean("the live calls");
});

test("the rule tells, and is seen to with one key, which another takes back", patience, async () => {
  const alert = page.locator(".live-alert");
  await alert.waitFor();
  assert.match(await alert.innerText(), /A phrase is said/);
  assert.equal(await page.locator(".nav .count-bad [aria-hidden]").innerText(), "1");
  await page.locator("main").focus();
  await page.keyboard.press("x");
  await alert.waitFor({ state: "detached" });
  await page.locator(".nav .count-bad").waitFor({ state: "detached" });
  await page.keyboard.press("z");
  await alert.waitFor();
  await clean("an alert");
});

test("the risk says why", patience, async () => {
  const link = page.locator(".live-customer a").first();
  await link.focus();
  await page.keyboard.press("w");
  await page.locator(".live-grounds li").first().waitFor();
  await page.getByText(/Asks for somebody else/).first().waitFor();
  await clean("the grounds");
});

test("Enter opens the live transcript", patience, async () => {
  await page.locator(".live-customer a").first().press("Enter");
  await page.waitForURL((u) => u.pathname.startsWith("/desk/"));
  await page.locator(".line", { hasText: /supervisor/i }).first().waitFor();
});

test("the team's figures say when they are too few", patience, async () => {
  await page.goBack();
  await page.locator(".team-table").waitFor();
  assert.match(await page.locator(".team-table").innerText(), /too few to say/);
});

test("an agent is given none of it", patience, async () => {
  const other = await openPage(browser);
  await signIn(other, at(process.env.HEED_AGENT));
  await other.locator("main").waitFor();
  assert.equal(await other.locator('.nav a[href="/supervise"]').count(), 0);
  for (const path of ["/v1/live", "/v1/live/events", "/v1/live/rules", "/v1/live/alerts", "/v1/team"]) {
    assert.equal(await other.evaluate((p) => fetch(p).then((r) => r.status), path), 403, path);
  }
  await other.context().close();
});

test("nothing went wrong in the page and nothing was asked elsewhere", () => {
  assert.deepEqual(page.wrong, []);
});
