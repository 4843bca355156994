package brain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heed/insights"
	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// Reread is an utterance of a call that is over, with what is now understood
// of it.
type Reread struct {
	Utterance insights.Utterance    // as it was heard
	Drop      []store.StoredInsight // what is not understood any more
	Add       []insights.Insight    // what is
	Keep      []insights.Insight    // the rest, which stays
	Said      store.Said            // what the log tells of it
}

// Again is what is now understood of a call that is over, as far as that is
// something else than before.
type Again struct {
	Utterances []Reread
	// NoFigures are the figures of the whole call that Figures replace.
	NoFigures []store.StoredInsight
	Figures   []insights.Insight
	// Summary is what the call was about, or nil when it reads as before.
	Summary *insights.Summary
}

// Whole says that something else is said of the whole call.
func (a *Again) Whole() bool { return a.Summary != nil || len(a.NoFigures)+len(a.Figures) > 0 }

// ErrLive is returned for a call that is not over.
var ErrLive = errors.New("the call is live")

// Reread commits what is now understood of a call that is over, in one
// transaction with what also writes; run names the reanalysis. What people
// corrected stays.
//
// The profile of the customer becomes as if the new reading had been heard at
// once (see [customer.Profile.Revise]). Nothing is decided anew and no signal
// is raised: nobody shall be told today of what was said long ago.
func (b *Brain) Reread(ctx context.Context, c event.Call, run string, again Again, also func(*store.Tx) error) error {
	if b.isLive(c.ID) {
		return fmt.Errorf("read call %s again: %w", c.ID, ErrLive)
	}
	defer b.locks.lock("corrections of " + c.ID)()
	corrections, err := b.store.CorrectionsOf(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("read call %s again: %w", c.ID, err)
	}
	events := make([]event.Event, len(again.Utterances))
	for i := range events {
		if events[i], err = b.readAgain(&again.Utterances[i], run, corrections); err != nil {
			return fmt.Errorf("read call %s again: %w", c.ID, err)
		}
	}
	write := func(tx *store.Tx) error {
		for i := range events {
			if err := again.Utterances[i].write(tx, events[i]); err != nil {
				return err
			}
		}
		if err := again.write(tx, c.ID, run, b.now()); err != nil {
			return err
		}
		return also(tx)
	}
	if err := b.revise(ctx, c, again.Utterances, events, write); err != nil {
		return fmt.Errorf("read call %s again: %w", c.ID, err)
	}
	return nil
}

// readAgain makes the event of an utterance, as it reads by now.
func (b *Brain) readAgain(r *Reread, run string, corrections []event.Correction) (event.Event, error) {
	what := event.Reanalyzed{Run: run}
	what.Utterance, what.Spoken = r.Utterance, r.Said.Spoken
	what.Insights = slices.Concat(r.Keep, r.Add)
	what.Was = understood(r.Drop)
	if i := slices.IndexFunc(corrections, func(c event.Correction) bool { return c.UtteranceID == r.Utterance.ID }); i >= 0 {
		what.Correction = &corrections[i]
		what.Utterance = corrections[i].Applied(what.Utterance)
	}
	call := r.Utterance.CallID
	return event.New(event.UtteranceReanalyzed, b.now(), event.About{Subject: call, Call: call}, what)
}

func (r *Reread) write(tx *store.Tx, e event.Event) error {
	if err := replace(tx, r.Utterance.CallID, r.Drop, r.Add); err != nil {
		return err
	}
	return tx.Append(e)
}

func replace(tx *store.Tx, callID string, drop []store.StoredInsight, add []insights.Insight) error {
	for _, d := range drop {
		if err := tx.DropInsight(d); err != nil {
			return err
		}
	}
	return tx.AddInsights(callID, add)
}

// write puts what is said of the whole call in the place of what was.
func (a *Again) write(tx *store.Tx, callID, run string, at time.Time) error {
	if !a.Whole() {
		return nil
	}
	about := event.About{Subject: callID, Call: callID}
	what := event.CallRemeasured{Figures: a.Figures, Was: understood(a.NoFigures), Run: run}
	if a.Summary != nil {
		what.Summary = a.Summary.Model
		if err := tx.SaveSummary(*a.Summary); err != nil {
			return err
		}
		if err := appendEvent(tx, event.CallSummarised, at, about, a.Summary); err != nil {
			return err
		}
	}
	if err := replace(tx, callID, a.NoFigures, a.Figures); err != nil {
		return err
	}
	return appendEvent(tx, event.CallReanalyzed, at, about, what)
}

func understood(stored []store.StoredInsight) []insights.Insight {
	var out []insights.Insight
	for _, s := range stored {
		out = append(out, s.Insight)
	}
	return out
}

// revise commits, with the customer's profile where there is one.
func (b *Brain) revise(ctx context.Context, c event.Call, again []Reread, events []event.Event, write func(*store.Tx) error) error {
	if c.CustomerID == "" {
		return b.store.Write(ctx, write)
	}
	w, unlock, err := b.openLocked(ctx, c.CustomerID)
	if errors.Is(err, store.ErrNotFound) {
		return b.store.Write(ctx, write) // nobody is left to know better
	}
	if err != nil {
		return err
	}
	defer unlock()
	for i := range again {
		spoken := c.StartedAt.Add(again[i].Utterance.End.Duration())
		for _, r := range again[i].revisions(events[i].ID, spoken) {
			if err := w.revise(r); err != nil {
				return err
			}
		}
	}
	return b.commit(ctx, w, write)
}

// revise folds another reading of words, and writes its event.
func (w *change) revise(r customer.Revision) error {
	e, err := event.New(event.SignalRevised, w.at, event.About{Subject: w.profile.ID}, r)
	if err == nil {
		w.take(placed(customer.Input{Revision: &r}))
		w.append(e)
	}
	return err
}

// revisions pairs the signals of the two readings by their label. One that is
// the same in both is left where it is.
func (r *Reread) revisions(eventID string, at time.Time) []customer.Revision {
	before, now := insights.Signals(&r.Utterance, understood(r.Drop)), insights.Signals(&r.Utterance, r.Add)
	var out []customer.Revision
	for i := range before {
		rev := customer.Revision{Was: &before[i], Events: r.Said.Raised, EventID: eventID, At: at}
		if k := labelled(now, before[i].Label); k >= 0 {
			rev.Now = &now[k]
		}
		if rev.Now == nil || rev.Now.Value != rev.Was.Value || rev.Now.Confidence != rev.Was.Confidence {
			out = append(out, rev)
		}
	}
	for i := range now {
		if labelled(before, now[i].Label) < 0 {
			out = append(out, customer.Revision{Now: &now[i], EventID: eventID, At: at})
		}
	}
	return out
}

func labelled(signals []insights.Signal, label string) int {
	return slices.IndexFunc(signals, func(s insights.Signal) bool { return s.Label == label })
}
