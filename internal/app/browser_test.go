package app_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"heed/internal/client"
	"heed/internal/play"
	"heed/transcribe/scripted"
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
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	played := make(chan error, 1)
	go func() {
		_, err := play.Call(ctx, play.Options{
			Recording: recording(t, name), URL: c.Base(), Key: a.Key(), Speed: 3,
			Caller: play.Caller{From: s.Caller, To: "+12025550199", Agent: "Dana"},
		})
		played <- err
	}()
	if !visit(t, "e2e/call.spec.mjs", a.URL(), a.SignInLink) {
		hangUp()
	}
	if err := <-played; err != nil && ctx.Err() == nil {
		t.Error(err)
	}
}

// visit lets a script of ui/e2e work at a server as who opens a link, and says
// whether it passed.
func visit(t *testing.T, script, url string, link func(context.Context) (string, error), env ...string) bool {
	t.Helper()
	to, err := link(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	return inBrowser(ctx, t, script, append(env, "HEED_URL="+url, "HEED_LOGIN="+to)...)
}

// linkOf makes links that sign in somebody new.
func linkOf(c *client.Client, role, name string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) { return c.Link(ctx, role, name) }
}

// said is a line that is said from one second of a call to another.
func said(who string, from, to int, text string) scripted.Line {
	return scripted.Line{Speaker: who, Start: time.Duration(from) * time.Second, End: time.Duration(to) * time.Second, Text: text}
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
