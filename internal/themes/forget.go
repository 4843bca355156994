package themes

import (
	"context"
	"fmt"

	"heed/internal/store"
	"heed/internal/themes/match"
)

// Forget takes what calls said out of what discovery has learned, at once,
// and has it learn again. Counters stay: nobody is in them.
func (t *Themes) Forget(ctx context.Context, calls []string) error {
	m, err := t.store.ThemeModel(ctx)
	if err != nil || len(m.Doc) == 0 || len(calls) == 0 {
		return err
	}
	rest, had, err := match.Without(m.Doc, calls)
	if err != nil || !had {
		return err
	}
	err = t.store.Write(ctx, func(tx *store.Tx) error { return tx.SaveThemeModel(rest, 0) })
	if err != nil {
		return fmt.Errorf("forget what calls said: %w", err)
	}
	return nil
}
