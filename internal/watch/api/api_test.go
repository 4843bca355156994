package api

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"go.uber.org/goleak"

	"heed/internal/event"
	"heed/internal/mount"
	"heed/internal/store"
	"heed/internal/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

type rig struct {
	*testing.T
	db    *store.Store
	watch *watch.Service
	srv   *httptest.Server
	may   map[string][]string // roles by operation
	still bool
}

func newRig(t *testing.T) *rig {
	t.Helper()
	db, err := store.Open(context.WithoutCancel(t.Context()), store.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	now := func() time.Time { return noon }
	r := &rig{T: t, db: db, may: map[string][]string{}, still: true}
	r.watch = watch.New(watch.Options{Store: db, Now: now, Check: func(string) error { return nil }, Secret: func() string { return "whsec_1" }, URL: func() string { return "" }})
	mux := http.NewServeMux()
	api := humago.New(mux, huma.DefaultConfig("test", "1"))
	Routes(r.watch, now)(mount.Kit{
		API: api,
		Operation: func(id, method, path, summary string, roles []string) huma.Operation {
			r.may[id] = roles
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
		},
		Fail: func(err error) error {
			if errors.Is(err, store.ErrNotFound) {
				return huma.Error404NotFound("there is nothing with this id")
			}
			if errors.Is(err, store.ErrConflict) {
				return huma.Error409Conflict("somebody changed this meanwhile")
			}
			return err
		},
		Caller: func(context.Context) string { return "Sue" }, ID: func(context.Context) string { return "sue" },
		Role: func(context.Context) string { return mount.Supervisor }, Still: func(context.Context) bool { return r.still },
	})
	r.srv = httptest.NewServer(mux)
	t.Cleanup(r.srv.Close)
	return r
}

// ask makes a request and gives the status and what was answered.
func (r *rig) ask(method, path, body string, into any) int {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), method, r.srv.URL+path, strings.NewReader(body))
	if err != nil {
		r.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := r.srv.Client().Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if into != nil {
		if err := json.NewDecoder(res.Body).Decode(into); err != nil {
			r.Fatal(err)
		}
	}
	return res.StatusCode
}

// begin has a call begin.
func (r *rig) begin(id string) {
	r.Helper()
	if _, err := r.watch.Cursor(r.Context()); err != nil {
		r.Fatal(err)
	}
	c := event.Call{ID: id, PlatformCall: id, Agent: "Ada", Status: event.CallLive, StartedAt: noon.Add(-time.Minute), Captions: event.CaptionsLive}
	e, err := event.New(event.CallStarted, noon, event.About{Subject: id, Call: id}, c)
	if err != nil {
		r.Fatal(err)
	}
	if err := r.db.Write(r.Context(), func(tx *store.Tx) error { return cmp.Or(tx.SaveCall(c), tx.Append(e)) }); err != nil {
		r.Fatal(err)
	}
	events, err := r.db.Events(r.Context(), event.Query{Call: id})
	if err != nil {
		r.Fatal(err)
	}
	if err := r.watch.Handle(r.Context(), events); err != nil {
		r.Fatal(err)
	}
}

// Nobody but overseers is given any of it, and viewers change nothing.
func TestWhoMay(t *testing.T) {
	r := newRig(t)
	if len(r.may) != 12 {
		t.Errorf("%d operations", len(r.may))
	}
	for id, may := range r.may {
		for _, never := range []string{mount.Agent, mount.Marketer, mount.Designer, mount.Privacy, mount.Ingest} {
			if slices.Contains(may, never) {
				t.Errorf("%s is for %s", id, never)
			}
		}
	}
	for _, id := range []string{"make-live-rule", "change-live-rule", "delete-live-rule", "restore-live-rule", "new-live-rule-secret", "ack-live-alert", "reopen-live-alert"} {
		if slices.Contains(r.may[id], mount.Viewer) {
			t.Errorf("%s is for viewers", id)
		}
	}
}

func TestARulesLife(t *testing.T) {
	r := newRig(t)
	var rule LiveRule
	if got := r.ask(http.MethodPost, "/v1/live/rules", `{"name": "Long", "kind": "long", "seconds": 30, "webhook": "https://hook.test"}`, &rule); got != http.StatusCreated || !rule.Own || rule.By != "Sue" {
		t.Fatalf("%d %+v", got, rule)
	}
	var bad struct {
		Errors []struct{ Location, Message string }
	}
	if got := r.ask(http.MethodPost, "/v1/live/rules", `{"name": "x", "kind": "phrase", "phrase": "..."}`, &bad); got != http.StatusUnprocessableEntity || len(bad.Errors) != 1 || bad.Errors[0].Location != "body.phrase" {
		t.Errorf("%d %+v", got, bad)
	}
	var secret liveRuleSecret
	if got := r.ask(http.MethodPost, "/v1/live/rules/"+rule.ID+"/secret", "", &secret); got != http.StatusOK || secret.Secret != "whsec_1" {
		t.Errorf("%d %+v", got, secret)
	}
	r.begin("a")
	r.watch.Beat(t.Context())
	var board watch.Board
	if got := r.ask(http.MethodGet, "/v1/live", "", &board); got != http.StatusOK || len(board.Calls) != 1 || len(board.Alerts) != 1 {
		t.Fatalf("%d %+v", got, board)
	}
	var alert watch.Alert
	path := "/v1/live/alerts/" + board.Alerts[0].ID + "/ack"
	if got := r.ask(http.MethodPut, path, "", &alert); got != http.StatusOK || alert.AckedBy != "Sue" {
		t.Errorf("%d %+v", got, alert)
	}
	var list liveAlertList
	if r.ask(http.MethodGet, "/v1/live/alerts?open=true", "", &list); len(list.Alerts) != 0 {
		t.Errorf("%+v", list)
	}
	if got := r.ask(http.MethodDelete, path, "", nil); got != http.StatusOK {
		t.Error(got)
	}
	for _, step := range []struct {
		method, path, body string
		want               int
	}{
		{http.MethodPut, "?changed_at=2026-05-01T12:00:01Z", `{"name": "Unseen", "kind": "long", "seconds": 90}`, http.StatusConflict},
		{http.MethodPut, "?changed_at=2026-05-01T12:00:00Z", `{"name": "Longer", "kind": "long", "seconds": 90}`, http.StatusOK},
		{http.MethodDelete, "", "", http.StatusNoContent},
		{http.MethodPost, "/restore", "", http.StatusOK},
	} {
		if got := r.ask(step.method, "/v1/live/rules/"+rule.ID+step.path, step.body, nil); got != step.want {
			t.Errorf("%s %s: %d, want %d", step.method, step.path, got, step.want)
		}
	}
	if got := r.ask(http.MethodDelete, "/v1/live/rules/none", "", nil); got != http.StatusNotFound {
		t.Error(got)
	}
	var rules liveRuleList
	if r.ask(http.MethodGet, "/v1/live/rules", "", &rules); len(rules.Rules) != 1 || rules.Rules[0].Name != "Longer" || rules.Rules[0].Webhook != "" {
		t.Errorf("%+v", rules)
	}
}

func TestTheTeamsTime(t *testing.T) {
	r := newRig(t)
	r.begin("a")
	for query, want := range map[string]int{
		"": http.StatusOK, "?from=2026-04-30T00:00:00Z": http.StatusOK,
		"?from=2026-05-02T00:00:00Z": http.StatusUnprocessableEntity, "?from=2025-05-02T00:00:00Z": http.StatusUnprocessableEntity,
	} {
		var team watch.Team
		if got := r.ask(http.MethodGet, "/v1/team"+query, "", &team); got != want || want == http.StatusOK && (team.All.Calls != 1 || team.All.Live != 1) {
			t.Errorf("%q: %d %+v", query, got, team)
		}
	}
}

// A screen gets all of it, then each change, resumes by the last id, and its
// stream ends with the server.
func TestTheStream(t *testing.T) {
	r := newRig(t)
	r.begin("a")
	first, id := r.next("")
	if !first.Whole || len(first.Calls) != 1 {
		t.Errorf("%+v", first)
	}
	r.begin("b")
	if got, _ := r.next("&alerts=true"); !got.Whole || len(got.Calls) != 0 {
		t.Errorf("the alerts alone: %+v", got)
	}
	got, _ := r.next(id)
	if got.Whole || len(got.Calls) != 1 || got.Calls[0].Call != "b" {
		t.Errorf("resumed with %+v", got)
	}
	r.watch.Close()
	r.watch.Close()
	res, err := r.srv.Client().Get(r.srv.URL + "/v1/live/events")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	for s := bufio.NewScanner(res.Body); s.Scan(); { // it ends
		continue
	}
}

// next opens a stream after an id, and reads the first event of it.
func (r *rig) next(after string) (b watch.Board, id string) {
	r.Helper()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.srv.URL+"/v1/live/events?after="+after, nil)
	if err != nil {
		r.Fatal(err)
	}
	res, err := r.srv.Client().Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	for s := bufio.NewScanner(res.Body); s.Scan(); {
		if v, ok := strings.CutPrefix(s.Text(), "id: "); ok {
			id = v
		}
		if v, ok := strings.CutPrefix(s.Text(), "data: "); ok {
			if err := json.Unmarshal([]byte(v), &b); err != nil {
				r.Fatal(err)
			}
			return b, id
		}
	}
	r.Fatal("the stream ended")
	return b, id
}

// Where a rule tells is for who may change it.
func TestAddressesAreForTheOwner(t *testing.T) {
	rule := store.WatchRule{ID: "r", Owner: "ann", WatchWanted: store.WatchWanted{WatchWays: store.WatchWays{Mail: "ann@heed.test", Webhook: "https://u.hook.test:8443/T0/B0?key=x"}}}
	for _, c := range []struct {
		who           watch.Person
		mail, webhook string
	}{
		{watch.Person{ID: "ann", Role: mount.Supervisor}, "ann@heed.test", "https://u.hook.test:8443/T0/B0?key=x"},
		{watch.Person{ID: "root", Role: mount.Admin}, "ann@heed.test", "https://u.hook.test:8443/T0/B0?key=x"},
		{watch.Person{ID: "bob", Role: mount.Supervisor}, "…@heed.test", "https://u.hook.test/…"},
		{watch.Person{ID: "vic", Role: mount.Viewer}, "…@heed.test", "https://u.hook.test/…"},
	} {
		if got := ruleView(rule, c.who); got.Mail != c.mail || got.Webhook != c.webhook {
			t.Errorf("%+v: %q %q", c.who, got.Mail, got.Webhook)
		}
	}
	if got := ruleView(store.WatchRule{ID: "r", Owner: "ann"}, watch.Person{ID: "bob"}); got.Mail != "" || got.Webhook != "" {
		t.Errorf("none: %q %q", got.Mail, got.Webhook)
	}
}
