package twilio

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/jsonmedia"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// post asks a handler as the platform would, signed unless token is empty.
func post(h http.Handler, token, target string, form url.Values) *http.Response {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if token != "" {
		r.Header.Set(SignatureHeader, Signature(token, target, form))
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func incoming(more ...string) url.Values {
	v := url.Values{
		"AccountSid": {"AC1"}, "CallSid": {"CA1"}, "From": {"+14155550100"}, "To": {"+18005550199"},
		"CallStatus": {"ringing"}, "Direction": {"inbound"}, "ApiVersion": {"2010-04-01"}, "NewToday": {"it's new"},
	}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

func TestVoiceAnswersWithTwiML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, public, dial, host string
		form                     url.Values
	}{
		{"pause", "", "", "heed.example", incoming()},
		{"dial_number", "https://heed.example", "+18005550123", "10.0.0.1:8080", incoming()},
		{"dial_sip", "https://heed.example/behind/", "sip:desk@pbx.example", "heed.example", incoming()},
		{"dial_client", "", "client:alice", "heed.example:8443", incoming()},
		{"escaped", "", "<Hangup/>&\"", "heed.example", incoming("From", `"/></Stream><Hangup/>`, "To", "sip:a&b@c")},
		{"outbound", "", "+18005550123", "heed.example", incoming("Direction", "outbound-api")},
		{"withheld", "", "", "heed.example", incoming("From", "", "To", strings.Repeat("9", 300))},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := New(Options{Setup: jsonmedia.Setup{Calls: ingesttest.New(), Events: ingesttest.New().Events()}, AuthToken: secret, PublicURL: c.public, Dial: c.dial})
			target := "https://" + c.host + VoicePath
			form := c.form
			r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if c.public != "" {
				target = strings.TrimSuffix(c.public, "/") + VoicePath
			}
			r.Header.Set(SignatureHeader, Signature(secret, target, form))
			w := httptest.NewRecorder()
			d.Voice().ServeHTTP(w, r)
			if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/xml") {
				t.Fatalf("answer %d %s: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
			checkElements(t, w.Body.String())
			golden := filepath.Join("testdata", "voice_"+c.name+".xml")
			if *update {
				if err := os.WriteFile(golden, w.Body.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), w.Body.String()); diff != "" {
				t.Errorf("TwiML (-want +got):\n%s", diff)
			}
		})
	}
}

// checkElements makes sure that nothing of a form became a verb.
func checkElements(t *testing.T, doc string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, doc)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "Hangup" {
			t.Errorf("a parameter became a verb:\n%s", doc)
		}
	}
}

func TestWebhooksAreAuthenticatedFirst(t *testing.T) {
	t.Parallel()
	const target = "https://heed.example" + StatusPath
	form := incoming("CallStatus", "completed")
	sign := func(r *http.Request, token string) {
		r.Header.Set(SignatureHeader, Signature(token, target, form))
	}
	for _, c := range []struct {
		name   string
		change func(*Options)
		ask    func(*http.Request) // the request comes unsigned
		status int
		detail string
	}{
		{"signed", nil, func(r *http.Request) { sign(r, secret) }, 204, ""},
		{"unsigned", nil, func(*http.Request) {}, 400, SignatureHeader},
		{"wrong token", nil, func(r *http.Request) { sign(r, "guess") }, 403, "twilio-auth-token"},
		{"a parameter more than was signed", nil, func(r *http.Request) {
			sign(r, secret)
			r.Body = io.NopCloser(strings.NewReader(form.Encode() + "&More=1"))
		}, 403, ""},
		{"nothing configured", func(o *Options) { o.AuthToken = "" }, func(r *http.Request) { sign(r, "") }, 403, "HEED_TWILIO_AUTH_TOKEN"},
		{"key", func(o *Options) { o.AuthToken = "" }, func(r *http.Request) { r.Header = bearer(); formType(r) }, 204, ""},
		{"wrong key", nil, func(r *http.Request) { r.Header.Set("Authorization", "Bearer bad") }, 401, "key"},
		{"body too big", nil, func(r *http.Request) {
			sign(r, secret)
			r.Body = io.NopCloser(strings.NewReader(strings.Repeat("a", 70<<10)))
		}, 413, "65536"},
		{"body breaks off", nil, func(r *http.Request) {
			sign(r, secret)
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader("a=1"), brokenReader{}))
		}, 400, "in full"},
		{"form does not parse", nil, func(r *http.Request) {
			sign(r, secret)
			r.Body = io.NopCloser(strings.NewReader("CallSid=%zz"))
		}, 400, "parse"},
		{"no call", nil, func(r *http.Request) { reform(r, target, url.Values{"CallStatus": {"completed"}}) }, 400, "CallSid"},
		{"a call id that would break the log", nil, func(r *http.Request) {
			reform(r, target, url.Values{"CallStatus": {"completed"}, "CallSid": {"CA1\nlevel=ERROR"}})
		}, 400, "CallSid"},
		{"another method", nil, func(r *http.Request) { r.Method = http.MethodDelete }, 405, "POST"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fake := ingesttest.New()
			o := Options{Setup: jsonmedia.Setup{Calls: fake, Events: fake.Events(), Allow: func(r *http.Request) bool {
				return r.Header.Get("Authorization") == "Bearer good"
			}}, AuthToken: secret}
			if c.change != nil {
				c.change(&o)
			}
			r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
			formType(r)
			c.ask(r)
			w := httptest.NewRecorder()
			New(o).Status().ServeHTTP(w, r)
			if c.status == http.StatusNoContent {
				if diff := cmp.Diff([]string{"twilio CA1"}, fake.Completed()); w.Code != c.status || diff != "" {
					t.Errorf("answer %d; completed (-want +got):\n%s", w.Code, diff)
				}
				return
			}
			checkProblem(t, w.Result(), c.status, c.detail) //nolint:bodyclose // checkProblem does
			if got := fake.Completed(); len(got) != 0 {
				t.Errorf("a refused request completed %v", got)
			}
		})
	}
}

func formType(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }

func reform(r *http.Request, target string, form url.Values) {
	r.Body = io.NopCloser(strings.NewReader(form.Encode()))
	r.Header.Set(SignatureHeader, Signature(secret, target, form))
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestStatusIsIdempotentAndMindsOnlyTheEnd(t *testing.T) {
	t.Parallel()
	fake := ingesttest.New()
	var log strings.Builder
	d := New(Options{Setup: jsonmedia.Setup{Calls: fake, Events: fake.Events(), Logger: slog.New(slog.NewTextHandler(&log, nil))}, AuthToken: secret})
	const target = "https://heed.example" + StatusPath
	for _, form := range []url.Values{
		incoming("CallStatus", "completed"), incoming("CallStatus", "ringing"), incoming("CallStatus", "in-progress"),
		incoming("CallStatus", "completed"), incoming("CallStatus", "no-answer"), incoming("CallStatus", "something-new"),
		{"CallSid": {"CA1"}, "StreamSid": {"MZ1"}, "StreamEvent": {"stream-started"}},
		{"CallSid": {"CA1"}, "StreamSid": {"MZ1"}, "StreamEvent": {"stream-error"}, "StreamError": {"31920 at +14155550100"}},
		{"CallSid": {"CA1"}, "StreamSid": {"MZ1"}, "StreamEvent": {"stream-error"}, "StreamError": {"private"}},
	} {
		answer := post(d.Status(), secret, target, form)
		answer.Body.Close()
		if answer.StatusCode != http.StatusNoContent {
			t.Errorf("%v: answer %d", form, answer.StatusCode)
		}
	}
	if diff := cmp.Diff([]string{"twilio CA1", "twilio CA1", "twilio CA1"}, fake.Completed()); diff != "" {
		t.Errorf("completed (-want +got):\n%s", diff)
	}
	if got := log.String(); !strings.Contains(got, "31920: the upgrade") || strings.Contains(got, "+1415") || strings.Contains(got, "private") {
		t.Errorf("log:\n%s", got)
	}
}

func TestStatusComesByGetAndAsJSON(t *testing.T) {
	t.Parallel()
	fake := ingesttest.New()
	d := New(Options{Setup: jsonmedia.Setup{Calls: fake, Events: fake.Events()}, AuthToken: secret})
	get := "https://heed.example" + StatusPath + "?CallSid=CA1&CallStatus=completed"
	r := httptest.NewRequest(http.MethodGet, get, nil)
	r.Header.Set(SignatureHeader, Signature(secret, get, nil))
	w := httptest.NewRecorder()
	d.Status().ServeHTTP(w, r)
	if w.Code != http.StatusNoContent || len(fake.Completed()) != 1 {
		t.Errorf("GET: answer %d, completed %v", w.Code, fake.Completed())
	}
	const body = `{"x":1}`
	sum := sha256.Sum256([]byte(body))
	target := get + "&bodySHA256=" + hex.EncodeToString(sum[:])
	for _, c := range []struct {
		body   string
		status int
	}{{body, http.StatusNoContent}, {`{"x":2}`, http.StatusForbidden}} {
		r = httptest.NewRequest(http.MethodPost, target, strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(SignatureHeader, Signature(secret, target, nil))
		w = httptest.NewRecorder()
		d.Status().ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("JSON %s: answer %d, want %d", c.body, w.Code, c.status)
		}
	}
}

func TestWebhookBodyThatNeverComesIsGivenUp(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Limits.WriteWithin = 50e6 })
	reader, writer := io.Pipe()
	defer writer.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+StatusPath, reader)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = bearer()
	formType(r)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	checkProblem(t, answer, http.StatusBadRequest, "in time")
	http.DefaultClient.CloseIdleConnections()
}

func TestStreamErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"31930": "31930: this server read too slowly and the platform threw audio away",
		"Stream - Websocket - Handshake Error (31920)": "31920: the upgrade was not answered with 101; see this server's refusals",
		"": "not known to this version",
	} {
		if got := streamError(text); got != want {
			t.Errorf("streamError(%q) = %q", text, got)
		}
	}
}
