package customer

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSupposedSignalsReadAsSaid(t *testing.T) {
	at := time.Date(2026, 5, 3, 10, 12, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		p := New("p", at.AddDate(-1, 0, 0))
		p.Observe(Fact{EventID: "e1", Name: "page.cancel", At: at.Add(-time.Hour)})
		p.Observe(Fact{EventID: "e2", Name: "purchase", At: at.AddDate(0, -5, 0)})
		name := rapid.SampledFrom(SignalNames()).Draw(t, "signal")
		low := 0.0
		if name == Mood {
			low = -1
		}
		want := rapid.Float64Range(low, 1).Draw(t, "value")
		if err := p.Suppose(name, want, at); err != nil {
			t.Fatal(err)
		}
		if got := p.Value(name, at); math.Abs(got-want) > 1e-6 {
			t.Fatalf("%s reads %v, want %v", name, got, want)
		}
		if enter, _, _ := Thresholds(name); enter > 0 && p.High(name, at) != (p.Value(name, at) >= enter) {
			t.Fatalf("%s of %v high: %v", name, want, p.High(name, at))
		}
	})
	var p Profile
	for name, value := range map[string]float64{"luck": 0.5, ChurnRisk: 1.5, Mood: -2, Fatigue: -1, BuyingIntent: math.NaN()} {
		if err := p.Suppose(name, value, at); err == nil {
			t.Errorf("%s of %v was taken", name, value)
		}
	}
}

func TestSupposedTraits(t *testing.T) {
	at := time.Date(2026, 5, 3, 10, 12, 0, 0, time.UTC)
	p := New("p", at)
	p.SetTrait(Trait{Name: "plan", Value: "plus", Source: "crm", Kind: Verified, At: at.Add(time.Hour), Confidence: 1})
	before := p.Clone()
	if err := p.SupposeTrait("plan", "basic", at); err != nil {
		t.Fatal(err)
	}
	if got, _ := p.Trait("plan", at); got.Value != "basic" {
		t.Errorf("the plan is %v", got.Value)
	}
	if got, _ := before.Trait("plan", at); got.Value != "plus" {
		t.Errorf("the other profile has %v", got.Value)
	}
	if err := p.SupposeTrait("plan", nil, at); err != nil {
		t.Fatal(err)
	}
	if _, known := p.Trait("plan", at); known {
		t.Error("an unknown plan is known")
	}
	if err := p.SupposeTrait("plan", []int{1}, at); err == nil {
		t.Error("a list was taken for a trait")
	}
}
