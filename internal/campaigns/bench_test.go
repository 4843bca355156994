package campaigns

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/attribution"
	"heed/internal/event"
	"heed/internal/store"
)

// BenchmarkResults asks of a month of 20,000 calls of 5,000 people, half of whom
// bought something.
func BenchmarkResults(b *testing.B) {
	const calls, people = 20_000, 5_000
	r := newRig(b)
	begin := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	for i := 0; i < calls; i += 500 {
		r.ok(r.db.Write(b.Context(), func(tx *store.Tx) error {
			var errs []error
			for n := i; n < i+500; n++ {
				id, person := fmt.Sprint("c", n), fmt.Sprint("p", n%people)
				c := event.Call{ID: id, Platform: "twilio", PlatformCall: id, CustomerID: person, Status: event.CallOver, StartedAt: begin.Add(time.Duration(n) * time.Minute), Duration: 90}
				errs = append(errs, tx.SaveCall(c), tx.SaveOrigin(id, from("google", fmt.Sprint("campaign ", n%50))),
					tx.AddInsights(id, []insights.Insight{{Kind: insights.Intent, Name: "buy", Speaker: insights.Customer}}))
				if n < people/2 {
					errs = append(errs, tx.SavePurchase(store.Purchase{Event: fmt.Sprint("e", n), Customer: person, At: begin.AddDate(0, 0, 20), Kind: "placed", Order: id, Amount: 20, Stated: true}))
				}
			}
			return errors.Join(errs...)
		}))
	}
	for b.Loop() {
		got, err := r.Results(b.Context(), Question{"2026-04-01", "2026-04-30", ByCampaign, attribution.Linear})
		if err != nil || got.Total.Calls != calls || got.Total.Orders != people/2 {
			b.Fatalf("%+v, %v", got.Total, err)
		}
	}
}
