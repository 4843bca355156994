package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"heed/insights"
)

// Near is what was said beside something else.
type Near struct {
	UtteranceID string           `json:"utterance_id"`
	Speaker     insights.Speaker `json:"speaker"`
	Start       insights.Seconds `json:"start"`
	Text        string           `json:"text" doc:"As people write it, and as it was corrected"`
}

// Around gives the n utterances of a call before and after one, in the order
// in which they were spoken. There are none around what is not there any more.
func (d *Desk) Around(ctx context.Context, callID, utterance string, n int) (before, after []Near, err error) {
	said, err := d.asSpoken(ctx, callID)
	if err != nil {
		return nil, nil, fmt.Errorf("around an utterance: %w", err)
	}
	at := slices.IndexFunc(said, func(u insights.Utterance) bool { return u.ID == utterance })
	if at < 0 {
		return nil, nil, nil
	}
	corrections, err := d.store.CorrectionsOf(ctx, callID)
	if err != nil {
		return nil, nil, fmt.Errorf("around an utterance: %w", err)
	}
	fixed := map[string]string{}
	for _, c := range corrections {
		fixed[c.UtteranceID] = c.Text
	}
	near := func(said []insights.Utterance) []Near {
		out := make([]Near, 0, len(said))
		for _, u := range said {
			out = append(out, Near{u.ID, u.Speaker, u.Start, cmp.Or(fixed[u.ID], u.Written, u.Text)})
		}
		return out
	}
	return near(said[max(0, at-n):at]), near(said[at+1 : min(at+1+n, len(said))]), nil
}
