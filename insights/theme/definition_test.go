package theme

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"heed/insights"
)

func customer(text string) Subject {
	return Subject{Utterance: &insights.Utterance{Speaker: insights.Customer, Text: text}}
}

func compile(t *testing.T, d Definition, tools Tools) Matcher {
	t.Helper()
	m, err := d.Compile(tools)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// evidence gives the words that a matcher points at.
func evidence(s Subject, spans []insights.Span) []string {
	out := []string{}
	for _, e := range spans {
		out = append(out, s.Utterance.Text[e.From:e.To])
	}
	return out
}

func TestDefinedByWords(t *testing.T) {
	m := compile(t, Definition{Name: "heat", Title: "Heat", How: ByWords, Phrases: []string{"too hot", "overheat*"}, Unless: []string{"not too hot"}}, Tools{})
	s := customer("the router is too hot and overheats")
	score, spans := m.Matches(s)
	if got := evidence(s, spans); score != 1 || !slices.Equal(got, []string{"too hot", "overheats"}) {
		t.Errorf("%v %q", score, got)
	}
	if score, _ := m.Matches(customer("it is not too hot")); score != 0 {
		t.Errorf("an exception scores %v", score)
	}
}

func TestDefinedByQuotes(t *testing.T) {
	d := Definition{Name: "heat", Title: "Heat", How: ByLike, Quotes: []string{"my router gets very hot", "the box is overheating"}}
	m := compile(t, d, Tools{})
	s := customer("um yes so the routers get really hot you know")
	score, spans := m.Matches(s)
	if got := evidence(s, spans); score < 0.9 || !slices.Equal(got, []string{"routers", "hot"}) {
		t.Errorf("%v %q", score, got)
	}
	for _, other := range []string{"i want to cancel my contract", "yes thank you", "", "\xff", "سخونة الجهاز", "🔥"} {
		if score, _ := m.Matches(customer(other)); score != 0 {
			t.Errorf("%q scores %v", other, score)
		}
	}
}

// meaning is an encoder that knows two things.
type meaning struct{}

func (meaning) Dim() int { return 2 }

func (meaning) Encode(dst []float32, text string) {
	dst[0], dst[1] = 0, 1
	if strings.Contains(text, "hot") || strings.Contains(text, "warm") {
		dst[0], dst[1] = 1, 0
	}
}

// The encoder finds what shares few words; the rarity of words counts.
func TestQuotesUseTheTools(t *testing.T) {
	d := Definition{Name: "heat", Title: "Heat", How: ByLike, Quotes: []string{"router gets hot"}}
	s := customer("the router feels warm in my bedroom")
	if score, _ := compile(t, d, Tools{}).Matches(s); score != 0 {
		t.Fatalf("words alone: %v", score)
	}
	if score, _ := compile(t, d, Tools{Encoder: meaning{}}).Matches(s); score < 0.6 {
		t.Errorf("with meaning: %v", score)
	}
	rare := func(term string) float64 { return map[string]float64{"router": 5}[term] }
	if score, _ := compile(t, d, Tools{Rarity: rare}).Matches(s); score < 0.8 {
		t.Errorf("with rarity: %v", score)
	}
}

type always struct{}

func (always) Matches(Subject) (float64, []insights.Span) { return 1, nil }

func TestDefinedByQuery(t *testing.T) {
	wrong := errors.New("character 3")
	tools := Tools{Query: func(q string) (Matcher, error) {
		if q == "bad" {
			return nil, wrong
		}
		return always{}, nil
	}}
	m := compile(t, Definition{Title: "Q", How: ByQuery, Query: "heat", Speaker: insights.Customer}, tools)
	if score, _ := m.Matches(customer("x")); score != 1 {
		t.Errorf("score %v", score)
	}
	if score, _ := m.Matches(Subject{Utterance: &insights.Utterance{Speaker: insights.Agent}}); score != 0 {
		t.Errorf("the other side scores %v", score)
	}
	if _, err := (Definition{Title: "Q", How: ByQuery, Query: "bad"}).Compile(tools); !errors.Is(err, wrong) {
		t.Errorf("got %v", err)
	}
}

func TestRefusedDefinitions(t *testing.T) {
	for field, d := range map[string]Definition{
		"title":     {How: ByWords, Phrases: []string{"a word"}},
		"how":       {Title: "T", How: "magic"},
		"speaker":   {Title: "T", How: ByWords, Phrases: []string{"a word"}, Speaker: "boss"},
		"phrases":   {Title: "T", How: ByWords, Phrases: []string{"... word"}},
		"unless":    {Title: "T", How: ByWords, Phrases: []string{"word"}, Unless: []string{"..."}},
		"query":     {Title: "T", How: ByQuery, Query: "x"},
		"quotes":    {Title: "T", How: ByLike, Quotes: []string{"yes please"}},
		"threshold": {Title: "T", How: ByLike, Quotes: []string{"hot router"}, Threshold: 2},
	} {
		_, err := d.Compile(Tools{})
		var bad *InvalidError
		if !errors.As(err, &bad) || bad.Field != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
	if _, err := (Definition{Title: "T", How: ByWords}).Compile(Tools{}); err == nil {
		t.Error("no phrases are accepted")
	}
}

func BenchmarkLike(b *testing.B) {
	m, err := Definition{Title: "T", How: ByLike, Quotes: []string{"my router gets very hot", "the box is overheating"}}.Compile(Tools{})
	if err != nil {
		b.Fatal(err)
	}
	s := customer("yeah hi um i was calling because my internet connection keeps dropping every few minutes and nobody could help me so far")
	b.ReportAllocs()
	for b.Loop() {
		m.Matches(s)
	}
}
