package search

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/event"
)

// asked is an index of which completions are asked.
func asked(t *testing.T) *Index {
	t.Helper()
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	entity := func(name, text string) insights.Insight {
		return insights.Insight{Kind: insights.Entity, Name: name, Text: text, Value: 3}
	}
	events := []event.Event{
		spoken(1, insights.Customer, "one", intent("cancel"), theme("late_delivery"), entity("order_number", "A1"), entity(money, "3")),
		spoken(2, insights.Customer, "two", intent("cancel"), theme("late_fee"), entity("order_number", "B2"), entity("person", "Ann")),
		spoken(3, insights.Customer, "three", intent("callback"), theme("late_fee")),
	}
	if err := x.Handle(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	return x
}

// suggested completes at the mark ^ and shows what stands there then.
func suggested(t *testing.T, x *Index, marked string, hidden func(string) bool) []string {
	t.Helper()
	before, after, ok := strings.Cut(marked, "^")
	if !ok {
		t.Fatalf("no mark in %q", marked)
	}
	c, err := x.Complete(before+after, len(before), hidden)
	if err != nil {
		t.Fatalf("%q: %v", marked, err)
	}
	out := []string{}
	for _, s := range c.Suggestions {
		out = append(out, (before + after)[:c.From]+s.Text+(before + after)[c.To:])
	}
	return out
}

func TestCompletion(t *testing.T) {
	x := asked(t)
	for marked, want := range map[string][]string{
		"int^":                          {"intent:"},
		"refund INT^":                   {"refund intent:"},
		"-the^":                         {"-theme:"},
		"(sp^)":                         {"(speaker:)"},
		"intent:^":                      {"intent:cancel", "intent:callback"}, // the most frequent first
		"intent:ca^":                    {"intent:cancel", "intent:callback"},
		"intent:can^cel refund":         {"intent:cancel refund"},
		"late theme:late_d^":            {"late theme:late_delivery"},
		`theme:"late d^`:                {"theme:late_delivery"},
		`theme:"late d^elivery" x`:      {"theme:late_delivery x"},
		"NOT theme:late_f^":             {"NOT theme:late_fee"},
		"speaker:^":                     {"speaker:customer", "speaker:agent"},
		"speaker:a^":                    {"speaker:agent"},
		"date:^":                        {"date:today", "date:yesterday"},
		"sentiment:<^":                  {"sentiment:<-0.3"},
		"entity.^":                      {"entity.money:", "entity.order_number:", "entity.person:"},
		"entity.o^":                     {"entity.order_number:"},
		"entity.money:^":                {"entity.money:>100"},
		"entity.order_number:^":         {}, // they may be people's
		"entity.person:A^":              {},
		"call:^":                        {},
		"customer:^":                    {},
		"nothing:^":                     {},
		"10:3^":                         {},
		`"late del^`:                    {},
		`"late del^ivery"~3`:            {},
		"late^":                         {"theme:late_fee", "theme:late_delivery"},
		"refund o^":                     {"refund outcome:", "refund OR"},
		"o^":                            {"outcome:"}, // nothing to join
		"a OR o^":                       {"a OR outcome:"},
		"(a) th^":                       {"(a) theme:", "(a) then"},
		"a then<5s th^":                 {"a then<5s theme:"},
		"refun*^":                       {},
		"^refund":                       {},
		`theme:"late fee"^`:             {},
		"فاتورة int^":                   {"فاتورة intent:"},
		"x \u00a0\u2003int^":            {"x \u00a0\u2003intent:"},
		"language:e^":                   {"language:en"},
		"intent:zzz^":                   {},
		strings.Repeat("(", 50) + "in^": {strings.Repeat("(", 50) + "intent:"},
	} {
		if d := cmp.Diff(want, suggested(t, x, marked, nil)); d != "" {
			t.Errorf("%q (-want +got): %s", marked, d)
		}
	}
	if all := suggested(t, x, "^", nil); len(all) != len(fields) || all[0] != "speaker:" {
		t.Errorf("an empty query: %v", all)
	}
	c, err := x.Complete("theme:la", 8, nil)
	if want := []Suggestion{{"theme:late_fee", AValue, "", 2}, {"theme:late_delivery", AValue, "", 1}}; err != nil || !slices.Equal(c.Suggestions, want) {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestHiddenFieldsAreNotSuggested(t *testing.T) {
	x := asked(t)
	hidden := func(field string) bool { return field == "theme" || field == "entity" }
	for _, marked := range []string{"the^", "theme:^", "late^", "entity.^", "entity.money:^", "-theme:la^"} {
		for _, s := range suggested(t, x, marked, hidden) {
			if strings.Contains(s, "theme:late") || strings.Contains(s, "theme:^") || strings.HasPrefix(s, "entity") || s == "theme:" {
				t.Errorf("%q: %q", marked, s)
			}
		}
	}
}

func TestCompletionRefuses(t *testing.T) {
	x := asked(t)
	for _, c := range []struct {
		text string
		at   int
	}{{"a", -1}, {"a", 2}, {strings.Repeat("a", maxQuery+1), 0}} {
		if _, err := x.Complete(c.text, c.at, nil); func() bool { _, ok := errors.AsType[*SyntaxError](err); return !ok }() {
			t.Errorf("%d: %v", c.at, err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Complete("", 0, nil); !errors.Is(err, errClosed) {
		t.Error(err)
	}
}

// Whatever is suggested where something is missing makes a query that parses,
// once a field has its value.
func TestWhatIsSuggestedParses(t *testing.T) {
	x := asked(t)
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.SampledFrom([]string{"", "a ", "-b ", "(a OR b) ", `"x y"~2 `, "intent:cancel ", "a then ", "NOT ", "a OR "}).Draw(t, "before")
		begun := rapid.SampledFrom([]string{"", "i", "intent:", "intent:c", "th", "theme:la", `theme:"late `, "speaker:", "date:", "-sp", "entity.", "entity.money:", "direction:i", "la"}).Draw(t, "begun")
		behind := rapid.SampledFrom([]string{"", " c", " OR d"}).Draw(t, "behind")
		text := whole + begun
		c, err := x.Complete(text, len(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range c.Suggestions {
			became := text[:c.From] + s.Text + text[c.To:] + behind
			if s.Kind == AJoint {
				became = text[:c.From] + s.Text + " e"
			}
			if s.Kind == AField {
				value := "x"
				if f, _, _ := fieldOf(strings.TrimSuffix(s.Text, ":")); f.kind == ofNumber || f.kind == ofTime || s.Text == "entity.money:" {
					value = ">1"
				} else if f.kind == ofDay || f.kind == ofMoment {
					value = "today"
				} else if f.kind == ofChoice {
					value = f.one[0]
				} else if s.Text == "entity." {
					value = "person:x"
				}
				became = text[:c.From] + s.Text + value + behind
			}
			if err := Check(became); err != nil {
				t.Fatalf("%q became %q: %v", text, became, err)
			}
		}
	})
}

func FuzzPlace(f *testing.F) {
	for _, s := range []string{"", "a", `theme:"late`, "-", `-"`, "(intent:", "a then<5s b", `"x"~`, "é:\"", "10:30"} {
		f.Add(s, len(s))
		f.Add(s, len(s)/2)
	}
	f.Fuzz(func(t *testing.T, text string, at int) {
		if len(text) > maxQuery || at < 0 || at > len(text) {
			return
		}
		p := placeAt(text, at)
		if p.from < 0 || p.from > at || p.to < at || p.to > len(text) {
			t.Fatalf("%q at %d: %+v", text, at, p)
		}
		if !p.fixed && !strings.Contains(text[:at], p.begun) {
			t.Fatalf("%q at %d: %+v", text, at, p)
		}
	})
}
