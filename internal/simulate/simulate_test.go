package simulate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"heed/internal/brain"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const actions = `version: 1
actions:
  - {id: a, issue: i, group: g, purpose: service, title: A, say: A, channels: [web], value: {margin: 9}, prior: {p: 0.2}}
  - {id: b, issue: i, group: g, purpose: service, title: B, say: B, channels: [web], value: {margin: 5}, prior: {p: 0.2}}
`

// open opens a data folder with some people's decisions in it; more are made at
// each opening.
func open(t *testing.T, dir string, people int) (*Service, *store.Store) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, err := decide.LoadCatalogue(fstest.MapFS{"a.yaml": &fstest.MapFile{Data: []byte(actions)}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: c})
	if err != nil {
		t.Fatal(err)
	}
	b := brain.New(brain.Options{Store: s, Decider: d, Logger: slog.New(slog.DiscardHandler)})
	for n := range people {
		p := customer.New(fmt.Sprint("p", n), time.Now())
		if err := b.Plant(t.Context(), p, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Decide(t.Context(), p.ID, "web.banner", "web", 1); err != nil {
			t.Fatal(err)
		}
	}
	return New(b, s, d, slog.New(slog.DiscardHandler)), s
}

const better = "version: 1\nactions:\n  - {id: b, value: {margin: 50}}\n"

func TestARunIsKept(t *testing.T) {
	s, _ := open(t, t.TempDir(), 4)
	var told []int
	run, err := s.Run(t.Context(), Ask{Change: better, Since: "1d"}, func(r Run) { told = append(told, r.Done) })
	if err != nil {
		t.Fatal(err)
	}
	if run.State != Done || run.Report.Moved != 4 || run.Report.AsLogged.Same != 4 || run.Total != 4 || len(told) != 5 || run.EndedAt == nil {
		t.Errorf("%+v, told %v, report %+v", run, told, run.Report)
	}
	kept, err := s.Get(t.Context(), run.ID)
	if err != nil || kept.State != Done || kept.Report == nil || kept.Report.Moved != 4 {
		t.Errorf("kept %+v, %v", kept, err)
	}
	for name, a := range map[string]Ask{"no time": {Change: better}, "no change": {Since: "1d"}, "no sense": {Change: "version: 7", Since: "1d"}} {
		if _, err := s.Run(t.Context(), a, nil); !errors.Is(err, brain.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Get(t.Context(), "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("none: %v", err)
	}
}

func TestOneRunAtATimeThatCanBeCancelled(t *testing.T) {
	s, _ := open(t, t.TempDir(), 3)
	run, err := s.Run(t.Context(), Ask{Change: better, Since: "1d"}, func(r Run) {
		if r.Done != 1 {
			return
		}
		if _, err := s.Start(t.Context(), Ask{Change: better, Since: "1d"}, "me"); !errors.Is(err, ErrBusy) {
			t.Errorf("a second one: %v", err)
		}
		if now, err := s.Get(t.Context(), r.ID); err != nil || now.State != Running || now.Total != 3 {
			t.Errorf("while it runs: %+v, %v", now, err)
		}
		if _, err := s.Cancel(t.Context(), r.ID); err != nil {
			t.Error(err)
		}
	})
	if !errors.Is(err, errCancelled) || run.State != Cancelled {
		t.Errorf("%s: %v", run.State, err)
	}
	if kept, err := s.Get(t.Context(), run.ID); err != nil || kept.State != Cancelled {
		t.Errorf("kept %+v, %v", kept, err)
	}
	if _, err := s.Run(t.Context(), Ask{Change: better, Since: "1d"}, nil); err != nil {
		t.Errorf("after it: %v", err)
	}
}

// A run that the end of the process cut off says so, and blocks no other.
func TestACutOffRunIsInterrupted(t *testing.T) {
	dir := t.TempDir()
	s, st := open(t, dir, 3)
	ctx, stop := context.WithCancel(t.Context())
	run, err := s.Run(ctx, Ask{Change: better, Since: "1d"}, func(r Run) {
		if r.Done == 1 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) || run.State != Interrupted {
		t.Fatalf("%s: %v", run.State, err)
	}
	crashed := run
	crashed.ID, crashed.State = "crashed", Running
	if err := s.save(t.Context(), crashed); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	s, _ = open(t, dir, 0)
	ctx, stop = context.WithCancel(t.Context())
	defer stop()
	ended := make(chan struct{})
	go func() { s.Work(ctx); close(ended) }()
	next, err := s.Start(t.Context(), Ask{Change: better, Since: "1d"}, "me")
	if err != nil {
		t.Fatal(err)
	}
	for next.State == Running { // it is three people
		if next, err = s.Get(t.Context(), next.ID); err != nil {
			t.Fatal(err)
		}
	}
	if next.State != Done || next.By != "me" {
		t.Errorf("the next one: %+v", next)
	}
	if old, err := s.Get(t.Context(), "crashed"); err != nil || old.State != Interrupted {
		t.Errorf("the one before: %+v, %v", old, err)
	}
	stop()
	<-ended
	all, err := s.List(t.Context())
	if err != nil || len(all) != 3 || all[0].Report != nil {
		t.Errorf("%+v, %v", all, err)
	}
}
