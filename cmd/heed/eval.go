package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"heed/insights"
	"heed/insights/embed"
	classifier "heed/insights/intent"
	"heed/internal/app"
	"heed/internal/config"
	"heed/internal/eval/intent"
	"heed/internal/eval/redact"
	"heed/internal/eval/rows"
	"heed/internal/eval/sentiment"
	"heed/internal/eval/themes"
	"heed/internal/eval/words"
	"heed/internal/event"
	"heed/internal/listen"
)

func newEval() *cobra.Command {
	c := &cobra.Command{
		Use: "eval", Short: "Score Heed on labelled rows of your own",
		Long: `Score what Heed understands on labelled rows of your own, and print one line of
JSON with the figures. Nothing is stored and no server is needed.

A file of rows has one JSON object a line and may be compressed with gzip:
  text     what was said or written
  label    what it is: a string, or a list of them
  oos      true where no label fits (the label "oos" says the same)
  spans    personal data: [{"start": 11, "end": 30, "label": "CARD"}], counted in
           Unicode code points, the end exclusive
  reference, hypothesis, audio
           for word error rates: what was said, what was heard, the recording

Shares are 0 to 1. A wrong file is refused with its name, the line and what was
expected there, and exit status 2.`,
		Example: `  heed eval intent --train train.jsonl --test test.jsonl
  heed eval themes --test turns.jsonl
  heed eval redact --test turns.jsonl
  heed eval sentiment --test sentences.jsonl
  heed eval wer --test clips.jsonl --engine sherpa
  heed eval decide --log decisions.jsonl --policy priority,uniform`,
		Args: subcommandOf,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newEvalIntent(), newEvalThemes(), newEvalRedact(), newEvalSentiment(), newEvalWER(), newEvalDecide())
	return c
}

// evalFiles are the files of one evaluation.
type evalFiles struct{ train, test string }

// flags declares the files that a task reads; an empty text leaves one out.
func (f *evalFiles) flags(c *cobra.Command, train, test string) {
	if train != "" {
		c.Flags().StringVar(&f.train, "train", "", train)
	}
	c.Flags().StringVar(&f.test, "test", "", test)
	c.Args = noArgs
}

// readRows reads one file; a mistake in it is the user's.
func readRows(flag, path string, need rows.Need) ([]rows.Row, error) {
	if path == "" {
		return nil, misuse("which rows? give --%s FILE", flag)
	}
	all, err := rows.ReadFile(path, need)
	if err != nil {
		return nil, misuse("--%s: %w", flag, err)
	}
	return all, nil
}

// printMetrics prints the one line that a machine reads.
func printMetrics(c *cobra.Command, metrics any, err error) error {
	if err != nil {
		return &usageError{err} // the rows are not what the task needs
	}
	if err := json.NewEncoder(c.OutOrStdout()).Encode(metrics); err != nil {
		return fmt.Errorf("print the metrics: %w", err)
	}
	return nil
}

func newEvalIntent() *cobra.Command {
	c := &cobra.Command{
		Use: "intent --train FILE --test FILE", Short: "Learn intents from rows and score them on others",
		Long: `Learn intents from the rows of --train and score them on the rows of --test, which
are not looked at before. Rows out of scope among those of --train, or in --oos,
teach what no intent is.

The line has "accuracy", "macro_f1" and "ece" (expected calibration error, 15
equal ranges), and where some of the test is out of scope "in_scope_accuracy",
"oos_recall" and "oos_auroc".`,
		Example: "  heed eval intent --train train.jsonl --test test.jsonl\n  heed eval intent --train train.jsonl --oos smalltalk.jsonl --test test.jsonl.gz",
	}
	var f evalFiles
	f.flags(c, "rows to learn from: text and label", "rows to score on: text and label")
	oos := c.Flags().String("oos", "", "more rows to learn from, all of them out of scope: text")
	c.RunE = func(c *cobra.Command, _ []string) error {
		train, err := readRows("train", f.train, rows.Text|rows.Label)
		if err != nil {
			return err
		}
		if err := rows.Differ(train); err != nil {
			return misuse("--train: %w", err)
		}
		test, err := readRows("test", f.test, rows.Text|rows.Label)
		if err != nil {
			return err
		}
		if *oos != "" {
			more, err := readRows("oos", *oos, rows.Text)
			if err != nil {
				return err
			}
			for _, r := range more {
				r.OOS, r.Labels = true, nil
				train = append(train, r)
			}
		}
		encoder, err := embed.Default()
		if err != nil {
			return fmt.Errorf("encoder: %w", err)
		}
		m, err := intent.Run(train, test, classifier.WithEncoder(encoder))
		return printMetrics(c, m, err)
	}
	return c
}

func newEvalThemes() *cobra.Command {
	c := &cobra.Command{
		Use: "themes --test FILE", Short: "Score the themes that are found in rows",
		Long: `Find the themes of the rows of --test and compare them with the labels, which are
not looked at before. Each row is a call of its own. Rows of --train, which need
no label, are grouped with them and not scored.

The line has "nmi", "ari", "acc" (accuracy after the best one-to-one match of
themes to labels) and "k", how many themes were found; "mean" and "spread" are
those of other random seeds.`,
		Example: "  heed eval themes --test turns.jsonl\n  heed eval themes --test turns.jsonl --train more-turns.jsonl.gz",
	}
	var f evalFiles
	f.flags(c, "more rows to find themes in: text", "rows to score on: text and label")
	c.RunE = func(c *cobra.Command, _ []string) error {
		var extra []rows.Row
		var err error
		if f.train != "" {
			if extra, err = readRows("train", f.train, rows.Text); err != nil {
				return err
			}
		}
		test, err := readRows("test", f.test, rows.Text|rows.Label)
		if err != nil {
			return err
		}
		m, err := themes.Run(test, extra)
		return printMetrics(c, m, err)
	}
	return c
}

func newEvalRedact() *cobra.Command {
	c := &cobra.Command{
		Use: "redact --test FILE", Short: "Score what is removed as personal data",
		Long: `Score what is removed from rows whose personal data is marked in "spans"; a row
without any has an empty list. Each row is a call of its own.

Without --policy everything that tells who somebody is counts as personal data;
places, organizations, dates and titles do when the rows' labels name them.

The line has "precision", "recall" and "f1" of words, "turn_leak" (rows with
personal data that keep a word of it), "span_recall" (spans of which nothing is
left), "span_precision" (removals that touch a span) and "types" (span recall by
label).`,
		Example: "  heed eval redact --test turns.jsonl\n  heed eval redact --test turns.jsonl --policy policy.yaml",
	}
	var f evalFiles
	f.flags(c, "", "rows to score on: text and spans")
	policy := c.Flags().String("policy", "", "YAML file that says what is removed (default: the strict one of \"heed policy --strict\")")
	c.RunE = func(c *cobra.Command, _ []string) error {
		test, err := readRows("test", f.test, rows.Text|rows.Spans)
		if err != nil {
			return err
		}
		m, err := redact.Run(test, *policy)
		return printMetrics(c, m, err)
	}
	return c
}

func newEvalSentiment() *cobra.Command {
	c := &cobra.Command{
		Use: "sentiment --test FILE", Short: "Score the mood of sentences",
		Long: `Score the mood of rows labelled "positive", "negative" (or 1 and 0), "neutral" or
"ambiguous", one label or several; or of whole calls labelled "annoyed" or
otherwise, whose text is what the customer said, a turn a line. Positive and
negative rows of --train are learned on top of what one data set of emotions
taught what ships, and no review sentence.

The line has "accuracy", "macro_f1" and "ece", and "auc" where there are two
labels.`,
		Example: "  heed eval sentiment --test sentences.jsonl\n  heed eval sentiment --train site-a.jsonl --test site-b.jsonl",
	}
	var f evalFiles
	f.flags(c, "rows to learn from: text and label (default: what ships with Heed)", "rows to score on: text and label")
	c.RunE = func(c *cobra.Command, _ []string) error {
		var train []rows.Row
		var err error
		if f.train != "" {
			if train, err = readRows("train", f.train, rows.Text|rows.Label); err != nil {
				return err
			}
		}
		test, err := readRows("test", f.test, rows.Text|rows.Label)
		if err != nil {
			return err
		}
		m, err := sentiment.Evaluate(train, test)
		return printMetrics(c, m, err)
	}
	return c
}

func newEvalWER() *cobra.Command {
	c := &cobra.Command{
		Use: "wer --test FILE", Short: "Score what was heard against what was said",
		Long: `Score rows with a "reference", which is what was said. A row with a "hypothesis",
which is what was heard, is scored as it is; another one is heard first: its
"audio" is a WAV file, sought beside the file of rows.

Case, punctuation and a handful of spellings do not count. The line has "wer"
(edits for each word said), "substitutions", "deletions", "insertions" and
"exact".`,
		Example: "  heed eval wer --test heard.jsonl\n  heed eval wer --test clips.jsonl --engine sherpa,pocketsphinx",
	}
	var f evalFiles
	f.flags(c, "", "rows to score: reference, and hypothesis or audio")
	engine := c.Flags().StringSlice("engine", nil, "engine that hears the recordings (default: --speech-engine); \"heed engines\" lists them")
	load := settings(c, hearing()...)
	c.RunE = func(c *cobra.Command, _ []string) error {
		test, err := readRows("test", f.test, rows.Speech)
		if err != nil {
			return err
		}
		cfg, set, err := load()
		if err != nil {
			return err
		}
		cfg.Log = quietly(cfg.Log, set)
		if len(*engine) > 0 {
			cfg.Speech.Engine = *engine
		}
		return scoreWords(c, *cfg, test)
	}
	return c
}

// scoreWords starts an engine only where something is to be heard.
func scoreWords(c *cobra.Command, cfg config.Config, test []rows.Row) (err error) {
	var engine app.Engine
	t := newTerminal(c.OutOrStdout(), c.ErrOrStderr())
	if words.NeedEars(test) {
		log := newLogger(c.ErrOrStderr(), cfg.Log)
		fetchModel(c.Context(), cfg, log, t)
		if engine, err = openEngine(c.Context(), cfg, log, cfg.Speech.Engine...); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, engine.Close()) }()
	}
	hear := func(ctx context.Context, path string) (string, error) {
		e, _ := engine.For(event.Call{}, insights.Customer, nil)
		heard, err := listen.File(ctx, e, path, nil)
		return heard.Text, err
	}
	m, err := words.Run(c.Context(), test, hear, func(done, total int) {
		t.count("scoring rows", done, total)
	})
	t.done()
	if errors.Is(err, listen.ErrUnreadable) || err == nil {
		return printMetrics(c, m, err)
	}
	return err
}
