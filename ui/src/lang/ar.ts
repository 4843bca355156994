// The words of the app in Arabic. The sections and their order are those of English.

import type { Texts } from "./en";
import { plural } from "./plural";

export const ar: Texts = {
  common: {
    notLoaded: "لم تُحمَّل هذه الشاشة",
    notLoadedHow: "تعذّر الوصول إلى Heed، أو جُدِّد بعد فتح الصفحة. ما كتبته في غيرها محفوظ.",
    loadAgain: "حمّل الصفحة من جديد",
    close: "إغلاق",
    noPage: "لا توجد صفحة كهذه",
    noPageHow: "لا يدل العنوان على شيء هنا، أو على ما لا يحق لدورك أن يراه.",
    goDesk: "اذهب إلى المكتب", goStatus: "اعرض الحالة",
    skip: "تخطَّ إلى المحتوى",
  },

  // nav: the frame around every screen.
  nav: {
    screens: "الشاشات",
    desk: "المكتب", calls: "المكالمات", customers: "العملاء", search: "البحث", themes: "الموضوعات", campaigns: "الحملات",
    privacy: "الخصوصية", status: "الحالة", supervise: "مباشر", decisions: "القرارات", admin: "الإدارة", account: "الحساب",
    live: (n) => `${n} مباشرة`, liveTitle: "الجارية الآن",
    keys: "المفاتيح", signOut: "خروج",
    colours: { system: "ألوان النظام", light: "فاتح", dark: "داكن" },
    change: (to) => `الألوان: ${to}. غيّرها`,
    roles: {
      admin: "مدير النظام", agent: "موظف الاتصال", designer: "مصمم القرارات", marketer: "مسوّق", privacy: "مسؤول الخصوصية",
      supervisor: "مشرف", viewer: "مطّلع",
    },
    anywhere: "في كل مكان",
    showKeys: "اعرض المفاتيح", toSearch: "ابحث", toDesk: "إلى المكتب", toCalls: "إلى المكالمات", toCustomers: "إلى العملاء",
    toThemes: "إلى الموضوعات", toCampaigns: "إلى الحملات", toPrivacy: "إلى الخصوصية", toStatus: "إلى الحالة",
    changeColours: "بدّل الفاتح والداكن",
  },

  // help: the keys, and what is set for this browser.
  help: {
    lists: "القوائم", move: "تنقّل في القائمة", open: "افتح", space: "مسافة", escape: "Esc",
    browser: "في هذا المتصفح",
    letters: "الحروف المفردة تعمل (عند الإيقاف: الأزرار و؟ فقط)",
    announce: "اقرأ النصوص الجديدة لقارئ الشاشة",
    language: "اللغة", asBrowser: "كما يطلب المتصفح",
    density: "الكثافة", comfortable: "مريحة", compact: "مضغوطة",
  },

  // format: words inside of numbers and names.
  format: {
    weekOf: (day) => `أسبوع ${day}`,
    seconds: (n) => `${n} ث`, minutes: (n) => `${n} د`,
    hours: (h, m) => `${h} س ${m} د`,
    days: (n, text) => plural("ar", n, { zero: "0 يوم", one: "يوم واحد", two: "يومان", few: `${text} أيام`, many: `${text} يومًا`, other: `${text} يوم` }),
    readings: { churn_risk: "المغادرة", buying_intent: "الشراء", contact_fatigue: "الضيق من كثرة التواصل" },
    purposes: {
      service: "الخدمة", marketing: "البيع", profiling: "التنميط", research: "البحث", recording: "حفظ التسجيل",
      processing: "استخدام المحفوظ عنهم",
    },
    moods: { veryUnhappy: "مستاء جدًا", unhappy: "مستاء", neutral: "محايد", pleased: "راضٍ", veryPleased: "راضٍ جدًا", none: "لم يُقل شيء قوي بعد" },
    kinds: { intent: (of) => `يريد: ${of}`, theme: (of) => `عن: ${of}` },
    channels: { email: "البريد الإلكتروني", sms: "رسالة نصية", call: "الهاتف", agent: "في هذه المكالمة", push: "إشعار", web: "الموقع" },
    outbound: "صادرة", inbound: "واردة",
    recording: {
      recording: "تسجيل", asking: "لا يُحفظ بعد", paused: "متوقف مؤقتًا", refused: "لم يُسجَّل: رفض المتصل",
      kept: "مسجّلة", partial: "التسجيل ناقص", lost: "ضاع التسجيل", none: "غير مسجّلة",
    },
    audioLost: (clock) => `ضاع ${clock}`,
    callStatus: { live: "جارية", hearing: "قيد الاستماع", ended: "انتهت", recovered: "مستعادة" },
    due: "موعده",
  },

  // desk: the agent's live call.
  desk: {
    title: "المكتب المباشر", call: "مكالمة",
    noCall: "لا توجد مكالمة الآن",
    noCallHow: "تُفتح المكالمة التالية هنا وحدها. تحدّث إلى Heed بميكروفونك، أو شغّل تسجيلًا عند المدخل:",
    noCallFile: "في ملف الستيريو يكون موظف الاتصال على اليسار والعميل على اليمين.", noCallPast: "المكالمات المنتهية",
    side: "العميل والملاحظات", unknown: "متصل غير معروف", with: "مع",
    length: "مدة المكالمة",
    lost: "انقطع الاتصال، وتجري إعادة المحاولة. لم يضع شيء.",
    live: (n) => `${n} مباشرة`,
    paused: "النصوص متوقفة ريثما يعود محرك الكلام. لم يضع شيء: ستصل الكلمات متأخرة.",
    over: "انتهت المكالمة. ما قيل يبقى هنا.", openPage: "افتح صفحة المكالمة",
    begun: "بدأت مكالمة جديدة:", openIt: "افتحها", before: "انتهت المكالمة السابقة:", hide: "إخفاء",
    notShown: "تعذّر عرض هذه المكالمة", notSent: "تعذّر الإرسال.",
    heed: "Heed", undo: "تراجع",

    notes: "ملاحظات", writeNotes: "اكتب ملاحظات", notesHint: "تكتبها أنت (N)",
    notesKept: "محفوظة في هذا المتصفح فقط.", notesLost: "لا يسمح هذا المتصفح بحفظ الملاحظات: انسخها قبل المغادرة.",
    notesOther: "تغيّرت هذه الملاحظات في تبويب آخر.", notesTheirs: "خذ تلك", notesMine: "أبقِ هذه",

    captions: "النصوص", jump: "إلى الآن", scrolls: "ما قيل، قابل للتمرير",
    refusedWait: "لا يُكتب شيء من هذه المكالمة.", askingWait: "تظهر الكلمات بعد موافقة المتصل على التسجيل.",
    offWait: "لا أحد يستمع إلى هذه المكالمة، فلا نصوص لها. ومع ذلك تُسجَّل.", quietWait: "لم يتكلم أحد بعد.",

    suggestion: "الاقتراح", doNext: "الخطوة التالية", say: "قل", avoid: "تجنّب", because: "لأن", why: "لماذا؟",
    accept: "قبول", dismiss: "رفض", later: "لاحقًا", next: "التالي", mute: "كتم",
    keys: {
      accept: "اقبل الاقتراح", dismiss: "ارفضه", later: "لاحقًا", next: "أظهر الاقتراح التالي", mute: "اكتم الاقتراحات أو أظهرها",
      undo: "تراجع عن آخر رد", why: "لماذا هذا", more: "أظهر الاقتراحات الأخرى", focus: "انقل التركيز إلى الاقتراح وأعده",
    },
    past: { accepted: "قُبل", dismissed: "رُفض", later: "أُجّل", rejected: "رفضه العميل" },
    recording: (what) => `${what}، جارٍ التسجيل…`, recorded: (what) => `${what}. سُجّل`,
    canUndo: (what) => `${what}. يتراجع عنه المفتاح U`, notRecorded: "لم يُسجَّل",
    notRecordedWhy: (why) => `لم يُسجَّل: ${why} ما زال الاقتراح مفتوحًا.`,
    changed: "تغيّر الاقتراح للتو. اضغط مرة أخرى إن كنت تقصد هذا.",
    suggested: (title, say) => `اقتراح: ${title}. قل: ${say}`,
    hideOthers: "أخفِ الأخرى", more: (n) => `+ ${n} أخرى`,
    listening: "جارٍ الاستماع. يأتي اقتراح عندما يكون هناك ما يستحق القول.", allAnswered: "أُجيب عن كل الاقتراحات. جارٍ الاستماع.",
    nothing: "لا شيء يُقترح.", answered: "ما أُجيب عنه في هذه المكالمة",
    undone: "تم التراجع.", nothingToUndo: "لا شيء يُتراجع عنه.",
    muted: "الاقتراحات مكتومة في هذه المكالمة.", mutedUntil: (time) => `الاقتراحات مكتومة حتى ${time}.`,
    mutedNote: "ما يوجب القانون قوله يظهر مع ذلك.",
    unmute: "أظهرها من جديد", muteWhile: (n) => `لمدة ${n} فقط`,

    wrap: "إنهاء المكالمة", wrapSummary: "عمّ كانت", wrapDraft: "مسودة مما قيل. صحّح الخطأ.", wrapDrafting: "تأتي المسودة بعد لحظة.",
    wrapOutcome: "كيف انتهت", wrapTags: "وسوم", addTag: "أضف وسمًا", wrapSave: "حفظ", wrapSaving: "جارٍ الحفظ…", wrapSaved: "حُفظ.", wrapKept: "لم يُحفظ بعد. باقٍ في هذا المتصفح.",
    wrapWhy: "سبب الرفض:", wrapKey: "أنهِ المكالمة بخلاصتها", wrapFull: "أقصى عدد 12 وسمًا.",
    outcomes: { resolved: "حُلّت", follow_up: "تحتاج متابعة", unresolved: "لم تُحل", transferred: "حُوّلت" },
    reasons: { irrelevant: "لم يناسب", wrong_moment: "وقت غير مناسب", already_done: "تم من قبل", customer_unwilling: "العميل لا يريد", bad_words: "صياغة سيئة" },

    customer: "العميل", notKnown: "غير معروف بعد", wants: "يريد", about: "عن", mood: "المزاج", talk: "الحديث", captured: "ذُكر", lately: "مؤخرًا",
    justBegun: "بدأت للتو", you: "أنت", quietFor: "صمت منذ", spokenFor: "تتحدث منذ", nothingYet: "لا شيء بعد",
    since: (year) => `منذ ${year}`, moreKnown: (n) => `${n} معلومات أخرى`,
    yes: "نعم", no: "لا", at: (clock) => `عند ${clock}`, lastAt: (clock) => `آخر مرة عند ${clock}`,
    facts: (n, text) => plural("ar", n, { one: "لماذا؟ واقعة واحدة", two: "لماذا؟ واقعتان", few: `لماذا؟ ${text} وقائع`, many: `لماذا؟ ${text} واقعة`, other: `لماذا؟ ${text} واقعة` }),
    mayNot: "ممنوع", may: "مسموح", notAsked: "لم يُسأل", calls: "المكالمات", first: "هذه هي الأولى", allCalls: "كل المكالمات",
    nCalls: (n, text) => plural("ar", n, { one: "مكالمة واحدة", two: "مكالمتان", few: `${text} مكالمات`, many: `${text} مكالمة`, other: `${text} مكالمة` }),
    states: { granted: "مسموح", denied: "مرفوض", withdrawn: "سُحب", expired: "انتهى", unknown: "لم يُسأل" },
    allowed: (what, state, since, source) => `${what}: ${state}${since && ` ${since}`}${source && `، من ${source}`}`,
    byChannel: (what, channel) => `${what} (${channel})`,

    consent: "تغيير الموافقة", consentKey: "غيّر ما يسمح به العميل", consentTitle: "ماذا يقول العميل؟",
    consentHow: "دوّن ما قيل للتو. يسري فورًا، ومعه ما يجوز اقتراحه.",
    saidYes: "قال نعم", saidNo: "قال لا", consentDone: (what) => `دُوِّن: ${what}.`, consentUndone: "سُحب.", close: "إغلاق",

    caller: "المتصل", callerIs: "المتصل هو صاحب الرقم", isThis: (name) => `هل هذا ${name}؟`,
    isThem: "نعم", ownNumber: "هل هذا الرقم للمتصل نفسه؟", notConfirmed: "لم يؤكَّد.",
    another: "متصل آخر", isAnother: "المتصل شخص آخر", somebodyElse: "شخص آخر", whoCalls: "من المتصل؟",
    moves: "تنتقل المكالمة إليه بكل ما قيل. ويبقى من ظُنّ أنه المتصل كما كان. إعادة نقلها تلغي ذلك.",
    fromNumber: "اتصل من هذا الرقم", find: "ابحث", findWhat: "اسم أو رقم أو عنوان", findLabel: "اسم المتصل أو رقمه أو عنوانه",
    nobody: "لم يُعثر على أحد.", shared: "يستخدم هذا الهاتف عدة أشخاص. المكالمة التالية منه لا تُنسب إلى أحد حتى تحدد صاحبها.",
    somebodyNew: "شخص جديد", noName: "بلا اسم", itIsThem: "هو هذا", itIs: (name) => `إنه ${name}`, thisPerson: "هذا الشخص",
    nothingChanged: "تعذّر الإرسال. لم يتغير شيء.",

    theirData: "بياناته", sendLink: "أرسل رابط بياناته", byEmail: "بالبريد الإلكتروني", bySms: "برسالة نصية",
    sentEmail: "أُرسل بالبريد الإلكتروني. يعمل مرة واحدة ولمدة يوم.", sentSms: "أُرسل برسالة نصية. يعمل مرة واحدة ولمدة يوم.",
    linkNotSent: "لم يُرسل الرابط. حاول مرة أخرى.", linkHow: "اسأل أيهما، ثم أرسل: رابط يرى به العميل ما هو معروف عنه ويغيّره.",

    heard: "ما سُمع", confirmHeard: "أكّد ما سُمع، والرغبة أولًا", misheardKey: "سُمع خطأً",
    confirmed: "أُكّد.", confirm: "تأكيد", misheard: "سُمع خطأً", ask: "اسأل",
    confirmThat: (what) => `أكّد: ${what}`, confirmedUndo: (what) => `أُكّد: ${what}. يتراجع عنه المفتاح U.`,
    wishClosed: "هو مغلق بالفعل، ويبقى كذلك حتى تجيب.", wishOpen: "لا يُفتح شيء قبل أن يقول العميل نعم.",
    moreAfter: (n) => `${n} أخرى بعد هذا.`, untilConfirmed: "لا يُسجَّل شيء حتى تؤكده.",
    said: { accepted: "قال العميل نعم", rejected: "قال العميل لا", later: "يريد العميل أن يفكر", offered: "عرضته" },
    youOffered: "عرضت", noAnswer: "لم يُسمع رد بعد.",
    takenBack: "سُحب. لم يُسجَّل شيء.", wasMisheard: "سُحب: سُمع خطأً.", misheardNote: "سُمع خطأً: لم يُسجَّل شيء.", recordedNote: "سُجّل.",
    justHeard: "سُمع هذا للتو. اضغط مرة أخرى إن كنت تقصده.",
    heardNotRecorded: (why) => `لم يُسجَّل: ${why}`, staysClosed: "يبقى مغلقًا.",

    rec: "التسجيل", pause: "إيقاف مؤقت", resume: "استئناف", recPause: "أوقف التسجيل مؤقتًا أو استأنفه", recAgree: "المتصل يوافق على التسجيل",
    recRefuse: "المتصل لا يريد التسجيل",
    recRefused: "لم يرد المتصل أن يُسجَّل. لا يُحفظ شيء من هذه المكالمة؛ والاقتراحات مما كان معروفًا قبلها.",
    sayFirst: "قل في البداية", saidIt: "قيل", askRec: "اسأل المتصل هل يجوز تسجيل هذه المكالمة. لا يُحفظ شيء قبل الموافقة.",
    agree: "يوافق", refuse: "لا يوافق", recPaused: "لا شيء يُسجَّل أو يُكتب الآن.", forgotten: "هل نُسي هذا؟",
    pausedFor: (clock) => `متوقف منذ ${clock}`,
    destroyTitle: "أيُتلف ما سُجّل من هذه المكالمة؟",
    destroyHow: "المتصل لا يريد تسجيل هذه المكالمة: يُتلف صوتها ونصوصها وإشاراتها. لا يمكن التراجع عن ذلك.",
    destroy: "أتلفها", keep: "أبقِها",
  },

  // softphone: a call by this computer's microphone.
  softphone: {
    title: "مكالمة بهذا الميكروفون", open: "تحدّث بميكروفونك", key: "افتح هاتف المتصفح",
    how: "ما تقوله يصير مكالمة: تُسمع وتُفهم وتُحفظ مثل كل مكالمة هنا. لا يُتصل بأحد.",
    microphone: "الميكروفون", default: "المعتاد", as: "تتحدث بصفة", both: "الطرفان: قناتا جهاز ستيريو",
    parties: { agent: "موظف الاتصال", customer: "العميل", stereo: "كلاهما" },
    number: "رقم المتصل (يجوز تركه فارغًا)",
    start: "ابدأ المكالمة", end: "إنهاء", starting: "جارٍ الاتصال…", mute: "اكتم الميكروفون", unmute: "ألغِ الكتم", muted: "الميكروفون مكتوم. لا يُسمع شيء.",
    level: "المستوى", talking: (clock) => `متصل منذ ${clock}`, interrupted: "انقطع الاتصال. تجري إعادة المحاولة.",
    ended: "انتهت المكالمة.", idle: "لا توجد مكالمة.", toDesk: "اعرضها على المكتب", silent: "لا يصل شيء من هذا الميكروفون. هل هو مكتوم أم غير المقصود؟",
    keys: { name: "هاتف المتصفح", mute: "اكتم الميكروفون أو ألغِ كتمه", end: "أنهِ المكالمة" },
    denied: "لا يسمح المتصفح بالميكروفون. اسمح به بجانب عنوان الصفحة ثم ابدأ من جديد.",
    none: "لا يوجد ميكروفون. صِل واحدًا ثم ابدأ من جديد.",
    busy: "برنامج آخر يستخدم الميكروفون. أغلقه هناك ثم ابدأ من جديد.",
    lost: "فُصل الميكروفون فانتهت المكالمة. اختر غيره وابدأ من جديد.",
    failed: "لا يصل الصوت: الشبكة لا تسمح بـ UDP إلى الخادم. اطلب إعداد مُرحِّل.",
    unsafe: "لا تعطي المتصفحات ميكروفونًا إلا لصفحات HTTPS أو localhost.",
    refused: "لم تُقبل المكالمة",
  },

  // tour: the first minutes.
  tour: {
    title: "جولة قصيرة", step: (n, of) => `الخطوة ${n} من ${of}`,
    back: "السابق", next: "التالي", skip: "تخطَّ الجولة", done: "تم", again: "أعد الجولة",
    steps: [
      { title: "المكالمة كما تُقال", text: "يظهر كلام الطرفين هنا بعد لحظة من نطقه. مرّر إلى الأعلى فينتظرك؛ ويعيدك End إلى الآن." },
      { title: "اقتراح واحد في كل مرة", text: "يقول ما العمل، وما الكلمات، ولماذا. A يقبل، وD يرفض، وL يؤجل، وU يتراجع." },
      { title: "من المتصل", text: "المزاج، وما يريده، وما هو مفتوح، وما يسمح به. ما لا يجوز فعله مكتوب بالأحمر." },
      { title: "ملاحظاتك", text: "يأخذك N إلى هنا. ما تكتبه يبقى على هذا الجهاز، حتى لو انقطع الاتصال." },
      { title: "كل المفاتيح في مكان واحد", text: "اضغط ؟ في أي شاشة. وهناك تُضبط اللغة والكثافة والمفاتيح المفردة." },
    ],
    play: "شغّل مكالمة العرض", playing: "الهاتف يرن…", playHow: "تُشغَّل مكالمة مسجلة عند المدخل الحقيقي وبسرعتها الحقيقية.",
    notPlayed: "تعذّر تشغيل مكالمة العرض", alone: "تُفتح المكالمة التالية هنا وحدها.",
  },

  // supervise

  // calls

  // call

  // search

  // themes

  // campaigns
  campaigns: {
    title: "الحملات",
    counting: "جارٍ العدّ…",
    stale: " ما يظهر أدناه هو آخر ما وصل.",
    from: "من", to: "إلى", by: "حسب", model: "العائد وفق",
    bys: { campaign: "الحملة", source: "المصدر", keyword: "الكلمة المفتاحية", landing: "صفحة الوصول" },
    models: { first: "الأول", last: "الأخير", linear: "متساوٍ", position: "حسب الموضع" },
    calls: "المكالمات", qualified: "المؤهلة", about: "الموضوعات", orders: "الطلبات", revenue: "الإيراد حسب النموذج", cost: "الكلفة", perCall: "لكل مكالمة مؤهلة", back: "العائد",
    all: "الكل", nowhere: "غير معروف",
    more: (n) => `${n} أخرى محسوبة في المجموع.`,
    assumes: "ما تفترضه هذه الأرقام",
    left: {
      orders_in_another_currency: "طلبات بعملة أخرى، خارج كل الأرقام",
      orders_without_amount: "طلبات بلا مبلغ",
      orders_of_the_untracked: "طلبات لمن لا يريدون التتبع، لا تُنسب إلى أحد",
      orders_given_back: "طلبات أُعيدت كاملة، خارج كل الأرقام",
      orders_told_again: "طلبات أُبلغ عنها ثانية، تُحسب مرة واحدة",
    },
    emptyTitle: "لم يأتِ شيء من حملة في هذه المدة",
    emptyHow: [
      "اربط خدمة لتتبع المكالمات، أو اذكر أي رقم هاتف يظهر في أي إعلان (الإعداد campaigns-numbers): عندها يُعرف مصدر المكالمات.",
      "ارفع كلفة الحملات أدناه: ملف CSV بالأعمدة date وsource وcampaign وcost.",
      "اجعل متجرك يرسل Order Completed ليظهر الإيراد.",
    ],
    spend: "كلفة الحملات",
    spendHow: "ملف CSV بالأعمدة date وsource وcampaign وcost. اطّلع عليه أولاً؛ يُحفظ كله أو لا شيء منه.",
    choose: "اختر ملف CSV", looking: "جارٍ الاطلاع…",
    would: (rows, total) => `${rows} صفوف، ومجموعها ${total}. لم يُحفظ شيء بعد.`,
    keep: "احفظه", drop: "اتركه",
    kept: (rows, total) => `حُفظت ${rows} صفوف، ومجموعها ${total}.`,
    unused: (names) => `أعمدة لا تُستخدم: ${names}.`,
    refused: "لم يُحفظ شيء",
    day: "اليوم", source: "المصدر", campaign: "الحملة",
    conversions: "التحويلات لمنصات الإعلان",
    conversionsHow: "لا يضم الملف إلا من يسمحون بمشاركة بياناتهم للإعلان. يُسجَّل كل ملف باسمك.",
    formats: { "google-ads": "Google Ads", "microsoft-ads": "Microsoft Advertising" },
    of: "من", ofs: { orders: "الطلبات", calls: "المكالمات المؤهلة" },
    identify: "تُعرف عبر", identifies: { clicks: "معرّفات النقر", numbers: "أرقام مجزّأة" },
    write: "اكتب الملف",
    written: (rows) => `في الملف ${rows} تحويلات.`,
    leftOut: { unwilling: "استُبعدت بلا موافقة", unknown: "استُبعدت بلا معرّف", givenBack: "استُبعدت لأنها أُعيدت" },
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
