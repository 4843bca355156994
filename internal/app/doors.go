package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"

	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/plivo"
	"heed/internal/ingest/segment"
	"heed/internal/ingest/telnyx"
	"heed/internal/ingest/ticket"
	"heed/internal/ingest/twilio"
	"heed/internal/ingest/wire"
	"heed/internal/mount"
)

// entrances are the doors through which calls come in. Each is made once; its
// handlers and its end are added here.
type entrances struct {
	handlers map[string]http.Handler // by the pattern of their route
	routes   []func(mount.Kit)       // of the API
	serve    []func() error          // those that listen by themselves; until they are closed
	ends     []func(context.Context) error
}

// add takes a door's handlers and its end.
func (e *entrances) add(end func(context.Context) error, handlers map[string]http.Handler) {
	e.ends = append(e.ends, end)
	maps.Copy(e.handlers, handlers)
}

// close ends all doors at once.
func (e *entrances) close(ctx context.Context) error {
	failed := make(chan error, len(e.ends))
	for _, end := range e.ends {
		go func() { failed <- end(ctx) }()
	}
	var all []error
	for range e.ends {
		all = append(all, <-failed)
	}
	return errors.Join(all...)
}

// run serves the doors that listen by themselves until they are closed.
func (e *entrances) run(do func(func()), log *slog.Logger) {
	for _, serve := range e.serve {
		do(func() {
			if err := serve(); err != nil {
				log.Error("a door ended", "error", err)
			}
		})
	}
}

// makeDoors makes the doors of all platforms.
func (a *App) makeDoors(ctx context.Context) error {
	a.parts.entrances = entrances{handlers: map[string]http.Handler{}}
	meters := wire.NewMeters(a.registry)
	for _, door := range []func(*wire.Meters) error{a.twilioDoor, a.telnyxDoor, a.plivoDoor, a.samplesDoor, a.audioSocketDoor, a.audiohookDoor, a.webhookDoor} {
		if err := door(meters); err != nil {
			return err
		}
	}
	return errors.Join(a.whipDoor(ctx, meters), a.siprecDoor(ctx, meters))
}

// doors gives the platforms' handlers by the pattern of their route.
func (a *App) doors(events *segment.Door) map[string]http.Handler {
	a.parts.entrances.add(func(context.Context) error { return nil }, events.Handlers())
	all := a.parts.entrances.handlers
	maps.Copy(all, a.parts.alerts.Leave())
	all["GET /my"], all["GET /my/"], all["POST /my/"] = a.parts.own, a.parts.own, a.parts.own
	return all
}

// mayIngest says whether a request carries an API key that may bring in calls.
func (a *App) mayIngest(r *http.Request) bool { return a.parts.web.MayIngest(r) }

// setup is what the doors of platforms need that stream JSON.
func (a *App) setup(meters *wire.Meters) jsonmedia.Setup {
	return jsonmedia.Setup{Calls: a.parts.calls, Events: a.parts.callEvents, Allow: a.mayIngest, Logger: a.log, Meters: meters, Limits: a.doorLimits(), Now: a.o.Now}
}

// doorLimits are what one sender may do at any of the doors.
func (a *App) doorLimits() wire.Limits {
	return wire.Limits{Sockets: a.o.Config.SocketsAtOnce(), Pings: a.o.Config.Limits.Pings}
}

// tickets makes and checks the tickets of sockets, all under one key.
func (a *App) tickets() (*ticket.Keeper, error) {
	key, err := secretFile(filepath.Join(a.o.Config.Data, "ingest.key"), ticket.KeySize)
	if err != nil {
		return nil, err
	}
	return ticket.New(key), nil
}

// twilioDoor lets in what Twilio signed and what carries an API key.
func (a *App) twilioDoor(meters *wire.Meters) error {
	o := twilio.Options{
		Setup: a.setup(meters), AuthToken: a.o.Config.Twilio.AuthToken, Dial: a.o.Config.Twilio.Dial, PublicURL: a.o.Config.PublicURL,
	}
	if err := o.Validate(); err != nil {
		return fmt.Errorf("twilio: %w", err)
	}
	d := twilio.New(o)
	a.parts.entrances.add(d.Close, map[string]http.Handler{
		"GET " + twilio.MediaPath: d.Media(),
		"GET " + twilio.VoicePath: d.Voice(), "POST " + twilio.VoicePath: d.Voice(),
		"GET " + twilio.StatusPath: d.Status(), "POST " + twilio.StatusPath: d.Status(),
	})
	return nil
}

// telnyxDoor lets in what Telnyx signed and sockets with an API key.
func (a *App) telnyxDoor(meters *wire.Meters) error {
	o := telnyx.Options{Setup: a.setup(meters), PublicKey: a.o.Config.Telnyx.PublicKey}
	if err := o.Validate(); err != nil {
		return fmt.Errorf("telnyx-public-key: %w", err)
	}
	d := telnyx.New(o)
	a.parts.entrances.add(d.Close, map[string]http.Handler{
		"GET " + telnyx.MediaPath: d.Media(), "POST " + telnyx.EventsPath: d.Events(),
	})
	return nil
}

// plivoDoor lets in what Plivo signed, and sockets with an API key or a ticket.
func (a *App) plivoDoor(meters *wire.Meters) error {
	tickets, err := a.tickets()
	if err != nil {
		return err
	}
	o := plivo.Options{
		Setup: a.setup(meters), AuthToken: a.o.Config.Plivo.AuthToken, Dial: a.o.Config.Plivo.Dial,
		PublicURL: a.o.Config.PublicURL, Tickets: tickets,
	}
	if err := o.Validate(); err != nil {
		return fmt.Errorf("plivo: %w", err)
	}
	d := plivo.New(o)
	a.parts.entrances.add(d.Close, map[string]http.Handler{
		"GET " + plivo.MediaPath: d.Media(), "GET " + plivo.MediaPath + "/{ticket}": d.Media(),
		"GET " + plivo.AnswerPath: d.Answer(), "POST " + plivo.AnswerPath: d.Answer(),
		"GET " + plivo.HangupPath: d.Hangup(), "POST " + plivo.HangupPath: d.Hangup(),
	})
	return nil
}
