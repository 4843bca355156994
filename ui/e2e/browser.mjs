// Debian's Chromium, as every check of the screens starts it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
];

/** A browser with its own profile, which close() removes, and with more flags. */
export async function openBrowser(more = []) {
  const profile = mkdtempSync(join(tmpdir(), "heed-ui-"));
  const browser = await chromium.launch({
    executablePath: process.env.HEED_CHROMIUM ?? "/usr/bin/chromium", args: [...flags, ...more], env: { ...process.env, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile },
  });
  const close = browser.close.bind(browser);
  browser.close = async () => {
    await close();
    rmSync(profile, { recursive: true, force: true });
  };
  return browser;
}

/** A page that remembers what went wrong in it. */
export async function openPage(browser, { tour = false, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  // The tour comes to who is new: tests and pictures are not, but for its own.
  if (!tour) await context.addInitScript(() => location.protocol.startsWith("http") && localStorage.setItem("heed.tour", "*"));
  const page = await context.newPage();
  page.wrong = [];
  page.on("pageerror", (e) => page.wrong.push(`error: ${e.message}`));
  page.on("console", (m) => {
    if (m.type() === "error" && !/40[01]|ERR_INCOMPLETE_CHUNKED|ERR_INTERNET_DISCONNECTED/.test(m.text())) page.wrong.push(`console: ${m.text()}`);
  });
  page.on("request", (r) => {
    if (!r.url().startsWith(new URL(page.url() === "about:blank" ? r.url() : page.url()).origin)) page.wrong.push(`outside request: ${r.url()}`);
  });
  return page;
}

/** Signs in by the one-time link, and goes to an address: who has no other way to come back is asked for one first. */
export async function signIn(page, link, to = "") {
  await page.goto(link);
  await page.locator(".door button.main").press("Enter");
  await page.waitForURL((u) => u.pathname !== "/login");
  if (to) await page.goto(to);
  await page.locator("#main").first().waitFor();
  // Keys act once what was drawn has settled.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))));
}
