package app_test

import (
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"heed/internal/consent"
	"heed/internal/ledger"
)

// hear asks for changes until there are n.
func (s *system) hear(t *testing.T, o *office, n int) []ledger.ConsentChange {
	t.Helper()
	tick := time.NewTicker(60 * time.Millisecond) // slower than the feed's pace
	defer tick.Stop()
	for {
		var feed ledger.ConsentFeed
		if status := o.ask(t, s.key, http.MethodGet, "/v1/consent/changes", nil, &feed); status != http.StatusOK {
			t.Fatalf("%s: changes %d", s.name, status)
		}
		if len(feed.Changes) >= n {
			return feed.Changes
		}
		if t.Context().Err() != nil {
			t.Fatalf("%d changes of %d", len(feed.Changes), n)
		}
		<-tick.C
	}
}

func (s *system) sees(t *testing.T, o *office, changes []ledger.ConsentChange) {
	t.Helper()
	var sees []ledger.Confirmation
	for _, c := range changes {
		sees = append(sees, ledger.Confirmation{ID: c.ID, State: c.State})
	}
	for _, v := range s.confirm(t, o, sees) {
		if v.Verdict != "confirmed" {
			t.Errorf("%+v", v)
		}
	}
}

// TestSystemsHearOfPeople: what a recipient is to know changes without a new
// row when persons are taken for one, parted again and erased.
func TestSystemsHearOfPeople(t *testing.T) {
	t.Parallel() // it waits more than it works
	o := openOffice(t)
	anna := o.caller(t, "+12025550142", "+12025550199", "hello i have a question about my bill").CustomerID
	bert := o.caller(t, "+12025550143", "+12025550198", "hello i have a question about my bill").CustomerID
	var made struct{ Key string }
	o.must(t, "POST", "/v1/consent/recipients", map[string]any{"name": "dialler", "channels": []string{"call"}}, &made)
	s := &system{name: "dialler", key: made.Key}
	yes := map[string]any{"purpose": "marketing", "channel": "call", "state": "granted", "wording_id": "marketing.call"}
	o.must(t, "POST", "/v1/customers/"+bert+"/consent", yes, nil)
	o.must(t, "POST", "/v1/customers/"+anna+"/consent", map[string]any{"purpose": "marketing", "channel": "call", "state": "withdrawn"}, nil)
	first := s.hear(t, o, 2)
	if first[0].State != consent.Withdrawn || first[1].State != consent.Granted || len(first[1].Identifiers) != 1 || first[0].Subject == first[1].Subject {
		t.Fatalf("two persons: %+v", first)
	}
	s.sees(t, o, first)

	merge := asAdmin[struct{ ID string }](t, o.Client, http.MethodPost, "/v1/customers/"+bert+"/merges", map[string]any{"with": anna})
	joined := s.hear(t, o, 2)
	for _, c := range joined {
		if c.State != consent.Withdrawn || len(c.Identifiers) != 2 {
			t.Errorf("taken for one: %+v", c)
		}
	}
	if got := o.standing(t, bert, "call"); got.Allowed {
		t.Errorf("the join has opened: %+v", got)
	}
	s.sees(t, o, joined)
	asAdmin[map[string]any](t, o.Client, http.MethodPost, "/v1/merges/"+merge.ID+"/undo", map[string]any{})
	parted := s.hear(t, o, 2)
	if !slices.ContainsFunc(parted, func(c ledger.ConsentChange) bool { return c.State == consent.Granted && len(c.Identifiers) == 1 }) {
		t.Errorf("parted: %+v", parted)
	}
	s.sees(t, o, parted)

	certificate := asAdmin[struct{ Recipients []string }](t, o.Client, http.MethodPost, "/v1/customers/"+bert+"/erase", map[string]any{"confirm": "erase"})
	if !slices.Equal(certificate.Recipients, []string{"dialler"}) {
		t.Errorf("the certificate names %v", certificate.Recipients)
	}
	gone := s.hear(t, o, 1)
	if len(gone) != 1 || !gone[0].Erased || gone[0].Subject != first[1].Subject || len(gone[0].Identifiers) != 0 {
		t.Fatalf("erased: %+v", gone)
	}
	s.sees(t, o, gone)
	var audit ledger.Audit
	o.must(t, "GET", "/v1/consent/verify", nil, &audit)
	if len(audit.Problems) != 0 || audit.Erased != 1 || audit.Ledgers != 2 {
		t.Errorf("audit %+v", audit)
	}
	if got := recipientOf(t, o, "dialler"); got.State != "ok" {
		t.Errorf("when all is confirmed: %+v", got)
	}
}

// A recipient that hammers at the feed is told when to come back, and no other
// one is.
func TestFeedIsPaced(t *testing.T) {
	at := time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)
	c, now, _ := clocked(t, filepath.Join(t.TempDir(), "data"), at)
	keyOf := func(name string) string {
		var made struct{ Key string }
		if status := ask(t, c, http.MethodPost, "/v1/consent/recipients", `{"name": "`+name+`"}`, &made); status != http.StatusCreated {
			t.Fatal(status)
		}
		return made.Key
	}
	hasty, calm := keyOf("hasty"), keyOf("calm")
	feed := func(key string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.Base()+"/v1/consent/changes", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+key)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, resp.Header.Get("Retry-After")
	}
	passed := func() (n int) {
		for range 100 {
			switch status, after := feed(hasty); {
			case status == http.StatusOK:
				n++
			case status != http.StatusTooManyRequests || after != "1":
				t.Fatalf("status %d, Retry-After %q", status, after)
			}
		}
		return n
	}
	if n := passed(); n != 40 {
		t.Errorf("%d of 100 at once were let in, want 40", n)
	}
	if status, _ := feed(calm); status != http.StatusOK {
		t.Errorf("the other one is answered %d", status)
	}
	later := at.Add(time.Second)
	now.Store(&later)
	if n := passed(); n != 20 {
		t.Errorf("%d of 100 were let in a second later, want 20", n)
	}
}
