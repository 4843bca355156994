// Comments on a call: who writes, what is sent, what can be undone.

import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { me } from "../session";
import { utterance } from "../testing";
import type { CallDetail } from "../wire";
import { Comments, CommentsAt } from "./comments";
import { mayComment } from "./notes";
import { Player } from "./player";
import { CallPage } from "./store";
import type { Comment } from "./wire";

const comment = (o: Partial<Comment> = {}): Comment => ({ id: "n1", call_id: "c1", text: "Nobody called back", actor: "ada", by: "Ada", at: "2026-03-01T11:00:00Z", ...o });
const all = [comment(), comment({ id: "n2", actor: "bo", by: "Bo", text: "<b>x</b>", second: 12, utterance_id: "u1" })];

const calls = {
  call: vi.fn(async () => ({ status: "ended", started_at: "2026-03-01T10:00:00Z", recording: { state: "none" }, health: {}, utterances: [utterance()], insights: [] }) as unknown as CallDetail),
  peaks: vi.fn(), callEvents: () => "", correct: vi.fn(), uncorrect: vi.fn(), rewordings: vi.fn(), answer: vi.fn(), mishear: vi.fn(),
  comments: vi.fn(async () => ({ comments: all })),
  addComment: vi.fn(async (_: string, body: { text: string; second?: number }) => comment({ id: "n3", ...body })),
  editComment: vi.fn(async (_: string, id: string, text: string) => comment({ id, text, edited: "2026-03-01T12:00:00Z" })),
  removeComment: vi.fn(async () => undefined),
  restoreComment: vi.fn(async () => comment()),
};

let page: CallPage;
let box: HTMLElement;
const player = new Player();
const settle = (): Promise<void> => new Promise((done) => setTimeout(done));
const button = (name: RegExp): HTMLButtonElement | undefined =>
  [...box.querySelectorAll("button")].find((b) => name.test(b.getAttribute("aria-label") ?? b.textContent ?? ""));

beforeEach(async () => {
  vi.clearAllMocks();
  me.value = { id: "ada", name: "Ada", role: "agent" };
  page = new CallPage("c1", calls, () => ({ close: () => undefined }));
  await page.start();
  await settle();
  box = document.createElement("div");
  document.body.append(box);
  render(<Comments page={page} player={player} />, box);
});
afterEach(() => {
  render(null, box);
  box.remove();
});

async function write(text: string, key = "Enter"): Promise<void> {
  const field = box.querySelector("textarea") ?? expect.fail("no field");
  field.value = text;
  field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await settle();
}

describe("who comments", () => {
  it("are all who read calls but viewers", () => {
    const as = (role: string): boolean => {
      me.value = { id: "x", name: "x", role };
      return mayComment();
    };
    expect(["admin", "agent", "marketer", "privacy", "supervisor", "viewer", "designer"].map(as)).toEqual([true, true, true, true, true, false, false]);
  });
  it("change their own, and those who answer for what is kept remove any", async () => {
    expect(page.notes.all.value.map((c) => [page.notes.mayChange(c), page.notes.mayRemove(c)])).toEqual([[true, true], [false, false]]);
    me.value = { id: "paul", name: "Paul", role: "privacy" };
    expect(page.notes.all.value.map((c) => [page.notes.mayChange(c), page.notes.mayRemove(c)])).toEqual([[false, true], [false, true]]);
  });
});

describe("commenting", () => {
  it("stands at what is played, or at the whole call", async () => {
    player.seek(41.2);
    button(/^Comment/)?.click();
    await settle();
    await write("Call them back");
    expect(calls.addComment.mock.lastCall?.slice(0, 2)).toEqual(["c1", { text: "Call them back", second: 41.2 }]);
    expect(box.querySelector("textarea")).toBeNull();
    button(/^Comment/)?.click();
    await settle();
    box.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
    await settle();
    await write("In all");
    expect(calls.addComment.mock.lastCall?.[1]).toEqual({ text: "In all" });
  });
  it("goes on while they are read again, and what was written meanwhile stays", async () => {
    button(/^Comment/)?.click();
    await settle();
    const answers: ((v: { comments: Comment[] }) => void)[] = [];
    calls.comments.mockImplementationOnce(() => new Promise((done) => answers.push(done)));
    const again = page.notes.load();
    await settle();
    expect([box.querySelector("textarea")?.readOnly, button(/^Cancel/)?.disabled]).toEqual([false, false]);
    await write("Call them back");
    calls.comments.mockResolvedValueOnce({ comments: [...all, comment({ id: "n3", text: "Call them back" })] });
    answers[0]?.({ comments: all });
    await again;
    expect(page.notes.all.value.map((c) => c.id)).toContain("n3");
  });
  it("keeps the words when the server refuses them, and sends nothing for nothing", async () => {
    button(/^Comment/)?.click();
    await settle();
    calls.addComment.mockRejectedValueOnce(new Problem(409, "Conflict", "a call has at most 500 comments"));
    await write("One more");
    expect(box.querySelector("[role=alert]")?.textContent).toBe("a call has at most 500 comments");
    expect(box.querySelector("textarea")?.value).toBe("One more");
    await write("  ");
    expect(calls.addComment).toHaveBeenCalledTimes(1);
  });
  it("is changed, removed and brought back", async () => {
    button(/^Change/)?.click();
    await settle();
    expect(box.querySelector("textarea")?.value).toBe("Nobody called back");
    await write("Somebody did");
    expect(box.textContent).toContain("Somebody did");
    button(/^Remove/)?.click();
    await settle();
    expect(box.textContent).not.toContain("Somebody did");
    button(/^Undo/)?.click();
    await settle();
    expect(calls.restoreComment).toHaveBeenCalledWith("c1", "n1");
    expect(box.textContent).toContain("Nobody called back");
  });
  it("is left by Escape", async () => {
    button(/^Comment/)?.click();
    await settle();
    await write("words", "Escape");
    expect(box.querySelector("textarea")).toBeNull();
    expect(calls.addComment).not.toHaveBeenCalled();
  });
});

describe("at a line", () => {
  it("stands what was written on it, as text", async () => {
    render(<CommentsAt utterance={utterance()} page={page} />, box);
    expect(box.querySelector(".line-note")?.textContent).toBe("Bo <b>x</b>");
    page.notes.writing.value = { utterance: "u1", second: 1 };
    await settle();
    await write("Here");
    expect(calls.addComment.mock.lastCall?.[1]).toEqual({ text: "Here", utterance_id: "u1", second: 1 });
  });
});
