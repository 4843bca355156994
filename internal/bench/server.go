package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"heed/internal/app"
)

// serving starts a server with a data folder of its own, hands it over and
// stops it. change says what is not as by default.
func serving(ctx context.Context, change func(*app.Options), do func(*app.App) error) (err error) {
	dir, err := os.MkdirTemp("", "heed-bench-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	o := app.Options{Version: "bench", Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))}
	if o.Config, err = settings(dir); err != nil {
		return err
	}
	change(&o)
	a, err := app.New(ctx, o)
	if err != nil {
		return err
	}
	quiet := context.WithoutCancel(ctx)
	defer func() { err = errors.Join(err, a.Stop(quiet)) }()
	if err := a.Start(quiet); err != nil {
		return err
	}
	return do(a)
}
