// A customer's page: what it asks for, what it shows, and who may decide.

import { render, type JSX } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { candidate } from "../desk/who-view";
import { links, parseRoute } from "../route";
import { me } from "../session";
import { byName } from "./screen";
import { CustomerPageStore, mayDecide, Reviews } from "./store";
import { detail, Timeline, title } from "./timeline";
import type { Entry, Review } from "./wire";

const entry = (o: Partial<Entry> = {}): Entry => ({ id: "e1", at: "2026-03-01T10:00:00Z", kind: "fact", customer_id: "c", name: "purchase", ...o });
const review = (o: Partial<Review> = {}): Review => ({
  id: "r1", kind: "conflict", customer_id: "c", other_id: "d", type: "email", values: ["a@example.org"], count: 1, why: "w", at: "2026-03-01T10:00:00Z", state: "open", ...o,
});

function fakeApi(): ConstructorParameters<typeof CustomerPageStore>[1] & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    customer: async () => ({ id: "c", name: "Maria", members: ["c", "d"] }),
    identifiers: async () => ({ identifiers: null }),
    merges: async () => ({ merges: [] }),
    reviews: async () => ({ reviews: null }),
    timeline: async (_, o) => {
      asked.push(`${o.types ?? ""}|${o.after ?? ""}`);
      return { entries: [entry({ id: `e${asked.length}` })], next: asked.length === 1 ? "more" : "" };
    },
    customers: async () => ({ customers: [{ id: "d" }, { id: "x", name: "Other" }] }),
    merge: async () => {
      throw new Problem(422, "Refused", "they are one already");
    },
    unmerge: vi.fn(),
  };
}

let box: HTMLElement;
beforeEach(() => {
  me.value = { id: "u", name: "Ada", role: "privacy" };
  box = document.createElement("div");
  document.body.append(box);
});
afterEach(() => {
  render(null, box);
  box.remove();
});
const show = (what: JSX.Element): HTMLElement => {
  render(what, box);
  return box;
};

describe("the address of customers", () => {
  it("names the list, the queue and one customer", () => {
    expect(parseRoute(links.customers("Ann & co"))).toEqual({ screen: "customers", q: "Ann & co" });
    expect(parseRoute(links.reviews())).toEqual({ screen: "reviews" });
    expect(parseRoute(links.customer("a/b"))).toEqual({ screen: "customer", customer: "a/b" });
  });
});

describe("who may decide", () => {
  it("is the administrator and the privacy officer", () => {
    const as = (role: string): boolean => {
      me.value = { id: "u", name: "Ada", role };
      return mayDecide();
    };
    expect(["admin", "privacy", "agent", "marketer", "viewer"].map(as)).toEqual([true, true, false, false, false]);
  });
});

describe("the page", () => {
  it("narrows the timeline and adds what is earlier", async () => {
    const api = fakeApi();
    const s = new CustomerPageStore("c", api);
    await s.start();
    await s.more();
    expect(s.entries.value.map((e) => e.id)).toEqual(["e1", "e2"]);
    await s.show("call");
    expect(s.entries.value.map((e) => e.id)).toEqual(["e3"]);
    expect(api.asked).toEqual(["|", "|more", "call|"]);
  });
  it("does not offer a customer to themselves, and says why a merge was refused", async () => {
    const s = new CustomerPageStore("c", fakeApi());
    await s.start();
    await s.look("o");
    expect(s.found.value?.map((c) => c.id)).toEqual(["x"]);
    await s.merge("x");
    expect(s.problem.value?.detail).toBe("they are one already");
    expect(s.busy.value).toBe(false);
  });
  it("shows the kinds as pressed buttons", async () => {
    const s = new CustomerPageStore("c", fakeApi());
    await s.start();
    const at = show(<Timeline store={s} />);
    expect(at.querySelector("[aria-pressed=true]")?.textContent).toBe("All");
    expect(at.querySelectorAll(".who-line > li")).toHaveLength(1);
  });
});

describe("an entry", () => {
  it("reads as people say it", () => {
    expect(title(entry({ kind: "call", name: "call.inbound" }))).toBe("Called");
    expect(title(entry({ kind: "signal", name: "intent.cancel" }))).toBe("Wants: cancel");
    expect(title(entry({ kind: "gate", name: "marketing email", detail: "allowed" }))).toBe("Could be sent");
    expect(title(entry({ kind: "gate", name: "sell email", detail: "contact.limit" }))).toBe("Held back");
    expect(detail(entry({ kind: "gate", name: "sell email", detail: "contact.limit" }))).toBe("sell email, by contact limit");
    expect(title(entry({ kind: "outcome", name: "loyalty", detail: "rejected" }))).toBe("Said no to");
    expect(detail(entry({ kind: "signal", detail: "I want out" }))).toBe("“I want out”");
    expect(detail(entry({ data: { product: "fibre", value: 12.5, odd: { a: 1 } } }))).toBe("fibre, 12.5");
  });
});

describe("traits", () => {
  it("keep what others say under the believed word", () => {
    const t = (name: string, source: string): { name: string; value: string; source: string } => ({ name, value: source, source });
    expect(byName([t("name", "crm"), t("plan", "crm"), t("name", "shop")]).map((all) => all.map((x) => x.source))).toEqual([["crm", "shop"], ["crm"]]);
  });
});

describe("the queue", () => {
  it("drops what was decided and keeps what was refused", async () => {
    const s = new Reviews({ reviews: async () => ({ reviews: [review(), review({ id: "r2" })] }), review: async (id) => {
      if (id === "r2") throw new Problem(422, "Refused", "it was decided already");
      return review({ id });
    } });
    await s.start();
    await s.decide("r1", true);
    await s.decide("r2", false);
    expect(s.rows.value.map((r) => r.id)).toEqual(["r2"]);
    expect(s.problem.value?.detail).toBe("it was decided already");
  });
});

describe("the caller", () => {
  it("is asked about while live and not confirmed", () => {
    const c = { id: "c", identifiers: [{ type: "phone", value: "+1", verified: false }, { type: "phone", value: "+2", verified: true }] };
    const call = { status: "live", direction: "inbound", from: "+1", to: "+2" } as const;
    expect(candidate(call, c)?.value).toBe("+1");
    expect(candidate({ ...call, direction: "outbound" }, c)).toBeUndefined();
    expect(candidate({ ...call, status: "ended" }, c)).toBeUndefined();
    expect(candidate(call, undefined)).toBeUndefined();
  });
});
