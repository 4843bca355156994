package entity

import (
	"bufio"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/fixtures"
	"heed/insights"
)

// named is what a sentence names, by its words.
type named struct{ words, name, text string }

// sentence is a line of fixtures/entities.
type sentence struct {
	line          int
	country, text string
	asked         string
	want          []named
}

var marked = regexp.MustCompile(`\[([^\]]+)\]\((\w+) ([^)]+)\)`) // never changed

func sentences(t testing.TB, file string) []sentence {
	t.Helper()
	f, err := os.Open("../../fixtures/entities/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var out []sentence
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		s := sentence{line: n, country: "US"}
		if strings.HasPrefix(text, "@") {
			s.country, text = text[1:3], text[4:]
		}
		if asked, answer, ok := strings.Cut(text, " >> "); ok {
			s.asked, text = asked, answer
		}
		for _, m := range marked.FindAllStringSubmatch(text, -1) {
			s.want = append(s.want, named{m[1], m[2], m[3]})
		}
		s.text = marked.ReplaceAllString(text, "$1")
		out = append(out, s)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func analyzer(t testing.TB) *Analyzer {
	t.Helper()
	products, err := LoadProducts(fixtures.Products())
	if err != nil {
		t.Fatal(err)
	}
	return New(Options{Region: "US", Products: products})
}

// callOn is a call of the 20th of May 2026, a Wednesday.
func callOn(country, asked string) *insights.Call {
	c := &insights.Call{Country: country, StartedAt: time.Date(2026, 5, 20, 14, 30, 0, 0, time.UTC)}
	if asked != "" {
		c.Utterances = []insights.Utterance{{Speaker: insights.Agent, Text: asked}}
	}
	return c
}

func namedIn(a *Analyzer, s *sentence) []named {
	u := insights.Utterance{Speaker: insights.Customer, Text: s.text}
	var got []named
	for _, in := range a.Analyze(&u, callOn(s.country, s.asked)) {
		e := in.Evidence[0]
		got = append(got, named{u.Text[e.From:e.To], in.Name, in.Text})
	}
	return got
}

// tally counts one type.
type tally struct{ right, wrong, missed int }

// compare counts what was found with its words, its type and its value.
func compare(t *testing.T, a *Analyzer, file string) map[string]*tally {
	t.Helper()
	counts := map[string]*tally{}
	of := func(name string) *tally {
		if counts[name] == nil {
			counts[name] = &tally{}
		}
		return counts[name]
	}
	for _, s := range sentences(t, file) {
		got := namedIn(a, &s)
		for _, g := range got {
			if slices.Contains(s.want, g) {
				of(g.name).right++
			} else {
				of(g.name).wrong++
				t.Logf("%s:%d %q: found %v, want %v", file, s.line, s.text, g, s.want)
			}
		}
		for _, w := range s.want {
			if !slices.Contains(got, w) {
				of(w.name).missed++
				t.Logf("%s:%d %q: missed %v", file, s.line, s.text, w)
			}
		}
	}
	return counts
}

// bars are the least precision and recall of each type, in percent.
var bars = map[string][2]int{ // never changed
	Money: {96, 96}, Date: {96, 96}, Time: {92, 92}, Duration: {100, 100}, Order: {100, 100}, Account: {100, 100}, Reference: {100, 83},
	Phone: {100, 85}, Email: {100, 100}, Product: {100, 100}, Person: {100, 90}, Place: {100, 90},
}

// TestNewcomer has every sentence right that somebody tried at first sight.
func TestNewcomer(t *testing.T) {
	a := analyzer(t)
	for _, s := range sentences(t, "newcomer.txt") {
		if got := namedIn(a, &s); !slices.Equal(got, s.want) {
			t.Errorf("newcomer.txt:%d %q:\n got %q\nwant %q", s.line, s.text, got, s.want)
		}
	}
}

func TestSpokenSentences(t *testing.T) {
	all := 0
	for _, file := range []string{"spoken.txt", "heldout.txt"} {
		all += len(sentences(t, file))
		counts := compare(t, analyzer(t), file)
		for name, bar := range bars {
			c := counts[name]
			if c == nil {
				t.Errorf("%s: no %s", file, name)
				continue
			}
			precision, recall := 100*c.right/max(1, c.right+c.wrong), 100*c.right/max(1, c.right+c.missed)
			if precision < bar[0] || recall < bar[1] {
				t.Errorf("%s: %s: precision %d %%, recall %d %%, want %d and %d", file, name, precision, recall, bar[0], bar[1])
			}
		}
		for name := range counts {
			if bars[name] == ([2]int{}) {
				t.Errorf("%s: %q has no bar", file, name)
			}
		}
	}
	if all < 200 {
		t.Errorf("%d sentences", all)
	}
}
