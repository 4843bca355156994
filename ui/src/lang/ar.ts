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

  // users

  // admin
  admin: {
    title: "الإدارة", parts: "أقسام الإدارة", notYours: "هذا القسم لمسؤولي النظام", notYoursHow: "اطلب منهم ما تحتاج إليه.",
    tabs: { keys: "مفاتيح API", audit: "من قرأ ماذا", platforms: "المنصات", engines: "المحركات", retention: "مدة الحفظ" },
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
    retention: {
      failed: "لم يتغير شيء", about: "يُحذف نهائيًا خلال ساعة ما تجاوز مدته. لا يُحذف شيء لقِدمه قبل تحديد مدة.",
      classes: { recordings: "التسجيلات", transcripts: "النصوص" },
      means: {
        recordings: "صوت المكالمات المنتهية. يبقى ما قيل مقروءًا.",
        transcripts: "الكلمات والملخصات وما فُهم من كل مكالمة، في البحث أيضًا. تبقى أرقام المكالمات مجتمعة.",
      },
      ever: "دائمًا", days: (n) => plural("ar", n, { one: "يوم واحد", two: "يومان", few: `${n} أيام`, other: `${n} يومًا` }), keep: "الاحتفاظ مدة",
      would: (calls, recordings, of) => (of === "recordings" ? `سيُحذف ${recordings} من التسجيلات من ${calls} من المكالمات.` : `سيُحذف ما قيل في ${calls} من المكالمات.`),
      wouldNot: "لن يُحذف شيء الآن.", set: "تحديد", leave: "ترك",
      holds: "الحجز القانوني", holdsHow: "لا يُحذف المحجوز لقِدمه. يستمر المحو بطلب العميل.", noHolds: "لا شيء محجوز.",
      newHold: "حجز", holdOf: "ماذا", ofCall: "مكالمة", ofCustomer: "عميل", id: "المعرّف", why: "السبب، مثل رقم القضية", lift: "رفع", liftOne: (why) => `رفع الحجز ${why}`,
      deleted: "حُذف لقِدمه", nothing: "لا شيء بعد.", calls: (n) => plural("ar", n, { one: "مكالمة واحدة", two: "مكالمتان", few: `${n} مكالمات`, other: `${n} مكالمة` }),
      changes: "من حدد ماذا", noChanges: "لم يحدد أحد مدة: يُحتفظ بكل شيء.",
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
