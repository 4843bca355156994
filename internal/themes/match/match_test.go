package match

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/insights/theme"
)

// holds is a saved query that looks for one word.
type holds string

func (h holds) Matches(s Subject) (float64, []insights.Span) {
	if strings.Contains(s.Utterance.Text, string(h)) {
		return 0.7, nil
	}
	return 0, nil
}

func compiler() *Compiler {
	return NewCompiler(nil, func(q string) (theme.Matcher, error) {
		if q == "bad" {
			return nil, errors.New("it does not parse")
		}
		return holds(q), nil
	})
}

func words(title string, phrases ...string) *Definition {
	return &Definition{Name: title, Title: title, How: ByWords, Phrases: phrases}
}

func specs() []Spec {
	return []Spec{
		{ID: "late", Definition: words("late", "late", "not here")},
		{ID: "slow", As: "late", Definition: words("slow", "slow")},
		{ID: "lamp", Definition: &Definition{Title: "lamp", How: ByQuery, Query: "lamp"}},
		{ID: "wrong", Definition: &Definition{Title: "wrong", How: ByQuery, Query: "bad"}},
		{ID: "found"},
	}
}

func read(s *Set, text string) []string {
	out := []string{}
	u := insights.Utterance{Text: text, Speaker: insights.Customer}
	for _, h := range s.Read(Subject{Utterance: &u}) {
		out = append(out, fmt.Sprint(h.Theme, h.Score, h.Evidence))
	}
	return out
}

func TestSetFindsAllThemesOnce(t *testing.T) {
	s, err := compiler().Build(specs(), nil)
	if err == nil || !strings.Contains(err.Error(), "wrong") {
		t.Errorf("what does not compile is not named: %v", err)
	}
	for text, want := range map[string][]string{
		"the lamp is late and slow":   {"lamp0.7 []", "late1 [{12 16}]"},
		"so slow":                     {"late1 [{3 7}]"},
		"":                            {},
		"\xff\xfe":                    {},
		"العقد متأخر late 🙂":          {"late1 [{22 26}]"},
		strings.Repeat("word ", 10e3): {},
	} {
		if diff := cmp.Diff(want, read(s, text)); diff != "" {
			t.Errorf("%.30q: %s", text, diff)
		}
	}
	only := s.Only(func(id string) bool { return id == "lamp" })
	if diff := cmp.Diff([]string{"lamp0.7 []"}, read(only, "the lamp is late and slow")); diff != "" {
		t.Error(diff)
	}
}

func TestWhatWasLearnedIsReadOnce(t *testing.T) {
	c := compiler()
	if !c.Usable(nil) || c.Usable([]byte("no model")) {
		t.Error("nothing is usable, rubbish is not")
	}
	if _, _, err := c.Learn(t.Context(), nil, []Turn{{ID: "a", Text: "hello"}}); !errors.Is(err, ErrTooFew) {
		t.Errorf("one turn: %v", err)
	}
	var turns []Turn
	for i := range 60 {
		text := []string{"my router lost the signal upstairs", "the parcel never came to the depot", "the hotel lost my booking for june"}[i%3]
		turns = append(turns, Turn{ID: fmt.Sprint(i), CallID: fmt.Sprint(i), Text: fmt.Sprint(text, " ", []string{"today", "again", "since monday", "this week"}[i/3%4])})
	}
	raw, found, err := c.Learn(t.Context(), nil, turns)
	if err != nil || len(found) < 2 || found[0].Name == "" || len(found[0].Phrases) == 0 {
		t.Fatalf("found %+v, %v", found, err)
	}
	var all []Spec
	for _, f := range found {
		all = append(all, Spec{ID: f.ID})
	}
	s, err := c.Build(all, raw)
	if err != nil || len(read(s, "my router lost the signal upstairs today")) != 1 {
		t.Errorf("a learned theme is not found, %v", err)
	}
	// One that is no longer wanted is not found, though the model knows it.
	if s, err := c.Build(nil, raw); err != nil || len(read(s, "my router lost the signal upstairs today")) != 0 {
		t.Errorf("a theme that nobody asked for is found, %v", err)
	}
	first, err := c.load(raw)
	again, more := c.load(append([]byte{}, raw...))
	if err != nil || more != nil || first != again {
		t.Error("the same model is read twice")
	}
}

func TestRulesAreDefinitions(t *testing.T) {
	const file = "version: 1\nthemes:\n  - name: late\n    title: Late\n    phrases: [late]\n  - name: ours\n    title: Ours\n    speaker: agent\n    phrases: [sorry]\n"
	got, err := Rules(fstest.MapFS{"a.yaml": {Data: []byte(file)}})
	if err != nil || len(got) != 1 || got[0].Title != "Late" || compiler().Check(got[0]) != nil {
		t.Errorf("rules %+v, %v", got, err)
	}
	if _, err := Rules(fstest.MapFS{"a.yaml": {Data: []byte("version: 2")}}); err == nil {
		t.Error("a file of another version is read")
	}
	err = compiler().Check(Definition{Title: "x", How: ByWords, Phrases: []string{"..."}})
	if field, want, ok := Invalid(err); !ok || field != "phrases" || want == "" {
		t.Errorf("%q %q %v", field, want, ok)
	}
	if _, _, ok := Invalid(errors.New("other")); ok {
		t.Error("any error is a fault of the definition")
	}
}

func BenchmarkRead(b *testing.B) {
	var all []Spec
	for i := range 50 {
		all = append(all, Spec{ID: fmt.Sprint(i), Definition: words(fmt.Sprint(i), fmt.Sprintf("word%d ... thing", i), "my router|modem", "late deliver*")})
	}
	s, err := compiler().Build(all, nil)
	if err != nil {
		b.Fatal(err)
	}
	u := insights.Utterance{Text: "well my parcel should have been here on monday and nobody could tell me where it is", Speaker: insights.Customer}
	b.ReportAllocs()
	for b.Loop() {
		s.Read(Subject{Utterance: &u})
	}
}
