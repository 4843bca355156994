package brain_test

import (
	"testing"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/event"
)

func (w *world) ledger(t *testing.T, customer string) []consent.Row {
	t.Helper()
	rows, err := w.store.Consent(t.Context(), customer)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestAWishOnThePhoneClosesAtOnce(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	u := w.say(t, "a", 1, insights.Customer, "stop_emails")
	rows := w.ledger(t, c.CustomerID)
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	r := rows[0]
	if !r.Provisional || r.State != consent.Withdrawn || r.Purpose != consent.Marketing || r.Channel != "email" ||
		r.CallID != "a" || r.CallSecond != float64(u.Start) || r.Evidence != u.Text || r.Actor != "customer" {
		t.Errorf("row %+v", r)
	}
	if err := consent.Verify(rows); err != nil {
		t.Error(err)
	}
	told := false
	for _, typ := range w.types(t, "a") {
		told = told || typ == event.ConsentChanged
	}
	if !told {
		t.Error("no event tells of it")
	}
	w.say(t, "a", 2, insights.Customer, "stop_emails")
	if n := len(w.ledger(t, c.CustomerID)); n != 1 {
		t.Errorf("said twice, written %d times", n)
	}
	w.say(t, "a", 3, insights.Customer, "stop_sms", "may_email")
	if n := len(w.ledger(t, c.CustomerID)); n != 3 {
		t.Errorf("%d rows after two wishes more", n)
	}
	if consent.Now(w.ledger(t, c.CustomerID), r.Cell, w.clock).State != consent.Withdrawn {
		t.Error("a yes that nobody confirmed has opened")
	}
}

func TestTheAgentsWordsAreNobodysWish(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	w.say(t, "a", 1, insights.Agent, "stop_emails", "stop_contact", "do_not_record")
	w.say(t, "a", 2, insights.Customer, "cancel")
	if rows := w.ledger(t, c.CustomerID); len(rows) != 0 {
		t.Errorf("written: %+v", rows)
	}
}

func TestARowThatDoesNotBelongChangesNothing(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	n := len(w.types(t, "a"))
	_, err := w.SetConsent(t.Context(), consent.Row{
		CustomerID: c.CustomerID, Cell: consent.Cell{Purpose: consent.Marketing}, State: consent.Granted, Source: "desk", Actor: "me",
	})
	if err == nil {
		t.Error("a yes without proof was taken")
	}
	if len(w.ledger(t, c.CustomerID)) != 0 || len(w.types(t, "a")) != n {
		t.Error("something was committed")
	}
}

// A yes to being recorded is given by speaking and counts at once; any other
// yes that is heard waits for the agent. A no of either kind closes at once.
func TestASpokenYesToTheRecordingIsFirm(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	w.say(t, "a", 1, insights.Customer, "may_email")
	call := c
	call.Recording.Answer, call.Recording.AnsweredBy, call.Recording.AnsweredAt = "yes", "caller", 3
	if err := w.RecordingAnswered(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	rows := w.ledger(t, c.CustomerID)
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	if r := rows[0]; r.Purpose != consent.Marketing || !r.Provisional {
		t.Errorf("e-mail: %+v", r)
	}
	if r := rows[1]; r.Purpose != consent.Recording || r.Provisional || r.State != consent.Granted || r.Method != "spoken" || r.CallSecond != 3 {
		t.Errorf("recording: %+v", r)
	}
	for purpose, want := range map[consent.Purpose]consent.State{consent.Recording: consent.Granted, consent.Marketing: consent.Unknown} {
		if got := consent.Now(rows, consent.Cell{Purpose: purpose, Channel: "email"}, w.clock).State; got != want {
			t.Errorf("%s is %s, want %s", purpose, got, want)
		}
	}
}
