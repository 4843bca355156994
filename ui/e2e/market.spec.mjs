// The marketer's task, by the keyboard alone, in a real browser against a real
// server that has heard one call of a campaign: from the themes to one theme,
// what customers said is heard in place, the calls behind the number, being
// told of a change; then a search with completion and a facet.
//
//   HEED_URL    address of the server
//   HEED_LOGIN  one-time sign-in link of a marketer

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

const patience = { timeout: 60_000 };
const clean = async (where) => assert.deepEqual(await seriousFindings(page), [], `axe on ${where}`);

test("the segment is the address, and narrows the themes", patience, async () => {
  await signIn(page, url + link.pathname + link.search);
  await page.locator("main").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.locator(".theme-row").first().waitFor();
  assert.match(await page.locator(".theme-change").first().innerText(), /too few to say/);
  await clean("the themes");
  await page.getByLabel("Campaign").selectOption("Fibre Spring");
  await page.waitForURL((u) => u.searchParams.get("campaign") === "Fibre Spring");
  await page.locator(".theme-row").first().waitFor();
});

test("a theme opens, keeps the segment, and draws no course of one call", patience, async () => {
  await page.locator(".theme-row", { hasText: "Price" }).press("Enter");
  await page.waitForURL((u) => u.pathname.startsWith("/themes/") && u.searchParams.get("campaign") === "Fibre Spring");
  await page.locator(".theme-few").waitFor();
  assert.equal(await page.locator(".chart").count(), 0);
  await page.locator(".theme-course summary").press("Enter");
  await page.locator(".theme-course tbody tr").first().waitFor();
  await page.locator(".theme-origins tbody tr").first().waitFor();
  await clean("a theme");
});

test("a quote plays where it stands", patience, async () => {
  const play = page.locator(".play-here").first();
  await play.press("Enter");
  await page.locator('.play-here[aria-pressed="true"]').waitFor();
  await play.press("Enter");
  await page.locator('.play-here[aria-pressed="true"]').waitFor({ state: "detached" });
  assert.equal(await page.locator(".play-here:disabled").count(), 0, "there is something to hear");
});

test("the calls are behind the number, also by the search", patience, async () => {
  await page.getByRole("button", { name: "Show the calls" }).press("Enter");
  await page.locator(".theme-calls-list .hit").first().waitFor();
  assert.equal(await page.locator(".theme-calls-list .hit").count(), 1);
  await page.locator(".theme-figures a.button").press("Enter");
  await page.waitForURL((u) => u.pathname === "/search");
  await page.locator(".hit-item").first().waitFor();
  assert.match(new URL(page.url()).searchParams.get("q"), /campaign:"?fibre spring/i);
  await page.goBack();
});

test("one asks to be told when it changes", patience, async () => {
  await page.getByRole("button", { name: "Tell me when it changes…" }).press("Enter");
  await page.getByLabel("Mail").fill("ann@example.com");
  await clean("the form");
  await page.keyboard.press("Enter");
  await page.getByText("You are told.").waitFor();
});

test("a search is completed, and narrowed by a facet", patience, async () => {
  await page.locator("main").focus();
  await page.keyboard.press("/");
  await page.waitForURL((u) => u.pathname === "/search");
  await page.locator("input[type=search]").focus();
  await page.keyboard.type("speaker:cu");
  await page.locator(".query-list [role=option]", { hasText: "speaker:customer" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.waitForURL((u) => u.searchParams.get("q")?.trim() === "speaker:customer");
  const facet = page.locator(".facets a:not([aria-current])").first();
  await facet.waitFor();
  await clean("the search");
  const was = new URL(page.url()).searchParams.get("q");
  await facet.press("Enter");
  await page.waitForURL((u) => u.searchParams.get("q") !== was);
  await page.locator(".hit-item").first().waitFor();
  await page.locator(".facets a[aria-current]").first().waitFor();
});

test("a query that does not parse says where", patience, async () => {
  await page.locator("input[type=search]").fill('march "charged');
  await page.keyboard.press("Enter");
  await page.locator(".pointed-at").waitFor();
  await clean("an error");
});

test("the campaigns have their table", patience, async () => {
  await page.locator("main").focus();
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await page.locator(".campaigns-table").waitFor();
  assert.match(await page.locator(".campaigns-table").innerText(), /Fibre Spring/);
  await clean("the campaigns");
});

test("nothing went wrong in the page and nothing was asked elsewhere", () => {
  assert.deepEqual(page.wrong, []);
});
