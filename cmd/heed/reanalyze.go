package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/event"
	"heed/internal/reanalyze"
	"heed/internal/store"
)

// reanalyzeFlags say what is read again and how it is told.
type reanalyzeFlags struct {
	ask        event.ReanalysisRequest
	kinds      []string
	show, json bool
}

func newReanalyze() *cobra.Command {
	var f reanalyzeFlags
	c := &cobra.Command{
		Use: "reanalyze", Short: "Run the present analyzers over history",
		Long: `Read what was said on calls that are over again, as it was heard and redacted,
with the analyzers of this version and configuration. What is understood
otherwise, or by another model version, is replaced; search, themes and the
customers' profiles follow. The talk figures of each call are measured again
and its summary, when it is one of quotes, is made anew. Corrections by people
stay, and nobody is told today of what was said long ago: no signal is raised
and nothing is suggested.

It works on the data folder, or asks the server that uses it; live calls come
first. Interrupted or killed, it goes on where it was when the same is asked
again, and a server goes on by itself when it starts.

With --dry-run nothing changes: it prints what would. With --json it prints the
run as one line of JSON: "counts", "changes" and "examples".`,
		Example: `  heed reanalyze --since 30d --dry-run
  heed reanalyze --since 2026-03-01 --until 2026-04-01 --kind intent,theme
  heed reanalyze --call 0197a1b2-6a0e-7c7f-9e4e-3f5a0d2b1c90`,
		Args: noArgs,
	}
	c.Flags().StringVar(&f.ask.Since, "since", "", "calls that began then or later: a day, a moment (RFC 3339) or a time back (30d, 12h)")
	c.Flags().StringVar(&f.ask.Until, "until", "", "and before that (default: now)")
	c.Flags().StringVar(&f.ask.Call, "call", "", "only the call with this id")
	c.Flags().StringSliceVar(&f.kinds, "kind", nil, "only these kinds: intent, theme, sentiment, entity, moment, talk")
	c.Flags().BoolVar(&f.ask.DryRun, "dry-run", false, "change nothing, print what would change")
	c.Flags().BoolVar(&f.show, "show", false, "print the words of the examples, not only their ids")
	c.Flags().BoolVar(&f.json, "json", false, "print the run as one line of JSON")
	at := targetFlags(c, append(understanding(), "log-level", "log-format")...)
	c.RunE = func(c *cobra.Command, _ []string) error {
		for _, k := range f.kinds {
			f.ask.Kinds = append(f.ask.Kinds, insights.Kind(k))
		}
		if _, _, err := reanalyze.Check(f.ask, time.Now()); err != nil {
			return &usageError{err}
		}
		return f.run(c, at)
	}
	return c
}

// historian reads history again, here or in a server.
type historian interface {
	// Run blocks until the run is over; a cancelled context interrupts it.
	Run(ctx context.Context, ask event.ReanalysisRequest, progress func(event.Reanalysis)) (event.Reanalysis, error)
	// Said gives the words of an utterance, redacted.
	Said(ctx context.Context, callID, utteranceID string) (string, error)
	Close() error
}

func (f *reanalyzeFlags) run(c *cobra.Command, at *target) (err error) {
	h, err := openHistorian(c, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	t := newTerminal(c.OutOrStdout(), c.ErrOrStderr())
	run, err := h.Run(c.Context(), f.ask, (&follower{terminal: t}).see)
	t.done()
	if err != nil {
		return asMisuse(err)
	}
	if f.json {
		return json.NewEncoder(c.OutOrStdout()).Encode(run)
	}
	return f.print(c.Context(), c.OutOrStdout(), run, h)
}

// asMisuse tells a request that makes no sense from one that failed.
func asMisuse(err error) error {
	problem := (*client.Problem)(nil)
	if errors.As(err, &problem) && (problem.Status == http.StatusUnprocessableEntity || problem.Status == http.StatusNotFound) ||
		errors.Is(err, reanalyze.ErrRequest) || errors.Is(err, store.ErrNotFound) {
		return &usageError{err}
	}
	return err
}

// openHistorian takes the data folder, or the server that uses it.
func openHistorian(c *cobra.Command, at *target) (historian, error) {
	cfg, set, err := at.load()
	if err != nil {
		return nil, err
	}
	if at.to == "" {
		if _, err := os.Stat(filepath.Join(cfg.Data, store.File)); err != nil {
			return nil, misuse("%s holds no history: name a data folder with --data, or a server with --to", cfg.Data)
		}
		h, err := app.OpenHistory(c.Context(), *cfg, newLogger(c.ErrOrStderr(), quietly(cfg.Log, set)))
		if !errors.Is(err, store.ErrLocked) {
			return h, err
		}
	}
	cl, err := at.client()
	if err != nil {
		return nil, err
	}
	return &elsewhere{cl}, nil
}

// elsewhere is a historian that asks a running server.
type elsewhere struct{ *client.Client }

// askEvery is how often a server is asked how far it is.
const askEvery = 200 * time.Millisecond

func (s *elsewhere) Run(ctx context.Context, ask event.ReanalysisRequest, progress func(event.Reanalysis)) (event.Reanalysis, error) {
	run, err := s.Reanalyze(ctx, ask)
	if err != nil {
		return run, err
	}
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for id := run.ID; run.State == event.ReanalysisRunning; progress(run) {
		select {
		case <-ctx.Done():
			_, err := s.CancelReanalysis(context.WithoutCancel(ctx))
			return run, errors.Join(ctx.Err(), err)
		case <-tick.C:
		}
		if run, err = s.Reanalysis(ctx); err != nil {
			return run, err
		}
		if run.ID != id {
			return run, errors.New("the server began another run meanwhile")
		}
	}
	switch run.State {
	case event.ReanalysisFailed:
		return run, fmt.Errorf("the run failed: %s; ask for the same again to go on", run.Error)
	case event.ReanalysisCancelled:
		return run, errors.New("somebody cancelled the run; ask for the same again to go on")
	case event.ReanalysisRunning, event.ReanalysisDone:
	}
	return run, nil
}

func (s *elsewhere) Said(ctx context.Context, callID, utteranceID string) (string, error) {
	r, err := s.Call(ctx, callID)
	if err != nil {
		return "", err
	}
	for i := range r.Utterances {
		if r.Utterances[i].ID == utteranceID {
			return r.Utterances[i].Text, nil
		}
	}
	return "", nil
}

func (s *elsewhere) Close() error { return nil }

// follower tells how far a run is: a bar on a terminal, else a line each tenth.
type follower struct {
	*terminal

	tenth int
}

func (f *follower) see(r event.Reanalysis) {
	f.count("reading calls again", r.Counts.Calls, r.Counts.Total)
	tenth := 10 * r.Counts.Calls / max(r.Counts.Total, 1)
	if f.watched || tenth == f.tenth {
		return
	}
	f.tenth = tenth
	_, _ = fmt.Fprintf(f.err, "%d of %d calls, %d utterances, %d changed; figures of %d calls, %d summaries\n", // where it cannot be written nobody reads it
		r.Counts.Calls, r.Counts.Total, r.Counts.Utterances, r.Counts.Changed, r.Counts.Figures, r.Counts.Summaries)
}

// print tells what changed, or would.
func (f *reanalyzeFlags) print(ctx context.Context, out io.Writer, run event.Reanalysis, h historian) error {
	n, is, are, end := run.Counts, "is", "are", ""
	if run.Request.DryRun {
		is, are, end = "would be", "would be", "Nothing was changed.\n"
	}
	fmt.Fprintf(out, "%d utterances of %d calls were read again by %s.\n", n.Utterances, n.Calls, strings.Join(run.Models, ", "))
	fmt.Fprintf(out, "%d of them %s understood otherwise or by another model version.\n", n.Changed, is)
	fmt.Fprintf(out, "The talk figures of %d calls and the summaries of %d %s other ones or by another version.\n%s", n.Figures, n.Summaries, are, end)
	if len(run.Changes) > 0 {
		w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "\nKIND\tNAME\tNEW\tGONE\tKEPT")
		for _, c := range run.Changes {
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\n", c.Kind, c.Name, c.Added, c.Removed, c.Kept)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return f.printExamples(ctx, out, run, h)
}

func (f *reanalyzeFlags) printExamples(ctx context.Context, out io.Writer, run event.Reanalysis, h historian) error {
	if len(run.Example) == 0 {
		return nil
	}
	fmt.Fprintln(out, "\nFor example, call and utterance:")
	for _, e := range run.Example {
		fmt.Fprintf(out, "  %s %s  %s -> %s\n", e.Call, e.Utterance,
			cmp.Or(strings.Join(e.Was, " "), "nothing"), cmp.Or(strings.Join(e.Now, " "), "nothing"))
		if !f.show {
			continue
		}
		text, err := h.Said(ctx, e.Call, e.Utterance)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "    %q\n", text)
	}
	return nil
}
