// Package follow carries what the ledger says of recording to the call that is
// live: what was heard as a no, and waits for the agent to confirm it, pauses
// the recording; a no for sure destroys it; a yes opens it.
//
// It follows from where the log ends when it starts: what was said before
// holds from the first frame of a call, see session.Assent.
package follow

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"heed/internal/consent"
	"heed/internal/event"
)

// Recorder changes what is kept of a live call: "pause", "resume", "allow" or
// "refuse". It fails for a call that does not live here.
type Recorder func(ctx context.Context, callID, order, by string) error

// Consent is the consumer. Make it with New.
type Consent struct {
	record Recorder
	live   func(ctx context.Context, customerID string) (callIDs []string, err error)
	cursor atomic.Int64
	paused map[string]bool // calls, by what was heard and not yet confirmed
}

var _ event.Consumer = (*Consent)(nil)

// New makes a consumer that begins after an event. live gives the calls of a
// customer that have not ended.
func New(after int64, record Recorder, live func(ctx context.Context, customerID string) ([]string, error)) *Consent {
	c := &Consent{record: record, live: live, paused: make(map[string]bool)}
	c.cursor.Store(after)
	return c
}

// Name names the consumer.
func (*Consent) Name() string { return "recording" }

// Types are the events that it needs.
func Types() []event.Type { return []event.Type{event.ConsentChanged} }

// Cursor is the last event seen.
func (c *Consent) Cursor(context.Context) (int64, error) { return c.cursor.Load(), nil }

// Handle carries each change on, once.
func (c *Consent) Handle(ctx context.Context, events []event.Event) error {
	for _, e := range events {
		if e.Seq <= c.cursor.Load() {
			continue
		}
		if e.Type == event.ConsentChanged && !e.Erased() {
			if err := c.carry(ctx, e); err != nil {
				return fmt.Errorf("recording: event %d: %w", e.Seq, err)
			}
		}
		c.cursor.Store(e.Seq)
	}
	return nil
}

func (c *Consent) carry(ctx context.Context, e event.Event) error {
	var r consent.Row
	if err := json.Unmarshal(e.Data, &r); err != nil {
		return err
	}
	if r.Purpose != consent.Recording {
		return nil
	}
	calls, err := c.live(ctx, r.CustomerID)
	if err != nil {
		return err
	}
	for _, id := range calls {
		for _, order := range c.orders(id, &r) {
			// A call that has ended meanwhile, or was refused, has no more to do.
			_ = c.record(ctx, id, order, r.Actor)
		}
	}
	return nil
}

// orders says what a row of the ledger means for a live call.
func (c *Consent) orders(callID string, r *consent.Row) []string {
	closes := r.State == consent.Denied || r.State == consent.Withdrawn
	switch {
	case closes && r.Provisional && r.Actor == "caller": // plain words: refused already
		return nil
	case closes && r.Provisional:
		c.paused[callID] = true
		return []string{"pause"}
	case closes:
		return []string{"refuse"}
	case r.Lifts != "", r.State == consent.Granted && !r.Provisional:
		was := c.paused[callID]
		delete(c.paused, callID)
		var out []string
		if r.Lifts == "" {
			out = append(out, "allow")
		}
		if was { // never a pause that the agent made
			out = append(out, "resume")
		}
		return out
	}
	return nil
}
