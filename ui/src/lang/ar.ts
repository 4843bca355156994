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
    toThemes: "إلى الموضوعات", toCampaigns: "إلى الحملات", toDecisions: "اذهب إلى القرارات", toPrivacy: "إلى الخصوصية", toStatus: "إلى الحالة",
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
  decisions: {
    title: "القرارات",
    tabs: { catalogue: "الدليل", levers: "الروافع", ranking: "الترتيب", replay: "الإعادة", learning: "التعلّم", lift: "الأثر" },
    failed: "لم ينجح ذلك", loading: "جارٍ التحميل…", undo: "تراجع", undone: "تم التراجع.", takenBack: "تم سحبه", kept: "ما كُتب محفوظ.",
    all: "الكل", none: "لا شيء", noAnswer: "–",
    percent: (n) => `${n} ٪`, between: (a, b) => `${a} إلى ${b}`, noInterval: "المدى غير معروف",
    find: "بحث", show: "عرض", shows: { all: "الكل", waiting: "بانتظار المراجعة", live: "ساري", retired: "متقاعد" },
    newAction: "إجراء جديد", newId: "معرّف الإجراء", newIdHow: "حروف لاتينية صغيرة وأرقام ونقاط: up.fibre", begin: "ابدأ",
    nothingFound: "لا شيء يطابق", nothingFoundHow: "استعمل كلمات أقل، أو اعرض الكل.",
    actions: (n, text) => plural("ar", n, { zero: "لا إجراءات", one: "إجراء واحد", two: "إجراءان", few: `${text} إجراءات`, other: `${text} إجراءً` }),
    aside: "غير مفهوم، غير ساري", rest: "لكل الإجراءات",
    kinds: { action: "إجراء", lever: "رافعة", policy: "حدود كل الإجراءات وتكاليفها", traits: "ما يجوز حفظه عن الأشخاص" },
    states: { draft: "مسودة", reviewed: "مُراجَع", live: "ساري", retired: "متقاعد", dropped: "مُسقَط" },
    item: "العنصر", save: "احفظ المسودة", discard: "تجاهل التغييرات", why: "السبب", whyHow: "يُحفظ مع اسمك", tryIt: "جرّبه على شخص",
    liveIs: (n) => (n === 0 ? "الساري: كما في الملفات" : `الساري: الإصدار ${n}`), liveNow: "الساري", before: "قبل",
    version: (n) => `الإصدار ${n}`, ofFiles: "من الملفات",
    saved: (n) => `حُفظت المسودة ${n}.`,
    moved: {
      reviewed: (n) => `رُوجع الإصدار ${n}.`, live: (n) => `الإصدار ${n} ساري الآن.`,
      retired: (n) => `تقاعد الإصدار ${n}.`, dropped: (n) => `أُسقط الإصدار ${n}.`,
    },
    waiting: "ما ينتظر", waits: (n, by) => `الإصدار ${n} من ${by} ينتظر`,
    approve: "وافق", publish: "انشر", drop: "أسقط", retire: "أحِل إلى التقاعد", notYours: "على شخص آخر أن يراجع ما كتبته.",
    conflict: (by, n) => `حفظ ${by} الإصدار ${n} في هذه الأثناء`, conflictHow: "لم يضع شيء: نسختك في النموذج، والأخرى محفوظة.",
    theirs: "الأخرى", yours: "نسختك", keepMine: "احفظ نسختي فوقها", takeTheirs: "خذ الأخرى",
    noDifference: "لا فرق.", differences: "الفروق", field: "الحقل",
    history: "السجل", compare: "قارن بالساري", liveAgain: "أعِده ساريًا", backTo: (n) => `عودة إلى الإصدار ${n}`,
    asJson: "كله بصيغة JSON", wordsToSay: "ما يقال", actionTitle: "ما يُفعل", say: "قل", avoid: "تجنّب", channels: "القنوات", channel: "القناة",
    language: "اللغة", languageHow: "مثل en أو ar", anyLanguage: "أي لغة", id: "المعرّف", addTreatment: "نص لقناة أو لغة أخرى", remove: "أزل",
    placeAndWorth: "المكان والقيمة والمدة", issue: "الغرض", group: "المجموعة", purpose: "يحتاج إذنًا لـ", purposes: { service: "الخدمة", marketing: "البيع", research: "البحث" },
    margin: "قيمته لنا", costShare: "التكلفة", costShareHow: "من 0 إلى 1 من القيمة", benefit: "قيمته للعميل", prior: "الاحتمال المتوقع", priorHow: "من 0 إلى 1، قبل أي تعلّم",
    from: "من", until: "حتى",
    rules: "القواعد", rulesHow: "كل قاعدة غير صحيحة تُبعد الإجراء.", addRule: "أضف قاعدة", removeRule: "أزل القاعدة",
    rule: (id) => `القاعدة ${id}`, kindOfRule: "النوع", notKnown: "إن لم يُعرف", whyRule: "لماذا يُبعَد", when: "ينطبق حين", words: "كلمات مناسبة",
    ruleKinds: { eligibility: "هل يجوز له أصلًا", applicability: "هل له معنى الآن", suitability: "هل هو في صالحه", contact: "حدود الاتصال" },
    verdicts: { keep: "ينطبق", remove: "لا ينطبق", unknown: "غير معروف" },
    ruleOk: (cost) => `سليمة. تكلفتها ${cost} من 500.`, wrong: "خطأ:", wrongAt: (n) => `خطأ عند الحرف ${n}:`,
    cases: "جدول الاختبار", addCase: "أضف اختبارًا", traits: "السمات", signals: "الإشارات", heard: "ما سُمع", happened: "ما حدث، قبل أيام", expected: "المتوقع", result: "النتيجة",
    waive: "استثناء: السبب", waivedCase: (rule, why) => `اختبار في ${rule} مستثنى: ${why}`,
    redRows: (n, text) => plural("ar", n, { zero: "لا صفوف حمراء.", one: "صف أحمر واحد يمنع الحفظ: أصلحه أو استثنه مع السبب.", two: "صفان أحمران يمنعان الحفظ: أصلحهما أو استثنهما مع السبب.", few: `${text} صفوف حمراء تمنع الحفظ: أصلحها أو استثنها مع السبب.`, other: `${text} صفًا أحمر تمنع الحفظ: أصلحها أو استثنها مع السبب.` }),
    lever: "رافعة", newLever: "اسم رافعة جديدة", leverOf: "على", scope: "تدفع", scopes: { action: "إجراء", group: "مجموعة", issue: "غرض" },
    pushPercent: "بالمئة", owner: "المسؤول", reason: "السبب", effect: "المفعول",
    pushes: (by, n, text) => {
      const what = plural("ar", n, { zero: "صفر إجراءات", one: "إجراءً واحدًا", two: "إجراءين", few: `${text} إجراءات`, other: `${text} إجراءً` });
      return by < 0 ? `تُنزل ${what}` : `ترفع ${what}`;
    },
    endsSoon: (name, n) => plural("ar", n, { zero: `تنتهي الرافعة على ${name} اليوم.`, one: `تنتهي الرافعة على ${name} بعد يوم.`, two: `تنتهي الرافعة على ${name} بعد يومين.`, few: `تنتهي الرافعة على ${name} بعد ${n} أيام.`, other: `تنتهي الرافعة على ${name} بعد ${n} يومًا.` }),
    noLevers: "لا روافع", noLeversHow: "ترفع الرافعة إجراءً أو مجموعة أو غرضًا لمدة، ولها مسؤول وسبب.",
    leversDid: (n, of, share, cost) => `غيّرت الروافع ما جاء أولًا في ${n} من ${of} قرارًا (${share}) وكلّفت ${cost} بحسب النموذج.`,
    leversHow: (from, to) => `القرارات من ${from} إلى ${to}. قد تشترك عدة روافع في قرار.`,
    leverStates: { planned: "مخططة", active: "عاملة", expired: "منتهية", gone: "أُزيلت" }, changedFirst: "غيّرت ما جاء أولًا", givenUp: "التكلفة",
    ofDecisions: (n, of) => `${n} من ${of} قرارًا`, leversMade: "روافع أُنشئت هنا",
    rankingHow: "ما يجوز عرضه على شخص واحد: الاحتمال × الملاءمة × القيمة × الرافعة. لا يُحفظ شيء قبل إنشاء مسودة.",
    whom: "لمن", customerId: "معرّف العميل", customerIdHow: "أو اتركه فارغًا وافترض شخصًا", agrees: "وافق على العروض والتحليل",
    lastAnswer: "ما يلي هو آخر جواب.", triedNow: "ما تجرّبه", triedAction: (name) => `${name}: مُغيَّر`, triedLever: (name, n) => `${name}: رافعة ${n} ٪`,
    makeDraft: "اجعل هذا مسودة", drafted: (n) => plural("ar", n, { zero: "لم تُنشأ مسودات.", one: "أُنشئت مسودة واحدة.", two: "أُنشئت مسودتان.", few: `أُنشئت ${n} مسودات.`, other: `أُنشئت ${n} مسودة.` }), replayIt: "أعد الماضي بهذا", tryNothing: "لا تجرّب شيئًا",
    ranked: "الترتيب", action: "الإجراء", priority: "الأولوية", chance: "الاحتمال", fit: "الملاءمة", value: "القيمة",
    moveMargin: "القيمة", moveLever: "الدفع", exactly: (name) => `${name}، بدقة`, fresh: "جديد هنا", up: "صعودًا", down: "نزولًا",
    silence: "لا شيء", silenceHow: "لا إجراء يجتاز القواعد ويستحق: الصمت جواب.",
    ruledOut: "المُبعَد", step: "بحسب", ruleName: "القاعدة", because: "لأن",
    steps: { 0: "الشخص", 1: "الإذن", 2: "القانون", 3: "الدليل", 4: "هل يجوز أصلًا", 5: "المعنى الآن", 6: "في صالحه", 7: "حدود الاتصال", 10: "هل يستحق", 11: "السحب" },
    replayHow: "تُقرَّر قرارات الماضي من جديد مع تغييرك وبدونه. لا يسري شيء.",
    period: "المدة", lastDays: (n, text) => plural("ar", n, { zero: "اليوم", one: "اليوم الأخير", two: "آخر يومين", few: `آخر ${text} أيام`, other: `آخر ${text} يومًا` }),
    people: "الأشخاص", peopleHow: "على الأكثر، بسحب متساوٍ؛ الفراغ يعني الكل", cohort: "قارن بحسب سمة", cohortHow: "مثل plan؛ يجوز تركه فارغًا",
    ownChange: "تغيير من عندك", ownChangeLabel: "التغيير بصيغة YAML", ownChangeHow: "بدلًا مما سبق",
    nothingTried: "لم يُجرَّب شيء بعد. حرّك شيئًا في", addDraft: (name) => `أضف مسودة ${name}`,
    replayOf: "إعادة", runStates: { running: "جارية", done: "تمت", failed: "فشلت", cancelled: "أُلغيت", interrupted: "انقطعت" }, cancel: "ألغِ", another: "إعادة أخرى",
    progress: "التقدّم", doneOf: (n, of) => `${n} من ${of} شخصًا`, interrupted: "توقف الخادم في هذه الأثناء. ابدأ من جديد.",
    whatWasTried: "ما جُرّب", noRuns: "لم يُعَد شيء بعد", noRunsHow: "حرّك شيئًا في الترتيب أو اكتب مسودة، ثم أعد الماضي بها هنا.", earlier: "إعادات سابقة", figuresOnly: "روافع أو حدود",
    otherPeople: "أشخاص يتغيّر أفضل إجراء لهم", otherDecisions: "قرارات يتغيّر أولها", silenceShare: "نسبة الصمت", contacts: "اتصالات لكل شخص", newly: "من يصلهم شيء لأول مرة",
    peopleOf: (n, of) => `${n} من ${of} شخصًا`, decisionsOf: (n, of) => `${n} من ${of} قرارًا`,
    peopleN: (n, text) => plural("ar", n, { zero: "لا أحد", one: "شخص واحد", two: "شخصان", few: `${text} أشخاص`, other: `${text} شخصًا` }),
    newPeople: (n, text) => plural("ar", n, { zero: "لا أحد", one: "شخص واحد", two: "شخصان", few: `${text} أشخاص`, other: `${text} شخصًا` }),
    decisionsN: (n, text) => plural("ar", n, { zero: "لا قرارات", one: "قرار واحد", two: "قراران", few: `${text} قرارات`, other: `${text} قرارًا` }),
    opens: (action, rule, n) => `يرفع التغيير منعًا من الإذن أو القانون: ${action}، القاعدة ${rule}، ${n} شخصًا. لا تنشره.`,
    worth: "قيمة القرار", noValue: "لا قيمة تُقال:", asItWas: "كما كان", withChange: "مع التغيير", check: "تحقّق بالأوزان",
    rests: (n, people, size) => `يستند إلى ${n} قرارًا مُجابًا لـ ${people} شخصًا، تعادل ${size} قرارًا من التغيير نفسه.`,
    assumptions: ["يقول السجل بأي احتمال عُرض كل إجراء، وعلى ذلك يقوم التقدير.", "يجلب الجواب ما كان يساويه الإجراء المقبول حين عُرض.", "يجيب الناس كما أجابوا حينها؛ المدى 95 ٪، مسحوب بحسب الأشخاص."],
    untried: (share) => `${share} مما سيختاره التغيير لم يُعرض قط: لا يُعرف عنه إلا قول النموذج.`,
    unanswered: (n) => `${n} قرارًا بلا جواب وهي مستبعدة.`,
    movement: "الانتقالات", movementHow: "الصفوف: ما جاء أولًا. الأعمدة: ما سيأتي أولًا. الأرقام قرارات.", fromTo: "من، إلى", moreCells: (n) => `${n} انتقالات أندر غير معروضة.`,
    examples: "أمثلة", cohorts: "كيف حال كل فئة", reach: "من يصلهم", worthEach: "قيمة القرار", decisions: "القرارات",
    limits: "ما يحدّ من هذا", faithful: (n, of) => `${n} من ${of} قرارًا تخرج كما سُجّلت حين لا يتغيّر شيء.`,
    model: "النموذج", lessons: "أجوبة تُعلِّم منها", auc: "تمييز نعم من لا (AUC)", aucHow: "0.5 لا تقول شيئًا، و1 تامة", explored: "ما جُرّب للتعلّم", frozen: "مجمَّد",
    frozenIs: (name) => `لا يُتعلَّم من ${name}`, learnAgain: "تعلّم من جديد", resumed: (name) => `يُتعلَّم من ${name} من جديد.`,
    nothingLearnt: "لم يُتعلَّم شيء بعد", nothingLearntHow: "كل جواب على اقتراح يُعلِّم: اقبل بعضها أو ارفضه.", byAction: "بحسب الإجراء",
    answersN: "الأجوبة", yes: "نعم", calibration: "خطأ المعايرة", reliability: "ما قيل وما جاء", drift: "آخر انحراف", lastLearned: "آخر تعلّم", drawn: "تجارب", young: "يتعلّم", tooFew: "أقل من أن يقال شيء",
    alarms: (n, text) => plural("ar", n, { zero: "لا إنذارات", one: "إنذار واحد", two: "إنذاران", few: `${text} إنذارات`, other: `${text} إنذارًا` }),
    reliabilityOf: (action, channel) => `ما قيل وما جاء: ${action}، ${channel}`, reliabilityHow: "على الخط تحقق ما قيل", saidP: "قيل", cameP: "جاء",
    noLift: "لا قرار في هذه المدة", noLiftHow: "خذ مدة أطول.", noControl: "لا توجد مجموعة ضابطة، فلا يمكن قول شيء. المجموعات في experiments.yaml.",
    inAll: "إجمالًا", against: "المقارنة", moreReward: "فرق قيمة القرار", moreYes: "فرق نسبة نعم", verdict: "الحكم", better: "أفضل", worse: "أسوأ", notSure: "لا فرق مؤكد بعد",
    tooFewPeople: (n) => `أقل من أن يقال شيء: يلزم كل طرف ${n} شخصًا`, groups: "المجموعات", groupName: "المجموعة",
    byActionHow: "كل إجراء حيث اختير لشخص، مقابل حيث سُحب عشوائيًا.", chosenN: "بالاختيار", drawnN: "بالسحب",
    arms: {
      nba: "كما يُراد", random_eligible: "سحب مما يجوز عرضه", propensity_only: "بالاحتمال وحده", no_levers: "بلا روافع", policy_only: "القواعد وحدها",
      random_propensity: "باحتمالات مسحوبة", holdout: "بلا عروض", challenger: "منافس",
    },
    howChosen: "كيف تُختار المجموعات",
    howChosenText: ["يقرر معرّف الشخص مع ملح سري: لا أحد يختار، ويبقى الشخص في مجموعته.", "الإذن والقانون وكل القواعد تسري في كل مجموعة.", "المدى 95 ٪؛ يُعدّ الأشخاص لا القرارات. وتصحّ الأحكام مهما تكرر النظر."],
    sticky: (n, text) => plural("ar", n, { zero: "بلا مدة", one: "ليوم واحد", two: "ليومين", few: `لمدة ${text} أيام`, other: `لمدة ${text} يومًا` }), ended: "انتهت", shadow: "للملاحظة فقط",
  },

  // account

  // users

  // admin
};
