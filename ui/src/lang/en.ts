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

  // desk: the agent's live call.
  desk: {
    title: "Live desk", call: "Call",
    noCall: "No call right now",
    noCallHow: "The next call opens here by itself. Talk to Heed with your own microphone, or play a recording into the door:",
    noCallFile: "A stereo file has the agent on the left and the customer on the right.", noCallPast: "Calls that are over",
    side: "Customer and notes", unknown: "Unknown caller", with: "with",
    length: "Length of the call",
    lost: "Connection lost, trying again. Nothing is lost.",
    live: (n: string): string => `${n} live`,
    paused: "Captions are paused while the speech engine starts again. Nothing is lost: the words come late.",
    over: "The call is over. What was said stays here.", openPage: "Open the call page",
    begun: "A new call has begun:", openIt: "Open it", before: "The call before is over:", hide: "Hide",
    notShown: "This call cannot be shown", notSent: "It could not be sent.",
    heed: "Heed", undo: "Undo",

    notes: "Notes", writeNotes: "Write notes", notesHint: "Typed by you (N)",
    notesKept: "Kept in this browser only.", notesLost: "This browser does not let the notes be kept: copy them before you leave.",
    notesOther: "These notes were changed in another tab.", notesTheirs: "Take those", notesMine: "Keep these",

    captions: "Captions", jump: "Jump to now", scrolls: "What was said, scrolls",
    refusedWait: "Nothing of this call is written down.", askingWait: "Words come when the caller has agreed to the recording.",
    offWait: "Nobody listens to this call, so there are no captions. It is recorded all the same.", quietWait: "Nobody has spoken yet.",

    suggestion: "Suggestion", doNext: "Do next", say: "Say", avoid: "Avoid", because: "Because", why: "Why?",
    accept: "Accept", dismiss: "Dismiss", later: "Later", next: "Next", mute: "Mute",
    keys: {
      accept: "Accept the suggestion", dismiss: "Dismiss it", later: "Later", next: "Show the next suggestion", mute: "Mute suggestions, or show them again",
      undo: "Undo the last answer", why: "Why this one", more: "Show the other suggestions", focus: "Move the focus to the suggestion and back",
    },
    past: { accepted: "Accepted", dismissed: "Dismissed", later: "Put off", rejected: "Refused by the customer" },
    recording: (what: string): string => `${what}, being recorded…`, recorded: (what: string): string => `${what}. Recorded`,
    canUndo: (what: string): string => `${what}. U undoes it`, notRecorded: "Not recorded",
    notRecordedWhy: (why: string): string => `Not recorded: ${why} The suggestion is still open.`,
    changed: "The suggestion has just changed. Press again if you mean this one.",
    suggested: (title: string, say: string): string => `Suggestion: ${title}. Say: ${say}`,
    hideOthers: "Hide the others", more: (n: string): string => `+ ${n} more`,
    listening: "Listening. A suggestion comes when there is something worth saying.", allAnswered: "Every suggestion is answered. Listening.",
    nothing: "Nothing to suggest.", answered: "Answered in this call",
    undone: "Undone.", nothingToUndo: "There is nothing to undo.",
    muted: "Suggestions are muted for this call.", mutedUntil: (time: string): string => `Suggestions are muted until ${time}.`,
    mutedNote: "What the law asks you to say still comes.",
    unmute: "Show them again", muteWhile: (n: string): string => `Only for ${n}`,

    wrap: "Wrap up", wrapSummary: "What it was about", wrapDraft: "Drafted from what was said. Change what is wrong.", wrapDrafting: "The draft comes in a moment.",
    wrapOutcome: "How it ended", wrapTags: "Tags", addTag: "Add a tag", wrapSave: "Save", wrapSaving: "Saving…", wrapSaved: "Saved.", wrapKept: "Not saved yet. Kept in this browser.",
    wrapWhy: "Why dismissed:", wrapKey: "Wrap up the call", wrapFull: "12 tags are the most.",
    outcomes: { resolved: "Resolved", follow_up: "To be followed up", unresolved: "Not resolved", transferred: "Passed on" },
    reasons: { irrelevant: "Did not fit", wrong_moment: "Wrong moment", already_done: "Done already", customer_unwilling: "Customer unwilling", bad_words: "Bad words" },

    customer: "Customer", notKnown: "Not known yet", wants: "Wants", about: "About", mood: "Mood", talk: "Talk", captured: "Captured", lately: "Lately",
    justBegun: "just begun", you: "you", quietFor: "quiet for", spokenFor: "you have spoken for", nothingYet: "nothing yet",
    since: (year: string): string => `since ${year}`, moreKnown: (n: string): string => `${n} more known`,
    yes: "yes", no: "no", at: (clock: string): string => `At ${clock}`, lastAt: (clock: string): string => `Last at ${clock}`,
    facts: (n: number, text: string): string => plural("en", n, { one: `why? ${text} fact`, other: `why? ${text} facts` }),
    mayNot: "May not", may: "May", notAsked: "Not asked", calls: "Calls", first: "this is the first", allCalls: "all calls",
    nCalls: (n: number, text: string): string => plural("en", n, { one: `${text} call`, other: `${text} calls` }),
    states: { granted: "allowed", denied: "refused", withdrawn: "taken back", expired: "expired", unknown: "not asked" },
    allowed: (what: string, state: string, since: string, source: string): string => `${what}: ${state}${since && ` ${since}`}${source && `, from ${source}`}`,
    byChannel: (what: string, channel: string): string => `${what} (${channel})`,

    consent: "Change consent", consentKey: "Change what the customer allows", consentTitle: "What does the customer say?",
    consentHow: "Write down what they just said. It holds at once, and with it what may be suggested.",
    saidYes: "They said yes", saidNo: "They said no", consentDone: (what: string): string => `Written down: ${what}.`, consentUndone: "Taken back.", close: "Close",

    caller: "Caller", callerIs: "The caller is who the number says", isThis: (name: string): string => `Is this ${name}?`,
    isThem: "Yes", ownNumber: "Is this number the caller's own?", notConfirmed: "It was not confirmed.",
    another: "Another caller", isAnother: "The caller is somebody else", somebodyElse: "Somebody else", whoCalls: "Who is calling?",
    moves: "The call moves to them with all that was said. Who was thought to call is as before. Moving it back undoes it.",
    fromNumber: "Called from this number", find: "Find", findWhat: "Name, number or address", findLabel: "Name, number or address of the caller",
    nobody: "Nobody was found.", shared: "Several people use this phone. The next call from it is nobody's until you say whose.",
    somebodyNew: "Somebody new", noName: "Without a name", itIsThem: "It is them", itIs: (name: string): string => `It is ${name}`, thisPerson: "this person",
    nothingChanged: "It could not be sent. Nothing was changed.",

    theirData: "Their data", sendLink: "Send their data link", byEmail: "by e-mail", bySms: "by text message",
    sentEmail: "Sent by e-mail. It works once, for a day.", sentSms: "Sent by text message. It works once, for a day.",
    linkNotSent: "The link was not sent. Try again.", linkHow: "Ask which, then send: a link with which they see and change what is known.",

    heard: "What was heard", confirmHeard: "Confirm what was heard, a wish first", misheardKey: "It was misheard",
    confirmed: "Confirmed.", confirm: "Confirm", misheard: "Misheard", ask: "Ask",
    confirmThat: (what: string): string => `Confirm: ${what}`, confirmedUndo: (what: string): string => `Confirmed: ${what}. U undoes it.`,
    wishClosed: "It is closed already, and stays so until you answer.", wishOpen: "Nothing is open before they said yes.",
    moreAfter: (n: string): string => `${n} more after this.`, untilConfirmed: "Nothing is recorded until you confirm it.",
    said: { accepted: "The customer said yes", rejected: "The customer said no", later: "The customer wants to think about it", offered: "You offered it" },
    youOffered: "You offered", noAnswer: "No answer was heard yet.",
    takenBack: "Taken back. Nothing was recorded.", wasMisheard: "Taken back: it was misheard.", misheardNote: "Misheard: nothing is recorded.", recordedNote: "Recorded.",
    justHeard: "This has only just been heard. Press again if you mean it.",
    heardNotRecorded: (why: string): string => `Not recorded: ${why}`, staysClosed: "It stays closed.",

    rec: "Recording", pause: "Pause", resume: "Resume", recPause: "Pause the recording, or resume it", recAgree: "The caller agrees to the recording",
    recRefuse: "The caller does not want the recording",
    recRefused: "The caller did not want to be recorded. Nothing of this call is kept; suggestions come from what was known before.",
    sayFirst: "Say at the start", saidIt: "Said", askRec: "Ask the caller whether this call may be recorded. Nothing is kept before a yes.",
    agree: "They agree", refuse: "They do not", recPaused: "Nothing is recorded or written down now.", forgotten: "Was this forgotten?",
    pausedFor: (clock: string): string => `Paused for ${clock}`,
    destroyTitle: "Destroy what was recorded of this call?",
    destroyHow: "The caller does not want this call recorded: audio, captions and signals of it are destroyed. This cannot be undone.",
    destroy: "Destroy them", keep: "Keep them",
  },

  // softphone: a call by this computer's microphone.
  softphone: {
    title: "Call with this microphone", open: "Talk with your microphone", key: "Open the softphone",
    how: "What you say becomes a call: it is heard, understood and kept as every call here. Nobody is rung.",
    microphone: "Microphone", default: "The usual one", as: "You speak as", both: "Both parties: the two channels of a stereo device",
    parties: { agent: "Agent", customer: "Customer", stereo: "Both" },
    number: "Caller's number (may stay empty)",
    start: "Start the call", end: "Hang up", starting: "Connecting…", mute: "Mute the microphone", unmute: "Unmute", muted: "The microphone is muted. Nothing is heard.",
    level: "Level", talking: (clock: string): string => `Connected for ${clock}`, interrupted: "The connection is interrupted. It is tried again.",
    ended: "The call is over.", idle: "No call.", toDesk: "Show it on the desk", silent: "Nothing comes from this microphone. Is it muted or the wrong one?",
    keys: { name: "Softphone", mute: "Mute the microphone, or unmute it", end: "Hang up" },
    denied: "The browser does not allow the microphone. Allow it beside the address of the page, then start again.",
    none: "There is no microphone. Connect one, then start again.",
    busy: "Another program holds the microphone. Close it there, then start again.",
    lost: "The microphone was disconnected, so the call has ended. Choose another one and start again.",
    failed: "No audio comes through: the network lets no UDP to the server. Ask for a relay to be set up.",
    unsafe: "Browsers give a microphone only to pages over HTTPS or on localhost.",
    refused: "The call was not taken",
  },

  // tour: the first minutes.
  tour: {
    title: "A short tour", step: (n: string, of: string): string => `Step ${n} of ${of}`,
    back: "Back", next: "Next", skip: "Skip the tour", done: "Done", again: "Take the tour again",
    steps: [
      { title: "The call, as it is spoken", text: "Both sides appear here a moment after they speak. Scroll up and it waits for you; End brings you back to now." },
      { title: "One suggestion at a time", text: "It says what to do, the words to say, and why. A accepts, D dismisses, L is for later, U undoes." },
      { title: "Who is calling", text: "Mood, what they want, what is open, and what they allow. What you may not do stands in red." },
      { title: "Your notes", text: "N takes you here. What you type stays on this computer, also when the connection is lost." },
      { title: "Every key in one place", text: "Press ? on any screen. Language, density and single keys are set there too." },
    ],
    play: "Play the demo call", playing: "It is ringing…", playHow: "A recorded call is played into the real door, at real speed.",
    notPlayed: "The demo call could not be played", alone: "The next call opens here by itself.",
  },

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
