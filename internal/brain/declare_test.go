package brain_test

import (
	"errors"
	"testing"
	"time"

	"heed/internal/brain"
	"heed/internal/customer"
	"heed/internal/event"
)

// TestWhatIsDeclaredOfTraits: what a person says of themselves has to be of the
// type, and what a system says holds for as long as is declared, in whatever
// order it comes.
func TestWhatIsDeclaredOfTraits(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", number)
	if err := w.Declare(t.Context(), c.CustomerID, "monthly_fee", "much"); !errors.Is(err, brain.ErrInvalid) {
		t.Errorf("a fee that is no number: %v", err)
	}
	if err := w.Declare(t.Context(), c.CustomerID, "monthly_fee", 20.0); err != nil {
		t.Error(err)
	}
	said := w.clock.Add(-time.Hour)
	_, err := w.Receive(t.Context(), []brain.Received{{
		ID: event.NewID(), Source: "crm", At: said, Identifiers: []customer.Identifier{{Type: customer.Phone, Value: number}},
		Traits: []customer.Trait{{Name: "no_fibre_area", Value: true, Kind: customer.Verified, Confidence: 1}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Projected(t.Context(), c.CustomerID)
	if err != nil {
		t.Fatal(err)
	}
	year := said.Add(365 * 24 * time.Hour)
	for at, want := range map[time.Time]bool{year.Add(-time.Minute): true, year.Add(time.Minute): false} {
		if _, holds := p.Trait("no_fibre_area", at); holds != want {
			t.Errorf("at %v it holds: %v", at, holds)
		}
	}
	if fee, ok := p.Trait("monthly_fee", year.Add(time.Hour)); !ok || fee.Value != 20.0 {
		t.Errorf("the fee is %v", fee.Value)
	}
}
