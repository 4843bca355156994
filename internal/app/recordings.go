package app

import (
	"context"
	"errors"

	"heed/internal/event"
	"heed/internal/intake"
	"heed/internal/session"
	"heed/internal/web"
)

// makeIntake makes the queue of recordings that were made elsewhere.
func (a *App) makeIntake(context.Context) error {
	key, err := a.masterKey()
	if err != nil {
		return err
	}
	a.parts.intake = intake.New(intake.Options{
		Store: a.parts.store, Past: a.past, Dir: a.recordingDir(), Key: key,
		Limits: intake.Limits{Live: a.parts.sessions.Live, Ready: func() bool { return a.o.Engine.For != nil }},
		Logger: a.log, Now: a.o.Now,
	})
	return nil
}

// past hears a recording as a call of the past.
func (a *App) past(ctx context.Context, c event.Call, fill func(intake.Write) error) (event.Call, bool, error) {
	stored, err := a.parts.sessions.Past(ctx, c, func(w session.Write) error { return fill(intake.Write(w)) })
	if errors.Is(err, session.ErrKnown) {
		return stored, true, nil
	}
	return stored, false, err
}

// recordingsStatus counts the queue.
func (a *App) recordingsStatus(ctx context.Context) web.RecordingsStatus {
	n, err := a.parts.intake.Counts(ctx)
	if err != nil {
		a.log.Error("status", "error", err)
	}
	return web.RecordingsStatus{Wanted: n.Wanted, Waiting: n.Fetched, Hearing: n.Hearing, Done: n.Done, Failed: n.Failed}
}
