package app_test

import (
	"context"
	"path/filepath"
	"testing"

	"heed/internal/play"
	"heed/transcribe/scripted"
)

// TestAHeardAnswerInABrowser lets an agent answer by keys what the customer was
// heard to say of the suggestion, on the desk and on the page of a call that is
// over.
func TestAHeardAnswerInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	lines := []scripted.Line{
		said("customer", 2, 7, "i want to cancel my contract you are too expensive"),
		said("agent", 20, 30, "for customers like you i can take twenty percent off for the next twelve months from today would that help"),
		said("customer", 34, 37, "yes please that sounds great"),
	}
	const live, over = "+12025550171", "+12025550172"
	a, c := serve(t, filepath.Join(t.TempDir(), "data"), scriptedBy(map[string][]scripted.Line{live: lines, over: lines}))
	rec := recording(t, "cancel-competitor")
	before := call(t, c, rec, over, 40)
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	played := make(chan error, 1)
	go func() {
		_, err := play.Call(ctx, play.Options{
			Recording: rec, URL: c.Base(), Key: c.Key(), Speed: 2,
			Caller: play.Caller{From: live, To: "+12025550199", Agent: "Dana"},
		})
		played <- err
	}()
	visit(t, "e2e/heard.spec.mjs", a.URL(), a.SignInLink, "HEED_CALL="+before.ID)
	hangUp()
	if err := <-played; err != nil && ctx.Err() == nil {
		t.Error(err)
	}
}
