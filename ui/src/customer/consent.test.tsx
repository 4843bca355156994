// Consent on the customer's page: now, and at a moment before.

import { describe, expect, it, vi } from "vitest";
import { render } from "preact";
import { me } from "../session";
import type { LedgerPage, Standing } from "../privacy/wire";
import { ConsentView } from "./consent";
import { Explain } from "./explain";
import { openIssues } from "./screen";

const cell = (state: Standing["state"]): Standing => ({ purpose: "marketing", channel: "email", state, allowed: state === "granted", why: "w" });
const settle = (): Promise<void> => new Promise((done) => setTimeout(done));

describe("looking back", () => {
  it("reads the ledger for the moments, and asks what was true at one", async () => {
    const api = {
      ledger: vi.fn(async (_: string, after = ""): Promise<LedgerPage> =>
        ({ rows: [{ id: `r${after}`, at: "2026-03-01T00:00:00Z" }] as never, total: 2, verified: true, ...(after === "" ? { next: "x" } : {}) })),
      standings: vi.fn(async (_: string, at?: { valid?: string }) => ({ cells: [cell(at?.valid ? "granted" : "withdrawn")] })),
    };
    const v = new ConsentView("c", api);
    await v.start();
    expect(v.rows.value.map((r) => r.id)).toEqual(["r", "rx"]);
    expect(v.cells.value[0]?.state).toBe("withdrawn");
    v.chosen.value = v.cells.value[0];
    await v.show("2026-03-01T00:00:00Z");
    expect(api.standings).toHaveBeenLastCalledWith("c", { valid: "2026-03-01T00:00:00Z" });
    expect(v.chosen.value?.state).toBe("granted");
  });
  it("keeps the answer to the last question when an earlier one comes later", async () => {
    const slow: ((v: { cells: Standing[] }) => void)[] = [];
    const v = new ConsentView("c", {
      ledger: async () => ({ rows: null, total: 0, verified: true }),
      standings: () => new Promise((done) => slow.push(done)),
    });
    const [a, b] = [v.show("2026-01-01T00:00:00Z"), v.show("")];
    slow[1]?.({ cells: [cell("withdrawn")] });
    slow[0]?.({ cells: [cell("granted")] });
    await Promise.all([a, b]);
    expect(v.cells.value[0]?.state).toBe("withdrawn");
  });
});

describe("why it was suggested", () => {
  const opened = async (role: string, explain: ReturnType<typeof vi.fn>): Promise<HTMLElement> => {
    me.value = { id: "x", name: "X", role };
    const box = document.createElement("div");
    render(<Explain decision="d1" api={{ explain: explain as never }} />, box);
    const more = box.querySelector("details") ?? expect.fail("no details");
    more.open = true;
    more.dispatchEvent(new Event("toggle"));
    await settle();
    return box;
  };
  it("is told to those who audit with what was not chosen, and what forbade it", async () => {
    const explain = vi.fn(async () => ({ decision_id: "d1", auditor: { decision: { because: "They want to leave", actions: null, not_chosen: [{ action: "sell.more", step: 3, rule: "consent.marketing", why: "No yes to offers", source: "GDPR" }] } } }));
    const box = await opened("privacy", explain);
    expect(explain).toHaveBeenCalledWith("d1", "auditor");
    expect(box.textContent).toContain("They want to leave");
    expect(box.textContent).toContain("Sell more consent marketing: No yes to offers By GDPR.");
  });
  it("is asked for as an agent by others, who are not told what a permission would bring", async () => {
    const explain = vi.fn(async () => ({ decision_id: "d1", agent: { because: "b", actions: [{ action: "a", title: "Keep them", because: "They said so", say: "" }] } }));
    expect((await opened("viewer", explain)).textContent).toContain("Keep them They said so");
    expect(explain).toHaveBeenCalledWith("d1", "agent");
  });
});

describe("open issues", () => {
  it("are those that nothing closed since, each once", () => {
    const f = (name: string, at: string): { name: string; at: string } => ({ name, at });
    expect(openIssues([f("complaint.opened", "5"), f("ticket.closed", "4"), f("ticket.opened", "3"), f("complaint.opened", "1")]).map((x) => x.at)).toEqual(["5"]);
  });
});
