// Command cmd trains the text encoder on a folder of data sets and writes its
// artefact.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"heed/insights/embed"
	"heed/internal/eval/rows"
	"heed/internal/eval/themesearch"
	"heed/internal/train"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	flags.SetOutput(out)
	data := flags.String("data", "", "folder with one folder a data set")
	file := flags.String("out", "", "where to write the artefact")
	without := flags.String("without", "", "data sets to leave out, by the start of their names, with commas between")
	o := train.Options{Log: out}
	flags.Uint64Var(&o.Seed, "seed", 1, "one seed gives one artefact")
	flags.IntVar(&o.Passes, "passes", 0, "times to go over the data (0: the usual)")
	flags.IntVar(&o.Dim, "dim", 0, "length of the vectors (0: the usual)")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("read flags: %w", err)
	}
	if *data == "" || *file == "" || flags.NArg() > 0 {
		return errors.New("want --data FOLDER --out FILE")
	}
	var left []string
	if *without != "" {
		left = strings.Split(*without, ",")
	}
	corpus, err := train.Load(*data, left)
	if err != nil {
		return err
	}
	artefact, err := embed.Marshal(train.Train(corpus, o))
	if err != nil {
		return err
	}
	made, err := embed.Parse(string(artefact))
	if err != nil {
		return err
	}
	if err := os.WriteFile(*file, artefact, 0o644); err != nil {
		return fmt.Errorf("write the artefact: %w", err)
	}
	fmt.Fprintf(out, "%s, %d bytes, in %s\n", made.Version(), len(artefact), *file)
	return heldOut(out, made, *data, left)
}

// heldOut prints what the encoder is worth on what it was not trained on: theme
// search on the banking turns, whose labels training never reads, and few-shot
// accuracy on each set that was left out.
func heldOut(out io.Writer, e *embed.Encoder, data string, left []string) error {
	turns, err := rows.ReadFile(filepath.Join(data, "dstc11-intent-induction", "banking-turns.jsonl"), rows.Text)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("held-out turns: %w", err)
	default:
		m, err := themesearch.Measure(turns, e)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "theme search, dstc11 banking turns, nDCG@10 / MAP: words %.3f / %.3f, encoder %.3f / %.3f, both %.3f / %.3f\n",
			m.Words.NDCG10, m.Words.MAP, m.Encoder.NDCG10, m.Encoder.MAP, m.Fused.NDCG10, m.Fused.MAP)
	}
	if len(left) == 0 {
		return nil
	}
	whole, err := train.Load(data, nil)
	if err != nil {
		return err
	}
	for _, set := range whole.Sets {
		if slices.ContainsFunc(left, func(l string) bool { return strings.HasPrefix(set.Name, l) }) {
			fmt.Fprintf(out, "%s, not trained on: %.1f %% right with 10 examples a class, nearest mean\n", set.Name, 100*train.FewShot(e, &set, 10))
		}
	}
	return nil
}
