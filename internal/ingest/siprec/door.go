package siprec

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"heed/internal/ingest"
	"heed/internal/ingest/rtp"
	"heed/internal/ingest/wire"
	"heed/internal/sipua"
)

// Platform is the name of the calls that come in here.
const Platform = "siprec"

// Options says what a door needs. Calls is required.
type Options struct {
	Calls ingest.Calls
	// Listen is the host:port of SIP over UDP and TCP. The host is an IP address
	// of this machine; without one it is all of them. Empty takes no calls.
	Listen string
	TLS    TLS
	// Public is the address under which this machine is reached, where a NAT lies
	// before it. The zero value is the address that the caller reached.
	Public netip.Addr
	// Ports are those of audio.
	Ports Range
	// Peers are the networks that may call. Empty means none.
	Peers wire.Networks
	// Users have to show their password; by name. Empty asks nobody.
	Users map[string]string
	// Agents are patterns of the addresses and names of agents, such as 2???.
	Agents []string
	// CallHeaders name headers that carry the platform's id of the call; the
	// first that is there counts.
	CallHeaders []string
	// Logger gets one line for each call's start and end. nil logs nothing.
	Logger *slog.Logger
	// Meters are those of all doors, and Registerer takes the door's own. Nil
	// registers nowhere.
	Meters     *wire.Meters
	Registerer prometheus.Registerer
	Limits     Limits
	Now        func() time.Time // of frames; nil is time.Now
}

// TLS is where SIP over TLS comes in. The zero value is nowhere.
type TLS struct {
	Listen string
	Config *tls.Config
}

// Limits bounds what callers may do. Zero means the default.
type Limits struct {
	Calls       int           // open at once; 512
	Starts      int           // calls begun a second, over all; 50
	Packets     int           // that wait for one call's worker; 1024
	Window      time.Duration // how long a packet waits for one before it; 150 ms
	OpenWithin  time.Duration // for the call to be opened; 10 s
	T1          time.Duration // after which an answer is sent again, and twice that, and so on; 500 ms
	SilentAfter time.Duration // without a packet; 2 min, as a party on hold sends none
	HeldFor     time.Duration // that a recording may be paused; 4 h
	ByeWithin   time.Duration // for the caller to answer that we hang up; 2 s
	Longest     time.Duration // of a call; 24 h
	MinExpires  time.Duration // between refreshes of a session; 90 s, the least of RFC 4028
}

func (l Limits) withDefaults() Limits {
	l.Calls = cmp.Or(l.Calls, 512)
	l.Starts = cmp.Or(l.Starts, 50)
	l.Packets = cmp.Or(l.Packets, 1024)
	l.Window = cmp.Or(l.Window, 150*time.Millisecond)
	l.OpenWithin = cmp.Or(l.OpenWithin, 10*time.Second)
	l.T1 = cmp.Or(l.T1, 500*time.Millisecond)
	l.SilentAfter = cmp.Or(l.SilentAfter, 2*time.Minute)
	l.HeldFor = cmp.Or(l.HeldFor, 4*time.Hour)
	l.ByeWithin = cmp.Or(l.ByeWithin, 2*time.Second)
	l.Longest = cmp.Or(l.Longest, 24*time.Hour)
	l.MinExpires = cmp.Or(l.MinExpires, 90*time.Second)
	return l
}

// Door answers recording sessions.
type Door struct {
	o      Options
	limits Limits
	counts *rtp.Meters
	gate   *gate
	ports  *ports
	auth   *passwords
	starts *rate.Limiter
	stack  stack
	calls  register

	serving sync.WaitGroup
	ended   context.Context //nolint:containedctx // of the door's life; Close ends it
	end     context.CancelFunc
}

// New makes the door and binds where it listens. Serve takes calls.
func New(ctx context.Context, o Options) (*Door, error) {
	if o.Calls == nil {
		return nil, errors.New("siprec: Calls is nil")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Logger = o.Logger.With("component", Platform)
	if o.Now == nil {
		o.Now = time.Now
	}
	d := &Door{o: o, limits: o.Limits.withDefaults(), counts: rtp.NewMeters(o.Meters, o.Registerer, Platform), auth: newPasswords(o.Users, o.Now)}
	d.starts = rate.NewLimiter(rate.Limit(d.limits.Starts), d.limits.Starts)
	d.ended, d.end = context.WithCancel(context.WithoutCancel(ctx))
	d.gate = newGate(o.Peers, d.counts.Counts, d.ended.Done())
	if err := d.stack.open(ctx, d); err != nil {
		d.end()
		return nil, errors.Join(err, d.stack.close())
	}
	return d, nil
}

// Address is where SIP over UDP and TCP is taken; empty is nowhere.
func (d *Door) Address() string {
	if d.stack.udp == nil {
		return ""
	}
	return d.stack.udp.LocalAddr().String()
}

// SecureAddress is where SIP over TLS is taken; empty is nowhere.
func (d *Door) SecureAddress() string {
	if d.stack.tls == nil {
		return ""
	}
	return d.stack.tls.Addr().String()
}

// Serve takes calls until Close. It returns at once when the door listens
// nowhere.
func (d *Door) Serve() error {
	var g errgroup.Group
	s := &d.stack
	if s.udp != nil {
		g.Go(func() error { return s.server.ServeUDP(packets{s.udp, d.gate}) })
		g.Go(func() error { return s.server.ServeTCP(streams{s.tcp, d.gate, true}) })
	}
	if s.tls != nil {
		g.Go(func() error { return s.server.ServeTLS(tls.NewListener(streams{s.tls, d.gate, false}, d.o.TLS.Config)) })
	}
	if err := g.Wait(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("%s: %w", Platform, err)
	}
	return nil
}

// Close takes no more calls, ends those that are open as [ingest.Shutdown],
// hangs up and waits for all of it or for ctx. It may be called more than once.
func (d *Door) Close(ctx context.Context) error {
	idle := d.calls.shut()
	d.end()
	var err error
	if !idle { // else whatever ctx says
		err = wire.Wait(ctx, d.serving.Wait, d.gate.saying.Wait)
	}
	if err != nil {
		err = fmt.Errorf("%s: close: %w", Platform, err)
	}
	return errors.Join(err, d.stack.close())
}

// stack is the door's end of SIP.
type stack struct {
	ua     *sipgo.UserAgent
	server *sipgo.Server
	client *sipgo.Client
	udp    *net.UDPConn
	tcp    net.Listener
	tls    net.Listener
}

// open binds what was asked for. What it opened is closed by close, also when it
// fails.
func (s *stack) open(ctx context.Context, d *Door) (err error) {
	var host netip.Addr
	if d.o.Listen != "" {
		if host, err = s.listen(ctx, d.o.Listen); err != nil {
			return err
		}
	}
	if d.o.TLS.Listen != "" {
		var lc net.ListenConfig
		if s.tls, err = lc.Listen(ctx, "tcp", d.o.TLS.Listen); err != nil {
			return fmt.Errorf("siprec: listen for TLS: %w", err)
		}
		if !host.IsValid() {
			host = wire.AddressOf(s.tls.Addr())
		}
	}
	if s.udp == nil && s.tls == nil {
		return nil
	}
	d.ports = newPorts(host, d.o.Ports)
	if s.ua, err = sipua.New(); err != nil {
		return err
	}
	if s.server, err = sipgo.NewServer(s.ua, sipgo.WithServerLogger(slog.New(slog.DiscardHandler))); err != nil {
		return fmt.Errorf("siprec: server: %w", err)
	}
	if s.client, err = sipgo.NewClient(s.ua); err != nil {
		return fmt.Errorf("siprec: client: %w", err)
	}
	d.handlers(s.server)
	return nil
}

// tries is how often a port is looked for that is free over UDP and TCP.
const tries = 10

// listen binds UDP and TCP on one port, which is chosen for both when it is 0.
func (s *stack) listen(ctx context.Context, address string) (host netip.Addr, err error) {
	_, port, _ := net.SplitHostPort(address) // listening says what is wrong with it
	for try := 1; ; try++ {
		if err = s.bind(ctx, address); err == nil {
			return wire.AddressOf(s.tcp.Addr()), nil
		}
		if port != "0" || try == tries || s.tcp == nil {
			return host, fmt.Errorf("siprec: listen: %w", err)
		}
		_ = s.tcp.Close() // another one is looked for
	}
}

func (s *stack) bind(ctx context.Context, address string) (err error) {
	var lc net.ListenConfig
	if s.tcp, err = lc.Listen(ctx, "tcp", address); err != nil {
		return err //nolint:wrapcheck // listen does
	}
	c, err := lc.ListenPacket(ctx, "udp", s.tcp.Addr().String())
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	s.udp = c.(*net.UDPConn)                  //nolint:forcetypeassert // what "udp" gives
	return s.udp.SetReadBuffer(receiveBuffer) //nolint:wrapcheck // as above
}

// close frees what is open. It may be called more than once.
func (s *stack) close() error {
	var errs []error
	if s.udp != nil {
		errs = append(errs, s.udp.Close())
	}
	for _, l := range []net.Listener{s.tcp, s.tls} {
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	if s.ua != nil {
		errs = append(errs, s.ua.Close())
	}
	for i, err := range errs {
		if errors.Is(err, net.ErrClosed) {
			errs[i] = nil // again
		}
	}
	return errors.Join(errs...)
}
