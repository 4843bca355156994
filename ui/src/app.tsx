// The frame around every screen, and which screen is in it.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { signedOut } from "./api";
import { mayReadDecisions } from "./decisions/who";
import { liveCalls, watchCalls } from "./desk/desk";
import { DeskScreen } from "./desk/screen";
import { figure } from "./format";
import { Help, helpOpen } from "./help";
import { useKeys } from "./keys";
import { t } from "./lang";
import { Trouble } from "./parts/bits";
import { Icon } from "./parts/icon";
import { bar } from "./phone/active";
import { lazy } from "./parts/lazy";
import { nextTheme, theme } from "./prefs";
import { go, links, route, type Route } from "./route";
import { learnMe, mayAct, mayAdminister, mayPhone, mayReadCalls, mayReadCampaigns, mayReadThemes, me, meProblem, roleName, signOut } from "./session";
import { mayOversee, waitingAlerts } from "./supervise/count";
import { begin, seen, step } from "./tour/tour";

const AccountScreen = lazy(() => import("./account/screen").then((m) => m.AccountScreen));
const AdminScreen = lazy(() => import("./admin/screen").then((m) => m.AdminScreen));
const CallScreen = lazy(() => import("./call/screen").then((m) => m.CallScreen));
const CallsScreen = lazy(() => import("./calls/screen").then((m) => m.CallsScreen));
const CampaignsScreen = lazy(() => import("./campaigns/screen").then((m) => m.CampaignsAt));
const CustomersScreen = lazy(() => import("./customer/list").then((m) => m.CustomersScreen));
const CustomerScreen = lazy(() => import("./customer/screen").then((m) => m.CustomerScreen));
const DecisionsScreen = lazy(() => import("./decisions/screen").then((m) => m.DecisionsScreen));
const DefineScreen = lazy(() => import("./themes/define").then((m) => m.DefineScreen));
const PhoneScreen = lazy(() => import("./phone/screen").then((m) => m.PhoneScreen));
const PrivacyScreen = lazy(() => import("./privacy/screen").then((m) => m.PrivacyScreen));
const ReviewsScreen = lazy(() => import("./customer/reviews").then((m) => m.ReviewsScreen));
const SignInAgain = lazy(() => import("./account/signin").then((m) => m.SignInAgain));
const SignInScreen = lazy(() => import("./account/signin").then((m) => m.SignInScreen));
const SearchScreen = lazy(() => import("./search/screen").then((m) => m.SearchScreen));
const StatusScreen = lazy(() => import("./status/screen").then((m) => m.StatusScreen));
const SuperviseScreen = lazy(() => import("./supervise/screen").then((m) => m.SuperviseScreen));
const ThemeScreen = lazy(() => import("./themes/detail").then((m) => m.ThemeScreen));
const Tour = lazy(() => import("./tour/view").then((m) => m.Tour), "beside");
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
  useBoard(mayOversee(), r.screen === "supervise");
  useTour(r.screen === "desk" && reads);
  const { nav, common } = t();
  const at: Route = reads || own.includes(r.screen) ? r : { screen: "decisions", tab: "", q: new URLSearchParams() };
  useKeys(nav.anywhere, [
    { key: "?", label: nav.showKeys, always: true, run: () => (helpOpen.value = true) },
    { key: "/", label: nav.toSearch, run: () => goSearch() },
    ...places.flatMap((p) => ("key" in p && p.may() ? [{ key: p.key, label: p.label(), run: () => go(p.href) }] : [])),
    { key: "g o", label: nav.toAccount, run: () => go("/account") },
    ...(mayPhone() ? [{ key: "g b", label: t().softphone.key, run: () => go(links.phone()) }] : []),
    { key: "t", label: nav.changeColours, run: nextTheme },
  ]);
  return (
    <>
      <a class="skip" href="#main" data-plain>{common.skip}</a>
      <Nav r={at} />
      {bar.value && <bar.value.Bar />}
      <Screen r={at} />
      <Help />
      {step.value !== undefined && at.screen === "desk" && <Tour />}
      {signedOut.value && <SignInAgain />}
    </>
  );
}

/** Follows the alerts of others' calls, and the calls where they are shown; its script is fetched for those who may. */
function useBoard(may: boolean, calls: boolean): void {
  useEffect(() => {
    if (!may) return undefined;
    let stop = (): void => undefined;
    let left = false;
    const fetchBoard = (): void => void import("./supervise/board").then((m) => {
      if (left) return;
      const stream = m.watchBoard(calls);
      stop = () => stream.close();
    }, () => void setTimeout(() => left || fetchBoard(), 3000)); // alerts are not to be missed
    fetchBoard();
    return () => {
      left = true;
      stop();
    };
  }, [may, calls]);
}

/** Begins the tour for who is on the desk for the first time. */
function useTour(may: boolean): void {
  const id = me.value?.id ?? "";
  useEffect(() => {
    if (may && id && !seen(id)) begin();
  }, [may, id]);
}

function goSearch(): void {
  if (route.peek().screen !== "search") go("/search");
  focusSearch(180);
}

// The screen may still be on its way: it is looked for as long as people wait.
function focusSearch(tries: number): void {
  requestAnimationFrame(() => {
    const box = document.querySelector<HTMLInputElement>("main input[type=search]");
    if (box) box.focus();
    else if (tries > 0) focusSearch(tries - 1);
  });
}

/** What those see who do not read calls; any other address shows them the decisions. */
const own: readonly string[] = ["decisions", "status", "account", "lost"];

/** What is shown for each address. */
const shown: { [N in Route["screen"]]?: (r: Extract<Route, { screen: N }>) => JSX.Element } = {
  desk: (r) => <DeskScreen call={r.call ?? ""} />,
  calls: (r) => <CallsScreen key={r.customer} customer={r.customer} />,
  supervise: (r) => (mayOversee() ? <SuperviseScreen asked={r.q} /> : <Lost />),
  call: (r) => <CallScreen key={r.call} id={r.call} at={r.at} />,
  search: (r) => <SearchScreen asked={r} />,
  themes: (r) => <ThemesScreen key={links.themes(r.of)} of={r.of} />,
  theme: (r) => <ThemeScreen key={links.theme(r.theme, r.of)} id={r.theme} of={r.of} />,
  define: (r) => <DefineScreen key={r.like} like={r.like} />,
  customers: (r) => <CustomersScreen q={r.q} />,
  reviews: () => <ReviewsScreen />,
  customer: (r) => <CustomerScreen key={r.customer} id={r.customer} />,
  decisions: (r) => <DecisionsScreen tab={r.tab} q={r.q} />,
  campaigns: (r) => <CampaignsScreen q={r.q} />,
  privacy: (r) => <PrivacyScreen key={r.customer} customer={r.customer} />,
  phone: () => (mayPhone() ? <PhoneScreen /> : <Lost />),
  status: () => <StatusScreen />,
  account: () => <AccountScreen />,
  admin: (r) => <AdminScreen key={r.tab} tab={r.tab} />,
};

function Screen({ r }: { r: Route }): JSX.Element {
  const show = shown[r.screen] as ((r: Route) => JSX.Element) | undefined;
  return show ? show(r) : <Lost />;
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
  { screen: "desk", href: "/desk", may: mayReadCalls, key: "g d", label: () => t().nav.toDesk },
  { screen: "supervise", href: "/supervise", may: mayOversee, key: "g l", label: () => t().supervise.goTo },
  { screen: "calls", href: "/calls", may: mayReadCalls, key: "g c", label: () => t().nav.toCalls },
  { screen: "customers", href: "/customers", may: mayReadCalls, key: "g u", label: () => t().nav.toCustomers },
  { screen: "search", href: "/search", may: mayReadCalls },
  { screen: "themes", href: "/themes", may: mayReadThemes, key: "g t", label: () => t().nav.toThemes },
  { screen: "campaigns", href: "/campaigns", may: mayReadCampaigns, key: "g m", label: () => t().nav.toCampaigns },
  { screen: "decisions", href: "/decisions", may: mayReadDecisions, key: "g e", label: () => t().nav.toDecisions },
  { screen: "privacy", href: "/privacy", may: mayAct, key: "g p", label: () => t().nav.toPrivacy },
  { screen: "status", href: "/status", may: () => true, key: "g s", label: () => t().nav.toStatus },
  { screen: "admin", href: "/admin", may: mayAdminister, key: "g a", label: () => t().nav.toAdmin },
] as const;

/** Screens that are below another one. */
const parents: Partial<Record<Route["screen"], string>> = { call: "calls", customer: "customers", reviews: "customers", theme: "themes", define: "themes", phone: "desk" };

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
            {p.screen === "supervise" && <Waiting />}
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

/** How many alerts nobody has seen to, as the nav says it. */
function Waiting(): JSX.Element | null {
  const n = waitingAlerts.value;
  if (n === 0) return null;
  const { supervise } = t();
  return <span class="count count-bad" title={supervise.waitingTitle}><span aria-hidden="true">{figure(n, 0)}</span><span class="unseen">{supervise.waiting(figure(n, 0))}</span></span>;
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
    void signOut().catch(() => undefined).finally(() => (busy.value = false));
  };
  return (
    <>
      <a class="who" dir="auto" href="/account" title={`${t().nav.account}: ${roleName(me.value?.role ?? "")}`}>{me.value?.name}</a>
      <button type="button" class="quiet" disabled={busy.value} onClick={leave}>{t().nav.signOut}</button>
    </>
  );
}
