package insights

import (
	"slices"
	"testing"
)

type versioned string

func (versioned) Analyze(*Utterance, *Call) []Insight { return nil }
func (v versioned) Version() string                   { return string(v) }

func TestVersions(t *testing.T) {
	silent := AnalyzerFunc(func(*Utterance, *Call) []Insight { return nil })
	got := Versions(Chain{versioned("a/1"), silent, Chain{versioned("b/2")}, versioned("c/3")})
	if !slices.Equal(got, []string{"a/1", "b/2", "c/3"}) || Versions(silent) != nil {
		t.Errorf("%v", got)
	}
	for version, want := range map[string]string{"intent/7f/3": "intent", "odd": "odd", "": ""} {
		if got := Maker(version); got != want {
			t.Errorf("%q is made by %q, want %q", version, got, want)
		}
	}
}

func TestComplete(t *testing.T) {
	u := Utterance{ID: "u", Speaker: Agent, Start: 2, End: 3}
	found := []Insight{{}, {UtteranceID: "x", Speaker: Customer, Start: 0, End: 1}}
	Complete(&u, found)
	if f := found[0]; f.UtteranceID != "u" || f.Speaker != Agent || f.Start != 2 || f.End != 3 {
		t.Errorf("left out: %+v", f)
	}
	if f := found[1]; f.UtteranceID != "x" || f.Speaker != Customer || f.Start != 0 || f.End != 1 {
		t.Errorf("given: %+v", f)
	}
}
