package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"heed/internal/ingest"
)

const (
	// goodbye is how long the other side may take to answer a close.
	goodbye = time.Second
	// drained bounds what is read and thrown away after a message that was
	// too big, or a flood of pings, so that the reason reaches a sender that is
	// still writing.
	drained = 16 << 20
	// pingBurst is how many pings may come at once.
	pingBurst = 64
)

var errPings = errors.New("too many pings")

// Ending is why a door ends a connection, and what it tells the other side.
type Ending struct {
	Why  ingest.Reason
	Code int    // websocket close code; 0 when nothing is left to say
	Text string // for the platform's operator; no personal data
}

// Reader is what a door does with one connection. It is used by one goroutine.
type Reader interface {
	// Message takes one websocket message, of which data is valid until it
	// returns. It gives nil to go on. It must not wait for disk, engine or
	// database, but to begin a call.
	Message(ctx context.Context, kind int, data []byte, now time.Time) *Ending
	// Begun says that the stream has begun: until then it must come within
	// [Limits.StartWithin] of the upgrade.
	Begun() bool
	// Finish ends the stream, if there is one. It is called once, also when
	// Message panicked.
	Finish(why ingest.Reason)
}

// hijacker finds the connection below the wrappers of middleware.
type hijacker struct {
	http.ResponseWriter

	streams *atomic.Int64
}

func (h hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("take over the connection: %w", err)
	}
	return &gathering{Conn: c, streams: h.streams}, rw, nil
}

// Socket is one media connection. Its Reader reads it; Send may be used by any
// goroutine.
type Socket struct {
	ws     *websocket.Conn
	reader Reader
	limits Limits
	now    func() time.Time
	opened time.Time
	counts *Counts
	pings  *rate.Limiter
	// expected is the deadline that is set.
	expected time.Time
	closing  atomic.Bool
	ending   atomic.Pointer[Ending] // that a goroutine other than the reader's asked for
	sending  sync.Mutex
}

func newSocket(ws *websocket.Conn, o *Options) *Socket {
	return &Socket{
		ws: ws, limits: o.Limits, now: o.Now, opened: time.Now(), counts: o.Counts,
		pings: rate.NewLimiter(rate.Limit(o.Limits.Pings), pingBurst),
	}
}

// Subprotocol is the one that was agreed on; may be empty.
func (s *Socket) Subprotocol() string { return s.ws.Subprotocol() }

// Send writes a message. It waits for the peer as long as [Limits.WriteWithin];
// a peer that does not read by then loses the connection.
func (s *Socket) Send(kind int, data []byte) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	_ = s.ws.SetWriteDeadline(time.Now().Add(s.limits.WriteWithin)) // a dead socket fails in the write
	if err := s.ws.WriteMessage(kind, data); err != nil {
		_ = s.ws.Close() // the reader now ends
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// End ends the connection as an ending that the Reader gives does, but from any
// goroutine and at once. Only the first counts.
func (s *Socket) End(e Ending) {
	if s.ending.CompareAndSwap(nil, &e) {
		_ = s.ws.SetReadDeadline(time.Now()) // a dead socket fails in the read
	}
}

// Opened is when the connection was made.
func (s *Socket) Opened() time.Time { return s.opened }

// serve reads until the stream has ended, whatever way, and hangs up.
func (s *Socket) serve(ctx context.Context) {
	s.ws.SetReadLimit(s.limits.MessageBytes)
	s.ws.SetPingHandler(s.pong)
	end := Ending{Why: ingest.Broken}
	stop := make(chan struct{})
	var pinging sync.WaitGroup
	pinging.Go(func() { s.keepAlive(stop) })
	defer pinging.Wait()
	defer close(stop)
	defer s.ws.Close() //nolint:errcheck // nothing is left to lose
	var once sync.Once
	finish := func() { once.Do(func() { s.reader.Finish(end.Why) }) }
	defer finish() // when reading panicked
	end = s.read(ctx)
	finish()
	s.hangUp(end)
}

// read takes messages until one of them, or an error, ends the stream. Only
// messages count as a sign of life: a socket that merely answers pings
// carries no call.
func (s *Socket) read(ctx context.Context) Ending {
	var buf bytes.Buffer
	buf.Grow(bytes.MinRead) // for a message of 20 ms in one read
	for {
		s.expect()
		if end := s.told(); end != nil {
			return *end
		}
		kind, r, err := s.ws.NextReader()
		if err == nil {
			buf.Reset()
			_, err = buf.ReadFrom(r)
		}
		if err != nil {
			return s.classify(err)
		}
		if end := s.reader.Message(ctx, kind, buf.Bytes(), s.now()); end != nil {
			return *end
		}
	}
}

// gather has the connection read now and then only, or at once.
func (s *Socket) gather(on bool) {
	if g, ok := s.ws.NetConn().(*gathering); ok {
		g.on = on
	}
}

// expect sets the time by which the next message must have come in full. While
// a stream goes on that is moved now and then only, for setting it costs as
// much as taking a message does; silence is noticed a sixteenth late at most.
func (s *Socket) expect() {
	if !s.reader.Begun() {
		_ = s.ws.SetReadDeadline(s.opened.Add(s.limits.StartWithin)) // a dead socket fails in the read
		return
	}
	s.gather(true)
	due := time.Now().Add(s.limits.SilentAfter)
	if due.Before(s.expected) {
		return
	}
	s.expected = due.Add(s.limits.SilentAfter / 16)
	_ = s.ws.SetReadDeadline(s.expected)
}

// told is the ending that another goroutine asked for, if any.
func (s *Socket) told() *Ending {
	if s.closing.Load() {
		end := shuttingDown()
		return &end
	}
	return s.ending.Load()
}

func shuttingDown() Ending {
	return Ending{Why: ingest.Shutdown, Code: websocket.CloseGoingAway, Text: "the server is shutting down"}
}

// classify tells the ways in which a connection ends by itself.
func (s *Socket) classify(err error) Ending {
	if end := s.told(); end != nil {
		return *end
	}
	var closed *websocket.CloseError
	var network net.Error // the library hides the deadline's own error
	switch {
	case errors.As(err, &network) && network.Timeout():
		return s.late()
	case errors.As(err, &closed):
		return closedBy(closed.Code)
	case errors.Is(err, errPings):
		s.counts.Refused("pings")
		return Ending{Why: ingest.Broken, Code: websocket.ClosePolicyViolation, Text: errPings.Error()}
	case errors.Is(err, websocket.ErrReadLimit):
		s.counts.Refused("size")
	case !gone(err):
		s.counts.Refused("protocol") // the library has told the peer
	}
	return Ending{Why: ingest.Broken}
}

// late ends a connection on which nothing came in time.
func (s *Socket) late() Ending {
	end := Ending{Why: ingest.Silent, Code: websocket.ClosePolicyViolation, Text: "no message came for too long"}
	if !s.reader.Begun() {
		s.counts.Refused("no_start")
		end.Text = "the stream did not begin"
	}
	return end
}

// closedBy is how the other side ended the connection.
func closedBy(code int) Ending {
	if code < websocket.CloseProtocolError || code == websocket.CloseNoStatusReceived {
		return Ending{Why: ingest.Closed}
	}
	return Ending{Why: ingest.Broken}
}

// gone says that an error is the connection's end and not what came over it.
func gone(err error) bool {
	var network net.Error
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &network)
}

// pong answers a ping, and gives up on a peer that floods us with them.
func (s *Socket) pong(data string) error {
	if !s.pings.Allow() {
		return errPings
	}
	err := s.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(s.limits.WriteWithin))
	if err != nil && !errors.Is(err, websocket.ErrCloseSent) {
		return fmt.Errorf("answer ping: %w", err)
	}
	return nil
}

// keepAlive pings so that proxies keep the connection and a dead one shows.
func (s *Socket) keepAlive(stop <-chan struct{}) {
	tick := time.NewTicker(s.limits.PingEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		err := s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(s.limits.WriteWithin))
		if err != nil && !errors.Is(err, websocket.ErrCloseSent) {
			_ = s.ws.Close() // the reader now ends
			return
		}
	}
}

// shutdown says goodbye and gives the reader a second to hear the answer.
func (s *Socket) shutdown() {
	s.closing.Store(true)
	end := shuttingDown()
	s.write(end)
	_ = s.ws.SetReadDeadline(time.Now().Add(goodbye)) // a dead socket fails in the read
}

func (s *Socket) write(end Ending) {
	message := websocket.FormatCloseMessage(end.Code, end.Text)
	_ = s.ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(goodbye)) // it is over either way
}

// hangUp closes in the protocol's words and waits for the answer, so that the
// reason is not lost with the connection.
func (s *Socket) hangUp(end Ending) {
	s.gather(false)
	if end.Code != 0 {
		s.write(end)
	}
	_ = s.ws.SetReadDeadline(time.Now().Add(goodbye))
	for {
		if _, _, err := s.ws.NextReader(); err != nil {
			if errors.Is(err, websocket.ErrReadLimit) || errors.Is(err, errPings) {
				_, _ = io.CopyN(io.Discard, s.ws.NetConn(), drained)
			}
			return
		}
	}
}
