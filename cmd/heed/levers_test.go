package main

import (
	"strings"
	"testing"
	"time"

	"heed/internal/decide"
	"heed/internal/levers"
	"heed/internal/store"
)

func TestLeversAreReadable(t *testing.T) {
	t.Parallel()
	r := levers.Report{
		Since: "2026-04-01", Until: "2026-04-14", Decisions: 100, Flipped: 25, Share: 0.25, GivenUp: 3, Alarm: &levers.Alarm{Why: "too much"},
		Levers: []levers.Line{{
			Lever: decide.Lever{Push: decide.Push{Scope: "group", Name: "g", Owner: "Ann", Percent: 20}, Reason: "spring", Until: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)},
			State: levers.Expired, Flipped: 25, Share: 0.25, GivenUp: 3,
		}},
		Owners: []levers.Owner{{Owner: "Ann", Levers: 1, Flipped: 25, GivenUp: 3}},
		Days:   []store.DecidedDay{{Day: "2026-04-14", Decisions: 100, Flipped: 25, GivenUp: 3}},
	}
	page := leverPage(&r)
	for _, want := range []string{"ALARM: too much\n", "in 25 of 100 decisions (25.0 %)", "group g  +20      Ann    expired  2026-05-01  25", "2026-04-14  100"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not in\n%s", want, page)
		}
	}
	heed(t, "levers", "--data", t.TempDir()).want(t, 1)
	heed(t, "levers", "--since", "0d").want(t, 2, "1d to 400d")
}
