// Signing in, by the keyboard alone, in a real browser against a real server:
// the first administrator comes by a link, chooses a password, comes back by it,
// adds a passkey and comes back by that, makes an agent, and signs in over the
// page when the session ends. Chromium's virtual authenticator is the device.
//
//   HEED_URL    address of the server
//   HEED_LOGIN  one-time sign-in link of the administrator

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage } from "./browser.mjs";
import { seriousFindings } from "./checks.mjs";

const url = process.env.HEED_URL.replace(/\/$/, "");
const link = new URL(process.env.HEED_LOGIN, url);
const name = "ada@example.com";
const password = "seven brave little kettles";
let browser;
let page;

before(async () => {
  browser = await openBrowser();
  page = await openPage(browser);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
});
after(() => browser?.close());

const clean = async (where) => assert.deepEqual(await seriousFindings(page), [], `axe on ${where}`);
const button = (text) => page.getByRole("button", { name: text });
const at = (path) => page.waitForURL((u) => u.pathname === path);

async function write(label, text) {
  await page.getByLabel(label, { exact: true }).focus();
  await page.keyboard.type(text);
}

async function keys(...all) {
  for (const k of all) await page.keyboard.press(k);
}

async function leave() {
  await page.getByRole("banner").getByRole("button", { name: "Sign out" }).press("Enter");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
}

test("the first administrator comes by the link and chooses a password", { timeout: 60_000 }, async () => {
  await page.goto(url + link.pathname + link.search);
  await page.locator(".door button.main").press("Enter");
  await at("/account");
  await page.getByText("Choose how you sign in next time").waitFor();
  await clean("the welcome");
  await write("E-mail or user name", name);
  await write("New password", "Password1234");
  await keys("Enter");
  await page.getByText("among the passwords that are tried first").waitFor();
  await page.getByLabel("New password", { exact: true }).fill("");
  await write("New password", password);
  await keys("Enter");
  await page.getByText("The password is set.").waitFor();
  assert.equal(await page.getByText("Choose how you sign in next time").count(), 0);
});

test("a wrong password is refused and the right one lets in", { timeout: 60_000 }, async () => {
  await leave();
  await clean("the sign-in page");
  await write("E-mail or user name", name.toUpperCase());
  await write("Password", "seven brave little kettle");
  await keys("Enter");
  await page.getByText("The user name or the password is not right.").waitFor();
  await write("Password", "s");
  await keys("Enter");
  await page.getByRole("banner").waitFor();
});

test("a passkey is added, and lets in", { timeout: 60_000 }, async () => {
  await page.locator("main").waitFor();
  await keys("g", "o");
  await at("/account");
  await button("Add a passkey").press("Enter");
  await page.locator("input[name=present]").last().focus();
  await page.keyboard.type(password);
  await keys("Enter");
  await page.getByText("The passkey is there.").waitFor();
  await clean("the account");
  await leave();
  await button("Use a passkey").press("Enter");
  await page.getByRole("banner").waitFor();
});

test("an agent is made, and a link for them", { timeout: 60_000 }, async () => {
  await page.locator("main").waitFor();
  await keys("g", "a");
  await at("/admin");
  await page.locator(".user-list li").first().waitFor();
  await keys("n");
  await page.keyboard.type("Dana Reyes");
  await keys("Tab");
  await page.keyboard.type("dana@example.com");
  await keys("Enter");
  await page.getByLabel("Sign-in link for Dana Reyes").waitFor();
  await clean("the users");
  await button("Suspend Dana Reyes").press("Enter");
  await page.getByText("Dana Reyes is suspended and signed out.").waitFor();
  await page.locator("main").focus();
  await keys("u");
  await button("Suspend Dana Reyes").waitFor();
  // The first link went with the suspension.
  const first = await page.getByLabel("Sign-in link for Dana Reyes").inputValue();
  await button("Link Dana Reyes").press("Enter");
  await button("Make a link").last().press("Enter");
  await page.waitForFunction((old) => document.querySelector("#made-link")?.value !== old, first);
});

test("a session that ends is begun again over the page, and what was typed stays", { timeout: 60_000 }, async () => {
  await page.locator("main").focus();
  await keys("n");
  await page.keyboard.type("Half a name");
  const agents = await page.getByLabel("Sign-in link for Dana Reyes").inputValue();
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await button("History Dana Reyes").press("Enter");
  const dialog = page.getByRole("dialog", { name: "Sign in to go on" });
  await dialog.waitFor();
  await clean("signing in over the page");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "password", "the focus is where typing goes on");
  await page.keyboard.type(password);
  await keys("Enter");
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.locator(".user-new input").first().inputValue(), "Half a name");
  assert.notEqual((await page.context().cookies())[0].value, cookies[0].value);
  // The agent comes by the link, and sees nothing of the users.
  const other = await openPage(browser);
  await other.goto(agents);
  await other.locator(".door button.main").press("Enter");
  await other.waitForURL((u) => u.pathname === "/account");
  await other.goto(`${url}/admin/users`);
  await other.getByText("This is for administrators").waitFor();
  assert.equal(await other.evaluate(async () => (await fetch("/v1/users")).status), 403);
  assert.deepEqual(other.wrong.filter((w) => !/403/.test(w)), []);
});

test("nothing went wrong in the page and nothing was asked elsewhere", () => {
  assert.deepEqual(page.wrong.filter((w) => !/40[13]|422/.test(w)), []);
});
