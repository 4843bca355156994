// The decision designer's task in a real browser against a real server, by the
// keyboard: an action is changed in a draft, an error in its rule is seen where
// it is and mended, its test table holds, a slider moves the ranking, the change
// is replayed over the past; and an administrator approves and publishes it.
//
//   HEED_URL       address of the server
//   HEED_LOGIN     one-time sign-in link of a designer
//   HEED_APPROVER  one-time sign-in link of an administrator

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, signIn } from "./browser.mjs";
import { seriousFindings } from "./checks.mjs";

const url = process.env.HEED_URL.replace(/\/$/, "");
const action = "ret.loyalty_discount";
let browser;
let page;
let approver;

before(async () => {
  browser = await openBrowser();
  [page, approver] = await Promise.all([openPage(browser), openPage(browser)]);
});
after(() => browser?.close());

const enter = async (on, of) => {
  const link = new URL(of, url);
  await signIn(on, url + link.pathname + link.search, `${url}/decisions`);
};
const clean = async (on, where) => assert.deepEqual(await seriousFindings(on), [], `axe on ${where}`);
const press = async (on, ...keys) => {
  for (const k of keys) await on.keyboard.press(k);
};
const type = async (field, text) => {
  await field.focus();
  await field.press("Control+A");
  await field.page().keyboard.type(text);
};

test("a designer signs in and sees decisions, and no calls", { timeout: 60_000 }, async () => {
  await enter(page, process.env.HEED_LOGIN);
  await page.locator(".decisions-line").first().waitFor();
  assert.equal(await page.getByRole("link", { name: "Calls", exact: true }).count(), 0);
  const status = await page.evaluate(async () => Promise.all(["/v1/calls", "/v1/customers", "/v1/events"].map(async (path) => (await fetch(path)).status)));
  assert.deepEqual(status, [403, 403, 403]);
  await clean(page, "the catalogue");
});

test("an action is found by its words", { timeout: 60_000 }, async () => {
  await type(page.getByLabel("Find"), "loyalty discount");
  await page.waitForFunction(() => document.querySelectorAll(".decisions-line[data-item]").length === 1);
  await page.locator(".decisions-line[data-item]").press("Enter");
  await page.getByLabel("What to do").first().waitFor();
});

test("a wrong rule says where, a word completes it, and its test table holds", { timeout: 60_000 }, async () => {
  await type(page.getByLabel("Worth to us"), "75");
  const rule = page.getByLabel("Applies when").first();
  await type(rule, 'high("churn_rsk")');
  await page.locator(".pointed-at").waitFor();
  assert.equal(await page.locator(".pointed-at").innerText(), '"churn_rsk"');
  assert.match(await page.locator(".decisions-wrong").innerText(), /did you mean churn_risk/);
  await clean(page, "a wrong rule");
  await type(rule, 'label("intent.cancel") || label("intent.competitor") || high("chu');
  await page.getByRole("option", { name: "churn_risk" }).waitFor();
  await press(page, "Enter");
  await page.keyboard.type('")');
  await page.waitForFunction(() => document.querySelectorAll(".decisions-wrong").length === 0);
  await page.locator(".decisions-rule").first().getByText("✓").nth(2).waitFor();
});

test("a red row stands against saving until it is mended", { timeout: 60_000 }, async () => {
  await page.getByRole("button", { name: "Add a test" }).first().press("Enter");
  await page.locator(".decisions-red").waitFor();
  await type(page.locator(".decisions-save input"), "The price went up");
  assert.ok(await page.getByRole("button", { name: "Save draft" }).isDisabled());
  await type(page.locator(".decisions-red").getByLabel(/^Heard/), "intent.cancel");
  await page.locator(".decisions-red").waitFor({ state: "detached" });
  await page.locator(".decisions-save input").press("Enter");
  await page.getByText("Draft 1 is saved.").waitFor();
  assert.ok(await page.getByRole("button", { name: "Approve" }).isDisabled(), "the author reviews it");
});

test("a slider moves the ranking at once, and nothing is saved", { timeout: 60_000 }, async () => {
  await page.getByRole("button", { name: "Try it on a person" }).press("Enter");
  await type(page.getByLabel("Heard"), "intent.cancel");
  const row = page.locator(".decisions-ranking tbody tr").filter({ hasText: "Offer the loyalty discount" });
  await row.waitFor();
  const priority = async () => Number((await row.locator(".decisions-bar .num").first().innerText()).replaceAll(",", ""));
  const was = await priority();
  const slider = row.locator("input[type=range]").nth(1);
  await slider.focus();
  await press(page, ...Array(8).fill("ArrowRight"));
  await page.getByText("lever 40 %").waitFor();
  await page.waitForFunction((n) => Number([...document.querySelectorAll(".decisions-ranking tbody tr")].find((r) => r.textContent.includes("Offer the loyalty discount"))?.querySelector(".decisions-bar .num").textContent.replaceAll(",", "")) > n, was);
  await clean(page, "the ranking");
});

test("the change is replayed over the past, and the replay is there after loading again", { timeout: 60_000 }, async () => {
  await page.getByRole("button", { name: "Replay this" }).press("Enter");
  await page.locator(".decisions-ask").getByRole("button", { name: "Replay this" }).press("Enter");
  await page.locator(".decisions-matrix").waitFor();
  await page.reload();
  await page.locator(".decisions-matrix").waitFor();
  assert.match(await page.locator(".decisions-run").innerText(), /of [\d,]+ people/);
  await clean(page, "the report");
});

test("levers, the learner and the lift are there", { timeout: 60_000 }, async () => {
  for (const [tab, heading] of [["2", /Levers|There are no levers/], ["5", /Answers learnt from/], ["6", /How the groups are chosen/]]) {
    await page.locator("main").focus();
    await press(page, tab);
    await page.getByText(heading).first().waitFor();
    await clean(page, `tab ${tab}`);
  }
});

test("an administrator approves and publishes, and takes it back", { timeout: 60_000 }, async () => {
  await enter(approver, process.env.HEED_APPROVER);
  await press(approver, "g", "e");
  await approver.waitForURL((u) => u.pathname.startsWith("/decisions"));
  await approver.goto(`${url}/decisions/action?id=${action}`);
  for (const step of ["Approve", "Publish"]) {
    const go = approver.getByRole("button", { name: step });
    await go.waitFor();
    await type(approver.locator(".decisions-panel").getByLabel("Why"), "Checked");
    await go.press("Enter");
    await go.waitFor({ state: "detached" });
  }
  await approver.getByText("Live: version 1").waitFor();
  await clean(approver, "what is published");
  await approver.locator("main").focus();
  await press(approver, "u");
  await approver.getByText("Live: as in the files").waitFor();
});

test("nothing went wrong in the pages and nothing was asked elsewhere", () => {
  assert.deepEqual([...page.wrong, ...approver.wrong].filter((w) => !/403/.test(w)), []);
});
