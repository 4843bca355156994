package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"heed/internal/app"
	"heed/internal/config"
)

func newEngines() *cobra.Command {
	c := &cobra.Command{
		Use: "engines", Short: "List the speech engines, and which ones would be used", Args: noArgs,
		Long: `List the speech engines, whether they can be used with the present settings, and
which ones those choose. With --speech-engine auto, the default, it is the best
one on this machine; with "none" calls are recorded and not heard. Several
engines make a chain: the next one takes over when one fails. Single languages
can have a chain of their own (--speech-languages).

Engines that run elsewhere get the audio of the calls. They are never chosen
unless they are named, and nothing is dialled by this command.`,
		Example: `  heed engines
  heed engines --speech-engine sherpa,deepgram
  heed engines --speech-languages de=vosk+deepgram`,
	}
	load := settings(c, hearing()...)
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		cfg, _, err := load()
		if err != nil {
			return err
		}
		silent := slog.New(slog.DiscardHandler) // the table tells the same
		chosen, err := app.FindEngine(c.Context(), *cfg, silent, prometheus.NewRegistry())
		if err == nil {
			defer func() { err = errors.Join(err, chosen.Close()) }()
		}
		return errors.Join(err, listEngines(c.OutOrStdout(), app.CheckEngines(*cfg), chosen))
	}
	return c
}

func listEngines(out io.Writer, checks []app.EngineCheck, chosen app.Engine) error {
	used := inUse(chosen)
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "\tENGINE\tSTATE\tWHERE\tNOTE")
	for _, e := range checks {
		mark, where := " ", "here"
		if used[e.Name] {
			mark = "*"
		}
		if e.Remote {
			where = "elsewhere"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", mark, e.Name, stateOf(e), where, e.Note)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)
	remedies(out, checks)
	verdict := "The engines marked * are in use with the present settings (--speech-engine, --speech-languages)."
	if len(used) == 0 {
		verdict = "No engine is in use with the present settings: calls are recorded and not heard."
	}
	_, err := fmt.Fprintln(out, "\n"+verdict)
	return err
}

// inUse gives the names of the engines in the chains.
func inUse(e app.Engine) map[string]bool {
	used := map[string]bool{}
	if e.Pool == nil {
		return used
	}
	for _, s := range e.Pool.States() {
		name, _, _ := strings.Cut(s.Name, "/")
		used[name] = true
	}
	return used
}

func stateOf(e app.EngineCheck) string {
	switch {
	case e.Err == nil:
		return "available"
	case e.Remote:
		return "not set up"
	}
	return "not available"
}

// remedies says what makes the rest available.
func remedies(out io.Writer, checks []app.EngineCheck) {
	for _, e := range checks {
		switch {
		case e.Err == nil:
		case e.Remote:
			fmt.Fprintf(out, "to set up %s: %s\n", e.Name, e.Remedy)
		default:
			fmt.Fprintf(out, "%s: %v\n  mend it: %s\n", e.Name, e.Err, e.Remedy)
		}
	}
}

// noEngine says what to do when the engine that was asked for cannot be had.
func noEngine(err error) error {
	return fmt.Errorf("speech engine: %w; \"heed doctor\" says what to do", err)
}

// openEngine makes the engines of a chain, "auto" for the best that is there.
// The caller closes it. It refuses the name "none": a command that asks for an
// engine needs one.
func openEngine(ctx context.Context, cfg config.Config, log *slog.Logger, names ...string) (app.Engine, error) {
	cfg.Speech.Engine, cfg.Speech.Languages = names, nil
	if err := cfg.Validate(); err != nil {
		return app.Engine{}, &usageError{err}
	}
	e, err := app.FindEngine(ctx, cfg, log, prometheus.NewRegistry())
	if err != nil {
		return app.Engine{}, noEngine(err)
	}
	if e.For == nil {
		return app.Engine{}, errors.Join(errors.New("no speech engine is available; \"heed doctor\" says what to do"), e.Close())
	}
	return e, nil
}
