package app_test

import (
	"path/filepath"
	"testing"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

// TestTheAdministratorsTaskInABrowser does it by the keyboard alone.
func TestTheAdministratorsTaskInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	dir := filepath.Join(t.TempDir(), "data")
	over(t, dir, "0198c0de-0000-7000-8000-00000000ca11")
	a, _ := serve(t, dir, ears(t, nil))
	visit(t, "e2e/admin.spec.mjs", a.URL(), a.SignInLink, "HEED_CALL=0198c0de-0000-7000-8000-00000000ca11")
}

// over stores a call that is over, of somebody who withheld the number.
func over(t *testing.T, dir, id string) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-time.Hour)
	err = s.Write(t.Context(), func(tx *store.Tx) error {
		return tx.SaveCall(event.Call{ID: id, Platform: "twilio", PlatformCall: "CA1", Direction: "inbound", Status: event.CallOver, StartedAt: at, EndedAt: &at, Recording: event.Recording{State: "none"}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
