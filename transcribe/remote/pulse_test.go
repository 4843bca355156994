package remote

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"heed/transcribe"
)

// cable is a connection that can be cut without anybody being told: what is
// written afterwards is lost.
type cable struct {
	net.Conn
	cut atomic.Bool
}

func (c *cable) Write(b []byte) (int, error) {
	if c.cut.Load() {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// oneConn is a listener for one connection.
type oneConn struct {
	net.Listener
	conns chan net.Conn
}

func (l *oneConn) Accept() (net.Conn, error) {
	c, more := <-l.conns
	if !more {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (l *oneConn) Close() error   { return nil }
func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }

// wired opens a socket in memory to a service that converses. The function it
// gives closes the socket and waits for the service.
func wired(t *testing.T, converse func(*websocket.Conn)) (*Socket, *cable, func()) {
	t.Helper()
	near, far := net.Pipe()
	wire := &cable{Conn: near}
	l := &oneConn{conns: make(chan net.Conn, 1)}
	l.conns <- far
	var serving, conversing sync.WaitGroup
	conversing.Add(1)
	serving.Go(func() {
		_ = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer conversing.Done()
			conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			converse(conn)
		}))
	})
	dialer := websocket.Dialer{NetDialContext: func(context.Context, string, string) (net.Conn, error) { return wire, nil }}
	s, err := openSocket(t.Context(), dialer, SocketOptions{Name: "fake", URL: "ws://fake"})
	if err != nil {
		t.Fatal(err)
	}
	return s, wire, func() {
		_ = s.Close()
		conversing.Wait()
		close(l.conns)
		serving.Wait()
	}
}

// mute reads, and so answers pings, and says nothing.
func mute(c *websocket.Conn) {
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			return
		}
	}
}

func TestADeadConnectionIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, wire, done := wired(t, mute)
		defer done()
		start := time.Now()
		time.AfterFunc(time.Minute, func() { wire.cut.Store(true) })
		time.AfterFunc(time.Hour, func() { _ = s.Close() })
		_, err := s.Message()
		if !errors.Is(err, errSilent) || transcribe.VerdictOf(err) != transcribe.Retry {
			t.Errorf("error %v, want %v", err, errSilent)
		}
		late := time.Since(start) - time.Minute
		if late < deadAfter-pingEvery || late > deadAfter {
			t.Errorf("noticed %v after the cut, want at most %v", late, deadAfter)
		}
	})
}

func TestAConnectionThatAnswersPingsLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, done := wired(t, func(c *websocket.Conn) {
			time.AfterFunc(time.Hour, func() { _ = c.WriteMessage(websocket.TextMessage, []byte("hello")) })
			mute(c)
		})
		defer done()
		if b, err := s.Message(); err != nil || string(b) != "hello" {
			t.Errorf("Message() = %q, %v", b, err)
		}
	})
}

func TestAReaderThatWasAwayBlamesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, done := wired(t, func(c *websocket.Conn) {
			c.SetPingHandler(func(string) error {
				c.SetPingHandler(func(string) error { return nil })
				return errors.Join(c.WriteControl(websocket.PongMessage, nil, time.Now().Add(time.Second)), c.WriteMessage(websocket.TextMessage, []byte("one")))
			})
			time.AfterFunc(2*deadAfter+time.Second, func() { _ = c.WriteMessage(websocket.TextMessage, []byte("two")) })
			mute(c)
		})
		defer done()
		for _, want := range []string{"one", "two"} {
			if b, err := s.Message(); err != nil || string(b) != want {
				t.Errorf("Message() = %q, %v, want %q", b, err, want)
			}
			time.Sleep(2 * deadAfter) // a receiver blocks
		}
	})
}

func TestMessagesAreAsGoodAsPongs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, done := wired(t, func(c *websocket.Conn) {
			n := 0
			c.SetPingHandler(func(string) error { // the first is answered, the others are forgotten
				if n++; n == 1 {
					return c.WriteControl(websocket.PongMessage, nil, time.Now().Add(time.Second))
				}
				return c.WriteMessage(websocket.TextMessage, []byte("still here"))
			})
			mute(c)
		})
		defer done()
		for i := range 20 {
			if _, err := s.Message(); err != nil {
				t.Fatalf("message %d: %v", i, err)
			}
		}
	})
}

func TestAServiceThatNeverAnswersPingsIsNotHeldToThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, done := wired(t, func(c *websocket.Conn) {
			c.SetPingHandler(func(string) error { return nil })
			time.AfterFunc(10*time.Minute, func() { _ = c.WriteMessage(websocket.TextMessage, []byte("hello")) })
			mute(c)
		})
		defer done()
		if b, err := s.Message(); err != nil || string(b) != "hello" {
			t.Errorf("Message() = %q, %v", b, err)
		}
	})
}

// The assemblyai tests see that a goodbye survives unread data.
func TestTheLastWordWaitsForAWriteThatIsNotStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := make(chan string, 10)
		s, _, done := wired(t, func(c *websocket.Conn) {
			time.Sleep(farewell / 2) // the first ping waits for so long
			for {
				_, b, err := c.ReadMessage()
				if err != nil {
					close(got)
					return
				}
				got <- string(b)
			}
		})
		defer done()
		go func() { _, _ = s.Message() }() // takes the pongs
		synctest.Wait()
		_ = s.CloseSaying("bye")
		if b := <-got; b != "\"bye\"\n" {
			t.Errorf("the service heard %q", b)
		}
	})
}

func TestCloseWaitsForNoPing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		s, _, done := wired(t, func(*websocket.Conn) { <-stop }) // a pipe whose other end does not read
		defer done()
		defer close(stop)
		synctest.Wait() // the first ping is stuck
		start := time.Now()
		_ = s.CloseSaying("bye")
		if took := time.Since(start); took > farewell {
			t.Errorf("Close took %v", took)
		}
	})
}
