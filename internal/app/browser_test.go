package app_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"heed/internal/play"
	"heed/ui"
)

// TestTheAgentsTaskInABrowser plays a recorded call at a real server, with the
// real engine where it can be had, and lets ui/e2e do the agent's task in
// headless Chromium: read captions, accept a suggestion, read the call after.
func TestTheAgentsTaskInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	name := "cancel-competitor"
	s, _ := readScript(t, name)
	a, c := serve(t, filepath.Join(t.TempDir(), "data"), realEngine(t))
	link, err := a.SignInLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, hangUp := context.WithTimeout(t.Context(), 4*time.Minute)
	defer hangUp()
	played := make(chan error, 1)
	go func() {
		_, err := play.Call(ctx, play.Options{
			Recording: recording(t, name), URL: c.Base(), Key: a.Key(), Speed: 3,
			Caller: play.Caller{From: s.Caller, To: "+12025550199", Agent: "Dana"},
		})
		played <- err
	}()
	if !inBrowser(ctx, t, "e2e/call.spec.mjs", "HEED_URL="+a.URL(), "HEED_LOGIN="+link) {
		hangUp()
	}
	if err := <-played; err != nil && ctx.Err() == nil {
		t.Error(err)
	}
}

// inBrowser lets a script of ui/e2e work in headless Chromium, with settings in
// its environment, and says whether it passed.
func inBrowser(ctx context.Context, t *testing.T, script string, env ...string) bool {
	t.Helper()
	node := exec.CommandContext(ctx, "node", "--test", script)
	node.Dir = "../../ui"
	node.Env = append(os.Environ(), env...)
	out, err := node.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Errorf("the browser test failed: %v", err)
	}
	return err == nil
}

// needBrowser passes the test over where the app was not built or there is no
// Chromium; "make test" has both and demands them.
func needBrowser(t *testing.T) {
	t.Helper()
	lacking := ""
	if f, err := ui.Files().Open("index.html"); err != nil {
		lacking = "the app is not built: make build"
	} else {
		_ = f.Close() // it was only looked for
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		lacking = "no Chromium: apt-get install chromium"
	}
	if lacking == "" {
		return
	}
	if os.Getenv("HEED_REQUIRE_BROWSER") == "1" {
		t.Fatal(lacking)
	}
	t.Skip(lacking)
}
