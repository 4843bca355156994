package moment

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"

	"heed/insights"
)

// labelled is a sentence with the moments in it.
type labelled struct {
	who  insights.Speaker
	want []string
	say  string
}

func sentences(t *testing.T, file string) []labelled {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var out []labelled
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.SplitN(line, " | ", 3)
		if len(cells) != 3 {
			t.Fatalf("%q is not WHO | MOMENTS | WORDS", line)
		}
		l := labelled{who: insights.Speaker(cells[0]), say: cells[2]}
		if cells[1] != "-" {
			l.want = strings.Split(cells[1], ",")
		}
		out = append(out, l)
	}
	return out
}

// The rules were written against seen.txt and not against heldout.txt. At the
// first look that gave precision and recall of 0.77 and 0.72 for price
// objections and 0.93 or more for the rest; then mistakes in it were mended, so
// that now both files guard against going back.
func TestLabelledMoments(t *testing.T) {
	a, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"heldout.txt", "seen.txt"} {
		t.Run(file, func(t *testing.T) { measure(t, a, sentences(t, file)) })
	}
}

// tally counts one moment: found rightly, found at all, really there.
type tally struct{ right, found, there int }

func measure(t *testing.T, a *Analyzer, all []labelled) {
	t.Helper()
	if len(all) < 200 {
		t.Fatalf("%d sentences, want 200", len(all))
	}
	counts := make(map[string]*tally)
	for _, name := range []string{CompetitorNamed, PriceObjection, Thanks, Escalation, Promise, Commitment} {
		counts[name] = &tally{}
	}
	for _, l := range all {
		u := insights.Utterance{Speaker: l.who, Text: l.say}
		got := names(a.Analyze(&u, nil))
		for _, n := range got {
			counts[n].found++
			if slices.Contains(l.want, n) {
				counts[n].right++
			} else {
				t.Logf("false %-16s %s: %s", n, l.who, l.say)
			}
		}
		for _, n := range l.want {
			counts[n].there++
			if !slices.Contains(got, n) {
				t.Logf("missed %-15s %s: %s", n, l.who, l.say)
			}
		}
	}
	for name, c := range counts {
		precision, recall := float64(c.right)/float64(max(c.found, 1)), float64(c.right)/float64(c.there)
		t.Logf("%-16s precision %.3f recall %.3f of %d", name, precision, recall, c.there)
		if precision < 0.9 || recall < 0.9 {
			t.Errorf("%s: precision %.3f, recall %.3f; want 0.9 both", name, precision, recall)
		}
	}
}
