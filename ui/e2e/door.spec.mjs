// The customer's tasks at their own door, by the keyboard alone, in a real
// browser against a real server: come in by a code, read what is known, correct
// it, change a choice and undo it, stop everything, read a call, take a copy.
// axe looks at each page. Script is off: the pages must not need any.
//
//   HEED_URL     address of the server
//   HEED_OUTBOX  folder into which it writes its messages
//   HEED_PHONE   number of a customer

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, openPage } from "./browser.mjs";
import { seriousFindings } from "./checks.mjs";

const { HEED_URL: url = "", HEED_OUTBOX: outbox = "", HEED_PHONE: phone = "" } = process.env;
let browser;
let page;

before(async () => {
  browser = await openBrowser();
  page = await openPage(browser);
});

after(() => browser?.close());

/** Presses Tab until the focus is on what has this accessible name. */
async function tabTo(name, role) {
  for (let i = 0; i < 90; i++) {
    await page.keyboard.press("Tab");
    const on = page.locator(":focus");
    if ((await on.count()) === 0) continue;
    const found = await page.getByRole(role, { name, exact: true }).and(on).count();
    if (found > 0) {
      const outline = await on.evaluate((e) => getComputedStyle(e).outlineStyle);
      assert.notEqual(outline, "none", `the focus on ${name} is visible`);
      return on;
    }
  }
  throw new Error(`the keyboard does not reach ${role} ${name} on ${page.url()}`);
}

async function follow(name, role = "button", path) {
  await tabTo(name, role);
  await Promise.all([page.waitForURL(path), page.keyboard.press("Enter")]);
  assert.deepEqual(await seriousFindings(page), [], `axe on ${page.url()}`);
}

async function code() {
  for (let i = 0; i < 200; i++) {
    const names = readdirSync(outbox, { withFileTypes: true }).filter((f) => f.name.endsWith(".eml")).map((f) => f.name).toSorted();
    const digits = names.length > 0 && readFileSync(join(outbox, names.at(-1)), "utf8").match(/\b\d{6}\b(?= is your code)/)?.[0];
    if (digits) return digits;
    await page.waitForTimeout(50);
  }
  throw new Error("no message came");
}

test("come in by a code", { timeout: 60_000 }, async () => {
  await page.goto(`${url}/my`);
  assert.deepEqual(await seriousFindings(page), []);
  await page.keyboard.press("Tab");
  assert.equal(await page.locator(":focus").innerText(), "Skip to the content");
  await page.keyboard.press("Enter");
  await tabTo("Your e-mail address or phone number", "textbox");
  await page.keyboard.type("nobody");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  const field = await tabTo("Your e-mail address or phone number", "textbox");
  await field.fill(phone);
  await Promise.all([page.waitForURL(/\/my\/code/), page.keyboard.press("Enter")]);
  assert.deepEqual(await seriousFindings(page), []);
  await tabTo("Code from the message", "textbox");
  await page.keyboard.type(await code());
  await Promise.all([page.waitForURL(/\/my\/known/), page.keyboard.press("Enter")]);
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "What we know");
  assert.deepEqual(await seriousFindings(page), []);
});

test("correct a fact", { timeout: 60_000 }, async () => {
  const open = page.locator("summary", { hasText: "City" });
  for (let i = 0; i < 60 && !(await open.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.locator(":focus").fill("Lakeside");
  await Promise.all([page.waitForURL(/corrected/), page.keyboard.press("Enter")]);
  await page.getByRole("status").getByText("What you said now counts").waitFor();
  await page.getByText("Lakeside").first().waitFor();
  assert.deepEqual(await seriousFindings(page), []);
});

test("say yes, undo it, stop everything", { timeout: 60_000 }, async () => {
  await follow("Your choices", "link", /choices/);
  const use = page.getByRole("group", { name: "May we use your data for research to improve our service?" });
  const yes = use.getByRole("button", { name: "Yes" });
  for (let i = 0; i < 60 && !(await yes.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Tab");
  await Promise.all([page.waitForURL(/[?]done=/), page.keyboard.press("Enter")]);
  assert.equal(await yes.getAttribute("aria-pressed"), "true");
  assert.deepEqual(await seriousFindings(page), []);
  await follow("Undo", "button", /undone/);
  assert.equal(await yes.getAttribute("aria-pressed"), "false");
  await follow("Stop everything", "button", /[?]done=/);
  await page.getByText("Everything is stopped.").waitFor();
  await follow("Everything you ever allowed or refused", "link", /history/);
});

test("read a call and why there was an offer", { timeout: 60_000 }, async () => {
  await follow("Your calls", "link", /calls/);
  const call = await page.locator("main h2 a").first().innerText();
  await follow(call, "link", /calls\/.+/);
  await page.locator(".lines .customer").first().waitFor();
  await follow("Why you got an offer", "link", /offers/);
});

test("take a copy", { timeout: 60_000 }, async () => {
  await follow("Take a copy", "link", /copy/);
  await tabTo("Download everything", "button");
  const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  assert.match(file.suggestedFilename(), /^my-data-.*\.zip$/);
});

test("in Arabic, narrow and dark, without script", { timeout: 120_000 }, async () => {
  const state = await page.context().storageState();
  for (const o of [{ colorScheme: "dark" }, { viewport: { width: 390, height: 800 } }, { locale: "ar", viewport: { width: 390, height: 800 } }]) {
    const other = await openPage(browser, { ...o, storageState: state });
    for (const path of ["known", "choices", "history", "calls", "offers", "copy"]) {
      await other.goto(`${url}/my/${path}`);
      assert.deepEqual(await seriousFindings(other), [], `axe on ${path} with ${JSON.stringify(o)}`);
      const over = await other.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${path} is ${over} px too wide with ${JSON.stringify(o)}`);
      assert.equal(await other.evaluate(() => document.dir), o.locale ? "rtl" : "ltr");
    }
    await other.context().close();
  }
  const bare = await browser.newContext({ javaScriptEnabled: false, storageState: state });
  const plain = await bare.newPage();
  await plain.goto(`${url}/my/choices`);
  await plain.getByRole("group", { name: "May we record calls with you?" }).getByRole("button", { name: "Yes" }).click();
  await plain.waitForURL(/[?]done=/);
  await bare.close();
});

test("sign out", { timeout: 60_000 }, async () => {
  await tabTo("Sign out", "button");
  await page.keyboard.press("Enter");
  await page.getByText("You are signed out.").waitFor();
  const wrong = page.wrong.filter((w) => !/422/.test(w));
  assert.deepEqual(wrong, []);
});
