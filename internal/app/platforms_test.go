package app_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/internal/app"
)

type testCall struct {
	Test *struct {
		Platform, State, Fault, Detail string
		Streams                        int
		Told                           struct{ From, Agent string }
		Parties                        []struct {
			Speaker string
			Frames  int
			Level   float64
		}
	}
}

// A test call goes through the door of every platform that needs no address of
// its own, and leaves no call behind.
func TestTestCallsArriveAtTheirDoors(t *testing.T) {
	t.Parallel() // it waits more than it works
	cfg := settings(t, filepath.Join(t.TempDir(), "data"))
	cfg.AudioSocket.Listen = "127.0.0.1:0"
	cfg.AudioSocket.Networks = []string{"127.0.0.0/8"}
	c := serveWith(t, cfg, app.NoEngine())
	var list struct {
		Platforms []struct {
			Name       string
			Configured bool
			Testable   bool
			Missing    []string
			Addresses  []struct{ What, URL string }
		}
	}
	if status := ask(t, c, http.MethodGet, "/v1/platforms", "", &list); status != http.StatusOK || len(list.Platforms) < 11 {
		t.Fatalf("%d platforms: %d", len(list.Platforms), status)
	}
	for _, p := range list.Platforms {
		if p.Name == "siprec" && (p.Configured || p.Testable || len(p.Missing) != 1) {
			t.Errorf("siprec without an address is %+v", p)
		}
		if p.Name != "siprec" && (!p.Configured || len(p.Addresses) == 0) {
			t.Errorf("%s is not configured: %v", p.Name, p.Missing)
		}
		var guide struct{ Markdown string }
		if status := ask(t, c, http.MethodGet, "/v1/platforms/"+p.Name+"/guide", "", &guide); status != http.StatusOK || strings.Contains(guide.Markdown, "heed.example.com") {
			t.Errorf("the page on %s: %d", p.Name, status)
		}
		if p.Testable {
			arrives(t, func(method, path string, v any) int { return ask(t, c, method, path, "", v) }, p.Name)
		}
	}
	if n, err := c.Live(t.Context()); err != nil || n != 0 {
		t.Errorf("%d live calls, %v", n, err)
	}
	var calls struct {
		Calls []struct{ ID, Platform string }
	}
	if ask(t, c, http.MethodGet, "/v1/calls", "", &calls); len(calls.Calls) != 0 {
		t.Errorf("test calls were stored: %+v", calls.Calls)
	}
	if status := ask(t, c, http.MethodPost, "/v1/platforms/pigeon/test", "", nil); status != http.StatusNotFound {
		t.Errorf("a test call as a pigeon: %d", status)
	}
}

// arrives makes a test call, and hangs up when both parties were heard.
func arrives(t *testing.T, do func(method, path string, v any) int, platform string) {
	t.Helper()
	if status := do(http.MethodPost, "/v1/platforms/"+platform+"/test", nil); status != http.StatusAccepted {
		t.Errorf("%s: %d", platform, status)
		return
	}
	if status := do(http.MethodPost, "/v1/platforms/"+platform+"/test", nil); status != http.StatusConflict {
		t.Errorf("a second test call: %d", status)
	}
	var v testCall
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	limit := time.Now().Add(20 * time.Second)
	for range tick.C {
		do(http.MethodGet, "/v1/platforms/test", &v)
		if v.Test.State != "playing" || len(v.Test.Parties) == 2 && v.Test.Parties[0].Frames > 10 && v.Test.Parties[1].Frames > 10 || time.Now().After(limit) {
			break
		}
	}
	if v.Test.State != "playing" || v.Test.Streams == 0 || len(v.Test.Parties) != 2 {
		t.Errorf("%s: what arrived is %+v", platform, *v.Test)
	}
	if status := do(http.MethodDelete, "/v1/platforms/test", nil); status != http.StatusNoContent {
		t.Errorf("hanging up: %d", status)
	}
	for range tick.C {
		if do(http.MethodGet, "/v1/platforms/test", &v); v.Test.State != "playing" || time.Now().After(limit.Add(20*time.Second)) {
			break
		}
	}
	if v.Test.State != "stopped" {
		t.Errorf("%s: a call that was hung up is %+v", platform, *v.Test)
	}
}
