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
    toThemes: "إلى الموضوعات", toCampaigns: "إلى الحملات", toPrivacy: "إلى الخصوصية", toStatus: "إلى الحالة", toAdmin: "إلى الإدارة", toAccount: "إلى الحساب",
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
  status: {
    title: "الحالة", failed: "تعذر عرض الحالة", stale: " ما يظهر أدناه هو آخر ما عُرف.",
    states: {
      ready: "جاهز", restarting: "يُعاد تشغيله. التسميات متوقفة مؤقتًا ولا يضيع شيء",
      down: "فشلت خدمته عدة مرات وتُترك لبعض الوقت",
      none: "لا يوجد محرك، لذلك لا توجد تسميات. شغّل heed doctor لمعرفة ما ينقص",
    },
    sources: { guessed: "تقدير إلى أن يُقاس", measured: "قيس عند البدء", corrected: "صُحح أثناء التشغيل", fixed: "حدده المشغّل" },
    engine: "محرك الكلام", engines: "محركات الكلام بترتيب سؤالها", name: "المحرك", noEngine: "لا يوجد",
    elsewhere: "في مكان آخر: الصوت يغادر هذا الجهاز", state: "الحالة", model: "النموذج", languages: "اللغات", restarts: "مرات إعادة التشغيل",
    heard: "يُسمع الآن", atMost: (n, most) => `${n} من ${most} كحد أقصى`,
    fullRefuse: "ممتلئ: تُرفض المكالمات الجديدة", fullRecord: "ممتلئ: تُسجل المكالمات الجديدة وتُسمع بعد انتهائها", noRoom: "لم تجد مكانًا",
    mend: "يحتاج إصلاحًا", calls: "المكالمات", live: "مباشرة الآن", streams: "مسارات الصوت",
    store: "البحث والتخزين", index: "فهرس البحث", indexStates: { complete: "مكتمل", partial: "قيد البناء" },
    behind: (state, n) => `${state}، متأخر بعدد ${n} من الأحداث`, upToDate: (state) => `${state}، محدَّث`,
    stored: "المخزَّن", events: "الأحداث", models: "الفهم", version: (v) => `الإصدار ${v}`,
    server: "هذا الخادم", versionOf: "الإصدار", running: "يعمل منذ", programs: "للبرامج", reference: "مرجع الواجهة البرمجية",
    outcomes: "النتائج", awaited: "إجابات منتظرة", parked: "مؤجَّلة", parkedWhy: "قرارها غير معروف؛ يُتخلى عن كل منها بعد يوم",
    told: "من يُبلَّغ بالموافقات",
    tolds: {
      ok: "أكد كل شيء", behind: "متأخر", mismatch: "يرى غير ما في السجل",
      late: "سحب موافقة ينتظر منذ أكثر من ساعة", overdue: "سحب موافقة ينتظر منذ أكثر من يوم",
    },
    unconfirmed: (n) => `${n} غير مؤكد`, asked: "آخر سؤال", neverAsked: "لم يسأل قط",
  },

  // decisions

  // account
  account: {
    signIn: "تسجيل الدخول", signingIn: "جارٍ تسجيل الدخول…", notIn: "لم يتم تسجيل الدخول",
    login: "البريد الإلكتروني أو اسم المستخدم", password: "كلمة المرور", show: "إظهار", hide: "إخفاء", capsLock: "مفتاح الأحرف الكبيرة مفعّل.",
    or: "أو", byPasskey: "استخدام مفتاح مرور", askingDevice: "جارٍ سؤال الجهاز…", byProvider: (name: string): string => `المتابعة عبر ${name}`,
    looking: "لحظة واحدة…",
    cannot: "تعذّر تسجيل الدخول؟",
    cannotHow: "يمكن طلب رابط يعمل مرة واحدة من مدير النظام. وعلى الخادم يطبعه هذا الأمر:",
    wrong: "اسم المستخدم أو كلمة المرور غير صحيح.",
    suspended: "الحساب موقوف. يُرجى سؤال مدير النظام.",
    wait: (seconds: string): string => `محاولات كثيرة. يُرجى الانتظار ${seconds} ثانية، أو استخدام مفتاح مرور أو رابط يعمل مرة واحدة.`,
    failures: {
      provider: "لم يُقبل رد مزوّد الدخول. يُرجى المحاولة من جديد.",
      unreachable: "مزوّد الدخول لا يجيب. يُرجى المحاولة من جديد أو الدخول بطريقة أخرى.",
      role: "لا تملك أي من المجموعات حق استخدام النظام. يُرجى سؤال المسؤول عنها.",
      suspended: "الحساب موقوف. يُرجى سؤال مدير النظام.",
    },
    linkOnce: "يعمل هذا الرابط مرة واحدة. اضغط الزر لاستخدامه في هذا المتصفح.",
    spent: "استُخدم هذا الرابط من قبل أو انتهت مدته. يُرجى طلب رابط جديد.",
    otherWay: "الدخول بطريقة أخرى",
    again: "سجّل الدخول للمتابعة",
    againHow: "انتهت الجلسة. لم يضِع شيء من الصفحة، وما قيل في هذه الأثناء يظهر فور العودة.",
    notYou: (name: string): string => `لست ${name}؟`,
    already: "تم تسجيل الدخول",
    alreadyHow: (name: string): string => `باسم ${name}. يمكن إغلاق هذه النافذة والمتابعة من حيث توقفت.`,
    noPasskey: "لا يمكن استخدام مفاتيح المرور هنا",
    noPasskeyHow: "تحتاج مفاتيح المرور إلى متصفح يعرفها وصفحة باتصال آمن.",
    passkeyElsewhere: "تعمل مفاتيح المرور على عنوان النظام نفسه فقط. يُرجى فتحه هناك.",
    passkeyNot: "لم يستخدم الجهاز مفتاح مرور", passkeyNotHow: "أُغلق الطلب أو لا يوجد مفتاح لهذا النظام. يُرجى المحاولة من جديد أو الدخول بطريقة أخرى.",
    passkeyThere: "في هذا الجهاز مفتاح مرور لهذا النظام بالفعل", passkeyThereHow: "استخدم جهازاً آخر أو أبقِ المفتاح الموجود.",
    passkeyWrong: "لم يُتعرَّف على مفتاح المرور. يُرجى الدخول بطريقة أخرى والنظر في الحساب.",
    welcome: "اختر طريقة الدخول في المرة القادمة",
    welcomeHow: "الرابط الذي أوصلك إلى هنا لم يعد يعمل. أضف مفتاح مرور، وهو الأسرع والأكثر أماناً، أو عيّن كلمة مرور.",
    later: "لاحقاً: إلى المكتب",
    you: "أنت", name: "الاسم", role: "الدور", save: "حفظ", saved: "تم الحفظ.", notDone: "لم يتم ذلك",
    passwordHow: "تغييرها يُنهي الجلسات في كل مكان آخر.",
    passwordNone: "لا توجد كلمة مرور بعد.",
    loginHow: "يُستخدم لتسجيل الدخول، دون مسافات.",
    present: "كلمة المرور الحالية", chosen: "كلمة مرور جديدة", chosenHow: "12 حرفاً على الأقل: بضع كلمات متتالية سهلة التذكّر.",
    set: "تعيين كلمة المرور", change: "تغيير كلمة المرور", passwordSet: "عُيّنت كلمة المرور، وانتهت الجلسات في كل متصفح آخر.",
    passkeys: "مفاتيح المرور",
    passkeysHow: "بصمتك أو وجهك أو قفل الشاشة بدلاً من كلمة المرور. لا يمكن تخمين مفتاح المرور ولا كتابته في صفحة مزيّفة.",
    addPasskey: "إضافة مفتاح مرور", passkeyAdded: "أُضيف مفتاح المرور ويمكن الدخول به.",
    passkeyName: (n: number): string => `مفتاح المرور ${n}`, passkeyCalled: "اسم مفتاح المرور",
    added: "أُضيف", used: "استُخدم", copied: "ربما نُسخ: يُرجى إزالته",
    rename: "تغيير الاسم", remove: "إزالة", removed: (name: string): string => `أُزيل ${name}.`, undo: "تراجع", undoKey: "إعادة مفتاح المرور",
    sessions: "أماكن تسجيل الدخول",
    here: "هذا المتصفح", unknownDevice: "متصفح غير معروف", seen: "آخر ظهور", end: "إنهاء",
    hows: { link: "برابط", password: "بكلمة المرور", passkey: "بمفتاح مرور", oidc: "عبر المزوّد" },
    endOthers: (n: string): string => `إنهاء الجلسات في كل مكان آخر (${n})`,
    ended: (n: number): string => plural("ar", n, {
      zero: "لم تُنهَ أي جلسة.", one: "أُنهيت جلسة واحدة.", two: "أُنهيت جلستان.", few: `أُنهيت ${n} جلسات.`, many: `أُنهيت ${n} جلسة.`, other: `أُنهيت ${n} جلسة.`,
    }),
    languageIn: "اللغة وكثافة العرض تُضبطان لهذا المتصفح تحت",
    reasons: {
      short: "استخدم 12 حرفاً على الأقل: بضع كلمات متتالية سهلة التذكّر.",
      long: "استخدم 128 حرفاً على الأكثر.",
      common: "هذه من كلمات المرور التي تُجرَّب أولاً.",
      own: "لا تضع اسمك أو اسم المستخدم في كلمة المرور.",
      simple: "استخدم أكثر من أربعة أحرف مختلفة.",
      text: "استخدم أحرفاً يمكن كتابتها فقط.",
      login: "اسم المستخدم بريد إلكتروني أو اسم دون مسافات.",
      taken: "اسم المستخدم هذا لشخص آخر.",
      needed: "يلزم اسم مستخدم لتسجيل الدخول.",
      name: "الاسم من حرف إلى 80 حرفاً ظاهراً.",
      role: "لا يوجد دور كهذا.",
      suspended: "هذا الحساب موقوف: يُرجى إعادته أولاً.",
      many: "يوجد 20 مفتاح مرور: أزل أحدها أولاً.",
      only: "هذه طريقتك الوحيدة للدخول: عيّن كلمة مرور أولاً.",
    },
  },

  // users
  users: {
    title: "المستخدمون", loading: "جارٍ التحميل…", notDone: "لم يتم ذلك",
    add: "إضافة مستخدم", name: "الاسم", login: "البريد الإلكتروني أو اسم المستخدم", role: "الدور", addLink: "إضافة وإنشاء رابط",
    linkFor: (name: string): string => `رابط دخول لـ ${name}`,
    linkHow: "أوصله بنفسك. يعمل مرة واحدة حتى", copy: "نسخ", copied: "نُسخ",
    find: "بحث بالاسم أو البريد أو الدور", nobody: "لم يُعثر على أحد", nobodyHow: "يكفي جزء من الاسم أو البريد أو الدور.",
    alone: "لا يوجد غيرك حتى الآن. أضف من يتلقون المكالمات ومن يقرؤونها.",
    you: "أنت", off: "موقوف", never: "لم يسجّل الدخول قط", signedIn: "آخر دخول",
    password: "كلمة مرور",
    passkeys: (n: number): string => plural("ar", n, {
      zero: "لا مفاتيح مرور", one: "مفتاح مرور واحد", two: "مفتاحا مرور", few: `${n} مفاتيح مرور`, many: `${n} مفتاح مرور`, other: `${n} مفتاح مرور`,
    }),
    provider: "مزوّد الدخول", noWay: "لا طريقة للدخول بعد",
    edit: "تعديل", link: "رابط", suspend: "إيقاف", restore: "إعادة", history: "السجل",
    reset: "إلغاء كلمة المرور ومفاتيح المرور: فُقد جهاز", makeLink: "إنشاء رابط",
    roleOf: (name: string): string => `دور ${name}`,
    roleSet: (name: string, role: string): string => `دور ${name} الآن: ${role}. يلزم الدخول من جديد.`,
    suspended: (name: string): string => `أُوقف ${name} وانتهت جلساته.`, restored: (name: string): string => `يمكن لـ ${name} الدخول من جديد.`,
    changed: (name: string): string => `عُدّل ${name}.`,
    undo: "تراجع", undoKey: "التراجع عن آخر تغيير", newKey: "إضافة مستخدم",
    noHistory: "لا شيء معروف.",
    what: {
      name: "الاسم", login: "اسم المستخدم", role: "الدور", suspended: "إيقاف", restored: "إعادة", password: "تعيين كلمة المرور",
      passkey_added: "إضافة مفتاح مرور", passkey_removed: "إزالة مفتاح مرور", passkey_copied: "رفض مفتاح مرور منسوخ", link: "إنشاء رابط",
      reset: "إلغاء طرق الدخول", sessions: "إنهاء الجلسات الأخرى",
    },
  },

  // admin
  admin: {
    title: "الإدارة", parts: "أقسام الإدارة", notYours: "هذا القسم لمسؤولي النظام", notYoursHow: "اطلب منهم ما تحتاج إليه.",
    tabs: { users: "المستخدمون", keys: "مفاتيح API", audit: "من قرأ ماذا", platforms: "المنصات", engines: "المحركات" },
    keys: {
      title: "مفاتيح API", failed: "لم تتغير المفاتيح", about: "تُدخل المفاتيح البرامج. للمفتاح ما لدوره؛ اختر نطاقات لتسمح بأقل من ذلك.",
      make: "إنشاء مفتاح", name: "الاسم", nameHint: "ما الذي سيستخدمه", role: "الدور", ingest: "إدخال المكالمات", ends: "ينتهي", never: "أبدًا",
      days: (n) => plural("ar", n, { one: "بعد يوم", two: "بعد يومين", few: `بعد ${n} أيام`, other: `بعد ${n} يومًا` }),
      scopes: "النطاقات", scopesHow: "بلا اختيار: كل ما للدور", may: "المسموح", all: "كل ما للدور", used: "آخر استخدام", unused: "لم يُستخدم", by: "أنشأه", doing: "تغيير",
      made: (name) => `أُنشئ المفتاح ${name}.`, once: "انسخه الآن: لن يظهر مرة أخرى.", copy: "نسخ", copied: "نُسخ", kept: "حفظته",
      rotate: "تبديل", rotateHow: "ينشئ مفتاحًا جديدًا؛ ويبقى هذا صالحًا 24 ساعة", rotateOne: (name) => `تبديل المفتاح ${name}`,
      revoke: "إلغاء", revokeOne: (name) => `إلغاء المفتاح ${name}`, undo: "إعادته",
      revokedNow: (name) => `لم يعد المفتاح ${name} يُدخل أحدًا. يمكن إعادته خلال عشر دقائق.`,
      states: { active: "مستخدم", expired: "انتهى", revoked: "ملغى" },
      none: "لا توجد مفاتيح", noneHow: "أنشئ مفتاحًا لكل برنامج ليمكن إلغاء كل منها وحده.",
    },
    audit: {
      failed: "تعذر عرض السجل", about: "كل قراءة لمكالمة أو عميل قبل عرضها. السطر الواحد لشخص واحد وشيء واحد وعشر دقائق.",
      filter: "تضييق", kind: "ماذا", any: "أي شيء", call: "المكالمة", customer: "العميل", anyId: "أي معرّف", from: "من", until: "قبل", everybody: "عرض الجميع",
      file: "حفظ بصيغة CSV", verify: "فحص السجل", whole: (rows, open) => `لم يغيره أحد: ${rows} من الأسطر كما كُتبت، و${open} من الدقائق الأخيرة لم تُختم بعد.`,
      broken: (n) => `تغيّر عند السطر ${n}. قارنه بنسخة احتياطية.`,
      reading: "جارٍ القراءة…", none: "لم يقرأ أحد شيئًا بعد", noneHow: "يُسجل هنا كل من يفتح مكالمة أو يسمع تسجيلًا أو يبحث.", more: "عرض المزيد",
      when: "متى", who: "من", of: "عن", origin: "من أين", times: "المرات", onlyThem: "عرض قراءاته فقط", several: "مكالمات عدة", readers: "من قرأ هذا",
      often: (n) => `${n} مرات`,
      kinds: {
        call: "صفحة المكالمة", recording: "التسجيل", peaks: "شكل الموجة", clip: "مقطع", subtitles: "ترجمة مكتوبة", live: "نص مباشر", search: "نتائج بحث",
        quotes: "اقتباسات موضوع", corrections: "التصحيحات", export: "تصدير", customer: "صفحة العميل", timeline: "الخط الزمني", consent: "الموافقة",
      },
      origins: { local: "هذا الجهاز", private: "الشبكة الداخلية", public: "الإنترنت", proxied: "عبر وسيط", unknown: "غير معروف" },
    },
    platforms: {
      failed: "تعذر عرض المنصات", about: "كل باب للمكالمات: ما يُلصق لدى المنصة، وكيف حاله، ومكالمة تجريبية عبره.", looking: "جارٍ البحث…",
      ready: "جاهز", partly: "بمفاتيح API فقط", off: "متوقف", missing: "لا يستقبل مكالمات دون", wanting: "تُرفض المنصة نفسها دون",
      test: "إجراء مكالمة تجريبية", testOf: (name) => `إجراء مكالمة تجريبية عبر ${name}`, stop: "إنهاء", marked: "مكالمة تجريبية",
      last: "آخر مكالمة", noCall: "لا مكالمة بعد", open: (n) => `${n} مفتوحة الآن`, dropped: (n) => `${n} من الإطارات مفقودة`,
      refused: (n, why) => `رُفض ${n}: ${why}`,
      whats: { voice: "مكالمة واردة", status: "حالة المكالمة", media: "الصوت", events: "الأحداث", answer: "الرد", hangup: "الإنهاء", publish: "النشر", listen: "يستمع عند" },
      states: { playing: "قيد التشغيل", done: "وصلت", failed: "لم تصل", stopped: "أُنهيت" },
      faults: {
        refused: "رفضها الباب:", unreachable: "تعذر الوصول إلى الباب:", hung_up: "أنهاها الباب:", nothing: "قبلها الباب ولم يبدأ أي مسار.",
        silent: "وصل الصوت وكله صمت.", one_sided: "سُمع طرف واحد فقط.", other: "انقطعت:",
      },
      told: "ما ذُكر:", speakers: { agent: "الموظف", customer: "العميل" },
      arrived: (frames, seconds, rate, level) => `${frames} إطارًا، ${seconds} ث بتردد ${rate} كيلوهرتز، أعلى صوت ${level} ديسيبل`,
      faulty: (n) => `${n} من الإطارات أو الرسائل كان بها خلل.`, unheard: "لم تُسمع فيها كلمات.",
      guide: (name) => `كيفية إعداد ${name}`,
    },
  },
};
