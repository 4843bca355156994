package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/event"
	"heed/internal/listen"
)

func newTranscribe() *cobra.Command {
	c := &cobra.Command{
		Use: "transcribe FILE...", Short: "Print what was said in recordings, without a server",
		Long: `Print what was said in WAV files (any rate, one or two channels).

With --json each file is one line: file, text, words (with start, end and
confidence) and utterances. Times are seconds.`,
		Example: "  heed transcribe call.wav\n  heed transcribe --json *.wav",
	}
	asJSON := c.Flags().Bool("json", false, "print JSON lines")
	load := settings(c)
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return misuse("want one or more recordings; see \"%s --help\"", c.CommandPath())
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		cfg, _, err := load()
		if err != nil {
			return err
		}
		log := newLogger(cfg.Log)
		fetchModel(c.Context(), *cfg, log)
		engine, err := app.FindEngine(c.Context(), *cfg, log, prometheus.NewRegistry())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, engine.Close()) }()
		if engine.For == nil {
			return errors.New("no speech engine is available; \"heed doctor\" says what to do")
		}
		return transcribeAll(c, engine, args, *asJSON)
	}
	return c
}

func transcribeAll(c *cobra.Command, e app.Engine, files []string, asJSON bool) error {
	engine, _ := e.For(event.Call{}, insights.Customer)
	out := json.NewEncoder(c.OutOrStdout())
	var failed []error
	for _, file := range files {
		t, err := listen.File(c.Context(), engine, file)
		if errors.Is(err, context.Canceled) {
			return err
		}
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if asJSON {
			if err := out.Encode(t); err != nil {
				return err
			}
			continue
		}
		printTranscript(c, t, len(files) > 1)
	}
	return errors.Join(failed...)
}

func printTranscript(c *cobra.Command, t listen.Transcript, named bool) {
	w := c.OutOrStdout()
	if named {
		fmt.Fprintln(w, t.File)
	}
	for _, u := range t.Utterances {
		fmt.Fprintf(w, "%7.1f  %-8s  %s\n", u.Start, u.Speaker, u.Text)
	}
	if t.Truncated {
		fmt.Fprintln(os.Stderr, "heed:", t.File, "is cut off; what is there was heard")
	}
}
