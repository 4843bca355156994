// The frame around every screen, and which screen is in it.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { signedOut } from "./api";
import { CallScreen } from "./call/screen";
import { CallsScreen } from "./calls/screen";
import { CampaignsScreen } from "./campaigns/screen";
import { mayReadCampaigns, questionOf } from "./campaigns/store";
import { liveCalls, watchCalls } from "./desk/desk";
import { DeskScreen } from "./desk/screen";
import { CustomersScreen } from "./customer/list";
import { ReviewsScreen } from "./customer/reviews";
import { CustomerScreen } from "./customer/screen";
import { Help, helpOpen } from "./help";
import { useKeys } from "./keys";
import { Login, SignedOut } from "./login";
import { Trouble } from "./parts/bits";
import { Icon } from "./parts/icon";
import { nextTheme, theme } from "./prefs";
import { PrivacyScreen } from "./privacy/screen";
import { mayAct } from "./privacy/store";
import { go, links, route, type Route } from "./route";
import { SearchScreen } from "./search/screen";
import { learnMe, mayReadCalls, me, meProblem, roleName, signOut } from "./session";
import { StatusScreen } from "./status/screen";
import { DefineScreen } from "./themes/define";
import { ThemeScreen } from "./themes/detail";
import { ThemesScreen } from "./themes/screen";
import { mayReadThemes } from "./themes/store";

export function App(): JSX.Element {
  useEffect(() => void learnMe(), []);
  const r = route.value;
  if (r.screen === "login") return <Login token={r.token} />;
  if (me.value === null || signedOut.value) return <SignedOut />;
  if (me.value === undefined) return <Starting />;
  return <Inside r={r} />;
}

function Starting(): JSX.Element {
  useEffect(() => {
    const again = setInterval(() => {
      if (me.peek() === undefined) void learnMe();
    }, 3000);
    return () => clearInterval(again);
  }, []);
  return <main class="page page-narrow">{meProblem.value && <Trouble of={meProblem.value} />}</main>;
}

function Inside({ r }: { r: Route }): JSX.Element {
  const reads = mayReadCalls();
  useEffect(() => {
    if (!reads) return undefined;
    const s = watchCalls();
    return () => s.close();
  }, [reads]);
  useKeys("Anywhere", [
    { key: "?", label: "Show the keys", always: true, run: () => (helpOpen.value = true) },
    { key: "/", label: "Search", run: () => goSearch() },
    { key: "g d", label: "Go to the desk", run: () => go(links.desk()) },
    { key: "g c", label: "Go to the calls", run: () => go(links.calls()) },
    { key: "g u", label: "Go to the customers", run: () => go(links.customers()) },
    { key: "g t", label: "Go to the themes", run: () => go(links.themes()) },
    { key: "g m", label: "Go to the campaigns", run: () => go("/campaigns") },
    { key: "g p", label: "Go to privacy", run: () => go(links.privacy()) },
    { key: "g s", label: "Go to the status", run: () => go("/status") },
    { key: "t", label: "Change light and dark", run: nextTheme },
  ]);
  return (
    <>
      <a class="skip" href="#main" data-plain>Skip to the content</a>
      <Nav r={r} />
      {reads || r.screen === "status" ? <Screen r={r} /> : <Designer />}
      <Help />
    </>
  );
}

function goSearch(): void {
  if (route.peek().screen !== "search") go("/search");
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>("input[type=search]")?.focus());
}

function Screen({ r }: { r: Route }): JSX.Element {
  switch (r.screen) {
    case "desk":
      return <DeskScreen call={r.call ?? ""} />;
    case "calls":
      return <CallsScreen key={r.customer} customer={r.customer} />;
    case "call":
      return <CallScreen key={r.call} id={r.call} at={r.at} />;
    case "search":
      return <SearchScreen asked={r} />;
    case "themes":
      return <ThemesScreen key={r.days} days={r.days} />;
    case "theme":
      return <ThemeScreen key={r.theme} id={r.theme} />;
    case "define":
      return <DefineScreen key={r.like} like={r.like} />;
    case "privacy":
      return <PrivacyScreen key={r.customer} customer={r.customer} />;
    case "campaigns":
      return <CampaignsScreen asked={questionOf(r.q)} />;
    case "status":
      return <StatusScreen />;
    default:
      return <Who r={r} />;
  }
}

/** The screens of who customers are. */
function Who({ r }: { r: Route }): JSX.Element {
  switch (r.screen) {
    case "customers":
      return <CustomersScreen q={r.q} />;
    case "reviews":
      return <ReviewsScreen />;
    case "customer":
      return <CustomerScreen key={r.customer} id={r.customer} />;
    default:
      return <Lost />;
  }
}

/** Calls and customers are not for those who design what is offered. */
function Designer(): JSX.Element {
  return (
    <main id="main" class="page page-narrow" tabIndex={-1}>
      <h1>Decision designer</h1>
      <p>Actions, rules and levers are changed with <code>heed catalogue</code> or at <code>/v1/catalogue</code>, and tried against the past with <code>heed simulate</code>. <a href="/docs/">Read the API</a>.</p>
      <p>Calls and customers are not shown to this role. <a href="/status">See the status</a> of the parts.</p>
    </main>
  );
}

function Lost(): JSX.Element {
  return (
    <main id="main" class="page page-narrow" tabIndex={-1}>
      <h1>There is no such page</h1>
      <p>The address names nothing here. <a href="/desk">Go to the desk</a> or <a href="/calls">look through the calls</a>.</p>
    </main>
  );
}

const places = [
  { screen: "desk", href: "/desk", text: "Desk" },
  { screen: "calls", href: "/calls", text: "Calls" },
  { screen: "customers", href: "/customers", text: "Customers" },
  { screen: "search", href: "/search", text: "Search" },
  { screen: "themes", href: "/themes", text: "Themes" },
  { screen: "campaigns", href: "/campaigns", text: "Campaigns" },
  { screen: "privacy", href: "/privacy", text: "Privacy" },
  { screen: "status", href: "/status", text: "Status" },
] as const;

/** Screens that are below another one. */
const parents: Partial<Record<Route["screen"], string>> = { call: "calls", customer: "customers", reviews: "customers", theme: "themes", define: "themes" };

function Nav({ r }: { r: Route }): JSX.Element {
  const here = parents[r.screen] ?? r.screen;
  const live = liveCalls.value?.length ?? 0;
  return (
    <header class="nav">
      <span class="brand">Heed</span>
      <nav aria-label="Screens">
        {places.filter((p) => (p.screen === "status" || mayReadCalls()) && (p.screen !== "themes" || mayReadThemes()) && (p.screen !== "campaigns" || mayReadCampaigns()) && (p.screen !== "privacy" || mayAct())).map((p) => (
          <a key={p.href} href={p.href} aria-current={here === p.screen ? "page" : undefined}>
            {p.text}
            {p.screen === "calls" && live > 0 && <span class="count" title="Live now">{live} live</span>}
          </a>
        ))}
      </nav>
      <span class="grow" />
      <ThemeButton />
      <button type="button" class="quiet wide" onClick={() => (helpOpen.value = true)}>
        <Icon name="keys" />Keys
      </button>
      <Person />
    </header>
  );
}

const themes = {
  system: { icon: "auto", text: "System colours" },
  light: { icon: "sun", text: "Light" },
  dark: { icon: "moon", text: "Dark" },
} as const;

function ThemeButton(): JSX.Element {
  const t = themes[theme.value];
  return (
    <button type="button" class="quiet" onClick={nextTheme} aria-label={`Colours: ${t.text}. Change`} title={t.text}>
      <Icon name={t.icon} />
    </button>
  );
}

function Person(): JSX.Element {
  const busy = useSignal(false);
  const leave = (): void => {
    busy.value = true;
    void signOut().finally(() => (busy.value = false));
  };
  return (
    <>
      <span class="who wide" dir="auto" title={roleName(me.value?.role ?? "")}>{me.value?.name}</span>
      <button type="button" class="quiet" disabled={busy.value} onClick={leave}>Sign out</button>
    </>
  );
}
