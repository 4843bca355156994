package entity

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"heed/insights"
)

func only(t *testing.T, call *insights.Call, text string) insights.Insight {
	t.Helper()
	u := insights.Utterance{ID: "u1", Speaker: insights.Customer, Text: text, Start: 10, End: 20, Confidence: 1}
	got := analyzer(t).Analyze(&u, call)
	if len(got) != 1 {
		t.Fatalf("%q: %+v", text, got)
	}
	return got[0]
}

func TestAnalyze(t *testing.T) {
	in := only(t, callOn("US", ""), "well i pay fifty four dollars")
	if in.Kind != insights.Entity || in.Name != Money || in.Text != "USD 54.00" || in.Value != 54 || in.Speaker != insights.Customer || in.UtteranceID != "u1" {
		t.Errorf("got %+v", in)
	}
	if in.Start <= 10 || in.End != 20 || !strings.HasPrefix(in.Model, "entity/2-") || in.Confidence < 0.9 {
		t.Errorf("got %+v", in)
	}
	u := insights.Utterance{Speaker: insights.Agent, Text: "that is fifty four dollars", Confidence: 0.5}
	got := analyzer(t).Analyze(&u, nil)
	if len(got) != 1 || got[0].Speaker != insights.Agent || got[0].Confidence >= in.Confidence {
		t.Errorf("heard with doubt, of the agent: %+v", got)
	}
}

func TestDatesWithoutTheCallsDay(t *testing.T) {
	for text, want := range map[string]string{
		"it came on the fourth of may": "--05-04", "call me next friday": "next friday", "that was three weeks ago": "three weeks ago",
		"i paid on the second": "---02", "we moved in june": "--06", "it was may fourth twenty twenty five": "2025-05-04",
	} {
		if in := only(t, &insights.Call{}, text); in.Name != Date || in.Text != want {
			t.Errorf("%q: %s %q, want %q", text, in.Name, in.Text, want)
		}
	}
}

// The same words on other days of the calendar.
func TestDatesCountFromTheCall(t *testing.T) {
	for _, c := range []struct{ day, say, want string }{
		{"2026-12-31", "call me tomorrow", "2027-01-01"},
		{"2026-01-05", "you charged me on december twenty eighth", "2025-12-28"},
		{"2026-03-31", "i paid last month", "2026-02"},
		{"2026-05-17", "come next monday", "2026-05-18"}, // a sunday: its week ends
		{"2026-05-18", "come next monday", "2026-05-25"},
		{"2026-05-18", "come on monday", "2026-05-25"},
		{"2026-05-18", "it was last monday", "2026-05-11"},
		{"2024-02-20", "it expires february twenty ninth", "2024-02-29"},
		{"2026-12-30", "i am away next week", "2027-W01"},
	} {
		day, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		if in := only(t, &insights.Call{StartedAt: day}, c.say); in.Text != c.want {
			t.Errorf("%s on %s: %q, want %q", c.say, c.day, in.Text, c.want)
		}
	}
}

func TestOtherLanguagesAreReadInDigits(t *testing.T) {
	call := callOn("DE", "")
	call.Language = "de"
	u := insights.Utterance{Speaker: insights.Customer, Text: "rufen sie mich an unter +49 30 901820 oder schreiben sie an anna@example.de es sind €12.50 am 2026-06-01 danke"}
	var got []string
	for _, in := range analyzer(t).Analyze(&u, call) {
		got = append(got, in.Name+" "+in.Text)
	}
	if strings.Join(got, "|") != "phone +4930901820|email anna@example.de|money EUR 12.50|date 2026-06-01" {
		t.Errorf("got %v", got)
	}
	u.Text = "ich bin der may und zahle twenty dollars"
	if got := analyzer(t).Analyze(&u, call); got != nil {
		t.Errorf("english was read in german: %+v", got)
	}
}

func TestWhatIsRemovedOrSecretIsNoEntity(t *testing.T) {
	for _, c := range []struct{ asked, say string }{
		{"", "[card number] [card code] [password]"},
		{"", "my order [number removed] was late"},
		{"", "my pin number is four four seven one"},
		{"what is your pin number", "four four seven one"},
		{"what is your card number please", "four one one one one one one one"},
		{"", "the security code is nine eight seven"},
		{"", "my social security number is five one nine eight two one three three four"},
	} {
		u := insights.Utterance{Speaker: insights.Customer, Text: c.say}
		if got := analyzer(t).Analyze(&u, callOn("US", c.asked)); got != nil {
			t.Errorf("%q: %+v", c.say, got)
		}
	}
}

func TestBadInput(t *testing.T) {
	a := analyzer(t)
	for _, text := range []string{
		"", " ", "\xff\xfe\xfd", "😀 😀", "أريد دفع ٥٠ دولار", "ես ուզում եմ վճարել", "ég vil borga fimm þúsund krónur",
		"$", "€", "@", "a@b", "[", "]", "[card", "-", "the", "+", "1/2/3/4", "99999999999999999999999", "$1e400", "0000-00-00", "24:99",
	} {
		u := insights.Utterance{Speaker: insights.Customer, Text: text, Start: 1, End: 2}
		if got := a.Analyze(&u, callOn("US", "")); len(got) > 0 {
			t.Errorf("%q: %+v", text, got)
		}
	}
	long := insights.Utterance{Speaker: insights.Customer, Text: strings.Repeat("i paid twenty dollars ", 2500)}
	if got := len(a.Analyze(&long, callOn("US", ""))); got < 100 || got > maxWords {
		t.Errorf("%d sums in a very long utterance", got)
	}
}

// check holds for whatever is said.
func check(t interface{ Fatalf(string, ...any) }, a *Analyzer, text string) {
	u := insights.Utterance{Speaker: insights.Customer, Text: text, Start: 3, End: 9}
	at := 0
	for _, in := range a.Analyze(&u, callOn("US", "what is your order number")) {
		e := in.Evidence[0]
		if e.From < 0 || e.To > len(text) || e.From >= e.To || e.From < at {
			t.Fatalf("%q: evidence %v", text, e)
		}
		if in.Text == "" || in.Confidence <= 0 || in.Confidence > 1 || in.Start < 3 || in.End > 9 {
			t.Fatalf("%q: %+v", text, in)
		}
		if at = e.From; strings.ContainsAny(text[e.From:e.To], "[]") {
			t.Fatalf("%q: what was removed is in %v", text, e)
		}
	}
}

func TestWhateverIsSaid(t *testing.T) {
	a := analyzer(t)
	words := strings.Fields(`i paid twenty nineteen ninety dollars and fifty cents on the third of may next friday last week order number is a four
		double seven at half past quarter to five p m plus two oh my name is maria keller in new york road lake one hundred thousand
		[card number] $25 3:30 05 2026-05-04 j dot smith gmail com fiber router three weeks ago . ?`)
	rapid.Check(t, func(t *rapid.T) {
		check(t, a, strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 25).Draw(t, "words"), " "))
	})
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range sentences(f, "spoken.txt")[:40] {
		f.Add(s.text)
	}
	f.Add("\xff [card number] ٥٠ (202) 555-0143.")
	a := analyzer(f)
	f.Fuzz(func(t *testing.T, text string) { check(t, a, text) })
}

func TestProducts(t *testing.T) {
	for text, want := range map[string]string{
		"version: 2\nproducts: [{name: A}]":                                             "a.yaml:1:",
		"version: 1\nproducts:\n  - title: A":                                           "a.yaml:3:",
		"version: 1\nproducts:\n  - name: A\n    said: []":                              "a.yaml:4:",
		"version: 1\nproducts:\n  - name: A\n    said: [x]\n  - name: B\n    said: [x]": "a.yaml:5:",
		"version: 1\nproducts:\n  - name: '...'":                                        "a.yaml:3:",
		"version: 1":                                                                    "a.yaml:1:",
	} {
		_, err := LoadProducts(fstest.MapFS{"a.yaml": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	one, err := LoadProducts(fstest.MapFS{"a.yaml": {Data: []byte("version: 1\nproducts:\n  - name: Big Box\n    said: [box of five hundred]")}})
	if err != nil {
		t.Fatal(err)
	}
	a := New(Options{Products: one})
	for _, say := range []string{"the box of five hundred please", "The box of 500, please.", "two big boxs", "a Big Box"} {
		u := insights.Utterance{Speaker: insights.Customer, Text: say}
		if got := a.Analyze(&u, nil); len(got) != 1 || got[0].Text != "Big Box" {
			t.Errorf("%q: %+v", say, got)
		}
	}
	if New(Options{}).model == a.model {
		t.Error("the model's name does not tell catalogues apart")
	}
}

func FuzzProducts(f *testing.F) {
	f.Add("version: 1\nproducts:\n  - name: A\n    said: [b, c d]\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := LoadProducts(fstest.MapFS{"a.yaml": {Data: []byte(text)}})
		if err == nil && len(c.byFirst) == 0 {
			t.Fatal("a catalogue of nothing")
		}
	})
}

func BenchmarkAnalyze(b *testing.B) {
	a := analyzer(b)
	call := callOn("US", "")
	u := insights.Utterance{Speaker: insights.Customer, Text: "hi um this is sarah i paid ninety nine dollars on the third of may for order seven seven two one and you can call me at two zero two five five five zero one four three"}
	b.ReportAllocs()
	for b.Loop() {
		a.Analyze(&u, call)
	}
}

func BenchmarkNothingNamed(b *testing.B) {
	a := analyzer(b)
	call := callOn("US", "")
	u := insights.Utterance{Speaker: insights.Customer, Text: "yeah hi um i was calling because i am very disappointed by your terrible service and nobody helps me"}
	b.ReportAllocs()
	for b.Loop() {
		a.Analyze(&u, call)
	}
}

// TestEnds reads the ends of days, weeks, months and years, on a wednesday.
func TestEnds(t *testing.T) {
	for say, want := range map[string]string{
		"by the end of the day": "2026-11-04", "by the end of the week": "2026-W45", "the end of next week please": "2026-W46",
		"before the end of this month": "2026-11-30", "until the end of next month": "2026-12-31", "by end of the year": "2026-12-31",
		"by the end of business day": "2026-11-04",
	} {
		call := callOn("US", "")
		call.StartedAt = time.Date(2026, 11, 4, 12, 0, 0, 0, time.UTC)
		if in := only(t, call, say); in.Name != Date || in.Text != want {
			t.Errorf("%q: %s %q, want %q", say, in.Name, in.Text, want)
		}
	}
}
