package customer

import (
	"math"
	"slices"
	"time"

	"heed/insights"
)

// Revision is a new reading of words that were read before.
type Revision struct {
	// Was is what they raised, nil for nothing; Now what they raise. Both have
	// the same label.
	Was *insights.Signal `json:"was,omitempty"`
	Now *insights.Signal `json:"now,omitempty"`
	// Events are the ids of the events that may have folded Was.
	Events []string `json:"events,omitempty"`
	// EventID names the event of this reading; At is when the words were said.
	EventID string    `json:"event_id"`
	At      time.Time `json:"at"`
}

// Revise puts a reading in the place of an earlier one and says whether that
// moved anything. The evidence of the earlier one goes out and that of the new
// one comes in, so that the profile is as if the new one had been heard at
// once.
//
// Evidence that was dropped as the ninth of its call cannot be taken out: then
// nothing comes in either, for it would count the same words twice. Where
// anything was folded or dropped since the words were said, the profile is left
// as it is and marked stale.
func (p *Profile) Revise(r Revision) bool {
	label, moved := r.label(), false
	for i := range table {
		s := &table[i]
		m := s.find(label)
		if m == nil {
			continue
		}
		moved = p.revise(s, m, r) || moved
	}
	return moved
}

func (p *Profile) revise(s *spec, m *move, r Revision) bool {
	mark := p.Marks[s.name]
	late := (Place{At: stamp(r.At), EventID: r.EventID}).compare(mark.Last) <= 0
	if late && (mark.folded() || mark.Capped) {
		p.Stale = true
		return false
	}
	moved := false
	if _, believed := m.evidence(r.Was, "", r.At); believed {
		if !p.remove(s.name, r.label(), r.Events) {
			return false
		}
		moved = true
	}
	if e, believed := m.evidence(r.Now, r.EventID, r.At); believed {
		moved = p.add(s, e) || moved
	}
	return moved
}

// ForgetCall takes out every piece of evidence from a call, and says whether
// there was any. What was folded into an older term has no words and stays.
func (p *Profile) ForgetCall(callID string) bool {
	found := false
	for signal, old := range p.Evidence {
		left := slices.DeleteFunc(slices.Clone(old), func(e Evidence) bool { return e.CallID == callID })
		if len(left) == len(old) {
			continue
		}
		found = true
		if len(left) == 0 {
			delete(p.Evidence, signal)
			continue
		}
		p.Evidence[signal] = left
	}
	return found
}

// ForgetWords takes the words of a call out of the evidence from it, and says
// whether there were any. What was concluded from them stays.
func (p *Profile) ForgetWords(callID string) bool {
	found := false
	for signal, old := range p.Evidence {
		quotes := func(e Evidence) bool { return e.CallID == callID && e.Quote != "" }
		if !slices.ContainsFunc(old, quotes) {
			continue
		}
		found = true
		list := slices.Clone(old)
		for i := range list {
			if quotes(list[i]) {
				list[i].Quote = ""
			}
		}
		p.Evidence[signal] = list
	}
	return found
}

// Of says whether a revision is of words of a call.
func (r *Revision) Of(callID string) bool {
	return r.Was != nil && r.Was.CallID == callID || r.Now != nil && r.Now.CallID == callID
}

func (r *Revision) label() string {
	switch {
	case r.Was != nil:
		return r.Was.Label
	case r.Now != nil:
		return r.Now.Label
	}
	return ""
}

// evidence makes what a signal of the customer's words adds; false for none.
func (m *move) evidence(s *insights.Signal, eventID string, at time.Time) (Evidence, bool) {
	if s == nil || s.Speaker != insights.Customer || math.IsNaN(s.Value) || math.IsInf(s.Value, 0) || math.IsNaN(s.Confidence) {
		return Evidence{}, false
	}
	e := Evidence{
		EventID: eventID, Label: s.Label, Confidence: clamp01(s.Confidence), At: stamp(at),
		CallID: s.CallID, CallSecond: float64(s.At), Quote: s.Quote,
	}
	return e, m.weigh(&e, s.Value)
}

// remove takes out the piece that one of the events folded under a label.
func (p *Profile) remove(signal, label string, events []string) bool {
	old := p.Evidence[signal]
	at := slices.IndexFunc(old, func(e Evidence) bool { return e.Label == label && slices.Contains(events, e.EventID) })
	if at < 0 {
		return false
	}
	p.setEvidence(signal, slices.Delete(slices.Clone(old), at, at+1), p.Marks[signal])
	return true
}
