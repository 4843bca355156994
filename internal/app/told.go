package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"heed/internal/brain"
	"heed/internal/callevents"
	"heed/internal/consent"
	"heed/internal/ingest/webhook"
	"heed/internal/ingest/wire"
	"heed/internal/intake"
	"heed/internal/origins"
	"heed/internal/store"
)

// makeTold makes what keeps the events of calls.
func (a *App) makeTold(context.Context) error {
	c := a.o.Config.Webhooks
	a.parts.callEvents = callevents.New(callevents.Options{
		Store: a.parts.store, Calls: a.parts.calls, Untracked: a.untracked, Region: a.o.Config.Calls.Region, Recordings: wanted{a.parts.intake, a.log},
		Within: c.Within, Keep: c.Keep, Logger: a.log, Registerer: a.registry, Now: a.o.Now,
	})
	return nil
}

// wanted hands a recording that a platform tells of to those that are fetched.
type wanted struct {
	intake *intake.Service
	log    *slog.Logger
}

// Want takes it; recordings of platforms that are not to be fetched are let be,
// and what is refused is not asked for again.
func (w wanted) Want(ctx context.Context, r callevents.Recording) error {
	err := w.intake.Want(ctx, intake.Recording(r))
	if errors.Is(err, intake.ErrRefused) {
		w.log.Warn("a recording is not fetched", "platform", r.Platform, "error", err)
		return nil
	}
	return err
}

// startTold draws the consequences of what was told, also before a crash.
func (a *App) startTold(ctx context.Context) {
	a.follow(ctx, a.parts.callEvents, callevents.Types()...)
	a.work.do(func() { a.parts.callEvents.Run(ctx) })
	a.follow(ctx, origins.New(a.parts.store), origins.Types()...)
}

// untracked says whether a person does not want to be tracked.
func (a *App) untracked(person string) (bool, error) {
	p, err := brain.Read(context.Background(), a.parts.store, person)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrErased) {
		return false, nil
	}
	return err == nil && consent.Now(p.Ledger, consent.Cell{Purpose: consent.Tracking}, a.o.Now()).Denies(), err
}

// webhookDoor takes the webhooks of systems that send no audio themselves.
func (a *App) webhookDoor(meters *wire.Meters) error {
	c := a.o.Config.Webhooks
	secrets, err := c.Secrets()
	if err != nil {
		return fmt.Errorf("webhook-signatures: %w", err)
	}
	for provider, all := range secrets {
		for _, s := range all {
			if err := webhook.CheckSecret(provider, s); err != nil {
				return fmt.Errorf("webhook-signatures: %s: %w", provider, err)
			}
		}
	}
	var mapping webhook.Mapping
	if c.Mapping != "" {
		if mapping, err = webhook.ReadMapping(c.Mapping); err != nil {
			return fmt.Errorf("tracking-mapping: %w", err)
		}
	}
	d, err := webhook.New(webhook.Options{
		Events: a.parts.callEvents, Secrets: secrets, Mapping: mapping, Allow: a.mayIngest, Logger: a.log, Meters: meters, Now: a.o.Now,
	})
	if err != nil {
		return fmt.Errorf("webhook-signatures: %w", err)
	}
	a.parts.entrances.add(func(context.Context) error { return nil }, d.Handlers())
	return nil
}
