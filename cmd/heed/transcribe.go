package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

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
		Long: `Print what was said in WAV files (any rate, one or two channels; in a stereo
file the agent is on the left and the customer on the right channel). Nothing
is stored and nothing is redacted.

With --json each file is one line, in the order of the arguments: "file",
"text", "written" (the text as people write it), "words" (each with "text", "start", "end" and "confidence"),
"utterances" and "seconds". Times are seconds from the start of the file.

A file that cannot be heard does not stop the others; the exit status is then
1, or 2 when there was none that could.`,
		Example: "  heed transcribe call.wav\n  heed transcribe --json *.wav",
	}
	asJSON := c.Flags().Bool("json", false, "print JSON lines")
	load := settings(c, hearing()...)
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return misuse("want one or more recordings; see \"%s --help\"", c.CommandPath())
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		cfg, set, err := load()
		if err != nil {
			return err
		}
		log := newLogger(c.ErrOrStderr(), quietly(cfg.Log, set))
		t := newTerminal(c.OutOrStdout(), c.ErrOrStderr())
		fetchModel(c.Context(), *cfg, log, t)
		engine, err := app.FindEngine(c.Context(), *cfg, log, prometheus.NewRegistry())
		if err != nil {
			return noEngine(err)
		}
		defer func() { err = errors.Join(err, engine.Close()) }()
		if engine.For == nil {
			return errors.New("no speech engine is available; \"heed doctor\" says what to do")
		}
		return transcribeAll(c, t, engine, args, *asJSON, app.NewWriter(*cfg))
	}
	return c
}

// transcribeAll prints each file as soon as it was heard, and tells at the end
// of those that could not be.
func transcribeAll(c *cobra.Command, t *terminal, e app.Engine, files []string, asJSON bool, write func(*insights.Utterance) (string, []int)) error {
	engine, _ := e.For(event.Call{}, insights.Customer)
	out := json.NewEncoder(c.OutOrStdout())
	var failed []error
	for _, file := range files {
		heard, err := listen.File(c.Context(), engine, file, func(done, total time.Duration) {
			t.progress("hearing "+filepath.Base(file), done, total)
		})
		t.done()
		if errors.Is(err, context.Canceled) {
			return err
		}
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if heard.Truncated {
			_, _ = fmt.Fprintln(c.ErrOrStderr(), "heed:", file, "is cut off; what is there was heard")
		}
		heard.Write(write)
		if !asJSON {
			printTranscript(t, heard, len(files) > 1)
		} else if err := out.Encode(heard); err != nil {
			return err
		}
	}
	err := errors.Join(failed...)
	if len(failed) == len(files) && allRefused(failed) {
		return &usageError{err}
	}
	return err
}

// allRefused says whether it was the files' fault alone.
func allRefused(errs []error) bool {
	for _, err := range errs {
		if !errors.Is(err, listen.ErrUnreadable) {
			return false
		}
	}
	return true
}

func printTranscript(t *terminal, heard listen.Transcript, named bool) {
	if named {
		t.printf("%s\n", heard.File)
	}
	for _, u := range heard.Utterances {
		t.printf("%7.1f  %-8s  %s\n", u.Start, u.Speaker, cmp.Or(u.Written, u.Text))
	}
	if len(heard.Utterances) == 0 {
		t.printf("%7s  nobody was heard\n", "")
	}
}
