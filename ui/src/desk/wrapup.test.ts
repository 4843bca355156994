import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import type { WrapUp } from "../wire-desk";
import type { Summary } from "../wire-summary";
import type { Answered } from "./cards";
import { WrappingUp } from "./wrapup";

const summary = (...lines: string[]): Summary => ({
  call_id: "c1", source: "words", model: "m",
  lines: lines.map((text, i) => ({ part: "issue", text, utterance_id: `u${i}`, speaker: "customer", start: i })),
});

const dismissed: Answered = { decision: "d1", action: "retain", title: "Keep them", answer: "dismissed", at: 0, state: "recorded" };

function stage() {
  const wrapUp = vi.fn(async (id: string, o: unknown) => ({ call_id: id, at: "", ...(o as object) }) as WrapUp);
  return { wrapUp, w: new WrappingUp("c1", { wrapUp }) };
}

describe("wrapping up", () => {
  beforeEach(() => localStorage.clear());

  it("begins with the draft, unless the agent has written", () => {
    const { w } = stage();
    w.drafted(summary("Charged twice.", "Credited."));
    expect(w.draft.value.summary).toBe("Charged twice.\nCredited.");
    w.write("Mine.");
    w.drafted(summary("Other."));
    expect(w.draft.value.summary).toBe("Mine.");
  });

  it("keeps what is not saved through a reload, and forgets it when it is", async () => {
    const { w, wrapUp } = stage();
    w.write("Mine.");
    w.end("resolved");
    w.addTag(" late   parcel ");
    w.addTag("late parcel");
    w.because(dismissed, "irrelevant");
    const again = stage();
    again.w.load(summary("Draft."), undefined);
    expect(again.w.draft.value).toEqual(w.draft.value);
    await w.save();
    expect(wrapUp).toHaveBeenCalledWith("c1", {
      summary: "Mine.", ending: "resolved", tags: ["late parcel"], dismissed: [{ decision_id: "d1", action: "retain", reason: "irrelevant" }],
    });
    expect([w.touched.value, localStorage.getItem("heed.wrap.c1")]).toEqual([false, null]);
  });

  it("keeps what is typed while it is saved", async () => {
    const { w, wrapUp } = stage();
    w.write("Mine.");
    w.end("resolved");
    let answer: (w: WrapUp) => void = () => undefined;
    wrapUp.mockImplementationOnce(() => new Promise((done) => (answer = done)));
    const saved = w.save();
    w.write("Mine, and more.");
    answer({ call_id: "c1", at: "", summary: "Mine.", ending: "resolved" } as WrapUp);
    await saved;
    expect([w.draft.value.summary, w.touched.value]).toEqual(["Mine, and more.", true]);
    expect(localStorage.getItem("heed.wrap.c1")).toContain("and more");
  });

  it("takes a tag and a reason back by the same press, and no tag beyond the most", () => {
    const { w } = stage();
    w.tag("a");
    w.tag("a");
    w.because(dismissed, "irrelevant");
    w.because(dismissed, "irrelevant");
    expect([w.draft.value.tags, w.draft.value.dismissed]).toEqual([[], []]);
    for (let i = 0; i < 20; i++) w.tag(`t${i}`);
    expect(w.draft.value.tags).toHaveLength(12);
  });

  it("is not saved without an end, and says what went wrong", async () => {
    const { w, wrapUp } = stage();
    w.write("Mine.");
    await w.save();
    expect(wrapUp).not.toHaveBeenCalled();
    w.end("unresolved");
    wrapUp.mockRejectedValueOnce(new Problem(503, "Full", "the disk is full"));
    await w.save();
    expect([w.trouble.value, w.touched.value]).toEqual(["the disk is full", true]);
  });

  it("takes what another tab saved, unless something was typed here", () => {
    const { w } = stage();
    const saved: WrapUp = { call_id: "c1", ending: "resolved", tags: ["x"], summary: "Theirs.", at: "" };
    w.take(saved);
    expect(w.draft.value.summary).toBe("Theirs.");
    w.write("Mine.");
    w.take({ ...saved, summary: "Later." });
    expect(w.draft.value.summary).toBe("Mine.");
  });
});
