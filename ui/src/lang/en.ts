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

  // supervise

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
