// What is measured and checked on every screen.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious and critical findings of axe on the page as it is, one line each. */
export async function seriousFindings(page) {
  // Evaluated by the debugger, so the page's content security policy stays as it is.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(" | ")}`);
}

/** Makes the page time each partial caption from its arrival to its frame. */
export async function timePartials(page) {
  await page.addInitScript(() => {
    globalThis.partialTimes = [];
    const add = EventSource.prototype.addEventListener;
    EventSource.prototype.addEventListener = function listen(type, run, ...rest) {
      if (type !== "caption.partial") return add.call(this, type, run, ...rest);
      return add.call(this, type, (e) => {
        const came = performance.now();
        run(e);
        requestAnimationFrame(() => setTimeout(() => globalThis.partialTimes.push(performance.now() - came)));
      }, ...rest);
    };
  });
}

/** Script size, first paint and partial to pixel, as one line to print. */
export async function budget(page) {
  const got = await page.evaluate(async () => {
    const scripts = performance.getEntriesByType("resource").filter((r) => r.name.endsWith(".js"));
    return {
      texts: await Promise.all(scripts.map(async (r) => (await fetch(r.name)).text())),
      paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
      partials: (globalThis.partialTimes ?? []).toSorted((a, b) => a - b),
    };
  });
  const zipped = got.texts.reduce((sum, t) => sum + gzipSync(t).length, 0);
  const at = (q) => got.partials[Math.min(got.partials.length - 1, Math.floor(got.partials.length * q))] ?? NaN;
  return `script ${(zipped / 1000).toFixed(1)} kB gzipped, first paint ${got.paint.toFixed(0)} ms, `
    + `partial to pixel p50 ${at(0.5).toFixed(1)} ms p99 ${at(0.99).toFixed(1)} ms of ${got.partials.length}`;
}

/** Bytes, gzipped, of all scripts that the page as it is has loaded. */
export async function firstScript(page) {
  const texts = await page.evaluate(() => Promise.all(performance.getEntriesByType("resource")
    .filter((r) => r.name.endsWith(".js")).map(async (r) => (await fetch(r.name)).text())));
  return texts.reduce((sum, t) => sum + gzipSync(t).length, 0);
}

/** Milliseconds to the first paint of a page on a processor that is so many times slower. */
export async function firstPaint(page, url, slower) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slower });
  await page.goto(url);
  await page.locator("main").first().waitFor();
  const time = await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await cdp.detach();
  return time.jsonValue();
}

/** How long frames take while an element is scrolled back by 120 pixels a frame. */
export function frames(page, selector, count) {
  return page.evaluate(([of, n]) => new Promise((done) => {
    const el = document.querySelector(of);
    el.scrollTop = el.scrollHeight;
    const from = el.scrollTop;
    const times = [];
    let last;
    const tick = (now) => {
      if (last !== undefined) times.push(now - last);
      last = now;
      if (times.length < n) {
        el.scrollBy(0, -120);
        return requestAnimationFrame(tick);
      }
      times.sort((a, b) => a - b);
      return done({ median: times[Math.floor(n / 2)], p95: times[Math.floor(n * 0.95)], moved: from - el.scrollTop });
    };
    requestAnimationFrame(tick);
  }), [selector, count]);
}
