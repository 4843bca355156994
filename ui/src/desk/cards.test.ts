import { describe, expect, it } from "vitest";
import { choice, decision, insight, outcome, utterance } from "../testing";
import { answerKey, open, record, secondsOf, titleOf, triggers, type Answered } from "./cards";

const decidedAt = Date.parse("2026-03-01T10:00:10.000Z");

const answered = (o: Partial<Answered> = {}): Answered => ({
  decision: "d1", action: "retain", title: "Keep them", answer: "accepted", at: decidedAt + 2000, state: "recorded", ...o,
});

describe("open suggestions", () => {
  const three = decision({ actions: ["a", "b", "c", "d"].map((action) => choice({ action })) });

  it("are three at most, best first", () => {
    expect(open(three, []).map((c) => c.action)).toEqual(["a", "b", "c"]);
  });

  it("are none before the first decision and when the answer is silence", () => {
    expect(open(undefined, [])).toEqual([]);
    expect(open(decision({ actions: null }), [])).toEqual([]);
  });

  it.each(["accepted", "dismissed", "rejected"] as const)("leave out what was %s, in a later decision too", (answer) => {
    const later = decision({ decision_id: "d2", actions: [choice({ action: "retain" }), choice({ action: "b" })] });
    expect(open(later, [answered({ answer })]).map((c) => c.action)).toEqual(["b"]);
  });

  it("bring back what was put off, but not at once", () => {
    const off = answered({ answer: "later" });
    const at = (ms: number): string => new Date(off.at + ms).toISOString();
    expect(open(decision(), [off])).toEqual([]);
    expect(open(decision({ decision_id: "d2", at: at(10_000) }), [off])).toEqual([]);
    expect(open(decision({ decision_id: "d2", at: at(61_000) }), [off])).toHaveLength(1);
  });

  it("keep what could not be recorded", () => {
    expect(open(decision(), [answered({ state: "failed" })])).toHaveLength(1);
  });
});

describe("answers", () => {
  it("are recorded once, the pending one replaced", () => {
    const all = record([answered({ state: "pending" })], outcome(), "Keep them");
    expect(all).toHaveLength(1);
    expect(all[0]?.state).toBe("recorded");
    expect(record(all, outcome(), "Keep them")).toEqual(all);
  });

  it("are not made of impressions", () => {
    expect(record([], outcome({ outcome: "impression" }), "x")).toEqual([]);
  });

  it("have one key each, so that a repeat counts once", () => {
    expect(answerKey("d1", "retain", "accepted")).toBe(answerKey("d1", "retain", "accepted"));
    expect(answerKey("d1", "retain", "accepted")).not.toBe(answerKey("d1", "retain", "later"));
  });

  it("know their title from any decision of the call, or the action's name", () => {
    expect(titleOf([decision()], "d9", "retain")).toBe("Keep them");
    expect(titleOf([], "d9", "retain")).toBe("retain");
  });
});

describe("what raised a card", () => {
  const u = utterance({ text: "well I want to cancel now", start: 10, end: 14 });
  const evidence = (o: object = {}) => ({ label: "intent.cancel", weight: 1, at: "", call_id: "c1", call_second: 10, quote: u.text, ...o });
  const card = choice({ reasons: [{ kind: "signal", name: "churn_risk", value: 1, effect: "+", evidence: [evidence(), evidence()] }] });

  it("is marked by the analyzer's own words", () => {
    const lines = [{ utterance: u, insights: [insight({ evidence: [{ from: 5, to: 21 }] })] }];
    const marks = triggers(card, "c1", lines).get("u1");
    expect(marks?.map((m) => u.text.slice(m.from, m.to))).toEqual(["I want to cancel"]);
  });

  it("is marked by the quote when there are none, else by the line", () => {
    const lines = [{ utterance: u, insights: [] }];
    const by = (quote: string) => {
      const c = choice({ reasons: [{ kind: "signal", name: "x", value: 1, effect: "+", evidence: [evidence({ quote })] }] });
      return triggers(c, "c1", lines).get("u1")?.map((m) => u.text.slice(m.from, m.to));
    };
    expect(by("Want to Cancel")).toEqual(["want to cancel"]);
    expect(by("never said")).toEqual([u.text]);
  });

  it("is the latest line with its label when a reason of the context has no words", () => {
    const c = choice({ reasons: [{ kind: "context", name: "intent.cancel", value: 1, effect: "+" }] });
    const lines = [
      { utterance: u, insights: [insight({ start: 10, evidence: [{ from: 5, to: 21 }] })] },
      { utterance: utterance({ id: "u2", start: 20, end: 22, text: "cancel it" }), insights: [insight({ start: 20, utterance_id: "u2", evidence: [{ from: 0, to: 6 }] })] },
    ];
    expect(secondsOf(c, "c1", lines).map((e) => e.call_second)).toEqual([20]);
    expect([...triggers(c, "c1", lines).keys()]).toEqual(["u2"]);
  });

  it("joins marks that overlap into one", () => {
    const two = choice({ reasons: [{ kind: "signal", name: "x", value: 1, effect: "+", evidence: [evidence({ quote: "I want to" }), evidence({ label: "theme.price", quote: "to cancel" })] }] });
    const marks = triggers(two, "c1", [{ utterance: u, insights: [] }]).get("u1");
    expect(marks).toEqual([{ from: 5, to: 21, label: "intent.cancel, theme.price" }]);
  });

  it("is nothing of another call, and each second once", () => {
    expect(triggers(card, "c2", [{ utterance: u, insights: [] }]).size).toBe(0);
    expect(triggers(undefined, "c1", []).size).toBe(0);
    expect(secondsOf(card, "c1", []).map((e) => e.call_second)).toEqual([10]);
  });
});
