package themes

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/internal/store"
)

// MostCallers bounds who is looked up by a theme.
const MostCallers = 100_000

// Why it cannot be said who called about a theme.
var (
	// ErrUncounted is returned for a theme that is not counted any more.
	ErrUncounted = errors.New("the theme is deleted or gone; bring it back first")
	// ErrReading is returned while history is read for the theme.
	ErrReading = errors.New("history is still being read for this theme; ask again in a while")
	// ErrTooMany is returned for more people than [MostCallers].
	ErrTooMany = fmt.Errorf("more than %d people called about this; name a later since", MostCallers)
)

// Callers gives the ids of the people who said something of a theme at or after
// a moment, sorted; a merged theme stands for the one that it counts for. Who
// was erased is not among them. [store.ErrNotFound], [ErrUncounted],
// [ErrReading], [ErrTooMany].
func (t *Themes) Callers(ctx context.Context, theme string, since time.Time) ([]string, error) {
	s, err := t.look(ctx)
	if err != nil {
		return nil, err
	}
	th, known := s.themes[theme]
	if !known {
		return nil, fmt.Errorf("theme %s: %w", theme, store.ErrNotFound)
	}
	as, counted := s.countsAs(th)
	if !counted {
		return nil, fmt.Errorf("theme %s: %w", theme, ErrUncounted)
	}
	switch done, err := t.progress(ctx, as); {
	case err != nil:
		return nil, err
	case done < 1:
		return nil, fmt.Errorf("theme %s: %w: %.0f %% so far", theme, ErrReading, 100*done)
	}
	people, err := t.store.ThemeCallers(ctx, as, since, MostCallers+1)
	if err == nil && len(people) > MostCallers {
		err = fmt.Errorf("theme %s: %w", theme, ErrTooMany)
	}
	return people, err
}
