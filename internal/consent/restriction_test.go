package consent_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"heed/internal/consent"
)

// of is a row about a purpose as a whole.
func of(p consent.Purpose, s consent.State, day float64) consent.Row {
	r := row(s, "", "", "", day)
	r.ID, r.Purpose = string(p)+r.ID, p
	return r
}

func TestAPauseOfAllUse(t *testing.T) {
	t.Parallel()
	const G, D, W, U = consent.Granted, consent.Denied, consent.Withdrawn, consent.Unknown
	const P = consent.Processing
	yes, pause, lift := row(G, "email", "", "", 1), of(P, W, 2), of(P, G, 4)
	email := consent.Cell{Purpose: consent.Marketing, Channel: "email"}
	for _, c := range []struct {
		name string
		rows []consent.Row
		cell consent.Cell
		day  float64
		want consent.State
		by   consent.Purpose
	}{
		{"before it", []consent.Row{yes, pause}, email, 1.5, G, consent.Marketing},
		{"it closes what was open", []consent.Row{yes, pause}, email, 3, W, P},
		{"and what nobody asked", []consent.Row{pause}, consent.Cell{Purpose: consent.Research}, 3, W, P},
		{"a no stays the person's own", []consent.Row{yes, of(consent.Marketing, D, 1), pause}, email, 3, D, consent.Marketing},
		{"a yes meanwhile waits", []consent.Row{pause, row(G, "email", "", "", 3)}, email, 3.5, W, P},
		{"lifted, all is as it was", []consent.Row{yes, pause, lift}, email, 5, G, consent.Marketing},
		{"profiling", []consent.Row{of(consent.Profiling, G, 1), pause}, consent.Cell{Purpose: consent.Profiling}, 3, W, P},
		{"sharing", []consent.Row{of(consent.Sale, G, 1), pause}, consent.Cell{Purpose: consent.Sale}, 3, W, P},
		{"service goes on", []consent.Row{pause}, consent.Cell{Purpose: consent.Service}, 3, U, ""},
		{"calls are kept as they allow", []consent.Row{of(consent.Recording, G, 1), pause}, consent.Cell{Purpose: consent.Recording}, 3, G, consent.Recording},
		{"nobody asked", nil, consent.Cell{Purpose: P}, 3, U, ""},
	} {
		got := consent.Now(c.rows, c.cell, on(c.day))
		if got.State != c.want || (got.Row == nil) != (c.by == "") || got.Row != nil && got.Row.Purpose != c.by {
			t.Errorf("%s: %+v", c.name, got)
		}
		if x := consent.NewIndex(c.rows).Now(c.cell, on(c.day)); x.State != c.want {
			t.Errorf("%s: the index says %+v", c.name, x)
		}
	}
	if got := consent.Said([]consent.Row{yes, pause}, email, on(3)); got.State != G {
		t.Errorf("they said %+v", got)
	}
	late := recorded(pause, 6)
	if got := consent.AsOf([]consent.Row{yes, late}, email, on(3), on(3)); got.State != G {
		t.Errorf("not known yet: %+v", got)
	}
	if got := consent.AsOf([]consent.Row{yes, late}, email, on(3), on(7)); got.State != W {
		t.Errorf("in truth: %+v", got)
	}
}

// Whatever was said, a pause opens nothing, and the index agrees.
func TestAPauseOpensNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		said := spokenRows("r").Draw(t, "rows")
		all := append(slices.Clip(said), of(consent.Processing, consent.Withdrawn, float64(rapid.IntRange(0, 9).Draw(t, "paused"))))
		if rapid.Bool().Draw(t, "lifted") {
			all = append(all, of(consent.Processing, consent.Granted, float64(rapid.IntRange(0, 9).Draw(t, "on"))))
		}
		x := consent.NewIndex(all)
		for day := range 12 {
			without, with := consent.Now(said, asked, on(float64(day))), consent.Now(all, asked, on(float64(day)))
			if with.State == consent.Granted && without.State != consent.Granted {
				t.Fatalf("day %d: opened by a pause", day)
			}
			if got := x.Now(asked, on(float64(day))); got.State != with.State {
				t.Fatalf("day %d: the index says %s, the ledger %s", day, got.State, with.State)
			}
			if got := consent.Said(all, asked, on(float64(day))); got.State != without.State {
				t.Fatalf("day %d: what was said changed from %s to %s", day, without.State, got.State)
			}
		}
	})
}

// A pause of one channel would be read by nobody, so it is refused.
func TestAPauseIsOfTheWholePerson(t *testing.T) {
	t.Parallel()
	r := of(consent.Processing, consent.Withdrawn, 1)
	if err := consent.Check(nil, r, on(2)); err != nil {
		t.Error(err)
	}
	r.Channel = "email"
	var bad *consent.Invalid
	if err := consent.Check(nil, r, on(2)); !errors.As(err, &bad) || bad.Field != "channel" {
		t.Errorf("error %v", err)
	}
}
