package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"heed/internal/app"
	"heed/internal/config"
	"heed/internal/model"
	"heed/transcribe/pocketsphinx"
	"heed/transcribe/sherpa"
)

func newEngines() *cobra.Command {
	c := &cobra.Command{
		Use: "engines", Short: "List the speech engines, and which one would be used", Args: noArgs,
		Long: `List the speech engines, whether they can be used on this machine, and which one
the present settings choose. With --speech-engine auto, the default, it is the
first that is available; with "none" calls are recorded and not heard.`,
		Example: "  heed engines\n  heed engines --speech-engine pocketsphinx",
	}
	load := settings(c, "data", "models", "runtime", "speech-engine")
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
		return errors.Join(err, listEngines(c.OutOrStdout(), checkEngines(*cfg), chosen.Info.Name))
	}
	return c
}

func listEngines(out io.Writer, engines []engineCheck, chosen string) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "\tENGINE\tSTATE\tNOTE")
	for _, e := range engines {
		mark := " "
		if e.name == chosen {
			mark = "*"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", mark, e.name, e.state(), e.note)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, e := range engines {
		if e.err != nil {
			fmt.Fprintf(out, "\n%s: %v\n  mend it: %s\n", e.name, e.err, e.remedy)
		}
	}
	verdict := "The engine marked * is in use with the present settings (--speech-engine)."
	if chosen == "" || chosen == "none" {
		verdict = "No engine is in use with the present settings: calls are recorded and not heard."
	}
	_, err := fmt.Fprintln(out, "\n"+verdict)
	return err
}

type engineCheck struct {
	name, note, remedy string
	err                error
}

func (e engineCheck) state() string {
	if e.err == nil {
		return "available"
	}
	return "not available"
}

func checkEngines(cfg config.Config) []engineCheck {
	return []engineCheck{
		{
			name: "sherpa", note: "sherpa-onnx in a process of its own; the default",
			err: sherpaCheck(cfg), remedy: "heed model pull; go mod download " + model.RuntimeModule,
		},
		{
			name: "pocketsphinx", note: "last resort: about one word in two is wrong on the telephone",
			err: pocketsphinx.Find(), remedy: "apt-get install pocketsphinx pocketsphinx-en-us",
		},
	}
}

// noEngine says what to do when the engine that was asked for cannot be had.
func noEngine(err error) error {
	return fmt.Errorf("speech engine: %w; \"heed doctor\" says what to do", err)
}

func sherpaCheck(cfg config.Config) error {
	m, err := model.Find(app.ModelDirs(cfg), model.SmallEnglish)
	if err != nil {
		return err
	}
	runtime, err := model.FindRuntime(app.RuntimeDirs(cfg))
	if err != nil {
		return err
	}
	return sherpa.Available(runtime, m.Dir)
}

// openEngine makes the engine of a name, "auto" for the best that is there.
// The caller closes it. It refuses the name "none": a command that asks for an
// engine needs one.
func openEngine(ctx context.Context, cfg config.Config, log *slog.Logger, name string) (app.Engine, error) {
	cfg.Speech.Engine = name
	e, err := app.FindEngine(ctx, cfg, log, prometheus.NewRegistry())
	if err != nil {
		return app.Engine{}, noEngine(err)
	}
	if e.For == nil {
		return app.Engine{}, errors.Join(errors.New("no speech engine is available; \"heed doctor\" says what to do"), e.Close())
	}
	return e, nil
}
