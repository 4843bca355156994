package follow_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"heed/internal/consent"
	"heed/internal/event"
	"heed/internal/law/follow"
)

func TestTheLedgerReachesTheLiveCall(t *testing.T) {
	t.Parallel()
	const rec = consent.Recording
	row := func(p consent.Purpose, s consent.State, change func(*consent.Row)) consent.Row {
		r := consent.Row{ID: "r", CustomerID: "cus", Cell: consent.Cell{Purpose: p}, State: s, Actor: "customer"}
		if change != nil {
			change(&r)
		}
		return r
	}
	heard := func(r *consent.Row) { r.Provisional = true }
	lifts := func(r *consent.Row) { r.Lifts = "x" }
	for name, c := range map[string]struct {
		rows []consent.Row
		want []string
	}{
		"heard":                   {[]consent.Row{row(rec, consent.Denied, heard)}, []string{"pause"}},
		"heard and confirmed":     {[]consent.Row{row(rec, consent.Denied, heard), row(rec, consent.Denied, nil)}, []string{"pause", "refuse"}},
		"heard and lifted":        {[]consent.Row{row(rec, consent.Denied, heard), row(rec, consent.Unknown, lifts)}, []string{"pause", "resume"}},
		"plain words":             {[]consent.Row{row(rec, consent.Withdrawn, func(r *consent.Row) { r.Provisional, r.Actor = true, "caller" })}, nil},
		"the agent's":             {[]consent.Row{row(rec, consent.Withdrawn, nil)}, []string{"refuse"}},
		"a yes":                   {[]consent.Row{row(rec, consent.Granted, nil)}, []string{"allow"}},
		"a yes not confirmed":     {[]consent.Row{row(rec, consent.Granted, heard)}, nil},
		"a pause of others stays": {[]consent.Row{row(rec, consent.Unknown, lifts)}, nil},
		"another purpose":         {[]consent.Row{row(consent.Marketing, consent.Denied, nil)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			f := follow.New(10, func(_ context.Context, call, order, _ string) error {
				if call != "call-1" {
					t.Errorf("call %q", call)
				}
				got = append(got, order)
				return errors.New("over") // changes nothing
			}, func(_ context.Context, customer string) ([]string, error) { return []string{"call-1"}, nil })
			var events []event.Event
			for i, r := range c.rows {
				e, err := event.New(event.ConsentChanged, time.Now(), event.About{Subject: "cus"}, r)
				if err != nil {
					t.Fatal(err)
				}
				e.Seq = int64(11 + i)
				events = append(events, e)
			}
			for range 2 { // a repeat carries nothing
				if err := f.Handle(t.Context(), events); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("ordered %v, want %v", got, c.want)
			}
			if at, _ := f.Cursor(t.Context()); at != int64(10+len(c.rows)) {
				t.Errorf("cursor %d", at)
			}
		})
	}
}
