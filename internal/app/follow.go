package app

import (
	"context"
	"errors"

	"heed/internal/event"
)

// follow runs a consumer beside the requests. One that is ahead of the log,
// which was restored from an older copy then, is rebuilt where it can be.
func (a *App) follow(ctx context.Context, c event.Consumer, types ...event.Type) {
	a.work.do(func() {
		for {
			err := event.Follow(ctx, a.parts.store, c, event.Options{Types: types, Logger: a.log, Metrics: a.parts.consumers})
			if ctx.Err() != nil {
				return
			}
			r, can := c.(interface{ Rebuild() error })
			if errors.Is(err, event.ErrAhead) && can && r.Rebuild() == nil {
				a.log.Warn("the log is older than what was built from it; building anew", "consumer", c.Name())
				continue
			}
			a.log.Error("consumer ended", "consumer", c.Name(), "error", err)
			return
		}
	})
}
