package web_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/fixtures"
	"heed/insights"
	"heed/insights/offer"
	"heed/insights/search"
	"heed/internal/accounts"
	accountsapi "heed/internal/accounts/api"
	"heed/internal/brain"
	"heed/internal/correct"
	"heed/internal/decide"
	"heed/internal/decisions"
	decisionsapi "heed/internal/decisions/api"
	"heed/internal/desk"
	"heed/internal/event"
	"heed/internal/find"
	"heed/internal/hub"
	"heed/internal/mount"
	"heed/internal/store"
	"heed/internal/themes"
	themesapi "heed/internal/themes/api"
	"heed/internal/web"
)

// site is a whole server over a real store, without doors and engines.
type site struct {
	*httptest.Server
	web   *web.Server
	store *store.Store
	brain *brain.Brain
	hub   *hub.Hub
	index *search.Index
	logs  *bytes.Buffer

	themes   *themes.Themes
	accounts *accounts.Service
}

// kept is the audio of the call named "kept".
type kept struct{}

func (kept) Open(id string) (io.ReadSeekCloser, time.Time, error) {
	if id != "kept" {
		return nil, time.Time{}, fs.ErrNotExist
	}
	return nopCloser{bytes.NewReader([]byte("RIFF0123456789"))}, time.Unix(1_790_000_000, 0), nil
}

func (kept) Peaks(id string) (agent, customer []float64, perSecond int, err error) {
	if id != "kept" {
		return nil, nil, 0, fs.ErrNotExist
	}
	return []float64{0, .5}, []float64{.25, 1}, 20, nil
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// probe is a door that tells whether calls may be brought in.
func probe(s *site) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.web.MayIngest(r) {
			w.WriteHeader(http.StatusTeapot)
		}
	})
}

func newSite(t *testing.T) *site {
	t.Helper()
	return siteWith(t, nil)
}

// siteWith is a site that notes who reads what, unless it is nil.
func siteWith(t *testing.T, d *diary) *site {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(dir, "data")})
	if err != nil {
		t.Fatal(err)
	}
	index, err := search.Open(filepath.Join(dir, "search"), search.Options{Logger: slog.New(slog.DiscardHandler), Head: s.LastSeq})
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	decider, err := decide.New(decide.Options{Catalogue: catalogue})
	if err != nil {
		t.Fatal(err)
	}
	logs := &bytes.Buffer{}
	reg := prometheus.NewRegistry()
	site := &site{store: s, hub: hub.New(reg), index: index, logs: logs}
	s.OnCommit(site.hub.Publish)
	site.brain = brain.New(brain.Options{Store: s, Decider: decider, Logger: slog.New(slog.DiscardHandler), Region: "US", Wording: correct.Wording, Hearing: offer.Read})
	site.themes = newThemes(t, s)
	site.accounts = accounts.New(accounts.Options{Store: s, Life: time.Hour, Now: time.Now, Logger: slog.New(slog.DiscardHandler)})
	site.web, err = web.New(web.Options{
		More: []func(mount.Kit){func(k mount.Kit) {
			themesapi.Routes(site.themes)(k)
			find.Routes(index, s, desk.New(s, nil, nil))(k)
			accountsapi.Routes(accountsapi.Options{Accounts: site.accounts, Logger: slog.New(slog.DiscardHandler)})(k)
			decisionsapi.Routes(decisions.New(decisions.Options{Brain: site.brain, Store: s, Rules: decider, Callers: site.themes}), nil)(k)
		}},
		Store: s, Brain: site.brain, Desk: desk.New(s, nil, nil), Hub: site.hub, Reads: d.audit(), Recordings: kept{}, History: &past{},
		Status: func(context.Context) web.Status {
			return web.Status{Engine: web.EngineStatus{Name: "none", State: "none"}}
		},
		App:      fstest.MapFS{"index.html": {Data: []byte("<title>Heed</title>")}, "assets/a.js": {Data: []byte("1")}, "docs/index.html": {Data: []byte("<title>Heed API")}},
		Gatherer: reg, Logger: slog.New(slog.NewTextHandler(logs, nil)), Version: "test",
		Doors: map[string]http.Handler{"GET /ingest/probe": probe(site), "POST /ingest/probe": probe(site)},
	})
	if err != nil {
		t.Fatal(err)
	}
	site.Server = httptest.NewServer(site.web.Handler())
	t.Cleanup(func() {
		site.hub.Close()
		site.Close()
		if err := errors.Join(index.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	})
	if err := s.AddUser(t.Context(), store.User{ID: "u1", Name: "Ada", Role: "admin", CreatedAt: time.Now()}); err != nil {
		t.Fatal(err)
	}
	return site
}

// key makes an API key of a role.
func (s *site) key(t *testing.T, role string) string {
	t.Helper()
	k, err := s.web.MakeKey(t.Context(), "test "+role, role)
	if err != nil {
		t.Fatal(err)
	}
	return k.Secret
}

// ask makes a request; body is JSON or empty.
func (s *site) ask(t *testing.T, method, path, key, body string, headers ...string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(raw)
}

// call commits a call in which the customer wants to cancel.
func (s *site) call(t *testing.T, id string) decide.Decision {
	t.Helper()
	_, err := s.brain.CallStarted(t.Context(), event.Call{
		ID: id, Platform: "twilio", PlatformCall: "CA" + id, Direction: "inbound", From: "+12025550142",
		Status: event.CallLive, StartedAt: time.Now().UTC(), Recording: event.Recording{State: "kept"},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.say(t, id, 1, "i want to cancel <b>now</b>", "cancel")
	all, err := s.store.Decisions(t.Context(), id)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d decisions, %v", len(all), err)
	}
	return all[len(all)-1]
}

func (s *site) say(t *testing.T, id string, seq int, text, intent string) {
	t.Helper()
	u := insights.Utterance{
		ID: event.NewID(), CallID: id, Seq: seq, Speaker: insights.Customer, Text: text, Confidence: .9,
		Start: insights.Seconds(seq), End: insights.Seconds(seq) + .5,
	}
	found := []insights.Insight{{
		Kind: insights.Intent, Name: intent, Confidence: .95, Speaker: insights.Customer,
		Start: u.Start, End: u.End, Model: "test", UtteranceID: u.ID,
	}}
	if err := s.brain.Heard(t.Context(), id, u, found); err != nil {
		t.Fatal(err)
	}
}

// description is the part of the OpenAPI document that the tests read.
type description struct {
	OpenAPI string `json:"openapi"`
	Paths   map[string]map[string]struct {
		OperationID string           `json:"operationId"`
		Summary     string           `json:"summary"`
		Security    []map[string]any `json:"security"`
	} `json:"paths"`
}

func (s *site) describe(t *testing.T) description {
	t.Helper()
	status, _, body := s.ask(t, "GET", "/openapi.json", "", "")
	var d description
	if err := json.Unmarshal([]byte(body), &d); status != http.StatusOK || err != nil {
		t.Fatalf("openapi: %d %v", status, err)
	}
	return d
}

// TestEveryRouteRefusesStrangers walks the API's own description: without a
// caller each route but signing in answers 401, and a key that may only bring
// calls in reaches nothing about people.
func TestEveryRouteRefusesStrangers(t *testing.T) {
	s := newSite(t)
	ingest, viewer := s.key(t, "ingest"), s.key(t, "viewer")
	agent, marketer := s.key(t, "agent"), s.key(t, "marketer")
	d := s.describe(t)
	if !strings.HasPrefix(d.OpenAPI, "3.1") || len(d.Paths) < 12 {
		t.Fatalf("openapi %s with %d paths", d.OpenAPI, len(d.Paths))
	}
	forIngest := map[string]bool{"me": true, "sign-out": true}
	strangers := map[string]bool{"sign-in": true, "ways-in": true, "ask-passkey": true, "sign-in-passkey": true, "oidc-start": true, "oidc-return": true}
	for path, methods := range d.Paths {
		path = strings.NewReplacer("{id}", "x", "{utterance}", "x").Replace(path)
		for method, op := range methods {
			if op.Summary == "" {
				t.Errorf("%s has no summary", op.OperationID)
			}
			if strangers[op.OperationID] {
				continue
			}
			method = strings.ToUpper(method)
			if len(op.Security) == 0 {
				t.Errorf("%s says nothing of who may call it", op.OperationID)
			}
			if status, _, body := s.ask(t, method, path, "", ""); status != http.StatusUnauthorized {
				t.Errorf("%s %s without a caller: %d %s", method, path, status, body)
			}
			if status, _, _ := s.ask(t, method, path, "wrong", ""); status != http.StatusUnauthorized {
				t.Errorf("%s %s with a wrong key: %d", method, path, status)
			}
			if status, _, _ := s.ask(t, method, path, ingest, ""); (status == http.StatusForbidden) == forIngest[op.OperationID] {
				t.Errorf("%s %s with a key of role ingest: %d", method, path, status)
			}
			own := strings.HasPrefix(path, "/v1/me") // everybody has an account
			write := method != "GET" && op.OperationID != "sign-out" && !own
			if status, _, _ := s.ask(t, method, path, viewer, ""); write && status != http.StatusForbidden {
				t.Errorf("%s %s by a viewer: %d", method, path, status)
			}
			themes := strings.HasPrefix(path, "/v1/themes")
			if status, _, _ := s.ask(t, method, path, agent, ""); themes && status != http.StatusForbidden {
				t.Errorf("%s %s by an agent: %d", method, path, status)
			}
			if status, _, _ := s.ask(t, method, path, marketer, ""); write && (status == http.StatusForbidden) == themes {
				t.Errorf("%s %s by a marketer: %d", method, path, status)
			}
		}
	}
	for _, path := range []string{"/v1/calls/x/events", "/v1/events", "/v1/calls/x/recording"} {
		if status, _, _ := s.ask(t, "GET", path, "", ""); status != http.StatusUnauthorized {
			t.Errorf("%s without a caller: %d", path, status)
		}
	}
}

func TestSigningIn(t *testing.T) {
	s := newSite(t)
	path, _, err := s.accounts.Link(t.Context(), accounts.By{}, "", "")
	if err != nil {
		t.Fatal(err)
	}
	token := strings.TrimPrefix(path, "/login?token=")
	// A link that a mail scanner opens is not used up.
	if status, _, _ := s.ask(t, "GET", path, "", ""); status != http.StatusOK {
		t.Fatalf("opening the link: %d", status)
	}
	status, header, _ := s.ask(t, "POST", "/v1/session", "", `{"token":"`+token+`"}`)
	cookie := header.Get("Set-Cookie")
	if status != http.StatusNoContent || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Strict") {
		t.Fatalf("sign in: %d %q", status, cookie)
	}
	session, _, _ := strings.Cut(cookie, ";")
	if status, _, body := s.ask(t, "GET", "/v1/me", "", "", "Cookie", session); status != 200 || !strings.Contains(body, `"Ada"`) {
		t.Errorf("me: %d %s", status, body)
	}
	if status, _, body := s.ask(t, "POST", "/v1/session", "", `{"token":"`+token+`"}`); status != http.StatusUnauthorized || !strings.Contains(body, "heed link") {
		t.Errorf("the link a second time: %d %s", status, body)
	}
	// Another site makes the browser send the cookie along with a write.
	status, _, body := s.ask(t, "POST", "/v1/links", "", "{}", "Cookie", session, "Sec-Fetch-Site", "cross-site")
	if status != http.StatusForbidden || !strings.Contains(body, "another site") {
		t.Errorf("a write from another site: %d %s", status, body)
	}
	// A door looks at origins itself, and takes no cookie.
	if status, _, body := s.ask(t, "POST", "/ingest/probe", "", "", "Cookie", session, "Sec-Fetch-Site", "cross-site"); status != http.StatusTeapot {
		t.Errorf("another site at a door: %d %s", status, body)
	}
	if status, _, _ := s.ask(t, "DELETE", "/v1/session", "", "", "Cookie", session); status >= 300 {
		t.Errorf("sign out: %d", status)
	}
	if status, _, _ := s.ask(t, "GET", "/v1/me", "", "", "Cookie", session); status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d", status)
	}
}

func TestKeysAreShownOnceAndRevoked(t *testing.T) {
	s := newSite(t)
	admin := s.key(t, "admin")
	status, _, body := s.ask(t, "POST", "/v1/keys", admin, `{"name":"dialler","role":"ingest"}`)
	var made struct{ ID, Key string }
	if err := json.Unmarshal([]byte(body), &made); status != http.StatusOK || err != nil || made.Key == "" {
		t.Fatalf("new key: %d %s", status, body)
	}
	if status, _, _ := s.ask(t, "GET", "/ingest/probe", made.Key, ""); status != http.StatusOK {
		t.Errorf("a key of role ingest may not bring calls in: %d", status)
	}
	// Some platforms ask for a user and a password.
	for user, want := range map[string]int{"heed:" + made.Key: http.StatusOK, made.Key + ":": http.StatusOK, "heed:x": http.StatusTeapot, made.Key + ":x": http.StatusTeapot} {
		basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(user))
		if status, _, _ := s.ask(t, "GET", "/ingest/probe", "", "", "Authorization", basic); status != want {
			t.Errorf("basic authentication: %d, want %d", status, want)
		}
	}
	if _, _, list := s.ask(t, "GET", "/v1/keys", admin, ""); strings.Contains(list, made.Key) || !strings.Contains(list, "dialler") {
		t.Errorf("list of keys: %s", list)
	}
	if status, _, _ := s.ask(t, "DELETE", "/v1/keys/"+made.ID, admin, ""); status >= 300 {
		t.Errorf("revoke: %d", status)
	}
	if status, _, _ := s.ask(t, "GET", "/ingest/probe", made.Key, ""); status == http.StatusOK {
		t.Error("a revoked key still works")
	}
	if status, _, body := s.ask(t, "POST", "/v1/keys", admin, `{"name":"x","role":"emperor"}`); status != http.StatusUnprocessableEntity || !strings.Contains(body, "role") {
		t.Errorf("a role that is none: %d %s", status, body)
	}
}

func TestACallAndItsOutcome(t *testing.T) {
	s := newSite(t)
	agent := s.key(t, "agent")
	d := s.call(t, "kept")
	status, _, body := s.ask(t, "GET", "/v1/calls/kept", agent, "")
	var record desk.Record
	if err := json.Unmarshal([]byte(body), &record); status != 200 || err != nil {
		t.Fatalf("%d %v %s", status, err, body)
	}
	if len(record.Utterances) != 1 || len(record.Decisions) != 2 || record.Customer == nil || record.LastSeq == 0 {
		t.Errorf("record %+v", record)
	}
	post := `{"decision_id":"` + d.ID + `","action":"` + d.Actions[0].Action + `","outcome":"accepted"}`
	if status, _, body := s.ask(t, "POST", "/v1/outcomes", agent, post, "Idempotency-Key", "k1"); status != http.StatusCreated {
		t.Errorf("outcome: %d %s", status, body)
	}
	if status, _, body := s.ask(t, "POST", "/v1/decisions/batch", agent, `{}`, "Idempotency-Key", "k9"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "after") {
		t.Errorf("a stream under a key: %d %s", status, body)
	}
	status, header, body := s.ask(t, "POST", "/v1/outcomes", agent, post, "Idempotency-Key", "k1")
	if status != http.StatusCreated || header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("the same request again: %d %s", status, body)
	}
	if status, _, body := s.ask(t, "POST", "/v1/outcomes", agent, post+" ", "Idempotency-Key", "k1"); status != http.StatusUnprocessableEntity {
		t.Errorf("the key for another request: %d %s", status, body)
	}
	post = strings.TrimSuffix(post, "}") + `,"idempotency_key":"k1"}`
	if status, _, body := s.ask(t, "POST", "/v1/outcomes", agent, post); status != http.StatusOK {
		t.Errorf("the same outcome again: %d %s", status, body)
	}
	if out, err := s.store.Outcomes(t.Context(), "kept"); err != nil || len(out) != 1 || out[0].Actor == "" {
		t.Errorf("outcomes %v, %v", out, err)
	}
	if status, _, body := s.ask(t, "GET", "/v1/calls?platform_call_id=CAkept", agent, ""); status != 200 || !strings.Contains(body, `"intent":"cancel"`) {
		t.Errorf("list: %d %s", status, body)
	}
	for path, want := range map[string]int{
		"/v1/calls/nope": 404, "/v1/decisions/nope": 404, "/v1/customers/nope": 404, "/v1/calls/nope/recording": 404,
		"/v1/calls?limit=0": 422, "/v1/calls?limit=9999": 422, "/v1/calls?status=odd": 422, "/v1/decisions/" + d.ID: 200,
		"/v1/customers/" + record.CustomerID: 200, "/v1/actions": 200,
		"/v1/customers?q=2025550142": 200, "/v1/status": 200,
	} {
		if status, header, body := s.ask(t, "GET", path, agent, ""); status != want || (want >= 400 && !strings.Contains(header.Get("Content-Type"), "problem+json")) {
			t.Errorf("%s: %d %s %s", path, status, header.Get("Content-Type"), body)
		}
	}
}

func TestALinkForARole(t *testing.T) {
	s := newSite(t)
	root := s.key(t, "admin")
	for _, c := range []struct {
		body, name, role string
	}{{`{"role":"privacy","name":"Dana"}`, "Dana", "privacy"}, {`{"role":"privacy"}`, "Dana", "privacy"}, {`{"role":"viewer"}`, "Viewer", "viewer"}} {
		_, _, body := s.ask(t, "POST", "/v1/links", root, c.body)
		var link struct{ Path string }
		if err := json.Unmarshal([]byte(body), &link); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		_, token, _ := strings.Cut(link.Path, "token=")
		status, header, _ := s.ask(t, "POST", "/v1/session", "", `{"token":"`+token+`"}`)
		cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
		if status != http.StatusNoContent {
			t.Fatalf("signed in: %d", status)
		}
		if _, _, me := s.ask(t, "GET", "/v1/me", "", "", "Cookie", cookie); !strings.Contains(me, `"name":"`+c.name+`"`) || !strings.Contains(me, `"role":"`+c.role+`"`) {
			t.Errorf("%s: %s", c.body, me)
		}
	}
	for who, want := range map[string]int{"agent": http.StatusForbidden, "privacy": http.StatusForbidden} {
		if status, _, body := s.ask(t, "POST", "/v1/links", s.key(t, who), `{"role":"admin"}`); status != want {
			t.Errorf("%s makes a link for an administrator: %d %s", who, status, body)
		}
	}
	if status, _, _ := s.ask(t, "POST", "/v1/links", root, `{"role":"king"}`); status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown role: %d", status)
	}
}

func TestRecordingsAreServedInRanges(t *testing.T) {
	s := newSite(t)
	agent := s.key(t, "agent")
	s.call(t, "kept")
	s.call(t, "bare")
	status, header, body := s.ask(t, "GET", "/v1/calls/kept/recording", agent, "", "Range", "bytes=4-7")
	if status != http.StatusPartialContent || body != "0123" || header.Get("Content-Type") != "audio/wav" {
		t.Errorf("range: %d %q %s", status, body, header.Get("Content-Type"))
	}
	if status, _, body := s.ask(t, "GET", "/v1/calls/kept/peaks", agent, ""); status != 200 || !strings.Contains(body, `"duration":0.1`) {
		t.Errorf("peaks: %d %s", status, body)
	}
	for _, path := range []string{"/v1/calls/bare/recording", "/v1/calls/bare/peaks"} {
		if status, _, body := s.ask(t, "GET", path, agent, ""); status != 404 || !strings.Contains(body, "nothing was recorded") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

func TestBadBodies(t *testing.T) {
	s := newSite(t)
	agent := s.key(t, "agent")
	d := s.call(t, "kept")
	for name, c := range map[string]struct {
		path, body string
		want       int
	}{
		"not JSON":         {"/v1/outcomes", "{", 400},
		"missing field":    {"/v1/outcomes", `{"action":"x","outcome":"accepted"}`, 422},
		"unknown field":    {"/v1/outcomes", `{"decision_id":"x","action":"x","outcome":"accepted","colour":"red"}`, 422},
		"wrong type":       {"/v1/outcomes", `{"decision_id":7,"action":"x","outcome":"accepted"}`, 422},
		"unknown outcome":  {"/v1/outcomes", `{"decision_id":"x","action":"x","outcome":"liked"}`, 422},
		"not offered":      {"/v1/outcomes", `{"decision_id":"` + d.ID + `","action":"x","outcome":"accepted"}`, 422},
		"too large":        {"/v1/outcomes", `{"decision_id":"x","action":"` + strings.Repeat("a", 2<<20) + `","outcome":"accepted"}`, 413},
		"nobody named":     {"/v1/decisions", `{"slot":"web.banner","channel":"web"}`, 422},
		"unknown slot":     {"/v1/decisions", `{"customer_id":"x","slot":"s","channel":"web"}`, 422},
		"another channel":  {"/v1/decisions", `{"customer_id":"x","slot":"web.banner","channel":"sms"}`, 422},
		"undeclared field": {"/v1/decisions", `{"customer_id":"x","slot":"web.banner","context":{"fields":{"salary":9}}}`, 422},
		"no label":         {"/v1/decisions", `{"customer_id":"x","slot":"web.banner","context":{"labels":["Say Hello"]}}`, 422},
		"unknown channel":  {"/v1/decisions", `{"customer_id":"x","slot":"s","channel":"pigeon"}`, 422},
	} {
		before, err := s.store.LastSeq(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		status, header, body := s.ask(t, "POST", c.path, agent, c.body)
		if status != c.want || !strings.Contains(header.Get("Content-Type"), "problem+json") {
			t.Errorf("%s: %d %s, want %d", name, status, body, c.want)
		}
		if after, _ := s.store.LastSeq(t.Context()); after != before {
			t.Errorf("%s: a refused request committed something", name)
		}
	}
	if strings.Contains(s.logs.String(), "2025550142") || strings.Contains(s.logs.String(), "cancel <b>") {
		t.Error("personal data in the log")
	}
}

func TestHeadersHealthAndTheApp(t *testing.T) {
	s := newSite(t)
	status, header, body := s.ask(t, "GET", "/desk/any/screen", "", "")
	if status != 200 || !strings.Contains(body, "<title>Heed") || !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'self'") {
		t.Errorf("a screen of the app: %d %s", status, body)
	}
	if status, header, _ := s.ask(t, "GET", "/assets/a.js", "", ""); status != 200 || !strings.Contains(header.Get("Cache-Control"), "immutable") {
		t.Errorf("an asset: %d %s", status, header.Get("Cache-Control"))
	}
	for path, want := range map[string]int{
		"/assets/gone.js": 404, "/v1/nothing": 404, "/ingest/nobody": 404, "/healthz": 200, "/readyz": 200, "/metrics": 200,
	} {
		if status, _, _ := s.ask(t, "GET", path, "", ""); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	if status, _, body := s.ask(t, "GET", "/docs", "", ""); status != 200 || !strings.Contains(body, "Heed API") {
		t.Errorf("the API's reference: %d %s", status, body)
	}
	if status, _, _ := s.ask(t, "GET", "/metrics", "", "", "X-Forwarded-For", "203.0.113.9"); status != http.StatusUnauthorized {
		t.Errorf("metrics through a proxy: %d", status)
	}
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	if status, _, body := s.ask(t, "GET", "/readyz", "", ""); status != http.StatusServiceUnavailable || !strings.Contains(body, "not ready") {
		t.Errorf("ready without a store: %d %s", status, body)
	}
}
