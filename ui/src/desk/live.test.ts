import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import type { StreamOptions } from "../stream";
import { choice, decision, insight, outcome, partialOf, proposal, utterance } from "../testing";
import type { CallDetail, Envelope, Outcome } from "../wire";
import type { WrapUp } from "../wire-desk";
import { LiveCall } from "./live";
import { undoMs } from "./undo";

const detail = (o: Partial<CallDetail> = {}): CallDetail => ({
  id: "c1", platform: "twilio", platform_call_id: "CA1", direction: "inbound", status: "live",
  started_at: "2026-03-01T10:00:00.000Z", duration: 0, captions: "live", recording: { state: "recording" },
  health: { frames: 0 }, utterances: null, insights: null, decisions: null, outcomes: null, last_seq: 7, ...o,
});

function stage(first: CallDetail = detail()) {
  let stream: StreamOptions | undefined;
  let clock = Date.parse("2026-03-01T10:00:20.000Z");
  const api = {
    call: vi.fn(async () => first),
    customer: vi.fn(async () => Promise.reject(new Problem(404, "none", ""))),
    wishes: vi.fn(async () => ({ wishes: null })),
    answerWish: vi.fn(async () => Promise.reject(new Problem(404, "none", ""))),
    callEvents: (id: string, after: number) => `/e/${id}?after=${after}`,
    answer: vi.fn(async (o: { decision: string; action: string; outcome: string }): Promise<Outcome> =>
      outcome({ decision_id: o.decision, action: o.action, outcome: o.outcome })),
    mute: vi.fn(async (id: string, minutes: number) => ({ call_id: id, on: true, at: "", ...(minutes ? { until: "x" } : {}) })),
    unmute: vi.fn(async (id: string) => ({ call_id: id, on: false, at: "" })),
    wrapUp: vi.fn(async (id: string, o: object) => ({ call_id: id, at: "", ...o }) as WrapUp),
    mishear: vi.fn(async (o: { proposal: string; misheard: boolean }) => proposal({ id: o.proposal, state: o.misheard ? "misheard" : "open" })),
  };
  const record = vi.fn(async () => ({ done: true }));
  const close = vi.fn();
  const follow = (o: StreamOptions) => {
    stream = o;
    return { close };
  };
  const desk = new LiveCall("c1", { api: { ...api, record }, follow, now: () => clock });
  let seq = 7;
  return {
    desk, api, record, close,
    stream: () => stream as StreamOptions,
    tick: (ms: number) => (clock += ms),
    send: (type: string, data: unknown) =>
      stream?.onEvent({ seq: ++seq, id: `e${seq}`, type, time: "", subject: "c1", call: "c1", data } as Envelope),
  };
}

describe("a live call", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  it("follows from where its load ended", async () => {
    const s = stage();
    await s.desk.start();
    expect(s.stream().after).toBe(7);
    expect(s.stream().url(9)).toBe("/e/c1?after=9");
  });

  it("shows nothing of a call whose caller refused", async () => {
    const s = stage(detail({ insights: [insight()] }));
    await s.desk.start();
    s.send("utterance.spoken", { utterance: utterance(), insights: [insight()] });
    await s.desk.record("refuse");
    expect(s.record).toHaveBeenCalledWith("c1", "refuse");
    s.send("call.changed", { recording: { state: "refused", answer: "no" } });
    s.send("utterance.spoken", null); // of the log, forgotten since
    expect(s.desk.captions.value.lines).toHaveLength(0);
    expect(s.desk.insights.value).toHaveLength(0);
  });

  it("sends one order about the recording at a time and says what went wrong", async () => {
    const s = stage();
    await s.desk.start();
    const first = s.desk.record("pause");
    await s.desk.record("pause");
    await first;
    expect(s.record).toHaveBeenCalledTimes(1);
    s.record.mockRejectedValueOnce(new Problem(409, "Conflict", "the call is over"));
    await s.desk.record("resume");
    expect(s.desk.recordNote.value).toContain("the call is over");
    s.send("call.ended", { status: "ended" });
    await s.desk.record("pause");
    expect(s.record).toHaveBeenCalledTimes(2);
  });

  it("folds words, suggestions, outcomes, profile and state as they come", async () => {
    const s = stage();
    await s.desk.start();
    s.stream().onPartial?.(partialOf());
    expect(s.desk.captions.value.partials).toHaveLength(1);
    s.send("utterance.spoken", { utterance: utterance(), insights: [insight()] });
    expect(s.desk.captions.value.partials).toHaveLength(0);
    expect(s.desk.insights.value.map((i) => i.name)).toEqual(["cancel"]);
    s.send("utterance.spoken", { utterance: utterance({ id: "u9", seq: 9 }), insights: null, talk: { "talk_ratio.agent": 0.6 } });
    expect(s.desk.talk.value).toEqual({ "talk_ratio.agent": 0.6 });
    s.send("decision.made", decision());
    expect(s.desk.card.value?.action).toBe("retain");
    s.send("profile.changed", { id: "m", name: "Maria" });
    expect(s.desk.customer.value?.name).toBe("Maria");
    s.send("call.changed", detail({ captions: "paused" }));
    expect(s.desk.call.value?.captions).toBe("paused");
    s.send("outcome.recorded", outcome({ outcome: "dismissed" }));
    expect(s.desk.cards.value).toEqual([]);
    expect(s.desk.answering.answered.value[0]?.title).toBe("Keep them");
  });

  it("ignores partial words of another call", async () => {
    const s = stage();
    await s.desk.start();
    s.stream().onPartial?.(partialOf({ call: "other" }));
    expect(s.desk.captions.value.partials).toEqual([]);
  });

  it("loads afresh after a gap", async () => {
    const s = stage();
    await s.desk.start();
    s.api.call.mockResolvedValue(detail({ utterances: [utterance()], last_seq: 40 }));
    s.stream().onGap?.();
    await vi.runAllTimersAsync();
    expect(s.close).toHaveBeenCalled();
    expect(s.stream().after).toBe(40);
    expect(s.desk.captions.value.lines).toHaveLength(1);
  });

  it("tries again when the server does not answer, not when there is no such call", async () => {
    const s = stage();
    s.api.call.mockRejectedValueOnce(new Problem(0, "No answer", ""));
    await s.desk.start();
    expect(s.desk.problem.value?.title).toBe("No answer");
    await vi.advanceTimersByTimeAsync(3100);
    expect(s.desk.problem.value).toBeUndefined();

    const gone = stage();
    gone.api.call.mockRejectedValue(new Problem(404, "Not found", ""));
    await gone.desk.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(gone.api.call).toHaveBeenCalledTimes(1);
  });

  it("shows the newest decision, and keeps all for the titles", async () => {
    const s = stage(detail({ decisions: [decision({ decision_id: "d2", at: "2026-03-01T10:00:30.000Z", actions: [] }), decision()] }));
    await s.desk.start();
    expect(s.desk.decision.value?.decision_id).toBe("d2");
    expect(s.desk.cards.value).toEqual([]);
  });
});

describe("answering by a key", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  const ready = async () => {
    const s = stage(detail({ decisions: [decision({ actions: [choice(), choice({ action: "second", title: "Second" })] })] }));
    await s.desk.start();
    s.tick(5000);
    return s;
  };

  it("waits, then is recorded, and makes room for the next", async () => {
    const s = await ready();
    s.desk.answer("accepted", true);
    expect(s.desk.answering.answered.value[0]?.state).toBe("waiting");
    expect(s.desk.answering.held.value?.action).toBe("retain");
    expect(s.api.answer).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(undoMs);
    expect(s.desk.answering.answered.value[0]?.state).toBe("recorded");
    expect(s.api.answer).toHaveBeenCalledWith({ decision: "d1", action: "retain", outcome: "accepted", key: "d1:retain:accepted" });
    await vi.advanceTimersByTimeAsync(2000);
    expect(s.desk.answering.held.value).toBeUndefined();
    expect(s.desk.card.value?.action).toBe("second");
  });

  it("acts once when the key is pressed twice", async () => {
    const s = await ready();
    s.desk.answer("accepted", true);
    s.desk.answer("accepted", true);
    await vi.advanceTimersByTimeAsync(undoMs);
    expect(s.api.answer).toHaveBeenCalledTimes(1);
  });

  it("is refused for a card that has only just come", async () => {
    const s = await ready();
    s.send("decision.made", decision({ decision_id: "d2", at: "2026-03-01T10:00:40.000Z", actions: [choice({ action: "third" })] }));
    s.desk.answer("accepted", true);
    expect(s.desk.answering.held.value).toBeUndefined();
    expect(s.desk.answering.note.value).toMatch(/just changed/);
    s.tick(600);
    s.desk.answer("accepted", true);
    await vi.advanceTimersByTimeAsync(undoMs);
    expect(s.api.answer).toHaveBeenCalledTimes(1);
  });

  it("does not settle again when the same card stays on top", async () => {
    const s = await ready();
    s.send("decision.made", decision({ decision_id: "d2", at: "2026-03-01T10:00:40.000Z" }));
    s.desk.answer("dismissed", true);
    await vi.advanceTimersByTimeAsync(undoMs);
    expect(s.api.answer).toHaveBeenCalledWith(expect.objectContaining({ decision: "d2", outcome: "dismissed" }));
  });

  it("leaves the card open and says why when it cannot be recorded", async () => {
    const s = await ready();
    s.api.answer.mockRejectedValueOnce(new Problem(503, "Full", "the disk is full; nothing was changed"));
    s.desk.answer("accepted");
    await vi.advanceTimersByTimeAsync(undoMs);
    expect(s.desk.answering.note.value).toContain("the disk is full");
    expect(s.desk.card.value?.action).toBe("retain");
    expect(s.desk.answering.held.value).toBeUndefined();
  });

  it("answers the card that was opened", async () => {
    const s = await ready();
    s.desk.choose("second");
    s.desk.answer("later", true);
    await vi.advanceTimersByTimeAsync(undoMs);
    expect(s.api.answer).toHaveBeenCalledWith(expect.objectContaining({ action: "second", outcome: "later" }));
  });

  it("is undone by one key before it is sent, and the card is back", async () => {
    const s = await ready();
    s.desk.answer("dismissed", true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(s.desk.card.value?.action).toBe("second");
    expect(s.desk.undo.undo()).toBe(true);
    expect(s.desk.card.value?.action).toBe("retain");
    await vi.advanceTimersByTimeAsync(undoMs);
    expect(s.api.answer).not.toHaveBeenCalled();
    expect(s.desk.undo.undo()).toBe(false);
  });

  it("is sent at once when the page is left, and when another card is answered", async () => {
    const s = await ready();
    s.desk.answer("accepted", true);
    await vi.advanceTimersByTimeAsync(2000);
    s.desk.answer("later", true);
    expect(s.api.answer).toHaveBeenCalledWith(expect.objectContaining({ action: "retain", outcome: "accepted" }));
    s.desk.close();
    expect(s.api.answer).toHaveBeenCalledWith(expect.objectContaining({ action: "second", outcome: "later" }));
  });

  it("shows the next card in full and comes back", async () => {
    const s = await ready();
    s.desk.next();
    expect(s.desk.card.value?.action).toBe("second");
    s.desk.next();
    expect(s.desk.card.value?.action).toBe("retain");
    s.desk.undo.undo();
    expect(s.desk.card.value?.action).toBe("second");
  });

  it("shows no card while suggestions are muted, in another tab too", async () => {
    const s = await ready();
    await s.desk.muting.mute();
    expect(s.api.mute).toHaveBeenCalledWith("c1", 0);
    expect(s.desk.card.value).toBeUndefined();
    s.desk.undo.undo();
    await vi.advanceTimersByTimeAsync(0);
    expect(s.desk.card.value?.action).toBe("retain");
    s.send("suggestions.muted", { call_id: "c1", on: true, at: "" });
    expect(s.desk.card.value).toBeUndefined();
  });

  it("mutes for a while only", async () => {
    vi.setSystemTime(Date.parse("2026-03-01T10:00:00.000Z"));
    const s = await ready();
    s.send("suggestions.muted", { call_id: "c1", on: true, at: "", until: "2026-03-01T10:05:00.000Z" });
    const seen: unknown[] = [];
    const stop = s.desk.card.subscribe((c) => seen.push(c?.action));
    vi.setSystemTime(Date.parse("2026-03-01T10:05:01.000Z"));
    await vi.advanceTimersByTimeAsync(1000);
    stop();
    expect(seen).toEqual([undefined, "retain"]);
  });

  it("does nothing when there is nothing to answer", async () => {
    const s = stage();
    await s.desk.start();
    s.desk.answer("accepted", true);
    await vi.advanceTimersByTimeAsync(undoMs);
    expect(s.api.answer).not.toHaveBeenCalled();
  });
});
