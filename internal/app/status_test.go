package app_test

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/internal/app"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/web"
)

// decidedBefore makes a data folder with decisions of which levers flipped
// every fourth and challengers have shadows.
func decidedBefore(t *testing.T) (dir, decision string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Write(t.Context(), func(tx *store.Tx) error {
		var errs []error
		for i := range 60 {
			d := decide.Decision{
				ID: fmt.Sprint("dec_", i), At: time.Now(), Slot: "web.banner", Channel: "web", Subject: "anna", Readings: []customer.Reading{},
				Actions: []decide.Choice{{Action: "sell"}}, Shadows: []decide.Shadow{{Arm: "shade", Action: "thank"}},
			}
			if i%4 == 0 {
				d.Flip = &decide.Flip{Without: "thank", GivenUp: 2}
			}
			e, err := event.New(event.DecisionMade, d.At, event.About{Subject: d.Subject}, decide.Shown(d))
			errs = append(errs, err, tx.AddDecision(d), tx.Append(e))
			decision = d.ID
		}
		return errors.Join(errs...)
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return dir, decision
}

// The status page says when levers decide too much, and how many outcomes are
// waited for and put aside; what challengers would have answered is read by
// the administrator alone.
func TestTheStatusOfDecisions(t *testing.T) {
	dir, decision := decidedBefore(t)
	cfg := settings(t, dir)
	cfg.Content.Actions = offers(t)
	c := serveWith(t, cfg, app.NoEngine())
	status := func() (v web.Status) {
		if got := ask(t, c, http.MethodGet, "/v1/status", "", &v); got != http.StatusOK {
			t.Fatalf("status: %d", got)
		}
		return v
	}
	wait(t, "the alarm about levers", func() bool {
		return strings.Contains(strings.Join(status().Advice, "\n"), "Levers changed what comes first in 25 % of the 60 decisions")
	})
	if v := status(); v.Outcomes.Awaited != 0 || v.Outcomes.Parked != 0 {
		t.Errorf("before any outcome: %+v", v.Outcomes)
	}
	if got := ask(t, c, http.MethodPost, "/v1/outcomes", `{"decision_id": "nobody's", "action": "sell", "outcome": "clicked"}`, nil); got != http.StatusAccepted {
		t.Errorf("an outcome of a decision that is not known: %d", got)
	}
	mia := person(t, c, "+12025550142", "")
	d := decided(t, c, mia, "web")
	if len(d.Actions) == 0 {
		t.Fatal(d.Because)
	}
	body := fmt.Sprintf(`{"decision_id": %q, "action": %q, "outcome": "impression"}`, d.ID, d.Actions[0].Action)
	if got := ask(t, c, http.MethodPost, "/v1/outcomes", body, nil); got != http.StatusCreated {
		t.Errorf("an impression: %d", got)
	}
	if v := status(); v.Outcomes.Awaited != 1 || v.Outcomes.Parked != 1 {
		t.Errorf("one is awaited, one put aside: %+v", v.Outcomes)
	}
	for _, role := range []string{"admin", "agent", "marketer", "privacy", "viewer"} {
		key := asRole(t, c, role)
		for _, as := range []string{"agent", "customer", "auditor"} {
			var e any
			got := ask(t, key, http.MethodGet, "/v1/decisions/"+decision+"?as="+as, "", &e)
			if reads := strings.Contains(fmt.Sprint(e), "shade"); reads != (role == "admin" && as == "auditor") {
				t.Errorf("a %s reads the shadows as %s: %v, %d %v", role, as, reads, got, e)
			}
		}
	}
}
