package vonage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"heed/internal/event"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/ticket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "a1b2c3d4"
	secret  = "correct horse battery staple"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

type rig struct {
	calls   *ingesttest.Calls
	events  *ingesttest.Events
	tickets *ticket.Keeper
	handler http.Handler
	now     time.Time
	logs    bytes.Buffer
}

func newRig(t *testing.T, change func(*Options)) *rig {
	t.Helper()
	g := &rig{calls: ingesttest.New(), tickets: ticket.New(bytes.Repeat([]byte{1}, ticket.KeySize)), now: noon}
	g.events = g.calls.Events()
	o := Options{
		Events: g.events, Tickets: g.tickets, Secrets: map[string]string{account: secret, "other": "another"}, PublicURL: "https://heed.example",
		Logger: slog.New(slog.NewTextHandler(&g.logs, nil)), Now: func() time.Time { return g.now },
		Allow: func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer good" },
	}
	if change != nil {
		change(&o)
	}
	d, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for pattern, h := range d.Handlers() {
		mux.Handle(pattern, h)
	}
	g.handler = mux
	return g
}

func (g *rig) post(path, body, authorization string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	g.handler.ServeHTTP(w, r)
	return w
}

func sign(t testing.TB, id, body string, at time.Time) string {
	t.Helper()
	s, err := signature(account, secret, id, []byte(body), at)
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + s
}

const (
	ringing   = `{"from":"14155550100","to":"18005550199","uuid":"aaaa-bbbb","conversation_uuid":"CON-1","region_url":"x","new":{"a":[1]}}`
	completed = `{"status":"completed","direction":"inbound","conversation_uuid":"CON-1","uuid":"aaaa-bbbb","duration":"12","price":"0.1"}`
)

func TestAnswer(t *testing.T) {
	t.Parallel()
	for dial, want := range map[string]*endpoint{
		"":                     nil,
		"+14155550111":         {Type: "phone", Number: "14155550111"},
		"sip:dana@pbx.example": {Type: "sip", URI: "sip:dana@pbx.example"},
		"app:dana":             {Type: "app", User: "dana"},
	} {
		g := newRig(t, func(o *Options) { o.Dial = dial })
		w := g.post(AnswerPath, ringing, sign(t, "1", ringing, noon))
		var ncco []action
		if err := json.Unmarshal(w.Body.Bytes(), &ncco); err != nil || w.Code != http.StatusOK {
			t.Fatalf("answered %d %s: %v", w.Code, w.Body, err)
		}
		socket := ncco[0].Endpoint[0]
		u, err := url.Parse(socket.URI)
		if err != nil || u.Scheme != "wss" || u.Host != "heed.example" || u.Path != "/ingest/vonage/media" {
			t.Errorf("socket at %s: %v", socket.URI, err)
		}
		got, err := g.tickets.Open(u.Query().Get(ticket.Param), "vonage", noon)
		if err != nil || got.Call != "CON-1" {
			t.Errorf("ticket %+v: %v", got, err)
		}
		headers := map[string]string{"call": "CON-1", "direction": "inbound", "from": "+14155550100", "to": "+18005550199"}
		if dial == "app:dana" {
			headers["agent"] = "dana"
		}
		if diff := cmp.Diff(headers, socket.Headers); diff != "" || socket.ContentType != contentType {
			t.Errorf("%s, headers (-want +got):\n%s", socket.ContentType, diff)
		}
		if want == nil {
			if len(ncco) != 1 {
				t.Errorf("NCCO %+v", ncco)
			}
			continue
		}
		if len(ncco) != 2 || !cmp.Equal(ncco[1].Endpoint[0], *want) || ncco[1].From != "18005550199" || ncco[1].EventURL[0] != "https://heed.example"+EventsPath {
			t.Errorf("NCCO %+v", ncco)
		}
	}
}

func TestNumbersGetTheirPlus(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"4915112345678": "+4915112345678", "+4915112345678": "+4915112345678", "015112345678": "015112345678", "101": "101", "sip:a@b": "sip:a@b", "": "", "unknown": "unknown",
	} {
		if got := international(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestHeadersFitThePlatform(t *testing.T) {
	t.Parallel()
	h := headersOf(webhook{Conversation: "CON-1", From: strings.Repeat("1", 500), To: "2"}, "app:dana")
	if b, err := json.Marshal(h); err != nil || len(b) > maxHeaders || h["from"] != "" || h["to"] != "2" || h["agent"] != "dana" {
		t.Errorf("headers %v: %v", h, err)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body string
		ends       bool
	}{
		{"the caller's leg is over", completed, true},
		{"without a conversation", `{"status":"completed","direction":"inbound","uuid":"aaaa"}`, true},
		{"an agent's leg is over", strings.Replace(completed, "inbound", "outbound", 1), false},
		{"it rings", `{"status":"ringing","direction":"inbound","conversation_uuid":"CON-1"}`, false},
		{"machine", `{"status":"machine","call_uuid":"aaaa","direction":"inbound"}`, false},
		{"a recording", `{"recording_url":"https://x","conversation_uuid":"CON-1"}`, false},
		{"no call", `{"status":"completed","direction":"inbound"}`, false},
		{"nothing", `{}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			if w := g.post(EventsPath, c.body, sign(t, "1", c.body, noon)); w.Code != http.StatusNoContent {
				t.Errorf("answered %d %s", w.Code, w.Body)
			}
			if got := len(g.calls.Completed()); (got == 1) != c.ends {
				t.Errorf("completed %v", g.calls.Completed())
			}
		})
	}
}

func TestWebhooksAreTakenOnce(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	signed := sign(t, "1", completed, noon)
	for range 3 { // the platform may tell it again; it gets the same answer
		if w := g.post(EventsPath, completed, signed); w.Code != http.StatusNoContent {
			t.Errorf("answered %d", w.Code)
		}
	}
	told := g.events.Told()
	if len(told) != 3 || told[0].ID != told[1].ID || told[1].ID != told[2].ID || told[0].Call != "CON-1" {
		t.Errorf("not told as the same event: %+v", told)
	}
	signed = sign(t, "2", ringing, noon)
	if first, again := g.post(AnswerPath, ringing, signed), g.post(AnswerPath, ringing, signed); first.Code != http.StatusOK || again.Code != http.StatusConflict {
		t.Errorf("answered %d and %d", first.Code, again.Code)
	}
}

func TestWebhooksThatAreRefused(t *testing.T) {
	t.Parallel()
	claims := func(change func(jwt.MapClaims)) jwt.MapClaims {
		var c Claims
		token := strings.TrimPrefix(sign(t, "1", completed, noon), "Bearer ")
		if _, _, err := jwt.NewParser().ParseUnverified(token, &c); err != nil {
			t.Fatal(err)
		}
		out := jwt.MapClaims{"api_key": c.APIKey, "payload_hash": c.PayloadHash, "iss": "Vonage", "iat": noon.Unix(), "jti": "1"}
		change(out)
		return out
	}
	with := func(method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
		s, err := jwt.NewWithClaims(method, claims(change)).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return "Bearer " + s
	}
	hs := func(change func(jwt.MapClaims)) string { return with(jwt.SigningMethodHS256, []byte(secret), change) }
	same := func(jwt.MapClaims) {}
	for _, c := range []struct {
		name, authorization, body string
		status                    int
	}{
		{"good", hs(same), completed, 204},
		{"an API key", "Bearer good", completed, 204},
		{"unsigned", "", completed, 401},
		{"another scheme", "Basic " + secret, completed, 401},
		{"another key", "Bearer bad", completed, 403},
		{"another secret", with(jwt.SigningMethodHS256, []byte("another"), same), completed, 403},
		{"the secret of another account", hs(func(c jwt.MapClaims) { c["api_key"] = "other" }), completed, 403},
		{"no account that is known", hs(func(c jwt.MapClaims) { c["api_key"] = "x" }), completed, 403},
		{"no account", hs(func(c jwt.MapClaims) { delete(c, "api_key") }), completed, 403},
		{"unsigned by name", with(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same), completed, 403},
		{"another method", with(jwt.SigningMethodHS512, []byte(secret), same), completed, 403},
		{"another body", hs(same), completed + " ", 403},
		{"no hash", hs(func(c jwt.MapClaims) { delete(c, "payload_hash") }), completed, 403},
		{"no id", hs(func(c jwt.MapClaims) { delete(c, "jti") }), completed, 403},
		{"no time", hs(func(c jwt.MapClaims) { delete(c, "iat") }), completed, 403},
		{"old", hs(func(c jwt.MapClaims) { c["iat"] = noon.Add(-Window - time.Second).Unix() }), completed, 403},
		{"ahead", hs(func(c jwt.MapClaims) { c["iat"] = noon.Add(Window + time.Second).Unix() }), completed, 403},
		{"a clock that is a little off", hs(func(c jwt.MapClaims) { c["iat"] = noon.Add(Window - time.Second).Unix() }), completed, 204},
		{"somebody else", hs(func(c jwt.MapClaims) { c["iss"] = "Nexmo" }), completed, 403},
		{"too long", hs(func(c jwt.MapClaims) { c["x"] = strings.Repeat("x", maxToken) }), completed, 403},
		{"no JSON", "Bearer good", `status=completed`, 400},
		{"a list", "Bearer good", `[1]`, 400},
		{"too big", "Bearer good", `"` + strings.Repeat("x", 70_000) + `"`, 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			w := g.post(EventsPath, c.body, c.authorization)
			if w.Code != c.status || (len(g.calls.Completed()) == 1) != (c.status == 204) {
				t.Errorf("answered %d %s, completed %v", w.Code, w.Body, g.calls.Completed())
			}
			if strings.Contains(w.Body.String(), secret) {
				t.Error("the secret is told")
			}
		})
	}
	t.Run("no secret is known", func(t *testing.T) {
		t.Parallel()
		g := newRig(t, func(o *Options) { o.Secrets, o.Allow = nil, nil })
		if w := g.post(EventsPath, completed, hs(same)); w.Code != 403 || !strings.Contains(w.Body.String(), "vonage-signatures") {
			t.Errorf("answered %d %s", w.Code, w.Body)
		}
	})
	t.Run("by GET", func(t *testing.T) {
		t.Parallel()
		g := newRig(t, nil)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, EventsPath+"?status=completed", nil)
		r.Header.Set("Authorization", "Bearer good")
		w := httptest.NewRecorder()
		g.handler.ServeHTTP(w, r)
		if w.Code != http.StatusMethodNotAllowed || !strings.Contains(w.Body.String(), "POST") {
			t.Errorf("answered %d %s", w.Code, w.Body)
		}
	})
	t.Run("an answer for no call", func(t *testing.T) {
		t.Parallel()
		g := newRig(t, nil)
		if w := g.post(AnswerPath, `{"from":"1"}`, "Bearer good"); w.Code != http.StatusBadRequest {
			t.Errorf("answered %d %s", w.Code, w.Body)
		}
	})
}

func TestIdsAreForgottenAndBounded(t *testing.T) {
	t.Parallel()
	s := seen{ids: map[string]time.Time{}}
	for i := range maxSeen {
		if first, err := s.first(fmt.Sprint(i), noon); !first || err != nil {
			t.Fatalf("%d: %v, %v", i, first, err)
		}
	}
	if _, err := s.first("more", noon.Add(time.Minute)); err == nil {
		t.Error("one more was taken")
	}
	if first, err := s.first("more", noon.Add(2*Window)); !first || err != nil || len(s.ids) != 1 {
		t.Errorf("%v, %v, %d are left", first, err, len(s.ids))
	}
}

func FuzzWebhook(f *testing.F) {
	f.Add(completed, true)
	f.Add(ringing, false)
	f.Fuzz(func(t *testing.T, body string, event bool) {
		g := newRig(t, nil)
		path := AnswerPath
		if event {
			path = EventsPath
		}
		if w := g.post(path, body, sign(t, "1", body, noon)); w.Code >= 500 {
			t.Fatalf("answered %d to %q", w.Code, body)
		}
	})
}

func TestEventsAreTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body string
		want       event.Told
	}{
		{"it rings", `{"status":"ringing","direction":"inbound","from":"14155550100","to":"18005550199","conversation_uuid":"CON-1","timestamp":"2026-01-01T12:00:00.000Z"}`, event.Told{
			At: noon, Fields: map[string]string{"phase": "ringing", "from": "+14155550100", "to": "+18005550199", "direction": "inbound"},
		}},
		{"over", `{"status":"completed","direction":"inbound","conversation_uuid":"CON-1","timestamp":"2026-01-01T12:00:00.000Z","end_time":"2026-01-01T11:59:58.000Z"}`, event.Told{
			At: noon, Ends: true, Fields: map[string]string{"phase": "ended", "cause": "completed", "ended_at": "2026-01-01T11:59:58Z", "direction": "inbound"},
		}},
		{"nobody was there", `{"status":"unanswered","detail":"no_answer","direction":"inbound","conversation_uuid":"CON-1"}`, event.Told{
			Fields: map[string]string{"phase": "ended", "cause": "no_answer", "direction": "inbound"},
		}},
		{"a recording", `{"recording_url":"https://x/r","recording_uuid":"r1","start_time":"2026-01-01T12:00:00Z","conversation_uuid":"CON-1"}`, event.Told{
			Fields: map[string]string{"recording_id": "r1", "recording_url": "https://x/r", "recording_at": "2026-01-01T12:00:00Z"},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			if w := g.post(EventsPath, c.body, sign(t, "1", c.body, noon)); w.Code != http.StatusNoContent {
				t.Fatalf("answered %d %s", w.Code, w.Body)
			}
			got := g.events.Told()[0]
			maps.DeleteFunc(got.Fields, func(_, v string) bool { return v == "" })
			c.want.Provider, c.want.Call, c.want.ID = "vonage", "CON-1", got.ID
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzEvent: whatever an event holds, what is told of it names its call and
// itself.
func FuzzEvent(f *testing.F) {
	f.Add([]byte(completed))
	f.Add([]byte(`{"recording_url":"https://x","conversation_uuid":"CON-1"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m webhook
		if json.Unmarshal(raw, &m) != nil {
			return
		}
		for _, e := range m.told() {
			if e.Call == "" || e.ID == "" || e.Provider != "vonage" || e.Tracking {
				t.Errorf("%+v", e)
			}
		}
	})
}

// signature signs a body as the platform does.
func signature(apiKey, secret, id string, body []byte, at time.Time) (string, error) {
	sum := sha256.Sum256(body)
	return jwt.NewWithClaims(jwt.SigningMethodHS256, Claims{
		APIKey: apiKey, PayloadHash: hex.EncodeToString(sum[:]),
		RegisteredClaims: jwt.RegisteredClaims{ID: id, Issuer: "Vonage", IssuedAt: jwt.NewNumericDate(at)},
	}).SignedString([]byte(secret))
}
