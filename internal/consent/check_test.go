package consent_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"heed/internal/consent"
)

func TestRowsThatDoNotBelong(t *testing.T) {
	t.Parallel()
	heard := row(consent.Withdrawn, "email", "", "", 1)
	heard.ID, heard.Provisional, heard.CallID = "heard", true, "call"
	old := recorded(row(consent.Denied, "sms", "", "", 1), 1)
	old.ID, old.Actor = "old", "dana"
	ledger := []consent.Row{heard, old}
	good := row(consent.Granted, "email", "", "", 2)
	good.Evidence = "form 7"
	if err := consent.Check(ledger, good, on(3)); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*consent.Row){
		"purpose":        func(r *consent.Row) { r.Purpose = "fun" },
		"channel":        func(r *consent.Row) { r.Channel = "pigeon" },
		"state":          func(r *consent.Row) { r.State = "maybe" },
		"basis":          func(r *consent.Row) { r.Basis = "because" },
		"jurisdiction":   func(r *consent.Row) { r.Jurisdiction = "Germany" },
		"at":             func(r *consent.Row) { r.At = on(4) },
		"expires":        func(r *consent.Row) { r.Expires = r.At },
		"call_second":    func(r *consent.Row) { r.CallSecond = 3 },
		"source":         func(r *consent.Row) { r.Actor = "" },
		"wording":        func(r *consent.Row) { r.Evidence = "" },
		"wording_id":     func(r *consent.Row) { r.WordingID, r.WordingHash = "m", "short" },
		"provisional":    func(r *consent.Row) { r.Provisional = true },
		"evidence":       func(r *consent.Row) { r.Evidence = strings.Repeat("x", 5000) },
		"language":       func(r *consent.Row) { r.Language = "English!" },
		"confirms":       func(r *consent.Row) { r.Confirms = "heard" }, // says something else
		"lifts":          func(r *consent.Row) { r.Lifts, r.State, r.Cell = "old", consent.Unknown, old.Cell },
		"confirms twice": func(r *consent.Row) { r.Confirms, r.Lifts = "heard", "heard" },
	} {
		r := good
		change(&r)
		err := consent.Check(ledger, r, on(3))
		bad, ok := errors.AsType[*consent.Invalid](err)
		if !ok || (bad.Field != field && field != "confirms twice") {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestTakingBack(t *testing.T) {
	t.Parallel()
	heard := row(consent.Withdrawn, "email", "", "", 1)
	heard.ID, heard.Provisional, heard.CallID = "heard", true, "call"
	mine := row(consent.Withdrawn, "sms", "", "", 3)
	mine.ID, mine.Actor = "mine", "dana"
	lift := func(of consent.Row, actor string) consent.Row {
		r := row(consent.Unknown, "", "", "", 3)
		r.Cell, r.Lifts, r.Actor = of.Cell, of.ID, actor
		return r
	}
	ledger := []consent.Row{heard, mine}
	soon, late := mine.RecordedAt.Add(time.Minute), mine.RecordedAt.Add(time.Hour)
	for _, c := range []struct {
		name string
		row  consent.Row
		at   time.Time
		want bool
	}{
		{"what nobody confirmed, by anybody", lift(heard, "kim"), late, true},
		{"one's own, at once", lift(mine, "dana"), soon, true},
		{"somebody else's", lift(mine, "kim"), soon, false},
		{"one's own, too late", lift(mine, "dana"), late, false},
	} {
		if err := consent.Check(ledger, c.row, c.at); (err == nil) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := consent.Check(append(ledger, lift(heard, "kim")), lift(heard, "kim"), late); err == nil {
		t.Error("taken back twice")
	}
}
