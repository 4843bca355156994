package web_test

import (
	"net/http"
	"testing"
	"time"

	"heed/internal/store"
)

// A browser that only follows a stream keeps nobody signed in: that is no use
// of the session. Any other request is.
func TestAStreamIsNoUseOfASession(t *testing.T) {
	s := newSite(t)
	s.call(t, "kept")
	began := time.Now().Add(-10 * time.Minute).Truncate(time.Millisecond)
	err := s.store.Write(t.Context(), func(tx *store.Tx) error {
		return tx.AddSession(store.Session{
			ID: "s1", User: "u1", Hash: store.HashOf("secret"), Made: began, Expires: began.Add(time.Hour), Idle: 30 * time.Minute, How: "link",
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := func() time.Time {
		t.Helper()
		all, err := s.store.Sessions(t.Context(), "u1", time.Now())
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v %v", all, err)
		}
		return all[0].Seen
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/v1/calls/kept/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Cookie", "heed_session=secret")
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || !seen().Equal(began) {
		t.Errorf("%d: a stream was a use of the session at %s, which began at %s", resp.StatusCode, seen(), began)
	}
	if status, _, _ := s.ask(t, "GET", "/v1/me", "", "", "Cookie", "heed_session=secret"); status != http.StatusOK || !seen().After(began) {
		t.Errorf("%d: a request was no use of the session", status)
	}
}
