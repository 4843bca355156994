// The frame around every screen, and which screen is in it.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { signedOut } from "./api";
import { CallsScreen } from "./calls/screen";
import { mayReadCampaigns, questionOf } from "./campaigns/store";
import { liveCalls, watchCalls } from "./desk/desk";
import { DeskScreen } from "./desk/screen";
import { figure } from "./format";
import { Help, helpOpen } from "./help";
import { useKeys } from "./keys";
import { t } from "./lang";
import { Trouble } from "./parts/bits";
import { Icon } from "./parts/icon";
import { lazy } from "./parts/lazy";
import { nextTheme, theme } from "./prefs";
import { mayAct } from "./privacy/store";
import { go, links, route, type Route } from "./route";
import { learnMe, mayAdminister, mayReadCalls, me, meProblem, roleName, signOut } from "./session";
import { mayReadThemes } from "./themes/store";

const AccountScreen = lazy(() => import("./account/screen").then((m) => m.AccountScreen));
const AdminScreen = lazy(() => import("./admin/screen").then((m) => m.AdminScreen));
const CallScreen = lazy(() => import("./call/screen").then((m) => m.CallScreen));
const CampaignsScreen = lazy(() => import("./campaigns/screen").then((m) => m.CampaignsScreen));
const CustomersScreen = lazy(() => import("./customer/list").then((m) => m.CustomersScreen));
const CustomerScreen = lazy(() => import("./customer/screen").then((m) => m.CustomerScreen));
const DefineScreen = lazy(() => import("./themes/define").then((m) => m.DefineScreen));
const PrivacyScreen = lazy(() => import("./privacy/screen").then((m) => m.PrivacyScreen));
const ReviewsScreen = lazy(() => import("./customer/reviews").then((m) => m.ReviewsScreen));
const SignInAgain = lazy(() => import("./account/signin").then((m) => m.SignInAgain));
const SignInScreen = lazy(() => import("./account/signin").then((m) => m.SignInScreen));
const SearchScreen = lazy(() => import("./search/screen").then((m) => m.SearchScreen));
const StatusScreen = lazy(() => import("./status/screen").then((m) => m.StatusScreen));
const ThemeScreen = lazy(() => import("./themes/detail").then((m) => m.ThemeScreen));
const ThemesScreen = lazy(() => import("./themes/screen").then((m) => m.ThemesScreen));

export function App(): JSX.Element {
  useEffect(() => void learnMe(), []);
  const r = route.value;
  if (r.screen === "login") return <SignInScreen token={r.token} failed={r.failed} />;
  if (me.value === null) return <SignInScreen token="" failed="" />;
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
  const { nav, common } = t();
  useKeys(nav.anywhere, [
    { key: "?", label: nav.showKeys, always: true, run: () => (helpOpen.value = true) },
    { key: "/", label: nav.toSearch, run: () => goSearch() },
    { key: "g d", label: nav.toDesk, run: () => go(links.desk()) },
    { key: "g c", label: nav.toCalls, run: () => go(links.calls()) },
    { key: "g u", label: nav.toCustomers, run: () => go(links.customers()) },
    { key: "g t", label: nav.toThemes, run: () => go(links.themes()) },
    { key: "g m", label: nav.toCampaigns, run: () => go("/campaigns") },
    { key: "g p", label: nav.toPrivacy, run: () => go(links.privacy()) },
    ...(mayAdminister() ? [{ key: "g a", label: nav.toAdmin, run: () => go(links.admin()) }] : []),
    { key: "g o", label: nav.toAccount, run: () => go("/account") },
    { key: "g s", label: nav.toStatus, run: () => go("/status") },
    { key: "t", label: nav.changeColours, run: nextTheme },
  ]);
  return (
    <>
      <a class="skip" href="#main" data-plain>{common.skip}</a>
      <Nav r={r} />
      {reads || forAll.includes(r.screen) ? <Screen r={r} /> : <Designer />}
      <Help />
      {signedOut.value && <SignInAgain />}
    </>
  );
}

/** Screens for every role. */
const forAll: readonly Route["screen"][] = ["status", "account"];

function goSearch(): void {
  if (route.peek().screen !== "search") go("/search");
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>("input[type=search]")?.focus());
}

/** What is shown for each address. */
const shown: { [N in Route["screen"]]?: (r: Extract<Route, { screen: N }>) => JSX.Element } = {
  desk: (r) => <DeskScreen call={r.call ?? ""} />,
  calls: (r) => <CallsScreen key={r.customer} customer={r.customer} />,
  call: (r) => <CallScreen key={r.call} id={r.call} at={r.at} />,
  search: (r) => <SearchScreen asked={r} />,
  themes: (r) => <ThemesScreen key={r.days} days={r.days} />,
  theme: (r) => <ThemeScreen key={r.theme} id={r.theme} />,
  define: (r) => <DefineScreen key={r.like} like={r.like} />,
  customers: (r) => <CustomersScreen q={r.q} />,
  reviews: () => <ReviewsScreen />,
  customer: (r) => <CustomerScreen key={r.customer} id={r.customer} />,
  campaigns: (r) => <CampaignsScreen asked={questionOf(r.q)} />,
  privacy: (r) => <PrivacyScreen key={r.customer} customer={r.customer} />,
  status: () => <StatusScreen />,
  account: () => <AccountScreen />,
  admin: (r) => <AdminScreen tab={r.tab} />,
};

function Screen({ r }: { r: Route }): JSX.Element {
  const show = shown[r.screen] as ((r: Route) => JSX.Element) | undefined;
  return show ? show(r) : <Lost />;
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
  const { common } = t();
  return (
    <main id="main" class="page page-narrow" tabIndex={-1}>
      <h1>{common.noPage}</h1>
      <p>{common.noPageHow} <a href="/desk">{common.goDesk}</a></p>
    </main>
  );
}

/** The places of the app, and who goes there. */
const places = [
  { screen: "desk", href: "/desk", may: mayReadCalls },
  { screen: "calls", href: "/calls", may: mayReadCalls },
  { screen: "customers", href: "/customers", may: mayReadCalls },
  { screen: "search", href: "/search", may: mayReadCalls },
  { screen: "themes", href: "/themes", may: mayReadThemes },
  { screen: "campaigns", href: "/campaigns", may: mayReadCampaigns },
  { screen: "privacy", href: "/privacy", may: mayAct },
  { screen: "admin", href: "/admin", may: mayAdminister },
  { screen: "status", href: "/status", may: () => true },
] as const;

/** Screens that are below another one. */
const parents: Partial<Record<Route["screen"], string>> = { call: "calls", customer: "customers", reviews: "customers", theme: "themes", define: "themes" };

function Nav({ r }: { r: Route }): JSX.Element {
  const here = parents[r.screen] ?? r.screen;
  const live = liveCalls.value?.length ?? 0;
  const { nav } = t();
  return (
    <header class="nav">
      <span class="brand">Heed</span>
      <nav aria-label={nav.screens}>
        {places.filter((p) => p.may()).map((p) => (
          <a key={p.href} href={p.href} aria-current={here === p.screen ? "page" : undefined}>
            {nav[p.screen]}
            {p.screen === "calls" && live > 0 && <span class="count" title={nav.liveTitle}>{nav.live(figure(live, 0))}</span>}
          </a>
        ))}
      </nav>
      <span class="grow" />
      <ThemeButton />
      <button type="button" class="quiet wide" onClick={() => (helpOpen.value = true)}>
        <Icon name="keys" />{nav.keys}
      </button>
      <Person />
    </header>
  );
}

const themeIcons = { system: "auto", light: "sun", dark: "moon" } as const;

function ThemeButton(): JSX.Element {
  const { nav } = t();
  const now = nav.colours[theme.value];
  return (
    <button type="button" class="quiet" onClick={nextTheme} aria-label={nav.change(now)} title={now}>
      <Icon name={themeIcons[theme.value]} />
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
      <a class="who" dir="auto" href="/account" title={`${t().nav.account}: ${roleName(me.value?.role ?? "")}`}>{me.value?.name}</a>
      <button type="button" class="quiet" disabled={busy.value} onClick={leave}>{t().nav.signOut}</button>
    </>
  );
}
