package app_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"testing"

	"heed/internal/app"
)

// TestTheDesignersTaskInABrowser changes, tries, replays and publishes an action
// by the keyboard, over decisions that were made before.
func TestTheDesignersTaskInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	a, c := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	for n := range 6 {
		id := person(t, c, fmt.Sprintf("+1213555010%d", n), "")
		allow(t, c, id, "marketing", "granted")
		for _, slot := range []string{`"slot": "web.banner", "channel": "web"`, `"slot": "outbound.email", "channel": "email"`} {
			body := fmt.Sprintf(`{"customer_id": %q, %s}`, id, slot)
			if status := ask(t, c, http.MethodPost, "/v1/decisions", body, nil); status != http.StatusOK && status != http.StatusCreated {
				t.Fatalf("a decision: %d", status)
			}
		}
	}
	approver, err := c.Link(t.Context(), "admin", "Bo")
	if err != nil {
		t.Fatal(err)
	}
	visit(t, "e2e/decisions.spec.mjs", a.URL(), linkOf(c, "designer", "Ada"), "HEED_APPROVER="+approver)
}
