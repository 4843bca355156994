package app

import (
	"context"
	"errors"
	"time"

	"heed/internal/decisions"
	"heed/internal/event"
	"heed/internal/slots"
)

// gatherSlots is how long a change waits for others before the open slots are
// told: it is a part of the time until somebody sees it.
const gatherSlots = 10 * time.Millisecond

// makeSlots takes up the slots that are open.
func (a *App) makeSlots(ctx context.Context) (err error) {
	a.parts.decisions = decisions.New(decisions.Options{
		Brain: a.parts.brain, Store: a.parts.store, Rules: a.parts.decider, Callers: a.parts.themes, Teller: a.parts.told,
	})
	a.parts.slots, err = slots.New(ctx, slots.Options{
		Store: a.parts.store, Brain: a.parts.brain, Decisions: a.parts.decisions, Decider: a.parts.decider,
		Logger: a.log, Registerer: a.registry, Now: a.o.Now,
	})
	if err == nil {
		a.ends.add("open slots", func(context.Context) error { a.parts.slots.Close(); return nil })
	}
	return err
}

// startSlots has them decided again while the server runs.
func (a *App) startSlots(ctx context.Context) {
	a.work.do(func() { a.parts.slots.Run(ctx) })
	a.work.do(func() {
		err := event.Follow(ctx, a.parts.store, a.parts.slots, event.Options{
			Types: slots.Types(), Gather: gatherSlots, Logger: a.log, Metrics: a.parts.consumers,
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			a.log.Error("open slots are not decided again any more", "error", err)
		}
	})
}
