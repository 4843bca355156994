// Pictures of every screen, to be looked at: node e2e/shots.mjs [folder] [name].

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { furnished, start } from "./mock.mjs";
import { seasoned } from "./records.mjs";
import { arabic, english } from "./script.mjs";
import { openBrowser, openPage, signIn } from "./browser.mjs";
import { four, people } from "./shots-people.mjs";

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

for (const [suffix, o] of [...four, ["-is", { locale: "is" }], ["-hy", { locale: "hy" }]]) {
  await shoot(`desk${suffix}`, { ...o, full: true }, live(6, o.locale === "ar" ? arabic.slice() : english));
  await shoot(`desk-muted${suffix}`, o, async (page, world, goto) => {
    await live(6)(page, world, goto);
    await page.keyboard.press("q");
    await page.waitForSelector(".muted-now");
  });
  await shoot(`desk-wrap${suffix}`, { ...o, full: true }, async (page, world, goto) => {
    await live(6)(page, world, goto);
    await page.keyboard.press("d");
    await page.waitForTimeout(5600);
    world.end("live");
    await page.locator(".wrap .chip").first().click();
    await page.locator(".wrap .chip").nth(4).click();
  });
  await shoot(`desk-consent${suffix}`, o, async (page, world, goto) => {
    await live(6)(page, world, goto);
    await page.keyboard.press("c");
    await page.waitForSelector("#consent-title");
  });
  await shoot(`phone${suffix}`, o, async (page, _w, goto) => {
    await goto("/phone");
    await page.getByRole("button").last().waitFor();
  });
  await shoot(`tour${suffix}`, o, async (page, world, goto) => {
    await live(6)(page, world, goto);
    await page.keyboard.press("?");
    await page.locator(".help p button").click();
    await page.locator(".tour .main").click();
    await page.waitForTimeout(200);
  });
}
await shoot("desk-compact", {}, async (page, world, goto) => {
  await page.addInitScript(() => localStorage.setItem("heed.density", "compact"));
  await live(8)(page, world, goto);
});
for (const [suffix, o] of four) {
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
await shoot("correct-ar", { locale: "ar" }, async (page, _w, goto) => {
  await goto("/calls/p5");
  await corrected(page, 0, "أريد إلغاء العقد من فضلك");
  await corrected(page, 2, "?!");
});
for (const [suffix, o] of four) {
  await shoot(`themes-segment${suffix}`, o, async (page, _w, goto) => {
    await goto("/themes?days=91&source=google");
    await page.waitForSelector(".theme-row");
  });
  await shoot(`theme-open${suffix}`, { ...o, height: 1500 }, async (page, _w, goto) => {
    await goto("/themes/rule_charged?campaign=autumn");
    await page.waitForSelector(".hit");
    await page.locator(".theme-figures button").click();
    await page.locator(".theme-actions button").nth(1).click();
    await page.waitForTimeout(300);
  });
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
for (const [suffix, o] of four) {
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
for (const [suffix, o] of four) {
  await shoot(`supervise${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/supervise");
    await page.waitForSelector(".team-table");
    await page.keyboard.press("x");
    await page.locator(".live-why").first().click();
  });
  await shoot(`supervise-rule${suffix}`, { ...o, full: true }, async (page, world, goto) => {
    world.noLive = true;
    await goto("/supervise");
    await page.locator(".live-rules button").first().click();
    await page.locator(".live-form select").first().selectOption("phrase");
  });
  await shoot(`record${suffix}`, { ...o, full: true }, async (page, world, goto) => {
    seasoned(world.calls.get("whole"));
    await goto("/calls/whole?t=22");
    await page.waitForTimeout(500);
    await page.keyboard.press("k");
    await page.keyboard.press("r");
    await page.keyboard.press("f");
    await page.keyboard.type("charged");
    await page.waitForSelector(".word-found-now");
  });
  await shoot(`customer${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/customers/maria");
    await page.waitForSelector(".who-entry");
    await page.locator(".asof button").first().click();
    await page.locator(".who-side details.inline summary").first().click();
    await page.locator(".who-side details.more:not(.inline) summary").last().click();
    await page.locator(".consent-withdrawn, .consent-granted").first().focus();
    await page.waitForTimeout(300);
  });
  await shoot(`privacy${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/privacy/maria");
    await page.waitForSelector(".consent-grid");
  });
  const decisions = (name, path, wait, act = async () => undefined) => shoot(`decisions-${name}${suffix}`, { ...o, full: true }, async (page, world, goto) => {
    world.replaying = name === "replaying";
    world.conflict = name === "conflict";
    await goto(`/decisions/${path}`);
    await page.locator(wait).first().waitFor();
    await act(page);
  });
  await decisions("catalogue", "catalogue", ".decisions-line");
  await decisions("item", "action?id=ret.loyalty", ".decisions-red");
  await decisions("wrong", "action?id=ret.loyalty", ".decisions-red", async (page) => {
    await page.locator(".decisions-when textarea").fill('high("chrn_risk") || tr');
    await page.locator(".decisions-wrong").waitFor();
  });
  await decisions("conflict", "action?id=ret.review", "fieldset", async (page) => {
    await page.locator(".decisions-sections input").first().fill("Review it all");
    await page.locator(".decisions-save input").fill("shorter");
    await page.keyboard.press("Enter");
    await page.locator(".decisions-panel.note-warn").waitFor();
  });
  await decisions("levers", "levers", ".decisions-table");
  await decisions("ranking", "ranking", ".decisions-ranking", async (page) => {
    await page.locator(".decisions-knob input[type=range]").nth(2).focus();
    for (let i = 0; i < 60; i++) await page.keyboard.press("ArrowRight");
    await page.locator(".decisions-tried").waitFor();
    await page.waitForTimeout(400);
  });
  await decisions("replay", "replay", ".decisions-ask");
  await decisions("replaying", "replay?id=s1", "[role=progressbar]");
  await decisions("report", "replay?id=s1", ".decisions-matrix");
  await decisions("learning", "learning", ".decisions-reliable", (page) => page.locator(".decisions-reliable summary").first().click());
  await decisions("lift", "lift", ".decisions-table");
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
for (const [suffix, o] of four) {
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
for (const [suffix, o] of [["", {}], ["-dark", { dark: true }], ["-390", { width: 390, height: 780 }], ["-ar", { locale: "ar" }]]) {
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
await shoot("calls-compact", {}, async (page, _w, goto) => {
  await page.addInitScript(() => localStorage.setItem("heed.density", "compact"));
  await goto("/calls");
  await page.waitForSelector(".call-row");
});
await shoot("desk-arabic", {}, live(5, arabic));
await shoot("desk-ar-dark", { locale: "ar", dark: true }, live(5, arabic));
await shoot("call-short-ar", { locale: "ar" }, (_p, _w, goto) => goto("/calls/p5"));
await shoot("call-cut", {}, (_p, _w, goto) => goto("/calls/cut"));
await shoot("desk-none", {}, (_p, _w, goto) => goto("/desk"));
for (const [suffix, o] of [["", {}], ["-dark", { dark: true }], ["-ar", { locale: "ar" }]]) {
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
for (const [suffix, o] of four) {
  await shoot(`saved${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/search");
    await page.locator(".saved-list li").first().waitFor();
  });
  await shoot(`saved-alert${suffix}`, o, async (page, _w, goto) => {
    await goto("/search?q=charged%20twice");
    await page.locator(".saved-actions button").nth(1).press("Enter");
    await page.waitForTimeout(900);
  });
}
await shoot("search-wrong", {}, (_p, _w, goto) => goto(`/search?q=${encodeURIComponent('march "charged twice')}`));
for (const [suffix, o] of four) {
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
    for (const n of [0, 1]) await page.locator(".admin-card summary").nth(n).click(); // the numbers, and how it is set up
    await page.waitForSelector(".admin-guide");
  });
  await shoot(`admin-retention${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/admin/retention");
    await page.locator(".admin-period select").first().selectOption("90");
    await page.waitForSelector(".note-warn");
  });
  await shoot(`admin-engines${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
    await goto("/admin/engines");
    await page.waitForSelector(".trial-lines");
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
await people(shoot, live);
await browser.close();
