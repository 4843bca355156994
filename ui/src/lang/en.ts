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

  // parts: pieces that several screens share.
  parts: {
    agent: "Agent", customer: "Customer", unknown: "Unknown caller",
    moodOver: "Mood of the customer over the call", time: "Time", mood: "Mood", figure: "Figure",
    recovered: "recovered", recoveredHow: "Heard again from the recording", late: (span: string): string => `said ${span} earlier`, lateHow: "Captions were paused when this was said",
    raised: (label: string): string => `${label}. Raised the suggestion`,
    playFrom: (clock: string): string => `Play from ${clock}`, play: (clock: string): string => `Play ${clock} here`, stop: "Stop", noAudio: "There is no recording to hear.",
    sounds: {
      music: "on hold", ringing: "ringing", busy: "busy tone", congestion: "network busy tone", special: "tones before an announcement", dial_tone: "dial tone",
      keys: "keys pressed", fax: "fax machine", beep: "beep", machine: "answering machine",
    },
    atMost: (name: string, n: string): string => `${name}, ${n} at most`, likely: (name: string, p: string): string => `${name}, with a probability of ${p}`,
    since: (name: string, clock: string): string => `${name} since ${clock}`, fromTo: (name: string, from: string, to: string): string => `${name} ${from}–${to}`,
    holdMusic: "hold music", pressing: "pressing keys",
    why: {
      against: "against it", for: "for it", ranked: "How the suggestion was ranked", p: "chance that it works", c: "fits this moment", v: "value", l: "lever", net: "after annoyance", netName: "Net",
      to: (low: string, high: string): string => `${low} to ${high}`,
      contract: (to: string): string => `Allowed${to && ` to ${to}`} by the contract; nothing on record says no.`,
      consent: (to: string, state: string, since: string, source: string): string => `Allowed${to && ` to ${to}`}: consent ${state}${since && ` since ${since}`}${source && `, from ${source}`}.`,
    },
    changes: {
      ask: "What would have changed it?", title: "What would have changed it", failed: "It was not worked out", deciding: "Deciding again, with one thing otherwise each time…",
      unknown: "What would have changed it cannot be told", none: (n: number): string => `Nothing: none of the ${n} changes that were tried would alone have put something else first.`,
      permission: "What a permission would bring is shown for the audit. It is no reason to ask for one.",
      rules: (n: number): string => plural("en", n, { one: "1 rule without which something else would have come first", other: `${n} rules without which something else would have come first` }),
      otherRules: "Told by the rules of today, which are others and answer the same.", notTried: (n: number): string => `${n} more rules were not tried.`,
      thenFirst: ": then ", silence: "Silence", law: "Consent or law", was: (what: string): string => `It was ${what}`, notHeard: (label: string): string => `Not heard in the call: “${label}”`,
    },
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
    alerts: "Alerts", seeTo: "Seen to", seen: (name: string): string => `“${name}” is seen to.`, undo: "Undo",
    at: (clock: string): string => `at ${clock} of the call`, over: "over",
    rules: "Alert rules", newRule: "New rule", noRules: "There are no rules yet. A rule tells everybody who supervises, once a call.",
    by: (who: string): string => `by ${who}`, edit: "Change", remove: "Delete", removed: (name: string): string => `“${name}” is deleted.`,
    name: "Name", when: "When", keep: "Keep the rule", cancel: "Cancel", only: "Only for", onlyAgent: "Agent", onlyQueue: "Queue", mail: "Also by mail to", webhook: "Also to a webhook (https)",
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

  // calls: the list of all calls.
  calls: {
    title: "Calls", ofOne: "Calls of", oneCustomer: "one customer", showAll: "Show all calls", loading: "Loading…", earlier: "Show earlier calls", failed: "The calls cannot be shown",
    none: "No call yet", noneHow: "Every call is listed here while it runs and after. To make one, play a recording into the door:", quiet: "quiet for",
  },

  // call

  // search: the box, its results, saved searches and alerts.
  search: {
    title: "Search", box: "Search what was said", placeholder: "Words that were said", go: "Search", failed: "The search failed", suggestions: "Suggestions",
    like: "Lines of other calls that say something like the one you chose.", anyLine: "Any line again",
    emptyHow: "Words find every line that holds them all. Quotes keep words together:",
    lines: (n: number, text: string): string => plural("en", n, { one: `${text} line`, other: `${text} lines` }),
    nothing: "Nothing was found. Try fewer words.", behind: "the index is catching up, so the latest calls may be missing", order: "Order",
    sorts: { relevance: "Best first", newest: "Newest first", oldest: "Oldest first", value: "Highest sum first" },
    narrow: "Narrow the search", without: "Ask without this again",
    facets: { speaker: "Speaker", intent: "Intent", theme: "Theme", moment: "Moment", language: "Language", queue: "Queue", source: "Source", campaign: "Campaign" },
    loading: "Loading…", more: "Show more", less: "Less", context: "In context", likeThis: "More like this", hits: "Hits",
    canAsk: "What can be asked",
    means: [
      "both words, in any form and order", "these words as they stand", "near each other, in any order", "a beginning; a word that is nearly so", "one of them; AND and ( ) join too", "without it",
      "the second within 20 s of the first, whoever speaks", "who says it; what a party says first", "what was understood", "mood from -1 to 1; sums that were named", "days",
      "where in the call; how the call went", "which calls", "what came of a suggestion", "where calls came from, and their queue", "words that were searched for, and of the page",
      "a beginning; calls with no campaign", "when the call began",
    ],
    exportLines: (lines: string): string => `Export ${lines}`,
    exportHow: "It holds what was said, redacted, what was understood of it, the agent, and the customer's id; no names, numbers or addresses of customers. That you took it is noted.",
    formats: { csv: "CSV", excel: "CSV for Excel", jsonl: "JSON Lines", parquet: "Parquet" },
    formatHow: { csv: "a table, for most programs", excel: "the same, with a mark by which Excel knows the letters", jsonl: "a line for each, for programs", parquet: "typed columns, for DuckDB, pandas and the like" },
    savedPart: "Saved searches and alerts", save: "Save…", tell: "Alert me…", undo: "Undo", signed: "Webhooks are signed with", once: "It is shown this once.", have: "I have it",
    name: "Name", share: "Share with all who may search", keep: "Save",
    kinds: { threshold: "So many", change: "Unlike its own past", new: "Something new" }, when: "When", calls: "Calls", inA: "In a", periods: { hour: "hour", day: "day", week: "week" },
    mail: "Mail", language: "Language", webhook: "Or webhook", tellMe: "Alert me", lookingBack: "Looking at the last 8 weeks…",
    saved: "Saved searches", noneSaved: "None yet. Search for something, then save it.", shared: "shared", drop: "Delete", dropNamed: (name: string): string => `Delete ${name}`,
    alerts: "Alerts", monday: "Each Monday, what the week brought, to", sendMe: "Send me", told: "What you were told",
    digest: "Digest", anyTheme: "Any theme", gone: "Something that is gone", paused: "Paused", pause: "Pause", resume: "Resume", endAlert: (name: string): string => `Delete the alert of ${name}`,
    aSearch: "A search", units: { calls: "calls", lines: "lines" }, usually: (n: string): string => `usually about ${n}`, by: { mail: "mail", webhook: "webhook" }, deliveries: { waiting: "waiting", sent: "sent", failed: "failed" },
    wrong: { load: "The saved searches did not come", save: "It was not saved", drop: "It was not deleted", look: "The past was not counted", tell: "It was not kept", change: "It was not changed", end: "It was not ended", back: "It was not brought back" },
    dropped: (name: string): string => `“${name}” is deleted.`, alertDropped: "The alert is deleted.",
    rules: {
      threshold: (least: string, unit: string, period: string): string => `${least} or more ${unit} in ${period}`, within: { hour: "an hour", day: "a day", week: "a week" },
      up: (period: string): string => `more than usual in a ${period}`, down: (period: string): string => `fewer than usual in a ${period}`, either: (period: string): string => `more or fewer than usual in a ${period}`,
      isNew: "when it is new", after: (weeks: number): string => `some, after ${weeks} weeks without`, digest: "what each week brought, on Monday",
    },
    notes: {
      short: "There is too little past to compare with.", few: "There are too few calls in the past to compare with.", broad: "It finds more calls than are counted.",
      partial: "The index is catching up; nothing is told until it has.", slow: "It took too long to count.", gone: "What it watches is deleted, or not shared any more.",
      unreadable: "The search does not parse any more.", orphan: "Who asked for it has no part in this any more.", unsubscribed: "Ended by the link in a mail.",
      "gone away": "The webhook says that it wants no more.", nothing: "There was nothing to tell last week.",
    },
    preview: (n: number, weeks: number): string => n === 0 ? `It would not have told you in the last ${weeks} weeks.` : `It would have told you ${n === 1 ? "once" : `${n} times`} in the last ${weeks} weeks.`,
  },

  // themes: what calls are about, one theme, a definition, and the segment.
  themes: {
    title: "Themes", all: "All themes", define: "Define a theme", counting: "Counting…", growing: "What was said is still being counted; the figures grow.", stale: " What is below is the last that came.",
    ofCalls: (calls: string, since: string): string => `of ${calls} since ${since}`,
    calls: (n: number, text: string): string => plural("en", n, { one: `${text} call`, other: `${text} calls` }),
    lines: (n: number, text: string): string => plural("en", n, { one: `${text} line`, other: `${text} lines` }),
    onlyListed: "Show the listed ones only", showAll: "Show hidden, merged and deleted ones too",
    time: "Time", lastDays: (n: string): string => `Last ${n} days`,
    noCalls: "No call was counted in this time", nothing: "Nothing found yet", nothingHow: "Themes are counted while people talk, and found by themselves from about fifty calls on.",
    needNot: "You need not wait:", needNotHow: "by words, a search or a quote, and all history is counted at once.",
    kinds: { rule: "Built in", words: "By words", query: "Saved search", like: "By quotes", discovered: "Discovered" },
    states: { hidden: "Hidden", deleted: "Deleted", merged: "Merged", gone: "Gone" },
    byDay: (title: string): string => `Calls about ${title} by day`, isNew: "New", isGrowing: "Growing", read: (p: string): string => `${p} % of history counted`,
    segment: "Segment", source: "Source", campaign: "Campaign", queue: "Queue", any: "All", none: "Not known", everywhere: "All calls",
    change: { few: "too few to say", same: "no clear change", interval: (low: string, high: string): string => `${low} to ${high}`, how: "Share of all calls, against as many days before of the same weekdays, with the interval in which it lies 19 times of 20" },
    expected: (observed: string, time: string, expected: string): string => `${observed} calls in ${time}, ${expected} expected from its past`,
    fewerThanOne: "fewer than 1", about: (n: string): string => `about ${n}`, lastDay: "the last day", lastSome: (n: string): string => `the last ${n} days`,
    odds: (n: string): string => `Fewer than 1 of ${n} such alarms would be chance, with all themes considered.`,
    figures: (calls: string, lines: string, days: string, of: string): string => `${calls} and ${lines} in ${days} days, of ${of}`,
    against: "against the same weekdays before, as a share of all calls", quotesOfAll: "The quotes below are of all calls; the search has those of the segment.",
    told: { hidden: "Hidden: it is counted, but not listed.", deleted: "Deleted: it is not counted.", merged: "Merged: its lines count for another theme.", gone: "No longer found: newer calls gave other themes." },
    seeThat: "See that theme", bringBack: "Bring it back", rename: "Rename", nameOf: "Name of the theme", save: "Save", cancel: "Cancel",
    by: "Calls by", steps: { hour: "Hours", day: "Days", week: "Weeks" }, callsAbout: (title: string): string => `Calls about ${title}`,
    fewForCourse: (n: string): string => `${n} calls are too few to draw a course of: it would show chance. The figures are in the table.`, asTable: "As a table", when: "When", callsHead: "Calls", ofAll: "Of all calls",
    meaning: "What it means", tells: "What tells it from the others", not: (w: string): string => `not: ${w}`, oftenWith: "Often with it",
    hide: "Hide", mergeInto: "Merge into…", remove: "Delete", mergeTheme: "Theme to merge into", choose: "Choose a theme",
    said: "What customers said", nobody: "Nobody said it yet", nobodyHow: "Lines are shown here as soon as a customer says something of the kind.", earlier: "Show earlier lines", likeThis: "More like this",
    theCalls: "The calls", showCalls: "Show the calls", moreCalls: "Show earlier calls", times: (n: number, text: string): string => plural("en", n, { one: "once", other: `${text} times` }),
    changes: "Who changed what", failed: "That did not work", listFailed: "The themes did not come", previewFailed: "The preview did not come", notMade: "The theme was not made",
    cameFrom: "Where these calls came from", sharesBy: "Shares by", fields: { campaign: "Campaigns", source: "Sources", queue: "Queues" }, fieldNone: { campaign: "No campaign", source: "No source", queue: "No queue" },
    nobodyCalled: "Nobody has called in this time.", shareOf: "Share of the calls that are about it", from: "From", share: "Share of its calls", ofThese: (a: string, b: string): string => `${a} of ${b}`,
    fewToCompare: "too few to compare", smaller: (n: string): string => `and ${n} smaller ones`, latest: "Some of the latest calls are still being counted.", notCounted: "It could not be counted",
    tell: "Tell me when it changes…", tellKinds: { change: "More or fewer than usual", up: "More than usual", threshold: "So many calls", new: "It is new or growing" }, tellMe: "Tell me", tellDone: "You are told. It is listed, and ended, in the search under Alerts.",
    who: "Themes are defined by marketers", see: "See the themes", thereAre: "that there are.", how: "How it is defined", name: "Name", nameHint: "Router without signal", counts: "Define and count all history",
    ways: { words: "By words", query: "By a search", like: "More like a quote" }, wayLabels: { words: "Phrases, one a line", query: "Search", like: "What customers said, one a line" },
    wayHints: {
      words: "Any one is enough. bill* is every word that begins so, a|b is either, ... up to six words between. A line that begins with - is what it is not.",
      query: "As in the search: words, \"phrases\", prefix*, -not, intent:cancel.", like: "Lines that mean much the same are found.",
    },
    findsNothing: "This finds nothing yet.", preview: "Preview", inAll: (n: string): string => `in all ${n} lines`, inLatest: (n: string, all: string): string => `in the latest ${n} of ${all} lines`,
  },

  // campaigns
  campaigns: {
    title: "Campaigns", figuresFailed: "The figures did not come", notRead: "The file was not read", notWritten: "The file was not written", themesOf: "themes",
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
