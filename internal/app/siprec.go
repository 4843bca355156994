package app

import (
	"context"
	"fmt"
	"net/netip"

	"heed/internal/ingest/siprec"
	"heed/internal/ingest/wire"
)

// siprecDoor listens for border controllers where it is told to.
func (a *App) siprecDoor(ctx context.Context, meters *wire.Meters) error {
	c := a.o.Config.SIPREC
	o := siprec.Options{
		Calls: a.parts.calls, Listen: c.Listen, Agents: c.Agents, CallHeaders: c.CallHeaders,
		Logger: a.log, Meters: meters, Registerer: a.registry, Now: a.o.Now,
	}
	var err error
	if o.Ports, err = siprec.ParseRange(c.RTPPorts); err != nil {
		return fmt.Errorf("siprec-rtp-ports: %w", err)
	}
	if o.TLS.Config, err = c.TLSConfig(); err != nil {
		return err
	}
	o.TLS.Listen = c.TLSListen
	if c.PublicIP != "" {
		if o.Public, err = netip.ParseAddr(c.PublicIP); err != nil {
			return fmt.Errorf("siprec-public-ip: %w", err)
		}
	}
	if o.Peers, err = c.Prefixes(); err != nil {
		return fmt.Errorf("siprec-peers: %w", err)
	}
	if o.Users, err = c.Passwords(); err != nil {
		return fmt.Errorf("siprec-users: %w", err)
	}
	d, err := siprec.New(ctx, o)
	if err != nil {
		return fmt.Errorf("%w; choose other addresses with --siprec-listen and --siprec-tls-listen", err)
	}
	// Also when the server is never started: the ports are open.
	a.ends.add("SIPREC", d.Close)
	a.parts.entrances.add(d.Close, nil)
	a.parts.entrances.routes = append(a.parts.entrances.routes, d.Routes)
	a.parts.entrances.serve = append(a.parts.entrances.serve, d.Serve)
	return nil
}
