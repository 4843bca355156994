import { describe, expect, it } from "vitest";
import { go, links, parseRoute, route } from "./route";

describe("addresses", () => {
  it.each([
    ["/", { screen: "desk" }],
    ["/desk/c%201", { screen: "desk", call: "c 1" }],
    ["/calls", { screen: "calls", customer: "" }],
    ["/calls?customer=m", { screen: "calls", customer: "m" }],
    ["/calls/c1?t=12.3", { screen: "call", call: "c1", at: 12.3 }],
    ["/calls/c1?t=-4", { screen: "call", call: "c1" }],
    ["/calls/c1?t=x", { screen: "call", call: "c1" }],
    ["/search?q=a%20%22b%22", { screen: "search", q: 'a "b"', sort: "relevance", like: "" }],
    ["/status", { screen: "status" }],
    ["/login?token=t", { screen: "login", token: "t", failed: "" }],
    ["/login?failed=role", { screen: "login", token: "", failed: "role" }],
    ["/account", { screen: "account" }],
    ["/admin", { screen: "admin", tab: "" }],
    ["/admin/users", { screen: "admin", tab: "users" }],
    ["/nothing/here", { screen: "lost", path: "/nothing/here" }],
    ["/constructor", { screen: "lost", path: "/constructor" }],
    ["/calls/%E0%A4%A", { screen: "call", call: "%E0%A4%A" }],
  ])("%s", (address, want) => {
    expect(parseRoute(address)).toEqual(want);
  });

  it("come back from their links", () => {
    expect(parseRoute(links.call("a/b", 12.34))).toEqual({ screen: "call", call: "a/b", at: 12.3 });
    expect(parseRoute(links.search("50% & more"))).toEqual({ screen: "search", q: "50% & more", sort: "relevance", like: "" });
    expect(parseRoute(links.search("a", "oldest", "u 1"))).toEqual({ screen: "search", q: "a", sort: "oldest", like: "u 1" });
    expect(parseRoute("/search?q=a&sort=best")).toEqual({ screen: "search", q: "a", sort: "relevance", like: "" });
    expect(parseRoute(links.desk("x"))).toEqual({ screen: "desk", call: "x" });
  });

  it("change the screen when gone to", () => {
    go("/status");
    expect(route.value).toEqual({ screen: "status" });
    expect(location.pathname).toBe("/status");
  });
});
