// The address bar is the state: which screen, which call, which search.

import { computed, signal } from "@preact/signals";
import type { By, Model } from "./campaigns/wire";
import { segmentOf, segmentQuery, type Segment } from "./themes/segment";

export type Route =
  | { screen: "desk"; call?: string }
  | { screen: "calls"; customer: string }
  | { screen: "call"; call: string; at?: number }
  | { screen: "search" } & Asked
  | { screen: "themes"; of: Segment }
  | { screen: "theme"; theme: string; of: Segment }
  | { screen: "define"; like: string }
  | { screen: "privacy"; customer: string }
  | { screen: "customers"; q: string }
  | { screen: "reviews" }
  | { screen: "customer"; customer: string }
  | { screen: "supervise"; q: URLSearchParams }
  | { screen: "campaigns"; q: URLSearchParams }
  | { screen: "decisions"; tab: string; q: URLSearchParams }
  | { screen: "status" }
  | { screen: "phone" }
  | { screen: "account" }
  | { screen: "admin"; tab: string }
  | { screen: "login"; token: string; failed: string }
  | { screen: "lost"; path: string };

/** A search is its address. */
export interface Asked {
  q: string;
  sort: Sort;
  /** An utterance that others are to be like; empty is none. */
  like: string;
  /** A saved search that a link names in the place of the query, and days of it. */
  saved?: string;
  days?: string;
}

export const sorts = ["relevance", "newest", "oldest", "value"] as const;
export type Sort = (typeof sorts)[number];

const address = signal(location.pathname + location.search);

type Maker = (second: string, q: URLSearchParams) => Route;

const makers: Record<string, Maker> = {
  desk: (call) => (call ? { screen: "desk", call } : { screen: "desk" }),
  calls: (call, q) => (call ? callRoute(call, q.get("t")) : { screen: "calls", customer: q.get("customer") ?? "" }),
  search: (_, q) => ({ screen: "search", q: q.get("q") ?? "", sort: sorts.find((s) => s === q.get("sort")) ?? "relevance", like: q.get("like") ?? "", ...(q.get("saved") ? { saved: q.get("saved") ?? "", days: q.get("days") ?? "" } : {}) }),
  themes: (theme, q) => themesRoute(theme, q),
  privacy: (customer) => ({ screen: "privacy", customer }),
  customers: (customer, q) => customersRoute(customer, q),
  supervise: (_, q) => ({ screen: "supervise", q }),
  campaigns: (_, q) => ({ screen: "campaigns", q }),
  decisions: (tab, q) => ({ screen: "decisions", tab, q }),
  status: () => ({ screen: "status" }),
  phone: () => ({ screen: "phone" }),
  account: () => ({ screen: "account" }),
  admin: (tab) => ({ screen: "admin", tab }),
  login: (_, q) => ({ screen: "login", token: q.get("token") ?? "", failed: q.get("failed") ?? "" }),
};

export function parseRoute(to: string): Route {
  const url = new URL(to, "http://x");
  const [first = "desk", second = ""] = url.pathname.split("/").filter(Boolean).map(decode);
  const make = Object.hasOwn(makers, first) ? makers[first] : undefined;
  return make ? make(second, url.searchParams) : { screen: "lost", path: url.pathname };
}

function callRoute(call: string, t: string | null): Route {
  const at = t === null ? NaN : Number(t);
  return Number.isFinite(at) && at >= 0 ? { screen: "call", call, at } : { screen: "call", call };
}

function customersRoute(customer: string, q: URLSearchParams): Route {
  if (customer === "review") return { screen: "reviews" };
  return customer ? { screen: "customer", customer } : { screen: "customers", q: q.get("q") ?? "" };
}

function themesRoute(theme: string, q: URLSearchParams): Route {
  if (theme === "new") return { screen: "define", like: q.get("like") ?? "" };
  const of = segmentOf(q);
  return theme === "" ? { screen: "themes", of } : { screen: "theme", theme, of };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const route = computed(() => parseRoute(address.value));

/** Goes to an address of the app; replace leaves no trace in the history. */
export function go(to: string, replace = false): void {
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  address.value = to;
  if (!replace) window.scrollTo(0, 0);
}

export const links = {
  desk: (call?: string) => (call ? `/desk/${encodeURIComponent(call)}` : "/desk"),
  phone: () => "/phone",
  calls: (customer = "") => `/calls${customer ? `?customer=${encodeURIComponent(customer)}` : ""}`,
  call: (id: string, at?: number) =>
    `/calls/${encodeURIComponent(id)}${at === undefined ? "" : `?t=${Math.max(0, at).toFixed(1)}`}`,
  customers: (q = "") => `/customers${q ? `?q=${encodeURIComponent(q)}` : ""}`,
  customer: (id: string) => `/customers/${encodeURIComponent(id)}`,
  reviews: () => "/customers/review",
  search: (q: string, sort: Sort = "relevance", like = "") =>
    `/search?q=${encodeURIComponent(q)}${sort === "relevance" ? "" : `&sort=${sort}`}${like ? `&like=${encodeURIComponent(like)}` : ""}`,
  supervise: () => "/supervise",
  themes: (of: Partial<Segment> = {}) => `/themes${segmentQuery(of)}`,
  theme: (id: string, of: Partial<Segment> = {}) => `/themes/${encodeURIComponent(id)}${segmentQuery(of)}`,
  privacy: (customer = "") => `/privacy${customer ? `/${encodeURIComponent(customer)}` : ""}`,
  campaigns: (o: { from: string; to: string; by: By; model: Model }) => `/campaigns?${new URLSearchParams({ ...o }).toString()}`,
  admin: (tab = "") => (tab ? `/admin/${encodeURIComponent(tab)}` : "/admin"),
  compare: (call: string) => `/admin/engines?call=${encodeURIComponent(call)}`,
  decisions: (tab = "catalogue", q: Readonly<Record<string, string>> = {}) => {
    const asked = new URLSearchParams(Object.entries(q).filter(([, v]) => v !== "")).toString();
    return `/decisions/${tab}${asked ? `?${asked}` : ""}`;
  },
  define: (like = "") => `/themes/new${like ? `?like=${encodeURIComponent(like)}` : ""}`,
};

/** Turns clicks on the app's own links into changes of the address. */
export function listenToLinks(): void {
  addEventListener("popstate", () => {
    address.value = location.pathname + location.search;
  });
  document.addEventListener("click", (e) => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    const a = e.target instanceof Element ? e.target.closest("a") : null;
    if (!a || a.target || a.origin !== location.origin || a.hasAttribute("data-plain")) return;
    e.preventDefault();
    go(a.pathname + a.search);
  });
}
