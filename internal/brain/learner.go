package brain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"

	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// Learner is the consumer that teaches propensity from recorded outcomes. Its
// cursor lives in memory with the weights: at every start both begin at
// nothing and are rebuilt from the log.
type Learner struct {
	store   *store.Store
	decider *decide.Decider
	seq     atomic.Int64
	// learned holds the suggestions that were answered: each teaches once.
	learned map[string]bool
}

var _ event.Consumer = (*Learner)(nil)

// NewLearner makes a learner that has seen nothing.
func NewLearner(s *store.Store, d *decide.Decider) *Learner {
	return &Learner{store: s, decider: d, learned: make(map[string]bool)}
}

// Name names the consumer.
func (l *Learner) Name() string { return "learner" }

// Cursor is the last event learned from.
func (l *Learner) Cursor(context.Context) (int64, error) { return l.seq.Load(), nil }

// Handle learns from the outcomes among the events. Events up to the cursor
// are passed over, so that none is learned twice.
func (l *Learner) Handle(ctx context.Context, events []event.Event) error {
	for _, e := range events {
		if e.Seq <= l.seq.Load() {
			continue
		}
		if e.Type == event.OutcomeRecorded {
			if err := l.learn(ctx, e); err != nil {
				return fmt.Errorf("learner: event %d: %w", e.Seq, err)
			}
		}
		l.seq.Store(e.Seq)
	}
	return nil
}

func (l *Learner) learn(ctx context.Context, e event.Event) error {
	var o decide.Outcome
	if err := json.Unmarshal(e.Data, &o); err != nil {
		return err
	}
	answered := o.DecisionID + "/" + o.Action
	if l.learned[answered] || !decide.Answers(o.Outcome) {
		return nil
	}
	d, err := l.store.Decision(ctx, o.DecisionID)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrErased) {
		return nil // erased since
	}
	if err != nil {
		return err
	}
	l.decider.Learn(&d, o)
	l.learned[answered] = true
	return nil
}
