package twilio

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

	"heed/internal/ingest"
)

const (
	// goodbye is how long the other side may take to answer a close.
	goodbye = time.Second
	// drained bounds what is read and thrown away after a message that was
	// too big, so that the reason reaches a sender that is still writing.
	drained = 16 << 20
	// maxPings is how many pings are answered without a message between them.
	maxPings = 64
)

var errPings = errors.New("too many pings")

// Media is the websocket handler for the audio of calls. It serves one stream
// and returns when that has ended.
func (d *Door) Media() http.Handler {
	upgrader := websocket.Upgrader{
		HandshakeTimeout: d.limits.WriteWithin,
		ReadBufferSize:   4 << 10,
		WriteBufferSize:  512,
		CheckOrigin:      fromPlatform,
		Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
			d.send(w, refuse(status, "upgrade", "This is no websocket upgrade that can be served: "+reason.Error()))
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := d.upgradeAllowed(r)
		if p == nil && !websocket.IsWebSocketUpgrade(r) {
			w.Header().Set("Upgrade", "websocket")
			p = refuse(http.StatusUpgradeRequired, "upgrade", "Media comes over a websocket.")
		}
		if p == nil {
			p = d.reserve()
		}
		if p != nil {
			d.send(w, p)
			return
		}
		defer d.release()
		ws, err := upgrader.Upgrade(hijacker{w}, r, nil)
		if err != nil {
			return // the upgrader has answered
		}
		d.serve(r.Context(), ws)
	})
}

// fromPlatform lets through whoever proved itself by a header that no page in
// a browser can set; everybody else must come from our own origin.
func fromPlatform(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || r.Header.Get("Authorization") != "" || r.Header.Get(SignatureHeader) != "" ||
		origin == "https://"+r.Host || origin == "http://"+r.Host
}

// hijacker finds the connection below the wrappers of middleware.
type hijacker struct{ http.ResponseWriter }

func (h hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("take over the connection: %w", err)
	}
	return c, rw, nil
}

func (d *Door) serve(ctx context.Context, ws *websocket.Conn) {
	s := &socket{
		ws: ws, limits: d.limits, opened: time.Now(),
		feed: &feed{open: d.options.Calls.Open, counts: d.counts, limits: d.limits, log: d.log},
	}
	d.track(s)
	defer d.forget(s)
	defer context.AfterFunc(ctx, s.shutdown)()
	s.serve(ctx)
}

// socket is one media connection. serve reads it; shutdown and the pings come
// from other goroutines and only write control frames.
type socket struct {
	ws      *websocket.Conn
	feed    *feed
	limits  Limits
	opened  time.Time
	pings   int
	closing atomic.Bool
}

// serve reads until the stream has ended, whatever way, and hangs up.
func (s *socket) serve(ctx context.Context) {
	s.ws.SetReadLimit(s.limits.MessageBytes)
	s.ws.SetPingHandler(s.pong)
	end := ending{why: ingest.Broken}
	stop := make(chan struct{})
	var pinging sync.WaitGroup
	pinging.Go(func() { s.keepAlive(stop) })
	defer pinging.Wait()
	defer close(stop)
	defer s.ws.Close()                        //nolint:errcheck // nothing is left to lose
	defer func() { s.feed.finish(end.why) }() // when reading panicked
	end = s.read(ctx)
	s.feed.finish(end.why)
	s.hangUp(end)
}

// read takes messages until one of them, or an error, ends the stream. Only
// messages count as a sign of life: a socket that merely answers pings
// carries no call.
func (s *socket) read(ctx context.Context) ending {
	var buf bytes.Buffer
	for {
		_ = s.ws.SetReadDeadline(s.deadline(time.Now())) // a dead socket fails in the read
		if s.closing.Load() {
			return shuttingDown()
		}
		kind, r, err := s.ws.NextReader()
		if err == nil {
			buf.Reset()
			_, err = buf.ReadFrom(r)
		}
		if err != nil {
			return s.classify(err)
		}
		s.pings = 0
		if end := s.feed.message(ctx, kind, buf.Bytes(), time.Now()); end != nil {
			return *end
		}
	}
}

// deadline is when the next message must have come in full.
func (s *socket) deadline(now time.Time) time.Time {
	if s.feed.stream == nil {
		return s.opened.Add(s.limits.StartWithin)
	}
	return now.Add(s.limits.SilentAfter)
}

func shuttingDown() ending {
	return ending{why: ingest.Shutdown, code: websocket.CloseGoingAway, text: "the server is shutting down"}
}

// classify tells the ways in which a connection ends by itself.
func (s *socket) classify(err error) ending {
	var closed *websocket.CloseError
	var network net.Error // the library hides the deadline's own error
	late := errors.As(err, &network) && network.Timeout()
	switch {
	case s.closing.Load():
		return shuttingDown()
	case late && s.feed.stream == nil:
		return ending{why: ingest.Silent, code: websocket.ClosePolicyViolation, text: "no start message came"}
	case late:
		return ending{why: ingest.Silent, code: websocket.ClosePolicyViolation, text: "no message came for too long"}
	case errors.Is(err, errPings):
		return ending{why: ingest.Broken, code: websocket.ClosePolicyViolation, text: errPings.Error()}
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure && closed.Code < websocket.CloseProtocolError:
		return ending{why: ingest.Closed}
	case errors.As(err, &closed) && closed.Code == websocket.CloseNoStatusReceived:
		return ending{why: ingest.Closed}
	}
	return ending{why: ingest.Broken}
}

// pong answers a ping, and gives up on a peer that sends nothing else.
func (s *socket) pong(data string) error {
	if s.pings++; s.pings > maxPings {
		return errPings
	}
	err := s.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(s.limits.WriteWithin))
	if err != nil && !errors.Is(err, websocket.ErrCloseSent) {
		return fmt.Errorf("answer ping: %w", err)
	}
	return nil
}

// keepAlive pings so that proxies keep the connection and a dead one shows.
func (s *socket) keepAlive(stop <-chan struct{}) {
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
func (s *socket) shutdown() {
	s.closing.Store(true)
	end := shuttingDown()
	s.write(end)
	_ = s.ws.SetReadDeadline(time.Now().Add(goodbye)) // a dead socket fails in the read
}

func (s *socket) write(end ending) {
	message := websocket.FormatCloseMessage(end.code, end.text)
	_ = s.ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(goodbye)) // it is over either way
}

// hangUp closes in the protocol's words and waits for the answer, so that the
// reason is not lost with the connection.
func (s *socket) hangUp(end ending) {
	if end.code != 0 {
		s.write(end)
	}
	_ = s.ws.SetReadDeadline(time.Now().Add(goodbye))
	for {
		if _, _, err := s.ws.NextReader(); err != nil {
			if errors.Is(err, websocket.ErrReadLimit) {
				_, _ = io.CopyN(io.Discard, s.ws.NetConn(), drained)
			}
			return
		}
	}
}
