package telnyx

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/jsonmedia"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var now = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// rig is a door behind a real server, with the platform's key.
type rig struct {
	calls *ingesttest.Calls
	key   ed25519.PrivateKey
	url   string
}

func newRig(t *testing.T) *rig {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	g := &rig{calls: ingesttest.New(), key: private}
	d := New(Options{
		PublicKey: base64.StdEncoding.EncodeToString(public),
		Setup: jsonmedia.Setup{Now: func() time.Time { return now }, Calls: g.calls, Events: g.calls.Events(), Allow: func(r *http.Request) bool {
			return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") == "good"
		}},
	})
	mux := http.NewServeMux()
	mux.Handle(MediaPath, d.Media())
	mux.Handle(EventsPath, d.Events())
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		if err := d.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	g.url = server.URL
	return g
}

// signed is a webhook as the platform sends it.
func (g *rig) signed(t *testing.T, at time.Time, body string) *http.Request {
	t.Helper()
	stamp := fmt.Sprint(at.Unix())
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+EventsPath, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(TimestampHeader, stamp)
	r.Header.Set(SignatureHeader, base64.StdEncoding.EncodeToString(ed25519.Sign(g.key, []byte(stamp+"|"+body))))
	return r
}

func status(t *testing.T, r *http.Request) int {
	t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func hook(kind, direction string) string {
	return `{"data":{"id":"e1","event_type":"` + kind + `","occurred_at":"2026-11-02T10:00:00.000000Z","payload":{"call_control_id":"v3:a_b-c",` +
		`"call_session_id":"s","direction":"` + direction + `","from":"+14155550100","to":"+18005550199"}},"meta":{"attempt":1}}`
}

func start(from, state string) string {
	return `{"event":"start","sequence_number":"1","stream_id":"32DE-53CB","start":{"user_id":"u","call_control_id":"v3:a_b-c",` +
		`"call_session_id":"s","from":"` + from + `","to":"","client_state":"` + base64.StdEncoding.EncodeToString([]byte(state)) +
		`","media_format":{"encoding":"PCMU","sample_rate":8000,"channels":1}}}`
}

func frame(track string, chunk, at int) string {
	payload := base64.StdEncoding.EncodeToString(slices.Repeat([]byte{0xFF}, 160))
	return fmt.Sprintf(`{"event":"media","sequence_number":"%d","stream_id":"32DE-53CB","media":{"track":"%s","chunk":"%d","timestamp":"%d","payload":"%s"}}`,
		chunk+3, track, chunk, at, payload)
}

// play sends messages on a socket and gives the stream after its end.
func (g *rig) play(t *testing.T, token string, messages ...string) *ingesttest.Recording {
	t.Helper()
	ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(g.url, "http")+MediaPath, http.Header{"Authorization": {token}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	defer ws.Close()
	for _, m := range messages {
		if err := ws.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
	return g.calls.Next(t).Wait(t)
}

const stop = `{"event":"stop","sequence_number":"9","stream_id":"32DE-53CB","stop":{"user_id":"u","call_control_id":"v3:a_b-c"}}`

// TestCallAsThePlatformStreamsIt: frames come out of order, keys have no track.
func TestCallAsThePlatformStreamsIt(t *testing.T) {
	g := newRig(t)
	for _, token := range []string{"Bearer good", "good"} {
		r := g.play(t, token, `{"event":"connected","version":"1.0.0"}`, start("+14155550100", `{"agent":"alice","language":"en-US","to":"+18005550199"}`),
			frame("inbound", 2, 20), frame("inbound", 1, 0), frame("outbound", 1, 0), frame("inbound", 3, 40), frame("outbound", 2, 20),
			`{"event":"dtmf","stream_id":"32DE-53CB","occurred_at":"2026-11-02T10:00:00Z","sequence_number":"5","dtmf":{"digit":"1"}}`,
			`{"event":"error","stream_id":"32DE-53CB","payload":{"code":100002,"title":"x"}}`, stop)
		want := ingest.Start{
			Platform: "telnyx", Call: "v3:a_b-c", Stream: "32DE-53CB", Direction: "inbound", From: "+14155550100", To: "+18005550199",
			Agent: "alice", Language: "en-US", Parties: []insights.Speaker{insights.Customer, insights.Agent},
		}
		r.Start.At = time.Time{}
		if diff := cmp.Diff(want, r.Start); diff != "" {
			t.Errorf("start (-want +got):\n%s", diff)
		}
		var customer []string
		for _, f := range r.Frames {
			if strings.HasPrefix(f, "customer") {
				customer = append(customer, f)
			}
		}
		if diff := cmp.Diff([]string{"customer 0+20", "customer 20+20", "customer 40+20"}, customer); diff != "" {
			t.Errorf("frames (-want +got):\n%s", diff)
		}
		if len(r.Frames) != 5 || len(r.Keys) != 1 || !strings.HasPrefix(r.Keys[0], "customer 1") || r.Why != ingest.Stopped {
			t.Errorf("frames %v, keys %v, ended as %q", r.Frames, r.Keys, r.Why)
		}
	}
}

// TestWebhooksFillInTheStream: a call that goes out is known by its webhook,
// and one whose end is told is over, told twice or not.
func TestWebhooksFillInTheStream(t *testing.T) {
	g := newRig(t)
	for range 2 {
		if got := status(t, g.signed(t, now.Add(-4*time.Minute), hook("call.initiated", "outgoing"))); got != http.StatusNoContent {
			t.Fatalf("answer %d", got)
		}
	}
	status(t, g.signed(t, now, hook("call.answered", "")))
	r := g.play(t, "good", start("", "customer=inbound&track=inbound_track"), frame("inbound", 1, 0), stop)
	if s := r.Start; s.Direction != "outbound" || s.From != "+14155550100" || s.To != "+18005550199" || !slices.Equal(s.Parties, []insights.Speaker{insights.Customer}) {
		t.Errorf("%+v", s)
	}
	for range 2 {
		status(t, g.signed(t, now, hook("call.hangup", "")))
	}
	status(t, g.signed(t, now, hook("streaming.failed", "")))
	status(t, g.signed(t, now, `{"data":{"event_type":"message.received","payload":{"id":"m"}}}`))
	if got := g.calls.Completed(); !slices.Equal(got, []string{"telnyx v3:a_b-c", "telnyx v3:a_b-c"}) {
		t.Errorf("completed %v", got)
	}
}

func TestStrangersAreRefused(t *testing.T) {
	g := newRig(t)
	over := hook("call.hangup", "")
	for name, c := range map[string]struct {
		change func(*http.Request)
		at     time.Time
		body   string
		want   int
	}{
		"as it should be": {func(*http.Request) {}, now, over, 204},
		"an API key":      {func(r *http.Request) { r.Header = http.Header{"Authorization": {"Bearer good"}} }, now, over, 204},
		"a wrong API key": {func(r *http.Request) { r.Header = http.Header{"Authorization": {"Bearer bad"}} }, now, over, 400},
		"unsigned":        {func(r *http.Request) { r.Header.Del(SignatureHeader) }, now, over, 400},
		"without a time":  {func(r *http.Request) { r.Header.Del(TimestampHeader) }, now, over, 400},
		"another time":    {func(r *http.Request) { r.Header.Set(TimestampHeader, "1") }, now, over, 403},
		"no base64":       {func(r *http.Request) { r.Header.Set(SignatureHeader, "?") }, now, over, 403},
		"too old":         {func(*http.Request) {}, now.Add(-6 * time.Minute), over, 403},
		"of tomorrow":     {func(*http.Request) {}, now.Add(6 * time.Minute), over, 403},
		"no JSON":         {func(*http.Request) {}, now, "{", 400},
		"too big":         {func(*http.Request) {}, now, strings.Repeat(" ", 70<<10), 413},
	} {
		r := g.signed(t, c.at, c.body)
		c.change(r)
		if got := status(t, r); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if got := g.calls.Completed(); len(got) != 2 {
		t.Errorf("refused webhooks ended calls: %v", got)
	}
	for _, token := range []string{"", "bad", "Bearer bad", "good good"} {
		_, resp, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(g.url, "http")+MediaPath, http.Header{"Authorization": {token}})
		if err == nil || resp == nil || resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("token %q: %v", token, err)
		}
	}
}

func TestStartsThatSayTooLittle(t *testing.T) {
	d := New(Options{Setup: jsonmedia.Setup{Calls: ingesttest.New(), Events: ingesttest.New().Events()}})
	for _, m := range []string{
		`{"event":"start","stream_id":"s"}`, `{"event":"start","stream_id":"s","start":{"call_control_id":"a b"}}`,
		`{"event":"start","start":{"call_control_id":"v3:a"}}`, `{"event":"start","stream_id":"s","start":{"call_control_id":"v3:a","client_state":"` +
			base64.StdEncoding.EncodeToString([]byte("track=video")) + `"}}`,
	} {
		e := envelope(t, m)
		if _, err := d.readStart(t.Context(), e); err == nil {
			t.Errorf("%s was taken", m)
		}
	}
	if _, err := d.readStart(t.Context(), envelope(t, `{"event":"start","stream_id":"s","start":{"call_control_id":"v3:a","client_state":"%%%"}}`)); err != nil {
		t.Errorf("a client state that is nothing of ours: %v", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for key, ok := range map[string]bool{"": true, "abc": false, base64.StdEncoding.EncodeToString(make([]byte, 32)): true, "AAAA": false} {
		if err := (Options{Setup: jsonmedia.Setup{Calls: ingesttest.New(), Events: ingesttest.New().Events()}, PublicKey: key}).Validate(); (err == nil) != ok {
			t.Errorf("key %q: %v", key, err)
		}
	}
}

func TestEventsAreTold(t *testing.T) {
	at := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	usual := map[string]string{"from": "+14155550100", "to": "+18005550199", "direction": "inbound"}
	with := func(more ...string) map[string]string {
		out := maps.Clone(usual)
		for i := 0; i < len(more); i += 2 {
			out[more[i]] = more[i+1]
		}
		return out
	}
	for kind, want := range map[string]*event.Told{
		"call.initiated":       {Fields: with("phase", "ringing")},
		"call.answered":        {Fields: with("phase", "answered")},
		"call.hangup":          {Fields: with("phase", "ended", "cause", "normal_clearing"), Ends: true},
		"call.recording.saved": {Fields: with("recording_id", "r1", "recording_at", "2026-05-01T11:59:00Z", "recording_url", "https://x/r.wav", "recording_channels", "2")},
		"call.bridged":         nil,
	} {
		raw := []byte(`{"data":{"id":"e1","event_type":"` + kind + `","occurred_at":"2026-05-01T12:00:00.000Z","payload":{"call_control_id":"v3:a","from":"+14155550100","to":"+18005550199",
			"direction":"incoming","hangup_cause":"normal_clearing","recording_id":"r1","recording_started_at":"2026-05-01T11:59:00Z","channels":"dual","recording_urls":{"wav":"https://x/r.wav","mp3":"https://x/r.mp3"}}}}`)
		var e eventBody
		if err := json.Unmarshal(raw, &e); err != nil {
			t.Fatal(err)
		}
		got := e.told(raw)
		if want == nil {
			if got != nil {
				t.Errorf("%s: told %+v", kind, got)
			}
			continue
		}
		want.Provider, want.ID, want.Call, want.At = Platform, "e1", "v3:a", at
		if diff := cmp.Diff([]event.Told{*want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
}
