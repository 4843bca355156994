package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"heed/internal/app"
	"heed/internal/brain"
	"heed/internal/client"
	"heed/internal/simulate"
	"heed/internal/store"
)

func newSimulate() *cobra.Command {
	c := &cobra.Command{
		Use: "simulate --change FILE", Short: "Try a change against the decisions of the past",
		Long: `Make the decisions of the past again, once as things are and once under a change,
and tell what it would do: which actions win and lose, how often each is shown,
silence, messages for each person, who becomes eligible, what consent keeps out,
what a decision is worth, and with --cohort how groups of people fare.

The change is a YAML file of the catalogue. An action with the id of a live one
gives only what differs; others are new; levers come beside the live ones:
  version: 1
  actions:
    - id: up.fibre
      value: {margin: 120, cost_share: 0.15}
    - {id: loy.birthday, retired: true}
  no_levers: true           # leave the live levers out
  policy:                   # what differs from the live policy.yaml
    value: {gamma: 0.5}
    limits: {email: {most: 2}}
    explore: {thompson: 0.1, uniform: 0.02}

Nothing is changed, learnt or sent. The value is doubly robust, in the
catalogue's currency, with an interval of 95 %; where too few decisions were
answered it says so in its place. A change that would open what consent or the
law closed is told of first, and the exit status is 1.

It works on the data folder, or asks the server that uses it.`,
		Example: `  heed simulate --change dearer.yaml --since 30d
  heed simulate --change dearer.yaml --since 2026-03-01 --cohort plan --json`,
		Args: noArgs,
	}
	var ask simulate.Ask
	path := c.Flags().String("change", "", "YAML file that says what is changed")
	c.Flags().StringVar(&ask.Since, "since", "30d", "decisions from then on: a day, a moment (RFC 3339) or a time back (30d, 12h)")
	c.Flags().StringVar(&ask.Until, "until", "", "and before that (default: now)")
	c.Flags().StringVar(&ask.Cohort, "cohort", "", "trait by whose values the figures are also told apart")
	asJSON := c.Flags().Bool("json", false, "print the run as one line of JSON")
	at := targetFlags(c, "content-actions", "content-experiments", "log-level", "log-format")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *path == "" {
			return misuse("which change? give --change FILE")
		}
		raw, err := os.ReadFile(*path)
		if err != nil {
			return misuse("--change: %w", err)
		}
		ask.Change = string(raw)
		run, err := runSimulation(c, at, ask)
		if err != nil {
			return err
		}
		if *asJSON {
			err = json.NewEncoder(c.OutOrStdout()).Encode(run)
		} else {
			err = printSimulation(c.OutOrStdout(), &run)
		}
		if err == nil && len(run.Report.Opened) > 0 {
			err = errors.New("the change opens what consent or the law closed: see the actions that are told of")
		}
		return err
	}
	return c
}

// simulator runs a simulation, here or in a server.
type simulator interface {
	// Run blocks until it is done; a cancelled context cancels it.
	Run(ctx context.Context, ask simulate.Ask, progress func(simulate.Run)) (simulate.Run, error)
}

func runSimulation(c *cobra.Command, at *target, ask simulate.Ask) (run simulate.Run, err error) {
	s, closing, err := openWhatIf(c, at)
	if err != nil {
		return run, err
	}
	defer func() { err = errors.Join(err, closing()) }()
	t := newTerminal(c.OutOrStdout(), c.ErrOrStderr())
	tenth := 0
	run, err = s.Run(c.Context(), ask, func(r simulate.Run) {
		t.count("deciding again for people", r.Done, r.Total)
		if now := 10 * r.Done / max(r.Total, 1); !t.watched && now != tenth {
			tenth = now
			_, _ = fmt.Fprintf(t.err, "%d of %d people\n", r.Done, r.Total) // where it cannot be written nobody reads it
		}
	})
	t.done()
	if errors.Is(err, brain.ErrInvalid) {
		return run, &usageError{err}
	}
	return run, asMisuse(err)
}

// openWhatIf takes the data folder, or the server that uses it.
func openWhatIf(c *cobra.Command, at *target) (simulator, func() error, error) {
	nothing := func() error { return nil }
	cfg, set, err := at.load()
	if err != nil {
		return nil, nothing, err
	}
	if at.to == "" {
		if _, err := os.Stat(filepath.Join(cfg.Data, store.File)); err != nil {
			return nil, nothing, misuse("%s holds no decisions: name a data folder with --data, or a server with --to", cfg.Data)
		}
		w, err := app.OpenWhatIf(c.Context(), *cfg, newLogger(c.ErrOrStderr(), quietly(cfg.Log, set)))
		if err == nil {
			return w, w.Close, nil
		}
		if !errors.Is(err, store.ErrLocked) {
			return nil, nothing, err
		}
	}
	cl, err := at.client()
	return &farSimulator{cl}, nothing, err
}

// farSimulator asks a running server.
type farSimulator struct{ *client.Client }

func (s *farSimulator) Run(ctx context.Context, ask simulate.Ask, progress func(simulate.Run)) (simulate.Run, error) {
	run, err := s.Simulate(ctx, ask)
	if err != nil {
		return run, err
	}
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for run.State == simulate.Running {
		progress(run)
		select {
		case <-ctx.Done():
			_, err := s.CancelSimulation(context.WithoutCancel(ctx), run.ID)
			return run, errors.Join(ctx.Err(), err)
		case <-tick.C:
		}
		if run, err = s.Simulation(ctx, run.ID); err != nil {
			return run, err
		}
	}
	if run.State != simulate.Done || run.Report == nil {
		return run, fmt.Errorf("the simulation is %s: %s", run.State, run.Error)
	}
	return run, nil
}
