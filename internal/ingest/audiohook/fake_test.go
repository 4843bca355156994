package audiohook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"heed/internal/event"
	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const null = "00000000-0000-0000-0000-000000000000"

// rig is a door behind a real server.
type rig struct {
	door  *Door
	calls *ingesttest.Calls
	log   *log
	url   *url.URL // ws://127.0.0.1:port/ingest/audiohook
}

func newRig(t *testing.T, change func(*Options)) *rig {
	t.Helper()
	g := &rig{calls: ingesttest.New(), log: newLog()}
	o := Options{
		Calls: g.calls, Keys: keys(t), Follow: g.log.follow, Languages: []string{"en-US", "de-DE"},
		Allow: func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer good" },
	}
	if change != nil {
		change(&o)
	}
	g.door = New(o)
	mux := http.NewServeMux()
	mux.Handle(MediaPath, g.door.Media())
	server := httptest.NewServer(mux)
	g.url, _ = url.Parse("ws" + strings.TrimPrefix(server.URL, "http") + MediaPath)
	t.Cleanup(func() {
		if err := g.door.Close(context.Background()); err != nil {
			t.Errorf("close door: %v", err)
		}
		server.Close()
	})
	return g
}

// log is what is committed, by call.
type log struct {
	mu    sync.Mutex
	calls map[string]chan event.Event
}

func newLog() *log { return &log{calls: map[string]chan event.Event{}} }

func (l *log) of(call string) chan event.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.calls[call] == nil {
		l.calls[call] = make(chan event.Event, 64)
	}
	return l.calls[call]
}

func (l *log) follow(ctx context.Context, call string) iter.Seq[event.Event] {
	events := l.of(call)
	return func(yield func(event.Event) bool) {
		for {
			select {
			case e := <-events:
				if !yield(e) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// commit appends an event to a call's log.
func (l *log) commit(t *testing.T, call string, kind event.Type, data any) {
	t.Helper()
	e, err := event.New(kind, time.Now(), event.About{Call: call}, data)
	if err != nil {
		t.Fatal(err)
	}
	l.of(call) <- e
}

// phone is the platform's end of a session.
type phone struct {
	t              testing.TB
	ws             *websocket.Conn
	id, call       string
	seq, serverseq int64
	position       string
}

// message is one of ours as the client reads it.
type message struct {
	Version    string
	ID         string
	Type       string
	Seq        int64
	ClientSeq  int64
	Parameters map[string]any
}

// dial opens a signed session. change may spoil its headers.
func (g *rig) dial(t *testing.T, change func(http.Header)) *phone {
	t.Helper()
	p := &phone{t: t, id: uuid.NewString(), call: uuid.NewString(), position: "PT0S"}
	h := upgradeHeaders(apiKey)
	h.Set(SessionHeader, p.id)
	if err := Sign(h, g.url, g.door.options.Keys[apiKey], time.Now()); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(h)
	}
	ws, answer, err := websocket.DefaultDialer.DialContext(t.Context(), g.url.String(), h)
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	answer.Body.Close()
	t.Cleanup(func() { ws.Close() })
	p.ws = ws
	return p
}

// raw sends a text as it is.
func (p *phone) raw(text string) {
	p.t.Helper()
	if err := p.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		p.t.Fatalf("send: %v", err)
	}
}

// text is the next message, which send sends.
func (p *phone) text(kind, parameters string) string {
	p.seq++
	return fmt.Sprintf(`{"version":"2","id":"%s","type":"%s","seq":%d,"serverseq":%d,"position":"%s","parameters":%s}`,
		p.id, kind, p.seq, p.serverseq, p.position, parameters)
}

func (p *phone) send(kind, parameters string) {
	p.t.Helper()
	p.raw(p.text(kind, parameters))
}

func (p *phone) audio(data []byte) {
	p.t.Helper()
	if err := p.ws.WriteMessage(websocket.BinaryMessage, data); err != nil {
		p.t.Fatalf("send: %v", err)
	}
}

// offers are the kinds of media that the client offers.
func offers(format string, channels ...string) string {
	var out []string
	for _, c := range channels {
		out = append(out, fmt.Sprintf(`{"type":"audio","format":"%s","channels":%s,"rate":8000}`, format, c))
	}
	return "[" + strings.Join(out, ",") + "]"
}

const (
	stereo   = `["external","internal"]`
	external = `["external"]`
	internal = `["internal"]`
)

// parameters are those of open.
func (p *phone) parameters(media, more string) string {
	return fmt.Sprintf(`{"organizationId":"%s","conversationId":"%s","participant":{"id":"%s","ani":"tel:+14155550100","aniName":"Ann","dnis":"+18005550199"},"media":%s%s}`,
		organization, p.call, uuid.NewString(), media, more)
}

// open opens the session and gives the answer.
func (p *phone) open(media, more string) message {
	p.t.Helper()
	p.send("open", p.parameters(media, more))
	return p.expect("opened")
}

// read gives the next message, whose number must be the next one.
func (p *phone) read() (message, error) {
	p.t.Helper()
	_ = p.ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	kind, raw, err := p.ws.ReadMessage()
	if err != nil {
		return message{}, err
	}
	if kind != websocket.TextMessage {
		p.t.Fatal("a binary message, which the client does not take")
	}
	var m message
	if err := json.Unmarshal(raw, &m); err != nil {
		p.t.Fatalf("%v: %s", err, raw)
	}
	if m.Version != "2" || m.ID != p.id || m.Seq != p.serverseq+1 || m.ClientSeq > p.seq || m.Parameters == nil {
		p.t.Fatalf("after %d and %d: %s", p.serverseq, p.seq, raw)
	}
	p.serverseq = m.Seq
	return m, nil
}

func (p *phone) expect(kind string) message {
	p.t.Helper()
	m, err := p.read()
	if err != nil {
		p.t.Fatalf("want %s: %v", kind, err)
	}
	if m.Type != kind {
		p.t.Fatalf("%s %v, want %s", m.Type, m.Parameters, kind)
	}
	return m
}

// hangUp closes as the client does once it was told that all is over.
func (p *phone) hangUp() {
	_ = p.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
}

// closeCode reads until the door closes and gives the code, or -1.
func (p *phone) closeCode() int {
	p.t.Helper()
	_ = p.ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	for {
		if _, _, err := p.ws.ReadMessage(); err != nil {
			if c := (*websocket.CloseError)(nil); errors.As(err, &c) {
				return c.Code
			}
			return -1
		}
	}
}

// overOnce refuses the first stream: its call has ended.
type overOnce struct {
	*ingesttest.Calls
	asked bool
}

func (c *overOnce) Open(ctx context.Context, s ingest.Start) (ingest.Stream, error) {
	if !c.asked {
		c.asked = true
		return nil, fmt.Errorf("open: %w", ingest.ErrOver)
	}
	return c.Calls.Open(ctx, s)
}
