package app_test

import (
	"path/filepath"
	"testing"

	"heed/internal/app"
)

// TestSigningInInABrowser does what the first administrator does first, with
// Chromium's virtual authenticator for a device.
func TestSigningInInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	a, _ := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	visit(t, "e2e/account.spec.mjs", a.URL(), a.SignInLink)
}
