import { describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { Wishes } from "../desk/wishes";
import { cellName, differing, PersonLedger } from "./store";
import type { ConsentRow, ConsentState, Standing, Wish } from "./wire";

const row = (o: Partial<ConsentRow> = {}): ConsentRow => ({
  id: "r1", customer_id: "c1", purpose: "marketing", channel: "email", state: "withdrawn", at: "2026-05-01T10:00:00Z",
  recorded_at: "2026-05-01T10:00:00Z", source: "call", actor: "customer", ...o,
});

const standing = (state: ConsentState, channel = "email"): Standing => ({
  purpose: "marketing", channel, state, allowed: state === "granted", why: "",
});

function office(first: ConsentState = "granted") {
  let state = first;
  const api = {
    customer: vi.fn(async () => ({ id: "c1", name: "Maria" }) as never),
    ledger: vi.fn(async () => ({ rows: null, total: 0, verified: true })),
    standings: vi.fn(async () => ({ cells: [standing(state)] })),
    past: vi.fn(async () => ({ verdict: "It was allowed." }) as never),
    setConsent: vi.fn(async (_: string, body: { state: ConsentState }) => {
      state = body.state;
      return row({ state });
    }),
    undoConsent: vi.fn(async () => {
      state = first;
      return row();
    }),
    knowers: vi.fn(async () => ({ recipients: null })),
    wordings: vi.fn(async () => ({ wordings: [{ id: "marketing.email", version: 1, language: "en", text: "May we?" }], purposes: null, channels: null })),
    answerWish: vi.fn(async () => row()),
  };
  return { api, ledger: new PersonLedger("c1", api) };
}

describe("a person's ledger", () => {
  it("turns a cell to no by one click, and back by the undo", async () => {
    const { api, ledger } = office();
    await ledger.start();
    await ledger.turn(ledger.cells.value[0] as Standing);
    expect(api.setConsent.mock.calls[0]?.[1]).toMatchObject({ purpose: "marketing", channel: "email", state: "withdrawn" });
    expect(ledger.cells.value[0]?.state).toBe("withdrawn");
    expect(ledger.undo.value?.text()).toBe("Taken back: Offers, by e-mail.");
    await ledger.takeBack();
    expect(api.undoConsent).toHaveBeenCalledWith("c1", "r1");
    expect(ledger.cells.value[0]?.state).toBe("granted");
    expect(ledger.undo.value).toBeUndefined();
  });

  it("turns a cell to yes with the registered words", async () => {
    const { api, ledger } = office("unknown");
    await ledger.start();
    await ledger.turn(ledger.cells.value[0] as Standing);
    expect(api.setConsent.mock.calls[0]?.[1]).toMatchObject({ state: "granted", wording_id: "marketing.email" });
  });

  it("shows the moment that was asked about last, whichever answer comes first", async () => {
    const { api, ledger } = office();
    await ledger.start();
    let late: (c: { cells: Standing[] }) => void = () => undefined;
    api.standings.mockImplementationOnce(() => new Promise((done) => (late = done)));
    const first = ledger.ask("2026-01-01T10:00");
    await ledger.ask("");
    late({ cells: [standing("denied")] });
    await first;
    expect(ledger.cells.value[0]?.state).toBe("granted");
  });

  it("asks both questions of a past moment", async () => {
    const { api, ledger } = office();
    await ledger.start();
    await ledger.ask("2026-05-03T10:12");
    const valid = new Date("2026-05-03T10:12").toISOString();
    expect(api.standings.mock.calls.slice(-2)).toEqual([["c1", { valid }], ["c1", { valid, known: valid }]]);
    await ledger.choose(ledger.cells.value[0] as Standing);
    expect(api.past).toHaveBeenCalledWith("c1", { purpose: "marketing", channel: "email", valid });
    await ledger.ask("");
    expect(ledger.known.value).toBeUndefined();
  });

  it("says what was refused and keeps what is shown", async () => {
    const { api, ledger } = office();
    await ledger.start();
    api.setConsent.mockRejectedValueOnce(new Problem(422, "Refused", "a yes needs evidence"));
    await ledger.turn(ledger.cells.value[0] as Standing);
    expect(ledger.problem.value?.detail).toBe("a yes needs evidence");
    expect(ledger.cells.value[0]?.state).toBe("granted");
    expect(ledger.undo.value).toBeUndefined();
  });

  it("names cells and finds where two knowledges differ", () => {
    expect(cellName({ purpose: "marketing", channel: "sms", topic: "phones" })).toBe("Offers, by text, phones");
    expect([...differing([standing("granted"), standing("denied", "sms")], [standing("withdrawn"), standing("denied", "sms")])]).toEqual(["marketing/email"]);
  });
});

const wish = (o: Partial<Wish> = {}): Wish => ({ row: row({ provisional: true }), question: "Stop all marketing e-mail?", closed: true, ...o });

describe("what was heard on a call", () => {
  function stage() {
    let open: readonly Wish[] = [wish()];
    let clock = 10_000;
    const api = {
      wishes: vi.fn(async () => ({ wishes: open })),
      answerWish: vi.fn(async () => {
        open = [];
        return row();
      }),
    };
    return { wishes: new Wishes("call", { api, now: () => clock }), api, tick: (ms: number) => (clock += ms) };
  }

  it("does not take a key meant for something else", async () => {
    const s = stage();
    await s.wishes.refresh();
    await s.wishes.answer("confirmed", true);
    expect(s.api.answerWish).not.toHaveBeenCalled();
    expect(s.wishes.note.value).toMatch(/only just/);
    s.tick(600);
    await s.wishes.answer("confirmed", true);
    expect(s.api.answerWish).toHaveBeenCalledWith({ customer: "c1", row: "r1", answer: "confirmed" });
    expect(s.wishes.first.value).toBeUndefined();
  });

  it("stays when the answer was not recorded, and says that it stays closed", async () => {
    const s = stage();
    await s.wishes.refresh();
    s.api.answerWish.mockRejectedValueOnce(new Problem(0, "Heed did not answer", "Not reached."));
    await s.wishes.answer("misheard");
    expect(s.wishes.first.value).toBeDefined();
    expect(s.wishes.note.value).toMatch(/stays closed/);
  });
});
