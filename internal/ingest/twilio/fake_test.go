package twilio

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/ingest"
	"heed/transcribe"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// calls records what a door does. refuse, when set, is what Open gives.
type calls struct {
	refuse error
	opened chan *recording
	mu     sync.Mutex
	all    []*recording
	ended  []string
}

func newCalls() *calls { return &calls{opened: make(chan *recording, 64)} }

func (c *calls) Open(_ context.Context, s ingest.Start) (ingest.Stream, error) {
	if c.refuse != nil {
		return nil, c.refuse
	}
	r := &recording{start: s, faults: map[ingest.Fault]int{}, stopped: make(chan struct{})}
	c.mu.Lock()
	c.all = append(c.all, r)
	c.mu.Unlock()
	c.opened <- r
	return r, nil
}

func (c *calls) Complete(_ context.Context, platform, call string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = append(c.ended, platform+" "+call)
}

func (c *calls) completed() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.ended)
}

func (c *calls) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.all)
}

// recording is one stream. Its fields may be read once stopped is closed.
type recording struct {
	start   ingest.Start
	stopped chan struct{}

	mu     sync.Mutex
	frames []string // "customer 0+20"
	audio  map[insights.Speaker][]int16
	ends   map[insights.Speaker]time.Duration
	keys   []string
	faults map[ingest.Fault]int
	why    ingest.Reason
	broken []string // promises of the contract that were not kept
}

func (r *recording) Audio(who insights.Speaker, f transcribe.Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.audio == nil {
		r.audio, r.ends = map[insights.Speaker][]int16{}, map[insights.Speaker]time.Duration{}
	}
	if f.At < r.ends[who] || f.Rate != 8000 || len(f.PCM) == 0 || f.Wall.IsZero() || !slices.Contains(r.start.Parties, who) || r.why != "" {
		r.broken = append(r.broken, fmt.Sprintf("%s at %v after %v, %d samples, stopped %q", who, f.At, r.ends[who], len(f.PCM), r.why))
	}
	r.ends[who] = f.End()
	r.frames = append(r.frames, fmt.Sprintf("%s %d+%d", who, f.At.Milliseconds(), f.Duration().Milliseconds()))
	r.audio[who] = append(r.audio[who], f.PCM...)
}

func (r *recording) Digit(who insights.Speaker, digit string, at time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys = append(r.keys, fmt.Sprintf("%s %s at %d", who, digit, at.Milliseconds()))
}

func (r *recording) Fault(f ingest.Fault, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults[f] += n
}

func (r *recording) Stop(why ingest.Reason) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.why != "" {
		r.broken = append(r.broken, "stopped twice")
	}
	r.why = why
	close(r.stopped)
}

// wait gives the stream once it has ended.
func (r *recording) wait(t *testing.T) *recording {
	t.Helper()
	select {
	case <-r.stopped:
	case <-time.After(10 * time.Second):
		t.Fatal("the stream did not end")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.broken {
		t.Errorf("contract broken: %s", b)
	}
	return r
}

// rig is a door behind a real server.
type rig struct {
	door  *Door
	calls *calls
	url   string // http://127.0.0.1:port
}

const secret = "correct horse battery staple"

func newRig(t *testing.T, change func(*Options)) *rig {
	t.Helper()
	c := newCalls()
	o := Options{Calls: c, AuthToken: secret, Allow: func(r *http.Request) bool {
		return r.Header.Get("Authorization") == "Bearer good"
	}}
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

func (g *rig) stream(t *testing.T) *recording {
	t.Helper()
	select {
	case r := <-g.calls.opened:
		return r
	case <-time.After(10 * time.Second):
		t.Fatal("no stream was opened")
	}
	return nil
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
