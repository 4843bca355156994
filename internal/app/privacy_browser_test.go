package app_test

import (
	"path/filepath"
	"testing"

	"heed/internal/app"
)

// TestThePrivacyOfficersTaskInABrowser does it by the keyboard alone.
func TestThePrivacyOfficersTaskInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	a, c := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	id := person(t, c, "+12135550101", `, "name": "Ann Example"`)
	allow(t, c, id, "marketing", "granted")
	visit(t, "e2e/privacy.spec.mjs", a.URL(), linkOf(c, "privacy", "Pat"), "HEED_PERSON=Ann")
}
