package app_test

import (
	"path/filepath"
	"testing"

	"heed/transcribe/scripted"
)

// TestReadingACallInABrowser reads a call that is over and its customer by the
// keyboard alone.
func TestReadingACallInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	const number = "+12025550181"
	a, c := serve(t, filepath.Join(t.TempDir(), "data"), scriptedBy(map[string][]scripted.Line{number: {
		said("agent", 1, 4, "thank you for calling what can i do for you"),
		said("customer", 3, 8, "i want to cancel my contract nobody called me back"),
		said("agent", 14, 18, "i am sorry to hear that let me have a look"),
	}}))
	before := call(t, c, recording(t, "cancel-competitor"), number, 40)
	allow(t, c, before.CustomerID, "marketing", "granted")
	visit(t, "e2e/records.spec.mjs", a.URL(), a.SignInLink, "HEED_CALL="+before.ID, "HEED_CUSTOMER="+before.CustomerID)
}
