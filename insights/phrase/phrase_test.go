package phrase

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/insights"
	"heed/insights/spoken"
)

func rules() []Rule {
	return []Rule{
		{
			Name: "late", Title: "Late", Phrases: []string{"deliver* ... late", "parcel|package ... late", "still not here"},
			Unless: []string{"not late", "late fee*"},
		},
		{Name: "leave", Title: "Leaving", Speaker: insights.Customer, Phrases: []string{"cancel ... contract", "don't want it", "cancel"}},
	}
}

// matched gives what a text matches, as name=words.
func matched(m *Matcher, who insights.Speaker, text string) []string {
	var out []string
	for _, f := range m.Find(who, spoken.Words(text)) {
		for _, s := range f.Spans {
			out = append(out, f.Rule.Name+"="+text[s.From:s.To])
		}
	}
	return out
}

func TestFind(t *testing.T) {
	m := Compile(rules())
	for _, c := range []struct {
		who  insights.Speaker
		text string
		want []string
	}{
		{insights.Agent, "the Delivery was uh very late", []string{"late=Delivery was uh very late"}},
		{insights.Agent, "the delivery was not late", nil},
		{insights.Agent, "delivered and a late fee", nil},
		{insights.Agent, "my package, is late!", []string{"late=package, is late"}},
		{insights.Agent, "parcel one two three four five six late", []string{"late=parcel one two three four five six late"}},
		{insights.Agent, "parcel one two three four five six seven late", nil},
		{insights.Agent, "cancel it", nil},
		{insights.Customer, "cancel it", []string{"leave=cancel"}},
		{insights.Customer, "cancel my contract, i do not want it, cancel", []string{"leave=cancel my contract", "leave=do not want it", "leave=cancel"}},
		{insights.Customer, "i don't want it", []string{"leave=don't want it"}},
		{insights.Customer, "it's late and the parcel is still not here so cancel", []string{"late=still not here", "leave=cancel"}},
		{insights.Customer, "", nil},
		{insights.Customer, "\xff\xfe", nil},
		{insights.Customer, "لا أريد", nil},
	} {
		if diff := cmp.Diff(c.want, matched(m, c.who, c.text)); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
}

func TestCheck(t *testing.T) {
	for phrase, want := range map[string]string{
		"late delivery": "", "deliver* ... late|slow": "", "don't": "",
		"":                "got nothing",
		"... late":        "between words",
		"late ...":        "between words",
		"a ... ... b":     "twice in a row",
		"de*livery":       "a star ends a stem",
		"de*":             "three letters or more",
		"late|":           "expected a word",
		"!!!":             "expected a word",
		"uh":              "expected a word",
		"deliver*|l* now": "three letters or more",
	} {
		if got := Check(phrase); got != "" && want == "" || !strings.Contains(got, want) {
			t.Errorf("%q: got %q, want %q", phrase, got, want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	const head = "version: 1\nthemes:\n  - name: a\n    title: A\n    phrases: [one]\n"
	for _, c := range []struct{ yaml, want string }{
		{head, ""},
		{head + "    speaker: any\n    unless: [two]\n", ""},
		{head + "    speaker: boss\n", "x.yaml:6: expected speaker any, customer or agent"},
		{head + "    unles: [two]\n", `x.yaml:6: unknown field "unles", expected one of name, title, speaker, phrases, unless`},
		{head + "    unless: [two, two]\n", `x.yaml:6: phrase "two" is given twice`},
		{head + "  - name: a\n    title: A\n    phrases: [two]\n", `x.yaml:6: "a" is defined twice`},
		{head + "  - name: b\n    title: A\n    phrases:\n      - fine\n      - a*\n", `x.yaml:10: phrase "a*": expected a word, or a stem`},
		{head + "  - name: b\n    phrases: [two]\n", `x.yaml:6: field "title" is missing`},
		{"version: 1\nmoments: []", `unknown field "moments"`},
		{"version: 9\nthemes: []", "expected version: 1"},
	} {
		_, err := Load(fstest.MapFS{"x.yaml": {Data: []byte(c.yaml)}}, "themes")
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: got %v, want %q", c.yaml, err, c.want)
		}
	}
}

func TestInsights(t *testing.T) {
	m := Compile(rules())
	u := insights.Utterance{ID: "u", Speaker: insights.Customer, Text: "cancel it cancel", Start: 0, End: 16}
	find := func() []insights.Insight {
		return Insights(&u, m.Find(u.Speaker, spoken.Words(u.Text)), insights.Theme, "m/1")
	}
	want := []insights.Insight{{
		Kind: insights.Theme, Name: "leave", Text: "Leaving", Confidence: 0.93, Speaker: insights.Customer, Start: 0, End: 16,
		Evidence: []insights.Span{{From: 0, To: 6}, {From: 10, To: 16}}, Model: "m/1", UtteranceID: "u",
	}}
	if diff := cmp.Diff(want, find()); diff != "" {
		t.Error(diff)
	}
	u.Confidence = 0.5
	if got := find()[0].Confidence; got != 0.744 {
		t.Errorf("heard with doubt: %v", got)
	}
}

func TestVersionFollowsTheRules(t *testing.T) {
	a, b := rules(), rules()
	b[0].Phrases[0] = "other"
	if Compile(a).Version() != Compile(rules()).Version() || Compile(a).Version() == Compile(b).Version() {
		t.Error("versions do not tell rules apart")
	}
}

// Spans are in order, apart, and inside the text, whatever is said.
func TestSpans(t *testing.T) {
	m := Compile(rules())
	word := rapid.SampledFrom(strings.Fields("cancel contract deliver delivery late not fee parcel still here do don't want it uh x"))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(word).Draw(t, "words"), " ")
		for _, f := range m.Find(insights.Customer, spoken.Words(text)) {
			at := 0
			for _, s := range f.Spans {
				if s.From < at || s.To <= s.From || s.To > len(text) {
					t.Fatalf("%q: %v", text, f.Spans)
				}
				at = s.To
			}
		}
	})
}

func FuzzCheck(f *testing.F) {
	f.Add("deliver* ... late|slow", "delivery is late")
	f.Fuzz(func(t *testing.T, phrase, text string) {
		if Check(phrase) != "" {
			return
		}
		m := Compile([]Rule{{Name: "x", Phrases: []string{phrase}}})
		m.Find(insights.Customer, spoken.Words(text))
	})
}
