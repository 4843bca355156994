// Pictures of signing in, one's account and the users.

import { trialShots } from "./trials.mjs";

/** The forms of each picture. */
export const four = [["", {}], ["-dark", { dark: true }], ["-360", { width: 360, height: 760 }], ["-ar", { locale: "ar" }]];

export async function people(shoot, live) {
  await trialShots(shoot);
  for (const [suffix, o] of four) {
    await shoot(`account${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
      await goto("/account");
      await page.waitForSelector(".lines-list li");
    });
    await shoot(`users${suffix}`, { ...o, full: true }, async (page, _w, goto) => {
      await goto("/admin/users");
      await page.waitForSelector(".user-list li");
      await page.locator(".user-new input").first().fill("Maria Kallas");
      await page.locator(".user-new button").click();
      await page.waitForSelector(".link-made");
      await page.locator(".user-list > li").nth(1).locator(".user-acts button").nth(1).click();
      await page.locator(".user-list > li").nth(2).locator(".user-acts button").last().click();
    });
    await shoot(`signin${suffix}`, o, async (page, world, goto) => {
      world.provider = "Northwind";
      await page.context().clearCookies();
      await goto("/desk");
      await page.locator("input[name=login]").fill("dana@example.com");
      await page.locator("input[name=password]").fill("wrong");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".note-bad");
    });
    await shoot(`welcome${suffix}`, { ...o, full: true }, async (page, world, goto) => {
      world.fresh = true;
      await goto("/account");
      await page.waitForSelector(".note-accent");
      await page.locator("input[name=login]").fill("dana@example.com");
      await page.locator("input[name=password]").fill("Password1234");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".note-bad");
    });
    await shoot(`again${suffix}`, o, async (page, world, goto) => {
      await live(6)(page, world, goto);
      await page.context().clearCookies();
      await page.keyboard.press("a");
      await page.waitForSelector("dialog.again input", { timeout: 15_000 });
    });
  }
  await shoot("signed-out", {}, async (page, _w, goto) => {
    await page.context().clearCookies();
    await goto("/desk");
  });
  await shoot("login", {}, (_p, _w, goto) => goto("/login?token=x"));
}
