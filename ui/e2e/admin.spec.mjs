// The administrator's task, by the keyboard alone, in a real browser against a
// real server: make a key with a scope, see a test call of a platform arrive,
// find one's own reading of a call in the audit, and compare two engines.
//
//   HEED_URL    address of the server
//   HEED_LOGIN  one-time sign-in link of an administrator
//   HEED_CALL   a call that is over

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, signIn } from "./browser.mjs";
import { seriousFindings } from "./checks.mjs";

const url = process.env.HEED_URL.replace(/\/$/, "");
const link = new URL(process.env.HEED_LOGIN, url);
let browser;
let page;

before(async () => {
  browser = await openBrowser();
  page = await openPage(browser);
});
after(() => browser?.close());

const clean = async (where) => assert.deepEqual(await seriousFindings(page), [], `axe on ${where}`);

/** Goes to a part by its tab. */
async function tab(name, path) {
  await page.getByRole("link", { name, exact: true }).press("Enter");
  await page.waitForURL((u) => u.pathname === path);
}

test("a key with a scope is made, used, revoked, and given back", { timeout: 60_000 }, async () => {
  await signIn(page, url + link.pathname + link.search, `${url}/desk`);
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await page.waitForURL((u) => u.pathname.startsWith("/admin"));
  await tab("API keys", "/admin/keys");
  await page.getByRole("checkbox", { name: "calls:read" }).waitFor();
  await page.keyboard.press("n");
  await page.keyboard.type("Warehouse");
  await page.getByRole("checkbox", { name: "calls:read" }).press("Space");
  await page.getByRole("checkbox", { name: "calls:read" }).press("Enter");
  const secret = await page.locator(".admin-secret").innerText();
  assert.match(secret, /^heed_.{43}$/);
  await clean("a new key");
  const use = (path) => fetch(url + path, { headers: { Authorization: `Bearer ${secret}` } }).then((r) => r.status);
  assert.deepEqual([await use("/v1/calls"), await use("/v1/customers")], [200, 403]);
  await page.getByRole("button", { name: "Revoke the key Warehouse" }).press("Enter");
  await page.getByText("lets nobody in any more").waitFor();
  assert.equal(await use("/v1/calls"), 401);
  await page.locator("main").focus();
  await page.keyboard.press("u");
  await page.getByText("lets nobody in any more").waitFor({ state: "detached" });
  assert.equal(await use("/v1/calls"), 200);
});

test("a test call arrives, and is hung up", { timeout: 60_000 }, async () => {
  await tab("Platforms", "/admin/platforms");
  await page.getByRole("button", { name: "Make a test call as Twilio" }).press("Enter");
  const card = page.locator(".admin-test");
  await card.getByText(/Customer: [1-9][\d,]* frames/).waitFor();
  assert.match(await card.innerText(), /Test call/);
  await clean("a test call");
  await page.getByRole("button", { name: "Hang up" }).press("Enter");
  await card.getByText("Hung up").waitFor();
});

test("one's own reading of a call is in the audit", { timeout: 60_000 }, async () => {
  await page.goto(`${url}/calls/${process.env.HEED_CALL}`);
  await page.getByText("Who has read this").press("Enter");
  await page.getByText(/Administrator .*Call page/).first().waitFor();
  await clean("who has read a call");
  await page.locator("main").focus();
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await tab("Who read what", "/admin/audit");
  await page.locator(".admin-table").getByText("Call page").first().waitFor();
  await page.getByRole("button", { name: "Check the record" }).press("Enter");
  await page.getByText("Nobody changed it").waitFor();
  await clean("the audit");
});

test("two engines hear a file, and where they differ is marked", { timeout: 60_000 }, async () => {
  await tab("Engines", "/admin/engines");
  await page.getByLabel("Or a WAV file").setInputFiles("../fixtures/calls/double-charge.wav");
  await page.getByLabel("Second engine").press("h"); // hasty
  await page.getByRole("button", { name: "Compare" }).press("Enter");
  await page.locator(".trial-lines .w-other").first().waitFor();
  assert.match(await page.locator(".trial-lines").innerText(), /cancel/);
  assert.match(await page.locator(".trial-shown").innerText(), /They differ in \d+ words/);
  await clean("two engines side by side");
  await page.getByRole("button", { name: /^Forget/ }).press("Enter");
  await page.locator(".trial-shown").waitFor({ state: "detached" });
});

test("nothing went wrong in the page and nothing was asked elsewhere", () => {
  assert.deepEqual(page.wrong, []);
});
