package brain

import (
	"context"
	"fmt"
	"slices"

	"heed/internal/consent"
	"heed/internal/event"
	"heed/internal/store"
)

// RecordingAnswered commits what the caller said to being recorded, as the
// call's record has it: the call, and a row of the customer's ledger. After a
// no everything that was said and understood on the call before is forgotten,
// its part of the profile too, and the agent is advised anew without it. The
// same answer committed twice is one.
func (b *Brain) RecordingAnswered(ctx context.Context, c event.Call) error {
	l, w, unlock, err := b.openCall(ctx, c.ID)
	if err != nil {
		return err
	}
	defer unlock()
	c.CustomerID, c.CustomerName = l.call.CustomerID, l.call.CustomerName
	write := func(tx *store.Tx) error {
		if err := tx.SaveCall(c); err != nil {
			return err
		}
		return appendEvent(tx, event.CallChanged, w.at, event.About{Subject: c.ID, Call: c.ID}, c)
	}
	w.call = l
	w.answeredRecording(c)
	if c.Recording.Answer == "no" {
		if write, err = b.forgetting(ctx, w, c.ID, write); err != nil {
			return fmt.Errorf("call %s: answer to the recording: %w", c.ID, err)
		}
	}
	if err := b.commit(ctx, w, write); err != nil {
		return fmt.Errorf("call %s: answer to the recording: %w", c.ID, err)
	}
	return nil
}

// answeredRecording adds the ledger's row, unless it is there already.
//
// A caller's spoken yes is firm here, while any other that is heard waits for
// the agent: assent to being recorded is given by speaking, to a question that
// was just asked, it holds for this call and may be taken back by a word at any
// moment, and what was asked and answered is in the recording itself. A spoken
// no is provisional only so that the agent can say that it was misheard.
func (w *change) answeredRecording(c event.Call) {
	r := c.Recording
	row := consent.Row{
		ID: event.NewID(), CustomerID: w.profile.ID, Cell: consent.Cell{Purpose: consent.Recording}, State: consent.Granted,
		At: c.StartedAt.Add(r.AnsweredAt.Duration()), RecordedAt: w.at, Source: "call", Actor: r.AnsweredBy,
		CallID: c.ID, CallSecond: float64(r.AnsweredAt), Medium: "phone", Evidence: "told to the agent",
	}
	if r.AnsweredBy == "caller" {
		row.Method, row.Evidence = "spoken", "heard on the call"
	}
	if r.Answer == "no" {
		row.State, row.Provisional = consent.Withdrawn, r.AnsweredBy == "caller"
	}
	if row.At.After(w.at) {
		row.At = w.at // a call that is played faster than time
	}
	same := func(o consent.Row) bool {
		return o.CallID == row.CallID && o.Cell == row.Cell && o.State == row.State && o.CallSecond == row.CallSecond
	}
	if slices.ContainsFunc(w.rows, same) {
		return
	}
	w.addRow(row)
}

// forgetting makes a change forget what was said on its call, and gives the
// write with that in it.
func (b *Brain) forgetting(ctx context.Context, w *change, callID string, write func(*store.Tx) error) (func(*store.Tx) error, error) {
	said, err := b.store.Utterances(ctx, callID)
	if err != nil {
		return nil, err
	}
	w.decide, w.call.heard, w.call.last, w.call.screen = true, nil, nil, screen{}
	// What was folded of the call can be told only from the whole history.
	w.brought.forgot, w.profile.Stale, w.dirty = callID, true, true
	gone := event.Forgotten{Utterances: make([]string, len(said))}
	for i := range said {
		gone.Utterances[i] = said[i].ID
	}
	return func(tx *store.Tx) error {
		if err := tx.ForgetCall(callID); err != nil {
			return err
		}
		if err := appendEvent(tx, event.CallForgotten, w.at, event.About{Subject: callID, Call: callID}, gone); err != nil {
			return err
		}
		return write(tx)
	}, nil
}
