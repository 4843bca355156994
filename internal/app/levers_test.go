package app_test

import (
	"net/http"
	"path/filepath"
	"testing"

	"heed/internal/app"
)

// TestWhoReadsTheLevers: designers and marketers do, agents do not.
func TestWhoReadsTheLevers(t *testing.T) {
	_, admin := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	for role, want := range map[string]int{"designer": http.StatusOK, "marketer": http.StatusOK, "viewer": http.StatusOK, "agent": http.StatusForbidden, "privacy": http.StatusForbidden} {
		var r struct{ Levers, Owners, Days []any }
		if status := ask(t, as(t, admin, role, role), "GET", "/v1/levers?days=7", "", &r); status != want || (want == http.StatusOK && (r.Levers == nil || r.Days == nil)) {
			t.Errorf("a %s: %d, %+v", role, status, r)
		}
	}
	if status := ask(t, admin, "GET", "/v1/levers?days=0", "", nil); status != http.StatusUnprocessableEntity {
		t.Errorf("no days: %d", status)
	}
}
