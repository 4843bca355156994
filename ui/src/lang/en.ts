// The words of the app in English, a section for each place where they stand.
// A word means the same everywhere: what several places say is in common.

import { plural } from "./plural";

export const en = {
  common: {
    notLoaded: "This screen did not load",
    notLoadedHow: "Heed was not reached, or was renewed since the page was opened. What you typed elsewhere is kept.",
    loadAgain: "Load the page again",
    close: "Close",
    noPage: "There is no such page",
    noPageHow: "The address names nothing here, or nothing that your role may see.",
    goDesk: "Go to the desk", goStatus: "See the status",
    skip: "Skip to the content",
  },

  // nav: the frame around every screen.
  nav: {
    screens: "Screens",
    desk: "Desk", calls: "Calls", customers: "Customers", search: "Search", themes: "Themes", campaigns: "Campaigns",
    privacy: "Privacy", status: "Status", supervise: "Live", decisions: "Decisions", admin: "Administration", account: "Account",
    live: (n: string): string => `${n} live`, liveTitle: "Live now",
    keys: "Keys", signOut: "Sign out",
    colours: { system: "System colours", light: "Light", dark: "Dark" },
    change: (to: string): string => `Colours: ${to}. Change`,
    roles: {
      admin: "Administrator", agent: "Agent", designer: "Decision designer", marketer: "Marketer", privacy: "Privacy officer",
      supervisor: "Supervisor", viewer: "Viewer",
    },
    anywhere: "Anywhere",
    showKeys: "Show the keys", toSearch: "Search", toDesk: "Go to the desk", toCalls: "Go to the calls", toCustomers: "Go to the customers",
    toThemes: "Go to the themes", toCampaigns: "Go to the campaigns", toPrivacy: "Go to privacy", toStatus: "Go to the status",
    changeColours: "Change light and dark",
  },

  // help: the keys, and what is set for this browser.
  help: {
    lists: "Lists", move: "Move through a list", open: "Open", space: "Space", escape: "Esc",
    browser: "In this browser",
    letters: "Single letters act (off: only buttons and ?)",
    announce: "Read new captions to a screen reader",
    language: "Language", asBrowser: "As the browser asks",
    density: "Density", comfortable: "Comfortable", compact: "Compact",
  },

  // format: words inside of numbers and names.
  format: {
    weekOf: (day: string): string => `week of ${day}`,
    seconds: (n: string): string => `${n} s`, minutes: (n: string): string => `${n} min`,
    hours: (h: string, m: string): string => `${h} h ${m} min`,
    days: (n: number, text: string): string => plural("en", n, { one: `${text} day`, other: `${text} days` }),
    readings: { churn_risk: "leaving", buying_intent: "buying", contact_fatigue: "contact fatigue" },
    purposes: {
      service: "serve", marketing: "sell", profiling: "profile", research: "research", recording: "keep the recording",
      processing: "use what is kept of them",
    },
    moods: { veryUnhappy: "very unhappy", unhappy: "unhappy", neutral: "neutral", pleased: "pleased", veryPleased: "very pleased", none: "nothing strong said yet" },
    kinds: { intent: (of: string): string => `wants: ${of}`, theme: (of: string): string => `about: ${of}` },
    channels: { email: "e-mail", sms: "SMS", call: "phone", agent: "on this call", push: "push", web: "web" },
    outbound: "Outbound", inbound: "Inbound",
    recording: {
      recording: "REC", asking: "Not kept yet", paused: "Paused", refused: "Not recorded: the caller said no",
      kept: "Recorded", partial: "Recording incomplete", lost: "Recording lost", none: "Not recorded",
    },
    audioLost: (clock: string): string => `${clock} lost`,
    callStatus: { live: "Live", hearing: "Being heard", ended: "Ended", recovered: "Recovered" },
    due: "due",
  },

  // desk

  // softphone

  // tour

  // supervise: all live calls, alert rules, the team.
  supervise: {
    title: "Live calls", goTo: "Go to the live calls", keys: "Live calls", failed: "That did not work",
    waiting: (n: string): string => `${n} alerts`, waitingTitle: "Alerts that nobody has seen to",
    lost: "The connection is lost; what is shown is from before. It is tried again.",
    none: "No call goes on now",
    noneHow: "Each call appears here when it begins, and goes when it ends. To see one, play a recording into the door:",
    noneFound: "No live call is like this", showAll: "Show all",
    count: (shown: string, all: string): string => (shown === all ? `${all} live` : `${shown} of ${all} live`),
    find: "Agent, customer, topic", queue: "Queue", agent: "Agent", any: "All", unhappy: "Unhappy only", riskFrom: "Risk", riskAny: "Any",
    sort: "Sort again", sortKey: "Sort again", findKey: "Find in the live calls", ackKey: "See to the first alert, or the one in focus", undoKey: "Undo",
    whyKey: "Why this risk",
    columns: { agent: "Agent", customer: "Customer", length: "Length", topic: "Last topic", mood: "Mood", silence: "Silence", overlap: "Both speak", risk: "Risk", audio: "Audio" },
    noAgent: "No agent", noCustomer: "Unknown caller",
    audio: { good: "Good", poor: "Losing audio", paused: "Late", deaf: "Not heard" },
    lostShare: (p: string): string => `${p} lost`,
    why: (risk: string): string => `Why ${risk}`, noWhy: "Nothing speaks for a risk.",
    formula: "Each ground counts alone and they are joined: 1 − (1 − a)(1 − b)… It tells where to look first; it foretells nothing.",
    parts: {
      mood: (v: string, by: string): string => `The customer's mood is ${v}, adds ${by}`,
      falling: (v: string, by: string): string => `The mood fell by ${v}, adds ${by}`,
      annoyed: (v: string, by: string): string => `The customer is likely annoyed (${v}), adds ${by}`,
      asks: (v: string, by: string): string => `Asks for somebody else (${v} sure), adds ${by}`,
      leaving: (v: string, by: string): string => `May leave (${v}), adds ${by}`,
      complains: (v: string, by: string): string => `Complains (${v} sure), adds ${by}`,
      overlap: (v: string, by: string): string => `Both speak for ${v} of the call, adds ${by}`,
      dead_air: (v: string, by: string): string => `Nobody speaks for ${v} of the call, adds ${by}`,
    },
    alerts: "Alerts", noAlerts: "No alert waits.", seeTo: "Seen to", openCall: "Open", seen: (name: string): string => `“${name}” is seen to.`, undo: "Undo",
    at: (clock: string): string => `at ${clock} of the call`, over: "over",
    rules: "Alert rules", newRule: "New rule", noRules: "There are no rules yet. A rule tells everybody who supervises, once a call.",
    by: (who: string): string => `by ${who}`, edit: "Change", remove: "Delete", removed: (name: string): string => `“${name}” is deleted.`,
    name: "Name", when: "When", keep: "Keep the rule", cancel: "Cancel", only: "Only for", onlyAgent: "Agent", onlyQueue: "Queue", webhook: "Also to a webhook (https)",
    signed: "Webhooks are signed with", once: "It is shown this once.", have: "I have it",
    level: { mood: "Mood below (−1 to 1)", risk: "Risk from (0 to 1)", overlap: "Share of the call from (0 to 1)" }, seconds: "For so many seconds",
    phrase: "Phrase", phraseHow: "cancel* is every word that begins so, a|b is either, ... up to six words between.", theme: "Theme", speaker: "Said by", either: "Either side",
    speakers: { customer: "The customer", agent: "The agent" },
    kinds: {
      mood: "The mood stays low", silence: "Nobody speaks", phrase: "A phrase is said", theme: "A theme comes up", asks: "The customer asks for somebody else",
      risk: "The risk is high", long: "The call is long", overlap: "Both speak at once",
    },
    says: {
      mood: (level: string, time: string): string => `mood below ${level} for ${time}`, silence: (_: string, time: string): string => `nobody speaks for ${time}`,
      risk: (level: string): string => `risk ${level} or more`, long: (_: string, time: string): string => `longer than ${time}`,
      overlap: (level: string): string => `both speak for ${level} or more`, phrase: (of: string): string => `“${of}” is said`, theme: (of: string): string => `about ${of}`,
      asks: (): string => "asks for somebody else",
    },
    was: {
      mood: (v: string): string => `mood ${v}`, silence: (_: string, time: string): string => `silent for ${time}`, risk: (v: string): string => `risk ${v}`,
      long: (_: string, time: string): string => `${time} long`, overlap: (v: string): string => `both speak for ${v}`, phrase: (): string => "it was said", theme: (): string => "it came up",
      asks: (): string => "the customer asks",
    },
    team: "Team", spans: { today: "Today", week: "This week" }, teamMore: "There were more calls than are counted: these are the latest 20,000.", teamNone: "Nobody had a call in this time.",
    team_columns: { agent: "Agent", calls: "Calls", talk: "Talk time", mood: "Mood", answers: "Suggestions", accepted: "Accepted" },
    all: "All", few: "too few to say", of: (n: string): string => `of ${n}`, inCalls: (n: string): string => `in ${n} calls`,
    outcomes: { accepted: "accepted", dismissed: "dismissed", later: "put off", muted: "muted", done: "done", converted: "worked" },
    teamHow: "A share is given from 5 answers on, a mood from 5 calls on. Each number of calls opens them in the search.",
  },

  // calls

  // call

  // search

  // themes

  // campaigns
  campaigns: {
    title: "Campaigns",
    counting: "Counting…",
    stale: " What is below is the last that came.",
    from: "From", to: "To", by: "By", model: "Return by",
    bys: { campaign: "Campaign", source: "Source", keyword: "Keyword", landing: "Landing page" },
    models: { first: "First", last: "Last", linear: "Linear", position: "Position" },
    calls: "Calls", qualified: "Qualified", about: "About", orders: "Orders", revenue: "Revenue by model", cost: "Cost", perCall: "Per qualified call", back: "Return",
    all: "All", nowhere: "Not known",
    more: (n: string): string => `${n} more are in the total.`,
    assumes: "What these figures assume",
    left: {
      orders_in_another_currency: "orders in another currency, in no figure",
      orders_without_amount: "orders without an amount",
      orders_of_the_untracked: "orders of people who do not want to be tracked, counted to nobody",
      orders_given_back: "orders given back whole, in no figure",
      orders_told_again: "orders that were told again, counted once",
    },
    emptyTitle: "Nothing came from a campaign in this time",
    emptyHow: [
      "Connect a call-tracking service, or list which telephone number stands in which advertisement (setting campaigns-numbers): then calls know where they came from.",
      "Upload what the campaigns cost, below: a CSV with the columns date, source, campaign and cost.",
      "Have your shop send Order Completed, so that revenue follows.",
    ],
    spend: "What campaigns cost",
    spendHow: "A CSV with the columns date, source, campaign and cost. Look at it first; all of it is kept or nothing.",
    choose: "Choose a CSV", looking: "Looking at it…",
    would: (rows: string, total: string): string => `${rows} rows, ${total} in all. Nothing is kept yet.`,
    keep: "Keep it", drop: "Leave it",
    kept: (rows: string, total: string): string => `${rows} rows are kept, ${total} in all.`,
    unused: (names: string): string => `Columns that are not used: ${names}.`,
    refused: "Nothing was kept",
    day: "Day", source: "Source", campaign: "Campaign",
    conversions: "Conversions for ad platforms",
    conversionsHow: "Only people are in the file who allow that data is shared for advertising. Each file is written down with your name.",
    formats: { "google-ads": "Google Ads", "microsoft-ads": "Microsoft Advertising" },
    of: "Of", ofs: { orders: "Orders", calls: "Qualified calls" },
    identify: "Known by", identifies: { clicks: "Click ids", numbers: "Hashed numbers" },
    write: "Write the file",
    written: (rows: string): string => `${rows} conversions are in the file.`,
    leftOut: { unwilling: "left out without consent", unknown: "left out without an id", givenBack: "left out as given back" },
  },

  // customers

  // customer

  // privacy

  // status

  // decisions

  // account

  // users

  // admin
};

export type Texts = typeof en;
