package twilio

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/jsonmedia"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a door behind a real server.
type rig struct {
	door  *Door
	calls *ingesttest.Calls
	url   string // http://127.0.0.1:port
}

const secret = "correct horse battery staple"

func newRig(t *testing.T, change func(*Options)) *rig {
	t.Helper()
	c := ingesttest.New()
	o := Options{Setup: jsonmedia.Setup{Calls: c, Events: c.Events(), Allow: func(r *http.Request) bool {
		return r.Header.Get("Authorization") == "Bearer good"
	}}, AuthToken: secret}
	if change != nil {
		change(&o)
	}
	d := New(o)
	mux := http.NewServeMux()
	mux.Handle(MediaPath, d.Media())
	mux.Handle(VoicePath, d.Voice())
	mux.Handle(StatusPath, d.Status())
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		if err := d.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Errorf("close door: %v", err)
		}
		server.Close()
	})
	return &rig{door: d, calls: c, url: server.URL}
}

// dial opens a media socket with an API key.
func (g *rig) dial(t *testing.T) *phone {
	t.Helper()
	ws, answer, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(g.url, "http")+MediaPath,
		http.Header{"Authorization": {"Bearer good"}})
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	answer.Body.Close()
	t.Cleanup(func() { ws.Close() })
	return &phone{t: t, ws: ws}
}

// phone is the platform's end of a media socket.
type phone struct {
	t  *testing.T
	ws *websocket.Conn
}

func (p *phone) send(messages ...string) {
	p.t.Helper()
	for _, m := range messages {
		if err := p.ws.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			p.t.Fatalf("send: %v", err)
		}
	}
}

// closeCode reads until the door closes and gives the code, or -1.
func (p *phone) closeCode() int {
	p.t.Helper()
	_ = p.ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		if _, _, err := p.ws.ReadMessage(); err != nil {
			if c := (*websocket.CloseError)(nil); errors.As(err, &c) {
				return c.Code
			}
			p.t.Logf("read: %v", err)
			return -1
		}
	}
}

func (g *rig) stream(t *testing.T) *ingesttest.Recording {
	t.Helper()
	return g.calls.Next(t)
}

const (
	connected = `{"event":"connected","protocol":"Call","version":"1.0.0"}`
	start     = `{"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"streamSid":"MZ1","accountSid":"AC1","callSid":"CA1",` +
		`"tracks":["inbound","outbound"],"customParameters":{"from":"+14155550100","to":"+18005550199","agent":"alice","language":"en-US"},` +
		`"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}}}`
	stop = `{"event":"stop","sequenceNumber":"99","streamSid":"MZ1","stop":{"accountSid":"AC1","callSid":"CA1"}}`
)

// frame writes 20 ms of a track whose bytes are all the same.
func frame(track string, chunk, at int, b byte) string {
	payload := base64.StdEncoding.EncodeToString(slices.Repeat([]byte{b}, 160))
	return fmt.Sprintf(`{"event":"media","sequenceNumber":"%d","streamSid":"MZ1","media":{"track":"%s","chunk":"%d","timestamp":"%d","payload":"%s"}}`,
		chunk+1, track, chunk, at, payload)
}
