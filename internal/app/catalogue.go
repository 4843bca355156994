package app

import (
	"context"
	"fmt"

	"heed/internal/catalogue"
)

// makeCatalogue lays what people made of the catalogue over the files.
func (a *App) makeCatalogue(ctx context.Context) error {
	s, err := catalogue.Open(ctx, catalogue.Options{
		Store: a.parts.store, Files: contentFS(a.o.Config.Content.Actions, builtinActions), Decider: a.parts.decider,
		Alone: a.o.Config.Content.Alone || a.o.Config.Demo, Now: a.o.Now, Logger: a.log.With("component", "catalogue"),
	})
	if err != nil {
		return fmt.Errorf("actions: %w", err)
	}
	a.parts.stock = s
	return nil
}
