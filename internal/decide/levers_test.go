package decide

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// levered makes a decider of three actions with levers over them. By the
// values alone a (4.5) beats b (4.0), and c (0.05 and a bit) is not worth it.
func levered(t interface{ Fatal(...any) }, levers ...string) *Decider {
	text := `version: 1
actions:
  - {id: a, issue: i, group: g, purpose: service, channels: [web], title: T, say: S, value: {margin: 9}, prior: {p: 0.5}}
  - {id: b, issue: i, group: h, purpose: service, channels: [web], title: T, say: S, value: {margin: 8}, prior: {p: 0.5}}
  - {id: c, issue: j, group: k, purpose: service, channels: [web], title: T, say: S, value: {margin: 0.09}, prior: {p: 0.5}}
levers:
` + strings.Join(levers, "")
	if len(levers) == 0 {
		text = strings.TrimSuffix(text, "levers:\n")
	}
	c, err := LoadCatalogue(fstest.MapFS{"a.yaml": {Data: []byte(text)}, PolicyFile: {Data: []byte("version: 1\nvalue: {gamma: 1}\n")}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(Options{Catalogue: c, Propensity: Fixed{}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func leverText(scope, name string, percent float64, owner string) string {
	return fmt.Sprintf("  - {scope: %s, name: %s, percent: %v, owner: %s, reason: r, from: 2026-04-01, until: 2026-05-01}\n", scope, name, percent, owner)
}

func TestWhatLeversChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		levers  []string
		first   string
		without string
		given   float64
		by      string
		flipped bool
	}{
		{name: "no lever", first: "a"},
		{name: "one that changes nothing", levers: []string{leverText("group", "h", 5, "Ann")}, first: "a"},
		{name: "the second is lifted", levers: []string{leverText("group", "h", 50, "Ann")}, first: "b", without: "a", given: 0.5, by: "Ann", flipped: true},
		{name: "the first is lowered", levers: []string{leverText("action", "a", -50, "Bob")}, first: "b", without: "a", given: 0.5, by: "Bob", flipped: true},
		{name: "both", levers: []string{leverText("action", "a", -20, "Bob"), leverText("action", "b", 20, "Ann")}, first: "b", without: "a", given: 0.5, by: "Bob Ann", flipped: true},
		{name: "all alike", levers: []string{leverText("issue", "i", 50, "Ann")}, first: "a"},
		{name: "something for silence", levers: []string{leverText("group", "k", 200, "Ann"), leverText("issue", "i", -80, "Bob")}, first: "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := levered(t, c.levers...).Decide("d", allowed("web"))
			if d.Actions[0].Action != c.first {
				t.Fatalf("first %s", d.Actions[0].Action)
			}
			if (d.Flip != nil) != c.flipped {
				t.Fatalf("flip %+v", d.Flip)
			}
			if d.Flip == nil {
				return
			}
			var by []string
			for _, p := range d.Flip.By {
				by = append(by, p.Owner)
			}
			if d.Flip.Without != c.without || math.Abs(d.Flip.GivenUp-c.given) > 1e-9 || strings.Join(by, " ") != c.by {
				t.Errorf("flip %+v", d.Flip)
			}
			if shown := Shown(d); shown.Flip.Without != "" || shown.Flip.GivenUp != d.Flip.GivenUp || d.Flip.Without == "" {
				t.Errorf("shown %+v of %+v", shown.Flip, d.Flip)
			}
		})
	}
}

// TestALeverBreaksTheSilence: what is not worth it is said for the lever's
// sake, and that costs what it costs the customer's patience.
func TestALeverBreaksTheSilence(t *testing.T) {
	t.Parallel()
	text := `version: 1
actions:
  - {id: c, issue: j, group: k, purpose: service, channels: [web], title: T, say: S, value: {margin: 0.08}, prior: {p: 0.5}}
levers:
` + leverText("group", "k", 100, "Ann")
	for lever, want := range map[string]string{text: "c", strings.Replace(strings.Replace(text, "100", "-50", 1), "0.08", "0.12", 1): ""} {
		c, err := LoadCatalogue(fstest.MapFS{"a.yaml": {Data: []byte(lever)}, PolicyFile: {Data: []byte("version: 1\nvalue: {gamma: 1}\n")}})
		if err != nil {
			t.Fatal(err)
		}
		decider, err := New(Options{Catalogue: c, Propensity: Fixed{}})
		if err != nil {
			t.Fatal(err)
		}
		d := decider.Decide("d", allowed("web"))
		if d.Flip == nil || math.Abs(d.Flip.GivenUp-0.01) > 1e-9 || len(d.Flip.By) != 1 || (len(d.Actions) == 0) != (want == "") || (d.Flip.Without == "") != (want != "") {
			t.Errorf("%+v, flip %+v", d.Actions, d.Flip)
		}
	}
}

// TestALeverFlipsWhatItFlips: there is a flip just where the same question
// without levers has another first action, and it names that one.
func TestALeverFlipsWhatItFlips(t *testing.T) {
	t.Parallel()
	bare := levered(t).Decide("d", allowed("web"))
	flips := 0
	rapid.Check(t, func(t *rapid.T) {
		var levers []string
		for range rapid.IntRange(0, 4).Draw(t, "levers") {
			of := rapid.SampledFrom([][2]string{{"action", "a"}, {"action", "b"}, {"action", "c"}, {"group", "g"}, {"group", "h"}, {"issue", "i"}}).Draw(t, "of")
			percent := rapid.IntRange(-80, 200).Filter(func(n int) bool { return n != 0 }).Draw(t, "percent")
			levers = append(levers, leverText(of[0], of[1], float64(percent), "Ann"))
		}
		d := levered(t, levers...).Decide("d", allowed("web"))
		if other := first(&d) != first(&bare); other != (d.Flip != nil) {
			t.Fatalf("first %q, without levers %q, flip %+v", first(&d), first(&bare), d.Flip)
		}
		if d.Flip == nil {
			return
		}
		flips++
		if d.Flip.Without != first(&bare) || !(d.Flip.GivenUp >= 0) || len(d.Flip.By) == 0 || len(d.Flip.By) > len(levers) {
			t.Fatalf("%+v", d.Flip)
		}
	})
	if flips == 0 {
		t.Error("nothing was flipped")
	}
}

func first(d *Decision) string {
	if len(d.Actions) == 0 {
		return ""
	}
	return d.Actions[0].Action
}

func TestLeversOfTheCatalogue(t *testing.T) {
	t.Parallel()
	list := levered(t, leverText("group", "h", 50, "Ann"), leverText("issue", "i", -5, "Bob")).Catalogue().Levers()
	if len(list) != 2 || list[0].Owner != "Ann" || list[1].Percent != -5 || list[0].Reason != "r" || !list[0].Until.After(list[0].From) {
		t.Errorf("%+v", list)
	}
	if slices.ContainsFunc(list, func(l Lever) bool { return l.From.IsZero() }) {
		t.Error("a lever without a beginning")
	}
}
