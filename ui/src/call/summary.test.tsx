// @vitest-environment happy-dom
import { render } from "preact";
import { expect, test, vi } from "vitest";
import type { StreamOptions } from "../stream";
import type { CallDetail } from "../wire";
import type { Summary as Wire } from "../wire-summary";
import { Player } from "./player";
import { CallPage } from "./store";
import { plain, Summary } from "./summary";

const words: Wire = {
  call_id: "c", source: "words", model: "summary/1",
  lines: [
    { part: "promise", text: "I will call you tomorrow.", utterance_id: "u3", speaker: "agent", start: 62, due: "tomorrow", due_on: "2026-01-02" },
    { part: "promise", text: "You get a voucher right away.", utterance_id: "u4", speaker: "agent", start: 70, due: "right away" },
    { part: "issue", text: "I want to cancel.", utterance_id: "u1", speaker: "customer", start: 5.5 },
  ],
};

function draw(summary: Wire | undefined): { box: HTMLElement; player: Player } {
  const page = new CallPage("c");
  page.detail.value = { id: "c", summary } as unknown as CallDetail;
  const player = new Player();
  const box = document.createElement("div");
  document.body.replaceChildren(box);
  render(<Summary page={page} player={player} />, box);
  return { box, player };
}

test("lines are in the order of their parts, and lead to the second", () => {
  const { box, player } = draw(words);
  expect([...box.querySelectorAll("dt")].map((x) => x.textContent)).toEqual(["Issue", "Promised"]);
  const from = vi.spyOn(player, "playFrom").mockImplementation(() => undefined);
  const lines = box.querySelectorAll<HTMLButtonElement>(".summary-line");
  lines[1]?.click();
  expect(from).toHaveBeenCalledWith(62);
  expect(lines[0]?.querySelector("q")?.textContent).toBe("I want to cancel.");
  expect([...box.querySelectorAll(".due")].map((x) => [x.textContent, x.getAttribute("title")])).toEqual([
    ["due Fri, Jan 2, 2026", "\u201Ctomorrow\u201D"], ["due \u201Cright away\u201D", null],
  ]);
  expect(box.textContent).toContain("From the words of the call.");
});

test("a model's sentences are no quotes, and say who wrote them", () => {
  const { box } = draw({ ...words, source: "small" });
  expect(box.querySelector("q")).toBeNull();
  expect(box.textContent).toContain("Written by the language model small.");
});

test("without lines there is nothing to show", () => {
  expect(draw(undefined).box.innerHTML).toBe("");
  expect(draw({ ...words, lines: null }).box.innerHTML).toBe("");
});

test("it is copied as plain text, and said when that fails", async () => {
  expect(plain(words)).toBe("Issue: I want to cancel. (0:05)\nPromised: I will call you tomorrow. (due Fri, Jan 2, 2026; 1:02)\nPromised: You get a voucher right away. (due \u201Cright away\u201D; 1:10)");
  const write = vi.fn<(s: string) => Promise<void>>().mockResolvedValueOnce().mockRejectedValueOnce(new Error("no"));
  vi.stubGlobal("navigator", { languages: ["en"], clipboard: { writeText: write } });
  const { box } = draw(words);
  for (const want of ["Copied", "does not let it be copied"]) {
    box.querySelector<HTMLButtonElement>("button.quiet")?.click();
    await vi.waitFor(() => expect(box.querySelector("[role=status]")?.textContent).toContain(want));
  }
  expect(write).toHaveBeenCalledWith(plain(words));
});

test("a correction has the page wait for the new summary", async () => {
  let told: StreamOptions | undefined;
  const correction = { utterance_id: "u1", call_id: "c", heard: "a", text: "b", plain: "b", by: "Dana", at: "2026-01-01T00:00:00Z" };
  const call = vi.fn(() => Promise.resolve({ id: "c", status: "ended", summary: words, recording: { state: "none" }, last_seq: 7 } as unknown as CallDetail));
  const page = new CallPage("c", { call, peaks: vi.fn(), callEvents: () => "", correct: () => Promise.resolve(correction), uncorrect: vi.fn() } as never, (o) => {
    told = o;
    return { close: () => undefined };
  });
  await page.start();
  expect(told).toBeUndefined(); // an ended call that was summed up is not watched
  await page.correct("u1", "b");
  expect(told?.after).toBe(7);
  expect(told?.types).toContain("call.summarised");
  vi.useFakeTimers();
  told?.onEvent({} as never);
  await vi.runAllTimersAsync();
  vi.useRealTimers();
  expect(call).toHaveBeenCalledTimes(2);
  page.close();
});
