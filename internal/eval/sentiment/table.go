package sentiment

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"heed/insights/dataset"
	"heed/insights/sentiment/learn"
)

// Line is one line of the table.
type Line struct {
	// Set is what was measured and how rows were kept apart.
	Set string `json:"set"`
	Metrics
	// Bar is the figure to reach, on Of; 0 is none.
	Bar float64 `json:"bar,omitempty"`
	Of  string  `json:"of,omitempty"` // accuracy, macro_f1 or auc
}

// Table measures what the folder of data sets allows. No line's model has seen
// the rows that it is measured on: sentences of one site with a model of the
// others, GoEmotions' dev rows with one of its train rows, dialogues in five
// folds. Sets that are not there are left out; errors are those of reading.
func Table(data fs.FS) ([]Line, error) {
	emotions, err := goEmotions(data, "train.tsv.gz")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	dev, err := goEmotions(data, "dev.tsv.gz")
	if err != nil {
		return nil, err
	}
	base, err := taughtBy(emotions)
	if err != nil {
		return nil, err
	}
	table := []Line{{Set: "goemotions dev, 4 groups", Metrics: grouped(base, dev), Bar: 0.64, Of: "macro_f1"}}
	sites, err := acrossSites(data, emotions)
	if err != nil {
		return nil, err
	}
	table = append(table, sites...)
	raw, err := dataset.ReadFile(data, "star/dialogues.jsonl.gz")
	if errors.Is(err, fs.ErrNotExist) {
		return table, nil
	}
	if err != nil {
		return nil, err
	}
	dialogues, err := learn.Dialogues(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("star: %w", err)
	}
	odds := learn.CrossValidate(dialogues, func(text string) float64 {
		mood, _ := base.Score(text)
		return mood
	})
	yes := make([]bool, len(dialogues))
	for i := range dialogues {
		yes[i] = dialogues[i].Annoyed
	}
	return append(table, Line{Set: "star, customer annoyed, 5 folds", Metrics: binary(odds, yes, 0), Bar: 0.82, Of: "auc"}), nil
}

// acrossSites measures the sentences of each site, and gives the mean.
func acrossSites(data fs.FS, emotions []learn.Row) ([]Line, error) {
	names := [...]string{"amazon", "imdb"}
	var sites [len(names)][]learn.Row
	for i, name := range names {
		raw, err := dataset.ReadFile(data, "uci-sentiment-sentences/"+name+sitesFile(name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if sites[i], err = learn.Reviews(bytes.NewReader(raw)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	var lines []Line
	mean := Line{Set: "mean over the sites", Bar: 0.82, Of: "accuracy"}
	for i, name := range names {
		taught := append([]learn.Row(nil), emotions...)
		for k := range sites {
			if k != i {
				taught = append(taught, sites[k]...)
			}
		}
		s, err := taughtBy(taught)
		if err != nil {
			return nil, err
		}
		m := polar(s, sites[i])
		lines = append(lines, Line{Set: name + " sentences, site not trained on", Metrics: m})
		mean.Rows += m.Rows
		mean.Accuracy += m.Accuracy / float64(len(names))
		mean.MacroF1 += m.MacroF1 / float64(len(names))
		mean.AUC += m.AUC / float64(len(names))
		mean.AveragePrecision += m.AveragePrecision / float64(len(names))
		mean.ECE += m.ECE / float64(len(names))
	}
	return append(lines, mean), nil
}

func sitesFile(name string) string {
	if name == "amazon" {
		return "_cells_labelled.txt"
	}
	return "_labelled.txt"
}

func goEmotions(data fs.FS, name string) ([]learn.Row, error) {
	raw, err := dataset.ReadFile(data, "goemotions/"+name)
	if err != nil {
		return nil, err
	}
	labels, err := dataset.ReadFile(data, "goemotions/labels.txt")
	if err != nil {
		return nil, err
	}
	read, err := learn.GoEmotions(bytes.NewReader(raw), bytes.NewReader(labels))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return read, nil
}
