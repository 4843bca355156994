package app_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/client"
	"heed/internal/event"
	"heed/internal/store"
)

// savedBy saves a search and gives its id.
func savedBy(t *testing.T, c *client.Client, body string) string {
	t.Helper()
	var s struct{ ID string }
	if status := ask(t, c, http.MethodPost, "/v1/searches", body, &s); status != http.StatusCreated || s.ID == "" {
		t.Fatalf("save: %d", status)
	}
	return s.ID
}

// TestAQueryThatDoesNotParseIsNotSaved: with the place, as a search has it.
func TestAQueryThatDoesNotParseIsNotSaved(t *testing.T) {
	t.Parallel()
	c, _, _ := clocked(t, filepath.Join(t.TempDir(), "data"), noonUTC())
	var p struct {
		Errors []struct{ Location, Message string }
	}
	const bad = `"refund speakr:customer"`
	status := ask(t, c, http.MethodPost, "/v1/searches", `{"name": "x", "query": `+bad+`}`, &p)
	if status != http.StatusBadRequest || len(p.Errors) != 1 || p.Errors[0].Location != "body.query:7" || !strings.Contains(p.Errors[0].Message, "perhaps speaker") {
		t.Errorf("%d %+v", status, p)
	}
	if status := ask(t, c, http.MethodPost, "/v1/subscriptions/preview", `{"kind": "threshold", "least": 1, "query": `+bad+`}`, &p); status != http.StatusBadRequest {
		t.Errorf("preview: %d %+v", status, p)
	}
	var l struct{ Searches []any }
	if ask(t, c, http.MethodGet, "/v1/searches", "", &l); len(l.Searches) != 0 {
		t.Errorf("kept %+v", l)
	}
}

// An alert of what was said on a call reaches the folder of mails, with a link
// that ends it.
func TestAnAlertArrivesAsAMail(t *testing.T) {
	t.Parallel() // it waits more than it works
	at := noonUTC()
	dir := filepath.Join(t.TempDir(), "data")
	sub := refunded(t, dir, at)
	c, _, _ := clocked(t, dir, at)
	var l struct {
		Alerts []struct {
			ID, Name   string
			Count      int
			Deliveries []struct{ State string }
		}
	}
	for end := time.Now().Add(2 * time.Minute); ; {
		if ask(t, c, http.MethodGet, "/v1/alerts?all=true", "", &l); len(l.Alerts) == 1 && len(l.Alerts[0].Deliveries) == 1 && l.Alerts[0].Deliveries[0].State == "sent" {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%+v", l)
		}
	}
	raw, err := os.ReadFile(filepath.Join(dir, "mail", l.Alerts[0].ID+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	leave := strings.Trim(m.Header.Get("List-Unsubscribe"), "<>")
	if m.Header.Get("To") != "<ann@example.com>" || m.Header.Get("Subject") != "Refunds: 1 call in the last hour" || !strings.HasPrefix(m.Header.Get("Message-ID"), "<"+l.Alerts[0].ID) || l.Alerts[0].Count != 1 {
		t.Errorf("mail %s", raw)
	}
	if strings.Contains(string(raw), "secret") {
		t.Errorf("what was said goes out: %s", raw)
	}
	_, path, _ := strings.Cut(strings.TrimPrefix(leave, "http://"), "/")
	stranger, err := client.New(c.Base(), "") // a mail program has no key
	if err != nil {
		t.Fatal(err)
	}
	if status := ask(t, stranger, http.MethodPost, "/"+path, "List-Unsubscribe=One-Click", nil); status != http.StatusOK {
		t.Errorf("one click: %d", status)
	}
	var one struct{ State, Note string }
	if ask(t, c, http.MethodGet, "/v1/subscriptions/"+sub, "", &one); one.State != "paused" || one.Note != "unsubscribed" {
		t.Errorf("after the click: %+v", one)
	}
}

// refunded makes a folder in which somebody wants to be told of refunds, and a
// customer has just asked for one.
func refunded(t *testing.T, dir string, at time.Time) (subscription string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	asked := at.Add(-time.Hour)
	u := insights.Utterance{ID: "u1", CallID: "c1", Seq: 1, Speaker: insights.Customer, Text: "a secret refund", Language: "en"}
	e, err := event.New(event.UtteranceSpoken, at.Add(-time.Minute), event.About{Subject: "c1", Call: "c1"}, event.Reworded{Utterance: u})
	if err != nil {
		t.Fatal(err)
	}
	s := store.SavedSearch{ID: "s1", Owner: "ann", Created: asked, SavedAs: store.SavedAs{Name: "Refunds", Query: "refund"}}
	sub := store.Subscription{
		ID: "w1", Owner: "ann", Search: "s1", State: store.SubscriptionActive, Created: asked, Changed: asked, Standing: store.Standing{Checked: asked},
		Wanted: store.Wanted{Kind: "threshold", Least: 1, Unit: "calls", Period: "hour", Mail: "ann@example.com"},
	}
	err = errors.Join(db.AddUser(t.Context(), store.User{ID: "ann", Name: "Ann", Role: "marketer", CreatedAt: asked}), db.Write(t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.SaveCall(event.Call{ID: "c1", PlatformCall: "c1", StartedAt: at.Add(-2 * time.Minute), Status: event.CallOver}), tx.Append(e), tx.SaveSearch(s), tx.SaveSubscription(sub))
	}), db.Close())
	if err != nil {
		t.Fatal(err)
	}
	return sub.ID
}

// TestWhoAsksForWhat: what is refused, to whom, and what can be brought back.
func TestWhoAsksForWhat(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	c, _, _ := clocked(t, dir, noonUTC())
	id := savedBy(t, c, `{"name": "Refunds", "query": "refund", "shared": true}`)
	for path, body := range map[string]string{
		"/v1/subscriptions":         `{"search_id": "` + id + `", "kind": "threshold", "least": 0, "mail": "ann@example.com"}`,
		"/v1/subscriptions?":        `{"search_id": "` + id + `", "kind": "threshold", "least": 1, "mail": "not an address"}`,
		"/v1/subscriptions?x":       `{"search_id": "` + id + `", "kind": "threshold", "least": 1, "webhook": "http://example.com/"}`,
		"/v1/subscriptions/preview": `{"search_id": "nothing", "kind": "new"}`,
	} {
		if status := ask(t, c, http.MethodPost, path, body, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("%s %s: %d", path, body, status)
		}
	}
	var sub struct{ ID, State string }
	body := `{"theme_id": "*", "kind": "new", "mail": "ann@example.com", "webhook": "https://example.invalid/x"}`
	if status := ask(t, c, http.MethodPost, "/v1/subscriptions", body, &sub); status != http.StatusCreated {
		t.Fatalf("subscribe: %d", status)
	}
	var secret struct{ Secret string }
	if status := ask(t, c, http.MethodPost, "/v1/subscriptions/"+sub.ID+"/secret", "", &secret); status != http.StatusOK || !strings.HasPrefix(secret.Secret, "whsec_") {
		t.Errorf("secret: %d", status)
	}
	var digest struct{ ID string }
	if status := ask(t, c, http.MethodPost, "/v1/subscriptions", `{"kind": "digest", "mail": "ann@example.com"}`, &digest); status != http.StatusCreated {
		t.Fatalf("digest: %d", status)
	}
	var p struct {
		Fired []time.Time
		Weeks int
		Note  string
	}
	// The index may still be on its way to what the start itself wrote down.
	status := http.StatusServiceUnavailable
	wait(t, "the index", func() bool {
		status = ask(t, c, http.MethodPost, "/v1/subscriptions/preview", `{"query": "refund", "kind": "change"}`, &p)
		return status != http.StatusServiceUnavailable
	})
	if status != http.StatusOK || p.Weeks != 8 || p.Fired == nil || p.Note != "short" {
		t.Errorf("preview: %d %+v", status, p)
	}
	// Roles that have no part in themes are refused.
	for _, role := range []string{"agent", "designer", "ingest"} {
		k := asRole(t, c, role)
		if status := ask(t, k, http.MethodGet, "/v1/alerts", "", nil); status != http.StatusForbidden {
			t.Errorf("%s reads alerts: %d", role, status)
		}
	}
	k := asRole(t, c, "viewer")
	if status := ask(t, k, http.MethodGet, "/v1/subscriptions/"+sub.ID, "", nil); status != http.StatusNotFound {
		t.Errorf("a viewer sees what others asked for: %d", status)
	}
	var l struct {
		Searches []struct {
			Name  string
			Own   bool
			Total *int
		}
	}
	if ask(t, k, http.MethodGet, "/v1/searches?counts=true", "", &l); len(l.Searches) != 1 || l.Searches[0].Own || l.Searches[0].Total == nil {
		t.Errorf("a viewer sees %+v", l)
	}
	for _, path := range []string{"/v1/searches/" + id, "/v1/subscriptions/" + sub.ID} {
		if status := ask(t, k, http.MethodDelete, path, "", nil); status != http.StatusForbidden && status != http.StatusNotFound {
			t.Errorf("a viewer deletes %s: %d", path, status)
		}
		if status := ask(t, c, http.MethodDelete, path, "", nil); status != http.StatusNoContent {
			t.Errorf("delete %s: %d", path, status)
		}
	}
	if status := ask(t, c, http.MethodPost, "/v1/searches/"+id+"/restore", "", nil); status != http.StatusOK {
		t.Errorf("restore: %d", status)
	}
	if status := ask(t, c, http.MethodPatch, "/v1/subscriptions/"+sub.ID, `{"state": "active"}`, &sub); status != http.StatusOK || sub.State != "active" {
		t.Errorf("bring back: %d %+v", status, sub)
	}
	if status := ask(t, c, http.MethodGet, "/unsubscribe/"+sub.ID+".x", "", nil); status != http.StatusNotFound {
		t.Errorf("a link that is none: %d", status)
	}
	if info, err := os.Stat(filepath.Join(dir, "alerts.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v", err)
	}
}
