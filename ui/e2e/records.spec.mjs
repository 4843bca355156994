// Reading a call and its customer, by the keyboard alone, in a real browser
// against a real server: hear a word, search inside, correct and take it back,
// comment and take that back, and look back at what the customer allowed.
//
//   HEED_URL      address of the server
//   HEED_LOGIN    one-time sign-in link of an administrator
//   HEED_CALL     a call that is over, with a recording, in which somebody says "cancel"
//   HEED_CUSTOMER its customer, who has allowed offers just now
//   HEED_SHOTS    a directory for pictures; may be absent

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, openPage } from "./browser.mjs";
import { seriousFindings } from "./checks.mjs";

const url = process.env.HEED_URL.replace(/\/$/, "");
const link = new URL(process.env.HEED_LOGIN, url);
const patience = { timeout: 60_000 };
let browser;
let page;

before(async () => {
  browser = await openBrowser();
  page = await openPage(browser);
});
after(() => browser?.close());

const clean = async (where) => assert.deepEqual(await seriousFindings(page), [], `axe on ${where}`);
const focused = () => page.evaluate(() => [document.activeElement.tagName, document.activeElement.textContent.trim()]);
const shot = (name) => process.env.HEED_SHOTS && page.screenshot({ path: join(process.env.HEED_SHOTS, `${name}.png`), fullPage: true });

async function press(...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

test("a search inside of the call leads to the word", patience, async () => {
  await page.goto(url + link.pathname + link.search);
  await page.getByRole("button", { name: "Sign in" }).press("Enter");
  await page.waitForURL((u) => u.pathname !== "/login");
  await page.goto(`${url}/calls/${process.env.HEED_CALL}`);
  await page.locator(".transcript .line[data-t]").first().waitFor();
  await press("f");
  await page.keyboard.type("CANCEL");
  await page.locator(".word-found-now").waitFor();
  assert.match(await page.locator(".find [role=status]").innerText(), /^1 of \d+$/);
  await clean("the call with matches");
  await press("Escape");
  assert.equal((await focused())[0], "BUTTON");
});

test("Enter plays the word that the arrows went to, and it is marked", patience, async () => {
  await press("ArrowRight", "ArrowRight");
  const [tag, word] = await focused();
  assert.equal(tag, "SPAN");
  const from = Number(await page.evaluate(() => document.activeElement.dataset.t));
  assert.ok(from > 0, `${word} has no second`);
  await press("Enter");
  await page.waitForFunction((s) => Number(document.querySelector(".wave input").value) > s, from);
  await page.locator(".word-now").first().waitFor();
  await press("Escape", "k");
});

test("the picture says in words what it shows", patience, async () => {
  const slider = page.locator(".wave input");
  const told = await page.evaluate(() => document.getElementById(document.querySelector(".wave input").getAttribute("aria-describedby")).textContent);
  assert.match(told, /The picture shows: .*Both speak: once, 0:01/);
  assert.match(await slider.getAttribute("aria-valuetext"), /^\d+:\d\d of \d+:\d\d$/);
  assert.match(await page.locator(".legend-kinds").innerText(), /Both speak/);
});

test("a line is corrected, says so, and is taken back", patience, async () => {
  const line = page.locator(".line:has(.word-found-now), .line:focus-within").first();
  const id = await line.getAttribute("id");
  const at = page.locator(`[id="${id}"]`);
  await at.locator(".correct-open").focus();
  await press("Enter");
  await page.locator(".correct textarea").waitFor();
  await press("ControlOrMeta+a");
  await page.keyboard.type("I want to cancel my contract, please.");
  await press("Enter");
  await at.locator(".corrected").waitFor();
  assert.match(await at.innerText(), /please\..*corrected[^]*heard:/);
  await press("Enter", "Tab", "Tab", "Tab");
  assert.match((await focused())[1], /^Undo the correction/);
  await press("Tab", "Enter");
  await page.locator(".correct details li").first().waitFor();
  assert.match(await page.locator(".correct details").innerText(), /Administrator:\s*I want to cancel my contract, please\./);
  await clean("the call while a line is corrected");
  await press("Shift+Tab", "Enter");
  await at.locator(".corrected").waitFor({ state: "detached" });
});

test("a comment stands at its second, and its removal is undone", patience, async () => {
  await press("c");
  await page.locator(".comment-field textarea").waitFor();
  await page.keyboard.type("<b>Nobody</b> called back");
  await press("Enter");
  const comment = page.locator(".comments li");
  await comment.waitFor();
  assert.match(await comment.innerText(), /<b>Nobody<\/b> called back/);
  await shot("record");
  await comment.getByRole("button", { name: "Remove" }).press("Enter");
  await comment.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo", exact: true }).press("Enter");
  await comment.waitFor();
  await page.reload();
  await comment.waitFor();
  await clean("the call with a comment");
});

test("the slider tells what the customer allowed, and when", patience, async () => {
  await page.goto(`${url}/customers/${process.env.HEED_CUSTOMER}`);
  const cell = page.locator(".consent-grid button[aria-label^='Offers: ']");
  await page.locator(".consent-grid button[aria-label^='Offers: Allowed']").waitFor();
  await page.locator(".asof input").focus();
  assert.equal(await page.locator(".asof input").getAttribute("aria-valuetext"), "now");
  await press("Home");
  await page.locator(".consent-grid button[aria-label^='Offers: Not known']").waitFor();
  assert.match(await page.locator(".asof input").getAttribute("aria-valuetext"), /\d{4}/);
  await clean("the customer's page in the past");
  await press("End");
  await page.locator(".consent-grid button[aria-label^='Offers: Allowed']").waitFor();
  await cell.focus();
  assert.match(await page.locator(".consent-why").innerText(), /^Offers: Allowed\./);
  await shot("customer");
  assert.deepEqual(page.wrong, []);
});
