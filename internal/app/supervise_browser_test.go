package app_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"heed/internal/play"
	"heed/transcribe/scripted"
)

// TestTheSupervisorsTaskInABrowser has a live call watched over by a rule.
func TestTheSupervisorsTaskInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	line := func(who string, from, to int, text string) scripted.Line {
		return scripted.Line{Speaker: who, Start: time.Duration(from) * time.Second, End: time.Duration(to) * time.Second, Text: text}
	}
	const from = "+12025550181"
	a, c := serve(t, filepath.Join(t.TempDir(), "data"), scriptedBy(map[string][]scripted.Line{from: {
		line("agent", 1, 2, "hello how can i help"),
		line("customer", 2, 5, "this is terrible i was charged twice and i am really angry about it"),
		line("customer", 16, 19, "let me speak to your supervisor right now"),
		line("customer", 24, 27, "i want to talk to your supervisor this is awful"),
	}}))
	link, err := c.Link(t.Context(), "supervisor", "Sue")
	if err != nil {
		t.Fatal(err)
	}
	agent, err := c.Link(t.Context(), "agent", "Dana")
	if err != nil {
		t.Fatal(err)
	}
	ctx, hangUp := context.WithTimeout(t.Context(), 4*time.Minute)
	defer hangUp()
	played := make(chan error, 1)
	go func() {
		_, err := play.Call(ctx, play.Options{
			Recording: recording(t, "cancel-competitor"), URL: c.Base(), Key: c.Key(), Speed: 2,
			Caller: play.Caller{From: from, To: "+12025550199", Agent: "Dana"},
		})
		played <- err
	}()
	inBrowser(ctx, t, "e2e/supervise.spec.mjs", "HEED_URL="+a.URL(), "HEED_LOGIN="+link, "HEED_AGENT="+agent)
	hangUp()
	if err := <-played; err != nil && ctx.Err() == nil {
		t.Error(err)
	}
}
