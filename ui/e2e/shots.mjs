// Pictures of every screen, to be looked at: node e2e/shots.mjs [folder] [name].

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { furnished, start } from "./mock.mjs";
import { arabic, english } from "./script.mjs";
import { openBrowser, openPage, signIn } from "./browser.mjs";

const folder = process.argv[2] ?? "test-results";
const only = process.argv[3];
mkdirSync(folder, { recursive: true });
const browser = await openBrowser();

async function shoot(name, o, act) {
  if (only && !name.startsWith(only)) return;
  const world = furnished(o.speed ?? 40);
  const server = await start(world);
  const page = await openPage(browser, { viewport: { width: o.width ?? 1280, height: o.height ?? 800 }, colorScheme: o.dark ? "dark" : "light", reducedMotion: "reduce", ...(o.locale ? { locale: o.locale } : {}) });
  await signIn(page, `${server.url}/login?token=mock`);
  if (o.rtl) await page.addInitScript(() => addEventListener("DOMContentLoaded", () => (document.documentElement.dir = "rtl")));
  await act(page, world, (path) => page.goto(server.url + path));
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: o.full ?? false });
  if (page.wrong.length > 0) console.log(name, page.wrong);
  console.log(name);
  await page.context().close();
  await server.stop();
}

/** Plays until a number of lines is there, then stops the clock. */
async function until(page, world, lines) {
  await page.waitForFunction((n) => document.querySelectorAll(".lines .line").length >= n, lines);
  for (const t of world.timers) clearTimeout(t);
}

/** Corrects a line; what the server refuses stays open. */
async function corrected(page, n, text) {
  await page.locator(".correct-open").nth(n).focus();
  await page.keyboard.press("Enter");
  await page.locator(".correct textarea").fill(text);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
}

const live = (lines, turns = english) => async (page, world, goto) => {
  world.speed = 12;
  world.play("live", turns, { language: turns === arabic ? "ar" : "en" });
  await goto("/desk");
  await until(page, world, lines);
  world.partial("live", { who: "customer", start: 90, words: "okay but it has been three weeks and I have".split(" ").map((text) => ({ text, end: 99 })) }, 99, 8);
  await page.waitForTimeout(700);
};

for (const [suffix, o] of [["", {}], ["-dark", { dark: true }], ["-360", { width: 360, height: 760 }], ["-rtl", { rtl: true }]]) {
  await shoot(`desk${suffix}`, { ...o, full: true }, live(6));
  await shoot(`call${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/calls/whole?t=22");
    await page.waitForTimeout(600);
    await page.keyboard.press("k");
  });
  await shoot(`calls${suffix}`, o, async (page, world, goto) => {
    world.speed = 6;
    world.play("live", english);
    await goto("/calls");
    await page.waitForTimeout(1500);
  });
  await shoot(`search${suffix}`, o, (_p, _w, goto) => goto("/search?q=charged%20twice"));
}
for (const [suffix, o] of [["", {}], ["-dark", { dark: true }], ["-360", { width: 360, height: 760 }]]) {
  await shoot(`correct${suffix}`, o, async (page, _w, goto) => {
    await goto("/calls/whole");
    await corrected(page, 1, "I was charged twice in March, and Northwind Plus is too expensive.");
    await corrected(page, 3, "?!");
  });
}
await shoot("correct-rtl", { rtl: true }, async (page, _w, goto) => {
  await goto("/calls/p5");
  await corrected(page, 0, "أريد إلغاء العقد من فضلك");
  await corrected(page, 2, "?!");
});
for (const [suffix, o] of [["", {}], ["-dark", { dark: true }], ["-360", { width: 360, height: 760 }], ["-rtl", { rtl: true }]]) {
  await shoot(`themes${suffix}`, o, async (page, _w, goto) => {
    await goto("/themes");
    await page.waitForSelector(".theme-row");
  });
  await shoot(`theme${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/themes/rule_charged");
    await page.waitForSelector(".hit");
  });
  await shoot(`define${suffix}`, o, async (page, _w, goto) => {
    await goto("/themes/new");
    await page.locator("textarea").fill("expensive");
    await page.waitForSelector(".define-found");
  });
}
for (const [suffix, o] of [["", {}], ["-dark", { dark: true }], ["-360", { width: 360, height: 760 }], ["-ar", { locale: "ar" }]]) {
  await shoot(`campaigns${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/campaigns?from=2026-03-01&to=2026-03-31");
    await page.waitForSelector(".campaigns-table");
    await page.locator("input[type=file]").setInputFiles({ name: "spend.csv", mimeType: "text/csv", buffer: Buffer.from("date,source,campaign,cost") });
    await page.waitForSelector(".campaigns-look");
  });
  await shoot(`campaigns-none${suffix}`, { ...o, full: true }, async (page, world, goto) => {
    world.noCampaigns = true;
    await goto("/campaigns");
    await page.waitForSelector(".empty");
    await page.locator("input[type=file]").setInputFiles({ name: "spend.csv", mimeType: "text/csv", buffer: Buffer.from("wrong") });
    await page.waitForSelector(".note-bad");
  });
}
await shoot("define-refused", {}, async (page, _w, goto) => {
  await goto("/themes/new");
  await page.locator("textarea").fill("...");
  await page.waitForSelector(".note");
});
await shoot("desk-why", {}, async (page, world, goto) => {
  await live(6)(page, world, goto);
  await page.keyboard.press("w");
  await page.locator(".panel details.inline summary").click();
});
await shoot("desk-more-done", {}, async (page, world, goto) => {
  await live(6)(page, world, goto);
  await page.keyboard.press("a");
  await page.waitForTimeout(2500);
  await page.keyboard.press("m");
});
await shoot("desk-held", {}, async (page, world, goto) => {
  await live(6)(page, world, goto);
  await page.keyboard.press("a");
  await page.waitForTimeout(300);
});
const held = [
  { kind: "ringing", speaker: "customer", start: 0, end: 9.7, confidence: 0.95 },
  { kind: "keys", speaker: "customer", start: 14, end: 19, confidence: 1, keys: 16 },
  { kind: "music", speaker: "agent", start: 27.2, end: 31.5, confidence: 0.96 },
  { kind: "beep", speaker: "customer", start: 40, end: 40.5, confidence: 0.8 },
];
for (const [suffix, o] of [["", {}], ["-dark", { dark: true }], ["-360", { width: 360, height: 760 }], ["-rtl", { rtl: true }]]) {
  await shoot(`sounds-desk${suffix}`, { ...o, full: true }, async (page, world, goto) => {
    world.speed = 12;
    world.play("live", english);
    await goto("/desk");
    await until(page, world, 6);
    world.change("live", { sounds: [...held, { kind: "music", speaker: "customer", start: 42.4, end: 50, confidence: 0.97, open: true }] });
    await page.waitForSelector(".line-sound");
  });
  await shoot(`sounds-call${suffix}`, { ...o, full: true }, async (page, world, goto) => {
    world.change("whole", { sounds: held, more_sounds: 3 });
    await goto("/calls/whole");
    await page.waitForSelector(".line-sound");
  });
}
for (const [suffix, o] of [["", {}], ["-dark", { dark: true }], ["-390", { width: 390, height: 780 }], ["-rtl", { rtl: true }]]) {
  await shoot(`record-paused${suffix}`, o, async (page, world, goto) => {
    await live(6)(page, world, goto);
    await page.keyboard.press("p");
    await page.waitForSelector(".rec-paused");
  });
  await shoot(`record-sure${suffix}`, o, async (page, world, goto) => {
    await live(6)(page, world, goto);
    await page.keyboard.press("r");
    await page.waitForSelector("[role=alertdialog]");
  });
  await shoot(`record-refused${suffix}`, o, async (page, world, goto) => {
    await live(6)(page, world, goto);
    await page.keyboard.press("r");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".rec-refused");
  });
  await shoot(`record-asking${suffix}`, o, async (page, world, goto) => {
    world.newCall("live", { recording: { state: "asking", assent: "ask" }, captions: "off" });
    await goto("/desk");
    await page.waitForSelector(".rec-asking");
  });
}
await shoot("desk-quiet", {}, live(10));
await shoot("desk-over", {}, async (page, world, goto) => {
  await live(8)(page, world, goto);
  world.end("live");
});
await shoot("desk-paused-two", {}, async (page, world, goto) => {
  world.newCall("other", { customer_name: "Jonas Berg", started_at: new Date(Date.now() - 300_000).toISOString() });
  await live(5)(page, world, goto);
  world.change("live", { captions: "paused" });
  await page.locator(".menu summary").click();
});
await shoot("desk-up", {}, async (page, world, goto) => {
  await page.setViewportSize({ width: 1280, height: 620 });
  await live(9)(page, world, goto);
  await page.locator(".captions-scroll").evaluate((el) => el.scrollTo(0, 0));
});
await shoot("desk-arabic", {}, live(5, arabic));
await shoot("desk-rtl", { rtl: true, dark: true }, live(5, arabic));
await shoot("call-rtl", { rtl: true }, (_p, _w, goto) => goto("/calls/p5"));
await shoot("call-cut", {}, (_p, _w, goto) => goto("/calls/cut"));
await shoot("desk-none", {}, (_p, _w, goto) => goto("/desk"));
for (const [suffix, o] of [["", {}], ["-dark", { dark: true }], ["-rtl", { rtl: true }]]) {
  await shoot(`search-complete${suffix}`, o, async (page, _w, goto) => {
    await goto("/search?q=charged");
    await page.locator(".query input").fill("charged int");
    await page.waitForSelector(".query-list [role=option]");
    await page.keyboard.press("ArrowDown");
  });
  await shoot(`search-export${suffix}`, o, async (page, _w, goto) => {
    await goto("/search?q=charged");
    await page.locator(".export-menu summary").click();
  });
  await shoot(`call-clip${suffix}`, o, async (page, _w, goto) => {
    await goto("/calls/whole");
    await page.locator(".excerpts summary").click();
  });
}
await shoot("search-around", {}, async (page, _w, goto) => {
  await goto("/search?q=nordtel");
  await page.getByRole("button", { name: "In context" }).nth(1).click();
});
await shoot("search-language", {}, async (page, _w, goto) => {
  await goto("/search?q=charged%20speaker%3Acustomer");
  await page.locator(".search-language summary").click();
});
for (const [suffix, o] of [["", {}], ["-dark", { dark: true }], ["-360", { width: 360, height: 760 }], ["-rtl", { rtl: true }]]) {
  await shoot(`saved${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/search");
    await page.getByRole("button", { name: "Delete Late refunds" }).waitFor();
  });
  await shoot(`saved-alert${suffix}`, o, async (page, _w, goto) => {
    await goto("/search?q=charged%20twice");
    await page.getByRole("button", { name: "Alert me…" }).press("Enter");
    await page.getByText("It would have told you").waitFor();
  });
}
await shoot("search-wrong", {}, (_p, _w, goto) => goto(`/search?q=${encodeURIComponent('march "charged twice')}`));
for (const [suffix, o] of [["", {}], ["-dark", { dark: true }], ["-360", { width: 360, height: 760 }], ["-ar", { locale: "ar" }]]) {
  await shoot(`admin-keys${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/admin/keys");
    await page.locator("input[name=keyname]").fill("Warehouse");
    await page.locator(".admin-scopes input").first().check();
    await page.keyboard.press("Enter");
    await page.waitForSelector(".admin-secret");
  });
  await shoot(`admin-audit${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/admin/audit");
    await page.locator(".admin-whole button").click();
    await page.waitForSelector(".admin-whole .tone-good");
  });
  await shoot(`admin-platforms${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/admin/platforms");
    await page.locator(".admin-card header button").first().click();
    await page.waitForSelector(".admin-test");
    await page.locator(".admin-card summary").first().click();
    await page.waitForSelector(".admin-guide");
  });
  await shoot(`admin-retention${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/admin/retention");
    await page.locator(".admin-period select").first().selectOption("90");
    await page.waitForSelector(".note-warn");
  });
  await shoot(`admin-engines${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/admin/engines");
    await page.waitForSelector("dl");
  });
}
await shoot("admin-failed", {}, async (page, _w, goto) => {
  await goto("/admin/platforms");
  await page.locator(".admin-card header button").nth(1).click();
  await page.waitForSelector(".admin-test");
});
await shoot("admin-nobody", {}, async (page, world, goto) => {
  world.nobodyRead = true;
  await goto("/admin/audit");
  await page.waitForSelector(".empty");
});
await shoot("status-ar", { locale: "ar", full: true }, (_p, _w, goto) => goto("/status"));
await shoot("status", {}, (_p, _w, goto) => goto("/status"));
await shoot("help", {}, async (page, world, goto) => {
  await live(3)(page, world, goto);
  await page.keyboard.press("?");
});
await shoot("signed-out", {}, async (page, _w, goto) => {
  await page.context().clearCookies();
  await goto("/desk");
});
await shoot("login", {}, (_p, _w, goto) => goto("/login?token=x"));
await browser.close();
