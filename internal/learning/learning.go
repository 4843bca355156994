// Package learning teaches the model of propensity from what became of
// suggestions: each outcome at once, a later truth in the place of an earlier
// one, and nothing from whoever floods it.
//
// It follows the log with a checkpoint of its own, which is an optimisation:
// the same log from the beginning gives the same model to the last bit, but
// for people who were erased since. It decides nothing.
package learning

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

const (
	// most is how many suggestions a day may teach of one person and action:
	// more are a mistake, or somebody's game.
	most = 5
	// rememberFor is how long a suggestion may still be corrected.
	rememberFor = 60 * 24 * time.Hour
)

// Model is what is taught. One that can also be written and read is kept
// between starts; any other is taught from the beginning each time.
type Model interface {
	decide.Propensity
	Snapshot(w io.Writer) error
	Restore(r io.Reader) error
	Forget(subject string)
}

// Options is what a Learner needs. Trust may be nil.
type Options struct {
	Store *store.Store
	Model decide.Propensity
	// File is where the checkpoint is kept.
	File string
	// Trust weighs what a source says, 0..1, by the name of the source; one that
	// is not named has 1, and from one with 0 nothing is learnt.
	Trust  map[string]float64
	Logger *slog.Logger
}

// Learner is the consumer. It is safe for concurrent use.
type Learner struct {
	o     Options
	log   *slog.Logger
	model Model  // nil: cannot be kept
	blank []byte // the model before it learnt anything

	mu      sync.Mutex
	s       state
	unsaved int
}

// state is what is known beside the model, and kept with it.
type state struct {
	Seq         int64                  `json:"seq"`
	Suggestions map[string]*suggestion `json:"suggestions"` // by decision and action
	Taught      map[string]int         `json:"taught"`      // by person, action and day
	Today       string                 `json:"today"`       // the day of Taught, UTC
	Rates       map[string]*rates      `json:"rates"`       // by action
	Shares      shares                 `json:"shares"`
	Ignored     map[string]int         `json:"ignored"` // lessons, by why
}

// suggestion is one action of one decision, while it may be corrected.
type suggestion struct {
	Truth  decide.Truth `json:"truth"`
	Taught bool         `json:"taught"`
	Yes    bool         `json:"yes"`           // what was taught
	Day    string       `json:"day,omitempty"` // on which it was first taught, UTC
	At     time.Time    `json:"at"`            // of the latest outcome, by the log
	Who    string       `json:"who"`
}

func newState() state {
	return state{
		Suggestions: make(map[string]*suggestion), Taught: make(map[string]int), Rates: make(map[string]*rates),
		Shares: newShares(), Ignored: make(map[string]int),
	}
}

var _ event.Consumer = (*Learner)(nil)

// New makes a learner and takes up its checkpoint. A checkpoint that cannot be
// used is passed over, and the model is taught from the beginning.
func New(o Options) (*Learner, error) {
	l := &Learner{o: o, log: o.Logger.With("component", "learning"), s: newState()}
	m, can := o.Model.(Model)
	if !can {
		return l, nil
	}
	l.model = m
	var b strings.Builder
	if err := m.Snapshot(&b); err != nil {
		return nil, fmt.Errorf("learner: %w", err)
	}
	l.blank = []byte(b.String())
	if err := l.load(); err != nil {
		l.log.Warn("the checkpoint cannot be used; learning anew from the log", "error", err)
		if err := l.Rebuild(); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// Types are the events that it follows.
func Types() []event.Type {
	return []event.Type{event.OutcomeRecorded, event.DecisionMade, event.LearningResumed}
}

// Name names the consumer.
func (l *Learner) Name() string { return "learner" }

// Cursor is the last event learnt from.
func (l *Learner) Cursor(context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.s.Seq, nil
}

// Rebuild forgets all that was learnt; the log teaches it anew. The model must
// be one that can be kept, or have learnt nothing.
func (l *Learner) Rebuild() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.model != nil {
		if err := l.model.Restore(strings.NewReader(string(l.blank))); err != nil {
			return fmt.Errorf("learner: %w", err)
		}
	}
	l.s = newState()
	return nil
}

// Handle learns from the outcomes among the events.
func (l *Learner) Handle(ctx context.Context, events []event.Event) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range events {
		if e.Seq <= l.s.Seq {
			continue
		}
		if err := l.take(ctx, e); err != nil {
			return fmt.Errorf("learner: event %d: %w", e.Seq, err)
		}
		l.s.Seq = e.Seq
		l.unsaved++
	}
	if l.unsaved >= saveEvery {
		return l.save()
	}
	return nil
}

func (l *Learner) take(ctx context.Context, e event.Event) error {
	if e.Erased() {
		return nil
	}
	switch e.Type { //nolint:exhaustive // the others are not followed
	case event.OutcomeRecorded:
		var o decide.Outcome
		if err := json.Unmarshal(e.Data, &o); err != nil {
			return err
		}
		return l.outcome(ctx, e.Time, o)
	case event.DecisionMade:
		var d decide.Made
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return err
		}
		l.s.Shares.add(&d)
	case event.LearningResumed:
		var r Resumed
		if err := json.Unmarshal(e.Data, &r); err != nil {
			return err
		}
		if of := l.s.Rates[r.Action]; of != nil {
			of.resume()
		}
	}
	return nil
}

// outcome takes one outcome in: when what is true of the suggestion changes,
// so does what it taught.
func (l *Learner) outcome(ctx context.Context, now time.Time, o decide.Outcome) error {
	key := o.DecisionID + "/" + o.Action
	of := l.s.Suggestions[key]
	if of == nil {
		l.prune(now)
		of = &suggestion{Who: o.Subject}
		l.s.Suggestions[key] = of
	}
	of.At = now
	truth := of.Truth // as it was, until the decision is read: what fails is taken in again
	if !truth.Take(o) {
		of.Truth = truth
		return nil
	}
	d, err := l.o.Store.Decision(ctx, o.DecisionID)
	erased := errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrErased)
	if err != nil && !erased {
		return err
	}
	of.Truth = truth
	if erased {
		return nil
	}
	lesson, teaches := decide.LessonOf(&d, of.Truth.Outcome())
	if !teaches || (of.Taught && of.Yes == lesson.Positive) {
		return nil
	}
	if why := l.refuses(now, of, lesson, o.Source); why != "" {
		l.s.Ignored[why]++
		return nil
	}
	lesson.At, lesson.Trust = now, l.trust(o.Source)
	of.Taught, of.Yes = true, lesson.Positive
	l.o.Model.Learn(lesson)
	return nil
}

func (l *Learner) trust(source string) float64 {
	if t, named := l.o.Trust[source]; named {
		return t
	}
	return 1
}

// refuses says why nothing is learnt from an outcome; empty when it is.
func (l *Learner) refuses(now time.Time, of *suggestion, lesson *decide.Lesson, source string) string {
	if l.trust(source) <= 0 {
		return "source"
	}
	rate := l.s.Rates[lesson.Action]
	if rate == nil {
		rate = newRates()
		l.s.Rates[lesson.Action] = rate
	}
	defer l.warn(lesson.Action, rate, rate.Stopped)
	if of.Taught { // a correction is no more than was learnt before
		if rate.correct(now, of.Day, lesson.Positive) {
			return "stopped"
		}
		return ""
	}
	if today := dayOf(now); today != l.s.Today {
		l.s.Today, l.s.Taught = today, make(map[string]int)
	}
	who := lesson.Subject + "/" + lesson.Action
	if l.s.Taught[who] >= most {
		return "too many"
	}
	rate.add(now, lesson.Positive)
	if !rate.Stopped.IsZero() {
		return "stopped"
	}
	l.s.Taught[who]++
	of.Day = l.s.Today
	return ""
}

// warn tells that learning from an action has stopped just now.
func (l *Learner) warn(action string, r *rates, before time.Time) {
	if before.IsZero() && !r.Stopped.IsZero() {
		l.log.Warn("an action is accepted far more often than before; learning stops until somebody has looked", "action", action)
	}
}

// prune lets go of what cannot be corrected any more, now and then.
func (l *Learner) prune(now time.Time) {
	if n := len(l.s.Suggestions); n < 1024 || n&(n-1) != 0 {
		return // each time their number has doubled
	}
	for key, of := range l.s.Suggestions {
		if now.Sub(of.At) > rememberFor {
			delete(l.s.Suggestions, key)
		}
	}
}

// Forget lets go of what is kept of people to correct what they taught; the
// weights are sums over everybody and stay. It returns when no file names them.
func (l *Learner) Forget(people []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, of := range l.s.Suggestions {
		if slices.Contains(people, of.Who) {
			delete(l.s.Suggestions, key)
		}
	}
	for key := range l.s.Taught {
		if who, _, _ := strings.Cut(key, "/"); slices.Contains(people, who) {
			delete(l.s.Taught, key)
		}
	}
	if l.model != nil {
		for _, id := range people {
			l.model.Forget(id)
		}
	}
	return l.save()
}

// Close writes the checkpoint.
func (l *Learner) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.unsaved == 0 {
		return nil
	}
	return l.save()
}
