package audiosocket

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"heed/internal/ingest"
	"heed/internal/ingest/wire"
)

// Platform is the name under which this door's calls are known.
const Platform = "audiosocket"

// paused is how long a connection may send nothing, as a channel on hold does.
// That the other side is gone shows by TCP's own keep-alive before.
const paused = 2 * time.Minute

// Options says what the door needs. Calls is required.
type Options struct {
	Calls ingest.Calls
	// Listener is where connections come from; nil takes none, and announcements
	// are refused. The door closes it.
	Listener net.Listener
	// Networks are those that may connect. Empty means none.
	Networks wire.Networks
	// Announced is how long a UUID that nobody has announced waits; 5 s.
	Announced time.Duration
	// Unnamed bounds the connections that have not said their UUID or wait for
	// its announcement; 64.
	Unnamed int
	// Logger gets one line for each stream's start and end. nil logs nothing.
	Logger *slog.Logger
	// Meters count. nil counts nowhere.
	Meters *wire.Meters
	Limits wire.Limits
	Now    func() time.Time // of frames and announcements; nil is time.Now
}

// Door takes AudioSocket connections.
type Door struct {
	o      Options
	limits wire.Limits
	counts *wire.Counts
	known  *announced

	mu      sync.Mutex
	open    map[net.Conn]struct{}
	unnamed int
	closing bool
	serving sync.WaitGroup
	ended   context.Context //nolint:containedctx // of the door's life; Close ends it
	end     context.CancelFunc
}

// New makes the door. Serve takes connections.
func New(o Options) (*Door, error) {
	if o.Calls == nil {
		return nil, errors.New("audiosocket: Calls is nil")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Announced == 0 {
		o.Announced = 5 * time.Second
	}
	if o.Unnamed == 0 {
		o.Unnamed = 64
	}
	o.Logger = o.Logger.With("component", Platform)
	if o.Limits.SilentAfter == 0 {
		o.Limits.SilentAfter = paused
	}
	d := &Door{o: o, limits: o.Limits.WithDefaults(), counts: o.Meters.Of(Platform), known: newAnnounced(o.Now), open: map[net.Conn]struct{}{}}
	d.ended, d.end = context.WithCancel(context.Background())
	return d, nil
}

// Serve takes connections until Close. It returns at once when the door listens
// nowhere.
func (d *Door) Serve() error {
	if d.o.Listener == nil {
		return nil
	}
	for {
		c, err := d.o.Listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			// Mostly too many open files: calls that are over give theirs back.
			d.o.Logger.Warn("a connection was not accepted", "error", err)
			if !d.pause(100 * time.Millisecond) {
				return nil
			}
			continue
		}
		if reason := d.admit(c); reason != "" {
			d.counts.Refused(reason)
			_ = c.Close() // it has nothing of ours
			continue
		}
		go func() {
			defer d.serving.Done()
			d.serve(c)
		}()
	}
}

// pause is false when the door closed meanwhile.
func (d *Door) pause(long time.Duration) bool {
	t := time.NewTimer(long)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-d.ended.Done():
		return false
	}
}

// admit takes a connection in or says why not.
func (d *Door) admit(c net.Conn) (reason string) {
	if !d.o.Networks.Contain(c.RemoteAddr()) {
		return "network"
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closing:
		return "stopping"
	case len(d.open) >= d.limits.Sockets:
		return "full"
	case d.unnamed >= d.o.Unnamed:
		return "unnamed"
	}
	d.open[c] = struct{}{}
	d.unnamed++
	d.serving.Add(1)
	d.counts.Live(1)
	return ""
}

// named notes that a connection has said which call it is, or will not.
func (d *Door) named() {
	d.mu.Lock()
	d.unnamed--
	d.mu.Unlock()
}

// forget is the end of a connection.
func (d *Door) forget(c net.Conn) {
	_ = c.Close() // nothing is left to lose
	d.mu.Lock()
	delete(d.open, c)
	d.mu.Unlock()
	d.counts.Live(-1)
}

// stopping says whether Close was called.
func (d *Door) stopping() bool { return d.ended.Err() != nil }

// Close takes no more connections, ends the streams of those that are open as
// [ingest.Shutdown] and waits for them or for ctx. It may be called more than
// once.
func (d *Door) Close(ctx context.Context) error {
	d.end()
	if d.o.Listener != nil {
		_ = d.o.Listener.Close() // again, at worst
	}
	d.mu.Lock()
	d.closing = true
	idle := len(d.open) == 0
	for c := range d.open {
		_ = c.SetReadDeadline(time.Now()) // its reader now ends
	}
	d.mu.Unlock()
	if idle {
		return nil // whatever ctx says
	}
	if err := wire.Wait(ctx, d.serving.Wait); err != nil {
		return fmt.Errorf("%s: close: %w", Platform, err)
	}
	return nil
}
