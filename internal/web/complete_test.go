package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"heed/internal/event"
)

type completed struct {
	From, To    int
	Suggestions []struct {
		Text, Kind string
		Count      int
	}
}

func TestQueriesAreCompleted(t *testing.T) {
	s := newSite(t)
	d := s.call(t, event.NewID())
	s.say(t, d.CallID, 40, "the bill is wrong again", "complaint")
	s.indexed(t)
	key := s.key(t, "agent")
	for _, c := range []struct{ q, at, want string }{
		{"refund intent:c", "", "refund intent:cancel refund intent:complaint"},
		{"fé inte x", "8", "fé intent: x"}, // bytes, not letters
		{"campaig", "", ""},                // there is none, or the caller may not see it
	} {
		path := "/v1/search/complete?q=" + url.QueryEscape(c.q)
		if c.at != "" {
			path += "&at=" + c.at
		}
		status, _, body := s.ask(t, "GET", path, key, "")
		var got completed
		if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK {
			t.Fatal(status, body, err)
		}
		var all []string
		for _, one := range got.Suggestions {
			all = append(all, c.q[:got.From]+one.Text+c.q[got.To:])
		}
		if strings.Join(all, " ") != c.want {
			t.Errorf("%q: %s", c.q, body)
		}
	}
	for path, want := range map[string]int{"?q=a&at=2": http.StatusBadRequest, "?q=a&at=x": http.StatusUnprocessableEntity, "?q=" + strings.Repeat("a", 2001): http.StatusUnprocessableEntity} {
		if status, _, body := s.ask(t, "GET", "/v1/search/complete"+path, key, ""); status != want {
			t.Errorf("%.20s: %d %s", path, status, body)
		}
	}
	if status, _, _ := s.ask(t, "GET", "/v1/search/complete?q=a", s.key(t, "designer"), ""); status != http.StatusForbidden {
		t.Errorf("a designer: %d", status)
	}
}
