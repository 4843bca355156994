package intent

import (
	"fmt"
	"io/fs"
	"slices"

	"heed/insights/intent"
	"heed/internal/eval/rows"
)

// Line is one figure of the table: what was measured on held-out rows of the
// developers' part, what is to be reached, and what others published for the
// official test file.
type Line struct {
	Task      string  `json:"task"`
	Measure   string  `json:"measure"`
	Value     float64 `json:"value"` // 0..1
	Bar       float64 `json:"bar"`   // 0..1; 0 is none
	Published string  `json:"published,omitempty"`
	// Metrics of the run; of the last one where Value is a mean.
	Metrics Metrics `json:"metrics"`
}

// Short says that the bar was missed.
func (l Line) Short() bool { return l.Value < l.Bar }

// Tables measures every data set that is there, in minutes. The options are
// those of the model: an encoder that has seen the labels of a set must not be
// given for a figure of few examples.
func Tables(data fs.FS, options ...intent.Option) ([]Line, error) {
	var out []Line
	for _, measure := range []func(fs.FS, []intent.Option) ([]Line, error){
		BankingTable, ClincTable, DialogueTable, FoldsTable,
	} {
		lines, err := measure(data, options)
		if err != nil {
			return nil, fmt.Errorf("eval intent: %w", err)
		}
		out = append(out, lines...)
	}
	return out, nil
}

// BankingTable measures banking77: a fifth of train.csv is held out, stratified
// by a fixed seed; few-shot trains on the rows given and answers those that no
// draw has.
func BankingTable(data fs.FS, options []intent.Option) ([]Line, error) {
	all, err := banking(data)
	if err != nil {
		return nil, err
	}
	p := split(all)
	m, err := Run(p.train, p.test, options...)
	if err != nil {
		return nil, err
	}
	out := []Line{{
		Task: "banking77", Measure: "accuracy", Value: m.Accuracy, Bar: 0.925, Metrics: m,
		Published: "BERT fixed .872, USE .928, BERT tuned .937",
	}}
	shots, err := fewTable(data, "banking77", all, options)
	if err != nil {
		return nil, err
	}
	shots.Bar, shots.Published = 0.79, "BERT fixed .676, ConveRT .833, USE .842"
	return append(out, shots), nil
}

const shots = 10

// fewTable is the mean of the draws.
func fewTable(data fs.FS, set string, all []rows.Row, options []intent.Option) (Line, error) {
	l := Line{Task: fmt.Sprintf("%s, %d a label", set, shots), Measure: "accuracy"}
	for d := range draws {
		p, err := few(data, set, all, shots, d)
		if err != nil {
			return l, err
		}
		if l.Metrics, err = Run(p.train, p.test, options...); err != nil {
			return l, err
		}
		l.Value += l.Metrics.Accuracy / draws
	}
	return l, nil
}

// ClincTable measures CLINC150: trained on train and oos_train, answering val
// and oos_val.
func ClincTable(data fs.FS, options []intent.Option) ([]Line, error) {
	all, err := clinc(data)
	if err != nil {
		return nil, err
	}
	m, err := Run(slices.Concat(all["train"], all["oos_train"]), slices.Concat(all["val"], all["oos_val"]), options...)
	if err != nil {
		return nil, err
	}
	if m.OOSRecall == nil || m.InScopeAccuracy == nil {
		return nil, fmt.Errorf("clinc150: rows in scope and out expected")
	}
	few, err := fewTable(data, "clinc150", all["train"], options)
	if err != nil {
		return nil, err
	}
	return []Line{
		{
			Task: "CLINC150", Measure: "in-scope accuracy", Value: *m.InScopeAccuracy, Bar: 0.925, Metrics: m,
			Published: "SVM .910, MLP on USE .935, BERT .969",
		},
		{
			Task: "CLINC150", Measure: "out-of-scope recall", Value: *m.OOSRecall, Bar: 0.5, Metrics: m,
			Published: "SVM .145, MLP on USE .474, BERT .403",
		},
		{Task: "CLINC150", Measure: "out-of-scope AUROC", Value: *m.OOSAUROC, Bar: 0.96, Metrics: m},
		few,
	}, nil
}

// DialogueTable measures MultiDoGO: trained on train, answering dev, by domain
// and their mean.
func DialogueTable(data fs.FS, options []intent.Option) ([]Line, error) {
	mean := Line{Task: "MultiDoGO, mean", Measure: "micro-F1", Bar: 0.92, Published: "linear, six tests: .917"}
	domains := []string{"airline", "fastfood", "finance", "media", "software"}
	var out []Line
	for _, domain := range domains {
		train, err := dialogues(data, domain+".train")
		if err != nil {
			return nil, err
		}
		test, err := dialogues(data, domain+".dev")
		if err != nil {
			return nil, err
		}
		m, err := Run(train, test, options...)
		if err != nil {
			return nil, err
		}
		out = append(out, severalLine("MultiDoGO "+domain, m))
		mean.Value += out[len(out)-1].Value / float64(len(domains))
	}
	return append(out, mean), nil
}

// FoldsTable measures NLU++: trained on folds 0 to 10, answering 11 to 13.
func FoldsTable(data fs.FS, options []intent.Option) ([]Line, error) {
	var out []Line
	for _, d := range []struct {
		name string
		bar  float64
	}{{"banking", 0.88}, {"hotels", 0.78}} {
		train, err := folds(data, d.name, 0, 10)
		if err != nil {
			return nil, err
		}
		test, err := folds(data, d.name, 11, 13)
		if err != nil {
			return nil, err
		}
		m, err := Run(train, test, options...)
		if err != nil {
			return nil, err
		}
		l := severalLine("NLU++ "+d.name, m)
		l.Bar = d.bar
		out = append(out, l)
	}
	return out, nil
}

func severalLine(task string, m Metrics) Line {
	l := Line{Task: task, Measure: "micro-F1", Value: m.Accuracy, Metrics: m} // the same, with one label a row
	if m.MicroF1 != nil {
		l.Value = *m.MicroF1
	}
	return l
}
