package brain_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

const number = "+12025550142"

func (w *world) write(t *testing.T, fn func(*store.Tx) error) {
	t.Helper()
	if err := w.store.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// texted asks whether to write a text message.
func (w *world) texted(t *testing.T, id string, n int, language string, labels ...string) decide.Decision {
	t.Helper()
	d, err := w.Decide(t.Context(), brain.Question{
		Whom: brain.Whom{CustomerID: id}, Slot: "outbound.sms", Channel: "sms", N: n, Language: language, Labels: labels,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.later(time.Hour)
	return d
}

// asked says what of a question no event of the person tells.
func asked(r decide.Request) string {
	var lists []string
	for _, l := range r.Listed {
		lists = append(lists, fmt.Sprintf("%s %t %s", l.List, l.National, l.Source))
	}
	return fmt.Sprintf("%d %q %v, lists %q, unsettled %v", r.N, r.Language, r.Labels, lists, r.Unsettled)
}

// TestTheWorldIsToldAsItStood changes do-not-call lists and what other systems
// confirmed after each of some decisions: the questions stay as they were.
func TestTheWorldIsToldAsItStood(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", number)
	c.Status, c.EndedAt = "ended", new(w.clock)
	if err := w.CallEnded(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	w.later(time.Hour)
	crm := store.Recipient{Name: "crm", Key: "key", Since: w.clock}
	w.write(t, func(tx *store.Tx) error { return tx.AddRecipient(crm) })
	row, err := w.SetConsent(t.Context(), consent.Row{
		CustomerID: c.CustomerID, Cell: consent.Cell{Purpose: consent.Marketing}, State: consent.Granted, At: w.clock,
		Source: "form", Actor: "customer", Evidence: "the form",
	})
	if err != nil {
		t.Fatal(err)
	}
	confirm := func(right bool) {
		w.write(t, func(tx *store.Tx) error { return tx.ConfirmTold("crm", row.ID, "granted", right, w.clock) })
	}
	onList := func(round int64, national bool, source string, numbers string) {
		list := store.BarredList{Name: "registry", National: national, Source: source}
		if _, err := w.lists.Import(t.Context(), list, []byte(numbers+"\n"), round); err != nil {
			t.Fatal(err)
		}
		if _, err := w.lists.End(t.Context(), "registry", round); err != nil {
			t.Fatal(err)
		}
	}

	var want []string
	var when []time.Time
	decided := func(says string, n int, language string, labels ...string) {
		when, want = append(when, w.clock), append(want, says)
		w.texted(t, c.CustomerID, n, language, labels...)
	}
	waits := "[" + row.ID + "]"
	onList(1, true, "first edition", number)
	decided(`1 "de" [page.cancel], lists ["registry true first edition"], unsettled `+waits, 1, "de", "page.cancel")
	if err := w.lists.Add(t.Context(), number); err != nil {
		t.Fatal(err)
	}
	w.write(t, func(tx *store.Tx) error { return tx.Told("crm", []store.Telling{{N: 1}}, w.clock) })
	confirm(true)
	onList(2, false, "second edition", number)
	decided(`3 "" [], lists ["registry false second edition" "own false people who asked us"], unsettled []`, 0, "")
	onList(3, false, "third edition", "+12025550199")
	confirm(false)
	decided(`2 "fr" [], lists ["own false people who asked us"], unsettled `+waits, 2, "fr")
	if _, err := w.lists.Remove(t.Context(), number); err != nil {
		t.Fatal(err)
	}
	confirm(true)
	decided(`20 "fr" [], lists [], unsettled []`, 20, "fr")
	w.write(t, func(tx *store.Tx) error { return tx.AnnounceAgain(c.CustomerID, w.clock) })
	decided(`20 "fr" [], lists [], unsettled `+waits, 20, "fr")
	w.write(t, func(tx *store.Tx) error { return tx.DropRecipient("crm", w.clock, event.By{}) })
	if err := w.lists.Add(t.Context(), number); err != nil {
		t.Fatal(err)
	}
	decided(`1 "" [], lists ["own false people who asked us"], unsettled []`, 1, "")

	var got []string
	_, err = w.Past(t.Context(), []string{c.CustomerID}, func(m *brain.Moment) error {
		if m.Request.CallID == "" {
			got = append(got, asked(m.Request))
		}
		return nil
	})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("told\n%q\nwant\n%q\n%v", got, want, err)
	}
	for i, at := range when {
		r, err := w.At(t.Context(), c.CustomerID, brain.Then{At: at, Known: at, Slot: "outbound.sms", Channel: "sms"})
		if now := asked(r); err != nil || now != want[i] {
			t.Errorf("at decision %d: %s, want %s, %v", i, now, want[i], err)
		}
	}
	if n := w.asLogged(t, c.CustomerID); n != len(want)+1 {
		t.Errorf("%d decisions", n)
	}
	// Half an hour after a decision its place asks as it last did, of another
	// moment; a place that never asked asks as usual.
	r, err := w.At(t.Context(), c.CustomerID, brain.Then{At: when[0].Add(30 * time.Minute), Known: w.clock, Slot: "outbound.sms", Channel: "sms"})
	if says := `1 "de" [], lists ["registry true first edition"], unsettled ` + waits; err != nil || asked(r) != says {
		t.Errorf("later: %s, want %s, %v", asked(r), says, err)
	}
	r, err = w.At(t.Context(), c.CustomerID, brain.Then{At: when[0], Known: w.clock, Slot: "web.banner", Channel: "web"})
	if says := `0 "" [], lists [], unsettled ` + waits; err != nil || asked(r) != says {
		t.Errorf("elsewhere: %s, want %s, %v", asked(r), says, err)
	}
}

// TestOldDecisionsAreGuessed reads decisions of a version that did not keep
// what was asked.
func TestOldDecisionsAreGuessed(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", number)
	w.say(t, "a", 1, insights.Customer, "cancel")
	d := w.last(t, "a")
	d.ID, d.At, d.CallID, d.Slot, d.Channel, d.Asked = "old", w.clock, "", "web.banner", "web", nil
	d.NotChosen = append(d.NotChosen, decide.Exclusion{Action: "another", Step: 12})
	w.write(t, func(tx *store.Tx) error { return tx.AddDecision(d) })
	made, err := event.New(event.DecisionMade, w.clock, event.About{Subject: c.CustomerID}, decide.Shown(d))
	if err != nil {
		t.Fatal(err)
	}
	w.write(t, func(tx *store.Tx) error { return tx.Append(made) })
	var r decide.Request
	_, err = w.Past(t.Context(), []string{c.CustomerID}, func(m *brain.Moment) error {
		if m.Logged.ID == "old" {
			r = m.Request
		}
		return nil
	})
	if err != nil || r.N != len(d.Actions) || r.N == 0 {
		t.Errorf("asked for %d, %d were shown and one was outranked: %v", r.N, len(d.Actions), err)
	}
}
