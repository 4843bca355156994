package themes

import (
	"context"
	"fmt"

	"heed/internal/store"
)

// Known is what those who keep watch over a theme need of it.
type Known struct {
	Title string
	// CountsAs is the theme in whose numbers it is: its own, or the one into
	// which it was merged. Empty when it is not counted any more.
	CountsAs string
	// Complete says that all of history and of the log is in the numbers: those
	// of one that is not are no smaller than before, they are unfinished.
	Complete bool
}

// Known gives what is known of a theme, or [store.ErrNotFound].
func (t *Themes) Known(ctx context.Context, id string) (Known, error) {
	s, err := t.look(ctx)
	if err != nil {
		return Known{}, err
	}
	th, ok := s.themes[id]
	if !ok {
		return Known{}, fmt.Errorf("theme %s: %w", id, store.ErrNotFound)
	}
	k := Known{Title: th.Title}
	var counted bool
	if k.CountsAs, counted = s.countsAs(th); !counted {
		return k, nil
	}
	done, err := t.progress(ctx, k.CountsAs)
	if err != nil {
		return k, err
	}
	state, err := t.completeness(ctx)
	k.Complete = done >= 1 && state == "complete"
	return k, err
}
