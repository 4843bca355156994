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

  // parts: pieces that several screens share.
  parts: {
    agent: "الموظف", customer: "العميل", unknown: "متصل مجهول",
    moodOver: "مزاج العميل خلال المكالمة", time: "الوقت", mood: "المزاج", figure: "القيمة",
    recovered: "مستعاد", recoveredHow: "سُمع مجددًا من التسجيل", late: (span) => `قيل قبل ${span}`, lateHow: "كان النص متوقفًا حين قيل هذا",
    raised: (label) => `${label}. سبّب الاقتراح`,
    playFrom: (clock) => `تشغيل من ${clock}`, play: (clock) => `تشغيل ${clock} هنا`, stop: "إيقاف", noAudio: "لا يوجد تسجيل يُسمع.",
    sounds: {
      music: "قيد الانتظار", ringing: "رنين", busy: "نغمة مشغول", congestion: "نغمة انشغال الشبكة", special: "نغمات قبل إعلان", dial_tone: "نغمة الاتصال",
      keys: "ضغط أزرار", fax: "جهاز فاكس", beep: "صفير", machine: "مجيب آلي",
    },
    atMost: (name, n) => `${name}، ${n} على الأكثر`, likely: (name, p) => `${name}، باحتمال ${p}`,
    since: (name, clock) => `${name} منذ ${clock}`, fromTo: (name, from, to) => `${name} ${from}–${to}`,
    holdMusic: "موسيقى الانتظار", pressing: "تُضغط أزرار",
    why: {
      against: "ضده", for: "معه", ranked: "كيف رُتّب الاقتراح", p: "احتمال نجاحه", c: "ملاءمته لهذه اللحظة", v: "قيمته", l: "الرافعة", net: "بعد الإزعاج", netName: "الصافي",
      to: (low, high) => `${low} إلى ${high}`,
      contract: (to) => `مسموح${to && ` (${to})`} بحكم العقد؛ لا شيء مسجّل يمنعه.`,
      consent: (to, state, since, source) => `مسموح${to && ` (${to})`}: الموافقة ${state}${since && ` منذ ${since}`}${source && `، من ${source}`}.`,
    },
    changes: {
      ask: "ما الذي كان سيغيّره؟", title: "ما الذي كان سيغيّره", failed: "لم يُحسب ذلك", deciding: "يُقرَّر مجددًا، مع تغيير شيء واحد كل مرة…",
      unknown: "لا يمكن معرفة ما كان سيغيّره", none: (n) => `لا شيء: لم يكن أي من التغييرات المجرَّبة (${n}) وحده ليقدّم شيئًا آخر.`,
      permission: "يُعرض ما كان سيجلبه الإذن لأجل التدقيق. وليس سببًا لطلبه.",
      rules: (n) => plural("ar", n, { zero: "0 قاعدة كان سيتقدم شيء آخر لولاها", one: "قاعدة واحدة كان سيتقدم شيء آخر لولاها", two: "قاعدتان كان سيتقدم شيء آخر لولاهما", few: `${n} قواعد كان سيتقدم شيء آخر لولاها`, many: `${n} قاعدة كان سيتقدم شيء آخر لولاها`, other: `${n} قاعدة كان سيتقدم شيء آخر لولاها` }),
      otherRules: "قيل ذلك وفق قواعد اليوم، وهي غير السابقة وتجيب الجواب نفسه.", notTried: (n) => `لم تُجرَّب ${n} من القواعد الأخرى.`,
      thenFirst: ": عندئذ ", silence: "صمت", law: "موافقة أو قانون", was: (what) => `كان ${what}`, notHeard: (label) => `لم يُسمع في المكالمة: «${label}»`,
    },
  },

  // desk

  // softphone

  // tour

  // supervise: all live calls, alert rules, the team.
  supervise: {
    title: "المكالمات الجارية", goTo: "الذهاب إلى المكالمات الجارية", keys: "المكالمات الجارية", failed: "لم ينجح ذلك",
    waiting: (n) => `${n} تنبيهات`, waitingTitle: "تنبيهات لم يهتم بها أحد",
    lost: "انقطع الاتصال؛ المعروض من قبل ذلك. تُعاد المحاولة.",
    none: "لا توجد مكالمة جارية الآن",
    noneHow: "تظهر كل مكالمة هنا عند بدئها وتختفي عند انتهائها. لرؤية واحدة، شغّل تسجيلًا عبر المدخل:",
    noneFound: "لا توجد مكالمة جارية كهذه", showAll: "عرض الكل",
    count: (shown, all) => (shown === all ? `${all} جارية` : `${shown} من ${all} جارية`),
    find: "الموظف أو العميل أو الموضوع", queue: "الطابور", agent: "الموظف", any: "الكل", unhappy: "المستاؤون فقط", riskFrom: "الخطر", riskAny: "أي خطر",
    sort: "إعادة الترتيب", sortKey: "إعادة الترتيب", findKey: "البحث في المكالمات الجارية", ackKey: "الاهتمام بالتنبيه الأول أو المحدد", undoKey: "تراجع",
    whyKey: "سبب هذا الخطر",
    columns: { agent: "الموظف", customer: "العميل", length: "المدة", topic: "آخر موضوع", mood: "المزاج", silence: "الصمت", overlap: "كلام متداخل", risk: "الخطر", audio: "الصوت" },
    noAgent: "بلا موظف", noCustomer: "متصل مجهول",
    audio: { good: "جيد", poor: "يضيع منه", paused: "متأخر", deaf: "غير مسموع" },
    lostShare: (p) => `ضاع ${p}`,
    why: (risk) => `لماذا ${risk}`, noWhy: "لا شيء يدل على خطر.",
    formula: "يُحسب كل سبب وحده ثم تُجمع: 1 − (1 − أ)(1 − ب)… يدل على ما يُنظر إليه أولًا، ولا يتنبأ بشيء.",
    parts: {
      mood: (v, by) => `مزاج العميل ${v}، يضيف ${by}`, falling: (v, by) => `انخفض المزاج بمقدار ${v}، يضيف ${by}`, annoyed: (v, by) => `الأرجح أن العميل منزعج (${v})، يضيف ${by}`,
      asks: (v, by) => `يطلب شخصًا آخر (بيقين ${v})، يضيف ${by}`, leaving: (v, by) => `قد يغادر (${v})، يضيف ${by}`, complains: (v, by) => `يشتكي (بيقين ${v})، يضيف ${by}`,
      overlap: (v, by) => `يتكلم الطرفان معًا ${v} من المكالمة، يضيف ${by}`, dead_air: (v, by) => `لا يتكلم أحد ${v} من المكالمة، يضيف ${by}`,
    },
    alerts: "التنبيهات", seeTo: "تم الاهتمام", seen: (name) => `تم الاهتمام بـ«${name}».`, undo: "تراجع",
    at: (clock) => `عند ${clock} من المكالمة`, over: "انتهت",
    rules: "قواعد التنبيه", newRule: "قاعدة جديدة", noRules: "لا توجد قواعد بعد. تُخبر القاعدة كل من يشرف، مرة في كل مكالمة.",
    by: (who) => `من ${who}`, edit: "تغيير", remove: "حذف", removed: (name) => `حُذفت «${name}».`,
    name: "الاسم", when: "متى", keep: "حفظ القاعدة", cancel: "إلغاء", only: "فقط لـ", onlyAgent: "الموظف", onlyQueue: "الطابور", mail: "وبالبريد أيضًا إلى", webhook: "وإلى عنوان ويب هوك أيضًا (https)",
    signed: "تُوقَّع الرسائل بـ", once: "يُعرض هذه المرة فقط.", have: "حفظته",
    level: { mood: "المزاج دون (−1 إلى 1)", risk: "الخطر من (0 إلى 1)", overlap: "النسبة من المكالمة من (0 إلى 1)" }, seconds: "لعدد من الثواني",
    phrase: "العبارة", phraseHow: "تعني cancel* كل كلمة تبدأ هكذا، وتعني a|b أيًّا منهما، وتعني ... حتى ست كلمات بينها.", theme: "الموضوع", speaker: "قالها", either: "أي طرف",
    speakers: { customer: "العميل", agent: "الموظف" },
    kinds: {
      mood: "يبقى المزاج منخفضًا", silence: "لا يتكلم أحد", phrase: "تُقال عبارة", theme: "يظهر موضوع", asks: "يطلب العميل شخصًا آخر",
      risk: "الخطر مرتفع", long: "المكالمة طويلة", overlap: "يتكلم الطرفان معًا",
    },
    says: {
      mood: (level, time) => `المزاج دون ${level} لمدة ${time}`, silence: (_, time) => `لا يتكلم أحد لمدة ${time}`, risk: (level) => `الخطر ${level} أو أكثر`,
      long: (_, time) => `أطول من ${time}`, overlap: (level) => `يتكلم الطرفان معًا ${level} أو أكثر`, phrase: (of) => `قيلت «${of}»`, theme: (of) => `عن ${of}`, asks: () => "يطلب شخصًا آخر",
    },
    was: {
      mood: (v) => `المزاج ${v}`, silence: (_, time) => `صمت لمدة ${time}`, risk: (v) => `الخطر ${v}`, long: (_, time) => `المدة ${time}`, overlap: (v) => `كلام متداخل ${v}`,
      phrase: () => "قيلت", theme: () => "ظهر", asks: () => "يطلب العميل ذلك",
    },
    team: "الفريق", spans: { today: "اليوم", week: "هذا الأسبوع" }, teamMore: "كانت المكالمات أكثر مما يُعدّ: هذه آخر 20,000.", teamNone: "لم تكن لأحد مكالمة في هذا الوقت.",
    team_columns: { agent: "الموظف", calls: "المكالمات", talk: "وقت الكلام", mood: "المزاج", answers: "الاقتراحات", accepted: "المقبولة" },
    all: "الجميع", few: "أقل من أن يُحكم", of: (n) => `من ${n}`, inCalls: (n) => `في ${n} مكالمات`,
    outcomes: { accepted: "مقبولة", dismissed: "مرفوضة", later: "مؤجلة", muted: "مكتومة", done: "منفذة", converted: "نجحت" },
    teamHow: "تُعطى النسبة من 5 إجابات فأكثر، والمزاج من 5 مكالمات فأكثر. يفتح كل عدد من المكالمات في البحث.",
  },

  // calls: the list of all calls.
  calls: {
    title: "المكالمات", ofOne: "مكالمات", oneCustomer: "عميل واحد", showAll: "عرض كل المكالمات", loading: "جارٍ التحميل…", earlier: "عرض مكالمات أقدم", failed: "لا يمكن عرض المكالمات",
    none: "لا مكالمات بعد", noneHow: "تُدرج كل مكالمة هنا أثناء جريانها وبعدها. لإجراء واحدة، شغّل تسجيلًا عبر المدخل:", quiet: "صمت منذ",
  },

  // call

  // search: the box, its results, saved searches and alerts.
  search: {
    title: "البحث", box: "البحث فيما قيل", placeholder: "كلمات قيلت", go: "بحث", failed: "فشل البحث", suggestions: "اقتراحات",
    like: "سطور من مكالمات أخرى تقول ما يشبه ما اخترته.", anyLine: "أي سطر مجددًا",
    emptyHow: "تجد الكلمات كل سطر يحويها جميعًا. وتُبقي علامات الاقتباس الكلمات معًا:",
    lines: (n, text) => plural("ar", n, { zero: "0 سطر", one: "سطر واحد", two: "سطران", few: `${text} سطور`, many: `${text} سطرًا`, other: `${text} سطر` }),
    nothing: "لم يُعثر على شيء. جرّب كلمات أقل.", behind: "الفهرس يلحق بما استجد، فقد تنقص أحدث المكالمات", order: "الترتيب",
    sorts: { relevance: "الأنسب أولًا", newest: "الأحدث أولًا", oldest: "الأقدم أولًا", value: "الأعلى مبلغًا أولًا" },
    narrow: "تضييق البحث", without: "السؤال بدون هذا مجددًا",
    facets: { speaker: "المتكلم", intent: "المراد", theme: "الموضوع", moment: "اللحظة", language: "اللغة", queue: "الطابور", source: "المصدر", campaign: "الحملة" },
    loading: "جارٍ التحميل…", more: "عرض المزيد", less: "أقل", context: "في السياق", likeThis: "المزيد مثله", hits: "النتائج",
    canAsk: "ما يمكن السؤال عنه",
    means: [
      "الكلمتان، بأي صيغة وترتيب", "هذه الكلمات كما هي", "قرب بعضها، بأي ترتيب", "بداية كلمة؛ كلمة تكاد تكون كذلك", "واحدة منهما؛ ويربط AND و( ) أيضًا", "بدونه",
      "الثانية خلال 20 ثانية من الأولى، أيًّا كان المتكلم", "من يقولها؛ وما يقوله الطرف أولًا", "ما فُهم", "المزاج من -1 إلى 1؛ مبالغ ذُكرت", "أيام",
      "الموضع في المكالمة؛ وكيف سارت", "أي المكالمات", "ما آل إليه اقتراح", "من أين جاءت المكالمات، وطابورها", "الكلمات التي بُحث عنها، وكلمات الصفحة",
      "بداية كلمة؛ مكالمات بلا حملة", "متى بدأت المكالمة",
    ],
    exportLines: (lines) => `تصدير ${lines}`,
    exportHow: "يحوي ما قيل منقّحًا، وما فُهم منه، والموظف، ومعرّف العميل؛ بلا أسماء أو أرقام أو عناوين للعملاء. ويُسجَّل أنك أخذته.",
    formats: { csv: "CSV", excel: "CSV لبرنامج Excel", jsonl: "JSON Lines", parquet: "Parquet" },
    formatHow: { csv: "جدول، لمعظم البرامج", excel: "مثله، مع علامة يعرف بها Excel الحروف", jsonl: "سطر لكل نتيجة، للبرامج", parquet: "أعمدة ذات أنواع، لـ DuckDB و pandas وما شابه" },
    savedPart: "عمليات البحث المحفوظة والتنبيهات", save: "حفظ…", tell: "تنبيهي…", undo: "تراجع", signed: "تُوقَّع الرسائل بـ", once: "يُعرض هذه المرة فقط.", have: "حفظته",
    name: "الاسم", share: "مشاركته مع كل من يمكنه البحث", keep: "حفظ",
    kinds: { threshold: "عدد معيّن", change: "على غير المعتاد", new: "شيء جديد" }, when: "متى", calls: "المكالمات", inA: "خلال", periods: { hour: "ساعة", day: "يوم", week: "أسبوع" },
    mail: "البريد", language: "اللغة", webhook: "أو ويب هوك", tellMe: "نبّهني", lookingBack: "جارٍ النظر في آخر 8 أسابيع…",
    saved: "عمليات البحث المحفوظة", noneSaved: "لا شيء بعد. ابحث عن شيء ثم احفظه.", shared: "مشترك", drop: "حذف", dropNamed: (name) => `حذف ${name}`,
    alerts: "التنبيهات", monday: "كل يوم اثنين، ما جاء به الأسبوع، إلى", sendMe: "أرسل لي", told: "ما أُخبرت به",
    digest: "الملخص", anyTheme: "أي موضوع", gone: "شيء لم يعد موجودًا", paused: "متوقف", pause: "إيقاف مؤقت", resume: "استئناف", endAlert: (name) => `حذف تنبيه ${name}`,
    aSearch: "بحث", units: { calls: "مكالمات", lines: "سطور" }, usually: (n) => `المعتاد نحو ${n}`, by: { mail: "البريد", webhook: "ويب هوك" }, deliveries: { waiting: "ينتظر", sent: "أُرسل", failed: "فشل" },
    wrong: { load: "لم تصل عمليات البحث المحفوظة", save: "لم يُحفظ", drop: "لم يُحذف", look: "لم يُحسب الماضي", tell: "لم يُحفظ", change: "لم يتغير", end: "لم ينته", back: "لم يُستعد" },
    dropped: (name) => `حُذف «${name}».`, alertDropped: "حُذف التنبيه.",
    rules: {
      threshold: (least, unit, period) => `${least} أو أكثر من ${unit} خلال ${period}`, within: { hour: "ساعة", day: "يوم", week: "أسبوع" },
      up: (period) => `أكثر من المعتاد خلال ${period}`, down: (period) => `أقل من المعتاد خلال ${period}`, either: (period) => `أكثر أو أقل من المعتاد خلال ${period}`,
      isNew: "حين يكون جديدًا", after: (weeks) => `بعض منه، بعد ${weeks} أسابيع بدونه`, digest: "ما جاء به كل أسبوع، يوم الاثنين",
    },
    notes: {
      short: "الماضي أقصر من أن يُقارن به.", few: "المكالمات السابقة أقل من أن يُقارن بها.", broad: "يجد مكالمات أكثر مما يُعدّ.",
      partial: "الفهرس يلحق بما استجد؛ لا يُخبر بشيء حتى يلحق.", slow: "طال عدّه كثيرًا.", gone: "ما يراقبه محذوف أو لم يعد مشتركًا.",
      unreadable: "لم يعد البحث مفهومًا.", orphan: "من طلبه لم يعد له شأن بذلك.", unsubscribed: "أُنهي برابط في رسالة.",
      "gone away": "يقول الويب هوك إنه لا يريد المزيد.", nothing: "لم يكن هناك ما يُخبر به الأسبوع الماضي.",
    },
    preview: (n, weeks) => n === 0 ? `ما كان ليخبرك في آخر ${weeks} أسابيع.` : `كان سيخبرك ${n === 1 ? "مرة" : `${n} مرات`} في آخر ${weeks} أسابيع.`,
  },

  // themes: what calls are about, one theme, a definition, and the segment.
  themes: {
    title: "الموضوعات", all: "كل الموضوعات", define: "تعريف موضوع", counting: "جارٍ العدّ…", growing: "ما قيل لا يزال يُعدّ؛ الأرقام تزداد.", stale: " ما أدناه هو آخر ما وصل.",
    ofCalls: (calls, since) => `من ${calls} منذ ${since}`,
    calls: (n, text) => plural("ar", n, { zero: "0 مكالمة", one: "مكالمة واحدة", two: "مكالمتان", few: `${text} مكالمات`, many: `${text} مكالمة`, other: `${text} مكالمة` }),
    lines: (n, text) => plural("ar", n, { zero: "0 سطر", one: "سطر واحد", two: "سطران", few: `${text} سطور`, many: `${text} سطرًا`, other: `${text} سطر` }),
    onlyListed: "عرض المدرج فقط", showAll: "عرض المخفي والمدموج والمحذوف أيضًا",
    time: "المدة", lastDays: (n) => `آخر ${n} يومًا`,
    noCalls: "لم تُعدّ مكالمة في هذا الوقت", nothing: "لم يُعثر على شيء بعد", nothingHow: "تُعدّ الموضوعات أثناء الكلام، وتُكتشف تلقائيًا من نحو خمسين مكالمة فأكثر.",
    needNot: "لا حاجة للانتظار:", needNotHow: "بكلمات أو بحث أو اقتباس، ويُعدّ التاريخ كله فورًا.",
    kinds: { rule: "مدمج في النظام", words: "بالكلمات", query: "بحث محفوظ", like: "باقتباسات", discovered: "مكتشف" },
    states: { hidden: "مخفي", deleted: "محذوف", merged: "مدموج", gone: "زال" },
    byDay: (title) => `المكالمات عن ${title} حسب اليوم`, isNew: "جديد", isGrowing: "متزايد", read: (p) => `عُدّ ${p} % من التاريخ`,
    segment: "الشريحة", source: "المصدر", campaign: "الحملة", queue: "الطابور", any: "الكل", none: "غير معروف", everywhere: "كل المكالمات",
    change: { few: "أقل من أن يُحكم", same: "لا تغيّر واضح", interval: (low, high) => `${low} إلى ${high}`, how: "النسبة من كل المكالمات، مقابل العدد نفسه من الأيام السابقة وأيام الأسبوع نفسها، مع المجال الذي تقع فيه 19 مرة من 20" },
    expected: (observed, time, expected) => `${observed} من المكالمات في ${time}، والمتوقع من ماضيه ${expected}`,
    fewerThanOne: "أقل من 1", about: (n) => `نحو ${n}`, lastDay: "اليوم الأخير", lastSome: (n) => `آخر ${n} أيام`,
    odds: (n) => `أقل من 1 من ${n} من هذه الإنذارات تكون صدفة، مع احتساب كل الموضوعات.`,
    figures: (calls, lines, days, of) => `${calls} و${lines} في ${days} يومًا، من ${of}`,
    against: "مقابل أيام الأسبوع نفسها قبل ذلك، كنسبة من كل المكالمات", quotesOfAll: "الاقتباسات أدناه من كل المكالمات؛ وفي البحث ما يخص الشريحة.",
    told: { hidden: "مخفي: يُعدّ ولا يُدرج.", deleted: "محذوف: لا يُعدّ.", merged: "مدموج: تُحسب سطوره لموضوع آخر.", gone: "لم يعد يُكتشف: أعطت المكالمات الأحدث موضوعات أخرى." },
    seeThat: "عرض ذلك الموضوع", bringBack: "استعادته", rename: "إعادة تسمية", nameOf: "اسم الموضوع", save: "حفظ", cancel: "إلغاء",
    by: "المكالمات حسب", steps: { hour: "الساعات", day: "الأيام", week: "الأسابيع" }, callsAbout: (title) => `المكالمات عن ${title}`,
    fewForCourse: (n) => `${n} من المكالمات أقل من أن يُرسم مسارها: لأظهر الرسم الصدفة. الأرقام في الجدول.`, asTable: "كجدول", when: "متى", callsHead: "المكالمات", ofAll: "من كل المكالمات",
    meaning: "ماذا يعني", tells: "ما يميزه عن غيره", not: (w) => `ليس: ${w}`, oftenWith: "كثيرًا ما يرافقه",
    hide: "إخفاء", mergeInto: "دمج في…", remove: "حذف", mergeTheme: "الموضوع الذي يُدمج فيه", choose: "اختر موضوعًا",
    said: "ما قاله العملاء", nobody: "لم يقله أحد بعد", nobodyHow: "تُعرض السطور هنا حالما يقول عميل شيئًا من هذا النوع.", earlier: "عرض سطور أقدم", likeThis: "المزيد مثله",
    theCalls: "المكالمات", showCalls: "عرض المكالمات", moreCalls: "عرض مكالمات أقدم", times: (n, text) => plural("ar", n, { zero: "0 مرة", one: "مرة", two: "مرتين", few: `${text} مرات`, many: `${text} مرة`, other: `${text} مرة` }),
    changes: "من غيّر ماذا", failed: "لم ينجح ذلك", listFailed: "لم تصل الموضوعات", previewFailed: "لم تصل المعاينة", notMade: "لم يُنشأ الموضوع",
    cameFrom: "من أين جاءت هذه المكالمات", sharesBy: "النسب حسب", fields: { campaign: "الحملات", source: "المصادر", queue: "الطوابير" }, fieldNone: { campaign: "بلا حملة", source: "بلا مصدر", queue: "بلا طابور" },
    nobodyCalled: "لم يتصل أحد في هذا الوقت.", shareOf: "نسبة المكالمات التي هي عنه", from: "من", share: "النسبة من مكالماتها", ofThese: (a, b) => `${a} من ${b}`,
    fewToCompare: "أقل من أن يُقارن", smaller: (n) => `و${n} أصغر`, latest: "بعض أحدث المكالمات لا يزال يُعدّ.", notCounted: "تعذّر العدّ",
    tell: "أخبرني حين يتغيّر…", tellKinds: { change: "أكثر أو أقل من المعتاد", up: "أكثر من المعتاد", threshold: "عدد معيّن من المكالمات", new: "جديد أو متزايد" }, tellMe: "أخبرني", tellDone: "ستُخبر. يُدرج ذلك ويُنهى في البحث ضمن التنبيهات.",
    who: "يعرّف المسوّقون الموضوعات", see: "عرض الموضوعات", thereAre: "الموجودة.", how: "كيف يُعرَّف", name: "الاسم", nameHint: "موجّه بلا إشارة", counts: "تعريفه وعدّ التاريخ كله",
    ways: { words: "بالكلمات", query: "ببحث", like: "بما يشبه اقتباسًا" }, wayLabels: { words: "عبارات، واحدة في كل سطر", query: "البحث", like: "ما قاله العملاء، واحد في كل سطر" },
    wayHints: {
      words: "تكفي أي واحدة. تعني bill* كل كلمة تبدأ هكذا، وتعني a|b أيًّا منهما، وتعني ... حتى ست كلمات بينها. والسطر الذي يبدأ بـ - هو ما ليس منه.",
      query: "كما في البحث: كلمات، \"عبارات\"، prefix*، -not، intent:cancel.", like: "تُوجد السطور التي تعني الشيء نفسه تقريبًا.",
    },
    findsNothing: "هذا لا يجد شيئًا بعد.", preview: "معاينة", inAll: (n) => `في كل السطور (${n})`, inLatest: (n, all) => `في أحدث ${n} من ${all} سطر`,
  },

  // campaigns
  campaigns: {
    title: "الحملات", figuresFailed: "لم تصل الأرقام", notRead: "لم يُقرأ الملف", notWritten: "لم يُكتب الملف", themesOf: "موضوعاتها",
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
