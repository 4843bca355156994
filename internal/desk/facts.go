package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
)

// Facts are what is known beside the words of a call's utterances.
type Facts struct {
	event.Call

	// Of holds what was understood of each utterance, by its id.
	Of map[string][]insights.Insight
	// Outcomes are what came of suggestions, each once, in order.
	Outcomes []string
}

// Facts gives those of a call, or [store.ErrNotFound].
func (d *Desk) Facts(ctx context.Context, callID string) (Facts, error) {
	f := Facts{Of: map[string][]insights.Insight{}}
	var err error
	if f.Call, err = d.store.Call(ctx, callID); err != nil {
		return f, fmt.Errorf("facts of call %s: %w", callID, err)
	}
	found, err := d.store.Insights(ctx, callID)
	if err != nil {
		return f, fmt.Errorf("facts of call %s: %w", callID, err)
	}
	for _, in := range found {
		f.Of[in.UtteranceID] = append(f.Of[in.UtteranceID], in)
	}
	outcomes, err := d.store.Outcomes(ctx, callID)
	if err != nil {
		return f, fmt.Errorf("facts of call %s: %w", callID, err)
	}
	for _, o := range outcomes {
		if !slices.Contains(f.Outcomes, o.Outcome) {
			f.Outcomes = append(f.Outcomes, o.Outcome)
		}
	}
	return f, nil
}

// Origin says where a call came from; what is empty is not known.
type Origin struct{ Source, Campaign, Queue string }

// Origin gives where a call came from.
func (d *Desk) Origin(ctx context.Context, callID string) (Origin, error) {
	o, err := d.store.CallOrigin(ctx, callID)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrErased) {
		return Origin{}, nil
	}
	if err != nil {
		return Origin{}, fmt.Errorf("origin of call %s: %w", callID, err)
	}
	return Origin{o.Source, o.Campaign, o.Queue}, nil
}

// Said gives what was said on a call as it reads now, in the order of speech: a
// correction stands for the words that were heard, whose times are not its own.
// A call that is not there is [store.ErrNotFound].
func (d *Desk) Said(ctx context.Context, callID string) ([]insights.Utterance, error) {
	if _, err := d.store.Call(ctx, callID); err != nil {
		return nil, fmt.Errorf("what was said on call %s: %w", callID, err)
	}
	said, err := d.asSpoken(ctx, callID)
	if err != nil {
		return nil, fmt.Errorf("what was said on call %s: %w", callID, err)
	}
	corrections, err := d.store.CorrectionsOf(ctx, callID)
	if err != nil {
		return nil, fmt.Errorf("what was said on call %s: %w", callID, err)
	}
	for _, c := range corrections {
		for i := range said {
			if u := &said[i]; u.ID == c.UtteranceID {
				u.Text, u.Written, u.WrittenWords, u.Words = c.Text, "", nil, nil
			}
		}
	}
	return said, nil
}
