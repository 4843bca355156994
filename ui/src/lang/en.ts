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
    toThemes: "Go to the themes", toCampaigns: "Go to the campaigns", toDecisions: "Go to the decisions", toPrivacy: "Go to privacy", toStatus: "Go to the status",
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
  decisions: {
    title: "Decisions",
    tabs: { catalogue: "Catalogue", levers: "Levers", ranking: "Ranking", replay: "Replay", learning: "Learning", lift: "Lift" },
    failed: "That did not work", loading: "Loading…", undo: "Undo", undone: "Undone.", takenBack: "Taken back", kept: "What you typed is kept.",
    all: "All", none: "None", noAnswer: "–",
    percent: (n: string): string => `${n} %`, between: (a: string, b: string): string => `${a} to ${b}`, noInterval: "interval unknown",
    // The catalogue.
    find: "Find", show: "Show", shows: { all: "All", waiting: "Waiting", live: "Live", retired: "Retired" },
    newAction: "New action", newId: "Id of the action", newIdHow: "Small letters, digits, dots: up.fibre", begin: "Begin",
    nothingFound: "Nothing fits", nothingFoundHow: "Use fewer words, or show all.",
    actions: (n: number, text: string): string => plural("en", n, { one: `${text} action`, other: `${text} actions` }),
    aside: "Not understood, not in force", rest: "For all actions",
    kinds: { action: "Action", lever: "Lever", policy: "Limits and costs of all actions", traits: "What may be kept of people" },
    states: { draft: "Draft", reviewed: "Reviewed", live: "Live", retired: "Retired", dropped: "Dropped" },
    // One item.
    item: "Item", save: "Save draft", discard: "Discard changes", why: "Why", whyHow: "Kept with your name", tryIt: "Try it on a person",
    liveIs: (n: number): string => (n === 0 ? "Live: as in the files" : `Live: version ${n}`), liveNow: "Live", before: "Before",
    version: (n: number): string => `Version ${n}`, ofFiles: "From the files",
    saved: (n: number): string => `Draft ${n} is saved.`,
    moved: {
      reviewed: (n: number): string => `Version ${n} is reviewed.`, live: (n: number): string => `Version ${n} is live.`,
      retired: (n: number): string => `Version ${n} is retired.`, dropped: (n: number): string => `Version ${n} is dropped.`,
    },
    waiting: "What waits", waits: (n: number, by: string): string => `Version ${n} by ${by} waits`,
    approve: "Approve", publish: "Publish", drop: "Drop", retire: "Retire", notYours: "Somebody else has to review what you wrote.",
    conflict: (by: string, n: number): string => `${by} saved version ${n} meanwhile`, conflictHow: "Nothing is lost: yours is in the form, theirs is stored.",
    theirs: "Theirs", yours: "Yours", keepMine: "Save mine over it", takeTheirs: "Take theirs",
    noDifference: "No difference.", differences: "Differences", field: "Field",
    history: "History", compare: "Compare with live", liveAgain: "Make live again", backTo: (n: number): string => `Back to version ${n}`,
    asJson: "All of it as JSON", wordsToSay: "Words to say", actionTitle: "What to do", say: "Say", avoid: "Avoid", channels: "Channels", channel: "Channel",
    language: "Language", languageHow: "Such as en or ar", anyLanguage: "any language", id: "Id", addTreatment: "Words for another channel or language", remove: "Remove",
    placeAndWorth: "Place, worth and time", issue: "Issue", group: "Group", purpose: "Needs consent to", purposes: { service: "Serve", marketing: "Sell", research: "Research" },
    margin: "Worth to us", costShare: "Cost", costShareHow: "0 to 1 of the worth", benefit: "Worth to the customer", prior: "Expected chance", priorHow: "0 to 1, before anything is learnt",
    from: "From", until: "Until",
    // Rules.
    rules: "Rules", rulesHow: "Each rule that is not true keeps the action away.", addRule: "Add a rule", removeRule: "Remove the rule",
    rule: (id: string): string => `Rule ${id}`, kindOfRule: "Kind", notKnown: "When not known", whyRule: "Why it is kept away", when: "Applies when", words: "Words that fit",
    ruleKinds: { eligibility: "May they ever", applicability: "Does it make sense now", suitability: "Is it good for them", contact: "Contact limits" },
    verdicts: { keep: "Applies", remove: "Does not apply", unknown: "Not known" },
    ruleOk: (cost: number): string => `Checks. Costs ${cost} of 500.`, wrong: "Wrong:", wrongAt: (n: number): string => `Wrong at character ${n}:`,
    cases: "Test table", addCase: "Add a test", traits: "Traits", signals: "Signals", heard: "Heard", happened: "Happened, days ago", expected: "Expected", result: "Result",
    waive: "Waive: why", waivedCase: (rule: string, why: string): string => `A test of ${rule} is waived: ${why}`,
    redRows: (n: number, text: string): string => plural("en", n, { one: `${text} red row stands against saving: mend it, or waive it with a reason.`, other: `${text} red rows stand against saving: mend them, or waive them with a reason.` }),
    // Levers.
    lever: "Lever", newLever: "Name of a new lever", leverOf: "Of", scope: "Pushes", scopes: { action: "Action", group: "Group", issue: "Issue" },
    pushPercent: "Per cent", owner: "Owner", reason: "Reason", effect: "Effect",
    pushes: (by: number, n: number, text: string): string => {
      const what = plural("en", n, { one: `${text} action`, other: `${text} actions` });
      return by < 0 ? `moves ${what} down` : `moves ${what} up`;
    },
    endsSoon: (name: string, n: number): string => plural("en", n, { one: `The lever on ${name} ends in ${n} day.`, other: `The lever on ${name} ends in ${n} days.` }),
    noLevers: "There are no levers", noLeversHow: "A lever pushes an action, a group or an issue for a time, with an owner and a reason.",
    leversDid: (n: string, of: string, share: string, cost: string): string => `Levers changed what came first in ${n} of ${of} decisions (${share}) and gave up ${cost} by the model.`,
    leversHow: (from: string, to: string): string => `Decisions from ${from} to ${to}. Several levers may have helped in one.`,
    leverStates: { planned: "Planned", active: "At work", expired: "Over", gone: "Gone" }, changedFirst: "Changed what came first", givenUp: "Given up",
    ofDecisions: (n: string, of: string): string => `${n} of ${of} decisions`, leversMade: "Levers made here",
    // Ranking.
    rankingHow: "What may be offered to one person, by chance × fit × value × lever. Nothing is saved until you make a draft.",
    whom: "Whom", customerId: "Customer's id", customerIdHow: "Or leave it empty and make somebody up", agrees: "Said yes to offers and profiling",
    lastAnswer: "Below is the last answer.", triedNow: "What you try", triedAction: (name: string): string => `${name}: changed`, triedLever: (name: string, n: string): string => `${name}: lever ${n} %`,
    makeDraft: "Make a draft of this", drafted: (n: number): string => plural("en", n, { one: "1 draft is made.", other: `${n} drafts are made.` }), replayIt: "Replay this", tryNothing: "Try nothing",
    ranked: "Ranking", action: "Action", priority: "Priority", chance: "Chance", fit: "Fit", value: "Value",
    moveMargin: "Worth", moveLever: "Push", exactly: (name: string): string => `${name}, exactly`, fresh: "New here", up: "up", down: "down",
    silence: "Nothing", silenceHow: "No action passes the rules and is worth it: silence is an answer.",
    ruledOut: "Ruled out", step: "By", ruleName: "Rule", because: "Because",
    steps: { 0: "Person", 1: "Consent", 2: "Law", 3: "Catalogue", 4: "May they ever", 5: "Sense now", 6: "Good for them", 7: "Contact limits", 10: "Worth it", 11: "Draw" } as Readonly<Record<number, string>>,
    // Replay.
    replayHow: "Decides the past again with your change and without it. Nothing goes into force.",
    period: "Period", lastDays: (n: number, text: string): string => plural("en", n, { one: "Last day", other: `Last ${text} days` }),
    people: "People", peopleHow: "At most so many, drawn evenly; empty is all", cohort: "Compare by trait", cohortHow: "Such as plan; may stay empty",
    ownChange: "A change of your own", ownChangeLabel: "Change as YAML", ownChangeHow: "In the place of what is above",
    nothingTried: "Nothing is tried yet. Move something in", addDraft: (name: string): string => `Add the draft of ${name}`,
    replayOf: "Replay", runStates: { running: "Runs", done: "Done", failed: "Failed", cancelled: "Cancelled", interrupted: "Cut off" }, cancel: "Cancel", another: "Another one",
    progress: "Progress", doneOf: (n: string, of: string): string => `${n} of ${of} people`, interrupted: "The server stopped meanwhile. Start it again.",
    whatWasTried: "What was tried", noRuns: "Nothing was replayed yet", noRunsHow: "Move something in the ranking, or write a draft, and replay it here.", earlier: "Earlier replays", figuresOnly: "Levers or limits",
    otherPeople: "People with another next best action", otherDecisions: "Decisions with another first action", silenceShare: "Share of silence", contacts: "Contacts a person", newly: "Newly reached",
    peopleOf: (n: string, of: string): string => `${n} of ${of} people`, decisionsOf: (n: string, of: string): string => `${n} of ${of} decisions`,
    peopleN: (n: number, text: string): string => plural("en", n, { one: `${text} person`, other: `${text} people` }), newPeople: (n: number, text: string): string => plural("en", n, { one: `${text} person`, other: `${text} people` }),
    decisionsN: (n: number, text: string): string => plural("en", n, { one: `${text} decision`, other: `${text} decisions` }),
    opens: (action: string, rule: string, n: string): string => `The change lifts a refusal of consent or law: ${action}, rule ${rule}, ${n} people. Do not publish it.`,
    worth: "What a decision is worth", noValue: "No value is told:", asItWas: "As it was", withChange: "With the change", check: "Cross-check by weights",
    rests: (n: string, people: string, size: string): string => `It rests on ${n} answered decisions of ${people} people, worth ${size} decisions of the change's own.`,
    assumptions: ["The log says with which chance each action was shown; the estimate rests on that.", "An answer brings what the accepted action was worth when it was offered.", "People answer as they did then; intervals are of 95 %, drawn by person."],
    untried: (share: string): string => `${share} of what the change would choose was never shown: of that only the model's word is known.`,
    unanswered: (n: string): string => `${n} decisions have no answer and are left out.`,
    movement: "Movements", movementHow: "Rows: what came first. Columns: what would come first. Figures are decisions.", fromTo: "From, to", moreCells: (n: string): string => `${n} rarer movements are not shown.`,
    examples: "Examples", cohorts: "Who fares how", reach: "Reached", worthEach: "Worth a decision", decisions: "Decisions",
    limits: "What limits this", faithful: (n: string, of: string): string => `${n} of ${of} decisions come out as they were logged when nothing is changed.`,
    // Learning.
    model: "Model", lessons: "Answers learnt from", auc: "Tells yes from no (AUC)", aucHow: "0.5 says nothing, 1 is perfect", explored: "Tried to learn", frozen: "Frozen",
    frozenIs: (name: string): string => `Nothing is learnt from ${name}`, learnAgain: "Learn again", resumed: (name: string): string => `${name} is learnt from again.`,
    nothingLearnt: "Nothing was learnt yet", nothingLearntHow: "Each answer to a suggestion teaches: accept or dismiss some.", byAction: "By action",
    answersN: "Answers", yes: "Yes", calibration: "Calibration error", reliability: "Said and came", drift: "Last drift", lastLearned: "Last learnt", drawn: "Tried", young: "Learning", tooFew: "Too few to say",
    alarms: (n: number, text: string): string => plural("en", n, { one: `${text} alarm`, other: `${text} alarms` }),
    reliabilityOf: (action: string, channel: string): string => `What was said and what came: ${action}, ${channel}`, reliabilityHow: "On the line, what was said came true", saidP: "Said", cameP: "Came",
    // Lift.
    noLift: "No decision in this time", noLiftHow: "Take a longer period.", noControl: "There is no control group, so nothing can be said. Arms are in experiments.yaml.",
    inAll: "In all", against: "Compared", moreReward: "Worth a decision, difference", moreYes: "Share of yes, difference", verdict: "Verdict", better: "Better", worse: "Worse", notSure: "No difference is certain yet",
    tooFewPeople: (n: string): string => `Too few to say: each side needs ${n} people`, groups: "The groups", groupName: "Group",
    byActionHow: "Each action where it was chosen for somebody, against where it was drawn at random.", chosenN: "Chosen", drawnN: "Drawn",
    arms: {
      nba: "As it is meant", random_eligible: "Drawn among what may be offered", propensity_only: "By chance alone", no_levers: "Without levers", policy_only: "Rules alone",
      random_propensity: "With drawn chances", holdout: "No offers", challenger: "Challenger",
    },
    howChosen: "How the groups are chosen",
    howChosenText: ["A person's id and a secret salt decide: nobody picks, and the same person stays in the same group.", "Consent, law and all rules hold in every group.", "Intervals are of 95 %; people count, not decisions. Verdicts hold however often you look."],
    sticky: (n: number, text: string): string => plural("en", n, { one: `for ${text} day`, other: `for ${text} days` }), ended: "Ended", shadow: "Only noted",
  },

  // account

  // users

  // admin
};

export type Texts = typeof en;
