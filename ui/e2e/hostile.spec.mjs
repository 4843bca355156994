// What comes from outside does not break the screens: a clock of this computer
// that is hours wrong, and words that want to be more than words. The server is
// the mock: only the screens are tested.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, signIn } from "./browser.mjs";
import { start, World } from "./mock.mjs";

const bidi = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
const tag = "<img src=x onerror=window.ran=true><script>window.ran=true</script>";
const turned = "my name is \u202Elive evil\u202C \u2067and more\u2069";
const endless = "w".repeat(10_000);

let server;
let browser;
const minutes = 5;

/** A profile in which everything is what it should not be. */
function spoil(of) {
  of.name = `${tag}${turned}`;
  of.traits.push(...[tag, turned, endless].map((value, i) => ({ name: i ? `product_${i}` : "plan", value, source: tag, at: "2027-01-10T00:00:00Z" })));
  (of.facts ??= []).push({ event_id: "bad", name: "complaint.opened", at: "2027-03-20T09:00:00Z", props: { number: tag, note: endless, who: turned } });
  return of;
}

before(async () => {
  const world = new World();
  const r = world.newCall("bad", { started_at: new Date(Date.now() - minutes * 60_000).toISOString(), customer_name: `${tag}${turned}`, agent: tag });
  [tag, turned, endless].forEach((text, i) => r.utterances.push({
    id: `bad-u${i}`, call_id: "bad", seq: i + 1, speaker: "customer", start: 10 + i * 5, end: 14 + i * 5, text, confidence: 0.9,
  }));
  spoil(r.customer);
  server = await start(world);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Seconds of a clock such as 5:02. */
const seconds = (text) => text.split(":").reduce((sum, x) => sum * 60 + Number(x), 0);

for (const [how, hours] of [["slow", -2], ["fast", 2]]) {
  test(`the length of a call is right on a computer whose clock is two hours ${how}`, { timeout: 60_000 }, async () => {
    const page = await openPage(browser);
    await page.clock.setSystemTime(new Date(Date.now() + hours * 3_600_000));
    await signIn(page, `${server.url}/login?token=mock`, `${server.url}/desk/bad`);
    const apart = await page.evaluate(() => Date.now()) - Date.now();
    assert.ok(Math.abs(apart - hours * 3_600_000) < 60_000, `the page's clock is ${apart} ms wrong`);
    const timer = page.getByRole("timer").first();
    await timer.filter({ hasText: new RegExp(`^(0?${minutes}|0?${minutes + 1}):\\d\\d$`) }).waitFor();
    const shown = seconds(await timer.textContent());
    assert.ok(shown >= minutes * 60 - 2 && shown < minutes * 60 + 90, `${shown} s`);
    await page.context().close();
  });
}

for (const [screen, path] of [
  ["desk", "/desk/bad"], ["call", "/calls/bad"], ["list of calls", "/calls"], ["customer", "/customers/maria"],
]) {
  for (const width of [1280, 390]) {
    test(`words are nothing but words on the ${screen}, ${width} wide`, { timeout: 60_000 }, async () => {
      const page = await openPage(browser, { viewport: { width, height: 800 } });
      await page.route(/\/v1\/customers\/maria$/, async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: spoil(await answer.json()) });
      });
      await signIn(page, `${server.url}/login?token=mock`, `${server.url}${path}`);
      await page.locator("#main").getByText("<img src=x").first().waitFor();
      if (screen === "desk") await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
      const found = await page.evaluate(() => ({
        ran: window.ran, images: document.querySelectorAll("img[src=x], #main script").length, text: document.body.innerText,
        wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth,
      }));
      assert.equal(found.ran, undefined);
      assert.equal(found.images, 0);
      assert.doesNotMatch(found.text, bidi);
      assert.ok(found.wide <= found.room, `${found.wide} wide where there is room for ${found.room}`);
      assert.deepEqual(page.wrong.filter((w) => !w.includes("404")), []); // the mock does not know all
      await page.context().close();
    });
  }
}
