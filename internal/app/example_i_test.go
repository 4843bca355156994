package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/internal/app"
	"heed/internal/client"
	"heed/transcribe/scripted"
)

// stopped is a clock that can be stopped.
type stopped struct {
	mu sync.Mutex
	at time.Time // zero: it goes
}

func (s *stopped) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at.IsZero() {
		return time.Now()
	}
	return s.at
}

func (s *stopped) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = time.Now()
}

// asAdmin makes a request as an administrator and reads the answer.
func asAdmin[T any](t *testing.T, c *client.Client, method, path string, body any) T {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, c.Base()+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(c.Key(), "")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s %v", method, path, resp.StatusCode, answer, err)
	}
	var out T
	if err := json.Unmarshal(answer, &out); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return out
}

// TestExampleI: two people share a tablet and are wrongly taken for one. They
// are parted again, and both have their timeline, counters, consent and next
// decision back, to the last byte.
func TestExampleI(t *testing.T) {
	t.Parallel() // it waits more than it works
	script, lines := readScript(t, "cancel-competitor")
	understand, err := analyzer()
	if err != nil {
		t.Fatal(err)
	}
	clock := &stopped{}
	a, err := app.New(t.Context(), app.Options{
		Config: settings(t, filepath.Join(t.TempDir(), "data")), Logger: slog.New(slog.DiscardHandler), Version: "test",
		Engine: scriptedBy(map[string][]scripted.Line{script.Caller: lines}), Analyzer: understand, Now: clock.now,
	})
	if err != nil {
		t.Fatal(err)
	}
	c := run(t, a)

	// One called and wants to leave; the other bought something online.
	one := call(t, c, recording(t, "cancel-competitor"), script.Caller, 25).CustomerID
	clock.stop()
	for i, name := range []string{"page.product", "purchase", "page.product"} {
		asAdmin[any](t, c, http.MethodPost, "/v1/track", map[string]any{
			"userId": "tablet-friend", "event": name, "messageId": fmt.Sprint("t", i), "properties": map[string]any{"product": "fibre"},
		})
	}
	type people struct {
		Customers []struct{ ID string }
	}
	found := asAdmin[people](t, c, http.MethodGet, "/v1/customers?q=tablet-friend", nil).Customers
	if len(found) != 1 {
		t.Fatalf("%d people by the user id", len(found))
	}
	other := found[0].ID
	for id, state := range map[string]string{one: "withdrawn", other: "granted"} {
		asAdmin[any](t, c, http.MethodPost, "/v1/customers/"+id+"/consent", map[string]any{"purpose": "marketing", "channel": "email", "state": state, "wording": "May we write to you?"})
	}
	portrait := func(id string) map[string]any {
		out := map[string]any{}
		for name, path := range map[string]string{
			"glance": "", "timeline": "/timeline?limit=500&types=call,fact,signal,trait,identifier,consent,outcome", "ledger": "/consent", "consent now": "/consent/now", "identifiers": "/identifiers",
		} {
			out[name] = asAdmin[any](t, c, http.MethodGet, "/v1/customers/"+id+path, nil)
		}
		// What was merged once is told, in its own place.
		delete(out["glance"].(map[string]any), "links")
		d := asAdmin[map[string]any](t, c, http.MethodPost, "/v1/decisions", map[string]any{"customer_id": id, "slot": "web.banner", "channel": "web"})
		delete(d, "decision_id")
		out["next decision"] = d
		return out
	}
	before := map[string]any{one: portrait(one), other: portrait(other)}

	merge := asAdmin[struct{ ID string }](t, c, http.MethodPost, "/v1/customers/"+other+"/merges", map[string]any{"with": one})
	type glance struct {
		ID      string
		Members []string
		May     []struct{ Purpose, Channel, State string }
	}
	g := asAdmin[glance](t, c, http.MethodGet, "/v1/customers/"+other, nil)
	if g.ID != one || len(g.Members) != 2 {
		t.Errorf("merged they are %s of %v", g.ID, g.Members)
	}
	for _, m := range g.May {
		if m.Purpose == "marketing" && m.Channel == "email" && m.State != "withdrawn" {
			t.Errorf("merged, e-mail is %s", m.State)
		}
	}
	type standing struct{ Purpose, Channel, State string }
	for _, c := range asAdmin[struct{ Cells []standing }](t, c, http.MethodGet, "/v1/customers/"+other+"/consent/now", nil).Cells {
		if c.Purpose == "marketing" && c.Channel == "email" && c.State != "withdrawn" {
			t.Errorf("merged, the ledger says of e-mail %s", c.State)
		}
	}
	if cmp.Equal(before[other], portrait(other)) {
		t.Error("the merge shows nowhere")
	}

	asAdmin[any](t, c, http.MethodPost, "/v1/merges/"+merge.ID+"/undo", nil)
	for id, was := range before {
		if diff := cmp.Diff(was, portrait(id)); diff != "" {
			t.Errorf("%s: -before +after the merge was undone\n%s", id, diff)
		}
	}
}
