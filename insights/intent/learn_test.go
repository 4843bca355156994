package intent

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"heed/insights"
	"heed/insights/spoken"
)

// orders is a small data set: rows may have several intents or none.
func orders() []Row {
	var rows []Row
	for _, what := range []string{"my parcel", "the blue shoes", "the order from monday", "that lamp", "my new phone", "the two books", "it", "the delivery"} {
		rows = append(rows,
			Row{"where is " + what, []string{"where_is"}},
			Row{"when does " + what + " arrive", []string{"where_is"}},
			Row{"i want to send " + what + " back", []string{"give_back"}},
			Row{"can i return " + what, []string{"give_back"}},
			Row{"where is " + what + " and can i return it", []string{"where_is", "give_back"}},
			Row{"please repeat " + what, nil},
		)
	}
	return rows
}

func learned(t testing.TB, rows []Row, options ...Option) *Model {
	t.Helper()
	m, err := Learn(rows, options...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func names(all []Prediction) []string {
	out := make([]string, 0, len(all))
	for _, p := range all {
		out = append(out, p.Name)
	}
	slices.Sort(out)
	return out
}

func TestLabelsAreAnyNumber(t *testing.T) {
	m := learned(t, orders())
	for text, want := range map[string][]string{
		"where is the green bag":                     {"where_is"},
		"can i return the green bag":                 {"give_back"},
		"where is the green bag and can i return it": {"give_back", "where_is"},
		"please repeat that":                         {},
		"":                                           {},
	} {
		got := m.Labels(text)
		if !slices.Equal(names(got), want) {
			t.Errorf("%q: %v, want %v", text, names(got), want)
		}
		last := 1.0
		for _, p := range got {
			if p.Probability <= 0 || p.Probability > last || len(p.Evidence) == 0 {
				t.Errorf("%q: %+v after %.3f", text, p, last)
			}
			last = p.Probability
		}
	}
}

// A set with one intent a row answers one through the same door.
func TestLabelsOfASetOfSingles(t *testing.T) {
	rows := slices.DeleteFunc(orders(), func(r Row) bool { return len(r.Intents) > 1 })
	m := learned(t, rows)
	if got := names(m.Labels("where is the green bag")); !slices.Equal(got, []string{"where_is"}) {
		t.Errorf("got %v", got)
	}
	if got := m.Labels("please repeat that"); got != nil {
		t.Errorf("what is out of scope is %+v", got)
	}
}

func TestLimitsForTheBestMicroF1(t *testing.T) {
	// The first is always right, the second from a score of 2.0 on.
	seen := []labelled{
		{scores: []float64{3, 2.2}, right: []bool{true, true}, all: 2},
		{scores: []float64{-2, -3}, right: []bool{true, false}, all: 1},
		{scores: []float64{2.9, 1.4}, right: []bool{true, false}, all: 1},
	}
	l := limitsFor(seen)
	if f1 := l.microF1(seen); f1 != 1 || l.first > -2 || l.more <= 1.4 || l.more > 2.2 {
		t.Errorf("%+v gives %.3f", l, f1)
	}
	if f1 := (limits{first: -9, more: -9}).microF1(seen); f1 >= 1 {
		t.Errorf("everything answered gives %.3f", f1)
	}
}

func TestLearnTakesWhatDataSetsHave(t *testing.T) {
	rows := append(orders(), orders()[0], Row{"where is my parcel", []string{"give_back"}}, Row{"rare one", []string{"rare"}}, Row{"...", nil})
	m := learned(t, rows)
	if got := m.Names(); !slices.Equal(got, []string{"where_is", "give_back", "rare"}) {
		t.Errorf("intents %v", got)
	}
	if p := m.Classify("when does my hat arrive"); p.Guess != "where_is" {
		t.Errorf("%+v", p)
	}
	for name, rows := range map[string][]Row{
		"nothing":       nil,
		"one intent":    {{"a", []string{"x"}}, {"b", nil}},
		"an empty name": {{"a", []string{"x"}}, {"b", []string{""}}},
		"no words":      {{"...", []string{"x"}}, {"!", []string{"y"}}},
	} {
		if _, err := Learn(rows); err == nil || !strings.HasPrefix(err.Error(), "learn intents: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A set that shows nothing out of scope knows strangers all the same: of three
// intents, none is likelier than by chance.
func TestStrangersToAClosedSet(t *testing.T) {
	rows := slices.DeleteFunc(orders(), func(r Row) bool { return len(r.Intents) != 1 })
	for _, thing := range []string{"the bill", "my invoice", "the last one", "april", "the fee", "both"} {
		rows = append(rows, Row{"please pay " + thing, []string{"pay"}}, Row{"i will settle " + thing, []string{"pay"}})
	}
	m := learned(t, rows)
	if p := m.Classify("seventeen elephants waltz"); p.Probability > 1.0/3 || p.Guess == "" {
		t.Errorf("a stranger is %+v", p)
	}
	if p := m.Classify("where is the green bag"); p.Name != "where_is" {
		t.Errorf("a request is %+v", p)
	}
}

// The name of an intent is worth an example.
func TestNamesAreExamples(t *testing.T) {
	set := small()
	set.Intents[0].Name, set.Intents[1].Name = "terminate_agreement", "settle_invoice"
	m, err := Train(set)
	if err != nil {
		t.Fatal(err)
	}
	if p := m.Classify("terminate the agreement"); p.Guess != "terminate_agreement" {
		t.Errorf("%+v", p)
	}
}

// meaningful is an encoder that knows two words for one thing.
type meaningful struct{ version string }

func (meaningful) Dim() int { return 3 }

func (m meaningful) Version() string { return m.version }

func (meaningful) Encode(dst []float32, text string) {
	clear(dst)
	switch {
	case strings.Contains(text, "contract"), strings.Contains(text, "zeugma"):
		dst[0] = 1
	case strings.Contains(text, "bill"), strings.Contains(text, "pay"):
		dst[1] = 1
	}
}

func TestEncoderKnowsOtherWords(t *testing.T) {
	set := small()
	for i := range set.Intents[0].Sentences {
		set.Intents[0].Sentences[i] = fmt.Sprintf("contract %d", i)
	}
	without, err := Train(set)
	if err != nil {
		t.Fatal(err)
	}
	with, err := Train(set, WithEncoder(meaningful{"e/1"}))
	if err != nil {
		t.Fatal(err)
	}
	const text = "zeugma"
	a, b := without.Classify(text), with.Classify(text)
	if b.Guess != "cancel" || b.Probability <= a.Probability {
		t.Errorf("without %+v, with %+v", a, b)
	}
	other, err := Train(set, WithEncoder(meaningful{"e/2"}))
	if err != nil {
		t.Fatal(err)
	}
	if with.Version() == without.Version() || with.Version() == other.Version() {
		t.Errorf("versions %s, %s, %s", without.Version(), with.Version(), other.Version())
	}
	none, err := Train(set, WithEncoder(nil))
	if err != nil || none.Version() != without.Version() {
		t.Errorf("no encoder: %v, %s", err, none.Version())
	}
}

// The evidence is true: without its words the intent has a lower score.
func TestEvidenceCarriesTheAnswer(t *testing.T) {
	m := shipped()
	checked := 0
	for want, texts := range heldOut(t, m) {
		for _, text := range texts {
			p := m.Classify(text)
			words := spoken.Words(text)
			if p.Name != want || p.Act || len(p.Evidence) == 0 {
				continue
			}
			intent := slices.Index(m.Names(), want)
			rest := slices.DeleteFunc(slices.Clone(words), func(w spoken.Word) bool {
				return slices.ContainsFunc(p.Evidence, func(e insights.Span) bool { return w.From >= e.From && w.To <= e.To })
			})
			if len(rest) == 0 {
				continue
			}
			checked++
			if a, b := m.read(words, nil).all()[intent], m.read(rest, nil).all()[intent]; a <= b {
				t.Errorf("%q is %s: %.2f, %.2f without its evidence", text, want, a, b)
			}
		}
	}
	if checked < 50 {
		t.Errorf("only %d answers looked at", checked)
	}
}
