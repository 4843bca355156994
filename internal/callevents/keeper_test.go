package callevents

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/internal/event"
	"heed/internal/store"
)

// What is told of a call reaches its record, told before its audio came, after
// it or twice, in any order.
func TestFactsReachTheCallInAnyOrder(t *testing.T) {
	t.Parallel()
	all := []event.Told{
		phase("1", "CA-c1", "ringing", 1, "from", "415-555-0100", "to", business, "direction", "inbound"),
		phase("2", "CA-c1", "answered", 6, "agent", "al", "queue", "sales"),
		phase("3", "CA-c1", "ended", 90, "cause", "completed"),
	}
	at := func(s int) *time.Time { v := noon.Add(time.Duration(s) * time.Second); return &v }
	want := event.Facts{
		Provider: "twilio", State: "ended", Direction: "inbound", From: ann, To: business, Agent: "al", Queue: "sales", Cause: "completed",
		RingingAt: at(1), AnsweredAt: at(6), EndedAt: at(90), Events: 3,
	}
	for _, order := range [][]int{{0, 1, 2, -1}, {-1, 2, 1, 0}, {2, 0, -1, 1}, {2, 2, -1, 0, 0, 1}} {
		r := newRig(t)
		for _, i := range order {
			if i < 0 {
				r.begin("c1", noon.Add(2*time.Second), ann, business)
			} else {
				r.tell(all[i])
			}
			r.settle()
		}
		if diff := cmp.Diff(want, r.facts("c1")); diff != "" {
			t.Errorf("order %v (-want +got):\n%s", order, diff)
		}
		if !slices.Contains(r.over.ids, "twilio CA-c1") {
			t.Errorf("order %v: the call was not ended: %v", order, r.over.ids)
		}
		told := r.log(event.CallTold)
		var last event.Facts
		r.ok(json.Unmarshal(told[len(told)-1].Data, &last))
		if told[0].Call != "c1" || !cmp.Equal(want, last) {
			t.Errorf("order %v: the log says %s of %q", order, told[len(told)-1].Data, told[0].Call)
		}
	}
}

// What was told a moment ago is known when the audio comes, before its
// consequences are drawn and after that.
func TestKnownBeforeTheAudio(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.tell(phase("1", "CA-c1", "ringing", 1, "from", ann, "direction", "outbound"))
	for range 2 {
		if got := r.Known(t.Context(), "twilio", "CA-c1"); got.From != ann || got.Direction != "outbound" {
			t.Errorf("%+v", got)
		}
		r.settle()
	}
	if got := r.Known(t.Context(), "twilio", "CA-c2"); got.From != "" || got.Events != 0 {
		t.Errorf("of a call that nobody told of: %+v", got)
	}
}

func TestTellRefusesWhatNamesNoCall(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, e := range []event.Told{
		{ID: "1", Call: "c"},
		{Provider: "p", Call: "c"},
		{Provider: "p", ID: "1"},
		{Provider: "p", ID: strings.Repeat("x", 257), Call: "c"},
		{Provider: "p", ID: "1", Call: "c", Corrects: strings.Repeat("x", 257)},
	} {
		if err := r.Tell(t.Context(), e); !errors.Is(err, event.ErrTold) {
			t.Errorf("%+v: %v", e, err)
		}
	}
}

// A record is joined by the service's id, or by numbers and time; never by the
// caller alone, and not where two answers fit.
func TestJoining(t *testing.T) {
	t.Parallel()
	hinted := func(id string) func(*event.Call) { return func(c *event.Call) { c.TrackingID = id } }
	outbound := func(c *event.Call) { c.Direction, c.From, c.To = "outbound", business, ann }
	late := noon.Add(2*time.Minute + time.Second)
	r := newRig(t)
	for _, c := range []struct {
		name  string
		calls func(*rig)
		told  []event.Told
		want  map[string]string
	}{
		{"by its id", func(r *rig) { r.begin("c1", late, bob, "+12025550123", hinted("CAL1")) }, []event.Told{tracked("1", "CAL1", noon)}, map[string]string{"CAL1": "joined c1 id"}},
		{"two calls with its id", func(r *rig) {
			r.begin("c1", noon, ann, business, hinted("CAL1"))
			r.begin("c2", noon, ann, business, hinted("CAL1"))
		}, []event.Told{tracked("1", "CAL1", noon)}, map[string]string{"CAL1": "ambiguous  "}},
		{"by the tracking number", func(r *rig) { r.begin("c1", noon.Add(119*time.Second), ann, tracking) }, []event.Told{tracked("1", "CAL1", noon)}, map[string]string{"CAL1": "joined c1 numbers"}},
		{"by the number it was put through to", func(r *rig) { r.begin("c1", noon.Add(-119*time.Second), ann, business) }, []event.Told{tracked("1", "CAL1", noon)}, map[string]string{"CAL1": "joined c1 numbers"}},
		{"of an outbound call", func(r *rig) { r.begin("c1", noon, "", "", outbound) }, []event.Told{tracked("1", "CAL1", noon, "direction", "outbound")}, map[string]string{"CAL1": "joined c1 numbers"}},
		{"too far in time", func(r *rig) { r.begin("c1", late, ann, business) }, []event.Told{tracked("1", "CAL1", noon)}, map[string]string{"CAL1": "unjoined  "}},
		{"the caller alone", func(r *rig) { r.begin("c1", noon, ann, "+12025550123") }, []event.Told{tracked("1", "CAL1", noon)}, map[string]string{"CAL1": "unjoined  "}},
		{"a withheld number", func(r *rig) { r.begin("c1", noon, "", business) }, []event.Told{tracked("1", "CAL1", noon, "caller", "anonymous")}, map[string]string{"CAL1": "unjoined  "}},
		{"another caller", func(r *rig) { r.begin("c1", noon, bob, business) }, []event.Told{tracked("1", "CAL1", noon)}, map[string]string{"CAL1": "unjoined  "}},
		{"no start", func(r *rig) { r.begin("c1", noon, ann, business) }, []event.Told{tracked("1", "CAL1", noon, "started_at", "")}, map[string]string{"CAL1": "unjoined  "}},
		{"two calls", func(r *rig) {
			r.begin("c1", noon, ann, business)
			r.begin("c2", noon.Add(time.Minute), ann, tracking)
		}, []event.Told{tracked("1", "CAL1", noon)}, map[string]string{"CAL1": "ambiguous  "}},
		{
			"two records", func(r *rig) { r.begin("c1", noon, ann, business) },
			[]event.Told{tracked("1", "CAL1", noon), tracked("2", "CAL2", noon.Add(time.Minute))},
			map[string]string{"CAL1": "ambiguous  ", "CAL2": "ambiguous  "},
		},
		{"two records, one by its id", func(r *rig) {
			r.begin("c1", noon, ann, business)
			r.begin("c2", noon, ann, business, hinted("CAL2"))
		}, []event.Told{tracked("1", "CAL1", noon), tracked("2", "CAL2", noon.Add(time.Minute))}, map[string]string{"CAL1": "joined c1 numbers", "CAL2": "joined c2 id"}},
		{"two services", func(r *rig) { r.begin("c1", noon, ann, business) }, []event.Told{tracked("1", "CAL1", noon), func() event.Told {
			e := tracked("1", "INV1", noon)
			e.Provider = "invoca"
			return e
		}()}, map[string]string{"CAL1": "joined c1 numbers", "INV1": "joined c1 numbers"}},
		{"nobody heard it", func(*rig) {}, []event.Told{tracked("1", "CAL1", noon)}, map[string]string{"CAL1": "unjoined  "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, order := range []string{"calls first", "records first", "backwards"} {
				r.round++
				told := slices.Clone(c.told)
				if order == "backwards" {
					slices.Reverse(told)
				}
				if order == "calls first" {
					c.calls(r)
					r.settle()
				}
				for _, e := range told {
					r.tell(e)
					r.settle()
				}
				if order != "calls first" {
					c.calls(r)
					r.settle()
				}
				if diff := cmp.Diff(c.want, r.records()); diff != "" {
					t.Errorf("%s (-want +got):\n%s", order, diff)
				}
			}
		})
	}
}

// A correction that makes a join wrong takes it back, and one that makes
// another right joins that.
func TestCorrectionsTakeAJoinBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.begin("c1", noon, ann, business)
	r.begin("c2", noon, bob, business)
	r.settle()
	r.tell(tracked("1", "CAL1", noon))
	r.settle()
	fixed := tracked("2", "CAL1", noon, "caller", bob)
	fixed.At = noon.Add(time.Hour)
	r.tell(fixed)
	r.settle()
	if got := r.records()["CAL1"]; got != "joined c2 numbers" {
		t.Errorf("after the caller was corrected: %s", got)
	}
	wrong := tracked("3", "CAL1", noon, "caller", "restricted")
	wrong.At = noon.Add(2 * time.Hour)
	wrong.Fields["caller"] = "+12025550000"
	r.tell(wrong)
	r.settle()
	if got := r.records()["CAL1"]; got != "unjoined  " {
		t.Errorf("after it was corrected to nobody's: %s", got)
	}
	var states []string
	for _, e := range r.log(event.CallTracked) {
		var d event.Tracking
		r.ok(json.Unmarshal(e.Data, &d))
		states = append(states, string(d.State)+" "+d.CallID+" was "+d.Was)
		if strings.Contains(string(e.Data), "555") || strings.Contains(string(e.Data), "secret") {
			t.Errorf("the log holds what is personal: %s", e.Data)
		}
	}
	if diff := cmp.Diff([]string{"joined c1 was ", "joined c2 was c1", "unjoined  was c2"}, states); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// A transaction in whose place another stands has no word any more, whichever
// comes first and of whichever call it was told.
func TestTransactionsAreReplaced(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, c := range []struct {
		name, call string
		want       map[string]string
	}{
		{"of the same call", "A", map[string]string{"A": "joined c2 numbers"}},
		{"of another call", "B", map[string]string{"A": "withdrawn  ", "B": "joined c2 numbers"}},
	} {
		first := tracked("t1", "A", noon)
		second := tracked("t2", c.call, noon, "caller", bob)
		second.Corrects = "t1"
		for _, order := range [][]event.Told{{first, second}, {second, first}, {second, first, second, first}} {
			r.round++
			r.begin("c1", noon, ann, business)
			r.begin("c2", noon, bob, business)
			for _, e := range order {
				r.tell(e)
				r.settle()
			}
			got, want := r.records(), maps.Clone(c.want)
			if order[0].ID == "t2" {
				delete(want, map[string]string{"A": "", "B": "A"}[c.call]) // what never had a word leaves nothing
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s first (-want +got):\n%s", c.name, order[0].ID, diff)
			}
		}
	}
}

// Permutations of calls and records end in the same joins.
func TestEveryOrderJoinsTheSame(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	rapid.Check(t, func(rt *rapid.T) {
		starts := []time.Duration{0, 100 * time.Second, 5 * time.Minute}
		at := func() time.Time { return noon.Add(rapid.SampledFrom(starts).Draw(rt, "start")) }
		caller := func() string { return rapid.SampledFrom([]string{ann, bob}).Draw(rt, "caller") }
		var steps []func()
		for _, id := range []string{"c1", "c2", "c3"} {
			from, start, hint := caller(), at(), rapid.SampledFrom([]string{"", "", "A"}).Draw(rt, "hint")
			steps = append(steps, func() { r.begin(id, start, from, business, func(c *event.Call) { c.TrackingID = hint }) })
		}
		for i, call := range []string{"A", "A", "B", "C"} {
			e := tracked(fmt.Sprint("t", i), call, at(), "caller", caller())
			e.At = noon.Add(time.Duration(i) * time.Second)
			steps = append(steps, func() { r.tell(e) })
		}
		joins := func(order []func(), after func()) map[string]string {
			r.round++
			for i, do := range order {
				if do(); i%2 == 0 {
					after()
				}
			}
			r.settle()
			out := make(map[string]string)
			for _, c := range []string{"A", "B", "C"} {
				d, err := r.Detail(t.Context(), "callrail", r.name(c))
				r.ok(err)
				out[c] = fmt.Sprint(d.State, " ", strings.TrimSuffix(d.CallID, r.name("x")[1:]))
			}
			return out
		}
		order := rapid.Permutation(steps).Draw(rt, "order")
		if diff := cmp.Diff(joins(steps, func() {}), joins(order, r.settle)); diff != "" {
			rt.Fatalf("another order joins otherwise:\n%s", diff)
		}
	})
}

func TestRecordingsAreAskedForUntilTheyAre(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.tell(phase("1", "CA-c1", "ringing", 0, "from", ann, "to", business, "direction", "inbound"))
	r.settle()
	r.want.broken = true
	r.tell(event.Told{Provider: "twilio", ID: "2", Call: "CA-c1", At: noon, Fields: map[string]string{
		"recording_id": "RE1", "recording_url": "https://api.example/RE1", "recording_channels": "2", "recording_at": "2026-05-01T11:59:00Z",
	}})
	r.settle()
	r.want.broken = false
	r.now = r.now.Add(2 * retryAfter)
	r.settle()
	r.settle()
	want := []Recording{{
		Platform: "twilio", Call: "CA-c1", ID: "RE1", URL: "https://api.example/RE1", At: noon.Add(-time.Minute), Channels: 2,
		Direction: "inbound", From: ann, To: business,
	}}
	if diff := cmp.Diff(want, r.want.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	d, err := r.Detail(t.Context(), "twilio", "CA-c1")
	r.ok(err)
	for _, e := range d.Events {
		if e.Fields["recording_url"] != "" {
			t.Error("the address is kept")
		}
	}
}

// One who does not want to be tracked is not: nothing is kept of where they
// came from.
func TestWhoDoesNotWantToBeTracked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.o.Untracked = func(person string) (bool, error) { return person == "person-c1", nil }
	r.tell(tracked("1", "CAL1", noon, "talk_seconds", "30"))
	r.settle()
	r.begin("c1", noon, ann, business)
	r.settle()
	again := tracked("2", "CAL1", noon)
	again.At = noon.Add(time.Hour)
	r.tell(again)
	r.settle()
	page, _, err := r.Tracking(t.Context(), store.TrackingQuery{})
	r.ok(err)
	if p := page[0]; p.State != event.Joined || !p.Withheld || p.Source != "" || p.Clicks != nil || p.TalkSeconds == nil {
		t.Errorf("%+v", p)
	}
	d, err := r.Detail(t.Context(), "callrail", "CAL1")
	r.ok(err)
	if raw, _ := json.Marshal(d); strings.Contains(string(raw), "g-secret") || strings.Contains(string(raw), "google") {
		t.Errorf("kept: %s", raw)
	}
}

// What is told of a call that nobody heard goes after its time, with the key.
func TestWhatNobodyHeardGoes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.ok(r.Sweep(t.Context())) // the first only notes the day
	r.begin("c1", noon, ann, business)
	r.settle()
	r.tell(tracked("1", "CAL1", noon), tracked("2", "CAL2", noon.Add(-time.Hour)), phase("3", "CA-lost", "ringing", 1, "from", bob))
	r.settle()
	r.now = noon.Add(3 * 24 * time.Hour)
	r.ok(r.Sweep(t.Context()))
	if _, err := r.Detail(t.Context(), "twilio", "CA-lost"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of a call that never came: %v", err)
	}
	if got := len(r.records()); got != 2 {
		t.Errorf("%d records after three days", got)
	}
	r.now = noon.Add(32 * 24 * time.Hour)
	r.ok(r.Sweep(t.Context()))
	if diff := cmp.Diff(map[string]string{"CAL1": "joined c1 numbers"}, r.records()); diff != "" {
		t.Errorf("after a month (-want +got):\n%s", diff)
	}
	erased := 0
	for _, e := range r.log(event.CallTracked) {
		if e.Erased() {
			erased++
		}
	}
	if erased != 1 {
		t.Errorf("%d events of the log are unreadable, want that of the call that nobody heard", erased)
	}
	r.tell(tracked("1", "CAL1", noon)) // its repeat is not known any more
	r.settle()
	if diff := cmp.Diff(map[string]string{"CAL1": "joined c1 numbers"}, r.records()); diff != "" {
		t.Errorf("a repeat after a month (-want +got):\n%s", diff)
	}
	late := tracked("9", "CAL1", noon, "campaign", "summer") // nothing recognises the call any more
	late.At = r.now
	r.tell(late)
	r.settle()
	page, _, err := r.Tracking(t.Context(), store.TrackingQuery{})
	r.ok(err)
	if p := page[0]; p.State != event.Joined || p.CallID != "c1" || p.Campaign != "summer" || p.Version != 2 {
		t.Errorf("corrected after a month: %+v", p)
	}
}
