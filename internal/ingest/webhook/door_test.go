package webhook

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // CallRail signs so
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.uber.org/goleak"

	"github.com/google/go-cmp/cmp"

	"heed/internal/event"
	"heed/internal/ingest/ingesttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

const (
	firstKey  = "company-one-key"
	secondKey = "company-two-key"
	word      = "a-word-of-invoca"
	// standard is the secret of the Standard Webhooks specification.
	standard = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
)

type rig struct {
	*Door
	events *ingesttest.Events
	calls  *ingesttest.Calls
	now    time.Time
	mux    *http.ServeMux
}

func newRig(t testing.TB, change ...func(*Options)) *rig {
	t.Helper()
	g := &rig{calls: ingesttest.New(), now: noon, mux: http.NewServeMux()}
	g.events = g.calls.Events()
	o := Options{
		Events: g.events, Now: func() time.Time { return g.now },
		Secrets: map[string][]string{"callrail": {firstKey, secondKey}, "invoca": {word}, "genesys": {standard}, "ctm": {standard}},
		Mapping: Mapping{"ctm": {
			Call: "id", Event: []string{"id", "updated_at"}, Time: "updated_at", Touch: "last",
			Fields: map[string]string{"caller_number": "caller", "tracking_number": "tracking_number", "called_at": "started_at", "source": "source", "paid.GCLID": "gclid"},
		}},
		Allow: func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer good" },
	}
	for _, c := range change {
		c(&o)
	}
	d, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	g.Door = d
	for pattern, h := range d.Handlers() {
		g.mux.Handle(pattern, h)
	}
	return g
}

func (g *rig) post(path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	g.mux.ServeHTTP(w, r)
	return w
}

func rail(key, body string) string {
	h := hmac.New(sha1.New, []byte(key))
	h.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func signed(t *testing.T, body string, at time.Time) []string {
	t.Helper()
	wh, err := standardwebhooks.NewWebhook(standard)
	if err != nil {
		t.Fatal(err)
	}
	s, err := wh.Sign("msg_1", at, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return []string{"webhook-id", "msg_1", "webhook-timestamp", strconv.FormatInt(at.Unix(), 10), "webhook-signature", s}
}

const (
	railBody = `{"resource_id":"CAL1","timestamp":"2026-05-01T12:00:00Z","call_type":"answered","answered":true,"direction":"inbound","duration":61,
		"customer_phone_number":"+14155550100","customer_name":"Ann Example","tracking_phone_number":"+18005550111","business_phone_number":"+18005550199",
		"start_time":"2026-05-01T11:55:00.000-00:00","recording":"https://api.example/CAL1/recording","source":"facebook","campaign":"spring","gclid":"g1",
		"tags":["new"],"changes":["tags"],"milestones":{"first_touch":{"source":"facebook"},"last_touch":{"source":"google","medium":"cpc"},"lead_created":{"source":"bing"}}}`
	invocaBody  = `{"transaction_id":"T2","corrects_transaction_id":"T1","complete_call_id":"C1","calling_phone_number":"4155550100","destination_phone_number":"8005550199","start_time_utc":1777636500000,"corrected_at":"2026-05-01T11:00:00Z","duration":90,"connect_duration":60,"utm_source":"google","media_type":"Paid Search","g_cid":"1.2","ga_session_id":"9","gclid":"g2"}`
	genesysBody = `{"version":"0","id":"e1","detail-type":"v2.detail.events.conversation.{id}.customer.end","detail":{"topicName":"v2.detail.events.conversation.c1.customer.end","eventBody":{"eventTime":1777636800000,"conversationId":"c1","mediaType":"VOICE","direction":"INBOUND","ani":"tel:+14155550100","disconnectType":"PEER"}}}`
	ctmBody     = `{"id":77,"updated_at":"2026-05-01 12:00:00 +0000","caller_number":"+14155550100","tracking_number":"+18005550111","called_at":"2026-05-01 11:55:00 +0000","source":"Google Ads","paid":{"gclid":"g3"},"extra":1}`
)

func TestWhoMayTell(t *testing.T) {
	t.Parallel()
	old := strings.Replace(railBody, "12:00:00Z", "11:54:59Z", 1)
	undated := strings.Replace(railBody, `"timestamp"`, `"stamp"`, 1)
	for _, c := range []struct {
		name, path, body string
		headers          []string
		want             int
	}{
		{"CallRail, one company", "/ingest/callrail/events", railBody, []string{"Signature", rail(firstKey, railBody)}, 204},
		{"CallRail, another company", "/ingest/callrail/events", railBody, []string{"Signature", rail(secondKey, railBody)}, 204},
		{"an API key", "/ingest/callrail/events", old, []string{"Authorization", "Bearer good"}, 204},
		{"another key", "/ingest/callrail/events", railBody, []string{"Signature", rail("x", railBody)}, 403},
		{"another body", "/ingest/callrail/events", railBody + " ", []string{"Signature", rail(firstKey, railBody)}, 403},
		{"no signature", "/ingest/callrail/events", railBody, nil, 403},
		{"no base64", "/ingest/callrail/events", railBody, []string{"Signature", "%"}, 403},
		{"sent again later", "/ingest/callrail/events", old, []string{"Signature", rail(firstKey, old)}, 403},
		{"without its time", "/ingest/callrail/events", undated, []string{"Signature", rail(firstKey, undated)}, 403},
		{"the key as a word", "/ingest/callrail/events?key=" + firstKey, railBody, nil, 403},
		{"Invoca, in the address", "/ingest/invoca/events?key=" + word, invocaBody, nil, 204},
		{"Invoca, as a password", "/ingest/invoca/events", invocaBody, []string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte("heed:"+word))}, 204},
		{"Invoca, as a header", "/ingest/invoca/events", invocaBody, []string{"X-Api-Key", word}, 204},
		{"Invoca, another word", "/ingest/invoca/events", invocaBody, []string{"X-Api-Key", word + "x"}, 403},
		{"Invoca, no word", "/ingest/invoca/events?key=", invocaBody, nil, 403},
		{"Genesys", "/ingest/genesys/events", genesysBody, signed(t, genesysBody, noon), 204},
		{"Genesys, old", "/ingest/genesys/events", genesysBody, signed(t, genesysBody, noon.Add(-6*time.Minute)), 403},
		{"Genesys, ahead", "/ingest/genesys/events", genesysBody, signed(t, genesysBody, noon.Add(6*time.Minute)), 403},
		{"Genesys, another body", "/ingest/genesys/events", "{}", signed(t, genesysBody, noon), 403},
		{"by the mapping", "/ingest/tracking/ctm", ctmBody, signed(t, ctmBody, noon), 204},
		{"nobody of the mapping", "/ingest/tracking/other", ctmBody, signed(t, ctmBody, noon), 404},
		{"jambonz has no secret", "/ingest/jambonz/status", `{"call_sid":"a","call_status":"completed"}`, nil, 403},
		{"jambonz", "/ingest/jambonz/status", `{"call_sid":"a","call_status":"completed"}`, []string{"Authorization", "Bearer good"}, 204},
		{"too big", "/ingest/callrail/events", `"` + strings.Repeat("x", 70_000) + `"`, []string{"Authorization", "Bearer good"}, 413},
		{"a list", "/ingest/callrail/events", `[1]`, []string{"Authorization", "Bearer good"}, 400},
		{"nothing", "/ingest/callrail/events", ``, []string{"Authorization", "Bearer good"}, 400},
		{"no call", "/ingest/callrail/events", `{"duration":1}`, []string{"Authorization", "Bearer good"}, 400},
		{"no transaction", "/ingest/invoca/events", `{"complete_call_id":"C1"}`, []string{"Authorization", "Bearer good"}, 400},
		{"no conversation", "/ingest/genesys/events", `{"state":"ended"}`, []string{"Authorization", "Bearer good"}, 400},
		{"no id of the mapping's", "/ingest/tracking/ctm", `{"updated_at":"x"}`, []string{"Authorization", "Bearer good"}, 400},
		{"too deep", "/ingest/callrail/events", strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 20), []string{"Authorization", "Bearer good"}, 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t)
			w := g.post(c.path, c.body, c.headers...)
			if w.Code != c.want || (len(g.events.Told()) == 1) != (c.want == 204) {
				t.Errorf("answered %d %s, told %+v", w.Code, w.Body, g.events.Told())
			}
			for _, s := range []string{firstKey, word, standard} {
				if strings.Contains(w.Body.String(), s) {
					t.Error("a secret is told")
				}
			}
		})
	}
}

// The vector of the Standard Webhooks specification.
func TestStandardVector(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.now = time.Unix(1614265330, 0)
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	for name, v := range map[string]string{"id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "timestamp": "1614265330", "signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="} {
		r.Header.Set("webhook-"+name, v)
	}
	if !g.standard(standard, r, []byte(`{"test": 2432232314}`)) {
		t.Error("the published signature is refused")
	}
	if g.standard(standard, r, []byte(`{"test": 2432232315}`)) {
		t.Error("another body is taken")
	}
}

func TestWhatIsTold(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time { v, _ := time.Parse(time.RFC3339, s); return v }
	for _, c := range []struct {
		name, path, body string
		want             event.Told
	}{
		{"CallRail", "/ingest/callrail/events", railBody, event.Told{
			Provider: "callrail", Call: "CAL1", At: noon, Tracking: true, Unknown: 3, // call_type, customer_name, tags
			Fields: map[string]string{
				"caller": "+14155550100", "tracking_number": "+18005550111", "destination": "+18005550199", "started_at": "2026-05-01T11:55:00Z",
				"total_seconds": "61", "answered": "true", "direction": "inbound", "recording_url": "https://api.example/CAL1/recording", "recording_id": "CAL1",
				"source": "facebook", "campaign": "spring", "gclid": "g1", "touch": "first", "first.source": "facebook", "last.source": "google", "last.medium": "cpc", "lead.source": "bing",
			},
		}},
		{"Invoca", "/ingest/invoca/events", invocaBody, event.Told{
			Provider: "invoca", ID: "T2", Call: "C1", Corrects: "T1", At: at("2026-05-01T11:00:00Z"), Tracking: true,
			Fields: map[string]string{
				"caller": "4155550100", "destination": "8005550199", "started_at": "2026-05-01T11:55:00Z", "total_seconds": "90", "talk_seconds": "60", "source": "google",
				"medium": "Paid Search", "ga_client": "1.2", "ga_session": "9", "gclid": "g2", "recording_id": "C1", "direction": "inbound",
			},
		}},
		{"Genesys", "/ingest/genesys/events", genesysBody, event.Told{
			Provider: "audiohook", Call: "c1", At: noon, Ends: true, Fields: map[string]string{"phase": "ended", "cause": "PEER"},
		}},
		{"Genesys, the customer's part begins", "/ingest/genesys/events", `{"topicName":"v2.detail.events.conversation.c1.customer.start","eventBody":{"eventTime":"1777636800000","conversationId":"c1","ani":"tel:+14155550100","dnis":"tel:+18005550199","direction":"INBOUND","mediaType":"voice"}}`, event.Told{
			Provider: "audiohook", Call: "c1", At: noon, Fields: map[string]string{"phase": "ringing", "from": "tel:+14155550100", "to": "tel:+18005550199", "direction": "INBOUND"},
		}},
		{"Genesys, an agent's part ends", "/ingest/genesys/events", `{"topicName":"v2.detail.events.conversation.c1.user.end","eventBody":{"conversationId":"c1","userId":"u1","ani":"tel:+1","queueId":"q"}}`, event.Told{
			Provider: "audiohook", Call: "c1", Fields: map[string]string{"agent": "u1", "queue": "q"},
		}},
		{"Genesys, a trigger's action", "/ingest/genesys/events", `{"conversationId":"c1","state":"connected","userName":"Dana","eventTime":"2026-05-01T12:00:00Z"}`, event.Told{
			Provider: "audiohook", Call: "c1", At: noon, Fields: map[string]string{"phase": "answered", "agent": "Dana"},
		}},
		{"by the mapping", "/ingest/tracking/ctm", ctmBody, event.Told{
			Provider: "ctm", Call: "77", At: noon, Tracking: true, Unknown: 1,
			Fields: map[string]string{"caller": "+14155550100", "tracking_number": "+18005550111", "started_at": "2026-05-01T11:55:00Z", "source": "Google Ads", "gclid": "g3", "touch": "last"},
		}},
		{"jambonz", "/ingest/jambonz/status", `{"call_sid":"a","call_status":"completed","from":"1","duration":12,"new":{"x":1}}`, event.Told{
			Provider: "jambonz", Call: "a", Ends: true, Unknown: 2, Fields: map[string]string{"phase": "ended", "cause": "completed", "from": "1"},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t)
			for range 2 {
				if w := g.post(c.path, c.body, "Authorization", "Bearer good"); w.Code != http.StatusNoContent {
					t.Fatalf("answered %d %s", w.Code, w.Body)
				}
			}
			told := g.events.Told()
			if told[0].ID == "" || told[0].ID != told[1].ID {
				t.Errorf("a repeat is told as %q and %q", told[0].ID, told[1].ID)
			}
			got := told[0]
			if c.want.ID == "" {
				got.ID = ""
			}
			for name, v := range got.Fields {
				if v == "" {
					delete(got.Fields, name)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFormsAreReadAsObjectsAre(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	form := url.Values{"ID": {"77"}, "updated_at": {"1777636800"}, "caller_number": {"+14155550100"}}
	if w := g.post("/ingest/tracking/ctm", form.Encode(), "Authorization", "Bearer good", "Content-Type", "application/x-www-form-urlencoded"); w.Code != http.StatusNoContent {
		t.Fatalf("answered %d %s", w.Code, w.Body)
	}
	if told := g.events.Told()[0]; told.Call != "77" || told.Fields["caller"] != "+14155550100" || !told.At.Equal(noon) {
		t.Errorf("%+v", told)
	}
}

func TestWhatIsNoCallIsAnsweredAndNotKept(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for path, body := range map[string]string{
		"/ingest/callrail/events": `{"resource_id":"FRM1","form_data":{"a":"b"}}`,
		"/ingest/genesys/events":  `{"conversationId":"c1","mediaType":"CHAT"}`,
	} {
		if w := g.post(path, body, "Authorization", "Bearer good"); w.Code != http.StatusNoContent || len(g.events.Told()) != 0 {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestNothingIsAnsweredThatIsNotKept(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.events.Refuse = errors.New("the disk is full")
	if w := g.post("/ingest/invoca/events", invocaBody, "X-Api-Key", word); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("answered %d", w.Code)
	}
	g.events.Refuse = event.ErrTold
	if w := g.post("/ingest/invoca/events", invocaBody, "X-Api-Key", word); w.Code != http.StatusBadRequest {
		t.Errorf("answered %d", w.Code)
	}
}

func TestMappingsAreChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		m     Mapping
		field string
	}{
		"good":                {Mapping{"ctm": {Call: "id", Touch: "last", Fields: map[string]string{"a": "caller"}}}, ""},
		"built in":            {Mapping{"invoca": {Call: "id"}}, "providers.invoca"},
		"capitals":            {Mapping{"CTM": {Call: "id"}}, "providers.CTM"},
		"no call":             {Mapping{"ctm": {}}, "providers.ctm.call"},
		"no touch":            {Mapping{"ctm": {Call: "id", Touch: "best"}}, "providers.ctm.touch"},
		"none of our names":   {Mapping{"ctm": {Call: "id", Fields: map[string]string{"a": "callr"}}}, "providers.ctm.fields.a"},
		"corrects by several": {Mapping{"ctm": {Call: "id", Corrects: "c", Event: []string{"a", "b"}}}, "providers.ctm.corrects"},
	} {
		if field, err := c.m.validate(); field != c.field || (err == nil) != (c.field == "") {
			t.Errorf("%s: %q %v", name, field, err)
		}
	}
	if _, err := New(Options{Events: ingesttest.New().Events(), Secrets: map[string][]string{"nobody": {"secret"}}}); err == nil {
		t.Error("a secret of nobody is taken")
	}
	for secret, ok := range map[string]bool{"short": false, "long enough": true, standard: true, "whsec_%%%%": false} {
		if err := CheckSecret("genesys", secret); (err == nil) != ok {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

func TestMappingFiles(t *testing.T) {
	t.Parallel()
	m, err := ReadMapping(filepath.Join("..", "..", "..", "deploy", "doors", "tracking.yaml"))
	if err != nil || len(m) != 3 {
		t.Errorf("the example: %d providers, %v", len(m), err)
	}
	for text, want := range map[string]string{
		"providers:\n  ctm:\n    call: id\n    fields:\n      a: callr\n": `tracking.yaml:5: providers.ctm.fields.a: "callr" is none of our names`,
		"providers:\n  ctm:\n    cal: id\n":                               "tracking.yaml:3: ",
		"providers:\n  invoca:\n    call: id\n":                           "none that is built in",
	} {
		file := filepath.Join(t.TempDir(), "tracking.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadMapping(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := ReadMapping("nowhere.yaml"); err == nil {
		t.Error("a file that is not there is read")
	}
}

// FuzzBodies: whatever a body holds, it is answered, and what is told of it
// names its call and itself.
func FuzzBodies(f *testing.F) {
	for _, body := range []string{railBody, invocaBody, genesysBody, ctmBody, "a=b&id=1", "{"} {
		f.Add([]byte(body), body[0] != '{')
	}
	g := newRig(f)
	f.Fuzz(func(t *testing.T, raw []byte, form bool) {
		kind := "application/json"
		if form {
			kind = "application/x-www-form-urlencoded"
		}
		facts, err := factsOf(kind, raw)
		if err != nil {
			return
		}
		for name, d := range g.known {
			told, p := d.told(facts, "id")
			if p != nil && p.Status != http.StatusBadRequest {
				t.Errorf("%s: refused with %d", name, p.Status)
			}
			for _, e := range told {
				if !isID(e.Call) || e.ID == "" || e.Provider == "" || e.Tracking && e.Ends {
					t.Errorf("%s: %+v", name, e)
				}
			}
		}
	})
}
