package app

import (
	"context"
	"time"

	"heed/internal/event"
	"heed/internal/mail"
	"heed/internal/outbound"
	"heed/internal/watch"
)

// makeWatch joins what follows the live calls for who supervises them.
func (a *App) makeWatch(context.Context) error {
	a.parts.watch = watch.New(watch.Options{
		Store: a.parts.store, Check: outbound.Check, CheckMail: mail.Check, Secret: outbound.NewSecret, URL: a.publicURL, Logger: a.log, Registerer: a.registry, Now: a.o.Now,
	})
	return nil
}

// startWatch keeps the board. It waits for nothing: a supervisor sees words with
// the agent, and what is put on the board costs no write.
func (a *App) startWatch(ctx context.Context) {
	a.work.do(func() {
		err := event.Follow(ctx, a.parts.store, a.parts.watch, event.Options{
			Types: watch.Types(), Gather: 50 * time.Millisecond, Logger: a.log, Metrics: a.parts.consumers,
		})
		if ctx.Err() == nil {
			a.log.Error("live calls are not watched any more", "error", err)
		}
	})
	a.work.do(func() { a.parts.watch.Run(ctx) })
}
