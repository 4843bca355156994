package decide_test

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
)

// The gate asks what a decision asks: whatever stands in the ledger and in the
// profile, steps 1, 2 and 7 say the same of every action.
func TestGateIsTheDecisionsOwn(t *testing.T) {
	t.Parallel()
	d := shop(t)
	facts := []string{"contact.email", "contact.sms", "cart.add", "complaint.opened", "order.placed", "purchase"}
	rapid.Check(t, func(t *rapid.T) {
		var ledger []consent.Row
		for i := range rapid.IntRange(0, 4).Draw(t, "rows") {
			ledger = append(ledger, consent.Seal(ledger, consent.Row{
				ID: fmt.Sprint("r", i), At: noon.AddDate(0, 0, -i), RecordedAt: noon, Source: "s",
				Cell:  consent.Cell{Purpose: rapid.SampledFrom([]consent.Purpose{consent.Marketing, consent.Service, consent.Profiling}).Draw(t, "purpose")},
				State: rapid.SampledFrom([]consent.State{consent.Granted, consent.Denied, consent.Withdrawn}).Draw(t, "state"),
			}))
		}
		var happened []customer.Fact
		for range rapid.IntRange(0, 6).Draw(t, "facts") {
			ago := time.Duration(rapid.IntRange(1, 40*24).Draw(t, "hours")) * time.Hour
			happened = append(happened, fact(rapid.SampledFrom(facts).Draw(t, "fact"), ago))
		}
		r := request(having(happened...), ledger)
		r.At = r.At.Add(time.Duration(rapid.IntRange(0, 23).Draw(t, "hour")) * time.Hour)
		r.Channel = rapid.SampledFrom([]string{"agent", "web", "email", "sms", "call", "push"}).Draw(t, "channel")
		r.CallID = rapid.SampledFrom([]string{"", "call-1"}).Draw(t, "call")
		fate := map[string]decide.Exclusion{}
		for _, e := range d.Decide("d", r).NotChosen {
			fate[e.Action] = e
		}
		for _, a := range d.Catalogue().Actions() {
			v, err := d.Gate(r, decide.Sending{Action: a.ID})
			if err != nil {
				t.Fatal(err)
			}
			e, out := fate[a.ID]
			asked := out && (e.Step <= 2 || e.Step == 7)
			if asked && (v.Allowed || v.Rule != e.Rule || v.Step != e.Step || v.Why != e.Why) {
				t.Fatalf("%s: decided %+v, at the gate %+v", a.ID, e, v)
			}
			if (!out || e.Step > 7) && (!v.Allowed || v.AllowedBy == nil) {
				t.Fatalf("%s may be chosen, at the gate %+v", a.ID, v)
			}
			if v.Allowed == (v.Rule != "") || v.Why == "" {
				t.Fatalf("%s: %+v", a.ID, v)
			}
		}
	})
}

func TestGateWithoutAnAction(t *testing.T) {
	t.Parallel()
	d := shop(t)
	r := request(having(), grant(consent.Marketing))
	r.Channel, r.CallID = "email", ""
	if v, err := d.Gate(r, decide.Sending{Purpose: consent.Marketing}); err != nil || !v.Allowed {
		t.Errorf("after a yes: %+v %v", v, err)
	}
	if v, err := d.Gate(r, decide.Sending{Purpose: consent.Research}); err != nil || v.Allowed || v.Step != 1 {
		t.Errorf("for what was not allowed: %+v %v", v, err)
	}
	if _, err := d.Gate(r, decide.Sending{Action: "nothing"}); !errors.Is(err, decide.ErrUnknownAction) {
		t.Errorf("an action that there is not: %v", err)
	}
	if v, err := d.Gate(decide.Request{At: noon}, decide.Sending{Purpose: consent.Service}); err != nil || v.Allowed || v.Rule != "subject" {
		t.Errorf("to nobody: %+v %v", v, err)
	}
}

func TestSnapshotNamesWhatWasDecidedOn(t *testing.T) {
	t.Parallel()
	r := request(cus("cus_1"), grant(consent.Marketing), "intent.cancel")
	first := decide.Snapshot(r)
	traced, later, asked := r, r, r
	traced.Trace = true
	later.At = later.At.Add(time.Second)
	asked.Labels = nil
	if first == "" || decide.Snapshot(traced) != first || decide.Snapshot(later) == first || decide.Snapshot(asked) == first {
		t.Error("the snapshot does not follow what is decided on")
	}
	r.Profile.Evidence = map[string][]customer.Evidence{"mood": {{Weight: math.NaN()}}}
	if s := decide.Snapshot(r); s != "" {
		t.Errorf("of a number that is none: %s", s)
	}
}
