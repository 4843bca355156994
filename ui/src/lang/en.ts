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

  // call: one call after the fact, or while it runs.
  call: {
    cannotShow: "This call cannot be shown",
    backToCalls: "Back to the calls",
    unknown: "Unknown caller",
    withAgent: (name: string): string => `with ${name}`,
    isLive: "This call is live.", openDesk: "Open it on the desk",
    recoveredCall: "Heed stopped during this call. The call was closed at the next start, and what had not been written down was heard again from the recording. Lines made so are marked.",
    incomplete: (seconds: string): string => `The recording is incomplete: ${seconds} s could not be kept. The times of the rest are right.`,
    refused: "The caller did not want to be recorded: nothing that was said is kept.",
    neverAgreed: "The caller was asked and never agreed to be recorded: nothing that was said is kept.",
    pausedAt: (stretches: string): string => `Paused, so nothing is kept: ${stretches}.`,
    recordingLost: "The recording of this call was lost. The transcript was written as it was spoken.",

    // The recording and its picture.
    heardLater: "The recording can be heard when the call is over.",
    noRecording: "No recording was kept of this call.",
    broken: "The recording cannot be played here.",
    play: "Play", pause: "Pause", speed: "Speed",
    position: "Position in the recording",
    of: (at: string, length: string): string => `${at} of ${length}`,
    playFrom: (at: string): string => `Play from ${at}`,
    recordingKeys: "Recording",
    playOrPause: "Play or pause", back5: "5 seconds back", on5: "5 seconds on", slower: "Slower", faster: "Faster",
    skipSilence: "Skip silence",
    repeat: "Repeat", repeating: "Repeats",
    repeatHow: "Plays the selected lines, or the line that is played, again and again",
    repeatKey: "Repeat the selected lines or this line, or end that",
    follow: "Follow what is played",
    shades: { overlap: "Both speak", silence: "Nobody speaks", paused: "Not recorded", removed: "Removed" },
    moments: "Moments", suggestion: "Suggestion", comment: "Comment",
    picture: (what: string): string => `The picture shows: ${what}.`,
    pictureEmpty: "The picture shows how loud each party is.",
    shadeTold: (what: string, n: number, times: string, length: string): string => plural("en", n, { one: `${what}: once, ${length}`, other: `${what}: ${times} times, ${length} in all` }),
    momentsTold: (n: number, text: string): string => plural("en", n, { one: "one moment", other: `${text} moments` }),
    asList: (n: number, text: string): string => plural("en", n, { one: "The same as a list, one entry", other: `The same as a list, ${text} entries` }),
    notListed: (n: string): string => `${n} more are not listed.`,

    // What was said.
    said: "What was said",
    nothingHeard: "Nothing was heard in this call.", nothingHeardYet: "Nothing was heard yet.",
    moreSounds: (n: number, text: string): string => plural("en", n, { one: "One more sound, such as ringing, is not listed.", other: `${text} more sounds, such as ringing, are not listed.` }),
    asHeard: "Words as heard", asHeardHow: "Show the words as they were heard, without capitals, marks and figures",
    recovered: "recovered", recoveredHow: "Heard again from the recording",
    removedHow: "Removed before anything was stored",
    find: "Find in this call", findKeys: "Find in the call", nextMatch: "Next match", lastMatch: "Match before",
    matchOf: (at: string, n: string): string => `${at} of ${n}`, noMatch: "Not found",
    correct: "Correct", correctAt: (at: string): string => `Correct what was said at ${at}`,
    saidAt: (at: string): string => `What was said at ${at}`,
    corrected: "corrected", correctedBy: (name: string, at: string): string => `by ${name}, ${at}`,
    heard: "heard:", undoCorrection: "Undo the correction",
    notSaved: "It was not saved",
    history: "History", neverCorrected: "Nobody has corrected it.", tookBack: "taken back",
    somebody: "somebody",
    save: "Save", cancel: "Cancel", undo: "Undo", enterKey: "Enter", escapeKey: "Esc",

    // Comments.
    comments: "Comments",
    noComments: "Write what others should know of this call.",
    addComment: "Comment", newComment: "Comment", editComment: "Change the comment",
    commentKey: "Comment on what is played", commentHere: "Comment", commentAt: (at: string): string => `Comment on what was said at ${at}`,
    atSecond: (at: string): string => `at ${at}`,
    edited: "changed", edit: "Change", remove: "Remove",
    commentRemoved: "The comment is removed.", commentFailed: "The comment was not kept",

    // Pieces of it as files.
    excerpts: "Subtitles and clips",
    subtitlesIn: (format: string): string => `Subtitles (${format})`,
    excerptsHow: "What was removed from the call is not in them. That you took them is noted with the call.",
    clip: "A clip of the recording", clipFrom: "From", clipTo: "to", clipSelected: "Of the selected lines",
    clipWho: "Who", both: "Both", agent: "Agent", customer: "Customer", clipFormat: "Format",
    listen: "Listen", saveClip: "Save the clip", itsSubtitles: "Its subtitles",
    selectFirst: "Select some lines of the call first.",
    twoTimes: "Give two times such as 12.5 or 1:04, the second behind the first.",
    seconds: (n: string): string => `${n} s`, percent: (n: string): string => `${n} %`,

    // What was made of it.
    madeOfIt: "What Heed made of it",
    summary: "Summary",
    parts: { issue: "Issue", done: "Done", promise: "Promised", next_step: "Next", outcome: "Outcome" },
    fromWords: "From the words of the call.",
    fromModel: (name: string): string => `Written by the language model ${name}. Check it against the words.`,
    copy: "Copy", copied: "Copied", notCopied: "This browser does not let it be copied",
    understood: "Understood",
    mood: "Mood", lowest: "lowest", annoyed: "annoyed", wants: "Wants", about: "About", momentsHeard: "Heard", promisedBy: "Due",
    named: "Named", spotted: "Spotted", talk: "Talk", measure: "Measure",
    playGarbled: (at: string): string => `Play from ${at}; the transcript has other words there`,
    talkNames: {
      talk_ratio: "Talk ratio", speaking_time: "Speaking time", longest_silence: "Longest silence", longest_monologue: "Longest monologue", words_per_minute: "Words per minute",
      overlap: "Both at once", dead_air: "Silence", hold: "On hold", holds: "Holds", longest_hold: "Longest hold", interruptions: "Interruptions", first_answer: "First answer",
    },

    // What was suggested, and what came of it.
    suggestions: "Suggestions", noSuggestions: "Nothing was decided in this call.", nothingToSuggest: "Nothing to suggest",
    inARow: "Decided so often in a row",
    sameBefore: (n: number, text: string): string => plural("en", n, { one: "One before it with the same first suggestion", other: `${text} before it with the same first suggestion` }),
    netHow: "P x C x V x L, less annoyance",
    why: "Why?",
    notChosen: (n: number, text: string): string => plural("en", n, { one: "One not chosen, and why not", other: `${text} not chosen, and why not` }),
    bySource: (of: string): string => `By ${of}.`,
    outcomes: "Outcomes", noOutcomes: "No suggestion was answered.",
    outcomeNames: {
      accepted: "accepted", dismissed: "dismissed", later: "later", rejected: "rejected", clicked: "clicked", converted: "done", opted_out: "opted out",
      no_response: "no answer", impression: "shown", overridden: "overridden", not_done: "accepted, not done",
    },
    overridden: (title: string): string => `Overridden: “${title}” was taken in its place.`,
    notDone: "Accepted, and it did not come about in its time.",
    you: "you", by: (name: string): string => `by ${name}`, heardInCall: "heard in the call",
    heardAnswers: "Heard in the call", noAnswerHeard: "Offered, and no answer was heard",
    confirm: "Confirm", confirmed: "Confirmed.", misheard: "Misheard", wasMisheard: "Misheard.", takeThatBack: "Take that back",

    // How its audio came in.
    came: "How its audio came", cameBy: (platform: string): string => `How its audio came by ${platform}`,
    stream: {
      frames: "Frames", lost: "Never came, or too late", late: "Came after their place was filled", duplicates: "Came twice", garbage: "Not understood",
      dropped: "Left out while the engine was behind", gaps: "Gaps", gapTime: "Length of all gaps", reconnects: "Connected anew",
      customerLater: "Customer's audio came later by", agentLater: "Agent's audio came later by", drift: "Clocks drifted apart, made good",
    },
  },

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

  // customers: the list of them, and what waits to be decided.
  customers: {
    title: "Customers",
    waiting: (n: number, text: string): string => plural("en", n, { one: "One thing is to be decided about who is who.", other: `${text} things are to be decided about who is who.` }),
    decide: "Decide",
    none: "No customer yet", noneHow: "A customer is made by their first call or their first event.",
    notFound: "Nobody was found", notFoundHow: "Part of a name, a number or an address is enough.",
    more: "Show more", findBy: "Name, number or address", find: "Find",
    nameless: "Without a name", since: (year: string): string => `since ${year}`,
    toDecide: "To be decided",
    reviewsHow: "Nobody is merged and nothing is added on weak evidence. What came is kept here until somebody decides.",
    nothingWaits: "Nothing waits", lookThrough: "Look through the customers",
    areOne: "They are one", addThem: "Add them", leaveIt: "Leave it",
    sameOf: (type: string): string => `Two customers came with the same ${type}:`,
    moreOf: (type: string): string => `One customer came with more than one person has of this: ${type}:`,
    firstOne: "One", otherOne: "The other",
    times: (n: number, text: string): string => plural("en", n, { one: "once", other: `${text} times` }),
    notLoaded: "The customers did not come", queueNotLoaded: "The queue did not come", notDecided: "It was not decided", searchFailed: "The search failed",
  },

  // customer: one of them.
  customer: {
    page: "Customer",
    nameless: "Customer without a name", since: (year: string): string => `since ${year}`,
    takenForOne: (n: number, text: string): string => plural("en", n, { one: "one person", other: `${text} taken for one` }),
    notLoaded: "The customer did not come", noTimeline: "The timeline did not come", noConsent: "What they allow did not come", noExplanation: "The explanation did not come",
    undo: "Undo",
    happened: "What happened", show: "Show", all: "All",
    kinds: {
      call: "Calls", signal: "Said", gate: "Messages", fact: "Orders and facts", decision: "Decisions", outcome: "Answers", consent: "Consent",
      identifier: "Identity", trait: "Traits", activity: "Visits",
    },
    nothing: "Nothing happened yet.", nothingOfKind: "Nothing of this kind.", earlier: "Show earlier",
    called: "Called", weCalled: "We called", consentTo: (what: string): string => `Consent to ${what}`, suggestion: "Suggestion",
    answers: { accepted: "Said yes to", rejected: "Said no to", later: "Put off", dismissed: "Not offered", converted: "Done", clicked: "Clicked", no_response: "No answer to", opted_out: "Opted out of" },
    couldBeSent: "Could be sent", heldBack: "Held back", heldBy: (what: string, by: string): string => `${what}, by ${by}`,
    why: "Why", considered: "What else was considered", bySource: (of: string): string => `By ${of}.`,

    consent: "Consent", changeConsent: "Change it",
    allowedNow: "What they allow now", allowedThen: "What they allowed then",
    cellAct: "Press to see why", moveToCell: "Move to a cell to see why it is so.",
    saidBy: (source: string, day: string): string => `Said by ${source} on ${day}.`, hearIt: "Hear it",

    known: "What is known",
    toDecide: "To be decided", decideIt: "Decide it",
    openIssues: "Open", contacts: "Last contacts",
    signals: "Signals", noEvidence: "nothing speaks for it now",
    reasons: (n: number, text: string): string => plural("en", n, { one: "One reason, fading", other: `${text} reasons, fading` }),
    fades: (left: string, half: string, gone: string): string => `${left} % of it left, half every ${half} days, gone on ${gone}`,
    traits: "Traits", until: (day: string): string => `until ${day}`, yes: "yes", no: "no",
    traitKinds: { declared: "told by them", verified: "proven", observed: "seen", inferred: "concluded" },
    recognised: "Recognised by", noIdentifier: "Nothing yet: the number was withheld.", lastSeen: "last seen",
    types: { user_id: "User id", email: "E-mail", phone: "Phone", device: "Device" },
    idStates: { verified: "verified", candidate: "not confirmed", shared: "used by several" },
    one: "Taken for one",
    grounds: { login: "Signed in on the same device", agent: "The agent confirmed it", caller: "The caller proved it", operator: "Merged by hand" },
    wasParted: "Parted", part: "Part them",
    mergeWith: "Merge with another customer",
    mergeDoes: "Both are read as one person from then on: what happened, what is known and signals together, and where they allow different things the stricter answer counts. It can be undone without a trace.",
    findOther: "Name, number or address of the other customer", merge: "Merge",
    merged: "They are taken for one.", parted: "They are parted.", notMerged: "They were not merged", notParted: "They were not parted",
  },

  // privacy: what people allow, for who answers for it.
  privacy: {
    title: "Privacy",
    notYours: "This is for privacy officers", notYoursHow: "Ask an administrator for a link:",
    findPerson: "Find a person", notFound: "Nobody was found. Part of a name or of a number is enough.",
    undoLast: "Undo the last change", backToNow: "Back to now",
    allPeople: "All people", receipt: "Receipt", receiptJson: "Receipt for machines",
    at: "At", backNow: "Now", failed: "That did not work",
    asOf: "As of", now: "now", changeBefore: "Change before", changeAfter: "Change after", onToNow: "On to now",
    chain: "Chain verified", chainHow: "Every row follows the one before it, and none was changed", chainBroken: "The chain is broken: a row was changed or removed",
    beingTold: "Every system is being told.", undo: "Undo",
    turned: (state: string, cell: string): string => `${state}: ${cell}.`,
    turnHow: "A click turns a cell: from yes to no, or to yes with the words below", turnAct: "Click to turn",
    toAllow: "To allow it they are asked:",
    knewAll: "What was true was known.",
    differ: (n: number, text: string): string => plural("en", n, { one: "One answer differs: something was learnt later.", other: `${text} answers differ: something was learnt later.` }),
    wasTrue: "What was true", weKnew: "What we knew", askAct: "Click to ask", askHow: "Click a cell to ask whether it was allowed then.",
    inTruth: "In truth:", asKnown: "As far as was known:",
    purpose: "Purpose", inGeneral: "In general", contract: "Contract",
    cell: (cell: string, state: string, act: string): string => `${cell}: ${state}. ${act}`,
    provisional: (state: string): string => `${state}, heard and not confirmed`,
    purposes: {
      service: "Serving them", marketing: "Offers", profiling: "Choosing what fits", research: "Research",
      recording: "Recording calls", tracking: "Keeping a record", processing: "Any use of their data", sale_share: "Sharing for advertising",
    },
    channels: { agent: "Agent", call: "Phone", email: "E-mail", post: "Letter", push: "App", sms: "Text", web: "Web" },
    states: { granted: "Allowed", denied: "Refused", withdrawn: "Taken back", expired: "Lapsed", unknown: "Not known" },
    byChannel: (channel: string): string => `by ${channel}`, comma: ", ",

    history: "What was written", noHistory: "Nothing yet. Unknown is not a yes.", more: "Show more",
    lifted: "Taken back as a mistake", confirmedState: (state: string): string => `${state}, confirmed`, heardState: (state: string): string => `${state}, heard`,
    mistake: "was a mistake", confirmedSince: "confirmed since", waits: "waits for an answer",
    confirm: "Confirm", misheard: "Misheard",
    toldOf: (n: string, of: string): string => `${n} of ${of} confirmed`,
    checkedBy: "checked by", learnt: "learnt", saidAt: (at: string): string => `said at ${at}`,
    asked: "Asked:", version: (id: string, version: string, language: string): string => `${id}, version ${version}, ${language}`, saidWords: "Said:", evidence: "Evidence:",
    knows: { waiting: "not told yet", told: "told, not confirmed", confirmed: "confirmed", mismatch: "sees something else" },
    late: { late: "over an hour", overdue: "over a day" },

    forget: "Forget this person",
    forgetHow: "Destroys the key to everything that is kept of them: calls, recordings, profile and consent, here and in every backup. Their addresses cannot bring them back. It cannot be undone.",
    typeWord: "To go on, type", forgetting: "Forgetting…", forgetForGood: "Forget for good",
    notErased: "The person was not erased", forgotten: "Nothing of this person is left.",
    forgottenLater: "They are on a call. They are forgotten when it is over, and nothing more is learnt of them.",
    certificate: "Certificate",
  },

  // status

  // decisions

  // account

  // users

  // admin
};

export type Texts = typeof en;
