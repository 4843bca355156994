package app_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/internal/app"
	"heed/transcribe/scripted"
)

// TestTheCustomersTasksInABrowser calls once, and lets ui/e2e do what a
// customer does at their own door in headless Chromium, by the keyboard.
func TestTheCustomersTasksInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	name := "happy-thanks"
	s, lines := readScript(t, name)
	dir := filepath.Join(t.TempDir(), "data")
	a, c := serve(t, dir, scriptedBy(map[string][]scripted.Line{s.Caller: lines}))
	call(t, c, recording(t, name), s.Caller, 40)
	report(t, c, "/v1/identify", `{"anonymousId": "b", "traits": {"phone": "`+s.Caller+`", "city": "Springfield", "name": "Ann"}}`, nil)
	inTheBrowser(t, a, dir, s.Caller, "e2e/door.spec.mjs")
}

func inTheBrowser(t *testing.T, a *app.App, dir, phone, script string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	outbox := filepath.Join(dir, "outbox")
	if err := os.MkdirAll(outbox, 0o700); err != nil {
		t.Fatal(err)
	}
	inBrowser(ctx, t, script, "HEED_URL="+strings.TrimSuffix(a.URL(), "/"), "HEED_OUTBOX="+outbox, "HEED_PHONE="+phone)
}
