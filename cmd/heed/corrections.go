package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"heed/internal/correct"
)

func newCorrections() *cobra.Command {
	c := &cobra.Command{
		Use:   "corrections",
		Short: "Make use of what people corrected on the call page",
		Long: `Make use of what people corrected on the call page of a running server: as
recordings with known text to measure engines on, and as words that engines
should listen for.`,
		Example: "  heed corrections export eval-set\n  heed corrections words > phrases.yaml",
		Args:    subcommandOf,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newCorrectionsExport(), newCorrectionsWords())
	return c
}

func newCorrectionsExport() *cobra.Command {
	c := &cobra.Command{
		Use: "export DIR", Short: "Write the corrections as an evaluation set",
		Long: `Write an evaluation set into a new folder: manifest.jsonl with the file and the
text of each correction, and a WAV clip of the one party who said it, cut out
of the call's recording. Left out is what was not recorded whole, what anything
was removed of, and what holds figures, which can be said in several ways.

The folder holds what callers said. "go run ./internal/eval/cmd --native
--speech DIR" measures the engine on it.`,
		Example: "  heed corrections export eval-set\n  heed corrections export eval-set --to https://heed.example.com --key KEY",
	}
	at := targetFlags(c)
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return misuse("want one folder; see \"%s --help\"", c.CommandPath())
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		cl, err := at.client()
		if err != nil {
			return err
		}
		sum, err := correct.Export(c.Context(), cl, args[0])
		if errors.Is(err, correct.ErrNotEmpty) {
			return &usageError{err}
		}
		if err != nil {
			return err
		}
		return printExport(c.OutOrStdout(), sum)
	}
	return c
}

func printExport(w io.Writer, sum correct.Summary) error {
	_, err := fmt.Fprintf(w, "%d clips, %.0f s\n", sum.Clips, sum.Seconds)
	for _, why := range slices.Sorted(maps.Keys(sum.LeftOut)) {
		_, more := fmt.Fprintf(w, "%d left out: %s\n", sum.LeftOut[why], why)
		err = errors.Join(err, more)
	}
	return err
}

func newCorrectionsWords() *cobra.Command {
	c := &cobra.Command{
		Use: "words", Short: "Print the words that were misheard again and again", Args: noArgs,
		Long: `Print the words and short phrases that the engine got wrong at least so many
times, as they were really said, the most frequent first. It is a YAML file of
phrases with a list "boost", 200 of them at most, of the letters a to z.`,
		Example: "  heed corrections words\n  heed corrections words --times 3 > phrases.yaml",
	}
	times := c.Flags().Int("times", 2, "how often a word must have been misheard")
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *times < 1 {
			return misuse("--times %d is not 1 or more", *times)
		}
		cl, err := at.client()
		if err != nil {
			return err
		}
		all, err := correct.All(c.Context(), cl)
		if err != nil {
			return err
		}
		return printWords(c.OutOrStdout(), correct.Words(all, *times))
	}
	return c
}

// printWords writes each phrase with how often it was misheard as a comment.
func printWords(w io.Writer, phrases []correct.Phrase) error {
	list := yaml.Node{Kind: yaml.SequenceNode}
	for _, p := range phrases {
		item := &yaml.Node{LineComment: fmt.Sprintf("misheard %d times", p.Times)}
		item.SetString(p.Text)
		list.Content = append(list.Content, item)
	}
	enc := yaml.NewEncoder(w)
	file := struct {
		Version int        `yaml:"version"`
		Boost   *yaml.Node `yaml:"boost"`
	}{1, &list}
	return errors.Join(enc.Encode(file), enc.Close())
}
