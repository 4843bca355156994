package brain_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// arrival is something that reaches the brain, perhaps late or twice.
type arrival struct {
	utterance *insights.Utterance
	intent    string
	fact      *brain.Received
}

func arrivals(t *rapid.T) []arrival {
	n := rapid.IntRange(1, 90).Draw(t, "n")
	out := make([]arrival, n)
	for i := range out {
		if rapid.Bool().Draw(t, "spoken") {
			// A millisecond more each, so that no two are said at once.
			start := insights.Seconds(float64(rapid.IntRange(0, 600).Draw(t, "second")) + float64(i)/1000)
			out[i].utterance = &insights.Utterance{
				ID: fmt.Sprintf("u%d", i), CallID: "a", Seq: i + 1, Speaker: rapid.SampledFrom([]insights.Speaker{insights.Customer, insights.Agent}).Draw(t, "who"),
				Text: "x", Start: start, End: start + 2,
			}
			out[i].intent = rapid.SampledFrom([]string{"cancel", "complaint", "price_question"}).Draw(t, "intent")
			continue
		}
		fact := did("+12025550142", fmt.Sprintf("m%d", i), rapid.SampledFrom([]string{"page.cancel", "purchase", "cart.add", "complaint.opened", "contact.email"}).Draw(t, "fact"),
			time.Date(2026, 11, 2, 9, 0, 0, i*int(time.Millisecond), time.UTC).Add(-time.Duration(rapid.IntRange(0, 9999).Draw(t, "minutes ago"))*time.Minute), nil)
		out[i].fact = &fact
	}
	return out
}

// arrive brings all to a new world and gives how the caller is known then.
func arrive(t *testing.T, all []arrival) customer.Profile {
	t.Helper()
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	for _, a := range all {
		var err error
		if u := a.utterance; u != nil {
			err = w.Heard(t.Context(), "a", *u, []insights.Insight{{
				Kind: insights.Intent, Name: a.intent, Confidence: .9, Speaker: u.Speaker, Start: u.Start, End: u.End, UtteranceID: u.ID,
			}})
		} else {
			_, err = w.Receive(t.Context(), []brain.Received{*a.fact})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	p, err := w.store.Profile(t.Context(), c.CustomerID)
	if err != nil {
		t.Fatal(err)
	}
	p.Version = 0 // counts the writes
	return p
}

// Whatever the order in which a call's words and the facts of other systems
// arrive, and however often: the profile in the store is the same. A world is a
// store on the disk, so only so many are drawn.
func TestEveryOrderOfArrivalEndsTheSame(t *testing.T) {
	orders := rapid.Custom(func(rt *rapid.T) [2][]arrival {
		all := arrivals(rt)
		shuffled := rapid.Permutation(all).Draw(rt, "order")
		for range 10 {
			shuffled = append(shuffled, rapid.SampledFrom(all).Draw(rt, "again"))
		}
		return [2][]arrival{all, shuffled}
	})
	for seed := range 12 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			o := orders.Example(seed)
			if a, b := plain(arrive(t, o[0])), plain(arrive(t, o[1])); a != b {
				t.Fatalf("-in order +shuffled\n%s", cmp.Diff(indent(a), indent(b)))
			}
		})
	}
}

func indent(s string) any {
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		return s
	}
	return v
}

// What the store holds of a person is what their log makes.
func TestTheProfileIsWhatTheLogMakes(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	for i := range 120 {
		w.clock = w.clock.Add(time.Minute)
		w.say(t, "a", i+1, insights.Customer, "cancel")
		w.receive(t, did(c.From, fmt.Sprint("m", i), "page.product", w.clock, nil))
	}
	kept, err := w.store.Profile(t.Context(), c.CustomerID)
	if err != nil {
		t.Fatal(err)
	}
	made, err := w.Projected(t.Context(), c.CustomerID)
	if err != nil {
		t.Fatal(err)
	}
	made.Version = kept.Version
	if diff := cmp.Diff(kept, made); diff != "" {
		t.Errorf("-kept +made\n%s", diff)
	}
	if len(made.Facts) != 121 || made.Marks[customer.BuyingIntent].Folded.EventID == "" {
		t.Errorf("%d facts, marks %+v: too little happened to tell", len(made.Facts), made.Marks)
	}
}

// Somebody whom an older version knew, which did not keep the log, is carried
// over whole: what they were then is where their log begins.
func TestWhoWasKnownBeforeIsCarriedOver(t *testing.T) {
	w := newWorld(t)
	old := customer.New("old", w.clock.AddDate(-1, 0, 0))
	old.SetTrait(customer.Trait{Name: "name", Value: "Ann", Source: "crm", At: w.clock.AddDate(-1, 0, 0)})
	old.Seen(phone("+12025550142"))
	old.Observe(customer.Fact{EventID: "f", Name: "page.cancel", At: w.clock.Add(-time.Hour)})
	old.Version = 1
	err := w.store.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.SaveProfile(old); err != nil {
			return err
		}
		e, err := event.New(event.ProfileCarried, w.clock, event.About{Subject: "old"}, old)
		if err != nil {
			return err
		}
		return tx.Append(e)
	})
	if err != nil {
		t.Fatal(err)
	}
	w.receive(t, did("+12025550142", "m1", "page.cancel", w.clock, nil))
	made, err := w.Projected(t.Context(), "old")
	if err != nil {
		t.Fatal(err)
	}
	if made.Name() != "Ann" || len(made.Facts) != 2 || len(made.Evidence[customer.ChurnRisk]) != 2 {
		t.Errorf("%q with %d facts and %d reasons", made.Name(), len(made.Facts), len(made.Evidence[customer.ChurnRisk]))
	}
}
