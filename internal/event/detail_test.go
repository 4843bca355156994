package event_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/internal/event"
)

var start = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func told(id string, second int, fields map[string]string) event.Told {
	return event.Told{Provider: "twilio", ID: id, Call: "CA1", At: start.Add(time.Duration(second) * time.Second), Received: start.Add(time.Hour), Fields: fields}
}

func TestFactsGoByTheTimeOfTheEvents(t *testing.T) {
	t.Parallel()
	d := event.Detail{Provider: "twilio", Call: "CA1"}
	for _, e := range []event.Told{
		told("4", 40, map[string]string{"phase": "ended", "cause": "completed"}),
		told("3", 9, map[string]string{"phase": "answered", "agent": "bo"}),
		told("1", 1, map[string]string{"phase": "ringing", "from": "+14155550100", "agent": "al"}),
		told("2", 5, map[string]string{"phase": "answered"}),
		told("2", 5, map[string]string{"phase": "answered"}),
		told("5", 50, map[string]string{"phase": "ringing"}), // a clock that is wrong: what has ended does not ring again
	} {
		d.Add(e)
	}
	at := func(s int) *time.Time { v := start.Add(time.Duration(s) * time.Second); return &v }
	want := event.Facts{
		Provider: "twilio", State: "ended", From: "+14155550100", Agent: "bo", Cause: "completed",
		RingingAt: at(1), AnsweredAt: at(5), EndedAt: at(40), Events: 5,
	}
	if diff := cmp.Diff(want, d.Facts()); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	d.Add(told("6", 60, map[string]string{"answered_at": "2026-05-01T12:00:04Z"}))
	if got := d.Facts().AnsweredAt; got == nil || !got.Equal(start.Add(4*time.Second)) {
		t.Errorf("an explicit time is no correction: %v", got)
	}
}

// Whatever the order of a call's events, and however often each comes, the end
// is the same.
func TestEveryOrderEndsInTheSameState(t *testing.T) {
	t.Parallel()
	names := []string{"phase", "from", "agent", "source", "last.source", "gclid", "started_at", "answered", "talk_seconds", "cause"}
	values := []string{"ringing", "answered", "ended", "true", "3.5", "2026-05-01T12:00:00Z", "x"}
	rapid.Check(t, func(t *rapid.T) {
		var events []event.Told
		for i := range rapid.IntRange(0, 130).Draw(t, "events") { // more than are kept
			e := told(fmt.Sprint("e", i), rapid.IntRange(0, 40).Draw(t, "second"), map[string]string{})
			if rapid.IntRange(0, 5).Draw(t, "timeless") == 0 {
				e.At, e.Received = time.Time{}, start.Add(time.Duration(i)*time.Second)
			}
			for range rapid.IntRange(0, 3).Draw(t, "fields") {
				e.Fields[rapid.SampledFrom(names).Draw(t, "name")] = rapid.SampledFrom(values).Draw(t, "value")
			}
			if i > 0 && rapid.IntRange(0, 4).Draw(t, "corrects") == 0 {
				e.Corrects = fmt.Sprint("e", rapid.IntRange(0, i-1).Draw(t, "which"))
			}
			events = append(events, e)
		}
		straight, mixed := event.Detail{}, event.Detail{}
		for _, e := range events {
			straight.Add(e)
		}
		for _, i := range rapid.Permutation(append(indexes(events), indexes(events)...)).Draw(t, "order") {
			mixed.Add(events[i])
		}
		if diff := cmp.Diff(straight.Facts(), mixed.Facts()); diff != "" {
			t.Fatalf("facts (-straight +mixed):\n%s", diff)
		}
		if diff := cmp.Diff(straight.Tracked(), mixed.Tracked()); diff != "" {
			t.Fatalf("record (-straight +mixed):\n%s", diff)
		}
	})
}

func indexes[T any](events []T) []int {
	out := make([]int, len(events))
	for i := range out {
		out[i] = i
	}
	return out
}

func TestTouchesAndClicksStayApart(t *testing.T) {
	t.Parallel()
	d := event.Detail{ID: "r", Provider: "callrail", Call: "CAL1", Tracking: true}
	d.Add(told("1", 1, map[string]string{
		"touch": "first", "source": "facebook", "campaign": "spring", "landing": "https://shop.example/?gclid=g1", "gclid": "g1",
		"last.source": "google", "last.medium": "cpc", "ga_client": "c", "started_at": "2026-05-01T12:00:00Z", "answered": "true", "talk_seconds": "31",
		"caller": "+14155550100",
	}))
	got := d.Tracked()
	landing := "https://shop.example/?gclid=g1"
	want := event.Attribution{
		Touch: event.Touch{Source: "facebook", Campaign: "spring", Landing: landing}, Model: "first",
		Touches: map[string]event.Touch{"first": {Source: "facebook", Campaign: "spring", Landing: landing}, "last": {Source: "google", Medium: "cpc"}},
		Clicks:  map[string]string{"gclid": "g1"}, Google: &event.Google{Client: "c"},
	}
	if diff := cmp.Diff(want, got.Attribution); diff != "" {
		t.Errorf("attribution (-want +got):\n%s", diff)
	}
	if got.Answered == nil || !*got.Answered || got.TalkSeconds == nil || *got.TalkSeconds != 31 || !got.StartedAt.Equal(start) {
		t.Errorf("%+v", got.TrackedTimes)
	}
	bare := got.Impersonal()
	want = event.Attribution{
		Touch: event.Touch{Source: "facebook", Campaign: "spring"}, Model: "first",
		Touches: map[string]event.Touch{"first": {Source: "facebook", Campaign: "spring"}, "last": {Source: "google", Medium: "cpc"}},
	}
	if diff := cmp.Diff(want, bare.Attribution); diff != "" || bare.Caller != "" || bare.Call != "" {
		t.Errorf("impersonal %+v (-want +got):\n%s", bare.TrackedLine, diff)
	}
	d.Strip(event.MarketingFields()...)
	if left := d.Tracked(); left.Source != "" || left.Clicks != nil || left.Touches != nil || left.Google != nil || left.Caller == "" {
		t.Errorf("after the fields were dropped: %+v", left)
	}
}
