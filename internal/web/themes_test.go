package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/themes"
	"heed/internal/themes/match"
	"heed/internal/themes/query"
)

// newThemes counts one rule, and reads history for as long as the test runs.
func newThemes(t *testing.T, s *store.Store) *themes.Themes {
	t.Helper()
	saved, err := query.Compiler("en")
	if err != nil {
		t.Fatal(err)
	}
	rules := fstest.MapFS{"a.yaml": {Data: []byte("version: 1\nthemes:\n  - name: leaving\n    title: Leaving\n    phrases: [cancel]\n")}}
	th, err := themes.New(t.Context(), themes.Options{Store: s, Rules: rules, Compiler: match.NewCompiler(nil, saved)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		th.Run(ctx)
		close(done)
	}()
	t.Cleanup(func() { stop(); <-done })
	return th
}

// count counts what is in the log.
func (s *site) count(t *testing.T) {
	t.Helper()
	after, err := s.themes.Counter().Cursor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	events, err := s.store.Events(t.Context(), event.Query{After: after, Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.themes.Counter().Handle(t.Context(), events); err != nil {
		t.Fatal(err)
	}
}

// themeView is what the tests read of a theme.
type themeView struct {
	ID, Title, State, Kind, Next string
	Now                          struct{ Turns, Calls int }
	Read                         float64
	Quotes                       []struct {
		Text string
	}
	Changes []struct{ What, By string }
}

func asTheme(t *testing.T, body string) themeView {
	t.Helper()
	var v themeView
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return v
}

func TestAMarketersTheme(t *testing.T) {
	s := newSite(t)
	s.call(t, "one")
	s.call(t, "two")
	s.say(t, "two", 2, "the router is broken", "complaint")
	s.count(t)
	marketer, viewer := s.key(t, "marketer"), s.key(t, "viewer")

	_, _, body := s.ask(t, "POST", "/v1/themes/preview", marketer, `{"definition":{"how":"words","phrases":["router"]}}`)
	if !strings.Contains(body, `"turns":1,"calls":1,"read":3,"of":3`) {
		t.Errorf("preview: %s", body)
	}
	const define = `{"title":"Router","definition":{"how":"query","query":"router OR"}}`
	if status, _, body := s.ask(t, "POST", "/v1/themes", marketer, strings.Replace(define, "OR", `\"open`, 1)); status != 422 || !strings.Contains(body, "body.definition.query:7") {
		t.Errorf("a query that does not parse: %d %s", status, body)
	}
	status, _, body := s.ask(t, "POST", "/v1/themes", marketer, strings.Replace(define, " OR", "", 1), "Idempotency-Key", "k1")
	th := asTheme(t, body)
	if status != http.StatusCreated || th.Now.Calls != 1 || th.Read != 1 || len(th.Quotes) != 1 || th.Changes[0].By != "test marketer" {
		t.Fatalf("defined: %d %s", status, body)
	}
	_, h, again := s.ask(t, "POST", "/v1/themes", marketer, strings.Replace(define, " OR", "", 1), "Idempotency-Key", "k1")
	if asTheme(t, again).ID != th.ID || h.Get("Idempotent-Replayed") != "true" {
		t.Errorf("asked twice: %s", again)
	}

	path := "/v1/themes/" + th.ID
	for _, step := range []struct {
		method, path, body, want string
		status                   int
	}{
		{"GET", "/v1/themes", "", `"title":"Router"`, 200},
		{"GET", "/v1/themes?days=3", "", `"now":{"turns":3,"calls":2}`, 200},
		{"GET", "/v1/themes?days=0", "", "query.days", 422},
		{"PATCH", path, `{"title":"Modem"}`, `"what":"renamed"`, 200},
		{"PATCH", path, `{"definition":{"how":"words","phrases":["cancel ... now"]}}`, `"turns":2,"calls":2`, 200},
		{"PATCH", path, `{"definition":{"how":"words","phrases":["..."]}}`, "body.definition.phrases", 422},
		{"PATCH", path, `{"into":"nobody"}`, "body.into", 422},
		{"PATCH", path, `{"state":"gone"}`, "body.state", 422},
		{"GET", path + "/calls?limit=1", "", `"id":"two"`, 200},
		{"GET", path + "/calls?after=odd", "", "after must be", 400},
		{"GET", path + "?limit=1", "", `"next":"`, 200},
		{"GET", path + "/trend?bucket=week", "", `"calls":2,"turns":2,"of_calls":2,"of_turns":3`, 200},
		{"GET", path + "/trend?from=2030-01-01T00:00:00Z", "", "query.from", 422},
		{"GET", path + "/trend?bucket=year", "", "query.bucket", 422},
		{"DELETE", path, "", "", 204},
		{"GET", path, "", `"state":"deleted"`, 200},
		{"PATCH", path, `{"state":"active"}`, `"turns":2,"calls":2`, 200},
		{"PATCH", path, `{"into":"rule_leaving"}`, `"state":"merged"`, 200},
		{"GET", "/v1/themes/nobody", "", "there is nothing", 404},
		{"GET", "/v1/themes/nobody/trend", "", "there is nothing", 404},
	} {
		key := marketer
		if step.method == "GET" {
			key = viewer
		}
		status, _, body := s.ask(t, step.method, step.path, key, step.body)
		if status != step.status || !strings.Contains(body, step.want) {
			t.Errorf("%s %s %s: %d %s", step.method, step.path, step.body, status, body)
		}
	}
}

// What emerged is on the list, and is told to all but agents.
func TestWhatEmergedIsTold(t *testing.T) {
	s := newSite(t)
	e := event.Emergence{ThemeID: "rule_leaving", Title: "Leaving", Observed: 12, Expected: 3, Ratio: 4, Q: 0.001, New: true}
	err := s.store.Write(t.Context(), func(tx *store.Tx) error {
		raw, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if _, err := tx.SeeEpisode(e.ThemeID, time.Now(), raw); err != nil {
			return err
		}
		ev, err := event.New(event.ThemeEmerged, time.Now(), event.About{Subject: e.ThemeID}, e)
		if err != nil {
			return err
		}
		return tx.Append(ev)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.call(t, "one") // something that all may see comes after it
	s.count(t)
	for _, path := range []string{"/v1/themes/emerged?open=true", "/v1/themes"} {
		if _, _, body := s.ask(t, "GET", path, s.key(t, "viewer"), ""); !strings.Contains(body, `"observed":12`) {
			t.Errorf("%s: %s", path, body)
		}
	}
	for role, want := range map[string]bool{"marketer": true, "agent": false} {
		if got := s.told(t, role); got != want {
			t.Errorf("a %s is told: %v", role, got)
		}
	}
}

// told says whether a role sees the emergence in the stream before the start
// of the call that came after it.
func (s *site) told(t *testing.T, role string) bool {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/v1/events?after=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.key(t, role))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	told := false
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		switch lines.Text() {
		case fmt.Sprint("event: ", event.ThemeEmerged):
			told = true
		case fmt.Sprint("event: ", event.CallStarted):
			return told
		}
	}
	t.Fatal("the stream ended")
	return false
}
