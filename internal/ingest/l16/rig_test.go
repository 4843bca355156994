package l16

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/ticket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is the door behind a real server.
type rig struct {
	door    *Door
	calls   *ingesttest.Calls
	tickets *ticket.Keeper
	url     string // http://127.0.0.1:port
}

func newRig(t *testing.T, change func(*Options)) *rig {
	t.Helper()
	g := &rig{calls: ingesttest.New(), tickets: ticket.New(bytes.Repeat([]byte{1}, ticket.KeySize))}
	o := Options{Calls: g.calls, Tickets: g.tickets, Allow: func(r *http.Request) bool {
		return r.Header.Get("Authorization") == "Bearer good"
	}}
	if change != nil {
		change(&o)
	}
	var err error
	if g.door, err = New(o); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for pattern, h := range g.door.Handlers() {
		mux.Handle(pattern, h)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		if err := g.door.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Errorf("close door: %v", err)
		}
		server.Close()
	})
	g.url = server.URL
	return g
}

// try opens a socket, or gives how that was refused.
func (g *rig) try(t *testing.T, platform, query string, h http.Header, protocols ...string) (*websocket.Conn, *http.Response) {
	t.Helper()
	d := websocket.Dialer{Subprotocols: protocols}
	ws, answer, err := d.DialContext(t.Context(), "ws"+strings.TrimPrefix(g.url, "http")+MediaPath(platform)+"?"+query, h)
	if err != nil && answer == nil {
		t.Fatalf("dial: %v", err)
	}
	t.Cleanup(func() {
		answer.Body.Close()
		if ws != nil {
			ws.Close()
		}
	})
	return ws, answer
}

// dial opens a socket with an API key.
func (g *rig) dial(t *testing.T, platform, query string, protocols ...string) *phone {
	t.Helper()
	ws, answer := g.try(t, platform, query, http.Header{"Authorization": {"Bearer good"}}, protocols...)
	if ws == nil {
		t.Fatalf("answered %d", answer.StatusCode)
	}
	return &phone{t: t, ws: ws}
}

// ticketFor is the query of a socket that has a ticket.
func (g *rig) ticketFor(t *testing.T, tk ticket.Ticket) string {
	t.Helper()
	tk.Expires = time.Now().Add(time.Minute)
	token, err := g.tickets.Issue(tk)
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{ticket.Param: {token}}.Encode()
}

// phone is the platform's end of a media socket.
type phone struct {
	t  *testing.T
	ws *websocket.Conn
}

// send sends text as text and bytes as binary.
func (p *phone) send(messages ...any) {
	p.t.Helper()
	for _, m := range messages {
		kind, data := websocket.BinaryMessage, []byte(nil)
		switch m := m.(type) {
		case string:
			kind, data = websocket.TextMessage, []byte(m)
		case []byte:
			data = m
		}
		if err := p.ws.WriteMessage(kind, data); err != nil {
			p.t.Fatalf("send: %v", err)
		}
	}
}

// hangUp closes as these platforms do.
func (p *phone) hangUp() {
	p.t.Helper()
	if err := p.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")); err != nil {
		p.t.Fatalf("hang up: %v", err)
	}
}

// closed reads until the door closes and gives its words, "1008 text".
func (p *phone) closed() (code int, why string) {
	p.t.Helper()
	_ = p.ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		if _, _, err := p.ws.ReadMessage(); err != nil {
			if c := (*websocket.CloseError)(nil); errors.As(err, &c) {
				return c.Code, c.Text
			}
			return -1, err.Error()
		}
	}
}

// samples is n samples of L16, each a step higher.
func samples(n int) []byte {
	out := make([]byte, 2*n)
	for i := range n {
		out[2*i], out[2*i+1] = byte(i), byte(i>>8)
	}
	return out
}
