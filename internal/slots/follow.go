package slots

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"heed/internal/consent"
	"heed/internal/decide"
	"heed/internal/event"
)

// anything stands for a change that may have moved whatever a decision read.
const anything = "*"

// moved is what an event changes.
type moved struct {
	people []string // whose
	names  []string // as in [decide.Decision].Reads
	hard   bool     // it must not wait for others
}

// readers tell for each type of event that a decision may rest on what it
// changes. Catalogue and experiments are told of by the decider itself, when
// they are in force.
var readers = map[event.Type]func(e *event.Event) (moved, error){
	event.FactObserved:    factMoved,
	event.SignalRaised:    signalMoved,
	event.TraitSet:        traitMoved,
	event.ConsentChanged:  consentMoved,
	event.OutcomeRecorded: outcomeMoved,
	event.SignalRevised:   wholeMoved,
	event.IdentifierSeen:  wholeMoved,
	event.ProfileCarried:  wholeMoved,
	event.ProfileErased:   wholeMoved,
	event.ProfileMerged:   mergeMoved,
	event.ProfileUnmerged: mergeMoved,
	event.CallEnded:       callEnded,
	event.CallMoved:       callMoved,
	event.CallForgotten:   callForgotten,
}

// Types are the events that it follows.
func Types() []event.Type {
	out := make([]event.Type, 0, len(readers))
	for t := range readers {
		out = append(out, t)
	}
	return out
}

// Name names the consumer.
func (s *Service) Name() string { return "slots" }

// Cursor is the last event that was looked at. It begins at the end of the
// log: what is open was decided again at the start.
func (s *Service) Cursor(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seq, nil
}

// Handle has decided again what rested on what the events change.
func (s *Service) Handle(_ context.Context, events []event.Event) error {
	for i := range events {
		e := &events[i]
		if s.idle() || e.Erased() {
			continue
		}
		m, err := readers[e.Type](e)
		if err != nil {
			return fmt.Errorf("slots: event %d: %w", e.Seq, err)
		}
		s.changed(m)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq = max(s.seq, events[len(events)-1].Seq)
	return nil
}

// idle says that no slot is open.
func (s *Service) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.all) == 0
}

// changed has the slots of people decided again whose decision read what has
// changed. Of nobody in particular means of everybody.
func (s *Service) changed(m moved) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return
	}
	if len(m.people) == 0 {
		wait := quiet
		for _, p := range s.all {
			p.burst.addAt(s.o.Now(), wait, s.fire(p))
			wait += apart
		}
		return
	}
	for _, id := range m.people {
		for p := range s.of[id] {
			if s.o.Decider.Affected(p.last, m.names) {
				s.touch(p, m.hard)
			}
		}
	}
}

// rulesChanged is called when other rules have come into force.
func (s *Service) rulesChanged() {
	s.touchAll()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return
	}
	s.wg.Go(func() {
		if err := s.o.Brain.Refresh(s.ctx); err != nil && s.ctx.Err() == nil {
			s.log.Error("live calls were not decided again", "error", err)
		}
	})
}

func (s *Service) touchAll() { s.changed(moved{}) }

// touch has a place decided again: at once where a change must not wait, soon
// where somebody looks at it. The lock is held.
func (s *Service) touch(p *place, hard bool) {
	wait := longest
	if slot, known := s.o.Decider.Catalogue().Slot(p.slot.Name); known && slot.Live {
		wait = quiet
	}
	if hard {
		wait = 0
	}
	p.burst.add(s.o.Now(), wait, s.fire(p))
}

func read(e *event.Event, into any) error { return json.Unmarshal(e.Data, into) }

func wholeMoved(e *event.Event) (moved, error) {
	return moved{people: []string{e.Subject}, names: []string{anything}, hard: e.Type == event.ProfileErased}, nil
}

func factMoved(e *event.Event) (moved, error) {
	var f struct{ Name string }
	if err := read(e, &f); err != nil {
		return moved{}, err
	}
	m := moved{people: []string{e.Subject}, names: decide.ChangedBy(f.Name)}
	switch {
	case strings.HasPrefix(f.Name, "call."):
		// Nothing goes out to somebody who is on the phone.
		m.names, m.hard = []string{anything}, true
	case f.Name == "purchase", strings.HasPrefix(f.Name, "complaint."), strings.HasPrefix(f.Name, "cancel"):
		m.hard = true
	}
	return m, nil
}

func signalMoved(e *event.Event) (moved, error) {
	var s struct {
		Label string `json:"label"`
	}
	err := read(e, &s)
	return moved{
		people: []string{e.Subject}, names: decide.ChangedBy(s.Label),
		hard: s.Label == "intent.cancel" || s.Label == "intent.complaint" || strings.HasPrefix(s.Label, "intent.stop_"),
	}, err
}

func traitMoved(e *event.Event) (moved, error) {
	var t struct {
		Name string `json:"name"`
	}
	err := read(e, &t)
	return moved{people: []string{e.Subject}, names: []string{"trait:" + t.Name}}, err
}

func consentMoved(e *event.Event) (moved, error) {
	var r consent.Row
	err := read(e, &r)
	return moved{people: []string{e.Subject}, names: []string{"consent:" + string(r.Purpose)}, hard: r.State != consent.Granted}, err
}

func outcomeMoved(e *event.Event) (moved, error) {
	return moved{people: []string{e.Subject}, names: []string{"outcome"}}, nil
}

func mergeMoved(e *event.Event) (moved, error) {
	var l struct{ People []string }
	err := read(e, &l)
	return moved{people: l.People, names: []string{anything}, hard: true}, err
}

func callEnded(e *event.Event) (moved, error) {
	var c event.Call
	err := read(e, &c)
	return moved{people: []string{c.CustomerID}, names: []string{anything}}, err
}

func callMoved(e *event.Event) (moved, error) {
	var m event.Moved
	err := read(e, &m)
	return moved{people: []string{m.From, m.To}, names: []string{anything}}, err
}

// callForgotten has all decided again: the event does not say whose call it
// was, and it is rare.
func callForgotten(*event.Event) (moved, error) { return moved{}, nil }
