// Saying what was really said: who may, what is sent, and what stays.

import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { me } from "../session";
import { utterance } from "../testing";
import type { CallDetail, Correction } from "../wire";
import { Correctable, mayCorrect } from "./correct";
import { CallPage } from "./store";

const u = utterance({ text: "i want two council" });

const fix = (text: string): Correction => ({ utterance_id: u.id, call_id: "c1", heard: u.text, text, plain: text, by: "Ada", at: "2026-11-02T10:00:00Z" });

function detail(o: Partial<CallDetail> = {}): CallDetail {
  return {
    id: "c1", platform: "p", platform_call_id: "c1", direction: "inbound", agent: "Dana", status: "ended", started_at: "2026-03-01T10:00:00Z",
    duration: 1, captions: "live", recording: { state: "none" }, health: { frames: 0 }, utterances: [u], insights: [], decisions: [],
    outcomes: [], corrections: [], last_seq: 1, ...o,
  };
}

const calls = {
  call: vi.fn(async () => detail()),
  peaks: vi.fn(),
  callEvents: () => "",
  correct: vi.fn(async (o: { text: string }) => fix(o.text)),
  uncorrect: vi.fn(async () => undefined),
  rewordings: vi.fn(async () => ({ rewordings: [{ at: "2026-11-02T11:00:00Z", by: "Bo" }, { at: "2026-11-02T10:00:00Z", by: "Ada", text: "Other words" }] })),
  answer: vi.fn(),
  mishear: vi.fn(),
  comments: vi.fn(async () => ({ comments: null })),
  addComment: vi.fn(),
  editComment: vi.fn(),
  removeComment: vi.fn(),
  restoreComment: vi.fn(),
};

let page: CallPage;
let box: HTMLElement;

beforeEach(async () => {
  vi.clearAllMocks();
  me.value = { id: "dana", name: "dana", role: "agent" };
  page = new CallPage("c1", calls, () => ({ close: () => undefined }));
  await page.start();
  box = document.createElement("div");
  document.body.append(box);
  render(<Correctable utterance={u} page={page}><span>{u.text}</span></Correctable>, box);
});

afterEach(() => {
  render(null, box);
  box.remove();
});

const settle = (): Promise<void> => new Promise((done) => setTimeout(done));
const button = (name: RegExp): HTMLButtonElement | undefined =>
  [...box.querySelectorAll("button")].find((b) => name.test(b.getAttribute("aria-label") ?? b.textContent ?? ""));
const field = (): HTMLTextAreaElement => box.querySelector("textarea") ?? expect.fail("no field");

async function press(key: string, o: KeyboardEventInit = {}): Promise<boolean> {
  const e = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...o });
  field().dispatchEvent(e);
  await settle();
  return e.defaultPrevented;
}

async function edit(text?: string): Promise<void> {
  button(/^Correct what/)?.click();
  await settle();
  if (text !== undefined) field().value = text;
}

describe("who may correct", () => {
  it("is an administrator, and the agent of the call", () => {
    const as = (role: string, name: string, agent?: string): boolean => mayCorrect({ id: "x", name, role }, { agent } as CallDetail);
    expect([as("admin", "Ada"), as("agent", "DANA", "Dana")]).toEqual([true, true]);
    expect([as("agent", "Ada", "Dana"), as("agent", ""), as("agent", "", ""), as("viewer", "Dana", "Dana"), as("ingest", "Dana", "Dana")])
      .toEqual([false, false, false, false, false]);
    expect([mayCorrect(undefined, detail()), mayCorrect(null, detail()), mayCorrect(me.value, undefined)]).toEqual([false, false, false]);
  });

  it("shows no button to others", async () => {
    me.value = { id: "v", name: "Dana", role: "viewer" };
    await settle();
    expect(button(/./)).toBeUndefined();
    expect(box.textContent).toBe(u.text);
  });
});

describe("correcting", () => {
  it("sends on Enter and shows both texts", async () => {
    await edit("I want to cancel");
    expect(await press("Enter")).toBe(true);
    expect(calls.correct).toHaveBeenCalledWith({ call: "c1", utterance: u.id, text: "I want to cancel" });
    expect(box.textContent).toContain("I want to cancel");
    expect(box.textContent).toContain(`heard: ${u.text}`);
    expect(document.activeElement).toBe(button(/^Correct what/));
  });

  it("is left by Escape without a trace", async () => {
    await edit("other");
    expect(await press("Escape")).toBe(true);
    expect(box.querySelector("textarea")).toBeNull();
    expect(calls.correct).not.toHaveBeenCalled();
  });

  it("sends nothing that is the same or empty, nor while a word is composed", async () => {
    await edit();
    expect(field().value).toBe(u.text);
    await press("Enter");
    await edit("  ");
    await press("Enter");
    await edit("other");
    await press("Enter", { isComposing: true });
    await press("Enter", { shiftKey: true });
    expect(calls.correct).not.toHaveBeenCalled();
  });

  it("keeps the words when the server refuses them", async () => {
    calls.correct.mockRejectedValueOnce(new Problem(422, "Unprocessable", "leave its digits out"));
    await edit("it is 4111");
    await press("Enter");
    expect(box.querySelector("[role=alert]")?.textContent).toBe("leave its digits out");
    expect(field().value).toBe("it is 4111");
    expect(field().readOnly).toBe(false);
  });

  it("begins with what people would write, and with the correction there is", async () => {
    render(<Correctable utterance={{ ...u, written: "I want two, council." } as typeof u} page={page}>x</Correctable>, box);
    await edit();
    expect(field().value).toBe("I want two, council.");
    await press("Escape");
    page.detail.value = detail({ corrections: [fix("I want to cancel.")] });
    await edit();
    expect(field().value).toBe("I want to cancel.");
  });

  it("is undone", async () => {
    page.detail.value = detail({ corrections: [fix("I want to cancel.")] });
    await edit();
    button(/^Undo/)?.click();
    await settle();
    expect(calls.uncorrect).toHaveBeenCalledWith({ call: "c1", utterance: u.id });
    expect(box.textContent).toBe(u.text);
  });

  it("tells who corrected it before, and who took that back", async () => {
    await edit();
    const more = box.querySelector("details") ?? expect.fail("no history");
    more.open = true;
    more.dispatchEvent(new Event("toggle"));
    await settle();
    expect(calls.rewordings).toHaveBeenCalledWith({ call: "c1", utterance: u.id });
    expect([...more.querySelectorAll("li")].map((l) => l.textContent?.replace(/^.*(Bo|Ada)/, "$1"))).toEqual(["Bo: taken back", "Ada: Other words"]);
  });
});
