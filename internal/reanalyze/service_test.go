package reanalyze

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
)

const since = "2025-01-01"

func (p *shop) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (p *shop) run(t *testing.T, s *Service, r event.ReanalysisRequest) event.Reanalysis {
	t.Helper()
	run, err := s.Run(t.Context(), r, nil)
	p.must(t, err)
	return run
}

// TestHistoryReadsAsIfItWereNew reads history with a newer understanding and
// compares with a shop that had it from the beginning.
func TestHistoryReadsAsIfItWereNew(t *testing.T) {
	const calls = 9
	p, fresh := newShop(t), newShop(t)
	p.must(t, p.calls(t.Context(), calls, first()))
	fresh.whole = present(second())
	p.must(t, fresh.calls(t.Context(), calls, second()))
	run := p.run(t, p.service(second()), event.ReanalysisRequest{Since: since})
	// Of each call: two lines with the bill are complaints now, all intents
	// have another model, and one line is interest in an upgrade.
	want := event.ReanalysisCounts{Calls: calls, Total: calls, Utterances: 10 * calls, Changed: 4 * calls, Figures: calls, Summaries: calls}
	if run.State != event.ReanalysisDone || run.Counts != want || run.EndedAt == nil {
		t.Errorf("%+v", run)
	}
	told := slices.IndexFunc(run.Changes, func(c event.ReanalysisChange) bool { return c.Kind == insights.Talk })
	changes := []event.ReanalysisChange{
		{Kind: insights.Intent, Name: "cancel", Kept: 2 * calls},
		{Kind: insights.Intent, Name: "complaint", Added: 2 * calls},
		{Kind: insights.Intent, Name: "payment_problem", Removed: 2 * calls},
		{Kind: insights.Intent, Name: "upgrade_interest", Added: calls},
	}
	if diff := cmp.Diff(changes, run.Changes[:told]); diff != "" {
		t.Errorf("changes (-want +got)\n%s", diff)
	}
	for _, c := range run.Changes[told:] {
		want := event.ReanalysisChange{Kind: insights.Talk, Name: c.Name, Added: calls}
		switch c.Name {
		case "ratio":
			want.Added, want.Removed = 0, calls
		case "longest_silence":
			want.Added, want.Kept = 0, calls
		}
		if c != want {
			t.Errorf("%+v, want %+v", c, want)
		}
	}
	ex := run.Example[0]
	if len(run.Example) != mostExamples || ex.Utterance != "call-000-02" || ex.Was[0] != "intent:payment_problem" || ex.Now[0] != "intent:complaint" {
		t.Errorf("%d examples, the first %+v", len(run.Example), ex)
	}
	got, want2 := p.state(t, calls), fresh.state(t, calls)
	slices.Sort(got)
	slices.Sort(want2)
	if diff := cmp.Diff(want2, got); diff != "" {
		t.Errorf("-new from the beginning +read again\n%s", diff)
	}
	before := p.state(t, calls)
	seq := p.seq(t)
	again := p.run(t, p.service(second()), event.ReanalysisRequest{Since: since})
	if again.Counts != (event.ReanalysisCounts{Calls: calls, Total: calls, Utterances: 10 * calls}) || len(again.Changes) != 0 || p.seq(t) != seq || again.ID == run.ID || !slices.Equal(before, p.state(t, calls)) {
		t.Errorf("a second run changed something: %+v", again)
	}
}

// TestSummariesOfOthersStay leaves alone what a language model wrote, and what
// nobody has written yet; what people corrected is in those of quotes.
func TestSummariesOfOthersStay(t *testing.T) {
	p := newShop(t)
	p.must(t, p.calls(t.Context(), 2, second()))
	written := insights.Summary{CallID: "call-000", Source: "a model", Model: "chat-summary/1.m", Lines: []insights.SummaryLine{}}
	p.must(t, p.store.Write(t.Context(), func(tx *store.Tx) error {
		fix := event.Correction{CallID: "call-001", UtteranceID: "call-001-00", Text: "I need to leave.", Plain: "i need to leave"}
		return errors.Join(tx.SaveSummary(written), tx.SaveCorrection(fix))
	}))
	run := p.run(t, p.service(second()), event.ReanalysisRequest{Since: since})
	if run.Counts.Summaries != 1 || run.Counts.Figures != 2 || run.Counts.Changed != 0 {
		t.Errorf("%+v", run.Counts)
	}
	kept, err := p.store.Summary(t.Context(), "call-000")
	if err != nil || kept.Source != "a model" {
		t.Errorf("%+v, %v", kept, err)
	}
	again, err := p.store.Summary(t.Context(), "call-001")
	if err != nil || len(again.Lines) == 0 || again.Lines[0].Text != "I need to leave." {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	p := newShop(t)
	p.must(t, p.calls(t.Context(), 3, first()))
	before, seq := p.state(t, 3), p.seq(t)
	run := p.run(t, p.service(second()), event.ReanalysisRequest{Since: since, DryRun: true})
	if run.Counts.Changed != 12 || run.Counts.Figures != 3 || run.Counts.Summaries != 3 || run.Changes[0].Kept != 6 || run.State != event.ReanalysisDone {
		t.Errorf("%+v", run)
	}
	if !slices.Equal(before, p.state(t, 3)) || p.seq(t) != seq {
		t.Error("something was written")
	}
	if _, err := p.store.LastReanalysis(t.Context()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("it was kept: %v", err)
	}
}

func (p *shop) seq(t *testing.T) int64 {
	t.Helper()
	seq, err := p.store.LastSeq(t.Context())
	p.must(t, err)
	return seq
}

func TestOnlyWhatIsAskedIsReadAgain(t *testing.T) {
	for name, c := range map[string]struct {
		ask                         event.ReanalysisRequest
		changed, figures, summaries int
	}{
		"a kind":         {event.ReanalysisRequest{Since: since, Kinds: []insights.Kind{insights.Moment}}, 0, 0, 0},
		"another kind":   {event.ReanalysisRequest{Since: since, Kinds: []insights.Kind{insights.Intent}}, 12, 0, 3},
		"figures":        {event.ReanalysisRequest{Since: since, Kinds: []insights.Kind{insights.Talk}}, 0, 3, 0},
		"a call":         {event.ReanalysisRequest{Call: "call-001"}, 4, 1, 1},
		"a stretch":      {event.ReanalysisRequest{Since: since, Until: noon.Add(-998*time.Hour + time.Minute).Format(time.RFC3339)}, 12, 3, 3},
		"half of it":     {event.ReanalysisRequest{Since: noon.Add(-999 * time.Hour).Format(time.RFC3339), Until: noon.Add(-998 * time.Hour).Format(time.RFC3339)}, 4, 1, 1},
		"back from then": {event.ReanalysisRequest{Since: "999h"}, 8, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			p := newShop(t)
			p.must(t, p.calls(t.Context(), 3, first()))
			p.must(t, p.call(t.Context(), 900, first(), true)) // live: never read
			p.clock = noon
			if run := p.run(t, p.service(second()), c.ask); run.Counts.Changed != c.changed || run.Counts.Figures != c.figures || run.Counts.Summaries != c.summaries {
				t.Errorf("changed %+v, want %d utterances, figures of %d, %d summaries", run.Counts, c.changed, c.figures, c.summaries)
			}
		})
	}
}

// TestTheRestOfAnAnalyzerStays leaves alone what no running analyzer made.
func TestTheRestOfAnAnalyzerStays(t *testing.T) {
	p := newShop(t)
	p.must(t, p.calls(t.Context(), 1, first()))
	only := insights.Chain{words{insights.Intent, "2", nil}}
	if run := p.run(t, p.service(only), event.ReanalysisRequest{Since: since}); run.Counts.Changed != 3 {
		t.Errorf("%+v", run)
	}
	left := strings.Join(p.state(t, 1), "\n")
	if strings.Contains(left, "intent:") || !strings.Contains(left, "moment:thanks") || !strings.Contains(left, "spotted:phrase") || !strings.Contains(left, "talk:talk_ratio") {
		t.Errorf("left is\n%s", left)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	p := newShop(t)
	p.must(t, p.call(t.Context(), 900, first(), true))
	p.clock = noon
	s := p.service(second())
	for name, c := range map[string]struct {
		ask  event.ReanalysisRequest
		want string
	}{
		"nothing":       {event.ReanalysisRequest{}, "since when?"},
		"no time":       {event.ReanalysisRequest{Since: "yesterday"}, `"yesterday" is none of`},
		"no length":     {event.ReanalysisRequest{Since: "-3d"}, `"-3d" is none of`},
		"no end":        {event.ReanalysisRequest{Since: since, Until: "soon"}, "until: "},
		"wrong way":     {event.ReanalysisRequest{Since: "1d", Until: "2d"}, "no stretch of time"},
		"in the future": {event.ReanalysisRequest{Since: "2030-01-01"}, "no stretch of time"},
		"no kind":       {event.ReanalysisRequest{Since: since, Kinds: []insights.Kind{insights.Spotted}}, `no kind "spotted"`},
		"a live call":   {event.ReanalysisRequest{Call: "call-900"}, "live"},
	} {
		if _, err := s.Run(t.Context(), c.ask, nil); !errors.Is(err, ErrRequest) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := s.Run(t.Context(), event.ReanalysisRequest{Call: "none"}, nil); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no such call: %v", err)
	}
	if run := p.run(t, s, event.ReanalysisRequest{Since: "52w"}); run.Counts.Total != 0 {
		t.Errorf("%+v", run) // the service is free after all that, and the live call is none
	}
}

func TestACancelledRunGoesOn(t *testing.T) {
	p := newShop(t)
	p.must(t, p.calls(t.Context(), 6, first()))
	s := p.service(second())
	ask := event.ReanalysisRequest{Since: "5000h"}
	run, err := s.Run(t.Context(), ask, func(r event.Reanalysis) {
		if _, err := s.Run(t.Context(), ask, nil); !errors.Is(err, ErrBusy) {
			t.Errorf("two at once: %v", err)
		}
		if r.Counts.Calls == 2 {
			s.Cancel()
		}
	})
	if err == nil || run.State != event.ReanalysisCancelled || run.Counts.Calls != 2 {
		t.Fatalf("%v, %+v", err, run)
	}
	p.clock = noon.Add(time.Hour) // the stretch stays that of the first time
	rest := p.run(t, p.service(second()), ask)
	if rest.ID != run.ID || rest.Counts.Calls != 6 || rest.Counts.Changed != 24 || !rest.Since.Equal(run.Since) || rest.State != event.ReanalysisDone {
		t.Errorf("%+v", rest)
	}
	told, _ := p.readings(t)
	for id, n := range told {
		if n != 1 {
			t.Errorf("utterance %s was told of %d times", id, n)
		}
	}
}

func TestNewerModelsBeginAnew(t *testing.T) {
	p := newShop(t)
	p.must(t, p.calls(t.Context(), 4, first()))
	s := p.service(second())
	ask := event.ReanalysisRequest{Since: since}
	cut, err := s.Run(t.Context(), ask, func(event.Reanalysis) { s.Cancel() })
	if err == nil || cut.Counts.Calls != 1 {
		t.Fatalf("%v, %+v", err, cut)
	}
	third := insights.Chain{words{insights.Intent, "3", map[string]string{"leave": "refund"}}}
	run := p.run(t, p.service(third), ask)
	if run.ID == cut.ID || run.Counts.Calls != 4 || run.Models[0] != "intent/3" {
		t.Errorf("%+v", run)
	}
	if left := strings.Join(p.state(t, 4), "\n"); strings.Contains(left, "intent/2") || strings.Contains(left, "intent/1") {
		t.Errorf("older models are left\n%s", left)
	}
}

func TestAFailureIsToldAndTakenUp(t *testing.T) {
	p := newShop(t)
	p.must(t, p.calls(t.Context(), 3, first()))
	s := p.service(second())
	ctx, cancel := context.WithCancel(t.Context())
	ask := event.ReanalysisRequest{Since: since}
	run, err := s.Run(ctx, ask, func(event.Reanalysis) { cancel() })
	if !errors.Is(err, context.Canceled) || run.State != event.ReanalysisRunning {
		t.Errorf("shut down: %v, %+v", err, run)
	}
	last, err := p.store.LastReanalysis(t.Context())
	if err != nil || last.State != event.ReanalysisRunning || last.Counts.Calls != 1 {
		t.Errorf("kept %+v, %v", last, err)
	}
	other := p.run(t, s, event.ReanalysisRequest{Call: "call-002"}) // something else is asked meanwhile
	if other.State != event.ReanalysisDone || other.ID == last.ID {
		t.Errorf("%+v", other)
	}
}

// TestWorkTakesUpAndServes is the life in a server: it goes on with what an
// earlier process left, then does what is asked.
func TestWorkTakesUpAndServes(t *testing.T) {
	p := newShop(t)
	p.must(t, p.calls(t.Context(), 3, first()))
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := p.service(second()).Run(ctx, event.ReanalysisRequest{Since: since}, func(event.Reanalysis) { cancel() }); err == nil {
		t.Fatal("it was not interrupted")
	}
	s := p.service(second())
	ctx, cancel = context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); s.Work(ctx) }()
	p.await(t, s, func(r event.Reanalysis) bool { return r.State == event.ReanalysisDone && r.Counts.Calls == 3 })
	run, err := s.Start(t.Context(), event.ReanalysisRequest{Call: "call-001", DryRun: true})
	if err != nil || run.State != event.ReanalysisRunning {
		t.Errorf("%+v, %v", run, err)
	}
	p.await(t, s, func(r event.Reanalysis) bool { return r.ID == run.ID && r.State == event.ReanalysisDone })
	cancel()
	<-done
}

// await follows the commits of the store until the run is as wanted.
func (p *shop) await(t *testing.T, s *Service, yes func(event.Reanalysis) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		if run, err := s.State(ctx); err == nil && yes(run) {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			run, err := s.State(t.Context())
			t.Fatalf("it did not come to that: %+v, %v", run, err)
		}
	}
}

// TestLiveCallsComeFirst rests as long as it worked, only while calls live.
func TestLiveCallsComeFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		live := 1
		r := &runner{Service: New(Options{Analyzer: first(), Live: func() int { return live }, Logger: discard()})}
		began := time.Now()
		if err := r.rest(t.Context(), 30*time.Millisecond); err != nil || time.Since(began) != 30*time.Millisecond {
			t.Errorf("rested %v, %v", time.Since(began), err)
		}
		live = 0
		began = time.Now()
		if err := r.rest(t.Context(), time.Hour); err != nil || time.Since(began) != 0 {
			t.Errorf("rested %v without calls, %v", time.Since(began), err)
		}
		live = 1
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := r.rest(ctx, time.Hour); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled rest: %v", err)
		}
	})
}

// TestTheCallIsAsALiveOne tells the analyzers where and when a call was.
func TestTheCallIsAsALiveOne(t *testing.T) {
	p := newShop(t)
	p.must(t, p.calls(t.Context(), 2, first()))
	var seen []insights.Call
	s := New(Options{
		Store: p.store, Brain: p.brain, Logger: discard(), Now: func() time.Time { return p.clock },
		Country: func(c event.Call) string { return "from " + c.ID },
		Analyzer: insights.AnalyzerFunc(func(_ *insights.Utterance, c *insights.Call) []insights.Insight {
			seen = append(seen, *c)
			return nil
		}),
	})
	if run := p.run(t, s, event.ReanalysisRequest{Call: "call-001"}); run.Counts.Changed != 0 {
		t.Errorf("an analyzer without a version replaced something: %+v", run)
	}
	last := seen[len(seen)-1]
	if len(seen) != 10 || last.Country != "from call-001" || !last.StartedAt.Equal(noon.Add(-999*time.Hour)) || last.ID != "call-001" ||
		len(last.Utterances) != 9 || len(last.Insights) != 10+5 {
		t.Errorf("%d readings, the last in %s at %v after %d utterances and %d insights", len(seen), last.Country, last.StartedAt,
			len(last.Utterances), len(last.Insights))
	}
}
