package brain

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// Then is a past moment of a place that asks.
type Then struct {
	At time.Time // what had happened by then
	// Known is by when it was in the log.
	Known         time.Time
	Slot, Channel string
}

// At gives the question of a place about a person for a past moment, as far as
// things were known at another. How many actions and which language are those
// of the last question that the place asked by then, if it asked one; the labels
// are those of a question of that very moment. A call that went on at that
// moment is part of it. What was recorded after known about an earlier time
// still counts as known when nothing newer of these people had been recorded
// between; the ledger is exact.
func (b *Brain) At(ctx context.Context, id string, then Then) (decide.Request, error) {
	people, err := b.Kin(ctx, id)
	if err != nil {
		return decide.Request{}, err
	}
	t := newTeller(b)
	events, err := t.load(ctx, people)
	if err != nil {
		return decide.Request{}, err
	}
	if t.people[id] == nil {
		return decide.Request{}, fmt.Errorf("customer %s: %w", id, store.ErrErased)
	}
	var recorded time.Time
	for i := range events {
		if e := &events[i]; e.Time.After(recorded) {
			recorded = e.Time
		}
		if recorded.After(then.Known) {
			break
		}
		if err := t.take(&events[i]); err != nil {
			return decide.Request{}, err
		}
	}
	t.until(then.At, then.Known)
	d := decide.Decision{Subject: id, At: then.At, Slot: then.Slot, Channel: then.Channel}
	if err := t.during(ctx, &d); err != nil {
		return decide.Request{}, err
	}
	if d.Asked, err = t.usual(ctx, events, &d); err != nil {
		return decide.Request{}, err
	}
	return t.question(ctx, &d)
}

// usual gives what a place asked when it last asked by a moment, nil where that
// is not known.
func (t *teller) usual(ctx context.Context, events []event.Event, d *decide.Decision) (*decide.Asked, error) {
	last, err := lastOf(events, d)
	if last == nil || err != nil {
		return nil, err
	}
	m, forgotten, err := t.logged(ctx, last)
	if err != nil || forgotten || m.Logged.Asked == nil {
		return nil, err
	}
	asked := *m.Logged.Asked
	if !m.Logged.At.Equal(d.At) {
		asked.Labels = nil
	}
	return &asked, nil
}

// lastOf finds the last decision of the same place by its moment, nil for none.
func lastOf(events []event.Event, d *decide.Decision) (*event.Event, error) {
	for i := range slices.Backward(events) {
		e := &events[i]
		if e.Type != event.DecisionMade || e.Subject != d.Subject || e.Erased() || e.Time.After(d.At) {
			continue
		}
		var made decide.Decision
		if err := json.Unmarshal(e.Data, &made); err != nil {
			return nil, fmt.Errorf("event %s: %w", e.ID, err)
		}
		if made.Slot == d.Slot && made.Channel == d.Channel && made.CallID == d.CallID {
			return e, nil
		}
	}
	return nil, nil
}

// until takes back what had not happened by a moment, and what the ledger had
// not recorded by another.
func (t *teller) until(at, known time.Time) {
	for _, p := range t.people {
		p.inputs = slices.DeleteFunc(p.inputs, func(in customer.Input) bool { return in.At.After(at) })
		p.profile = customer.Project(p.base, p.inputs)
		p.rows = slices.DeleteFunc(p.rows, func(r consent.Row) bool { return r.RecordedAt.After(known) })
	}
	for call, list := range t.heard {
		t.heard[call] = slices.DeleteFunc(list, func(r raised) bool { return r.Spoken.After(at) })
	}
	t.past.Outcomes = slices.DeleteFunc(t.past.Outcomes, func(o decide.Outcome) bool { return o.At.After(at) })
}

// unsettled gives the rows of people that some system had not confirmed at a
// moment.
func (t *teller) unsettled(members []member, at time.Time) (ids []string) {
	for i := range members {
		waits := t.people[members[i].profile.ID].waits
		for j := range waits {
			w := &waits[j]
			if !w.Since.After(at) && (w.Until.IsZero() || w.Until.After(at)) {
				ids = append(ids, w.Row)
			}
		}
	}
	return ids
}

// askedFor is what a decision was asked for, as far as it tells.
func askedFor(d *decide.Decision) decide.Asked {
	if d.Asked != nil {
		return *d.Asked
	}
	const usual = 3
	outranked := func(e decide.Exclusion) bool { return e.Step == 12 }
	if slices.ContainsFunc(d.NotChosen, outranked) {
		return decide.Asked{N: len(d.Actions)}
	}
	if d.ID == "" {
		return decide.Asked{} // nobody asked: as many as the place shows
	}
	return decide.Asked{N: max(usual, len(d.Actions))}
}

// during makes a decision that names no call one of the call that went on then.
func (t *teller) during(ctx context.Context, d *decide.Decision) (err error) {
	if d.Channel == agentChannel {
		d.CallID, err = t.callAt(ctx, d.Subject, d.At)
	}
	return err
}
