// The words of the app in Icelandic: what agents and customers see. What is not
// here is read in English.

import type { Sections } from "./index";
import { plural } from "./plural";

export const is: Sections = {
  common: {
    notLoaded: "Þessi skjár opnaðist ekki",
    notLoadedHow: "Ekki náðist í Heed, eða það var endurnýjað eftir að síðan var opnuð. Það sem þú skrifaðir annars staðar er geymt.",
    loadAgain: "Opna síðuna aftur",
    close: "Loka",
    noPage: "Þessi síða er ekki til",
    noPageHow: "Slóðin vísar ekki á neitt hér, eða á það sem hlutverk þitt leyfir ekki.",
    goDesk: "Fara á borðið", goStatus: "Sjá stöðuna",
    skip: "Hoppa yfir í efnið",
  },

  // nav: the frame around every screen.
  nav: {
    screens: "Skjáir",
    desk: "Borð", calls: "Símtöl", customers: "Viðskiptavinir", search: "Leit", themes: "Umræðuefni", campaigns: "Herferðir",
    privacy: "Persónuvernd", status: "Staða", supervise: "Í gangi", decisions: "Ákvarðanir", admin: "Stjórnun", account: "Aðgangur",
    live: (n) => `${n} í gangi`, liveTitle: "Í gangi núna",
    keys: "Lyklar", signOut: "Skrá út",
    colours: { system: "Litir kerfisins", light: "Ljóst", dark: "Dökkt" },
    change: (to) => `Litir: ${to}. Breyta`,
    roles: {
      admin: "Kerfisstjóri", agent: "Þjónustufulltrúi", designer: "Ákvarðanahönnuður", marketer: "Markaðsfulltrúi", privacy: "Persónuverndarfulltrúi",
      supervisor: "Vaktstjóri", viewer: "Lesandi",
    },
    anywhere: "Alls staðar",
    showKeys: "Sýna lyklana", toSearch: "Leita", toDesk: "Fara á borðið", toCalls: "Fara í símtölin", toCustomers: "Fara í viðskiptavinina",
    toThemes: "Fara í umræðuefnin", toCampaigns: "Fara í herferðirnar", toPrivacy: "Fara í persónuverndina", toStatus: "Fara í stöðuna",
    changeColours: "Skipta milli ljóss og dökks",
  },

  // help: the keys, and what is set for this browser.
  help: {
    lists: "Listar", move: "Fara um lista", open: "Opna", space: "Bil", escape: "Esc",
    browser: "Í þessum vafra",
    letters: "Stakir stafir virka (slökkt: aðeins hnappar og ?)",
    announce: "Lesa nýjan texta fyrir skjálesara",
    language: "Tungumál", asBrowser: "Eins og vafrinn biður um",
    density: "Þéttleiki", comfortable: "Rúmt", compact: "Þétt",
  },

  // format: words inside of numbers and names.
  format: {
    weekOf: (day) => `vikan frá ${day}`,
    seconds: (n) => `${n} sek.`, minutes: (n) => `${n} mín.`,
    hours: (h, m) => `${h} klst. ${m} mín.`,
    days: (n, text) => plural("is", n, { one: `${text} dagur`, other: `${text} dagar` }),
    readings: { churn_risk: "brottfall", buying_intent: "kaupvilji", contact_fatigue: "samskiptaþreyta" },
    purposes: {
      service: "þjónusta", marketing: "selja", profiling: "persónugreina", research: "rannsaka", recording: "geyma upptökuna",
      processing: "nota það sem geymt er um viðkomandi",
    },
    moods: { veryUnhappy: "mjög ósátt", unhappy: "ósátt", neutral: "hlutlaus", pleased: "sátt", veryPleased: "mjög sátt", none: "ekkert afgerandi sagt enn" },
    kinds: { intent: (of) => `vill: ${of}`, theme: (of) => `um: ${of}` },
    channels: { email: "tölvupóstur", sms: "SMS", call: "sími", agent: "í þessu símtali", push: "tilkynning", web: "vefur" },
    outbound: "Úthringing", inbound: "Innhringing",
    recording: {
      recording: "UPPTAKA", asking: "Ekki geymt enn", paused: "Í hléi", refused: "Ekki tekið upp: hringjandi neitaði",
      kept: "Tekið upp", partial: "Upptaka ófullkomin", lost: "Upptaka glataðist", none: "Ekki tekið upp",
    },
    audioLost: (clock) => `${clock} glataðist`,
    callStatus: { live: "Í gangi", hearing: "Verið að hlusta", ended: "Lokið", recovered: "Endurheimt" },
    due: "skilafrestur",
  },

  // desk: the agent's live call.
  desk: {
    title: "Borð í beinni", call: "Símtal",
    noCall: "Ekkert símtal núna",
    noCallHow: "Næsta símtal opnast hér sjálfkrafa. Talaðu við Heed í eigin hljóðnema, eða spilaðu upptöku inn um dyrnar:",
    noCallFile: "Í víðómsskrá er fulltrúinn vinstra megin og viðskiptavinurinn hægra megin.", noCallPast: "Símtöl sem er lokið",
    side: "Viðskiptavinur og minnispunktar", unknown: "Óþekktur hringjandi", with: "með",
    length: "Lengd símtalsins",
    lost: "Sambandið rofnaði, reynt er aftur. Ekkert tapast.",
    live: (n) => `${n} í gangi`,
    paused: "Textinn er í hléi meðan talgreinirinn ræsist aftur. Ekkert tapast: orðin koma seinna.",
    over: "Símtalinu er lokið. Það sem sagt var stendur áfram hér.", openPage: "Opna síðu símtalsins",
    begun: "Nýtt símtal er hafið:", openIt: "Opna það", before: "Símtalinu á undan er lokið:", hide: "Fela",
    notShown: "Ekki er hægt að sýna þetta símtal", notSent: "Ekki tókst að senda það.",
    heed: "Heed", undo: "Afturkalla",

    notes: "Minnispunktar", writeNotes: "Skrifa minnispunkta", notesHint: "Þú skrifar hér (N)",
    notesKept: "Aðeins geymt í þessum vafra.", notesLost: "Þessi vafri leyfir ekki að punktarnir séu geymdir: afritaðu þá áður en þú ferð.",
    notesOther: "Þessum punktum var breytt í öðrum flipa.", notesTheirs: "Taka þá", notesMine: "Halda þessum",

    captions: "Texti", jump: "Hoppa í núið", scrolls: "Það sem sagt var, skrunanlegt",
    refusedWait: "Ekkert úr þessu símtali er skrifað niður.", askingWait: "Orðin birtast þegar hringjandinn hefur samþykkt upptökuna.",
    offWait: "Enginn hlustar á þetta símtal og því er enginn texti. Það er þó tekið upp.", quietWait: "Enginn hefur talað enn.",

    suggestion: "Tillaga", doNext: "Næsta skref", say: "Segðu", avoid: "Forðastu", because: "Vegna þess", why: "Hvers vegna?",
    accept: "Samþykkja", dismiss: "Hafna", later: "Seinna", next: "Næsta", mute: "Þagga",
    keys: {
      accept: "Samþykkja tillöguna", dismiss: "Hafna henni", later: "Seinna", next: "Sýna næstu tillögu", mute: "Þagga tillögur eða sýna þær aftur",
      undo: "Afturkalla síðasta svar", why: "Hvers vegna þessi", more: "Sýna hinar tillögurnar", focus: "Færa fókusinn á tillöguna og til baka",
    },
    past: { accepted: "Samþykkt", dismissed: "Hafnað", later: "Frestað", rejected: "Viðskiptavinur hafnaði" },
    recording: (what) => `${what}, verið að skrá…`, recorded: (what) => `${what}. Skráð`,
    canUndo: (what) => `${what}. U afturkallar`, notRecorded: "Ekki skráð",
    notRecordedWhy: (why) => `Ekki skráð: ${why} Tillagan er enn opin.`,
    changed: "Tillagan var að breytast. Ýttu aftur ef þú átt við þessa.",
    suggested: (title, say) => `Tillaga: ${title}. Segðu: ${say}`,
    hideOthers: "Fela hinar", more: (n) => `+ ${n} í viðbót`,
    listening: "Hlustað er. Tillaga kemur þegar eitthvað er þess virði að segja.", allAnswered: "Öllum tillögum er svarað. Hlustað er.",
    nothing: "Engin tillaga.", answered: "Svarað í þessu símtali",
    undone: "Afturkallað.", nothingToUndo: "Ekkert er til að afturkalla.",
    muted: "Tillögur eru þaggaðar í þessu símtali.", mutedUntil: (time) => `Tillögur eru þaggaðar til ${time}.`,
    mutedNote: "Það sem lögin krefjast að sagt sé birtist samt.",
    unmute: "Sýna þær aftur", muteWhile: (n) => `Aðeins í ${n}`,

    wrap: "Frágangur", wrapSummary: "Um hvað það var", wrapDraft: "Drög úr því sem sagt var. Leiðréttu það sem er rangt.", wrapDrafting: "Drögin koma eftir augnablik.",
    wrapOutcome: "Hvernig því lauk", wrapTags: "Merki", addTag: "Bæta við merki", wrapSave: "Vista", wrapSaving: "Vista…", wrapSaved: "Vistað.", wrapKept: "Ekki vistað enn. Geymt í þessum vafra.",
    wrapWhy: "Hvers vegna hafnað:", wrapKey: "Ganga frá símtalinu", wrapFull: "Merki geta mest verið 12.",
    outcomes: { resolved: "Leyst", follow_up: "Þarf að fylgja eftir", unresolved: "Óleyst", transferred: "Áframsent" },
    reasons: { irrelevant: "Átti ekki við", wrong_moment: "Rangur tími", already_done: "Þegar gert", customer_unwilling: "Viðskiptavinur vildi ekki", bad_words: "Slæmt orðalag" },

    customer: "Viðskiptavinur", notKnown: "Ekki vitað enn", wants: "Vill", about: "Um", mood: "Skap", talk: "Tal", captured: "Nefnt", lately: "Nýlega",
    justBegun: "rétt að byrja", you: "þú", quietFor: "þögn í", spokenFor: "þú hefur talað í", nothingYet: "ekkert enn",
    since: (year) => `síðan ${year}`, moreKnown: (n) => `${n} atriði í viðbót`,
    yes: "já", no: "nei", at: (clock) => `Við ${clock}`, lastAt: (clock) => `Síðast við ${clock}`,
    facts: (n, text) => plural("is", n, { one: `hvers vegna? ${text} staðreynd`, other: `hvers vegna? ${text} staðreyndir` }),
    mayNot: "Má ekki", may: "Má", notAsked: "Óspurt", calls: "Símtöl", first: "þetta er það fyrsta", allCalls: "öll símtöl",
    nCalls: (n, text) => plural("is", n, { one: `${text} símtal`, other: `${text} símtöl` }),
    states: { granted: "leyft", denied: "neitað", withdrawn: "afturkallað", expired: "útrunnið", unknown: "óspurt" },
    allowed: (what, state, since, source) => `${what}: ${state}${since && ` ${since}`}${source && `, frá ${source}`}`,
    byChannel: (what, channel) => `${what} (${channel})`,

    consent: "Breyta samþykki", consentKey: "Breyta því sem viðskiptavinurinn leyfir", consentTitle: "Hvað segir viðskiptavinurinn?",
    consentHow: "Skráðu það sem var sagt rétt í þessu. Það gildir strax, og um leið það sem má leggja til.",
    saidYes: "Sagði já", saidNo: "Sagði nei", consentDone: (what) => `Skráð: ${what}.`, consentUndone: "Tekið til baka.", close: "Loka",

    caller: "Hringjandi", callerIs: "Hringjandinn er sá sem númerið segir", isThis: (name) => `Er þetta ${name}?`,
    isThem: "Já", ownNumber: "Á hringjandinn þetta númer?", notConfirmed: "Það var ekki staðfest.",
    another: "Annar hringjandi", isAnother: "Hringjandinn er einhver annar", somebodyElse: "Einhver annar", whoCalls: "Hver er að hringja?",
    moves: "Símtalið færist yfir á viðkomandi með öllu sem sagt var. Sá sem talinn var hringja er eins og áður. Að færa það til baka afturkallar þetta.",
    fromNumber: "Hringdi úr þessu númeri", find: "Finna", findWhat: "Nafn, númer eða netfang", findLabel: "Nafn, númer eða netfang hringjandans",
    nobody: "Enginn fannst.", shared: "Fleiri en einn nota þennan síma. Næsta símtal úr honum er eignað engum þar til þú segir hver á það.",
    somebodyNew: "Einhver nýr", noName: "Án nafns", itIsThem: "Þetta er rétt", itIs: (name) => `Þetta er ${name}`, thisPerson: "þessi manneskja",
    nothingChanged: "Ekki tókst að senda það. Engu var breytt.",

    theirData: "Gögnin þeirra", sendLink: "Senda gagnahlekkinn", byEmail: "með tölvupósti", bySms: "með SMS",
    sentEmail: "Sent með tölvupósti. Virkar einu sinni, í einn dag.", sentSms: "Sent með SMS. Virkar einu sinni, í einn dag.",
    linkNotSent: "Hlekkurinn var ekki sendur. Reyndu aftur.", linkHow: "Spurðu hvort, og sendu svo: með hlekknum sér viðskiptavinurinn það sem vitað er og breytir því.",

    heard: "Það sem heyrðist", confirmHeard: "Staðfesta það sem heyrðist, ósk fyrst", misheardKey: "Það misheyrðist",
    confirmed: "Staðfest.", confirm: "Staðfesta", misheard: "Misheyrt", ask: "Spyrðu",
    confirmThat: (what) => `Staðfestu: ${what}`, confirmedUndo: (what) => `Staðfest: ${what}. U afturkallar.`,
    wishClosed: "Því er þegar lokað, og svo verður þar til þú svarar.", wishOpen: "Ekkert opnast fyrr en sagt er já.",
    moreAfter: (n) => `${n} í viðbót á eftir þessu.`, untilConfirmed: "Ekkert er skráð fyrr en þú staðfestir það.",
    said: { accepted: "Viðskiptavinurinn sagði já", rejected: "Viðskiptavinurinn sagði nei", later: "Viðskiptavinurinn vill hugsa málið", offered: "Þú bauðst það" },
    youOffered: "Þú bauðst", noAnswer: "Ekkert svar hefur heyrst enn.",
    takenBack: "Tekið til baka. Ekkert var skráð.", wasMisheard: "Tekið til baka: það misheyrðist.", misheardNote: "Misheyrt: ekkert er skráð.", recordedNote: "Skráð.",
    justHeard: "Þetta heyrðist rétt í þessu. Ýttu aftur ef þú átt við það.",
    heardNotRecorded: (why) => `Ekki skráð: ${why}`, staysClosed: "Það er áfram lokað.",

    rec: "Upptaka", pause: "Gera hlé", resume: "Halda áfram", recPause: "Gera hlé á upptökunni eða halda henni áfram", recAgree: "Hringjandinn samþykkir upptökuna",
    recRefuse: "Hringjandinn vill ekki upptöku",
    recRefused: "Hringjandinn vildi ekki láta taka sig upp. Ekkert úr þessu símtali er geymt; tillögur byggja á því sem áður var vitað.",
    sayFirst: "Segðu í upphafi", saidIt: "Sagt", askRec: "Spyrðu hringjandann hvort taka megi símtalið upp. Ekkert er geymt fyrr en sagt er já.",
    agree: "Samþykkir", refuse: "Samþykkir ekki", recPaused: "Ekkert er tekið upp eða skrifað niður núna.", forgotten: "Gleymdist þetta?",
    pausedFor: (clock) => `Í hléi í ${clock}`,
    destroyTitle: "Á að eyða því sem tekið var upp úr símtalinu?",
    destroyHow: "Hringjandinn vill ekki að símtalið sé tekið upp: hljóði, texta og merkjum þess er eytt. Þetta er ekki hægt að afturkalla.",
    destroy: "Eyða þeim", keep: "Halda þeim",
  },

  // softphone: a call by this computer's microphone.
  softphone: {
    title: "Símtal með þessum hljóðnema", open: "Tala í hljóðnemann þinn", key: "Opna vafrasímann",
    how: "Það sem þú segir verður að símtali: það heyrist, er skilið og geymt eins og hvert annað símtal hér. Ekki er hringt í neinn.",
    microphone: "Hljóðnemi", default: "Sá venjulegi", as: "Þú talar sem", both: "Báðir aðilar: tvær rásir víðómstækis",
    parties: { agent: "Fulltrúi", customer: "Viðskiptavinur", stereo: "Báðir" },
    number: "Númer hringjanda (má vera autt)",
    start: "Hefja símtalið", end: "Leggja á", starting: "Tengist…", mute: "Þagga hljóðnemann", unmute: "Kveikja á hljóði", muted: "Hljóðneminn er þaggaður. Ekkert heyrist.",
    level: "Styrkur", talking: (clock) => `Tengt í ${clock}`, interrupted: "Sambandið rofnaði. Reynt er aftur.",
    ended: "Símtalinu er lokið.", idle: "Ekkert símtal.", toDesk: "Sýna það á borðinu", silent: "Ekkert kemur úr þessum hljóðnema. Er hann þaggaður eða ekki sá rétti?",
    keys: { name: "Vafrasími", mute: "Þagga hljóðnemann eða kveikja á honum", end: "Leggja á" },
    denied: "Vafrinn leyfir ekki hljóðnemann. Leyfðu hann við hliðina á slóð síðunnar og byrjaðu aftur.",
    none: "Enginn hljóðnemi er til staðar. Tengdu einn og byrjaðu aftur.",
    busy: "Annað forrit heldur hljóðnemanum. Lokaðu því og byrjaðu aftur.",
    lost: "Hljóðneminn aftengdist og símtalinu lauk. Veldu annan og byrjaðu aftur.",
    failed: "Ekkert hljóð kemst í gegn: netið hleypir ekki UDP til þjónsins. Biddu um að áframsending sé sett upp.",
    unsafe: "Vafrar veita aðeins síðum á HTTPS eða localhost hljóðnema.",
    refused: "Símtalið var ekki tekið",
  },

  // tour: the first minutes.
  tour: {
    title: "Stutt kynning", step: (n, of) => `Skref ${n} af ${of}`,
    back: "Til baka", next: "Áfram", skip: "Sleppa kynningunni", done: "Búið", again: "Fara aftur í kynninguna",
    steps: [
      { title: "Símtalið jafnóðum", text: "Báðar hliðar birtast hér augnabliki eftir að þær tala. Skrunaðu upp og það bíður eftir þér; End færir þig aftur í núið." },
      { title: "Ein tillaga í einu", text: "Hún segir hvað á að gera, hvaða orð á að nota og hvers vegna. A samþykkir, D hafnar, L er seinna, U afturkallar." },
      { title: "Hver er að hringja", text: "Skapið, hvað viðkomandi vill, hvað er opið og hvað er leyft. Það sem þú mátt ekki gera er rautt." },
      { title: "Minnispunktarnir þínir", text: "N færir þig hingað. Það sem þú skrifar er áfram á þessari tölvu, líka þótt sambandið rofni." },
      { title: "Allir lyklar á einum stað", text: "Ýttu á ? á hvaða skjá sem er. Þar eru tungumál, þéttleiki og stakir lyklar líka stillt." },
    ],
    play: "Spila sýnisímtalið", playing: "Síminn hringir…", playHow: "Upptekið símtal er spilað inn um raunverulegu dyrnar, á raunhraða.",
    notPlayed: "Ekki tókst að spila sýnisímtalið", alone: "Næsta símtal opnast hér sjálfkrafa.",
  },

  // calls

  // call

  // account
};
