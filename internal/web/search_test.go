package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"heed/internal/event"
	"heed/internal/store"
)

type found struct {
	Hits []struct {
		UtteranceID string `json:"utterance_id"`
		Text        string
		Before      []struct{ Text string }
		After       []struct{ Text string }
	}
	Total  int
	Next   string
	Facets map[string][]struct {
		Value string
		Count int
	}
}

// index has the search read all that was committed.
func (s *site) indexed(t *testing.T) {
	t.Helper()
	from, err := s.index.Cursor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	events, err := s.store.Events(t.Context(), store.EventQuery{After: from, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.index.Handle(t.Context(), events); err != nil {
		t.Fatal(err)
	}
}

// find searches; the query's text is escaped here.
func (s *site) find(t *testing.T, key, q, more string) (int, found, string) {
	t.Helper()
	status, _, body := s.ask(t, "GET", "/v1/search?q="+url.QueryEscape(q)+more, key, "")
	var f found
	if err := json.Unmarshal([]byte(body), &f); err != nil {
		t.Fatal(err, body)
	}
	return status, f, body
}

func TestSearchOverTheAPI(t *testing.T) {
	s := newSite(t)
	key := s.key(t, "marketer")
	d := s.call(t, event.NewID())
	s.say(t, d.CallID, 40, "the bill is wrong again", "complaint")
	s.say(t, d.CallID, 41, "please refund the wrong bill", "refund")
	s.say(t, d.CallID, 42, "thank you", "")
	other := s.call(t, event.NewID())
	s.say(t, other.CallID, 40, "a refund for the wrong parcel", "refund")
	s.indexed(t)

	status, f, body := s.find(t, key, "wrong (bill OR parcel) -again", "&facets=intent,speaker&around=1&sort=oldest")
	if status != http.StatusOK || len(f.Hits) != 2 || f.Hits[0].Text != "please refund the wrong bill" {
		t.Fatalf("%d %s", status, body)
	}
	if h := f.Hits[0]; len(h.Before) != 1 || h.Before[0].Text != "the bill is wrong again" || len(h.After) != 1 || h.After[0].Text != "thank you" {
		t.Errorf("around: %s", body)
	}
	if c := f.Facets["intent"]; len(c) != 1 || c[0].Value != "refund" || c[0].Count != 2 {
		t.Errorf("facets: %s", body)
	}
	if status, f, body = s.find(t, key, "", "&like="+f.Hits[0].UtteranceID); status != http.StatusOK || len(f.Hits) != 1 || f.Hits[0].Text != "a refund for the wrong parcel" {
		t.Errorf("more like it: %d %s", status, body)
	}
	if _, f, body = s.find(t, key, "wrong then<2s refund", ""); len(f.Hits) != 1 || f.Hits[0].Text != "please refund the wrong bill" {
		t.Errorf("then: %s", body)
	}
	for more, want := range map[string]int{
		"&facets=call": http.StatusBadRequest, "&sort=best": http.StatusUnprocessableEntity, "&around=99": http.StatusUnprocessableEntity,
		"&like=nothing": http.StatusNotFound, "&after=x": http.StatusBadRequest,
	} {
		if status, _, body := s.find(t, key, "wrong", more); status != want {
			t.Errorf("%s: %d %s", more, status, body)
		}
	}
	for role, want := range map[string]int{"marketer": http.StatusOK, "agent": http.StatusForbidden, "viewer": http.StatusForbidden} {
		for q, more := range map[string]string{"wrong -campaign:*": "", "wrong": "&facets=source"} {
			if status, _, body := s.find(t, s.key(t, role), q, more); status != want {
				t.Errorf("%s asks where callers came from by %q%s: %d %s", role, q, more, status, body)
			}
		}
		if status, _, body := s.find(t, s.key(t, role), "-queue:*", "&facets=queue"); status != http.StatusOK {
			t.Errorf("%s asks for a queue: %d %s", role, status, body)
		}
	}
	status, _, body = s.find(t, key, "wrong sentimnt:<0", "")
	if status != http.StatusBadRequest || !strings.Contains(body, `"location":"query.q:6"`) || !strings.Contains(body, "perhaps sentiment") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, _ := s.find(t, key, "", ""); status != http.StatusUnprocessableEntity {
		t.Errorf("nothing asked for: %d", status)
	}
}
