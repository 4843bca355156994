package app

import (
	"context"
	"fmt"
	"log/slog"

	"heed/internal/config"
	"heed/internal/event"
	"heed/internal/learning"
	"heed/internal/simulate"
	"heed/internal/store"
	"heed/internal/whatif"
)

// makeWhatIf joins what answers questions about what did not happen.
func (a *App) makeWhatIf() {
	p := &a.parts
	p.whatif.Store, p.whatif.Now = p.store, a.o.Now
	p.whatif.Simulate = simulate.New(p.brain, p.store, p.decider, a.log).Clock(a.o.Now)
	p.whatif.Asker = whatif.New(p.brain, p.decider, a.o.Now)
}

// WhatIf answers questions about the past of a data folder that no server
// uses. It belongs to whoever opened it.
type WhatIf struct {
	*simulate.Service
	*whatif.Asker

	app *App
}

// OpenWhatIf opens a data folder for what-ifs, with what a server would decide
// with: the model learns all of the log first. It is [store.ErrLocked] while a
// server uses the folder.
func OpenWhatIf(ctx context.Context, cfg config.Config, log *slog.Logger) (*WhatIf, error) {
	a, err := apart(ctx, cfg, log, (*App).learnAll)
	if err != nil {
		return nil, err
	}
	return &WhatIf{a.parts.whatif.Simulate, a.parts.whatif.Asker, a}, nil
}

// learnAll teaches the model what the log holds, which a server does beside its
// requests.
func (a *App) learnAll(ctx context.Context) error {
	after, err := a.parts.learner.Cursor(ctx)
	for err == nil {
		var events []event.Event
		events, err = a.parts.store.Events(ctx, store.EventQuery{After: after, Types: learning.Types(), Limit: 500})
		if err != nil || len(events) == 0 {
			break
		}
		err = a.parts.learner.Handle(ctx, events)
		after = events[len(events)-1].Seq
	}
	if err != nil {
		return fmt.Errorf("learn from the log: %w", err)
	}
	return nil
}

// Close closes the data folder.
func (w *WhatIf) Close() error { return w.app.Stop(context.Background()) }
