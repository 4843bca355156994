package remote

import (
	"errors"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// pingEvery is the time between pings; three may be lost.
	pingEvery = 5 * time.Second
	// deadAfter is how long a service that answers pings may send nothing.
	deadAfter = 15 * time.Second
)

// errSilent is a connection that is dead without having been reset.
var errSilent = errors.New("no answer to pings and no message")

// pulse is what a Socket knows about its peer being alive.
type pulse struct {
	answers bool // a pong has come; Message's
	stop    chan struct{}
	pinging sync.WaitGroup
}

// begin starts the pings. The first one goes out at once, as only a service
// that answers one is held to it: RFC 6455 (5.5.2) wants an answer from all,
// but a proxy may swallow it, and a wrong verdict would end every call.
func (s *Socket) begin() {
	s.pulse.stop = make(chan struct{})
	s.conn.SetPongHandler(func(string) error {
		s.pulse.answers = true
		s.renew()
		return nil
	})
	s.pulse.pinging.Go(s.ping)
}

// renew puts off the end of a service that has just spoken, or that nobody
// has listened to for a while. It is called by the reading goroutine only.
func (s *Socket) renew() {
	if s.pulse.answers {
		// It fails on a closed connection, which the read will tell.
		_ = s.conn.SetReadDeadline(time.Now().Add(deadAfter))
	}
}

// ping sends pings until the end.
func (s *Socket) ping() {
	clock := time.NewTicker(pingEvery)
	defer clock.Stop()
	for {
		select {
		case s.writing <- struct{}{}:
			// Why it failed is what the next read or write will tell.
			_ = s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(sendWithin))
			s.release()
		default: // whoever writes has a deadline
		}
		select {
		case <-clock.C:
		case <-s.pulse.stop:
			return
		}
	}
}

// end closes the connection and waits for the goroutine that pings, which a
// closed connection does not hold up.
func (s *Socket) end() error {
	close(s.pulse.stop)
	err := s.conn.Close()
	s.pulse.pinging.Wait()
	return err
}
