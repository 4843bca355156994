// What would have changed a decision: who asks, and what is shown meanwhile.

import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { mayReadCalls, me, roleName } from "../session";
import type { Counterfactuals } from "../wire-changes";
import { Changes, mayAudit } from "./changes";

let box: HTMLElement;
beforeEach(() => {
  box = document.createElement("div");
  document.body.append(box);
});
afterEach(() => {
  render(null, box);
  box.remove();
});

// As the server writes it.
const found = JSON.parse(`{"tried": 9, "not_tried": 2, "other_rules": true, "list": [
  {"kind": "signal", "change": "churn_risk < 0.60", "then": "", "rule": "churn_risk", "was": "churn_risk 0.75"},
  {"kind": "label", "change": "intent.refund not heard in the call", "then": "care.calm", "rule": "intent.refund"},
  {"kind": "gate", "change": "if the rule calm had let it through", "then": "calm", "title": "Calm them", "rule": "calm", "step": 6, "was": "they are calm"},
  {"kind": "gate", "change": "with permission for marketing by email", "then": "sell", "title": "Sell it", "rule": "consent.marketing",
   "was": "no word yet", "permission": true}]}`) as Counterfactuals;

const settle = (): Promise<void> => new Promise((done) => setTimeout(done));
const button = (): HTMLButtonElement | null => box.querySelector("button");

async function asked(answer: () => Promise<Counterfactuals>): Promise<ReturnType<typeof vi.fn>> {
  const counterfactuals = vi.fn(answer);
  render(<Changes decision="d1" api={{ counterfactuals }} />, box);
  button()?.click();
  await settle();
  return counterfactuals;
}

describe("what would have changed it", () => {
  it("is for those who audit", () => {
    const as = (role: string): readonly boolean[] => {
      me.value = { id: "u", name: "Ada", role };
      return [mayAudit(), mayReadCalls()];
    };
    expect(["admin", "privacy", "agent", "designer"].map(as)).toEqual([[true, true], [true, true], [false, true], [false, false]]);
    expect([roleName("designer"), roleName("new")]).toEqual(["Decision designer", "new"]);
  });
  it("says that it works, asks once, and then what comes first", async () => {
    let done: (f: Counterfactuals) => void = () => undefined;
    const ask = await asked(() => new Promise((give) => (done = give)));
    expect(box.querySelector("[role=status]")?.textContent).toMatch(/^Deciding again/);
    button()?.click();
    expect(ask).toHaveBeenCalledTimes(1);
    done(found);
    await settle();
    const lines = [...box.querySelectorAll("li")].map((li) => li.textContent);
    expect(lines[0]).toMatch(/^Leaving < 0\.60 →: then {2}?Silence It was leaving 0\.75$/);
    expect(lines[1]).toMatch(/^Not heard in the call: “wants: refund”/);
    expect(lines[2]).toMatch(/^With permission .*Sell it Consent or law/);
    expect(box.querySelector("details")?.textContent).toMatch(/^1 rule without which .*If the rule calm had let it through →: then {2}Calm them/);
    expect(box.textContent).toMatch(/It is no reason to ask for one.*rules of today.*2 more rules were not tried/);
    expect(button()).toBeNull();
  });
  it("says when nothing would have, and when it cannot be told", async () => {
    await asked(async () => ({ tried: 6, list: [] }));
    expect(box.textContent).toMatch(/none of the 5 changes/);
    render(null, box);
    await asked(async () => ({ tried: 0, list: null, unknown: "its question is no more in the log" }));
    expect(box.textContent).toMatch(/cannot be told: its question is no more in the log\./);
  });
  it("says what went wrong and can be asked again", async () => {
    let fails = true;
    await asked(async () => {
      if (fails) throw new Problem(503, "Busy", "try again");
      return { tried: 1, list: [] };
    });
    expect(box.querySelector("[role=alert]")?.textContent).toMatch(/Busy/);
    fails = false;
    button()?.click();
    await settle();
    expect(box.querySelector("[role=alert]")).toBeNull();
  });
});
