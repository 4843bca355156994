import { afterEach, describe, expect, it } from "vitest";
import { ar } from "./ar";
import { en } from "./en";
import { hy } from "./hy";
import { is } from "./is";
import { direction, moment, span } from "../format";
import { language, languageOf, locale, show, t } from "./index";

type Tree = Readonly<Record<string, unknown>>;

/** Every text with its path; one that takes values is given numbers and names. */
function texts(of: Tree, path = ""): [string, string][] {
  return Object.entries(of).flatMap(([name, v]): [string, string][] => {
    const here = `${path}.${name}`;
    if (typeof v === "string") return [[here, v]];
    if (typeof v === "function") return [0, 1, 2, 3, 11, 100].map((n): [string, string] => [`${here}()`, String((v as (...of: unknown[]) => unknown)(n, n, n, n))]);
    return v && typeof v === "object" ? texts(v as Tree, here) : [];
  });
}

const shape = (of: Tree): string[] => [...new Set(texts(of).map(([path]) => path))].toSorted();

afterEach(() => show("en"));

describe("the languages", () => {
  it("have the same texts as English in every section that they have", () => {
    expect(shape(ar)).toEqual(shape(en));
    for (const some of [is, hy]) {
      const same = Object.fromEntries(Object.keys(some).map((section) => [section, en[section as keyof typeof en]]));
      expect(shape(some)).toEqual(shape(same));
    }
  });

  it.each(Object.entries({ en, ar, is, hy }))("%s says something everywhere, and nothing that turns the line around", (_, of) => {
    for (const [path, text] of texts(of as Tree)) {
      expect(text.trim(), path).not.toBe("");
      expect(text, path).not.toMatch(/undefined|NaN|\[object|[\u202a-\u202e\u2066-\u2069]/);
    }
  });

  it("Arabic is in Arabic, letters of names apart", () => {
    const foreign = texts(ar as Tree).filter(([, text]) => /[A-Za-z]{3}/.test(text) && !/[\u0600-\u06ff]/.test(text));
    // What has no word of its own: names of formats and of products.
    expect(foreign.filter(([path, text]) => texts(en as Tree).some(([p, english]) => p === path && english !== text)).map(([path]) => path)).toEqual([]);
  });
});

describe("the language that is shown", () => {
  it("is the first of the browser's that there are words in", () => {
    expect([["de", "ar-EG", "en"], ["hy-AM"], ["is"], ["en-GB"], ["de"], []].map((l) => languageOf(l))).toEqual(["ar", "hy", "is", "en", "en", "en"]);
  });

  it("changes the words, and the numbers and dates with them", async () => {
    expect(span(90)).toBe("1 min");
    await show("ar");
    expect([language(), locale()]).toEqual(["ar", "ar"]);
    expect(t().common.close).toBe(ar.common.close);
    expect(span(90)).toContain("د");
    expect(moment("2020-03-01T10:00:00Z")).not.toMatch(/[A-Z][a-z]/);
  });

  it("is the one that was wished for last, whichever comes first", async () => {
    const arabic = show("ar");
    await show("en");
    await arabic;
    expect(language()).toBe("en");
  });

  it("reads in English what a language does not have", async () => {
    await show("is");
    expect(t().campaigns.title).toBe(en.campaigns.title);
    expect(direction("is")).toBe("ltr");
  });
});
