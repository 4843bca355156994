package offer_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"heed/insights"
	"heed/insights/offer"
)

// dialogue is one of a table, with what its last turn is to tell.
type dialogue struct {
	name  string
	turns []insights.Turn
	want  string // suggestion and answer, or "nothing"
}

func lines(t *testing.T, name string) []string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if l := strings.TrimSpace(s.Text()); l != "" && !strings.HasPrefix(l, "# ") {
			out = append(out, l)
		}
	}
	return out
}

func actions(t *testing.T) map[string]insights.Suggestion {
	t.Helper()
	out := make(map[string]insights.Suggestion)
	for _, l := range lines(t, "actions.txt") {
		p := strings.Split(l, " | ")
		if len(p) != 3 {
			t.Fatalf("%q: want id | title | say", l)
		}
		out[p[0]] = insights.Suggestion{ID: p[0], Title: p[1], Say: p[2]}
	}
	return out
}

// table reads dialogues; each turn takes as long as its words.
func table(t *testing.T, name string) []dialogue {
	t.Helper()
	known := actions(t)
	var out []dialogue
	var now insights.Seconds
	var shown []insights.Suggestion
	for _, l := range lines(t, name) {
		head, rest, _ := strings.Cut(l, " ")
		switch head {
		case "##":
			out, now, shown = append(out, dialogue{name: rest}), 10, nil
		case "on":
			shown = nil
			for id := range strings.FieldsSeq(rest) {
				s, ok := known[id]
				if !ok {
					t.Fatalf("%s: no action %q", name, id)
				}
				shown = append(shown, s)
			}
		case "wait":
			var n float64
			if _, err := fmt.Sscan(rest, &n); err != nil {
				t.Fatal(err)
			}
			now += insights.Seconds(n)
		case "want":
			out[len(out)-1].want = rest
		case "A", "C", "C+":
			d := &out[len(out)-1]
			u := insights.Utterance{ID: fmt.Sprint("u", len(d.turns)+1), Speaker: insights.Customer, Start: now + .3, Text: rest}
			if head == "A" {
				u.Speaker = insights.Agent
			}
			if head == "C+" {
				u.Start = now - 1
			}
			u.End = u.Start + insights.Seconds(.35*float64(len(strings.Fields(rest))))
			now = max(now, u.End)
			d.turns = append(d.turns, insights.Turn{Utterance: u, Shown: shown})
		default:
			t.Fatalf("%s: %q", name, l)
		}
	}
	return out
}

func told(h insights.Heard, ok bool) string {
	if !ok {
		return "nothing"
	}
	if h.Answer == insights.Offered {
		return h.Suggestion + " made"
	}
	return h.Suggestion + " " + string(h.Answer)
}

// TestDialogues holds the floor of both tables: what is proposed is right, and
// what was said is mostly found.
func TestDialogues(t *testing.T) {
	for _, name := range []string{"dialogues.txt", "heldout.txt"} {
		t.Run(name, func(t *testing.T) {
			all := table(t, name)
			var proposed, right, there int
			for _, d := range all {
				got := told(offer.Read(d.turns))
				if got != "nothing" {
					proposed++
				}
				if d.want != "nothing" {
					there++
				}
				switch {
				case got != d.want:
					t.Logf("%s: %s, want %s", d.name, got, d.want)
				case got != "nothing":
					right++
				}
			}
			precision, recall := float64(right)/float64(proposed), float64(right)/float64(there)
			t.Logf("%d dialogues, %d with something to hear: precision %.3f, recall %.3f", len(all), there, precision, recall)
			if precision < .95 || recall < .8 {
				t.Errorf("precision %.3f, recall %.3f; want .95 and .80", precision, recall)
			}
		})
	}
}

// TestWhoSaysWhat: with the sides changed, nothing is heard as an answer, and
// nothing without a suggestion or in another language.
func TestWhoSaysWhat(t *testing.T) {
	for _, d := range slices.Concat(table(t, "dialogues.txt"), table(t, "heldout.txt")) {
		for _, c := range []struct {
			what   string
			change func(*insights.Turn)
		}{
			{"with nothing on the screen", func(u *insights.Turn) { u.Shown = nil }},
			{"in another language", func(u *insights.Turn) { u.Language = "de-DE" }},
			{"by the customer alone", func(u *insights.Turn) { u.Speaker = insights.Customer }},
		} {
			turns := slices.Clone(d.turns)
			for i := range turns {
				c.change(&turns[i])
			}
			if h, ok := offer.Read(turns); ok {
				t.Errorf("%s, %s: %+v", d.name, c.what, h)
			}
		}
		turns := slices.Clone(d.turns)
		for i := range turns {
			turns[i].Speaker = insights.Agent
		}
		if h, ok := offer.Read(turns); ok && h.Answer != insights.Offered {
			t.Errorf("%s, said by the agent alone: %+v", d.name, h)
		}
	}
}

// FuzzRead: what is heard names what stood there and words that were said.
func FuzzRead(f *testing.F) {
	f.Add("shall i add the travel pack", "yes please", 1.0)
	f.Add("", "no", 0.0)
	f.Fuzz(func(t *testing.T, agent, customer string, gap float64) {
		s := insights.Suggestion{ID: "x", Title: "Offer the travel pack", Say: agent}
		turns := []insights.Turn{
			{Utterance: insights.Utterance{ID: "u1", Speaker: insights.Agent, Start: 1, End: 2, Text: agent}, Shown: []insights.Suggestion{s}},
			{Utterance: insights.Utterance{ID: "u2", Speaker: insights.Customer, Start: 2 + insights.Seconds(gap), End: 9, Text: customer}},
		}
		if h, ok := offer.Read(turns); ok && (h.Suggestion != "x" || h.Offer != "u1" || h.Reply != "u2") {
			t.Errorf("%+v", h)
		}
	})
}
