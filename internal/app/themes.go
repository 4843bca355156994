package app

import (
	"context"
	"fmt"
	"time"

	"heed/fixtures"
	"heed/internal/themes"
	"heed/internal/themes/match"
	"heed/internal/themes/query"
)

// makeThemes joins what counts the themes of calls.
func (a *App) makeThemes(ctx context.Context) error {
	zone, err := time.LoadLocation(a.o.Config.Calls.TimeZone)
	if err != nil {
		return fmt.Errorf("calls-time-zone: %w", err)
	}
	saved, err := query.Compiler(a.o.Config.Calls.Language)
	if err != nil {
		return err
	}
	// One for all who compare texts: an operator's own may be large.
	if a.parts.encoder, err = NewTextEncoder(a.o.Config); err != nil {
		return err
	}
	a.parts.themes, err = themes.New(ctx, themes.Options{
		Store: a.parts.store, Rules: contentFS(a.o.Config.Content.Themes, fixtures.Themes),
		Compiler: match.NewCompiler(a.parts.encoder, saved), Zone: zone, Logger: a.log, Now: a.o.Now,
	})
	return err
}
