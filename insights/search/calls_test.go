package search

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/event"
)

// happened makes an event of a call.
func happened(t *testing.T, seq int64, kind event.Type, call string, what any) event.Event {
	t.Helper()
	e, err := event.New(kind, day.Add(time.Duration(seq)*time.Minute), event.About{Subject: call, Call: call}, what)
	if err != nil {
		t.Fatal(err)
	}
	e.Seq = seq
	return e
}

// inTwoCalls is the corpus with what is known of its two calls.
func inTwoCalls(t *testing.T) []event.Event {
	t.Helper()
	ended := func(id, agent, direction string, length, silence float64) event.EndedCall {
		return event.EndedCall{
			Call: event.Call{ID: id, Agent: agent, Direction: direction, Platform: "twilio", CustomerID: "cus-" + id, Duration: insights.Seconds(length)},
			Figures: []insights.Insight{
				{Kind: insights.Talk, Name: "longest_silence", Value: silence}, {Kind: insights.Talk, Name: "overlap", Value: 0.1},
			},
		}
	}
	begun := ended("call0", "Dana Fox", "inbound", 0, 0)
	begun.Figures = nil
	events := append([]event.Event{happened(t, 1, event.CallStarted, "call0", begun)}, corpus()[:7]...)
	for i := range events {
		events[i].Seq = int64(i + 1)
	}
	return append(events,
		happened(t, 9, event.CallEnded, "call0", ended("call0", "Dana Fox", "inbound", 700, 25)),
		happened(t, 10, event.CallEnded, "call1", ended("call1", "Ari", "outbound", 90, 3)),
		happened(t, 11, event.OutcomeRecorded, "call0", map[string]any{"outcome": "accepted", "action": "offer.discount"}),
		happened(t, 12, event.OutcomeRecorded, "call0", map[string]any{"outcome": "rejected", "action": "call.back"}),
		happened(t, 13, event.OutcomeRecorded, "", map[string]any{"outcome": "clicked", "action": "mail"}),
	)
}

// Conditions on whole calls narrow what was said in them, whenever they became
// known: all in one batch, or each event on its own after a restart.
func TestWholeCalls(t *testing.T) {
	for _, step := range []int{100, 1} {
		dir := filepath.Join(t.TempDir(), "search")
		events := inTwoCalls(t)
		for at := 0; at < len(events); at += step {
			x := open(t, dir, Options{})
			if err := x.Handle(t.Context(), events[at:min(at+step, len(events))]); err != nil {
				t.Fatal(err)
			}
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
		}
		x := open(t, dir, Options{})
		for query, want := range map[string]string{
			"duration:>10m":                         "u002 u004 u006",
			"duration:<10m refund*":                 "u003 u007",
			"-duration:>10m":                        "u001 u003 u005 u007",
			"silence:>20s cancel":                   "u002",
			"silence:>20s late":                     "",
			`agent:"dana fox"`:                      "u002 u004 u006",
			"agent:Ari direction:outbound delivery": "u003 u007",
			"direction:inbound OR late":             "u002 u003 u004 u006 u007",
			"agent:ari OR agent:dana_fox":           "u001 u002 u003 u004 u005 u006 u007",
			"NOT (agent:ari OR silence:<1)":         "u002 u004 u006",
			"outcome:accepted outcome:rejected":     "u002 u004 u006",
			"action:offer.discount speaker:agent":   "u004",
			"outcome:clicked":                       "",
			"platform:twilio cancel":                "u002",
			"customer:cus-call1 slow":               "u007",
			"call:call1":                            "u001 u003 u005 u007",
			"-call:call1":                           "u002 u004 u006",
			"hold:>0s":                              "",
			"first:agent":                           "u001 u004",
			"first:customer":                        "u002 u003",
			"(cancel then refund) agent:dana_fox":   "u004",
			"":                                      "u001 u002 u003 u004 u005 u006 u007",
		} {
			got := find(t, x, Query{Text: query})
			slices.Sort(got)
			if strings.Join(got, " ") != want {
				t.Errorf("%d events at a time, %q: %v, want %q", step, query, got, want)
			}
		}
	}
}

func TestACallIsForgottenAndMoved(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	if err := x.Handle(t.Context(), append(inTwoCalls(t), happened(t, 20, event.CallMoved, "call1", event.Moved{From: "cus-call1", To: "cus-other"}))); err != nil {
		t.Fatal(err)
	}
	if got := find(t, x, Query{Text: "customer:cus-call1 OR customer:cus-other slow"}); !slices.Equal(got, []string{"u007"}) {
		t.Errorf("after it moved: %v", got)
	}
	if err := x.Forget(t.Context(), 20, []string{"call1"}, []string{"u003"}); err != nil {
		t.Fatal(err)
	}
	if got := find(t, x, Query{Text: "agent:ari"}); len(got) != 0 {
		t.Errorf("after it was forgotten: %v", got)
	}
}

// Of many calls the other way of finding them is taken.
func TestManyWholeCalls(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	var events []event.Event
	const calls = fewCalls + 100
	for i := range int64(calls) {
		id := fmt.Sprintf("c%04d", i)
		said := spoken(2*i+1, insights.Customer, "well")
		u := insights.Utterance{ID: fmt.Sprintf("v%04d", i), CallID: id, Speaker: insights.Customer, Text: "well"}
		said.Data = happened(t, 0, event.UtteranceSpoken, id, struct {
			Utterance insights.Utterance `json:"utterance"`
		}{u}).Data
		of := event.Call{ID: id, Duration: insights.Seconds(i)}
		events = append(events, said, happened(t, 2*i+2, event.CallEnded, id, event.EndedCall{Call: of}))
	}
	if err := x.Handle(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{"well duration:>=50s": calls - 50, "duration:>=50s": calls - 50, "well duration:<50s": 50, "-duration:<50s": calls - 50} {
		r, err := x.Search(t.Context(), Query{Text: query})
		if err != nil || r.Total != want {
			t.Errorf("%s: %d found, want %d; %v", query, r.Total, want, err)
		}
	}
}
