package event_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/internal/event"
)

func record(id, provider, source, campaign string, minute int) event.Tracking {
	return event.Tracking{
		ID: id, Provider: provider, TrackedTimes: event.TrackedTimes{StartedAt: start.Add(time.Duration(minute) * time.Minute)},
		Attribution: event.Attribution{Touch: event.Touch{Source: source, Campaign: campaign}},
	}
}

func TestTheMostReliableRecordCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		records []event.Tracking
		want    string // its id
	}{
		{"none", nil, ""},
		{"a service before the number that was called", []event.Tracking{record("a", "numbers", "print", "spring", 0), record("b", "callrail", "google", "", 9)}, "b"},
		{"the number before a service that knows nothing", []event.Tracking{record("a", "callrail", "", "", 0), record("b", "numbers", "print", "", 9)}, "b"},
		{"one with a campaign", []event.Tracking{record("a", "callrail", "google", "", 0), record("b", "invoca", "google", "spring", 9)}, "b"},
		{"the earliest", []event.Tracking{record("a", "callrail", "google", "spring", 9), record("b", "invoca", "bing", "spring", 0)}, "b"},
		{"of two alike always the same", []event.Tracking{record("b", "callrail", "google", "spring", 0), record("a", "invoca", "bing", "spring", 0)}, "a"},
	} {
		for range 2 {
			if got := event.OriginOf(c.records, "sales"); got.TrackingID != c.want || got.Queue != "sales" {
				t.Errorf("%s: %+v", c.name, got)
			}
			slices.Reverse(c.records)
		}
	}
}

// Whatever the order in which the events come, and however often, the origin of
// each call is what the last word of each record says.
func TestOriginsDoNotDependOnTheOrder(t *testing.T) {
	t.Parallel()
	calls := []string{"", "c1", "c2", "c3"}
	rapid.Check(t, func(t *rapid.T) {
		last := map[string]event.Tracking{}
		queue, held := map[string]string{}, map[string]string{}
		var log []event.Event
		for i := range rapid.IntRange(0, 30).Draw(t, "events") {
			call := rapid.SampledFrom(calls).Draw(t, "call")
			var e event.Event
			var err error
			if call != "" && rapid.IntRange(0, 4).Draw(t, "told") == 0 {
				queue[call] = rapid.SampledFrom([]string{"sales", "help", ""}).Draw(t, "queue")
				e, err = event.New(event.CallTold, start, event.About{Subject: call, Call: call}, event.Facts{Queue: queue[call]})
			} else {
				r := record(
					rapid.SampledFrom([]string{"r1", "r2", "r3"}).Draw(t, "record"), rapid.SampledFrom([]string{"callrail", event.Numbers}).Draw(t, "provider"),
					rapid.SampledFrom([]string{"", "google", "bing"}).Draw(t, "source"), rapid.SampledFrom([]string{"", "spring"}).Draw(t, "campaign"), rapid.IntRange(0, 2).Draw(t, "minute"),
				)
				r.CallID, r.Was = call, held[r.ID]
				last[r.ID], held[r.ID] = r, call
				e, err = event.New(event.CallTracked, start, event.About{Subject: r.ID, Call: call}, r.Logged())
			}
			if err != nil {
				t.Fatal(err)
			}
			e.Seq = int64(i + 1)
			log = append(log, e)
		}
		for _, call := range calls[1:] {
			var records []event.Tracking
			for _, r := range last {
				if r.CallID == call {
					records = append(records, r)
				}
			}
			want := event.OriginOf(records, queue[call])
			var got event.Origins
			for _, i := range rapid.Permutation(append(indexes(log), indexes(log)...)).Draw(t, "order") {
				if _, err := got.Take(call, log[i]); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, got.Origin()); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", call, diff)
			}
		}
	})
}

// The log tells of a page no more than where it is, and that only once the call
// is known under whose key it is sealed.
func TestWhatTheLogTellsOfAPage(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://Shop.example/fibre/Deal/?gclid=g1#me": "shop.example/fibre/Deal",
		"https://ann:secret@shop.example":              "shop.example",
		"/fibre?x=1":                                   "/fibre",
		"":                                             "",
		"%zz":                                          "",
	} {
		r := record("r", "callrail", "google", "spring", 0)
		r.Landing, r.Referrer, r.Clicks = address, address, map[string]string{"gclid": "g1"}
		if got := r.Logged(); got.Landing != "" {
			t.Errorf("before the call is known: %+v", got.Touch)
		}
		r.CallID = "c1"
		got := r.Logged()
		if got.Landing != want || got.Referrer != "" || got.Clicks != nil || got.Campaign != "spring" {
			t.Errorf("%q: %+v", address, got)
		}
	}
	if calls, err := event.OriginCalls(event.Event{Type: event.CallTracked, Call: "b", Data: []byte(`{"was_call_id":"a"}`)}); err != nil || fmt.Sprint(calls) != "[a b]" {
		t.Errorf("%v, %v", calls, err)
	}
}
