// The agent's task, done in a real browser against a real server that plays a
// real call: sign in, read the captions, accept a suggestion by the keyboard,
// see it recorded, and read the call when it is over.
//
//   HEED_URL    address of the server; without it the mock is started
//   HEED_LOGIN  one-time sign-in link
//   HEED_E2E_SECONDS  how long to wait for words, a suggestion and the end (default 240)

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage } from "./browser.mjs";
import { budget, seriousFindings, timePartials } from "./checks.mjs";

const patience = Number(process.env.HEED_E2E_SECONDS ?? 240) * 1000;
let url = (process.env.HEED_URL ?? "").replace(/\/$/, "");
// The session cookie belongs to one host: the link is opened at HEED_URL's.
const link = new URL(process.env.HEED_LOGIN ?? "/login", url || "http://127.0.0.1");
let login = url + link.pathname + link.search;
let mock;
let browser;
let page;
let call = "";

before(async () => {
  if (url === "") {
    const [{ furnished, start }, { english }] = await Promise.all([import("./mock.mjs"), import("./script.mjs")]);
    const world = furnished(1);
    mock = await start(world);
    url = mock.url;
    login = `${url}/login?token=mock`;
    world.play("live", english);
  }
  browser = await openBrowser();
  page = await openPage(browser);
  await timePartials(page);
});

after(async () => {
  await browser?.close();
  await mock?.stop();
});

const clean = async (where) => assert.deepEqual(await seriousFindings(page), [], `axe on ${where}`);

test("the sign-in link is used by the button, not by opening it", { timeout: 60_000 }, async () => {
  await page.goto(login);
  await page.goto(login);
  await clean("the sign-in page");
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Sign in" }).press("Enter");
  await page.waitForURL((u) => u.pathname !== "/login");
  // Who has no way to come back is asked to choose one; that can wait.
  if (new URL(page.url()).pathname === "/account") await page.getByRole("link", { name: "Later" }).press("Enter");
  await page.waitForURL((u) => u.pathname === "/desk");
});

test("captions of both parties appear, partial words in their place", { timeout: patience }, async () => {
  await page.locator(".line-partial").first().waitFor({ timeout: patience });
  await page.locator(".lines .line-customer").first().waitFor({ timeout: patience });
  await page.locator(".lines .line-agent").first().waitFor({ timeout: patience });
  call = (await page.locator("main.desk").getAttribute("data-call")) ?? "";
  assert.notEqual(call, "");
  const live = await page.locator("[role=log]").getAttribute("aria-live");
  assert.equal(live, "polite");
  await page.locator("[role=log] p").first().waitFor({ state: "attached" });
  assert.equal(await page.locator("[role=log] .line-partial").count(), 0, "partial words are outside the live region");
});

test("a suggestion comes with what to say and why", { timeout: patience }, async () => {
  await page.locator("#card").waitFor({ timeout: patience });
  assert.match(await page.locator("#card h2").innerText(), /\S/);
  assert.match(await page.locator("#card .because").innerText(), /\S/);
  assert.ok((await page.locator("#card").count()) === 1, "one card at a time");
  await page.keyboard.press("w");
  await page.locator("#card details[open] .figures").waitFor();
  await page.keyboard.press("w");
  await clean("the desk");
});

// A card that has only just come does not take the key: press until one did.
async function press(key, done) {
  for (let i = 0; i < 40 && (await done.count()) === 0; i++) {
    await page.keyboard.press(key);
    await page.waitForTimeout(250);
  }
  await done.first().waitFor();
}

const recordOf = () => page.evaluate(async (id) => (await fetch(`/v1/calls/${id}`)).json(), call);

test("later is undone by one key before anything is recorded", { timeout: 60_000 }, async () => {
  const held = page.locator("#card.card-held");
  await press("l", held);
  const action = await held.getAttribute("data-action");
  await page.keyboard.press("u");
  await page.locator(`#card:not(.card-held)[data-action="${action}"]`).waitFor();
  assert.equal((await recordOf()).outcomes.filter((o) => o.outcome === "later").length, 0);
});

test("suggestions are muted and shown again by one key, and the server knows", { timeout: 60_000 }, async () => {
  await page.keyboard.press("q");
  await page.locator(".muted-now").waitFor();
  assert.equal(await page.locator("#card").count(), 0, "no card while muted");
  assert.equal((await recordOf()).mute.on, true);
  await clean("the muted desk");
  await page.keyboard.press("q");
  await page.locator("#card").waitFor();
  assert.equal((await recordOf()).mute.on, false);
});

test("it is accepted by one key and recorded", { timeout: 60_000 }, async () => {
  const done = page.locator('.done [data-outcome="accepted"]').first();
  await press("a", done);
  await page.locator('.done [data-outcome="accepted"][data-state="recorded"]').first().waitFor();
  const action = await done.getAttribute("data-action");
  const record = await page.evaluate(async (id) => (await fetch(`/v1/calls/${id}`)).json(), call);
  assert.ok(record.outcomes.some((o) => o.action === action && o.outcome === "accepted"), "the server has the outcome");
  console.log(await budget(page));
});

test("two tabs of one agent agree, and neither writes over the other's notes", { timeout: 60_000 }, async () => {
  const other = await page.context().newPage();
  await other.goto(`${url}/desk/${encodeURIComponent(call)}`);
  await other.locator('.done [data-outcome="accepted"][data-state="recorded"]').first().waitFor();
  await page.locator("#notes").fill("charged twice");
  await other.waitForFunction(() => document.querySelector("#notes")?.value === "charged twice");
  await other.locator("#notes").fill("charged twice, and the second tab");
  assert.ok(await page.locator("#notes").evaluate((el) => el === document.activeElement), "the notes have the focus");
  await page.locator(".notes [role=alert]").waitFor();
  assert.equal(await page.locator("#notes").inputValue(), "charged twice", "nothing was written over");
  await page.locator(".notes [role=alert] button").first().press("Enter");
  assert.equal(await page.locator("#notes").inputValue(), "charged twice, and the second tab");
  await other.close();
});

test("a lost connection is said, keeps what was typed, and leaves no gap", { timeout: 60_000 }, async () => {
  // A page that is not seen gives its streams up, as a lost line does.
  const seen = (state) => page.evaluate((to) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => to });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
  await page.context().setOffline(true);
  await seen("hidden");
  await seen("visible");
  await page.locator(".desk-head [role=status]").waitFor();
  await page.locator("#notes").fill("typed without a line");
  await page.waitForTimeout(1500);
  await page.context().setOffline(false);
  await page.locator(".desk-head [role=status]").waitFor({ state: "detached", timeout: 30_000 });
  assert.equal(await page.locator("#notes").inputValue(), "typed without a line");
  await page.waitForFunction(async (id) => {
    const r = await (await fetch(`/v1/calls/${id}`)).json();
    const shown = [...document.querySelectorAll(".lines .line")].map((l) => l.id.slice(5));
    const said = r.utterances.map((u) => u.id);
    return said.every((u) => shown.includes(u)) && new Set(shown).size === shown.length;
  }, call);
  await page.locator("#notes").press("Escape"); // keys act again
});

test("the screens are reached by keys alone", { timeout: 60_000 }, async () => {
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await clean("the help");
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await page.waitForURL((u) => u.pathname === "/calls");
  await page.locator(".call-row").first().waitFor();
  await clean("the calls");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByText("Speech engine").waitFor();
  await clean("the status");
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForURL((u) => u.pathname === "/desk");
  await page.locator("main").waitFor();
});

test("when the call is over it stays readable and its page has everything", { timeout: patience }, async () => {
  await page.goto(`${url}/desk/${encodeURIComponent(call)}`);
  const open = page.getByRole("link", { name: "Open the call page" });
  await open.waitFor({ timeout: patience });
  assert.ok((await page.locator(".lines .line").count()) > 0, "the captions stay");
  await page.keyboard.press("f");
  await page.locator(".wrap .chip:focus").press("Enter");
  await page.locator(".tag-new").fill("late parcel");
  await page.keyboard.press("Enter");
  await clean("the wrap-up");
  await page.locator(".wrap [type=submit]").press("Enter");
  await page.locator(".wrap-foot [role=status]", { hasText: "Saved." }).waitFor();
  assert.deepEqual((({ ending, tags }) => ({ ending, tags }))((await recordOf()).wrap_up), { ending: "resolved", tags: ["late parcel"] });
  await open.press("Enter");
  await page.waitForURL((u) => u.pathname.startsWith("/calls/"));
  await page.locator(".transcript .line").first().waitFor();
  await page.locator(".decisions > li").first().waitFor();
  await page.locator(".outcomes .tag-accepted").first().waitFor();
  await clean("the call page");
});

test("a misheard line is corrected where it stands, by keys alone, and that is undone", { timeout: 60_000 }, async () => {
  const line = page.locator(".transcript .line-text").first();
  const heard = (await line.innerText()).trim();
  const playing = await page.evaluate(() => document.querySelector("audio")?.paused === false);
  await line.locator(".correct-open").focus();
  await page.keyboard.press("Enter");
  await page.locator(".correct textarea:focus").waitFor();
  await clean("the correction of a line");
  await page.keyboard.press("Escape");
  await line.locator(".correct-open:focus").waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".correct textarea:focus").fill("Thank you for calling the Zanzibar desk. Read 4111 1111 1111 1111.");
  await page.keyboard.press("Enter");
  await line.locator(".corrected").waitFor();
  assert.match(await line.locator(".corrected").innerText(), /Zanzibar desk.*\[card number\]/);
  assert.ok((await line.locator(".heard").innerText()).includes(heard.split("\n")[0]), "what was heard stays");
  await clean("a corrected call");
  const record = await page.evaluate(async (id) => (await fetch(`/v1/calls/${id}`)).json(), call);
  assert.equal(record.corrections.length, 1);
  // Two groups of it: four ones alone also turn up in times, scores and ids.
  assert.doesNotMatch(JSON.stringify(record), /1111\D?1111/, "no card number is put back");
  assert.equal(await page.evaluate(() => document.querySelector("audio")?.paused === false), playing, "nothing was played by it");
  await line.locator(".correct-open").press("Enter");
  await page.getByRole("button", { name: "Undo the correction" }).press("Enter");
  await line.locator(".correct").waitFor({ state: "detached" });
  assert.equal(await line.locator(".corrected").count(), 0);
  assert.equal((await line.innerText()).trim(), heard);
});

test("a click on a word plays from there", { timeout: 60_000 }, async () => {
  await page.waitForFunction(() => (document.querySelector("audio")?.readyState ?? 0) >= 1);
  const word = page.locator(".transcript span[data-t]").nth(3);
  const from = Number(await word.getAttribute("data-t"));
  await word.click();
  await page.waitForFunction((t) => Math.abs((document.querySelector("audio")?.currentTime ?? -9) - t) < 5, from);
  await page.locator(".word-now, .line-now").first().waitFor();
});

test("the call is summed up in lines that play, and that can be copied, by keys alone", { timeout: 60_000 }, async () => {
  const line = page.locator(".summary-line").first();
  await line.waitFor();
  const [minutes, seconds] = (await line.locator(".num").innerText()).split(":").map(Number);
  await line.press("Enter");
  await page.waitForFunction((t) => Math.abs((document.querySelector("audio")?.currentTime ?? -9) - t) < 5, minutes * 60 + seconds);
  await page.locator(".summary").getByRole("button", { name: "Copy" }).press("Enter");
  await page.locator(".summary [role=status]", { hasText: /\S/ }).waitFor();
  await clean("the summary");
});

test("a spotted phrase says how sure that is, and plays", {
  timeout: 60_000, skip: process.env.HEED_URL ? "what is spotted on a real call is not known beforehand" : false,
}, async () => {
  const chip = page.getByRole("button", { name: "the other company" });
  assert.match(await chip.innerText(), /\d+:\d\d · 41 %/);
  await chip.click();
  const from = Number((await chip.innerText()).match(/(\d+):(\d\d)/)?.slice(1).reduce((m, s) => Number(m) * 60 + Number(s)));
  await page.waitForFunction((t) => Math.abs((document.querySelector("audio")?.currentTime ?? -9) - t) < 5, from);
});

test("the words as they were heard are shown and put back by the keyboard", { timeout: 60_000 }, async () => {
  const words = page.getByRole("button", { name: "Words as heard" });
  const said = page.locator(".transcript");
  const written = await said.innerText();
  await words.press("Enter");
  await page.waitForFunction((t) => document.querySelector(".transcript")?.innerText !== t, written);
  assert.equal(await words.getAttribute("aria-pressed"), "true");
  await clean("the words as heard");
  await words.press("Space");
  await page.waitForFunction((t) => document.querySelector(".transcript")?.innerText === t, written);
});

test("what was said is found and played from that second", { timeout: 60_000 }, async () => {
  const text = await page.locator(".transcript .line-text").first().innerText();
  const word = text.split(/\W+/).find((w) => w.length > 3) ?? text.split(" ")[0];
  await page.keyboard.press("/");
  await page.locator("input[type=search]:focus").waitFor();
  await page.keyboard.type(word);
  await page.keyboard.press("Enter");
  await page.waitForURL((u) => u.searchParams.get("q") === word);
  // The index follows the log: ask again until it has caught up.
  for (let i = 0; i < 20 && (await page.locator(".hit").count()) === 0; i++) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  await page.locator(".hit mark").first().waitFor();
  await clean("the search");
  await page.locator(".hit").first().press("Enter");
  await page.waitForURL((u) => u.searchParams.has("t"));
});

test("what calls are about is counted, and leads to what was said", { timeout: 60_000 }, async () => {
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.waitForURL((u) => u.pathname === "/themes");
  // The counter follows the log: ask again until it has caught up.
  for (let i = 0; i < 20 && (await page.locator(".theme-row").count()) === 0; i++) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  await page.locator(".theme-row").first().waitFor();
  await clean("the themes");
  await page.locator(".theme-row").first().press("Enter");
  await page.waitForURL((u) => /^\/themes\/./.test(u.pathname));
  await page.locator(".hit mark").first().waitFor();
  await clean("one theme");
  await page.locator(".hit").first().press("Enter");
  await page.waitForURL((u) => u.pathname.startsWith("/calls/") && u.searchParams.has("t"));
});

test("a theme is defined by keys alone, counts all history, is deleted and brought back", { timeout: 60_000 }, async () => {
  await page.locator(".transcript .line-customer .line-text").first().waitFor();
  const said = (await page.locator(".transcript .line-customer .line-text").allInnerTexts()).join(" ");
  const word = said.toLowerCase().match(/[a-z]{5,}/)?.[0] ?? expectWord();
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.locator("h1").waitFor();
  await page.keyboard.press("n");
  await page.waitForURL((u) => u.pathname === "/themes/new");
  await page.locator("textarea").focus();
  await page.keyboard.type(word);
  await page.locator(".define-found b").waitFor();
  assert.match(await page.locator(".define-found b").innerText(), /^[1-9]\d* calls?/);
  await clean("the definition");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Made by keys");
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: "Made by keys" }).waitFor();
  await page.locator(".hit mark").first().waitFor();
  await page.getByRole("button", { name: "Delete", disabled: false }).press("Enter");
  await page.getByText("Deleted: it is not counted.").waitFor();
  await page.getByRole("button", { name: "Bring it back" }).press("Enter");
  await page.getByRole("button", { name: "Delete" }).waitFor();
  await page.locator(".hit mark").first().waitFor();
});

function expectWord() {
  assert.fail("the customer said no word of five letters");
}

test("nothing went wrong in the page and nothing was asked elsewhere", () => {
  assert.deepEqual(page.wrong, []);
});
