package brain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// Counterfactuals says what would have changed a decision of the log: its question
// is told from the log as [Brain.Past] tells it, and decided again with one thing
// otherwise each time, see [decide.Decider.Counterfactuals]. Nothing is stored,
// learnt or counted. A decision that the person wanted forgotten has a reason in
// place of an answer; [store.ErrErased] when the person was erased.
func (b *Brain) Counterfactuals(ctx context.Context, d *decide.Decision) (decide.Counterfactuals, error) {
	unknown := func(why string) decide.Counterfactuals {
		return decide.Counterfactuals{List: []decide.Counterfactual{}, Unknown: why}
	}
	if decide.WasForgotten(d) {
		return unknown("what it rested on was deleted at the customer's wish"), nil
	}
	r, err := b.questionOf(ctx, d)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return unknown("its question is no more in the log"), nil
	case err != nil:
		return decide.Counterfactuals{}, fmt.Errorf("counterfactuals of decision %s: %w", d.ID, err)
	}
	return b.decider.Counterfactuals(d, r), nil
}

// questionOf tells the question that a decision answered; [store.ErrNotFound] when
// the log has it no more.
func (b *Brain) questionOf(ctx context.Context, d *decide.Decision) (decide.Request, error) {
	people, err := b.Kin(ctx, d.Subject)
	if err != nil {
		return decide.Request{}, err
	}
	t := newTeller(b)
	events, err := t.load(ctx, people)
	if err != nil {
		return decide.Request{}, err
	}
	at := slices.IndexFunc(events, func(e event.Event) bool {
		var made struct {
			ID string `json:"decision_id"`
		}
		return e.Type == event.DecisionMade && !e.Erased() && json.Unmarshal(e.Data, &made) == nil && made.ID == d.ID
	})
	if at < 0 {
		return decide.Request{}, fmt.Errorf("decision %s: %w", d.ID, store.ErrNotFound)
	}
	for i := range events[:at] {
		if err := t.take(&events[i]); err != nil {
			return decide.Request{}, err
		}
	}
	r, err := t.question(ctx, d)
	if err != nil || d.Supersedes == "" {
		return r, err
	}
	// What an agent was looking at stays unless it is clearly beaten.
	previous, err := b.store.Decision(ctx, d.Supersedes)
	if errors.Is(err, store.ErrNotFound) {
		return r, nil
	}
	r.Previous = &previous
	return r, err
}
