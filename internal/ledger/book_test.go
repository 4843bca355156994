package ledger_test

import (
	"errors"
	"testing"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/ledger"
	"heed/internal/store"
)

// TestAPartOfALedgerAnswersAsTheWhole asks a service that has read nothing,
// and then one that has read all, the same questions.
func TestAPartOfALedgerAnswersAsTheWhole(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	start := o.clock
	states := []consent.State{consent.Granted, consent.Withdrawn, consent.Denied, consent.Unknown}
	var firm consent.Row
	for i := range 60 {
		o.clock = start.Add(time.Duration(i) * time.Hour)
		c := consent.Cell{Purpose: consent.Purposes()[i%3], Channel: []string{"", "email", "sms"}[i/3%3], Topic: []string{"", "news"}[i/9%2]}
		r, err := o.SetConsent(t.Context(), consent.Row{
			CustomerID: "anna", Cell: c, State: states[i*7%4], At: o.clock.Add(-time.Duration(i%5) * time.Hour), Source: "test", Actor: "dana", Evidence: "form",
		})
		if err != nil {
			t.Fatal(err)
		}
		firm = r
	}
	if _, err := o.Undo(t.Context(), "anna", firm.ID, "dana"); err != nil {
		t.Fatal(err)
	}
	rows, err := o.store.Consent(t.Context(), "anna")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[consent.State]int{}
	for _, whole := range []bool{false, true} {
		if whole {
			if _, err := o.Grid(t.Context(), "anna", ledger.Moment{}); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 240 {
			c := consent.Cell{Purpose: consent.Purposes()[i%3], Channel: []string{"", "email", "sms", "push"}[i%4], Topic: []string{"", "news"}[i/4%2]}
			m := ledger.Moment{Valid: start.Add(time.Duration(i/4) * time.Hour), Known: start.Add(time.Duration(i%60) * time.Hour)}
			got, err := o.At(t.Context(), "anna", c, m)
			if err != nil {
				t.Fatal(err)
			}
			asOf, knownAt := consent.AsOf(rows, c, m.Valid, o.clock), consent.AsOf(rows, c, m.Valid, m.Known)
			if got.AsOf.State != asOf.State || got.KnownAt.State != knownAt.State {
				t.Fatalf("%+v at %+v, all read %v: %v and %v, want %v and %v", c, m, whole, got.AsOf.State, got.KnownAt.State, asOf.State, knownAt.State)
			}
			seen[asOf.State]++
		}
	}
	if len(seen) < 4 {
		t.Errorf("the questions had too few answers to tell: %v", seen)
	}
}

// TestAKeptLedgerOfJoinedPeopleIsReadAgain changes what a kept ledger rests on
// in each way there is.
func TestAKeptLedgerOfJoinedPeopleIsReadAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	email := consent.Cell{Purpose: consent.Marketing, Channel: "email"}
	now := func() consent.State {
		t.Helper()
		got, err := o.At(t.Context(), "anna", email, ledger.Moment{})
		if err != nil {
			t.Fatal(err)
		}
		return got.AsOf.State
	}
	link := customer.Merge{ID: "link", People: [2]string{"anna", "bert"}, At: o.clock}
	save := func() {
		t.Helper()
		if err := o.store.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveMerge(link) }); err != nil {
			t.Fatal(err)
		}
	}
	o.say(t, "anna", "email", consent.Granted)
	if got := now(); got != consent.Granted {
		t.Fatalf("alone: %v", got)
	}
	o.clock = o.clock.Add(time.Hour)
	o.say(t, "bert", "email", consent.Withdrawn)
	save()
	if got := now(); got != consent.Withdrawn {
		t.Errorf("joined to somebody who said no: %v", got)
	}
	o.clock = o.clock.Add(time.Hour)
	o.say(t, "bert", "email", consent.Granted)
	if got := now(); got != consent.Granted {
		t.Errorf("after the other's yes: %v", got)
	}
	o.clock = o.clock.Add(time.Hour)
	o.say(t, "bert", "email", consent.Denied)
	if got := now(); got != consent.Denied {
		t.Errorf("after the other's no: %v", got)
	}
	link.RemovedAt = o.clock
	save()
	if got := now(); got != consent.Granted {
		t.Errorf("parted: %v", got)
	}
	if _, err := o.At(t.Context(), "nobody", email, ledger.Moment{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}
