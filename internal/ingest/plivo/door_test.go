package plivo

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/ticket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "correct horse battery staple"

func tickets() *ticket.Keeper { return ticket.New(make([]byte, ticket.KeySize)) }

// rig is a door behind a real server.
type rig struct {
	calls *ingesttest.Calls
	url   string
	later atomic.Int64 // how far the door's clock has gone on
}

var began = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

func newRig(t *testing.T, dial string) *rig {
	t.Helper()
	g := &rig{calls: ingesttest.New()}
	d := New(Options{
		AuthToken: secret, Dial: dial, Tickets: tickets(),
		Setup: jsonmedia.Setup{Now: func() time.Time { return began.Add(time.Duration(g.later.Load())) }, Calls: g.calls, Events: g.calls.Events(), Allow: func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer good" }},
	})
	mux := http.NewServeMux()
	mux.Handle(MediaPath, d.Media())
	mux.Handle(MediaPath+"/{pass}", d.Media())
	mux.Handle(AnswerPath, d.Answer())
	mux.Handle(HangupPath, d.Hangup())
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

// hook sends a signed webhook.
func (g *rig) hook(t *testing.T, path string, form url.Values, change func(*http.Request)) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	text, _ := signedText(g.url+path, form)
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(text + ".12345"))
	r.Header.Set(NonceHeader, "12345")
	r.Header.Set(SignatureHeader, base64.StdEncoding.EncodeToString(m.Sum(nil)))
	if change != nil {
		change(r)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func ringing() url.Values {
	return url.Values{"CallUUID": {"c-1"}, "From": {"14155550100"}, "To": {"18005550199"}, "Direction": {"inbound"}, "CallStatus": {"ringing"}}
}

// socketPath reads where the answer has the call streamed.
func socketPath(t *testing.T, body string) string {
	t.Helper()
	var a answer
	if err := xml.Unmarshal([]byte(body), &a); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	u, err := url.Parse(a.Stream.URL)
	if err != nil || !strings.HasPrefix(u.Scheme, "ws") {
		t.Fatalf("%v: %s", err, a.Stream.URL)
	}
	return u.Path
}

func (g *rig) dial(t *testing.T, path string, h http.Header) (*websocket.Conn, int) {
	t.Helper()
	ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(g.url, "http")+path, h)
	if err != nil {
		if resp == nil {
			t.Fatal(err)
		}
		return nil, resp.StatusCode
	}
	resp.Body.Close()
	t.Cleanup(func() { ws.Close() })
	return ws, http.StatusSwitchingProtocols
}

func start(call string) string {
	return `{"sequenceNumber":0,"event":"start","start":{"callId":"` + call + `","streamId":"s-1","accountId":"MA","tracks":["inbound","outbound"],` +
		`"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000}},"extra_headers":"{agent=alice;X-PH-Language=en-US}"}`
}

// frame writes 20 ms of a track, sent at a time of the wall clock.
func frame(track string, chunk int, sent int64) string {
	payload := base64.StdEncoding.EncodeToString(slices.Repeat([]byte{0xFF}, 160))
	return fmt.Sprintf(`{"sequenceNumber":%d,"streamId":"s-1","event":"media","media":{"track":"%s","timestamp":"%d","chunk":%d,"payload":"%s"},"extra_headers":"{}"}`,
		chunk, track, sent, chunk, payload)
}

func send(t *testing.T, ws *websocket.Conn, messages ...string) {
	t.Helper()
	for _, m := range messages {
		if err := ws.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCallFromTheAnswerToTheHangup: stamps are of the wall clock and wander;
// the frames lie one behind the other all the same.
func TestCallFromTheAnswerToTheHangup(t *testing.T) {
	g := newRig(t, "+14155550111")
	status, body := g.hook(t, AnswerPath, ringing(), nil)
	if status != http.StatusOK || !strings.Contains(body, "<Dial><Number>+14155550111</Number></Dial>") || !strings.Contains(body, `audioTrack="both"`) {
		t.Fatalf("%d %s", status, body)
	}
	ws, _ := g.dial(t, socketPath(t, body), nil)
	sent := int64(1_790_000_000_000)
	messages := []string{start("c-1")}
	for i := range 50 {
		wander := int64(i*7%23) - 11
		messages = append(messages, frame("inbound", i+1, sent+int64(20*i)+wander), frame("outbound", i+1, sent+int64(20*i)))
	}
	send(t, ws, append(messages, `{"event":"dtmf","streamId":"s-1","dtmf":{"track":"inbound","digit":"5","timestamp":"1790000000990"},"extra_headers":"{}"}`,
		`{"event":"playedStream","streamId":"s-1","name":"x"}`, `{"event":"stop","streamId":"s-1"}`)...)
	r := g.calls.Next(t).Wait(t)
	want := ingest.Start{
		Platform: "plivo", Call: "c-1", Stream: "s-1", Direction: "inbound", From: "+14155550100", To: "+18005550199",
		Agent: "alice", Language: "en-US", Parties: []insights.Speaker{insights.Customer, insights.Agent},
	}
	r.Start.At = time.Time{}
	if diff := cmp.Diff(want, r.Start); diff != "" {
		t.Errorf("start (-want +got):\n%s", diff)
	}
	for _, who := range []insights.Speaker{insights.Customer, insights.Agent} {
		if got := len(r.PCM[who]); got != 50*160 {
			t.Errorf("%s: %d samples, want %d", who, got, 50*160)
		}
		if length := r.Ends[who]; length < time.Second || length > time.Second+200*time.Millisecond {
			t.Errorf("%s ends at %s", who, length)
		}
	}
	if len(r.Keys) != 1 || r.Why != ingest.Stopped || len(r.Faults) != 0 {
		t.Errorf("keys %v, ended as %q, faults %v", r.Keys, r.Why, r.Faults)
	}
	over := ringing()
	over.Set("CallStatus", "completed")
	for range 2 {
		if status, body := g.hook(t, HangupPath, over, nil); status != http.StatusNoContent {
			t.Errorf("%d %s", status, body)
		}
	}
	if got := g.calls.Completed(); !slices.Equal(got, []string{"plivo c-1", "plivo c-1"}) {
		t.Errorf("completed %v", got)
	}
}

func TestAPauseStaysAPause(t *testing.T) {
	g := newRig(t, "")
	ws, _ := g.dial(t, MediaPath, http.Header{"Authorization": {"Bearer good"}})
	sent := int64(1_790_000_000_000)
	send(t, ws, start("c-9"), frame("inbound", 1, sent), frame("inbound", 2, sent+20), frame("inbound", 3, sent+1040), `{"event":"stop"}`)
	r := g.calls.Next(t).Wait(t)
	if length := r.Ends[insights.Customer]; length < 1050*time.Millisecond || length > 1250*time.Millisecond || len(r.Frames) != 3 {
		t.Errorf("frames %v", r.Frames)
	}
}

func TestTicketsAreForOneCallAndAWhile(t *testing.T) {
	g := newRig(t, "sip:desk@example.com")
	_, body := g.hook(t, AnswerPath, ringing(), nil)
	if !strings.Contains(body, "<User>sip:desk@example.com</User>") {
		t.Error(body)
	}
	path := socketPath(t, body)
	ws, _ := g.dial(t, path, nil)
	send(t, ws, start("c-2")) // another call's
	_ = ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, _, err := ws.ReadMessage(); !websocket.IsCloseError(err, websocket.ClosePolicyViolation) {
		t.Errorf("another call was let in: %v", err)
	}
	for name, wrong := range map[string]string{
		"none": MediaPath, "half": path[:len(path)-3], "changed": path[:len(path)-60] + "x" + path[len(path)-59:], "another's": strings.Replace(path, "plivo", "twilio", 1),
	} {
		if _, status := g.dial(t, wrong, nil); status != http.StatusForbidden && status != http.StatusNotFound {
			t.Errorf("%s: %d", name, status)
		}
	}
	g.later.Store(int64(ticket.DefaultLife + 2*time.Second))
	if _, status := g.dial(t, path, nil); status != http.StatusForbidden {
		t.Errorf("an old ticket: %d", status)
	}
	if g.calls.Count() != 0 {
		t.Errorf("%d calls were opened", g.calls.Count())
	}
}

func TestStrangersAreRefused(t *testing.T) {
	g := newRig(t, "")
	for name, c := range map[string]struct {
		change func(*http.Request)
		form   url.Values
		want   int
	}{
		"as it should be": {nil, ringing(), 200},
		"an API key":      {func(r *http.Request) { r.Header.Set("Authorization", "Bearer good"); r.Header.Del(SignatureHeader) }, ringing(), 200},
		"unsigned":        {func(r *http.Request) { r.Header.Del(SignatureHeader) }, ringing(), 400},
		"another nonce":   {func(r *http.Request) { r.Header.Set(NonceHeader, "1") }, ringing(), 403},
		"another address": {func(r *http.Request) { r.URL.RawQuery = "a=b" }, ringing(), 403},
		"no call":         {nil, url.Values{"From": {"1"}}, 400},
		"a wild call":     {nil, url.Values{"CallUUID": {"a b"}}, 400},
		"too big":         {nil, url.Values{"CallUUID": {strings.Repeat("a", 70<<10)}}, 413},
	} {
		if status, body := g.hook(t, AnswerPath, c.form, c.change); status != c.want {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

// FuzzStart: a start message that is taken names what a call must have.
func FuzzStart(f *testing.F) {
	f.Add([]byte(start("c-1")), "c-1")
	f.Add([]byte(`{"event":"start","streamId":"s","start":{"callId":"c"},"extra_headers":{"a":1}}`), "")
	f.Fuzz(func(t *testing.T, raw []byte, call string) {
		var e jsonmedia.Envelope
		if json.Unmarshal(raw, &e) != nil {
			return
		}
		o, err := New(Options{Setup: jsonmedia.Setup{Calls: ingesttest.New(), Events: ingesttest.New().Events()}, Tickets: tickets()}).readStart(t.Context(), &e, call)
		if err == nil && (!isID(o.Start.Call) || !isID(o.Start.Stream) || len(o.Start.Parties) == 0 || call != "" && o.Start.Call != call) {
			t.Errorf("%+v", o.Start)
		}
	})
}

// FuzzWebhook: whatever a webhook holds, it is answered.
func FuzzWebhook(f *testing.F) {
	f.Add(ringing().Encode(), "a=b")
	f.Add("%zz", "%zz")
	f.Fuzz(func(t *testing.T, body, query string) {
		d := New(Options{Setup: jsonmedia.Setup{Calls: ingesttest.New(), Events: ingesttest.New().Events()}, AuthToken: secret, Tickets: tickets()})
		r := &http.Request{
			Method: http.MethodPost, URL: &url.URL{Path: AnswerPath, RawQuery: query}, Host: "h", Body: io.NopCloser(strings.NewReader(body)),
			Header: http.Header{SignatureHeader: {"x"}, NonceHeader: {"1"}, "Content-Type": {"application/x-www-form-urlencoded"}},
		}
		w := httptest.NewRecorder()
		d.Answer().ServeHTTP(w, r)
		if w.Code != http.StatusForbidden && w.Code != http.StatusBadRequest && w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("answer %d", w.Code)
		}
	})
}
