import { describe, expect, it } from "vitest";
import { bytes, clock, direction, labelText, mood, named, shortPhone, span, tone } from "./format";

describe("format", () => {
  it.each([[0, "0:00"], [-3, "0:00"], [59.9, "0:59"], [252, "4:12"], [3852, "1:04:12"]])("clock %d", (s, want) => {
    expect(clock(s)).toBe(want);
  });

  it.each([
    ["+491705550121", "+49 170 … 21"], ["+12125550123", "+1 212 … 23"], ["+37251234567", "+372 512 … 67"],
    ["anonymous", "anonymous"], ["+4912", "+4912"],
  ])("hides the middle of %s", (number, want) => {
    expect(shortPhone(number)).toBe(want);
  });

  it.each([[-1, "very unhappy", "bad"], [-0.3, "unhappy", "bad"], [0, "neutral", "plain"], [0.3, "pleased", "good"], [1, "very pleased", "good"]])(
    "mood %d in a word", (v, word, colour) => {
      expect(mood(v)).toBe(word);
      expect(tone(v)).toBe(colour);
    });

  it.each([["intent.order_status", "wants: order status"], ["theme.price", "about: price"], ["moment.competitor_named", "competitor named"], ["page.cancel", "page cancel"], ["sentiment", "sentiment"], ["mood.annoyed", "annoyed"]])(
    "label %s", (label, want) => {
      expect(labelText(label)).toBe(want);
    });

  it("knows which languages run from right to left", () => {
    expect([direction("ar-SA"), direction("he"), direction("en"), direction("")]).toEqual(["rtl", "rtl", "ltr", undefined]);
  });

  it("says sizes and lengths shortly", () => {
    expect([bytes(0), bytes(1500), bytes(48_234_000)]).toEqual(["0 B", "1.5 kB", "48 MB"]);
    expect([span(42), span(130), span(5400), span(200_000)]).toEqual(["42 s", "2 min", "1 h 30 min", "2 days"]);
  });

  it.each([
    ["money", "USD 54.00", "$54"], ["money", "EUR 12.50", "€12.50"], ["date", "2026-05-04", "Mon, May 4, 2026"], ["date", "next friday", "next friday"],
    ["duration", "P7Y", "7 years"], ["duration", "PT1H", "1 hour"], ["duration", "P12M", "12 months"], ["duration", "PT30M", "30 minutes"],
    ["duration", "P1DT2H", "P1DT2H"], ["date", "2026-W46", "week of Mon, Nov 9, 2026"], ["date", "2027-W01", "week of Mon, Jan 4, 2027"],
    ["date", "2026-12", "December 2026"], ["date", "2026", "2026"], ["order_number", "A20417", "A20417"], ["money", "a lot", "a lot"],
  ])("%s %s is shown as %s", (type, value, want) => {
    expect(named(type, value)).toBe(want);
  });
});
