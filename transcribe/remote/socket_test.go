package remote

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"heed/transcribe"
)

// peer serves one WebSocket conversation and gives its address.
func peer(t *testing.T, converse func(*websocket.Conn)) string {
	t.Helper()
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(done)
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		converse(conn)
	}))
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

// dialled opens a socket that the test's cleanup closes.
func dialled(t *testing.T, o SocketOptions) *Socket {
	t.Helper()
	o.Name = "fake"
	s, err := DialSocket(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestSocketSendsAndReceives(t *testing.T) {
	type frame struct {
		kind int
		data string
	}
	got := make(chan frame, 10)
	s := dialled(t, SocketOptions{URL: peer(t, func(c *websocket.Conn) {
		_ = c.WriteMessage(websocket.TextMessage, []byte("hello"))
		for {
			kind, b, err := c.ReadMessage()
			if err != nil {
				close(got)
				return
			}
			got <- frame{kind, string(b)}
		}
	})})
	if b, err := s.Message(); err != nil || string(b) != "hello" {
		t.Errorf("Message() = %q, %v", b, err)
	}
	ctx := t.Context()
	err := errors.Join(s.Text(ctx, map[string]int{"a": 1}), s.RawText(ctx, []byte(`{"eof" : 1}`)), s.Binary(ctx, []byte{1, 2}))
	if err = errors.Join(err, s.CloseSaying("bye"), s.Close(), s.CloseSaying("again")); err != nil {
		t.Error(err)
	}
	for _, want := range []frame{{websocket.TextMessage, `{"a":1}`}, {websocket.TextMessage, `{"eof" : 1}`}, {websocket.BinaryMessage, "\x01\x02"}, {websocket.TextMessage, "\"bye\"\n"}} {
		if f := <-got; f != want {
			t.Errorf("frame %+v, want %+v", f, want)
		}
	}
	if f, more := <-got; more {
		t.Errorf("frame %+v after the close", f)
	}
	if _, err := s.Message(); err == nil {
		t.Error("a message after the close")
	}
}

func TestSocketCloses(t *testing.T) {
	for code, want := range map[int]func(error) bool{
		websocket.CloseNormalClosure: func(err error) bool { return errors.Is(err, io.EOF) },
		websocket.CloseInternalServerErr: func(err error) bool {
			closed, ok := errors.AsType[*CloseError](err)
			return ok && closed.Code == 1011 && closed.Reason == "why" && transcribe.VerdictOf(err) == transcribe.Retry
		},
		4001: func(err error) bool { closed, ok := errors.AsType[*CloseError](err); return ok && closed.Code == 4001 },
	} {
		s := dialled(t, SocketOptions{URL: peer(t, func(c *websocket.Conn) {
			_ = c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, "why"), time.Now().Add(time.Second))
		})})
		if _, err := s.Message(); !want(err) {
			t.Errorf("close with %d: %v", code, err)
		}
	}
	s := dialled(t, SocketOptions{URL: peer(t, func(*websocket.Conn) {})}) // no close frame
	if _, err := s.Message(); err == nil || errors.Is(err, io.EOF) && transcribe.VerdictOf(err) != transcribe.Retry {
		t.Errorf("broken connection: %v", err)
	}
}

func TestSocketRefusesLongMessages(t *testing.T) {
	s := dialled(t, SocketOptions{Limit: 1000, URL: peer(t, func(c *websocket.Conn) {
		_ = c.WriteMessage(websocket.TextMessage, bytes.Repeat([]byte("x"), 1001))
		_, _, _ = c.ReadMessage()
	})})
	if _, err := s.Message(); !errors.Is(err, ErrFlood) || transcribe.VerdictOf(err) != transcribe.UseAnother {
		t.Errorf("error %v, want a flood", err)
	}
}

func TestSocketWritesHaveADeadline(t *testing.T) {
	stop := make(chan struct{})
	s := dialled(t, SocketOptions{URL: peer(t, func(*websocket.Conn) { <-stop })}) // reads nothing
	defer close(stop)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	var err error
	for range 1000 {
		if err = s.Binary(ctx, make([]byte, 1<<16)); err != nil {
			break
		}
	}
	if err == nil {
		t.Error("64 MB went to somebody who does not read")
	}
	start := time.Now()
	_ = s.CloseSaying("bye")
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("Close took %v", took)
	}
}

func TestDialSocketFails(t *testing.T) {
	const secret = "s3cret"
	status := func(code int) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(code)
		}))
		t.Cleanup(server.Close)
		return "ws" + strings.TrimPrefix(server.URL, "http") + "?key=" + secret
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "ws://" + listener.Addr().String() + "/?key=" + secret
	_ = listener.Close()
	for address, want := range map[string]transcribe.Verdict{
		status(401): transcribe.UseAnother, status(429): transcribe.UseAnother, status(503): transcribe.Retry,
		status(200): transcribe.UseAnother, nobody: transcribe.Retry,
	} {
		_, err := DialSocket(t.Context(), SocketOptions{Name: "fake", URL: address, Header: http.Header{"Authorization": {secret}}})
		if err == nil || transcribe.VerdictOf(err) != want || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v with verdict %v, want %v", address, err, transcribe.VerdictOf(err), want)
		}
		if limited, ok := errors.AsType[*RateLimited](err); ok && limited.After != 7*time.Second {
			t.Errorf("again after %v, want 7 s", limited.After)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := DialSocket(ctx, SocketOptions{Name: "fake", URL: nobody}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestAddress(t *testing.T) {
	for base, want := range map[string]string{
		"wss://host/v1":         "wss://host/v1?a=1+2",
		"wss://host/v1?b=c":     "wss://host/v1?a=1+2&b=c",
		"wss://host/v1?a=other": "wss://host/v1?a=1+2",
	} {
		if err := CheckURL(base); err != nil {
			t.Error(err)
		}
		if got := Address(base, url.Values{"a": {"1 2"}}); got != want {
			t.Errorf("Address(%q) = %q, want %q", base, got, want)
		}
	}
}
