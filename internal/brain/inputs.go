package brain

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"heed/insights"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
)

// inputTypes are the events of a person that their profile is folded from.
func inputTypes() []event.Type {
	return []event.Type{
		event.SignalRaised, event.SignalRevised, event.FactObserved, event.TraitSet, event.IdentifierSeen,
		event.OutcomeRecorded, event.ProfileCarried,
	}
}

// raised is a signal with the moment of the words, and the event that carries
// it.
type raised struct {
	insights.Signal
	CustomerID string    `json:"customer_id"`
	Spoken     time.Time `json:"spoken"`
	id         string
}

// remembered is an outcome with what it leaves in the person's memory.
type remembered struct {
	decide.Outcome
	Influence []customer.Influence `json:"influence,omitempty"`
}

// inputsOf gives what an event brings to the profile: nothing, where its
// person was erased.
func inputsOf(e event.Event) ([]customer.Input, error) {
	if e.Erased() {
		return nil, nil
	}
	in := customer.Input{EventID: e.ID, At: e.Time}
	var into any
	switch e.Type {
	case event.SignalRaised:
		return signalOf(e)
	case event.OutcomeRecorded:
		return influenceOf(e)
	case event.SignalRevised:
		in.Revision = new(customer.Revision)
		into = in.Revision
	case event.FactObserved:
		in.Fact = new(customer.Fact)
		into = in.Fact
	case event.TraitSet:
		in.Trait = new(customer.Trait)
		into = in.Trait
	case event.IdentifierSeen:
		in.Seen = new(customer.Identifier)
		into = in.Seen
	default:
		return nil, nil
	}
	if err := json.Unmarshal(e.Data, into); err != nil {
		return nil, fmt.Errorf("event %s: %w", e.ID, err)
	}
	return []customer.Input{placed(in)}, nil
}

// placed puts an input where it happened, not where it was written down.
func placed(in customer.Input) customer.Input {
	switch {
	case in.Fact != nil:
		in.EventID, in.At = in.Fact.EventID, in.Fact.At
	case in.Trait != nil:
		in.At = in.Trait.At
	case in.Seen != nil:
		in.At = in.Seen.FirstSeen
	case in.Influence != nil:
		in.At = in.Influence.From
	case in.Revision != nil:
		in.EventID, in.At = in.Revision.EventID, in.Revision.At
	}
	return in
}

func signalOf(e event.Event) ([]customer.Input, error) {
	var r raised
	if err := json.Unmarshal(e.Data, &r); err != nil {
		return nil, fmt.Errorf("event %s: %w", e.ID, err)
	}
	return []customer.Input{{EventID: e.ID, At: r.Spoken, Signal: &r.Signal}}, nil
}

func influenceOf(e event.Event) ([]customer.Input, error) {
	var r remembered
	if err := json.Unmarshal(e.Data, &r); err != nil {
		return nil, fmt.Errorf("event %s: %w", e.ID, err)
	}
	out := make([]customer.Input, len(r.Influence))
	for i := range r.Influence {
		out[i] = placed(customer.Input{EventID: e.ID, Influence: &r.Influence[i]})
	}
	return out, nil
}

// project folds a person's whole history again, with what this change brings.
// It is needed when something came too late to be folded in place.
func (b *Brain) project(ctx context.Context, w *change) error {
	events, err := b.store.HistoryOf(ctx, w.profile.ID, inputTypes())
	if err != nil {
		return err
	}
	base := customer.New(w.profile.ID, w.profile.CreatedAt)
	var inputs []customer.Input
	for _, e := range events {
		if w.brought.moved[e.ID] {
			continue // it was somebody else's
		}
		if e.Type == event.ProfileCarried {
			if err := json.Unmarshal(e.Data, &base); err != nil {
				return fmt.Errorf("event %s: %w", e.ID, err)
			}
			inputs = nil // what came before is in it
			continue
		}
		more, err := inputsOf(e)
		if err != nil {
			return err
		}
		inputs = append(inputs, more...)
	}
	inputs = append(inputs, w.brought.inputs...)
	if call := w.brought.forgot; call != "" {
		base.ForgetCall(call)
		inputs = slices.DeleteFunc(inputs, func(in customer.Input) bool {
			return in.Signal != nil && in.Signal.CallID == call || in.Revision != nil && in.Revision.Of(call)
		})
	}
	w.profile = customer.Project(base, inputs)
	return nil
}
