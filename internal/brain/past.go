package brain

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// pastTypes are the events that the decisions about a person followed from,
// and the decisions.
func pastTypes() []event.Type {
	return append(inputTypes(), event.ConsentChanged, event.ProfileMerged, event.ProfileUnmerged, event.DecisionMade)
}

// Moment is a decision that was made, and the question that it answered as it
// can be told from the log, the do-not-call lists and the confirmations of other
// systems as they stood. The question has no Previous. Of decisions of older
// versions it is not known how many actions were asked for, nor the language and
// the labels outside of calls: they are as they usually were.
type Moment struct {
	Logged  decide.Decision
	Request decide.Request
}

// Past is what the log tells of people who are or ever were one.
type Past struct {
	// Outcomes are all that were reported, in that order.
	Outcomes []decide.Outcome
	// Forgotten counts decisions of which the person wants nothing kept.
	Forgotten int
}

// Kin gives all who are or ever were one with a person, sorted, the person
// among them: what was decided about one may have rested on any of them.
func (b *Brain) Kin(ctx context.Context, id string) ([]string, error) {
	found := []string{id}
	for {
		links, err := b.store.Merges(ctx, found)
		if err != nil {
			return nil, fmt.Errorf("kin of %s: %w", id, err)
		}
		before := len(found)
		for i := range links {
			found = append(found, links[i].People[:]...)
		}
		slices.Sort(found)
		if found = slices.Compact(found); len(found) == before {
			return found, nil
		}
	}
}

// Past tells each decision about some people, who are all of a [Brain.Kin], in
// the order in which they were made, with the question as it was then: each
// person's log is folded once. An error of each ends it and is given back.
func (b *Brain) Past(ctx context.Context, people []string, each func(*Moment) error) (Past, error) {
	t := newTeller(b)
	events, err := t.load(ctx, people)
	if err != nil {
		return Past{}, err
	}
	for i := range events {
		e := &events[i]
		if e.Type != event.DecisionMade {
			if err := t.take(e); err != nil {
				return t.past, err
			}
			continue
		}
		if e.Erased() {
			t.past.Forgotten++
			continue
		}
		m, forgotten, err := t.logged(ctx, e)
		if err != nil {
			return t.past, fmt.Errorf("event %s: %w", e.ID, err)
		}
		if forgotten {
			t.past.Forgotten++
			continue
		}
		if m.Request, err = t.question(ctx, &m.Logged); err != nil {
			return t.past, err
		}
		if err := each(&m); err != nil {
			return t.past, err
		}
	}
	return t.past, nil
}

// logged reads the decision of which an event tells: the event has only what a
// screen shows of it.
func (t *teller) logged(ctx context.Context, e *event.Event) (m Moment, forgotten bool, err error) {
	if err := json.Unmarshal(e.Data, &m.Logged); err != nil {
		return m, false, err
	}
	m.Logged, err = t.b.store.Decision(ctx, m.Logged.ID)
	if errors.Is(err, store.ErrErased) {
		return m, true, nil
	}
	return m, err == nil && decide.WasForgotten(&m.Logged), err
}

// teller folds the logs of people up to one event after the other.
type teller struct {
	b      *Brain
	people map[string]*told
	order  []string // of the people
	links  []customer.Merge
	heard  map[string][]raised // by call
	calls  map[string]event.Call
	past   Past
}

// told is one person as far as the log was read.
type told struct {
	base    customer.Profile
	profile customer.Profile
	inputs  []customer.Input
	rows    []consent.Row
	waits   []store.Wait // of the rows, for other systems
	calls   []string
}

func newTeller(b *Brain) *teller {
	return &teller{b: b, people: make(map[string]*told), heard: make(map[string][]raised), calls: make(map[string]event.Call)}
}

// load reads the logs of people as one. Who was erased is left out.
func (t *teller) load(ctx context.Context, people []string) ([]event.Event, error) {
	var all []event.Event
	for _, id := range people {
		p, err := t.b.store.Profile(ctx, id)
		if errors.Is(err, store.ErrErased) || errors.Is(err, store.ErrNotFound) && len(people) > 1 {
			continue
		}
		if err != nil {
			return nil, err
		}
		events, err := t.b.store.HistoryOf(ctx, id, pastTypes())
		if err != nil {
			return nil, err
		}
		waits, err := t.b.store.Waits(ctx, id)
		if err != nil {
			return nil, err
		}
		base := customer.New(id, p.CreatedAt)
		t.people[id] = &told{base: base, profile: base, waits: waits}
		t.order = append(t.order, id)
		all = append(all, events...)
	}
	slices.SortFunc(all, func(a, b event.Event) int { return int(a.Seq - b.Seq) })
	return all, nil
}

// take reads one event that is no decision.
func (t *teller) take(e *event.Event) error {
	p := t.people[e.Subject]
	if p == nil || e.Erased() {
		return nil
	}
	decode := func(into any) error {
		if err := json.Unmarshal(e.Data, into); err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		return nil
	}
	switch e.Type { //nolint:exhaustive // the rest only moves the profile
	case event.DecisionMade:
		return nil
	case event.ConsentChanged:
		var r consent.Row
		err := decode(&r)
		p.rows = append(p.rows, r)
		return err
	case event.ProfileMerged, event.ProfileUnmerged:
		var l customer.Merge
		err := decode(&l)
		t.links = append(slices.DeleteFunc(t.links, func(k customer.Merge) bool { return k.ID == l.ID }), l)
		return err
	case event.ProfileCarried:
		base := customer.New(e.Subject, p.base.CreatedAt)
		err := decode(&base)
		p.base, p.profile, p.inputs = base, base.Clone(), nil // what came before is in it
		return err
	case event.SignalRaised:
		var r raised
		if err := decode(&r); err != nil {
			return err
		}
		t.heard[e.Call] = append(t.heard[e.Call], r)
	case event.OutcomeRecorded:
		var o decide.Outcome
		if err := decode(&o); err != nil {
			return err
		}
		t.past.Outcomes = append(t.past.Outcomes, o)
	}
	return p.fold(*e)
}

// fold takes what an event brings to the profile.
func (p *told) fold(e event.Event) error {
	inputs, err := inputsOf(e)
	for _, in := range inputs {
		p.profile.Take(in)
		if f := in.Fact; f != nil && strings.HasPrefix(f.Name, "call.") {
			if call, ok := f.Props["call"].(string); ok {
				p.calls = append(p.calls, call)
			}
		}
	}
	p.inputs = append(p.inputs, inputs...)
	return err
}

// members gives all who were one with a person, the oldest first.
func (t *teller) members(id string) []member {
	in := []string{id}
	for range t.links { // the longest way visits all
		for _, l := range t.links {
			if l.RemovedAt.IsZero() && slices.Contains(in, l.People[0]) != slices.Contains(in, l.People[1]) {
				in = append(in, l.People[0], l.People[1])
			}
		}
	}
	var out []member
	for _, one := range t.order {
		p := t.people[one]
		if !slices.Contains(in, one) {
			continue
		}
		if p.profile.Stale {
			p.profile = customer.Project(p.base, p.inputs)
		}
		out = append(out, member{profile: p.profile, rows: p.rows})
	}
	slices.SortStableFunc(out, func(a, b member) int {
		return cmp.Or(a.profile.CreatedAt.Compare(b.profile.CreatedAt), strings.Compare(a.profile.ID, b.profile.ID))
	})
	datePeople(out, t.links)
	return out
}

// question is what [Brain.answer] and [Brain.Decide] would ask.
func (t *teller) question(ctx context.Context, d *decide.Decision) (decide.Request, error) {
	if t.people[d.Subject] == nil {
		return decide.Request{}, fmt.Errorf("decision %s: customer %s: %w", d.ID, d.Subject, store.ErrNotFound)
	}
	members := t.members(d.Subject)
	r := decide.Request{Slot: d.Slot, Channel: d.Channel, CallID: d.CallID, At: d.At}
	asked := askedFor(d)
	r.N, r.Language, r.Labels, r.Attention = asked.N, asked.Language, asked.Labels, asked.Attention
	r.Profile, r.Ledger = joined(members), ledger(members)
	r.Profile.ID = d.Subject
	since := d.At.Add(-outcomeMemory)
	for i := range t.past.Outcomes {
		o := &t.past.Outcomes[i]
		if !o.At.Before(since) && slices.ContainsFunc(members, func(m member) bool { return m.profile.ID == o.Subject }) {
			r.Outcomes = append(r.Outcomes, *o)
		}
	}
	slices.SortStableFunc(r.Outcomes, func(a, b decide.Outcome) int { return a.At.Compare(b.At) })
	if d.CallID != "" {
		c, err := t.call(ctx, d.CallID)
		if err != nil {
			return r, err
		}
		if d.Asked == nil {
			r.Language = c.Language
		}
		r.Heard = make([]insights.Signal, len(t.heard[d.CallID]))
		for i := range r.Heard {
			r.Heard[i] = t.heard[d.CallID][i].Signal
		}
		return r, nil
	}
	r.Unsettled = t.unsettled(members, d.At)
	var err error
	if r.OnPhone, err = t.onPhone(ctx, members, d.At); err == nil && (d.Channel == "call" || d.Channel == "sms") {
		r.Listed, err = t.b.callLists(ctx, decide.AddressOf(&r.Profile, d.Channel), d.At)
	}
	return r, err
}

// onPhone says whether one of them was in a call at a moment.
func (t *teller) onPhone(ctx context.Context, members []member, at time.Time) (bool, error) {
	for i := range members {
		call, err := t.callAt(ctx, members[i].profile.ID, at)
		if call != "" || err != nil {
			return call != "", err
		}
	}
	return false, nil
}

// callAt gives the person's call that went on at a moment, or "".
func (t *teller) callAt(ctx context.Context, id string, at time.Time) (string, error) {
	calls := t.people[id].calls
	for _, call := range slices.Backward(calls) {
		c, err := t.call(ctx, call)
		if err != nil {
			return "", err
		}
		ended := c.EndedAt != nil && !c.EndedAt.After(at)
		if !c.StartedAt.After(at) && !ended {
			return c.ID, nil
		}
	}
	return "", nil
}

// call gives a stored call, once. One that is gone tells nothing.
func (t *teller) call(ctx context.Context, id string) (event.Call, error) {
	if c, known := t.calls[id]; known {
		return c, nil
	}
	c, err := t.b.store.Call(ctx, id)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrErased) {
		c, err = event.Call{ID: id}, nil
	}
	t.calls[id] = c
	return c, err
}
