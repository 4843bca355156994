package gate

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// served is a server behind a gate.
type served struct {
	gate     *Gate
	registry *prometheus.Registry
	began    chan struct{} // a request has arrived
	answer   chan struct{} // and may be answered
	changed  chan struct{} // a connection is in another state
}

func serve(t *testing.T, l Limits) *served {
	t.Helper()
	var lc net.ListenConfig
	in, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &served{registry: prometheus.NewRegistry(), began: make(chan struct{}, 100), answer: make(chan struct{}), changed: make(chan struct{}, 1)}
	s.gate = New(in, l, s.registry)
	change := func(c net.Conn, state http.ConnState) {
		s.gate.Changed(c, state)
		select {
		case s.changed <- struct{}{}:
		default: // it is known
		}
	}
	h := &http.Server{ConnState: change, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.began <- struct{}{}
		<-s.answer
		w.WriteHeader(http.StatusNoContent)
	})}
	ended := make(chan error)
	go func() { ended <- h.Serve(s.gate) }()
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
		if open := s.gate.count(); open != 0 {
			t.Errorf("%d connections are still counted", open)
		}
	})
	return s
}

func (g *Gate) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.open
}

func (g *Gate) waits() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waiting.Len()
}

// dial opens a connection, which the server may have closed already.
func (s *served) dial(t *testing.T) net.Conn {
	t.Helper()
	var d net.Dialer
	c, err := d.DialContext(t.Context(), "tcp", s.gate.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// turnedAway opens a connection that the gate closes, maybe before we know that
// it was open.
func (s *served) turnedAway(t *testing.T) {
	t.Helper()
	var d net.Dialer
	c, err := d.DialContext(t.Context(), "tcp", s.gate.Addr().String())
	if errors.Is(err, syscall.ECONNRESET) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	closed(t, c)
	_ = c.Close()
}

// closed waits for the other side to hang up.
func closed(t *testing.T, c net.Conn) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	var network net.Error
	if _, err := c.Read(make([]byte, 1)); err == nil || errors.As(err, &network) && network.Timeout() {
		t.Fatalf("it was not closed: %v", err)
	}
}

// until waits for what becomes of connections.
func (s *served) until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for late := time.After(5 * time.Second); !done(); {
		select {
		case <-s.changed:
		case <-late:
			t.Fatal("it never came to be that ", what)
		}
	}
}

func (s *served) refused(t *testing.T, reason string, want float64) {
	t.Helper()
	if got := testutil.ToFloat64(s.gate.refused.WithLabelValues(reason)); got != want {
		t.Errorf("%v were refused as %s, want %v", got, reason, want)
	}
}

// ask sends a whole request.
func ask(t *testing.T, c net.Conn) {
	t.Helper()
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: heed\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
}

func TestOneAddressMayNotWaitTooOften(t *testing.T) {
	s := serve(t, Limits{Open: 100, Waiting: 50, PerAddress: 3})
	for range 3 {
		s.dial(t)
	}
	s.until(t, "three wait", func() bool { return s.gate.waits() == 3 })
	s.turnedAway(t)
	s.refused(t, "address", 1)
}

func TestWhoHasAskedDoesNotWaitAnyMore(t *testing.T) {
	s := serve(t, Limits{Open: 100, Waiting: 50, PerAddress: 1})
	for range 5 {
		ask(t, s.dial(t))
		<-s.began
	}
	s.until(t, "nobody waits", func() bool { return s.gate.waits() == 0 })
	s.refused(t, "address", 0)
	close(s.answer)
}

func TestWhoHasWaitedLongestGoesFirst(t *testing.T) {
	s := serve(t, Limits{Open: 100, Waiting: 2, PerAddress: 50})
	first := s.dial(t)
	s.until(t, "one waits", func() bool { return s.gate.waits() == 1 })
	second := s.dial(t)
	s.until(t, "two wait", func() bool { return s.gate.waits() == 2 })
	ask(t, s.dial(t))
	<-s.began
	closed(t, first)
	s.refused(t, "waiting", 1)
	ask(t, second)
	<-s.began
	close(s.answer)
	answer, err := http.ReadResponse(bufio.NewReader(second), nil)
	if err != nil || answer.StatusCode != http.StatusNoContent {
		t.Errorf("%v %v", answer, err)
	}
	_ = answer.Body.Close()
}

func TestNoMoreThanSoManyAreOpen(t *testing.T) {
	s := serve(t, Limits{Open: 2, Waiting: 50, PerAddress: 50})
	one, two := s.dial(t), s.dial(t)
	ask(t, one)
	ask(t, two)
	<-s.began
	<-s.began
	s.turnedAway(t)
	s.refused(t, "full", 1)
	close(s.answer)
	_ = one.Close()
	s.until(t, "one has gone", func() bool { return s.gate.count() == 1 })
	ask(t, s.dial(t))
	<-s.began
}

func TestFiguresAreShown(t *testing.T) {
	s := serve(t, Limits{Open: 10, Waiting: 10, PerAddress: 10})
	s.dial(t)
	s.until(t, "one waits", func() bool { return s.gate.waits() == 1 })
	if err := testutil.GatherAndCompare(s.registry, strings.NewReader(`
# HELP heed_connections_open Connections that are open.
# TYPE heed_connections_open gauge
heed_connections_open 1
# HELP heed_connections_waiting Connections that have not sent a whole request yet.
# TYPE heed_connections_waiting gauge
heed_connections_waiting 1
`), "heed_connections_open", "heed_connections_waiting"); err != nil {
		t.Error(err)
	}
}

// from is a connection from anywhere.
type from struct {
	net.Conn

	addr net.Addr
}

func (f from) RemoteAddr() net.Addr { return f.addr }

func TestAddressesThatCountAsOne(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.7:1": "192.0.2.7", "[::ffff:192.0.2.7]:1": "192.0.2.7", "[2001:db8:1:2:3::4]:1": "2001:db8:1:2::", "[fe80::1%eth0]:1": "fe80::",
	} {
		addr := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(in))
		if got := addressOf(from{addr: addr}); got.String() != want {
			t.Errorf("%s counts as %s, want %s", in, got, want)
		}
	}
	if got := addressOf(from{addr: &net.UnixAddr{Name: "@"}}); got.IsValid() {
		t.Errorf("a pipe has the address %s", got)
	}
}

func TestAListenerThatEndsEndsTheGate(t *testing.T) {
	var lc net.ListenConfig
	in, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := New(in, Limits{1, 1, 1}, nil)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("%v", err)
	}
}
