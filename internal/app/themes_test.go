package app_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/client"
	"heed/internal/themes"
	"heed/transcribe/scripted"
)

// themesOf asks a server for its themes.
func themesOf(t *testing.T, c *client.Client) themes.List {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.Base()+"/v1/themes", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.Key())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var l themes.List
	if err := json.NewDecoder(resp.Body).Decode(&l); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s, %v", resp.Status, err)
	}
	return l
}

// A call that was played is counted, also by a server that is started anew.
func TestACallIsCounted(t *testing.T) {
	t.Parallel() // it waits more than it works
	const name = "cancel-competitor"
	s, lines := readScript(t, name)
	dir := filepath.Join(t.TempDir(), "data")
	a, c := serve(t, dir, scriptedBy(map[string][]scripted.Line{s.Caller: lines}))
	var said int64
	for _, u := range call(t, c, recording(t, name), s.Caller, 25).Utterances {
		if u.Speaker == insights.Customer {
			said++
		}
	}
	var first themes.List
	for end := time.Now().Add(2 * time.Minute); ; {
		if first = themesOf(t, c); first.Now.Turns == said {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("counted %+v", first)
		}
	}
	if said == 0 || first.Now.Calls != 1 || len(first.Themes) == 0 {
		t.Fatalf("%d lines, themes %+v", said, first)
	}
	if err := a.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, c = serve(t, dir, scriptedBy(nil))
	again := themesOf(t, c)
	for i, th := range again.Themes {
		if th.ID != first.Themes[i].ID || th.Now != first.Themes[i].Now || th.Read != 1 {
			t.Errorf("after a start: %+v, before: %+v", th, first.Themes[i])
		}
	}
	if len(again.Themes) != len(first.Themes) {
		t.Errorf("%d themes after a start, %d before", len(again.Themes), len(first.Themes))
	}
}
