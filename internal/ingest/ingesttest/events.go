package ingesttest

import (
	"context"
	"sync"

	"heed/internal/event"
)

// Events records what doors tell of calls, and ends those that are over at
// once. Refuse, when set, is what Tell gives.
type Events struct {
	Refuse error
	calls  completer
	mu     sync.Mutex
	all    []event.Told
}

// completer is the calls that end.
type completer interface {
	Complete(ctx context.Context, platform, call string)
}

// NewEvents makes what takes the webhooks of calls.
func NewEvents(c completer) *Events { return &Events{calls: c} }

// Events makes what takes the webhooks of these calls.
func (c *Calls) Events() *Events { return NewEvents(c) }

// Tell implements wire.Events.
func (e *Events) Tell(ctx context.Context, t event.Told) error {
	if e.Refuse != nil {
		return e.Refuse
	}
	e.mu.Lock()
	e.all = append(e.all, t)
	e.mu.Unlock()
	if t.Ends && !t.Tracking {
		e.calls.Complete(ctx, t.Provider, t.Call)
	}
	return nil
}

// Known implements wire.Events.
func (e *Events) Known(_ context.Context, platform, call string) event.Facts {
	var d event.Detail
	for _, t := range e.Told() {
		if t.Provider == platform && t.Call == call {
			d.Add(t)
		}
	}
	return d.Facts()
}

// Told gives what was told, in the order in which it came.
func (e *Events) Told() []event.Told {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]event.Told(nil), e.all...)
}
