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
  status: {
    title: "Status", failed: "The status cannot be shown", stale: " What is below is the last that was known.",
    states: {
      ready: "Ready", restarting: "Starting again. Captions are paused; nothing is lost",
      down: "Its service failed several times and is left alone for a while",
      none: "There is none, so there are no captions. Run heed doctor to see what is missing",
    },
    sources: { guessed: "a guess, until it is measured", measured: "measured at the start", corrected: "corrected while running", fixed: "set by the operator" },
    engine: "Speech engine", engines: "Speech engines, in the order in which they are asked", name: "Engine", noEngine: "none",
    elsewhere: "elsewhere: audio leaves this machine", state: "State", model: "Model", languages: "Languages", restarts: "Restarts",
    heard: "Heard now", atMost: (n: string, most: string): string => `${n} of at most ${most}`,
    fullRefuse: "full: new calls are refused", fullRecord: "full: new calls are recorded, and heard when they are over", noRoom: "Found no room",
    mend: "To mend", calls: "Calls", live: "Live now", streams: "Audio streams",
    store: "Search and store", index: "Search index", indexStates: { complete: "complete", partial: "being built" },
    behind: (state: string, n: string): string => `${state}, ${n} events behind`, upToDate: (state: string): string => `${state}, up to date`,
    stored: "Stored", events: "Events", models: "Understanding", version: (v: string): string => `version ${v}`,
    server: "This server", versionOf: "Version", running: "Running for", programs: "For programs", reference: "API reference",
    outcomes: "Outcomes", awaited: "Answers waited for", parked: "Put aside", parkedWhy: "their decision is not known; each is given up after a day",
    told: "Told of consent",
    tolds: {
      ok: "has confirmed everything", behind: "is behind", mismatch: "sees something else than the ledger says",
      late: "a withdrawal waits for over an hour", overdue: "a withdrawal waits for over a day",
    },
    unconfirmed: (n: string): string => `${n} not confirmed`, asked: "last asked", neverAsked: "has never asked",
  },

  // decisions

  // account

  // users

  // admin
  admin: {
    title: "Administration", parts: "Parts of administration", notYours: "This is for administrators", notYoursHow: "Ask one of them for what you need.",
    tabs: { keys: "API keys", audit: "Who read what", platforms: "Platforms", engines: "Engines", retention: "Retention" },
    keys: {
      title: "API keys", failed: "The keys were not changed", about: "Keys let programs in. A key may do what its role may; choose scopes to allow less.",
      make: "Make a key", name: "Name", nameHint: "What will use it", role: "Role", ingest: "Bring calls in", ends: "Ends", never: "Never",
      days: (n: number): string => plural("en", n, { one: `In ${n} day`, other: `In ${n} days` }),
      scopes: "Scopes", scopesHow: "None: all that the role may", may: "May", all: "All of the role", used: "Last used", unused: "Never", by: "Made by", doing: "Change",
      made: (name: string): string => `The key ${name} is made.`, once: "Copy it now: it is not shown again.", copy: "Copy", copied: "Copied", kept: "I have it",
      rotate: "Rotate", rotateHow: "Makes a new key; this one goes on for 24 hours", rotateOne: (name: string): string => `Rotate the key ${name}`,
      revoke: "Revoke", revokeOne: (name: string): string => `Revoke the key ${name}`, undo: "Give it back",
      revokedNow: (name: string): string => `The key ${name} lets nobody in any more. It can be given back for ten minutes.`,
      states: { active: "in use", expired: "ended", revoked: "revoked" },
      none: "There are no keys", noneHow: "Make one for each program, so that each can be taken back alone.",
    },
    audit: {
      failed: "The record cannot be shown", about: "Every reading of a call or a customer, before it was shown. One line is one person, one thing and ten minutes.",
      filter: "Narrow down", kind: "What", any: "Anything", call: "Call", customer: "Customer", anyId: "Any", from: "From", until: "Before", everybody: "Show everybody",
      file: "Save as CSV", verify: "Check the record", whole: (rows: string, open: string): string => `Nobody changed it: ${rows} lines are as they were written, ${open} of the last minutes are not sealed yet.`,
      broken: (n: string): string => `It was changed at line ${n}. Compare with a backup.`,
      reading: "Reading…", none: "Nobody read anything yet", noneHow: "Whoever opens a call, hears a recording or searches is written down here.", more: "Show more",
      when: "When", who: "Who", of: "Of", origin: "From where", times: "Times", onlyThem: "Show only theirs", several: "Many calls", readers: "Who has read this",
      often: (n: string): string => `${n} times`,
      kinds: {
        call: "Call page", recording: "Recording", peaks: "Waveform", clip: "Clip", subtitles: "Subtitles", live: "Live transcript", search: "Search results",
        quotes: "Quotes of a theme", corrections: "Corrections", export: "Export", customer: "Customer page", timeline: "Timeline", consent: "Consent",
      },
      origins: { local: "This machine", private: "Own network", public: "Internet", proxied: "Through a proxy", unknown: "Not known" },
    },
    retention: {
      failed: "Nothing was changed", about: "What is older than its period is deleted for good, within an hour. Nothing is deleted for its age until a period is set.",
      classes: { recordings: "Recordings", transcripts: "Transcripts" },
      means: {
        recordings: "The audio of calls that are over. What was said stays to be read.",
        transcripts: "The words, summaries and what was understood of single calls, in search too. Figures of many calls stay.",
      },
      ever: "For ever", days: (n: number): string => plural("en", n, { one: `${n} day`, other: `${n} days` }), keep: "Keep for",
      would: (calls: string, recordings: string, of: string): string => (of === "recordings" ? `This would delete ${recordings} recordings of ${calls} calls.` : `This would delete what was said on ${calls} calls.`),
      wouldNot: "This would delete nothing now.", set: "Set it", leave: "Leave it",
      holds: "Legal holds", holdsHow: "What is held is not deleted for its age. An erasure at the customer's wish goes on.", noHolds: "Nothing is held.",
      newHold: "Hold", holdOf: "What", ofCall: "Call", ofCustomer: "Customer", id: "Its id", why: "Why, such as the case", lift: "Lift", liftOne: (why: string): string => `Lift the hold ${why}`,
      deleted: "Deleted for its age", nothing: "Nothing yet.", calls: (n: number): string => plural("en", n, { one: `${n} call`, other: `${n} calls` }),
      changes: "Who set what", noChanges: "Nobody set a period: everything is kept.",
    },
    platforms: {
      failed: "The platforms cannot be shown", about: "Each door for calls: what to paste on the platform's side, how it does, and a test call through it.", looking: "Looking…",
      ready: "Ready", partly: "API keys only", off: "Off", missing: "It takes no calls without", wanting: "The platform itself is refused without",
      test: "Make a test call", testOf: (name: string): string => `Make a test call as ${name}`, stop: "Hang up", marked: "Test call",
      last: "Last call", noCall: "No call yet", open: (n: string): string => `${n} open now`, dropped: (n: string): string => `${n} frames missing`,
      refused: (n: string, why: string): string => `${n} refused: ${why}`,
      whats: { voice: "A call comes in", status: "Call status", media: "Audio", events: "Events", answer: "Answer", hangup: "Hang up", publish: "Publish", listen: "Listens at" },
      states: { playing: "Playing", done: "It arrived", failed: "It did not arrive", stopped: "Hung up" },
      faults: {
        refused: "The door refused it:", unreachable: "The door was not reached:", hung_up: "The door hung up:", nothing: "The door took it, and no stream began.",
        silent: "Audio arrived, and all of it is silent.", one_sided: "Only one side was heard.", other: "It broke off:",
      },
      told: "Told:", speakers: { agent: "Agent", customer: "Customer" },
      arrived: (frames: string, seconds: string, rate: string, level: string): string => `${frames} frames, ${seconds} s at ${rate} kHz, loudest ${level} dB`,
      faulty: (n: string): string => `${n} frames or messages were at fault.`, unheard: "No words were heard in it.",
      guide: (name: string): string => `How to set up ${name}`,
    },
  },
};

export type Texts = typeof en;
