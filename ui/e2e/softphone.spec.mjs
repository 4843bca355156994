// The softphone in a real browser with a microphone that plays a file.
//
//   HEED_SOFTPHONE  address of the page, with its token behind the hash
//   HEED_MICROPHONE stereo WAV that the microphone plays, over and over
//   HEED_SECONDS    how long to publish

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage } from "./browser.mjs";
import { seriousFindings } from "./checks.mjs";

const patience = 60_000;
let browser;
let page;

before(async () => {
  browser = await openBrowser([
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-audio-capture=${process.env.HEED_MICROPHONE}`,
    "--allow-loopback-in-peer-connection",
  ]);
  page = await openPage(browser);
});

after(() => browser?.close());

test("a wrong token is explained", { timeout: patience }, async () => {
  await page.goto(new URL("/softphone", process.env.HEED_SOFTPHONE).href);
  assert.deepEqual(await seriousFindings(page), [], "axe on the softphone");
  await page.getByLabel("Token").fill("wrong");
  await page.getByRole("button", { name: "Start" }).press("Enter");
  await page.getByRole("alert").filter({ hasText: "POST /v1/whip/tokens" }).waitFor({ timeout: patience });
  await page.getByText("Not connected").waitFor();
});

test("both channels of the microphone are published until they are ended", { timeout: patience }, async () => {
  await page.goto("about:blank");
  await page.goto(process.env.HEED_SOFTPHONE);
  assert.ok(!page.url().includes("token"), "the token stays in the address");
  await page.getByLabel("Both parties").check();
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByText("Connected", { exact: true }).waitFor({ timeout: patience });
  const began = Date.now();
  let loudest = 0;
  while (Date.now() - began < Number(process.env.HEED_SECONDS) * 1000) {
    loudest = Math.max(loudest, await page.locator("meter").evaluate((m) => m.value));
    await page.waitForTimeout(100);
  }
  assert.ok(loudest > 0.01, `the level came to ${loudest}`);
  await page.getByRole("button", { name: "5", exact: true }).click();
  await page.waitForTimeout(400);
  await page.getByRole("button", { name: "End" }).click();
  await page.getByText("Ended", { exact: true }).waitFor({ timeout: patience });
  assert.deepEqual(page.wrong.filter((w) => !w.includes("401")), []);
});
