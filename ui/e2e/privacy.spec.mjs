// The privacy officer's task, by the keyboard alone, in a real browser against
// a real server: find a person, see why a cell is so, close it and take that
// back, ask about a past moment, and forget the person for good.
//
//   HEED_URL    address of the server
//   HEED_LOGIN  one-time sign-in link of a privacy officer
//   HEED_PERSON what the person is found by

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage } from "./browser.mjs";
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
const cell = () => page.getByRole("button", { name: /^Offers, by e-mail/i });

test("signs in and finds the person", { timeout: 60_000 }, async () => {
  await page.goto(url + link.pathname + link.search);
  await page.getByRole("button", { name: "Sign in" }).press("Enter");
  await page.waitForURL((u) => u.pathname !== "/login");
  await page.locator("main").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.waitForURL((u) => u.pathname === "/privacy");
  await page.locator("input[type=search]").focus();
  await page.keyboard.type(process.env.HEED_PERSON);
  await page.keyboard.press("Enter");
  await page.locator(".person-row").first().waitFor();
  await clean("the search");
  await page.locator(".person-row").first().press("Enter");
  await page.waitForURL((u) => u.pathname.startsWith("/privacy/"));
});

test("the arrows reach a cell, and it says why it is so", { timeout: 60_000 }, async () => {
  await page.locator(".consent-grid tbody button").first().waitFor();
  await page.locator(".consent-grid tbody button[tabindex='0']").focus();
  for (let i = 0; i < 40 && !(await cell().evaluate((b) => b === document.activeElement)); i++) {
    const [at, to] = await page.evaluate(() => {
      const place = (b) => [b.closest("tr").rowIndex, b.closest("td").cellIndex];
      const wanted = [...document.querySelectorAll(".consent-grid tbody button")].find((b) => /^Offers, by e-mail/i.test(b.getAttribute("aria-label")));
      return [place(document.activeElement), place(wanted)];
    });
    await page.keyboard.press(at[0] < to[0] ? "ArrowDown" : at[0] > to[0] ? "ArrowUp" : at[1] < to[1] ? "ArrowRight" : "ArrowLeft");
  }
  await page.locator(".consent-why b").waitFor();
  assert.match(await page.locator(".consent-why").innerText(), /Offers, by e-mail/i);
  await clean("the grid");
});

test("a cell is closed by one key, and that is undone by another", { timeout: 60_000 }, async () => {
  assert.match(await cell().getAttribute("aria-label"), /allowed|yes/i);
  await page.keyboard.press("Enter");
  await page.locator(".consent-grid .consent-withdrawn").first().waitFor();
  await page.getByText("Every system is being told.").waitFor();
  await clean("after a change");
  await page.locator("main").focus();
  await page.keyboard.press("u");
  await page.getByRole("button", { name: /^Offers, by e-mail.*(allowed|yes)/i }).waitFor();
  await page.getByText("Every system is being told.").waitFor({ state: "detached" });
});

test("a past moment is asked about", { timeout: 60_000 }, async () => {
  await page.locator("input[type=datetime-local]").fill("2020-01-01T10:12");
  await page.locator(".consent-beside table").nth(1).waitFor();
  await clean("a past moment");
  await page.locator("main").focus();
  await page.keyboard.press("n");
  await page.locator(".consent-beside").waitFor({ state: "detached" });
});

test("a person is forgotten by a typed word, and the certificate is there", { timeout: 60_000 }, async () => {
  const go = page.getByRole("button", { name: "Forget for good" });
  assert.ok(await go.isDisabled(), "one key is not enough");
  await page.locator("input[name=confirm]").focus();
  await page.keyboard.type("erase");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Certificate" }).waitFor();
  await clean("the certificate");
});

test("nothing went wrong in the page and nothing was asked elsewhere", () => {
  assert.deepEqual(page.wrong.filter((w) => !/410|404/.test(w)), []);
});
