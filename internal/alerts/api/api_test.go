package api

import (
	"testing"
	"time"

	"heed/internal/alerts"
	"heed/internal/store"
)

// What is left out means what the description says, and comes back whole.
func TestWhatIsLeftOut(t *testing.T) {
	for _, c := range []struct {
		rule Rule
		want store.Wanted
	}{
		{Rule{Kind: "threshold", Least: 3}, store.Wanted{Kind: "threshold", Least: 3, Unit: "calls", Period: "day"}},
		{Rule{Kind: "change", RestHours: 2}, store.Wanted{Kind: "change", Direction: "either", Period: "day", Rest: 2 * time.Hour}},
		{Rule{Kind: "new"}, store.Wanted{Kind: "new", Weeks: 4}},
		{Rule{Kind: "digest"}, store.Wanted{Kind: "digest"}},
	} {
		w := NewSubscription{Rule: c.rule}.wish()
		if w.Wanted != c.want {
			t.Errorf("%+v means %+v, want %+v", c.rule, w.Wanted, c.want)
		}
		sub := alerts.Subscription{Subscription: store.Subscription{Wanted: store.Wanted{Secret: "whsec_x"}}}
		c.rule.wanted(&sub.Wanted)
		v := subscriptionView(sub)
		var again store.Wanted
		v.wanted(&again)
		if again != c.want || v.Alerted != nil {
			t.Errorf("%+v comes back as %+v", c.want, v)
		}
	}
}
