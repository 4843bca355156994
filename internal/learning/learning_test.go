package learning

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/propensity"
	"heed/internal/store"
)

var noon = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)

// rig is a log with decisions and outcomes.
type rig struct {
	store *store.Store
	dir   string
	n     int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(dir, "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &rig{store: s, dir: dir}
}

// decide stores a decision about somebody and gives its id.
func (r *rig) decide(t *testing.T, who, action string, at time.Time) string {
	t.Helper()
	r.n++
	d := decide.Decision{
		ID: fmt.Sprintf("dec_%04d", r.n), At: at, Slot: "web", Channel: "web", Subject: who, Readings: []customer.Reading{},
		Actions:   []decide.Choice{{Action: action, Group: "g", Issue: "i", Treatment: "web.plain"}},
		Survivors: []decide.Survivor{{Action: action, Group: "g", Pi: 1, Expectation: decide.Expectation{Expected: 0.1, ExpectedWeight: 20}}},
		Features:  []decide.Feature{{Name: "plan", Value: []string{"basic", "plus"}[r.n%2]}},
	}
	e, err := event.New(event.DecisionMade, at, event.About{Subject: who}, d)
	if err != nil {
		t.Fatal(err)
	}
	r.write(t, func(tx *store.Tx) error { return errors.Join(tx.AddDecision(d), tx.Append(e)) })
	return d.ID
}

func (r *rig) write(t *testing.T, f func(tx *store.Tx) error) {
	t.Helper()
	if err := r.store.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func (r *rig) answer(t *testing.T, decision, who, action, outcome string, at time.Time) {
	t.Helper()
	r.n++
	o := decide.Outcome{ID: fmt.Sprintf("out_%04d", r.n), DecisionID: decision, Action: action, Outcome: outcome, At: at, Channel: "web", Subject: who, Source: "shop"}
	e, err := event.New(event.OutcomeRecorded, at, event.About{Subject: who}, o)
	if err != nil {
		t.Fatal(err)
	}
	r.write(t, func(tx *store.Tx) error { return tx.Append(e) })
}

// learner makes one with a small model, and teaches it the log.
func (r *rig) learner(t *testing.T, file string, trust map[string]float64) *Learner {
	t.Helper()
	m, err := propensity.New(propensity.Options{Bits: 10})
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(Options{Store: r.store, Model: m, File: file, Trust: trust, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	r.teach(t, l)
	return l
}

func (r *rig) teach(t *testing.T, l *Learner) {
	t.Helper()
	for {
		after, err := l.Cursor(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		events, err := r.store.Events(t.Context(), store.EventQuery{After: after, Types: Types(), Limit: 37})
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return
		}
		for range 2 { // the second time changes nothing
			if err := l.Handle(t.Context(), events); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (l *Learner) bytes(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := l.model.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// story is some hundred suggestions with answers of every kind, some of them
// late and some taken back.
func (r *rig) story(t *testing.T) {
	t.Helper()
	words := []string{decide.Accepted, decide.Rejected, decide.NoResponse, decide.Clicked, decide.Later, decide.Dismissed}
	for i := range 120 {
		at := noon.Add(time.Duration(i) * time.Hour)
		who, action := fmt.Sprint("cus_", i%17), []string{"a", "b", "c"}[i%3]
		id := r.decide(t, who, action, at)
		r.answer(t, id, who, action, decide.Impression, at)
		r.answer(t, id, who, action, words[i%len(words)], at.Add(time.Minute))
		if i%7 == 0 {
			r.answer(t, id, who, action, words[(i+3)%len(words)], at.Add(2*time.Minute))
		}
	}
}

// The same log teaches the same to the last bit: at once, from a checkpoint
// after a crash, after a clean end, and from the beginning.
func TestTheSameLogTeachesTheSame(t *testing.T) {
	r := newRig(t)
	r.story(t)
	want := r.learner(t, "", nil).bytes(t)
	file := filepath.Join(r.dir, "learner", "checkpoint")
	first := r.learner(t, file, nil)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	r.story(t)
	again := r.learner(t, "", nil).bytes(t)
	if bytes.Equal(want, again) {
		t.Fatal("more of the log taught nothing")
	}
	resumed := r.learner(t, file, nil) // as after a crash: what came since is learnt
	if !bytes.Equal(resumed.bytes(t), again) {
		t.Error("from the checkpoint it is another model")
	}
	if err := resumed.Rebuild(); err != nil {
		t.Fatal(err)
	}
	r.teach(t, resumed)
	if !bytes.Equal(resumed.bytes(t), again) {
		t.Error("rebuilt it is another model")
	}
	for name, damage := range map[string]func([]byte) []byte{
		"cut":     func(b []byte) []byte { return b[:len(b)/2] },
		"flipped": func(b []byte) []byte { b[len(b)-9] ^= 1; return b },
		"empty":   func([]byte) []byte { return nil },
	} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		bad := filepath.Join(r.dir, name)
		if err := os.WriteFile(bad, damage(raw), 0o600); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(r.learner(t, bad, nil).bytes(t), again) {
			t.Errorf("%s: it is another model", name)
		}
	}
}

// A decision that cannot be read costs no lesson, as when the server ends in
// the middle of a batch: what failed is learnt when it is tried again, also
// from the checkpoint that was written in between.
func TestAFailureLosesNoLesson(t *testing.T) {
	r := newRig(t)
	r.story(t)
	want := r.learner(t, "", nil).bytes(t)
	all, err := r.store.Events(t.Context(), store.EventQuery{Types: Types(), Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	empty, file := newRig(t), filepath.Join(r.dir, "checkpoint")
	l := empty.learner(t, file, nil)
	l.o.Store = r.store
	ended, end := context.WithCancel(t.Context())
	end()
	failures := 0
	for i := range all {
		if l.Handle(ended, all[i:i+1]) != nil {
			failures++
		}
		if i%20 == 0 {
			if err := l.Forget(nil); err != nil { // writes the checkpoint
				t.Fatal(err)
			}
			l = empty.learner(t, file, nil)
			l.o.Store = r.store
		}
		if err := l.Handle(t.Context(), all[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if failures < 100 {
		t.Fatalf("%d failures: the test tests nothing", failures)
	}
	r.teach(t, l)
	if !bytes.Equal(l.bytes(t), want) {
		t.Error("after failures it is another model")
	}
}

// TestExampleL: a negative by time-out on day 3 and a click on day 5 leave the
// model as one that has seen only the click.
func TestExampleLLateTruth(t *testing.T) {
	estimate := func(l *Learner) decide.Estimate {
		return l.o.Model.Estimate(&decide.Case{Action: "a", Group: "g", Issue: "i", Treatment: "web.plain", Channel: "web", Prior: 0.1, Weight: 20, Features: []decide.Feature{{Name: "plan", Value: "plus"}}})
	}
	late, right := newRig(t), newRig(t)
	for _, r := range []*rig{late, right} {
		id := r.decide(t, "ann", "a", noon)
		if r == late {
			r.answer(t, id, "ann", "a", decide.NoResponse, noon.AddDate(0, 0, 3))
		}
		r.answer(t, id, "ann", "a", decide.Clicked, noon.AddDate(0, 0, 5))
	}
	a, b := estimate(late.learner(t, "", nil)), estimate(right.learner(t, "", nil))
	if d := a.M - b.M; d > 1e-6 || d < -1e-6 || a.S-b.S > 1e-6 || b.S-a.S > 1e-6 {
		t.Errorf("late %+v, right %+v", a, b)
	}
	if prior := estimate(newRig(t).learner(t, "", nil)); prior.M >= b.M {
		t.Errorf("the click taught nothing: %v and %v", prior.M, b.M)
	}
}

// One person cannot teach the model what an action is worth, nor can a source
// that nobody believes.
func TestFloods(t *testing.T) {
	r := newRig(t)
	flood := func(at time.Time) {
		for range 30 {
			r.answer(t, r.decide(t, "ann", "a", at), "ann", "a", decide.Accepted, at)
		}
	}
	flood(noon)
	l := r.learner(t, "", nil)
	if h := health(t, l); h.Lessons != most || h.Ignored["too many"] != 25 {
		t.Errorf("%d lessons, %v", h.Lessons, h.Ignored)
	}
	flood(noon.AddDate(0, 0, 1))
	r.teach(t, l)
	if h := health(t, l); h.Lessons != 2*most {
		t.Errorf("%d lessons on the second day", h.Lessons)
	}
	if h := health(t, r.learner(t, "", map[string]float64{"shop": 0})); h.Lessons != 0 || h.Ignored["source"] != 60 {
		t.Errorf("%d lessons of a source that is not believed, %v", h.Lessons, h.Ignored)
	}
}

func health(t *testing.T, l *Learner) Health {
	t.Helper()
	h, err := l.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// An action that all at once everybody accepts is not learnt from until
// somebody has looked; what was held back is not made up for.
func TestAJumpStopsTheLearning(t *testing.T) {
	r := newRig(t)
	day := func(n int, yes int) {
		for i := range 40 {
			at := noon.AddDate(0, 0, n).Add(time.Duration(i) * time.Minute)
			who := fmt.Sprintf("cus_%d_%d", n, i)
			r.answer(t, r.decide(t, who, "a", at), who, "a", map[bool]string{true: decide.Accepted, false: decide.Rejected}[i%40 < yes], at)
		}
	}
	for n := range 3 {
		day(n, 4)
	}
	l := r.learner(t, "", nil)
	if h := health(t, l); len(h.Stopped) != 0 || h.Decisions != 120 || len(h.Wins) != 1 || h.Wins[0].Share != 1 || h.Behind != 0 {
		t.Fatalf("%+v", h)
	}
	if err := l.Resume(t.Context(), Resumed{Action: "a"}, noon); !errors.Is(err, ErrGoesOn) {
		t.Errorf("%v", err)
	}
	day(3, 40)
	r.teach(t, l)
	h := health(t, l)
	if len(h.Stopped) != 1 || h.Stopped[0].Action != "a" || h.Stopped[0].Why == "" || h.Lessons >= 150 {
		t.Fatalf("%+v of %d", h.Stopped, h.Lessons)
	}
	if err := l.Resume(t.Context(), Resumed{Action: "a", By: "dana", Why: "television"}, noon.AddDate(0, 0, 3)); err != nil {
		t.Fatal(err)
	}
	r.teach(t, l)
	day(3, 40) // the same day goes on
	r.teach(t, l)
	if h := health(t, l); len(h.Stopped) != 0 || h.Lessons < 155 {
		t.Errorf("resumed: %+v of %d", h.Stopped, h.Lessons)
	}
	if !bytes.Equal(l.bytes(t), r.learner(t, "", nil).bytes(t)) {
		t.Error("rebuilt it is another model")
	}
}

// Who is forgotten is in no file, and what they taught is still known.
func TestForgettingPeople(t *testing.T) {
	r := newRig(t)
	r.story(t)
	file := filepath.Join(r.dir, "learner", "checkpoint")
	l := r.learner(t, file, nil)
	before := health(t, l)
	if err := l.Forget([]string{"cus_3", "cus_4"}); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil || bytes.Contains(raw, []byte(`cus_3"`)) || bytes.Contains(raw, []byte(`cus_4"`)) || !bytes.Contains(raw, []byte(`cus_5"`)) {
		t.Errorf("who is named in the checkpoint: %v", err)
	}
	if after := health(t, l); after.Lessons != before.Lessons || after.Actions[0].Responses != before.Actions[0].Responses {
		t.Errorf("%d lessons before, %d after", before.Lessons, after.Lessons)
	}
}

// A model that cannot be kept is taught from the log at each start.
func TestAModelThatCannotBeKept(t *testing.T) {
	r := newRig(t)
	r.story(t)
	l, err := New(Options{Store: r.store, Model: decide.NewCounting(), File: filepath.Join(r.dir, "none"), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	r.teach(t, l)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(r.dir, "none")); err == nil || health(t, l).Model == "counting@0" {
		t.Errorf("%v, %s", err, health(t, l).Model)
	}
}

func FuzzCheckpoint(f *testing.F) {
	f.Add([]byte(format + " 00\n{}\n"))
	f.Fuzz(func(_ *testing.T, raw []byte) { _, _, _ = parse(raw) })
}
