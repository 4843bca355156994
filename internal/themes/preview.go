package themes

import (
	"context"
	"fmt"
	"slices"
	"time"

	"heed/insights"
	"heed/internal/store"
	"heed/internal/themes/match"
)

const (
	// patience is how long a person waits for figures that may be unfinished.
	patience = 300 * time.Millisecond
	// shown is how many quotes a preview has.
	shown = 3
)

// Preview is what a definition would count, in the latest turns.
type Preview struct {
	Turns int64 `json:"turns"`
	Calls int64 `json:"calls"`
	// Read of Of turns were read; the figures are complete when they are equal.
	Read   int64         `json:"read" doc:"Turns that were read, the latest ones"`
	Of     int64         `json:"of" doc:"Turns that there are"`
	Quotes []store.Quote `json:"quotes"`
}

// Preview counts what a definition finds, in the latest turns first and for a
// fraction of a second at most. It changes nothing.
func (t *Themes) Preview(ctx context.Context, d match.Definition) (Preview, error) {
	d.Name, d.Title = "preview", "preview"
	p := Preview{Quotes: []store.Quote{}}
	if err := t.compiler.Check(d); err != nil {
		return p, invalid(err)
	}
	set, err := t.compiler.Build([]match.Spec{{ID: d.Name, Definition: &d}}, nil)
	if err != nil {
		return p, fmt.Errorf("preview: %w", err)
	}
	if p.Of, _, err = t.store.TurnCount(ctx); err != nil {
		return p, err
	}
	last, err := t.store.LastTurn(ctx)
	if err != nil {
		return p, err
	}
	seen := make(map[string]bool)
	for began := time.Now(); last > 0 && time.Since(began) < patience; last -= page {
		turns, err := t.store.Turns(ctx, max(0, last-page), int(min(last, page)))
		if err != nil {
			return p, err
		}
		for _, turn := range slices.Backward(turns) {
			if turn.N <= last {
				p.see(turn, read(set, turn), seen)
			}
		}
	}
	p.Calls = int64(len(seen))
	return p, nil
}

func (p *Preview) see(turn store.Turn, hits []store.ThemeHit, seen map[string]bool) {
	p.Read++
	if len(hits) == 0 {
		return
	}
	p.Turns++
	if !seen[turn.Call] && len(p.Quotes) < shown {
		p.Quotes = append(p.Quotes, store.Quote{
			CallID: turn.Call, UtteranceID: turn.Utterance, Start: insights.SecondsOf(turn.Start), At: turn.At, Text: turn.Text,
			Score: hits[0].Score, Evidence: hits[0].Evidence,
		})
	}
	seen[turn.Call] = true
}

// Settle waits a moment for a theme's history to be read, so that the figures
// of a new one are there at once when that is quick.
func (t *Themes) Settle(ctx context.Context, id string) error {
	_, err := t.settled(ctx, id, patience)
	return err
}
