package decide

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"heed/internal/consent"
)

const designed = `version: 1
actions:
  - {id: a, issue: i, group: g, purpose: marketing, title: A, say: A, channels: [agent], value: {margin: 9}, prior: {p: 0.2}, policies: [{id: r, kind: eligibility, when: 'label("intent.buy") || count("purchase", days(7)) > 0', why: no}]}
`

func designedCatalogue(t *testing.T) *Catalogue {
	t.Helper()
	c, err := LoadCatalogue(fstest.MapFS{"a.yaml": &fstest.MapFile{Data: []byte(designed)}, "traits.yaml": &fstest.MapFile{Data: []byte("version: 1\ntraits: [{name: plan, type: enum, values: [basic, plus]}, {name: fee, type: number}, {name: faith, type: string, sensitive: true}]\n")}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestARuleSaysWhereItIsWrong: the place is in code points of the text.
func TestARuleSaysWhereItIsWrong(t *testing.T) {
	t.Parallel()
	c := designedCatalogue(t)
	for _, in := range []struct{ rule, at, hint string }{
		{`high("churn_rsk")`, `"churn_rsk"`, "churn_risk"},
		{`label("intent.ü") || high("churn_rsk")`, "", "intent.cancel"},
		{`true && trait("pln") == "basic"`, `"pln"`, "plan"},
		{`trait("plan") == "gold"`, `"plan"`, "basic, plus"},
		{"true &&\n  signl(\"churn_risk\") > 0.5", "signl", "signal"},
		{`flag("fee")`, `"fee"`, "fee"},
	} {
		e, err := c.TryCases(in.rule, nil)
		if err != nil || e.Reason == "" || e.Place == nil {
			t.Errorf("%s: %+v %v", in.rule, e, err)
			continue
		}
		text := []rune(in.rule)
		got := string(text[e.Place.At:min(len(text), e.Place.At+e.Place.Length)])
		if (in.at != "" && !strings.HasPrefix(got, in.at[:2])) || !strings.Contains(e.Hint+e.Reason, in.hint) {
			t.Errorf("%s: at %q, want %q; %s (%s)", in.rule, got, in.at, e.Reason, e.Hint)
		}
	}
}

// TestCasesAreTried: each has its answer, also where one person cannot be.
func TestCasesAreTried(t *testing.T) {
	t.Parallel()
	c := designedCatalogue(t)
	e, err := c.TryCases(`label("intent.buy")`, []GivenCase{
		{Given: Given{Labels: []string{"intent.buy"}}, Want: "keep"}, {Given: Given{}, Want: "keep"}, {Given: Given{Channel: "pigeon"}, Want: "keep"},
	})
	if err != nil || e.Reason != "" || len(e.Cases) != 3 || !e.Cases[0].Holds || e.Cases[1].Holds || e.Cases[1].Answer != "remove" || e.Cases[2].Reason == "" {
		t.Errorf("%+v %v", e, err)
	}
	e, err = c.TryCases(`label(`, []GivenCase{{Want: "keep"}})
	if err != nil || e.Reason == "" || len(e.Cases) != 1 || e.Cases[0].Holds || e.Cases[0].Answer != "" {
		t.Errorf("a rule that does not check: %+v %v", e, err)
	}
}

// TestAWaivedCaseNeedNotHold: with its reason it is kept, without it is refused.
func TestAWaivedCaseNeedNotHold(t *testing.T) {
	t.Parallel()
	c := designedCatalogue(t)
	doc := func(waived string) []byte {
		return []byte(`{"id":"b","issue":"i","group":"g","purpose":"service","channels":["agent"],"title":"B","say":"B","value":{"margin":5},"prior":{"p":0.2},
			"policies":[{"id":"r","kind":"eligibility","when":"label(\"intent.buy\")","why":"no","tests":[{"given":{},"want":"keep"` + waived + `}]}]}`)
	}
	if err := c.CheckAction("b", doc("")); err == nil || !strings.Contains(err.Error(), "waived") {
		t.Errorf("not waived: %v", err)
	}
	if err := c.CheckAction("b", doc(`,"waived":"until spring"`)); err != nil {
		t.Errorf("waived: %v", err)
	}
}

func TestWordsLeaveOutWhatIsSensitive(t *testing.T) {
	t.Parallel()
	w := designedCatalogue(t).Words()
	if len(w.Functions) != len(functions) || !slices.Contains(w.Labels, "intent.buy") || !slices.Contains(w.Facts, "purchase") || len(w.Signals) == 0 {
		t.Errorf("%+v", w)
	}
	if !slices.ContainsFunc(w.Traits, func(x WordTrait) bool { return x.Name == "plan" && len(x.Values) == 2 }) || slices.ContainsFunc(w.Traits, func(x WordTrait) bool { return x.Name == "faith" }) {
		t.Errorf("traits: %+v", w.Traits)
	}
}

// TestSomebodyMadeUpIsAskedFor: who agrees may be offered something, who does
// not may not.
func TestSomebodyMadeUpIsAskedFor(t *testing.T) {
	t.Parallel()
	c := designedCatalogue(t)
	d, err := New(Options{Catalogue: c})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, time.May, 3, 10, 0, 0, 0, time.UTC)
	for agrees, want := range map[bool]int{true: 1, false: 0} {
		r, err := c.Request(Given{Labels: []string{"intent.buy"}, Signals: map[string]float64{"churn_risk": 0.7}}, agrees, now)
		if err != nil {
			t.Fatal(err)
		}
		r.Slot = "agent.call"
		if got := d.Decide("x", r); len(got.Survivors) != want {
			t.Errorf("agrees %t: %+v, %+v", agrees, got.Survivors, got.NotChosen)
		}
	}
	for _, bad := range []Given{{Signals: map[string]float64{"luck": 1}}, {Signals: map[string]float64{"churn_risk": 7}}, {Traits: map[string]any{"fee": "much"}}} {
		if _, err := c.Request(bad, false, now); err == nil {
			t.Errorf("%+v can be made up", bad)
		}
	}
	if r, _ := c.Request(Given{}, true, now); !slices.ContainsFunc(r.Ledger, func(x consent.Row) bool { return x.Purpose == consent.Marketing }) {
		t.Error("who agrees has no row")
	}
}
