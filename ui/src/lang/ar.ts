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

  // call: one call after the fact, or while it runs.
  call: {
    cannotShow: "تعذّر عرض هذه المكالمة",
    backToCalls: "العودة إلى المكالمات",
    unknown: "متصل غير معروف",
    withAgent: (name) => `مع ${name}`,
    isLive: "هذه المكالمة جارية الآن.", openDesk: "افتحها على المكتب",
    recoveredCall: "توقف Heed أثناء هذه المكالمة. أُغلقت المكالمة عند التشغيل التالي، وما لم يُدوَّن سُمع من جديد من التسجيل. السطور الناتجة عن ذلك معلَّمة.",
    incomplete: (seconds) => `التسجيل غير كامل: تعذّر حفظ ${seconds} ث. أوقات ما بقي صحيحة.`,
    refused: "لم يرغب المتصل في التسجيل: لا يُحفظ شيء مما قيل.",
    neverAgreed: "سُئل المتصل عن التسجيل ولم يوافق: لا يُحفظ شيء مما قيل.",
    pausedAt: (stretches) => `أُوقف التسجيل مؤقتًا فلم يُحفظ شيء: ${stretches}.`,
    recordingLost: "فُقد تسجيل هذه المكالمة. كُتب النص أثناء الكلام.",

    heardLater: "يمكن سماع التسجيل بعد انتهاء المكالمة.",
    noRecording: "لم يُحفظ تسجيل لهذه المكالمة.",
    broken: "تعذّر تشغيل التسجيل هنا.",
    play: "تشغيل", pause: "إيقاف مؤقت", speed: "السرعة",
    position: "الموضع في التسجيل",
    of: (at, length) => `${at} من ${length}`,
    playFrom: (at) => `شغّل من ${at}`,
    recordingKeys: "التسجيل",
    playOrPause: "تشغيل أو إيقاف مؤقت", back5: "5 ثوانٍ إلى الوراء", on5: "5 ثوانٍ إلى الأمام", slower: "أبطأ", faster: "أسرع",
    skipSilence: "تخطّي الصمت",
    repeat: "تكرار", repeating: "يتكرر",
    repeatHow: "يكرر تشغيل السطور المحددة، أو السطر الجاري",
    repeatKey: "كرّر السطور المحددة أو هذا السطر، أو أنهِ التكرار",
    follow: "تابع ما يُشغَّل",
    shades: { overlap: "كلاهما يتكلم", silence: "لا أحد يتكلم", paused: "غير مسجَّل", removed: "محذوف" },
    moments: "لحظات", suggestion: "اقتراح", comment: "تعليق",
    picture: (what) => `تُظهر الصورة: ${what}.`,
    pictureEmpty: "تُظهر الصورة علوّ صوت كل طرف.",
    shadeTold: (what, n, times, length) => plural("ar", n, {
      zero: `${what}: لا شيء`, one: `${what}: مرة واحدة، ${length}`, two: `${what}: مرتان، ${length} في المجموع`, few: `${what}: ${times} مرات، ${length} في المجموع`,
      many: `${what}: ${times} مرة، ${length} في المجموع`, other: `${what}: ${times} مرة، ${length} في المجموع`,
    }),
    momentsTold: (n, text) => plural("ar", n, { zero: "لا لحظات", one: "لحظة واحدة", two: "لحظتان", few: `${text} لحظات`, many: `${text} لحظة`, other: `${text} لحظة` }),
    asList: (n, text) => plural("ar", n, {
      zero: "القائمة فارغة", one: "الشيء نفسه قائمةً، بند واحد", two: "الشيء نفسه قائمةً، بندان", few: `الشيء نفسه قائمةً، ${text} بنود`, many: `الشيء نفسه قائمةً، ${text} بندًا`, other: `الشيء نفسه قائمةً، ${text} بند`,
    }),
    notListed: (n) => `${n} أخرى غير مدرجة.`,

    said: "ما قيل",
    nothingHeard: "لم يُسمع شيء في هذه المكالمة.", nothingHeardYet: "لم يُسمع شيء بعد.",
    moreSounds: (n, text) => plural("ar", n, {
      zero: "لا أصوات أخرى.", one: "صوت آخر، كالرنين، غير مدرج.", two: "صوتان آخران، كالرنين، غير مدرجين.", few: `${text} أصوات أخرى، كالرنين، غير مدرجة.`, many: `${text} صوتًا آخر، كالرنين، غير مدرجة.`, other: `${text} صوت آخر، كالرنين، غير مدرجة.`,
    }),
    asHeard: "الكلمات كما سُمعت", asHeardHow: "اعرض الكلمات كما سُمعت، بلا علامات ولا أرقام",
    recovered: "مستعاد", recoveredHow: "سُمع من جديد من التسجيل",
    removedHow: "حُذف قبل حفظ أي شيء",
    find: "ابحث في هذه المكالمة", findKeys: "البحث في المكالمة", nextMatch: "النتيجة التالية", lastMatch: "النتيجة السابقة",
    matchOf: (at, n) => `${at} من ${n}`, noMatch: "لا نتيجة",
    correct: "صحّح", correctAt: (at) => `صحّح ما قيل عند ${at}`,
    saidAt: (at) => `ما قيل عند ${at}`,
    corrected: "مصحَّح", correctedBy: (name, at) => `بواسطة ${name}، ${at}`,
    heard: "سُمع:", undoCorrection: "تراجع عن التصحيح",
    notSaved: "لم يُحفظ",
    history: "السجل", neverCorrected: "لم يصحّحه أحد.", tookBack: "تُراجع عنه",
    somebody: "شخص ما",
    save: "احفظ", cancel: "إلغاء", undo: "تراجع", enterKey: "Enter", escapeKey: "Esc",

    comments: "التعليقات",
    noComments: "اكتب ما ينبغي أن يعرفه غيرك عن هذه المكالمة.",
    addComment: "علّق", newComment: "تعليق", editComment: "تعديل التعليق",
    commentKey: "علّق على ما يُشغَّل", commentHere: "علّق", commentAt: (at) => `علّق على ما قيل عند ${at}`,
    atSecond: (at) => `عند ${at}`,
    edited: "معدَّل", edit: "عدّل", remove: "احذف",
    commentRemoved: "حُذف التعليق.", commentFailed: "لم يُحفظ التعليق",

    excerpts: "ترجمات ومقاطع",
    subtitlesIn: (format) => `ترجمة نصية (${format})`,
    excerptsHow: "ما حُذف من المكالمة ليس فيها. ويُدوَّن مع المكالمة أنك أخذتها.",
    clip: "مقطع من التسجيل", clipFrom: "من", clipTo: "إلى", clipSelected: "من السطور المحددة",
    clipWho: "من", both: "كلاهما", agent: "الموظف", customer: "العميل", clipFormat: "الصيغة",
    listen: "استمع", saveClip: "احفظ المقطع", itsSubtitles: "ترجمته النصية",
    selectFirst: "حدد أولًا بعض سطور المكالمة.",
    twoTimes: "أدخل وقتين مثل 12.5 أو 1:04، والثاني بعد الأول.",
    seconds: (n) => `${n} ث`, percent: (n) => `${n} %`,

    madeOfIt: "ما فهمه Heed منها",
    summary: "الملخص",
    parts: { issue: "المسألة", done: "ما أُنجز", promise: "ما وُعد به", next_step: "التالي", outcome: "النتيجة" },
    fromWords: "من كلام المكالمة.",
    fromModel: (name) => `كتبه النموذج اللغوي ${name}. قارنه بما قيل.`,
    copy: "انسخ", copied: "نُسخ", notCopied: "لا يسمح هذا المتصفح بالنسخ",
    understood: "ما فُهم",
    mood: "المزاج", lowest: "الأدنى", annoyed: "انزعاج", wants: "يريد", about: "عن", momentsHeard: "سُمع", promisedBy: "الموعد",
    named: "ذُكر", spotted: "رُصد", talk: "الكلام", measure: "المقياس",
    playGarbled: (at) => `شغّل من ${at}؛ في النص كلمات أخرى هناك`,
    talkNames: {
      talk_ratio: "حصة الكلام", speaking_time: "مدة الكلام", longest_silence: "أطول صمت", longest_monologue: "أطول كلام متصل", words_per_minute: "كلمات في الدقيقة",
      overlap: "معًا في آن", dead_air: "الصمت", hold: "على الانتظار", holds: "مرات الانتظار", longest_hold: "أطول انتظار", interruptions: "المقاطعات", first_answer: "أول رد",
    },

    suggestions: "الاقتراحات", noSuggestions: "لم يُقرَّر شيء في هذه المكالمة.", nothingToSuggest: "لا شيء يُقترح",
    inARow: "عدد مرات تقريره على التوالي",
    sameBefore: (n, text) => plural("ar", n, {
      zero: "لا شيء قبله", one: "واحد قبله بالاقتراح الأول نفسه", two: "اثنان قبله بالاقتراح الأول نفسه", few: `${text} قبله بالاقتراح الأول نفسه`, many: `${text} قبله بالاقتراح الأول نفسه`, other: `${text} قبله بالاقتراح الأول نفسه`,
    }),
    netHow: "P × C × V × L ناقص الإزعاج",
    why: "لماذا؟",
    notChosen: (n, text) => plural("ar", n, { zero: "لا شيء استُبعد", one: "واحد لم يُختر، ولماذا", two: "اثنان لم يُختارا، ولماذا", few: `${text} لم تُختر، ولماذا`, many: `${text} لم تُختر، ولماذا`, other: `${text} لم تُختر، ولماذا` }),
    bySource: (of) => `بحسب ${of}.`,
    outcomes: "النتائج", noOutcomes: "لم يُجب عن أي اقتراح.",
    outcomeNames: {
      accepted: "قُبل", dismissed: "صُرف", later: "لاحقًا", rejected: "رُفض", clicked: "نُقر", converted: "أُنجز", opted_out: "انسحب",
      no_response: "لا جواب", impression: "عُرض", overridden: "استُبدل", not_done: "قُبل ولم يُنجز",
    },
    overridden: (title) => `استُبدل: أُخذ «${title}» مكانه.`,
    notDone: "قُبل ولم يتحقق في وقته.",
    you: "أنت", by: (name) => `بواسطة ${name}`, heardInCall: "سُمع في المكالمة",
    heardAnswers: "سُمع في المكالمة", noAnswerHeard: "عُرض ولم يُسمع جواب",
    confirm: "أكّد", confirmed: "أُكّد.", misheard: "سُمع خطأ", wasMisheard: "سُمع خطأ.", takeThatBack: "تراجع عن ذلك",

    came: "كيف وصل صوتها", cameBy: (platform) => `كيف وصل صوتها عبر ${platform}`,
    stream: {
      frames: "الإطارات", lost: "لم تصل أو تأخرت كثيرًا", late: "وصلت بعد ملء مكانها", duplicates: "وصلت مرتين", garbage: "لم تُفهم",
      dropped: "تُركت حين تأخر المحرك", gaps: "الفجوات", gapTime: "طول كل الفجوات", reconnects: "مرات إعادة الاتصال",
      customerLater: "تأخر صوت العميل بمقدار", agentLater: "تأخر صوت الموظف بمقدار", drift: "تباعدت الساعتان وعُوِّض ذلك",
    },
  },

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

  // customers: the list of them, and what waits to be decided.
  customers: {
    title: "العملاء",
    waiting: (n, text) => plural("ar", n, {
      zero: "لا شيء ينتظر القرار.", one: "أمر واحد ينتظر القرار بشأن هوية العملاء.", two: "أمران ينتظران القرار بشأن هوية العملاء.", few: `${text} أمور تنتظر القرار بشأن هوية العملاء.`, many: `${text} أمرًا تنتظر القرار بشأن هوية العملاء.`, other: `${text} أمر تنتظر القرار بشأن هوية العملاء.`,
    }),
    decide: "قرّر",
    none: "لا عملاء بعد", noneHow: "ينشأ العميل بأول مكالمة له أو أول حدث.",
    notFound: "لم يُعثر على أحد", notFoundHow: "يكفي جزء من اسم أو رقم أو عنوان.",
    more: "اعرض المزيد", findBy: "اسم أو رقم أو عنوان", find: "ابحث",
    nameless: "بلا اسم", since: (year) => `منذ ${year}`,
    toDecide: "بانتظار القرار",
    reviewsHow: "لا يُدمج أحد ولا يُضاف شيء بدليل ضعيف. ما وصل يبقى هنا إلى أن يُقرَّر.",
    nothingWaits: "لا شيء ينتظر", lookThrough: "تصفّح العملاء",
    areOne: "هما شخص واحد", addThem: "أضفها", leaveIt: "اتركه",
    sameOf: (type) => `جاء عميلان بالقيمة نفسها (${type}):`,
    moreOf: (type) => `جاء عميل واحد بأكثر مما يكون لشخص واحد (${type}):`,
    firstOne: "الأول", otherOne: "الآخر",
    times: (n, text) => plural("ar", n, { zero: "ولا مرة", one: "مرة واحدة", two: "مرتان", few: `${text} مرات`, many: `${text} مرة`, other: `${text} مرة` }),
    notLoaded: "لم تصل قائمة العملاء", queueNotLoaded: "لم تصل قائمة الانتظار", notDecided: "لم يُقرَّر", searchFailed: "فشل البحث",
  },

  // customer: one of them.
  customer: {
    page: "العميل",
    nameless: "عميل بلا اسم", since: (year) => `منذ ${year}`,
    takenForOne: (n, text) => plural("ar", n, { zero: "لا أحد", one: "شخص واحد", two: "اثنان عُدّا واحدًا", few: `${text} عُدّوا واحدًا`, many: `${text} عُدّوا واحدًا`, other: `${text} عُدّوا واحدًا` }),
    notLoaded: "لم تصل بيانات العميل", noTimeline: "لم يصل السجل الزمني", noConsent: "لم تصل الموافقات", noExplanation: "لم يصل الشرح",
    undo: "تراجع",
    happened: "ما حدث", show: "اعرض", all: "الكل",
    kinds: {
      call: "المكالمات", signal: "ما قيل", gate: "الرسائل", fact: "الطلبات والوقائع", decision: "القرارات", outcome: "الأجوبة", consent: "الموافقة",
      identifier: "الهوية", trait: "الصفات", activity: "الزيارات",
    },
    nothing: "لم يحدث شيء بعد.", nothingOfKind: "لا شيء من هذا النوع.", earlier: "اعرض الأقدم",
    called: "اتصل بنا", weCalled: "اتصلنا به", consentTo: (what) => `موافقة على ${what}`, suggestion: "اقتراح",
    answers: { accepted: "قال نعم لـ", rejected: "قال لا لـ", later: "أجّل", dismissed: "لم يُعرض", converted: "أُنجز", clicked: "نقر", no_response: "بلا جواب عن", opted_out: "انسحب من" },
    couldBeSent: "جاز إرسالها", heldBack: "حُجبت", heldBy: (what, by) => `${what}، بسبب ${by}`,
    why: "لماذا", considered: "ما نُظر فيه أيضًا", bySource: (of) => `بحسب ${of}.`,

    consent: "الموافقة", changeConsent: "غيّرها",
    allowedNow: "ما هو مسموح الآن", allowedThen: "ما كان مسموحًا حينها",
    cellAct: "اضغط لمعرفة السبب", moveToCell: "انتقل إلى خانة لترى سبب حالها.",
    saidBy: (source, day) => `المصدر ${source} في ${day}.`, hearIt: "استمع إليه",

    known: "ما هو معروف",
    toDecide: "بانتظار القرار", decideIt: "قرّر",
    openIssues: "مفتوح", contacts: "آخر الاتصالات",
    signals: "الإشارات", noEvidence: "لا شيء يدل عليه الآن",
    reasons: (n, text) => plural("ar", n, { zero: "بلا أسباب", one: "سبب واحد يخبو", two: "سببان يخبوان", few: `${text} أسباب تخبو`, many: `${text} سببًا تخبو`, other: `${text} سبب تخبو` }),
    fades: (left, half, gone) => `بقي منه ${left} %، ينتصف كل ${half} يوم، ويزول في ${gone}`,
    traits: "الصفات", until: (day) => `حتى ${day}`, yes: "نعم", no: "لا",
    traitKinds: { declared: "قاله بنفسه", verified: "مُثبت", observed: "شوهد", inferred: "استُنتج" },
    recognised: "يُعرف بـ", noIdentifier: "لا شيء بعد: الرقم محجوب.", lastSeen: "آخر ظهور",
    types: { user_id: "معرّف المستخدم", email: "بريد إلكتروني", phone: "هاتف", device: "جهاز" },
    idStates: { verified: "مؤكَّد", candidate: "غير مؤكَّد", shared: "يستخدمه عدة أشخاص" },
    one: "عُدّوا واحدًا",
    grounds: { login: "دخول من الجهاز نفسه", agent: "أكّده الموظف", caller: "أثبته المتصل", operator: "دُمج يدويًا" },
    wasParted: "فُصلا", part: "افصلهما",
    mergeWith: "ادمج مع عميل آخر",
    mergeDoes: "يُقرأ الاثنان بعدها كشخص واحد: ما حدث وما هو معروف والإشارات معًا، وحيث يختلف المسموح به يؤخذ بالجواب الأشد. يمكن التراجع عن ذلك بلا أثر.",
    findOther: "اسم العميل الآخر أو رقمه أو عنوانه", merge: "ادمج",
    merged: "عُدّا شخصًا واحدًا.", parted: "فُصلا.", notMerged: "لم يُدمجا", notParted: "لم يُفصلا",
  },

  // privacy: what people allow, for who answers for it.
  privacy: {
    title: "الخصوصية",
    notYours: "هذه الشاشة لمسؤولي الخصوصية", notYoursHow: "اطلب رابطًا من مدير النظام:",
    findPerson: "ابحث عن شخص", notFound: "لم يُعثر على أحد. يكفي جزء من اسم أو رقم.",
    undoLast: "تراجع عن آخر تغيير", backToNow: "العودة إلى الآن",
    allPeople: "كل الأشخاص", receipt: "إيصال", receiptJson: "إيصال للبرامج",
    at: "عند", backNow: "الآن", failed: "لم ينجح ذلك",
    asOf: "كما في", now: "الآن", changeBefore: "التغيير السابق", changeAfter: "التغيير التالي", onToNow: "إلى الآن",
    chain: "السلسلة سليمة", chainHow: "كل سطر يتبع ما قبله، ولم يُغيَّر أي منها", chainBroken: "السلسلة مكسورة: غُيِّر سطر أو أُزيل",
    beingTold: "يجري إبلاغ كل الأنظمة.", undo: "تراجع",
    turned: (state, cell) => `${state}: ${cell}.`,
    turnHow: "نقرة تقلب الخانة: من نعم إلى لا، أو إلى نعم بالكلمات أدناه", turnAct: "انقر لتقلبها",
    toAllow: "للسماح بذلك يُسأل:",
    knewAll: "ما كان صحيحًا كان معروفًا.",
    differ: (n, text) => plural("ar", n, {
      zero: "لا جواب يختلف.", one: "جواب واحد يختلف: عُرف شيء لاحقًا.", two: "جوابان يختلفان: عُرف شيء لاحقًا.", few: `${text} أجوبة تختلف: عُرف شيء لاحقًا.`, many: `${text} جوابًا تختلف: عُرف شيء لاحقًا.`, other: `${text} جواب تختلف: عُرف شيء لاحقًا.`,
    }),
    wasTrue: "ما كان صحيحًا", weKnew: "ما كنا نعرفه", askAct: "انقر لتسأل", askHow: "انقر خانة لتسأل هل كان ذلك مسموحًا حينها.",
    inTruth: "في الحقيقة:", asKnown: "بحسب ما كان معروفًا:",
    purpose: "الغرض", inGeneral: "عمومًا", contract: "العقد",
    cell: (cell, state, act) => `${cell}: ${state}. ${act}`,
    provisional: (state) => `${state}، سُمع ولم يُؤكَّد`,
    purposes: {
      service: "الخدمة", marketing: "العروض", profiling: "اختيار ما يناسب", research: "البحث",
      recording: "تسجيل المكالمات", tracking: "حفظ السجل", processing: "أي استخدام للبيانات", sale_share: "المشاركة للإعلان",
    },
    channels: { agent: "الموظف", call: "الهاتف", email: "البريد", post: "رسالة ورقية", push: "التطبيق", sms: "رسالة نصية", web: "الموقع" },
    states: { granted: "مسموح", denied: "مرفوض", withdrawn: "سُحب", expired: "انقضى", unknown: "غير معروف" },
    byChannel: (channel) => `عبر ${channel}`, comma: "، ",

    history: "ما كُتب", noHistory: "لا شيء بعد. غير المعروف ليس نعم.", more: "اعرض المزيد",
    lifted: "أُلغي لأنه خطأ", confirmedState: (state) => `${state}، مؤكَّد`, heardState: (state) => `${state}، سُمع`,
    mistake: "كان خطأ", confirmedSince: "أُكّد بعدها", waits: "ينتظر جوابًا",
    confirm: "أكّد", misheard: "سُمع خطأ",
    toldOf: (n, of) => `أكّد ${n} من ${of}`,
    checkedBy: "تحقق منه", learnt: "عُرف", saidAt: (at) => `قيل عند ${at}`,
    asked: "سُئل:", version: (id, version, language) => `${id}، إصدار ${version}، ${language}`, saidWords: "قال:", evidence: "الدليل:",
    knows: { waiting: "لم يُبلَّغ بعد", told: "أُبلغ ولم يؤكد", confirmed: "أكّد", mismatch: "يرى شيئًا آخر" },
    late: { late: "أكثر من ساعة", overdue: "أكثر من يوم" },

    forget: "انسَ هذا الشخص",
    forgetHow: "يُتلف مفتاح كل ما يُحفظ عنه: المكالمات والتسجيلات والملف والموافقات، هنا وفي كل نسخة احتياطية. لا تعيده عناوينه. لا يمكن التراجع عن ذلك.",
    typeWord: "للمتابعة اكتب", forgetting: "يجري النسيان…", forgetForGood: "انسَ نهائيًا",
    notErased: "لم يُمحَ الشخص", forgotten: "لم يبق شيء عن هذا الشخص.",
    forgottenLater: "هو في مكالمة الآن. يُنسى حين تنتهي، ولا يُعرف عنه المزيد.",
    certificate: "شهادة",
  },

  // status

  // decisions

  // account

  // users

  // admin
};
