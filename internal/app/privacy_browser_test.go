package app_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"heed/internal/app"
)

// TestThePrivacyOfficersTaskInABrowser does it by the keyboard alone.
func TestThePrivacyOfficersTaskInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	a, c := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	id := person(t, c, "+12135550101", `, "name": "Ann Example"`)
	allow(t, c, id, "marketing", "granted")
	link, err := c.Link(t.Context(), "privacy", "Pat")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	node := exec.CommandContext(ctx, "node", "--test", "e2e/privacy.spec.mjs")
	node.Dir = "../../ui"
	node.Env = append(os.Environ(), "HEED_URL="+a.URL(), "HEED_LOGIN="+link, "HEED_PERSON=Ann")
	out, err := node.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Errorf("the browser test failed: %v", err)
	}
}
