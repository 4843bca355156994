package remotetest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"heed/transcribe"
	"heed/transcribe/enginetest"
)

// Said is a call of 20 words in five sentences with pauses between them.
func Said() []transcribe.Word {
	var out []transcribe.Word
	at := 400 * time.Millisecond
	for _, n := range []int{5, 3, 7, 1, 4} {
		for range n {
			out = append(out, transcribe.Word{Text: Word(len(out)), Start: at, End: at + 300*time.Millisecond})
			at += 340 * time.Millisecond
		}
		at += 900 * time.Millisecond
	}
	return out
}

// Call gives the audio of words in frames of 20 ms at 8 kHz, with a second of
// silence behind the last one.
func Call(t testing.TB, said []transcribe.Word) []transcribe.Frame {
	t.Helper()
	length := said[len(said)-1].End + time.Second
	return Frames(Speak(t, said, 8000, length), 8000, 0, 20*time.Millisecond)
}

// Play has an engine hear frames as fast as it takes them, and checks what it
// emits against the contract when it succeeds.
func Play(t testing.TB, e transcribe.Engine, frames []transcribe.Frame) ([]transcribe.Segment, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	feed := make(chan transcribe.Frame, len(frames))
	for _, f := range frames {
		feed <- f
	}
	close(feed)
	var got []transcribe.Segment
	err := e.Transcribe(ctx, feed, func(s transcribe.Segment) error {
		got = append(got, s)
		return nil
	})
	if err == nil {
		for _, problem := range enginetest.Check(got, frames) {
			t.Errorf("%s", problem)
		}
	}
	return got, err
}

// Text joins the words that were said, and those of all finals.
func Text(said []transcribe.Word, got []transcribe.Segment) (want, heard string) {
	var a, b []string
	for _, w := range said {
		a = append(a, w.Text)
	}
	for _, s := range got {
		if s.Final {
			b = append(b, s.Text)
		}
	}
	return strings.Join(a, " "), strings.Join(b, " ")
}

// Sockets is a server of WebSockets for a fake service.
type Sockets struct {
	URL string // ws://...

	mu       sync.Mutex
	problems []string
	dials    int
	open     sync.WaitGroup
}

// ServeSockets starts a server. admit sees each request before the upgrade,
// with its number from 0, and gives a status other than 0 to refuse it;
// converse has the connection, which is closed when it returns. The test's
// cleanup waits for all of them and reports what [Sockets.Complain] noted.
func ServeSockets(t *testing.T, admit func(http.ResponseWriter, *http.Request, int) int, converse func(*websocket.Conn, *http.Request, int)) *Sockets {
	t.Helper()
	s := &Sockets{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		n := s.dials
		s.dials++
		s.open.Add(1)
		s.mu.Unlock()
		defer s.open.Done()
		if status := admit(w, r, n); status != 0 {
			w.WriteHeader(status)
			return
		}
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			s.Complain("upgrade: " + err.Error())
			return
		}
		defer func() { _ = conn.Close() }()
		converse(conn, r, n)
	}))
	s.URL = "ws" + strings.TrimPrefix(server.URL, "http")
	t.Cleanup(func() {
		server.Close()
		s.open.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, p := range s.problems {
			t.Error("fake service: " + p)
		}
	})
	return s
}

// Complain notes that the engine broke the service's rules.
func (s *Sockets) Complain(problem string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = append(s.problems, problem)
}

// Dials is how many connections were tried.
func (s *Sockets) Dials() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dials
}

// Hang waits until the engine has gone, for a service that never answers.
func Hang(conn *websocket.Conn) {
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			return
		}
	}
}

// CloseWith sends a close frame.
func CloseWith(conn *websocket.Conn, code int, reason string) {
	_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
}
