package storetest

import (
	"errors"
	"fmt"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
)

// corrected is a correction of an utterance that the test stores too.
func corrected(n int) (insights.Utterance, event.Correction) {
	start := insights.Seconds(n)
	u := insights.Utterance{
		ID: fmt.Sprintf("said-%03d", n), CallID: "call-001", Seq: n, Speaker: insights.Customer, Start: start, End: start + .5, Text: "council",
	}
	return u, event.Correction{
		UtteranceID: u.ID, CallID: u.CallID, Speaker: u.Speaker, Start: u.Start, End: u.End,
		Heard: u.Text, Text: "Cancel!", Plain: "cancel", Actor: "u1", By: "Ada", At: at(n / 3), // three at a time
	}
}

func correctionsKept(k *kit) {
	ctx := k.Context()
	const many = 10
	var all []event.Correction
	k.write(func(tx *store.Tx) error {
		err := tx.SaveCall(someCall(1))
		for n := 1; n <= many; n++ {
			u, c := corrected(n)
			err = errors.Join(err, tx.AddUtterance(u), tx.SaveCorrection(c))
			all = append([]event.Correction{c}, all...)
		}
		return err
	})
	var paged []event.Correction
	for after := ""; ; {
		page, next, err := k.Corrections(ctx, after, 3)
		k.must(err)
		paged = append(paged, page...)
		if after = next; next == "" {
			break
		}
	}
	same(k, "pages joined, newest first", paged, all)
	if _, _, err := k.Corrections(ctx, "odd", 3); !errors.Is(err, store.ErrBadPage) {
		k.Errorf("a mark that is none gave %v, want ErrBadPage", err)
	}
	if n := len(got(k.CorrectionsOf(ctx, "call-001"))(k)); n != many {
		k.Errorf("%d corrections of the call, want %d", n, many)
	}
	same(k, "of another call", got(k.CorrectionsOf(ctx, "call-002"))(k), []event.Correction{})

	_, again := corrected(1)
	again.Text, again.At = "Something else", at(500)
	k.write(func(tx *store.Tx) error { return tx.SaveCorrection(again) })
	page, _, err := k.Corrections(ctx, "", 1)
	k.must(err)
	same(k, "corrected again", page, []event.Correction{again})

	for _, want := range []bool{true, false} { // the second time it is gone
		k.write(func(tx *store.Tx) error {
			was, err := tx.DropCorrection(again.UtteranceID)
			if was != want {
				k.Errorf("dropped %v, want %v", was, want)
			}
			return err
		})
	}
	_, nobody := corrected(99)
	if err := k.Write(ctx, func(tx *store.Tx) error { return tx.SaveCorrection(nobody) }); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("a correction of nothing gave %v, want ErrNotFound", err)
	}
}

// spokenFound asks for when an utterance was committed and what was made of it.
func spokenFound(k *kit) {
	ctx := k.Context()
	u, _ := corrected(1)
	in := insights.Insight{Kind: insights.Intent, Name: "cancel", UtteranceID: u.ID, Model: "test"}
	other := in
	other.UtteranceID = "other"
	when := at(7).Add(123 * time.Millisecond)
	e, err := event.New(event.UtteranceSpoken, when, event.About{Subject: u.CallID, Call: u.CallID}, event.Reworded{Utterance: u})
	k.must(err)
	k.write(func(tx *store.Tx) error {
		return errors.Join(tx.SaveCall(someCall(1)), tx.AddUtterance(u), tx.AddInsights(u.CallID, []insights.Insight{other, in}), tx.Append(e))
	})
	spoken, found, err := k.Spoken(ctx, u)
	k.must(err)
	same(k, "spoken", spoken, when)
	same(k, "insights", found, []insights.Insight{in})
	never, _ := corrected(2)
	if _, _, err := k.Spoken(ctx, never); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("what was never said gave %v, want ErrNotFound", err)
	}
}
