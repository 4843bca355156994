// Command train makes the two models of the package sentiment from a folder of
// data sets and writes them where they are committed. "make train" runs it.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"heed/insights/dataset"
	"heed/insights/sentiment"
	"heed/insights/sentiment/learn"
	"heed/insights/sentiment/linear"
	"heed/insights/sentiment/reading"
)

func main() {
	data := flag.String("data", "", "folder with goemotions, uci-sentiment-sentences and star")
	out := flag.String("out", "insights/sentiment", "folder to write mood.model and annoyed.model to")
	flag.Parse()
	if err := run(*data, *out); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(data, out string) error {
	var sets [4][]byte
	for i, name := range [...]string{"goemotions/train.tsv.gz", "goemotions/labels.txt", "uci-sentiment-sentences/amazon_cells_labelled.txt", "uci-sentiment-sentences/imdb_labelled.txt"} {
		var err error
		if sets[i], err = dataset.ReadFile(os.DirFS(data), name); err != nil {
			return err
		}
	}
	rows, err := learn.GoEmotions(bytes.NewReader(sets[0]), bytes.NewReader(sets[1]))
	if err != nil {
		return err
	}
	for _, set := range sets[2:] {
		more, err := learn.Reviews(bytes.NewReader(set))
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	mood, err := learn.Mood(reading.New(), rows)
	if err != nil {
		return err
	}
	if err := save(filepath.Join(out, "mood.model"), mood); err != nil {
		return err
	}
	star, err := dataset.ReadFile(os.DirFS(data), "star/dialogues.jsonl.gz")
	if err != nil {
		return err
	}
	dialogues, err := learn.Dialogues(bytes.NewReader(star))
	if err != nil {
		return err
	}
	scorer := sentiment.NewScorer(mood)
	annoyed, err := learn.Annoyance(dialogues, func(text string) float64 {
		score, _ := scorer.Score(text)
		return score
	})
	if err != nil {
		return err
	}
	return save(filepath.Join(out, "annoyed.model"), annoyed)
}

func save(path string, m *linear.Model) error {
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		return err
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil { //nolint:gosec // committed and public
		return fmt.Errorf("write a model: %w", err)
	}
	fmt.Printf("%s: %d bytes\n", path, b.Len())
	return nil
}
