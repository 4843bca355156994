import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { outcome, proposal } from "../testing";
import type { Outcome } from "../wire";
import { Proposals, undoMs } from "./proposals";

function stage() {
  let clock = 1_000_000;
  const api = {
    answer: vi.fn(async (): Promise<Outcome> => outcome()),
    mishear: vi.fn(async (o: { misheard: boolean }) => proposal({ state: o.misheard ? "misheard" : "open" })),
  };
  const recorded = vi.fn();
  const heard = new Proposals({ api, recorded, now: () => clock });
  heard.load([proposal()]);
  clock += 5000;
  return { api, heard, recorded, tick: (ms: number) => (clock += ms) };
}

const second = proposal({ id: "u4.rejected", action: "other", outcome: "rejected", at: "2026-03-01T10:00:16.000Z" });

describe("what was heard", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  it("is sent when it can be undone no more, once", async () => {
    const s = stage();
    s.heard.confirm(true);
    expect(s.heard.held.value?.id).toBe("u2.accepted");
    expect(s.heard.first.value).toBeUndefined();
    s.heard.confirm(true);
    await vi.advanceTimersByTimeAsync(undoMs - 1);
    expect(s.api.answer).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(s.api.answer).toHaveBeenCalledExactlyOnceWith({
      decision: "d1", action: "retain", outcome: "accepted", heard: "u2.accepted", key: "d1:retain:accepted:u2.accepted",
    });
    expect(s.recorded).toHaveBeenCalledOnce();
    expect(s.heard.held.value).toBeUndefined();
  });

  it("is not sent when it was undone", async () => {
    const s = stage();
    s.heard.confirm(true);
    s.heard.undo();
    await vi.advanceTimersByTimeAsync(undoMs * 2);
    expect(s.api.answer).not.toHaveBeenCalled();
    expect(s.heard.first.value?.id).toBe("u2.accepted");
  });

  it("is sent at once when the page is left, and before the next is confirmed", async () => {
    const s = stage();
    s.heard.confirm(true);
    await s.heard.flush();
    expect(s.api.answer).toHaveBeenCalledOnce();
    s.heard.load([proposal(), second]);
    s.heard.confirm();
    s.heard.confirm();
    expect(s.api.answer).toHaveBeenCalledTimes(2);
    expect(s.heard.held.value?.id).toBe("u4.rejected");
  });

  it("is dropped when the customer says otherwise or somebody answered elsewhere", async () => {
    for (const other of [proposal({ id: "u6.rejected", outcome: "rejected" }), proposal({ state: "answered" })]) {
      const s = stage();
      s.heard.confirm(true);
      s.heard.take(other);
      await vi.advanceTimersByTimeAsync(undoMs);
      expect(s.api.answer).not.toHaveBeenCalled();
    }
  });

  it("waits again, and says why, when it could not be recorded", async () => {
    const s = stage();
    s.api.answer.mockRejectedValueOnce(new Problem(503, "Full", "the disk is full"));
    s.heard.confirm(true);
    await vi.advanceTimersByTimeAsync(undoMs);
    expect(s.heard.trouble.value).toContain("the disk is full");
    expect(s.heard.first.value?.id).toBe("u2.accepted");
  });

  it("does not take a key in the moment in which it comes", async () => {
    const s = stage();
    s.heard.take(second);
    s.heard.load([second]);
    s.heard.confirm(true);
    await s.heard.mishear(true);
    expect(s.heard.held.value).toBeUndefined();
    expect(s.api.mishear).not.toHaveBeenCalled();
    s.tick(600);
    s.heard.confirm(true);
    expect(s.heard.held.value?.id).toBe("u4.rejected");
  });

  it("is misheard, and heard after all", async () => {
    const s = stage();
    await s.heard.mishear(true);
    expect(s.api.mishear).toHaveBeenCalledWith({ call: "c1", proposal: "u2.accepted", misheard: true });
    expect(s.heard.first.value).toBeUndefined();
    const gone = s.heard.all.value[0];
    if (gone) await s.heard.heardAfterAll(gone);
    expect(s.heard.first.value?.id).toBe("u2.accepted");
  });

  it("is only told while it was offered", () => {
    const s = stage();
    const { outcome: _said, reply: _reply, ...offer } = proposal({ state: "offered" });
    s.heard.load([offer]);
    expect(s.heard.first.value).toBeUndefined();
    expect(s.heard.offered.value?.action).toBe("retain");
  });
});
