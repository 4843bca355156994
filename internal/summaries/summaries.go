// Package summaries keeps a summary of every call that is over: it follows
// the log, makes one when a call ends, and again when a line of the call is
// corrected, a correction is taken back, or newer models have read the call.
//
// Summaries are quotes, made here. Where a language model is set it is asked
// for calls that have just ended; when it fails, is slow, or answers what
// cannot be taken, the quotes stand in. Calls of the past are never sent
// anywhere.
package summaries

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
)

const (
	// name is the consumer's, and that of its cursor.
	name = "summaries"
	// recent is how long after its end a call may go to a language model.
	recent = time.Hour
	// A model that failed so often in a row is left alone for a while: each
	// failure may have taken its whole time-out.
	failuresInARow = 3
	leftAlone      = time.Minute
)

// Model sums a call up elsewhere; see heed/internal/chat. It blocks.
type Model interface {
	Sum(ctx context.Context, callID string, said []insights.Utterance) (insights.Summary, error)
}

// Options is what a Keeper needs.
type Options struct {
	Store *store.Store
	// Analyzer reads what a corrected line now says. Nil leaves such a line
	// without anything understood of it.
	Analyzer insights.Analyzer
	Model    Model // nil asks nobody
	Logger   *slog.Logger
	Now      func() time.Time // nil means time.Now
}

// Keeper is the consumer. One goroutine at a time may use it.
type Keeper struct {
	o        Options
	quotes   *Quoter
	log      *slog.Logger
	failures int
	again    time.Time // when the model is asked again
}

var _ event.Consumer = (*Keeper)(nil)

// New makes a keeper.
func New(o Options) (*Keeper, error) {
	quotes, err := NewQuoter(o.Analyzer)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Keeper{o: o, quotes: quotes, log: o.Logger.With("component", name)}, nil
}

// Types are the events that it wants.
func Types() []event.Type {
	return []event.Type{event.CallEnded, event.UtteranceCorrected, event.CorrectionWithdrawn, event.UtteranceReanalyzed, event.CallReanalyzed}
}

// Name names the consumer.
func (k *Keeper) Name() string { return name }

// Cursor is the last event whose summary is stored.
func (k *Keeper) Cursor(ctx context.Context) (int64, error) { return k.o.Store.Cursor(ctx, name) }

// Handle makes the summaries that the events ask for: of a call once, however
// often it was corrected meanwhile.
func (k *Keeper) Handle(ctx context.Context, events []event.Event) error {
	latest := make(map[string]int64, len(events))
	for _, e := range events {
		latest[e.Call] = e.Seq
	}
	for _, e := range events {
		if latest[e.Call] != e.Seq || !slices.Contains(Types(), e.Type) {
			continue
		}
		if err := k.keep(ctx, e); err != nil {
			return fmt.Errorf("summary of call %s: %w", e.Call, err)
		}
	}
	return nil
}

// keep makes and stores one summary, and moves the cursor with it. A call
// that is live gets one when it ends; one that would read as before is left.
func (k *Keeper) keep(ctx context.Context, e event.Event) error {
	c, err := k.o.Store.Call(ctx, e.Call)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrErased) || err == nil && c.Open() {
		return k.pass(ctx, e)
	}
	if err != nil {
		return err
	}
	s, err := k.sum(ctx, c)
	if err != nil {
		return err
	}
	before, err := k.o.Store.Summary(ctx, c.ID)
	switch {
	case err == nil && Same(before, s):
		return k.pass(ctx, e)
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	done, err := event.New(event.CallSummarised, k.o.Now(), event.About{Subject: c.ID, Call: c.ID}, s)
	if err != nil {
		return err
	}
	return k.o.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveSummary(s); err != nil {
			return err
		}
		if err := tx.Append(done); err != nil {
			return err
		}
		return tx.SetCursor(name, e.Seq)
	})
}

// pass moves the cursor over an event that changes no summary.
func (k *Keeper) pass(ctx context.Context, e event.Event) error {
	return k.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetCursor(name, e.Seq) })
}

func (k *Keeper) sum(ctx context.Context, c event.Call) (insights.Summary, error) {
	said, found, err := k.read(ctx, c)
	if err != nil {
		return insights.Summary{}, err
	}
	if s, ok, err := k.ask(ctx, c, said); ok || err != nil {
		return s, err
	}
	return k.quotes.maker.Make(c.ID, said, found), nil
}

// ask asks the model, if there is one and the call is recent. It is not ok
// when the quotes must do; the error is that of ctx.
func (k *Keeper) ask(ctx context.Context, c event.Call, said []insights.Utterance) (s insights.Summary, ok bool, err error) {
	now := k.o.Now()
	if k.o.Model == nil || len(said) == 0 || c.EndedAt == nil || now.Sub(*c.EndedAt) > recent || now.Before(k.again) {
		return s, false, nil
	}
	s, err = k.o.Model.Sum(ctx, c.ID, said)
	if err == nil {
		k.failures = 0
		return s, true, nil
	}
	if ctx.Err() != nil {
		return s, false, ctx.Err() // the process ends: it is asked at the next start
	}
	k.failures++
	if k.failures >= failuresInARow {
		k.again = k.o.Now().Add(leftAlone)
	}
	k.log.Warn("no summary by the language model; quotes stand in", "call", c.ID, "error", err, "failures", k.failures)
	return s, false, nil
}

// read gives a call as it now reads, in order of speech, and what was
// understood of it.
func (k *Keeper) read(ctx context.Context, c event.Call) ([]insights.Utterance, []insights.Insight, error) {
	said, err := k.o.Store.Utterances(ctx, c.ID)
	if err != nil {
		return nil, nil, err
	}
	found, err := k.o.Store.Insights(ctx, c.ID)
	if err != nil {
		return nil, nil, err
	}
	fixes, err := k.o.Store.CorrectionsOf(ctx, c.ID)
	if err != nil {
		return nil, nil, err
	}
	said, found = k.quotes.corrected(c, said, found, fixes)
	return said, found, nil
}
