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
    alerts: "التنبيهات", noAlerts: "لا تنبيه ينتظر.", seeTo: "تم الاهتمام", openCall: "فتح", seen: (name) => `تم الاهتمام بـ«${name}».`, undo: "تراجع",
    at: (clock) => `عند ${clock} من المكالمة`, over: "انتهت",
    rules: "قواعد التنبيه", newRule: "قاعدة جديدة", noRules: "لا توجد قواعد بعد. تُخبر القاعدة كل من يشرف، مرة في كل مكالمة.",
    by: (who) => `من ${who}`, edit: "تغيير", remove: "حذف", removed: (name) => `حُذفت «${name}».`,
    name: "الاسم", when: "متى", keep: "حفظ القاعدة", cancel: "إلغاء", only: "فقط لـ", onlyAgent: "الموظف", onlyQueue: "الطابور", webhook: "وإلى عنوان ويب هوك أيضًا (https)",
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
