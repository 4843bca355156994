package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/compare"
	"heed/internal/config"
	"heed/internal/event"
	"heed/internal/listen"
)

// compareFlags say what is compared and how it is shown.
type compareFlags struct {
	engines   []string
	reference string
	json      bool
}

func newCompare() *cobra.Command {
	var f compareFlags
	c := &cobra.Command{
		Use: "compare FILE", Short: "Hear a recording with several engines and show them side by side",
		Long: `Hear a recording with each engine, one after the other, and print what they
heard side by side. Words in which they differ are coloured, or *starred* where
the output is no terminal; a - stands where a word is missing.

With --reference, what was really said is the first column and each engine's
word error rate is printed. It is a text file, or the JSON script of a recorded
call ("turns", each with "role", "start", "end" and "text"): with its roles each
party is counted too, with its times it stands beside what was heard.

With --json the comparison is one object: "file", "seconds", "engines" (each
with "engine", "text", "wer", "parties", "elapsed_seconds" and "cpu_seconds")
and "rows". CPU time is of all processes and includes loading the engine.`,
		Example: "  heed compare call.wav --engines sherpa,pocketsphinx\n  heed compare call.wav --engines sherpa --reference call.json --json",
	}
	c.Flags().StringSliceVar(&f.engines, "engines", nil, "engines to compare, comma-separated; \"heed engines\" lists them")
	c.Flags().StringVar(&f.reference, "reference", "", "file with what was really said: text, or the JSON script of a call")
	c.Flags().BoolVar(&f.json, "json", false, "print the comparison as JSON")
	load := settings(c, "data", "models", "runtime", "log-level", "log-format")
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return misuse("want one recording; see \"%s --help\"", c.CommandPath())
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		cfg, set, err := load()
		if err != nil {
			return err
		}
		script, err := f.check(*cfg)
		if err != nil {
			return err
		}
		log := newLogger(c.ErrOrStderr(), quietly(cfg.Log, set))
		t := newTerminal(c.OutOrStdout(), c.ErrOrStderr())
		heard, failed := f.hearAll(c.Context(), *cfg, log, t, args[0])
		if len(heard) == 0 {
			return failed
		}
		return errors.Join(f.print(c.OutOrStdout(), compare.Compare(heard, script)), failed)
	}
	return c
}

// check refuses unknown engines by name, and reads the reference.
func (f *compareFlags) check(cfg config.Config) (*compare.Script, error) {
	known := engineNames(cfg)
	if len(f.engines) == 0 {
		return nil, misuse("which engines? give --engines with some of %s", strings.Join(known, ", "))
	}
	for i, name := range f.engines {
		base, _, _ := strings.Cut(name, "/") // sherpa/MODEL
		if !slices.Contains(known, base) {
			return nil, misuse("--engines: there is no engine %q; there are %s", name, strings.Join(known, ", "))
		}
		if slices.Contains(f.engines[:i], name) {
			return nil, misuse("--engines: %q is there twice", name)
		}
	}
	if f.reference == "" {
		return nil, nil //nolint:nilnil // no reference was asked for
	}
	raw, err := os.ReadFile(f.reference)
	if err != nil {
		return nil, misuse("--reference: %w", err)
	}
	script, err := compare.ParseScript(raw)
	if err != nil {
		return nil, misuse("--reference %s: %w", f.reference, err)
	}
	return script, nil
}

// engineNames are those that can be asked for by name.
func engineNames(cfg config.Config) []string {
	var names []string
	for _, e := range app.CheckEngines(cfg) {
		names = append(names, e.Name)
	}
	return names
}

// hearAll hears the recording with each engine, one after the other so that
// none takes the other's time. An engine that fails does not stop the others.
func (f *compareFlags) hearAll(ctx context.Context, cfg config.Config, log *slog.Logger, t *terminal, file string) ([]compare.Heard, error) {
	var heard []compare.Heard
	var failed []error
	for _, name := range f.engines {
		h, err := hearWith(ctx, cfg, log, t, name, file)
		t.done()
		switch {
		case errors.Is(err, context.Canceled):
			return nil, err
		case errors.Is(err, listen.ErrUnreadable):
			return nil, &usageError{err} // no other engine could do better
		case err != nil:
			failed = append(failed, fmt.Errorf("%s: %w", name, err))
		default:
			heard = append(heard, h)
		}
	}
	return heard, errors.Join(failed...)
}

func hearWith(ctx context.Context, cfg config.Config, log *slog.Logger, t *terminal, name, file string) (h compare.Heard, err error) {
	before := processTime()
	engine, err := openEngine(ctx, cfg, log, name)
	if err != nil {
		return h, err
	}
	e, _ := engine.For(event.Call{}, insights.Customer, nil)
	began := time.Now()
	heard, err := listen.File(ctx, e, file, func(done, total time.Duration) {
		t.progress(name+" hears "+filepath.Base(file), done, total)
	})
	elapsed := time.Since(began)
	// A child's time is known when it has ended.
	if err = errors.Join(err, engine.Close()); err != nil {
		return h, err
	}
	return compare.Heard{
		Engine: name, Model: engine.Info.Model, Transcript: heard, Elapsed: elapsed, CPU: processTime() - before,
	}, nil
}

// processTime is the CPU time of this process and of its children that ended.
func processTime() time.Duration {
	var sum time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return sum
}

func (f *compareFlags) print(w io.Writer, r compare.Result) error {
	if f.json {
		return json.NewEncoder(w).Encode(r)
	}
	return newSheet(w).write(r)
}
