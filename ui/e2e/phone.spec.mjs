// A call by the own microphone, in the app: the microphone plays a file, and
// its words come back on the desk.
//
//   HEED_URL         address of the server
//   HEED_LOGIN       one-time sign-in link
//   HEED_MICROPHONE  stereo WAV of two people who speak

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, signIn } from "./browser.mjs";
import { seriousFindings } from "./checks.mjs";

const patience = 60_000;
const url = process.env.HEED_URL.replace(/\/$/, "");
let browser;
let page;

before(async () => {
  browser = await openBrowser([
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-audio-capture=${process.env.HEED_MICROPHONE}`,
    "--allow-loopback-in-peer-connection",
  ]);
  page = await openPage(browser, { tour: true });
  const link = new URL(process.env.HEED_LOGIN, url);
  await signIn(page, url + link.pathname + link.search, `${url}/desk`);
});
after(() => browser?.close());

const clean = async (where) => assert.deepEqual(await seriousFindings(page), [], `axe on ${where}`);

test("who is new is shown around once, by keys alone", { timeout: patience }, async () => {
  await page.locator(".tour .main:focus").waitFor();
  await clean("the tour");
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press("Enter");
    await page.waitForFunction((n) => document.querySelector(".tour small")?.textContent.includes(`${n} of 5`), i + 2);
  }
  await page.locator(".tour button", { hasText: "Play the demo call" }).press("Enter");
  await page.locator(".tour .tone-bad", { hasText: "--demo" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".tour").waitFor({ state: "detached" });
  await page.reload();
  await page.getByText("No call right now").waitFor();
  assert.equal(await page.locator(".tour").count(), 0, "it comes once");
});

test("the words of the microphone come back on the desk", { timeout: patience }, async () => {
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await page.waitForURL((u) => u.pathname === "/phone");
  await page.locator(".phone-form").waitFor();
  await clean("the softphone");
  await page.locator(".phone-form select").nth(1).selectOption("stereo");
  await page.locator(".phone-form [type=submit]").press("Enter");
  const began = Date.now();
  await page.waitForURL((u) => /^\/desk\/./.test(u.pathname), { timeout: patience });
  await page.locator(".line-partial, .lines .line").first().waitFor({ timeout: patience });
  console.log(`from the key to the first words: ${Date.now() - began} ms`);
  await page.locator(".lines .line").first().waitFor({ timeout: patience });
  assert.match(await page.locator(".lines .line-text").first().innerText(), /\p{L}{2}/u);
  await clean("the desk with the call's bar");
});

test("it is muted and ended by keys", { timeout: 2 * patience }, async () => {
  await page.keyboard.press("v");
  await page.locator(".phone-bar [role=status]", { hasText: /\S/ }).waitFor();
  await page.keyboard.press("v");
  await page.keyboard.press("h");
  await page.locator(".phone-bar").waitFor({ state: "detached" });
  await page.locator(".wrap").waitFor({ timeout: patience }); // the last words are heard first
  assert.deepEqual(page.wrong.filter((w) => !w.includes("409")), []); // the server has no demo
});
