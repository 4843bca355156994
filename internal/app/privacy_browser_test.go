package app_test

import (
	"context"
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
	inBrowser(ctx, t, "e2e/privacy.spec.mjs", "HEED_URL="+a.URL(), "HEED_LOGIN="+link, "HEED_PERSON=Ann")
}
