package brain

import (
	"cmp"
	"context"
	"encoding/json"
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

// change is one commit in the making about one person, held under their lock
// and that of all who are one with them, from the read to the commit. What is
// changed is the person's own; what is decided rests on all that is known of
// those who are one.
type change struct {
	profile customer.Profile // the person's own
	base    int64            // version that was read; 0 for a new customer
	rows    []consent.Row    // the person's own ledger
	newRows []consent.Row    // of rows: those of this change
	at      time.Time
	// people are all who are one, the oldest first, the person among them.
	people []member
	via    *customer.Via // what the person was recognised by, if anything

	call *live // the call to decide for; nil when there is none
	// decide asks for a decision even when nothing that the last one read has
	// moved: at the start of a call and after an outcome.
	decide  bool
	moved   []string // names of what changed, for the dependency check
	signals []raised
	dirty   bool
	tell    bool // what is known of the person reads differently, though it is not changed
	brought brought
	also    []func(*store.Tx) error // more to write, with its events
}

// brought is what a change adds to a person's history and takes from it.
type brought struct {
	inputs   []customer.Input
	outcomes []decide.Outcome
	said     *decide.Attention // of the live call, with the words of this change
	dropped  int               // messages that were not kept of who is not to be tracked
	forgot   string            // a call of which nothing that was said is kept
	moved    map[string]bool   // events that turned out to be somebody else's
}

// outcomeMemory is how far back answers to suggestions are looked at: the
// longest pause after a refusal.
const outcomeMemory = 60 * 24 * time.Hour

// begin starts a change of a profile that was just made.
func (b *Brain) begin(p customer.Profile, at time.Time) *change {
	w := &change{profile: p, base: p.Version, at: at, decide: true, dirty: p.Version == 0}
	w.people = []member{{profile: p}}
	return w
}

// open reads a person for a change, with all who are one with them.
func (b *Brain) open(ctx context.Context, id string) (*change, error) {
	members, _, err := readMembers(ctx, b.store, id)
	if err != nil {
		return nil, err
	}
	w := &change{at: b.now(), people: members}
	for i := range members {
		m := &members[i]
		if m.profile.ID == id {
			w.profile, w.base, w.rows = m.profile.Clone(), m.profile.Version, m.rows
		}
	}
	return w, nil
}

// members gives all who are one, the person as this change has made them.
func (w *change) members() []member {
	out := slices.Clone(w.people)
	for i := range out {
		if out[i].profile.ID == w.profile.ID {
			out[i].profile, out[i].rows = w.profile, w.rows
		}
	}
	return out
}

// whole gives the profile of all who are one, and their ledger.
func (w *change) whole() (customer.Profile, []consent.Row) {
	members := w.members()
	return joined(members), ledger(members)
}

// ledger gives the ledger of all who are one.
func (w *change) ledger() []consent.Row { return ledger(w.members()) }

// take folds an input and tells whether that changed anything.
func (w *change) take(in customer.Input) bool {
	w.brought.inputs = append(w.brought.inputs, in)
	moved := w.profile.Take(in)
	w.dirty = w.dirty || moved || w.profile.Stale
	return moved
}

// hear folds one signal of a call of somebody who may be tracked.
func (w *change) hear(s insights.Signal, spoken time.Time) {
	r := raised{Signal: s, CustomerID: w.profile.ID, Spoken: spoken.UTC(), id: event.NewID()}
	w.signals = append(w.signals, r)
	w.moved = append(w.moved, decide.ChangedBy(s.Label)...)
	w.take(customer.Input{EventID: r.id, At: r.Spoken, Signal: &r.Signal})
}

// observe folds one dated fact. The caller writes its event,
// [event.FactObserved] with the fact as its data, but for one that may not be
// kept of the person; see [change.keeps].
func (w *change) observe(f customer.Fact) {
	if w.keeps(f.Name) && (w.take(placed(customer.Input{Fact: &f})) || w.profile.Stale) {
		w.moved = append(w.moved, decide.ChangedBy(f.Name)...)
	}
}

// setTrait folds what a source says of the person, and writes its event, whose
// id is the trait's where it has one.
func (w *change) setTrait(t customer.Trait) error {
	e, err := event.New(event.TraitSet, t.At, event.About{Subject: w.profile.ID}, nil)
	if err != nil {
		return err
	}
	e.ID = cmp.Or(t.EventID, e.ID)
	t.EventID = e.ID
	if e.Data, err = json.Marshal(t); err != nil {
		return fmt.Errorf("trait %s: %w", t.Name, err)
	}
	if w.take(placed(customer.Input{EventID: e.ID, Trait: &t})) {
		w.moved = append(w.moved, "trait:"+t.Name)
		w.append(e)
	}
	return nil
}

// append has an event written with the change.
func (w *change) append(e event.Event) {
	w.also = append(w.also, func(tx *store.Tx) error { return tx.Append(e) })
}

// commit decides when something that matters moved, and writes the fact, the
// profile, the decision and their events in one transaction. The live call
// learns of them only when that succeeded.
func (b *Brain) commit(ctx context.Context, w *change, fact func(*store.Tx) error) error {
	if w.profile.Stale {
		if err := b.project(ctx, w); err != nil {
			return err
		}
	}
	if w.dirty {
		w.profile.Version = w.base + 1
	}
	heard := w.heard()
	d, err := b.answer(ctx, w, heard)
	if err != nil {
		return err
	}
	err = b.store.Write(ctx, func(tx *store.Tx) error {
		if w.dirty {
			if err := tx.SaveProfile(w.profile); err != nil {
				return err
			}
		}
		for _, also := range w.also {
			if err := also(tx); err != nil {
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
		w.call.decided(d)
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
	if (w.dirty || w.tell) && w.call != nil && !w.call.call.Past() { // only the screen of a live call shows it
		profile, rows := w.whole()
		v := View(profile, rows, w.at)
		if err := appendEvent(tx, event.ProfileChanged, w.at, event.About{Subject: w.profile.ID, Call: w.screenID()}, v); err != nil {
			return err
		}
	}
	if d == nil {
		return nil
	}
	if err := tx.AddDecision(*d); err != nil {
		return err
	}
	return appendEvent(tx, event.DecisionMade, w.at, event.About{Subject: d.Subject, Call: w.screenID()}, decide.Shown(*d))
}

// callID is the live call in which something happened to the person, if any:
// not that of another of those who are one.
func (w *change) callID() string {
	if w.call == nil || w.call.call.CustomerID != w.profile.ID {
		return ""
	}
	return w.call.call.ID
}

// screenID is the live call whose screen shows the person, if any.
func (w *change) screenID() string {
	if w.call == nil {
		return ""
	}
	return w.call.call.ID
}

// answer decides for the call's agent, or gives nil when there is no call, it
// is one of the past, or nothing has moved that the last decision read.
func (b *Brain) answer(ctx context.Context, w *change, heard []insights.Signal) (*decide.Decision, error) {
	if w.call == nil || w.call.call.Past() {
		return nil, nil
	}
	last := w.call.last
	if !w.decide && last != nil && !b.decider.Affected(*last, w.moved) {
		return nil, nil
	}
	r, err := b.request(ctx, w)
	if err != nil {
		return nil, err
	}
	r.Profile.ID = w.call.call.CustomerID
	r.Slot, r.Channel, r.Language, r.CallID = agentSlot, agentChannel, w.call.call.Language, w.call.call.ID
	r.Heard, r.Previous = heard, last
	r.Attention = w.attention()
	d := b.decider.Decide(event.NewID(), r)
	d.Snapshot = decide.Snapshot(r)
	return &d, nil
}

// attention gives what the agent of the live call has been shown, and what was
// said there, the words of this change included.
func (w *change) attention() *decide.Attention {
	a := w.call.screen.attention
	if w.brought.said != nil {
		a = *w.brought.said
	}
	a.Agent = w.call.call.Agent
	return &a
}

// request asks for a decision on all that is known. It is about the person,
// not about all who are one: so it stays theirs when they are parted.
func (b *Brain) request(ctx context.Context, w *change) (decide.Request, error) {
	r := decide.Request{At: w.at, Outcomes: slices.Clone(w.brought.outcomes)}
	r.Profile, r.Ledger = w.whole()
	r.Profile.ID = w.profile.ID
	for i := range w.people {
		before, err := b.store.OutcomesOf(ctx, w.people[i].profile.ID, w.at.Add(-outcomeMemory))
		if err != nil {
			return r, err
		}
		r.Outcomes = append(r.Outcomes, before...)
	}
	slices.SortStableFunc(r.Outcomes, func(a, b decide.Outcome) int { return a.At.Compare(b.At) })
	var err error
	r.Taken, err = b.taken(ctx, w.at)
	return r, err
}
