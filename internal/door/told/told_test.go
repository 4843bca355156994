package told_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/door/texts"
	"heed/internal/door/told"
)

var noon = time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)

func teller(t *testing.T) *told.Teller {
	t.Helper()
	set, err := texts.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return told.New(set, time.UTC)
}

// happened is a signal with the days before noon on which a label was noted.
func happened(label, call string, days ...int) decide.Reason {
	r := decide.Reason{Kind: "signal", Name: customer.ChurnRisk, Value: 0.75}
	for i, d := range days {
		r.Evidence = append(r.Evidence, customer.Evidence{EventID: fmt.Sprint(label, i), Label: label, Weight: 1, At: noon.AddDate(0, 0, -d), CallID: call, Quote: "secret words"})
	}
	return r
}

func feature(name string) decide.Reason {
	return decide.Reason{Kind: "feature", Name: name, LogOdds: 0.4, Tellable: true}
}

func TestWhyInTheLanguageOfThePerson(t *testing.T) {
	t.Parallel()
	teller := teller(t)
	for name, c := range map[string]struct {
		reasons []decide.Reason
		en, ar  string
	}{
		"twice": {
			[]decide.Reason{happened("page.cancel", "", 0, 2)},
			"You see this because you looked at the page about cancelling twice, most recently on 3 May 2026.",
			"ترى هذا لأنك نظرت في صفحة الإلغاء مرتين، آخرهما في ٣ مايو ٢٠٢٦.",
		},
		"often, and in a call": {
			[]decide.Reason{happened("cart.add", "", 1, 2, 3), happened("intent.price_question", "c1", 2)},
			"You see this because you put something into the cart 3 times, most recently on 2 May 2026, and because you asked about a price in a call on 1 May 2026.",
			"ترى هذا لأنك وضعت شيئًا في السلة ٣ مرات، آخرها في ٢ مايو ٢٠٢٦، ولأنك سألت عن سعر في مكالمة بتاريخ ١ مايو ٢٠٢٦.",
		},
		"eleven times, of which three are named": {
			[]decide.Reason{{Kind: "policy", Name: "purchase", Value: 11, Evidence: happened("purchase", "", 4, 5, 6).Evidence}},
			"You see this because you bought something 11 times, most recently on 29 April 2026.",
			"ترى هذا لأنك اشتريت شيئًا ١١ مرة، آخرها في ٢٩ أبريل ٢٠٢٦.",
		},
		"what the page showed, and what spoke against": {
			[]decide.Reason{{Kind: "context", Name: "theme.roaming", Effect: "+"}, {Kind: "context", Name: "intent.complaint", Effect: "-", Evidence: happened("intent.complaint", "c1", 0).Evidence}},
			"You see this because you spoke about travelling.",
			"ترى هذا لأنك تحدثت عن السفر.",
		},
		"the same words twice": {
			[]decide.Reason{happened("intent.refund", "c1", 0), happened("theme.refund", "c1", 0)},
			"You see this because you asked for a refund in a call on 3 May 2026.",
			"ترى هذا لأنك طلبت استرداد مبلغ في مكالمة بتاريخ ٣ مايو ٢٠٢٦.",
		},
		"what they have": {
			[]decide.Reason{feature("plan=basic"), feature("tenure=36-60m"), feature("products=2")},
			"You see this because you are on the plan basic, because you have been with us for 36 to 60 months, and because you have 2 products of ours.",
			"ترى هذا لأنك على باقة \u2068basic\u2069، ولأنك معنا منذ ٣٦ إلى ٦٠ شهرًا، ولأن لديك منتجين من منتجاتنا.",
		},
		"the ends of the bins": {
			[]decide.Reason{feature("tenure=<3m"), feature("purchases=>=5"), feature("contacts=4")},
			"You see this because you have been with us for less than 3 months, and because you bought something 5 times or more in a year.",
			"ترى هذا لأنك معنا منذ أقل من ٣ أشهر، ولأنك اشتريت ٥ مرات أو أكثر خلال سنة.",
		},
		"only what was concluded": {
			[]decide.Reason{happened("sentiment", "c1", 0), {Kind: "feature", Name: "mood=-0.3", LogOdds: 2}},
			"You see this because of what we know about you. You can read and correct all of it.",
			"ترى هذا بناءً على ما نعرفه عنك. يمكنك قراءة كل ذلك وتصحيحه.",
		},
		"nothing of theirs": {
			[]decide.Reason{{Kind: "lever", Name: "sell more (board)"}},
			"You see this because it may be useful to any of our customers.",
			"ترى هذا لأنه قد يفيد أيًّا من عملائنا.",
		},
	} {
		d := decide.Decision{At: noon, Channel: "web", Actions: []decide.Choice{{Reasons: c.reasons}}}
		for tag, want := range map[string]string{"en": c.en, "ar": c.ar} {
			if _, got := teller.In(d, tag); got[0].Because != want {
				t.Errorf("%s:\n%s, want\n%s", name, got[0].Because, want)
			}
		}
	}
	d := decide.Decision{Actions: []decide.Choice{{Because: decide.Unwanted}}}
	if tag, got := teller.In(d, "", "fr, ar;q=0.5"); tag != "ar" || got[0].Because != "لم نعد نحتفظ بما استند إليه هذا." {
		t.Errorf("%s: %q", tag, got[0].Because)
	}
}

func TestGround(t *testing.T) {
	t.Parallel()
	teller := teller(t)
	yes := decide.Permission{Purpose: consent.Marketing, Basis: "consent", State: consent.Granted, Since: noon, Source: "web preference centre"}
	for want, c := range map[string]struct {
		channel string
		p       decide.Permission
	}{
		"You said yes to calls with offers on 3 May 2026 (our website).": {"call", yes},
		"You said yes to offers on 3 May 2026 (our website).":            {"pigeon", yes},
		"This is part of serving you as our customer.":                   {"call", decide.Permission{Purpose: consent.Service, Basis: "contract"}},
	} {
		d := decide.Decision{Channel: c.channel, Actions: []decide.Choice{{AllowedBy: c.p}}}
		if _, got := teller.In(d, "en"); got[0].Ground != want {
			t.Errorf("%q, want %q", got[0].Ground, want)
		}
	}
	d := decide.Decision{Channel: "email", Actions: []decide.Choice{{AllowedBy: yes}}}
	if _, got := teller.In(d, "ar"); got[0].Ground != "وافقت على العروض بالبريد الإلكتروني في ٣ مايو ٢٠٢٦ (\u2068موقعنا\u2069)." {
		t.Errorf("%q", got[0].Ground)
	}
}

// mark is in everything that a person may not be told.
const mark = "untold"

// secret draws a reason that tells nothing which may be told.
func secret(t *rapid.T) decide.Reason {
	inferred := []string{"sentiment", "mood.annoyed", "mood." + mark, "inferred." + mark, "health." + mark, "intent." + mark, "theme." + mark, mark, ""}
	r := decide.Reason{
		Kind:  rapid.SampledFrom([]string{"signal", "context", "policy", "lever", "influence", "feature", "model"}).Draw(t, "kind"),
		Name:  rapid.SampledFrom([]string{mark, "churn_risk", "plan=" + mark, "tenure=36-60m", "vulnerable=" + mark}).Draw(t, "name"),
		Value: 0.7, LogOdds: rapid.Float64Range(-3, 3).Draw(t, "log-odds"),
	}
	for range rapid.IntRange(0, 4).Draw(t, "pieces") {
		r.Evidence = append(r.Evidence, customer.Evidence{
			EventID: mark, Label: rapid.SampledFrom(inferred).Draw(t, "label"), Weight: 1, At: noon, Quote: mark, CallID: rapid.SampledFrom([]string{"", mark}).Draw(t, "call"),
		})
	}
	return r
}

// Whatever the decision, the person reads no fact that may not be told: what
// may not be told changes not a word of what they read, but for the one sentence
// that says that there is more.
func TestNothingIsToldThatMayNotBe(t *testing.T) {
	t.Parallel()
	teller := teller(t)
	rapid.Check(t, func(t *rapid.T) {
		var open []decide.Reason
		for _, label := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"page.cancel", "intent.cancel", "purchase", "cart.add"}), rapid.ID[string]).Draw(t, "open") {
			open = append(open, happened(label, "", 1))
		}
		all := slices.Clone(open)
		for range rapid.IntRange(1, 5).Draw(t, "secrets") {
			all = slices.Insert(all, rapid.IntRange(0, len(all)).Draw(t, "at"), secret(t))
		}
		read := func(reasons []decide.Reason, lang string) string {
			c := decide.Choice{Action: mark, Title: "T", Say: mark, Avoid: mark, Because: mark, Reasons: reasons}
			d := decide.Decision{At: noon, Channel: "web", Because: mark, Actions: []decide.Choice{c}, Readings: []customer.Reading{{Name: mark}}}
			_, got := teller.In(d, lang)
			return got[0].Title + " " + got[0].Because + " " + got[0].Ground
		}
		known := map[string]string{"en": "because of what we know about you", "ar": "بناءً على ما نعرفه عنك"}
		for lang, general := range known {
			with, without := read(all, lang), read(open, lang)
			switch {
			case strings.Contains(with, mark) || strings.Contains(with, "did."):
				t.Fatalf("told: %s", with)
			case len(open) > 0 && with != without:
				t.Fatalf("%s\nand without what may not be told\n%s", with, without)
			case len(open) == 0 && with != without && !strings.Contains(with, general):
				t.Fatalf("told of nothing that may be: %s", with)
			}
		}
	})
}

// Every label of the phrases that agents read either has words in each language
// or is one that nobody is told.
func TestEveryTellableLabelHasWords(t *testing.T) {
	t.Parallel()
	set, err := texts.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, label := range decide.Phrased() {
		for _, l := range set.Languages() {
			if decide.Tellable(label) && !l.Has("did."+label) && !slices.Contains(mute, label) {
				t.Errorf("%s: no words for %s", l.Tag, label)
			}
		}
	}
}

// mute are labels that are no reason for a suggestion: what was said of the
// recording, and what we promised.
var mute = []string{"intent.do_not_record", "intent.may_record", "moment.promise", "moment.commitment"}
