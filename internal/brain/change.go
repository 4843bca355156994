package brain

import (
	"context"
	"fmt"
	"slices"
	"time"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// change is one commit in the making about one customer, held under that
// customer's lock from the read to the commit.
type change struct {
	profile customer.Profile
	base    int64 // version that was read; 0 for a new customer
	rows    []consent.Row
	newRows []consent.Row // of rows: those of this change
	at      time.Time

	call *live // the call to decide for; nil when there is none
	// decide asks for a decision even when nothing that the last one read has
	// moved: at the start of a call and after an outcome.
	decide   bool
	moved    []string // names of what changed, for the dependency check
	signals  []raised
	dirty    bool
	before   []decide.Outcome // of earlier suggestions to this person
	outcomes []decide.Outcome // recorded by this change

	dropped int // messages that were not kept of who is not to be tracked
}

// outcomeMemory is how far back answers to suggestions are looked at: the
// longest pause after a refusal.
const outcomeMemory = 60 * 24 * time.Hour

// raised is a signal with the event that will carry it.
type raised struct {
	insights.Signal
	CustomerID string `json:"customer_id"`
	id         string
}

// begin starts a change of a profile that was just made or read.
func (b *Brain) begin(p customer.Profile, at time.Time) *change {
	return &change{profile: p, base: p.Version, at: at, decide: true, dirty: p.Version == 0}
}

// open reads a customer for a change.
func (b *Brain) open(ctx context.Context, id string) (*change, error) {
	p, err := b.store.Profile(ctx, id)
	if err != nil {
		return nil, err
	}
	rows, err := b.store.Consent(ctx, id)
	if err != nil {
		return nil, err
	}
	w := &change{profile: p.Clone(), base: p.Version, rows: rows, at: b.now()}
	w.before, err = b.store.OutcomesOf(ctx, id, w.at.Add(-outcomeMemory))
	return w, err
}

// hear folds one signal of a call, unless the person is not to be tracked.
func (w *change) hear(s insights.Signal, spoken time.Time) {
	if w.untracked() {
		return
	}
	r := raised{Signal: s, CustomerID: w.profile.ID, id: event.NewID()}
	w.signals = append(w.signals, r)
	w.moved = append(w.moved, decide.ChangedBy(s.Label)...)
	if w.profile.Hear(s, r.id, spoken) {
		w.dirty = true
	}
}

// observe folds one dated fact and tells whether it was new.
// A fact that may not be kept of the person is as one that came before.
func (w *change) observe(f customer.Fact) bool {
	fresh := w.keeps(f.Name) && w.profile.Observe(f)
	if fresh {
		w.dirty = true
		w.moved = append(w.moved, decide.ChangedBy(f.Name)...)
	}
	return fresh
}

// commit decides when something that matters moved, and writes the fact, the
// profile, the decision and their events in one transaction. The live call
// learns of them only when that succeeded.
func (b *Brain) commit(ctx context.Context, w *change, fact func(*store.Tx) error) error {
	if w.dirty {
		w.profile.Version, w.profile.UpdatedAt = w.base+1, w.at
	}
	heard := w.heard()
	d := b.answer(w, heard)
	err := b.store.Write(ctx, func(tx *store.Tx) error {
		if w.dirty {
			if err := tx.SaveProfile(w.profile); err != nil {
				return err
			}
		}
		if err := fact(tx); err != nil {
			return err
		}
		return w.derived(tx, d)
	})
	if err != nil {
		return err
	}
	if w.call == nil {
		return nil
	}
	w.call.heard = heard
	if d != nil {
		w.call.last = d
	}
	return nil
}

// nothingMore is the fact of a change whose rows and profile say all.
func nothingMore(*store.Tx) error { return nil }

// heard gives the call's signals with those of this change at the end.
func (w *change) heard() []insights.Signal {
	if w.call == nil {
		return nil
	}
	out := slices.Clip(w.call.heard)
	for _, s := range w.signals {
		out = append(out, s.Signal)
	}
	return out
}

// derived writes what follows from the fact.
func (w *change) derived(tx *store.Tx, d *decide.Decision) error {
	callID := w.callID()
	if err := w.writeRows(tx); err != nil {
		return err
	}
	for _, s := range w.signals {
		e, err := event.New(event.SignalRaised, w.at, event.About{Subject: w.profile.ID, Call: callID}, s)
		if err != nil {
			return err
		}
		e.ID = s.id
		if err := tx.Append(e); err != nil {
			return err
		}
	}
	if w.dirty && w.call != nil { // only the screen of a live call shows it
		v := View(w.profile, w.rows, w.at)
		if err := appendEvent(tx, event.ProfileChanged, w.at, event.About{Subject: w.profile.ID, Call: callID}, v); err != nil {
			return err
		}
	}
	if d == nil {
		return nil
	}
	if err := tx.AddDecision(*d); err != nil {
		return err
	}
	return appendEvent(tx, event.DecisionMade, w.at, event.About{Subject: w.profile.ID, Call: callID}, d)
}

func (w *change) callID() string {
	if w.call == nil {
		return ""
	}
	return w.call.call.ID
}

// answer decides for the call's agent, or gives nil when there is no call or
// nothing has moved that the last decision read.
func (b *Brain) answer(w *change, heard []insights.Signal) *decide.Decision {
	if w.call == nil {
		return nil
	}
	last := w.call.last
	if !w.decide && last != nil && !b.decider.Affected(*last, w.moved) {
		return nil
	}
	d := b.decider.Decide(event.NewID(), decide.Request{
		Slot: agentSlot, Channel: agentChannel, Language: w.call.call.Language,
		CallID: w.call.call.ID, At: w.at, Profile: w.profile, Ledger: w.rows,
		Heard: heard, Previous: last,
		Outcomes: slices.Concat(w.before, w.outcomes),
	})
	return &d
}

// Decide answers one question about a customer outside a call, such as a web
// banner, and commits the decision.
func (b *Brain) Decide(ctx context.Context, customerID, slot, channel string, n int) (decide.Decision, error) {
	defer b.locks.lock(customerID)()
	w, err := b.open(ctx, customerID)
	if err != nil {
		return decide.Decision{}, fmt.Errorf("customer %s: %w", customerID, err)
	}
	listed, err := b.listed(ctx, &w.profile, channel)
	if err != nil {
		return decide.Decision{}, fmt.Errorf("customer %s: %w", customerID, err)
	}
	d := b.decider.Decide(event.NewID(), decide.Request{
		Slot: slot, Channel: channel, At: w.at, N: n, Profile: w.profile, Ledger: w.rows, Listed: listed, Outcomes: w.before,
	})
	err = b.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddDecision(d); err != nil {
			return err
		}
		return appendEvent(tx, event.DecisionMade, w.at, event.About{Subject: customerID, Call: ""}, d)
	})
	if err != nil {
		return d, fmt.Errorf("customer %s: decide: %w", customerID, err)
	}
	return d, nil
}
