package app_test

import (
	"context"
	"path/filepath"
	"testing"

	"heed/internal/play"
	"heed/transcribe/scripted"
)

// TestTheSupervisorsTaskInABrowser has a live call watched over by a rule.
func TestTheSupervisorsTaskInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	const from = "+12025550181"
	a, c := serve(t, filepath.Join(t.TempDir(), "data"), scriptedBy(map[string][]scripted.Line{from: {
		said("agent", 1, 2, "hello how can i help"),
		said("customer", 2, 5, "this is terrible i was charged twice and i am really angry about it"),
		said("customer", 16, 19, "let me speak to your supervisor right now"),
		said("customer", 24, 27, "i want to talk to your supervisor this is awful"),
	}}))
	agent, err := c.Link(t.Context(), "agent", "Dana")
	if err != nil {
		t.Fatal(err)
	}
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	played := make(chan error, 1)
	go func() {
		_, err := play.Call(ctx, play.Options{
			Recording: recording(t, "cancel-competitor"), URL: c.Base(), Key: c.Key(), Speed: 2,
			Caller: play.Caller{From: from, To: "+12025550199", Agent: "Dana"},
		})
		played <- err
	}()
	visit(t, "e2e/supervise.spec.mjs", a.URL(), linkOf(c, "supervisor", "Sue"), "HEED_AGENT="+agent)
	hangUp()
	if err := <-played; err != nil && ctx.Err() == nil {
		t.Error(err)
	}
}
