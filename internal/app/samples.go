package app

import (
	"context"
	"fmt"
	"maps"
	"net"

	"heed/internal/ingest/audiosocket"
	"heed/internal/ingest/l16"
	"heed/internal/ingest/ticket"
	"heed/internal/ingest/vonage"
	"heed/internal/ingest/wire"
)

// samplesDoor lets in the platforms that send bare samples, by an API key or by
// a ticket that one has made.
func (a *App) samplesDoor(meters *wire.Meters) error {
	tickets, err := a.tickets()
	if err != nil {
		return err
	}
	d, err := l16.New(l16.Options{
		Calls: a.parts.calls, Tickets: tickets, PublicURL: a.o.Config.PublicURL,
		Logger: a.log, Meters: meters, Allow: a.mayIngest, Now: a.o.Now, Limits: a.doorLimits(),
	})
	if err != nil {
		return err
	}
	a.parts.entrances.add(d.Close, d.Handlers())
	a.parts.entrances.routes = append(a.parts.entrances.routes, d.Routes)
	return a.vonageDoor(meters, tickets)
}

// vonageDoor takes the webhooks of Vonage; its sockets are of the door above.
func (a *App) vonageDoor(meters *wire.Meters, tickets *ticket.Keeper) error {
	c := a.o.Config.Vonage
	secrets, err := c.Secrets()
	if err != nil {
		return fmt.Errorf("vonage-signatures: %w", err)
	}
	d, err := vonage.New(vonage.Options{
		Events: a.parts.callEvents, Tickets: tickets, Secrets: secrets, Dial: c.Dial, PublicURL: a.o.Config.PublicURL,
		Logger: a.log, Meters: meters, Allow: a.mayIngest, Now: a.o.Now, Limits: a.doorLimits(),
	})
	if err != nil {
		return err
	}
	maps.Copy(a.parts.entrances.handlers, d.Handlers())
	return nil
}

// audioSocketDoor listens for Asterisk where it is told to.
func (a *App) audioSocketDoor(meters *wire.Meters) error {
	c := a.o.Config.AudioSocket
	networks, err := c.Prefixes()
	if err != nil {
		return fmt.Errorf("audiosocket-networks: %w", err)
	}
	o := audiosocket.Options{Calls: a.parts.calls, Networks: networks, Logger: a.log, Meters: meters, Now: a.o.Now, Limits: a.doorLimits()}
	if c.Listen != "" {
		var lc net.ListenConfig
		if o.Listener, err = lc.Listen(context.Background(), "tcp", c.Listen); err != nil {
			return fmt.Errorf("cannot listen on %s: %w; choose another address with --audiosocket-listen", c.Listen, err)
		}
	}
	d, err := audiosocket.New(o)
	if err != nil {
		return err
	}
	// Also when the server is never started: the listener is open.
	a.ends.add("AudioSocket", d.Close)
	a.parts.entrances.add(d.Close, nil)
	a.parts.entrances.routes = append(a.parts.entrances.routes, d.Routes)
	a.parts.entrances.serve = append(a.parts.entrances.serve, d.Serve)
	return nil
}
