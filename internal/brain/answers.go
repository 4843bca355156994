package brain

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/store"
)

const (
	// parkedFor is how long an outcome waits for its decision.
	parkedFor = 24 * time.Hour
	// timeoutSource is who says that the time for an answer is over.
	timeoutSource = "timeout"
	// heardSource is where an answer comes from that was heard and confirmed.
	heardSource = "heard"
	// sweepAtOnce is how many are looked at in one go.
	sweepAtOnce = 200
)

// between brings the moment of an outcome between its decision and now: clocks
// of others are wrong, and nothing is answered before it was asked.
func between(decided, at, now time.Time) time.Time {
	switch {
	case at.IsZero() || at.After(now):
		return now
	case at.Before(decided):
		return decided
	}
	return at
}

// park keeps an outcome whose decision is not known.
func (b *Brain) park(ctx context.Context, o decide.Outcome) error {
	now := b.now()
	o.At = between(time.Time{}, o.At, now)
	if err := b.store.Write(ctx, func(tx *store.Tx) error { return tx.Park(o, now) }); err != nil {
		return fmt.Errorf("outcome of %s: %w", o.DecisionID, err)
	}
	return fmt.Errorf("outcome of %s: %w", o.DecisionID, ErrParked)
}

// await keeps the time in which a suggestion is answered: it begins when it is
// shown and ends when somebody answers.
func (b *Brain) await(tx *store.Tx, o decide.Outcome, slot string, now time.Time) error {
	if o.Outcome != decide.Impression {
		return tx.Answered(o.DecisionID, o.Action)
	}
	_, _, wait := b.decider.Catalogue().Answering(o.Action, o.Channel, slot)
	if wait <= 0 {
		return nil
	}
	return tx.Await(store.Awaited{Decision: o.DecisionID, Action: o.Action, Customer: o.Subject, Channel: o.Channel, Due: now.Add(wait)})
}

// Swept counts what a sweep did.
type Swept struct {
	TimedOut  int // suggestions of which the time was over
	Matched   int // parked outcomes whose decision had come
	Unmatched int // parked outcomes that are given up
}

// Sweep commits that the time for an answer is over where it is, and deals
// with the outcomes that waited for their decision. In a call the time begins
// when it has ended. Doing it again changes nothing.
func (b *Brain) Sweep(ctx context.Context) (Swept, error) {
	var done Swept
	late, err := b.store.Overdue(ctx, b.now(), sweepAtOnce)
	if err != nil {
		return done, fmt.Errorf("sweep: %w", err)
	}
	var failed []error // one that cannot be dealt with does not hold up the others
	for _, a := range late {
		over, err := b.timeOut(ctx, a)
		failed = append(failed, err)
		if over {
			done.TimedOut++
		}
	}
	parked, err := b.store.Parked(ctx, sweepAtOnce)
	if err != nil {
		return done, fmt.Errorf("sweep: %w", err)
	}
	for _, p := range parked {
		failed = append(failed, b.unpark(ctx, p, &done))
	}
	if err := errors.Join(failed...); err != nil {
		return done, fmt.Errorf("sweep: %w", err)
	}
	return done, nil
}

// errAnswered says that somebody has answered.
var errAnswered = errors.New("this was answered")

// timeOut ends the wait for one answer and says whether none had come.
func (b *Brain) timeOut(ctx context.Context, a store.Awaited) (bool, error) {
	d, err := b.store.Decision(ctx, a.Decision)
	gone := errors.Is(err, store.ErrErased) || errors.Is(err, store.ErrNotFound)
	if err != nil && !gone {
		return false, err
	}
	if !gone && d.CallID != "" {
		if a.Due, err = b.dueInCall(ctx, a, &d); err != nil {
			return false, err
		}
		if a.Due.After(b.now()) {
			return false, b.store.Write(ctx, func(tx *store.Tx) error { return tx.Postpone(a) })
		}
	}
	enough := func() error {
		return b.store.Write(ctx, func(tx *store.Tx) error { return tx.Answered(a.Decision, a.Action) })
	}
	if gone {
		return false, enough()
	}
	_, repeated, err := b.outcome(ctx, decide.Outcome{
		DecisionID: a.Decision, Action: a.Action, Outcome: decide.NoResponse, Channel: a.Channel, At: a.Due, Source: timeoutSource, Actor: "heed",
	}, func() error { // an answer may come at any moment until the person is locked
		answered, err := b.store.HasAnswer(ctx, a.Decision, a.Action)
		if err == nil && answered {
			err = errAnswered
		}
		return err
	})
	if repeated || errors.Is(err, errAnswered) { // its mark stayed
		return false, enough()
	}
	return err == nil, err
}

// dueInCall gives when the wait for an answer in a call ends: some time after
// the call, which is not known while it goes on. A call that is there no more
// postpones nothing.
func (b *Brain) dueInCall(ctx context.Context, a store.Awaited, d *decide.Decision) (time.Time, error) {
	c, err := b.store.Call(ctx, d.CallID)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrErased) {
		return a.Due, nil
	}
	if err != nil {
		return a.Due, err
	}
	ended := b.now()
	if c.EndedAt != nil {
		ended = *c.EndedAt
	}
	_, _, wait := b.decider.Catalogue().Answering(a.Action, a.Channel, d.Slot)
	return ended.Add(wait), nil
}

func (b *Brain) unpark(ctx context.Context, p store.Parked, done *Swept) error {
	switch {
	case p.Known:
		o := p.Outcome
		own, given := strings.CutPrefix(o.Key, o.Actor+"/")
		if o.Key = ""; given {
			o.Key = own // it is made the caller's own again
		}
		if _, _, err := b.Outcome(ctx, o); err != nil && !errors.Is(err, ErrNotOffered) && !errors.Is(err, store.ErrErased) && !errors.Is(err, store.ErrMismatch) {
			return err
		}
		done.Matched++
	case b.now().Sub(p.Since) < parkedFor:
		return nil
	default:
		done.Unmatched++
	}
	return b.store.Write(ctx, func(tx *store.Tx) error { return tx.Unpark(p.Key) })
}

// answers commits what the messages of one group say of suggestions. A repeat
// of a message changes nothing.
func (b *Brain) answers(ctx context.Context, all []Received, group []int, out []Receipt) error {
	for _, i := range group {
		for _, a := range all[i].Answers {
			if err := b.reported(ctx, &all[i], a, out[i].CustomerID); err != nil {
				return err
			}
		}
	}
	return nil
}

// reported commits one outcome of a message, of a decision about the person.
func (b *Brain) reported(ctx context.Context, m *Received, a decide.Outcome, person string) error {
	o := decide.Outcome{
		DecisionID: a.DecisionID, Action: a.Action, Outcome: a.Outcome, Value: a.Value, At: m.At,
		Source: m.Source, Actor: m.Source, Key: m.ID + "/" + a.Outcome,
	}
	d, err := b.store.Decision(ctx, o.DecisionID)
	switch {
	case errors.Is(err, store.ErrErased):
		return nil
	case err == nil:
		one, err := b.store.Members(ctx, d.Subject)
		if err != nil {
			return err
		}
		if !slices.Contains(one, person) || len(d.Actions) == 0 {
			return nil // somebody else's, or nothing was suggested
		}
		o.Action = cmp.Or(o.Action, d.Actions[0].Action)
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	_, _, err = b.Outcome(ctx, o)
	for _, known := range []error{ErrParked, ErrNotOffered, ErrInvalid, store.ErrErased, store.ErrMismatch} {
		if errors.Is(err, known) {
			return nil
		}
	}
	return err
}

// contact counts that a suggestion reached the person by a channel that
// reaches out: once, however often and by whomever it is told.
func (w *change) contact(o decide.Outcome) (f customer.Fact, counts bool) {
	if o.Outcome != decide.Impression || !decide.Outbound(o.Channel) {
		return f, false
	}
	f = customer.Fact{
		EventID: numbered("contact "+o.DecisionID+" "+o.Channel, 0), Name: "contact." + o.Channel, At: o.At,
		Props: map[string]any{"decision": o.DecisionID},
	}
	return f, !w.contacted(f)
}

// contacted says whether a contact that names its decision was counted.
func (w *change) contacted(f customer.Fact) bool {
	decision := f.Text("decision")
	if decision == "" || !strings.HasPrefix(f.Name, "contact.") {
		return false
	}
	return slices.ContainsFunc(w.profile.Facts, func(known customer.Fact) bool {
		return known.Name == f.Name && known.Text("decision") == decision
	})
}
