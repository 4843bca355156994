package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"heed/internal/app"
	"heed/internal/config"
)

const (
	// drainTime is how long live calls may go on after the first signal.
	drainTime = 30 * time.Minute
	stopTime  = 30 * time.Second
	// lastLook is how long those who follow the last call, such as "heed
	// call", may read its end before the server is gone.
	lastLook = time.Second
)

func newServe() *cobra.Command {
	c := &cobra.Command{
		Use: "serve", Short: "Serve the screens, the API and the doors for calls", Args: noArgs,
		Long: `Serve the screens, the API and the doors through which calls arrive.

The first interrupt refuses new calls and waits for the live ones; the second
ends at once. What was heard is committed either way, and calls cut off are
completed from their recording at the next start.

A one-time sign-in link is printed at the start; "heed link" prints another.
Health is at /healthz, readiness at /readyz, metrics at /metrics, the API's
reference at /docs. Logs go to standard error.`,
		Example: "  heed serve --demo\n  heed serve --listen :8080 --data /var/lib/heed --config /etc/heed.yaml",
	}
	load := settings(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, _, err := load()
		if err != nil {
			return err
		}
		log := newLogger(c.ErrOrStderr(), cfg.Log)
		err = serve(c, *cfg, log)
		if c.Context().Err() != nil && errors.Is(err, context.Canceled) {
			log.Info("stopped before it served")
			return nil
		}
		return err
	}
	return c
}

func serve(c *cobra.Command, cfg config.Config, log *slog.Logger) error {
	ctx := c.Context()
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w; choose another with --data", err)
	}
	fetchModel(ctx, cfg, log, newTerminal(c.OutOrStdout(), c.ErrOrStderr()))
	if cfg.Demo && cfg.Twilio.AuthToken == "" {
		cfg.Twilio.AuthToken = app.DemoSecret()
	}
	registry := prometheus.NewRegistry()
	engine, err := app.FindEngine(context.WithoutCancel(ctx), cfg, log, registry)
	if err != nil {
		return noEngine(err)
	}
	a, err := app.New(ctx, app.Options{Config: cfg, Logger: log, Version: version, Engine: engine, Registry: registry})
	if err != nil {
		return err
	}
	return runApp(c, a, cfg, log)
}

// runApp serves until a signal, then ends in two steps.
func runApp(c *cobra.Command, a *app.App, cfg config.Config, log *slog.Logger) (err error) {
	ctx, quiet := c.Context(), context.WithoutCancel(c.Context())
	defer func() {
		stop, cancel := context.WithTimeout(quiet, stopTime)
		defer cancel()
		err = errors.Join(err, a.Stop(stop))
		log.Info("stopped")
	}()
	if err := a.Start(quiet); err != nil {
		return err
	}
	if err := welcome(quiet, c.OutOrStdout(), a); err != nil {
		return err
	}
	if cfg.Demo {
		demo, end := context.WithCancel(ctx)
		defer end()
		done := make(chan struct{})
		go func() {
			defer close(done)
			if err := a.Demo(demo); err != nil && demo.Err() == nil {
				log.Error("the demo ended", "error", err)
			}
		}()
		defer func() { end(); <-done }()
	}
	<-ctx.Done()
	return drain(quiet, a, log)
}

// welcome says where to go.
func welcome(ctx context.Context, w io.Writer, a *app.App) error {
	link, err := a.SignInLink(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "Heed %s is serving on %s\nSign in, once, within a day: %s\n", version, a.URL(), link)
	return err
}

// drain waits for the live calls; a second signal cuts them off.
func drain(ctx context.Context, a *app.App, log *slog.Logger) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	log.Info("stopping: new calls are refused, live calls may end; interrupt again to stop at once")
	began := time.Now()
	if err := a.Drain(ctx); err != nil {
		log.Warn("live calls were cut off; they are completed at the next start", "error", err)
		return nil
	}
	if time.Since(began) > lastLook/10 { // a call has just ended
		pause(ctx, lastLook)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
