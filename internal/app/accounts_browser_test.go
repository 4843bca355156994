package app_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"heed/internal/app"
)

// TestSigningInInABrowser does what the first administrator does first, with
// Chromium's virtual authenticator for a device.
func TestSigningInInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	a, _ := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	link, err := a.SignInLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	inBrowser(ctx, t, "e2e/account.spec.mjs", "HEED_URL="+a.URL(), "HEED_LOGIN="+link)
}
