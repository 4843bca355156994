package app_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"heed/transcribe/scripted"
)

// TestReadingACallInABrowser reads a call that is over and its customer by the
// keyboard alone.
func TestReadingACallInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	line := func(who string, from, to int, text string) scripted.Line {
		return scripted.Line{Speaker: who, Start: time.Duration(from) * time.Second, End: time.Duration(to) * time.Second, Text: text}
	}
	const number = "+12025550181"
	a, c := serve(t, filepath.Join(t.TempDir(), "data"), scriptedBy(map[string][]scripted.Line{number: {
		line("agent", 1, 4, "thank you for calling what can i do for you"),
		line("customer", 3, 8, "i want to cancel my contract nobody called me back"),
		line("agent", 14, 18, "i am sorry to hear that let me have a look"),
	}}))
	before := call(t, c, recording(t, "cancel-competitor"), number, 40)
	allow(t, c, before.CustomerID, "marketing", "granted")
	link, err := a.SignInLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	inBrowser(ctx, t, "e2e/records.spec.mjs", "HEED_URL="+a.URL(), "HEED_LOGIN="+link, "HEED_CALL="+before.ID, "HEED_CUSTOMER="+before.CustomerID)
}
