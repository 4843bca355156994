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
	Encoder   string  `json:"encoder"` // what it has read, in words
	// Metrics of the run; of the last one where Value is a mean.
	Metrics Metrics `json:"metrics"`
}

// Short says that the bar was missed.
func (l Line) Short() bool { return l.Value < l.Bar }

// encoder is what the classifier needs of one.
type encoder interface {
	Dim() int
	Encode(dst []float32, text string)
}

// Encoders give the encoder of a run: one that has read no row of a set, or,
// without a name, one that has read what a run learns from and nothing of what
// it answers ([HeldOut]), as the encoder that ships has read public training
// parts and no test part. With few examples a label only the former is honest:
// the latter knows the labels from all their examples.
type Encoders[E encoder] func(without string) (E, error)

// HeldOut gives the texts that are answered though training an encoder on the
// folder would read them, by set.
func HeldOut(data fs.FS) (map[string][]string, error) {
	out := make(map[string][]string)
	add := func(set string, all []rows.Row) {
		for i := range all {
			out[set] = append(out[set], all[i].Text)
		}
	}
	all, err := banking(data)
	if err != nil {
		return nil, err
	}
	add("banking77", split(all).test)
	for _, d := range foldDomains {
		test, err := folds(data, d.name, testFold, lastFold)
		if err != nil {
			return nil, err
		}
		add("nlupp-"+d.name, test)
	}
	return out, nil
}

// bench is the sets and the encoders to measure with.
type bench struct {
	data     fs.FS
	encoders func(without string) (intent.Option, error)
}

// Tables measures every data set that is there, in minutes.
func Tables[E encoder](data fs.FS, encoders Encoders[E]) ([]Line, error) {
	b := bench{data: data, encoders: func(without string) (intent.Option, error) {
		e, err := encoders(without)
		return intent.WithEncoder(e), err
	}}
	var out []Line
	for _, measure := range []func() ([]Line, error){b.banking, b.clinc, b.dialogues, b.folds} {
		lines, err := measure()
		if err != nil {
			return nil, fmt.Errorf("eval intent: %w", err)
		}
		out = append(out, lines...)
	}
	return out, nil
}

// run fills a line's metrics with a run on a part.
func (b *bench) run(l *Line, p part, without string) error {
	with, err := b.encoders(without)
	if err != nil {
		return err
	}
	l.Encoder = "has not read the rows answered"
	if without != "" {
		l.Encoder = "has not read " + without
	}
	l.Metrics, err = Run(p.train, p.test, with)
	return err
}

// banking measures banking77: a fifth of train.csv is held out, stratified
// by a fixed seed; few-shot trains on the rows given and answers those that no
// draw has.
func (b *bench) banking() ([]Line, error) {
	all, err := banking(b.data)
	if err != nil {
		return nil, err
	}
	full := Line{Task: "banking77", Measure: "accuracy", Bar: 0.925, Published: "BERT fixed .872, USE .928, BERT tuned .937"}
	if err := b.run(&full, split(all), ""); err != nil {
		return nil, err
	}
	full.Value = full.Metrics.Accuracy
	few, err := b.few("banking77", all)
	if err != nil {
		return nil, err
	}
	few.Bar, few.Published = 0.79, "BERT fixed .676, ConveRT .833, USE .842"
	return []Line{full, few}, nil
}

const shots = 10

// few is the mean of the draws that a set fixes.
func (b *bench) few(set string, all []rows.Row) (Line, error) {
	l := Line{Task: fmt.Sprintf("%s, %d a label", set, shots), Measure: "accuracy"}
	for d := range draws {
		p, err := few(b.data, set, all, shots, d)
		if err != nil {
			return l, err
		}
		if err := b.run(&l, p, set); err != nil {
			return l, err
		}
		l.Value += l.Metrics.Accuracy / draws
	}
	return l, nil
}

// clinc measures CLINC150: trained on train and oos_train, answering val and
// oos_val.
func (b *bench) clinc() ([]Line, error) {
	all, err := clinc(b.data)
	if err != nil {
		return nil, err
	}
	l := Line{Task: "CLINC150"}
	err = b.run(&l, part{slices.Concat(all["train"], all["oos_train"]), slices.Concat(all["val"], all["oos_val"])}, "")
	if err != nil {
		return nil, err
	}
	m := l.Metrics
	if m.OOSRecall == nil || m.InScopeAccuracy == nil {
		return nil, fmt.Errorf("clinc150: rows in scope and out expected")
	}
	few, err := b.few("clinc150", all["train"])
	if err != nil {
		return nil, err
	}
	in, out, auroc := l, l, l
	in.Measure, in.Value, in.Bar, in.Published = "in-scope accuracy", *m.InScopeAccuracy, 0.925, "SVM .910, MLP on USE .935, BERT .969"
	out.Measure, out.Value, out.Bar, out.Published = "out-of-scope recall", *m.OOSRecall, 0.5, "SVM .145, MLP on USE .474, BERT .403"
	auroc.Measure, auroc.Value, auroc.Bar = "out-of-scope AUROC", *m.OOSAUROC, 0.96
	return []Line{in, out, auroc, few}, nil
}

// dialogues measures MultiDoGO: trained on train, answering dev, by domain and
// their mean.
func (b *bench) dialogues() ([]Line, error) {
	mean := Line{Task: "MultiDoGO, mean", Measure: microF1, Bar: 0.92, Published: "linear, six tests: .917"}
	fewMean := Line{Task: fmt.Sprintf("MultiDoGO, mean, %d a label", shots), Measure: microF1}
	domains := []string{"airline", "fastfood", "finance", "media", "software"}
	var out []Line
	for _, domain := range domains {
		train, err := dialogues(b.data, domain+".train")
		if err != nil {
			return nil, err
		}
		test, err := dialogues(b.data, domain+".dev")
		if err != nil {
			return nil, err
		}
		full, few, err := b.several("MultiDoGO "+domain, "multidogo", part{train, test})
		if err != nil {
			return nil, err
		}
		out = append(out, full)
		mean.Value, mean.Encoder = mean.Value+full.Value/float64(len(domains)), full.Encoder
		fewMean.Value, fewMean.Encoder = fewMean.Value+few.Value/float64(len(domains)), few.Encoder
	}
	return append(out, mean, fewMean), nil
}

// The folds of NLU++ that are given to developers, the last ones to be
// answered.
const testFold, lastFold = 11, 13

var foldDomains = []struct {
	name string
	bar  float64
}{{"banking", 0.88}, {"hotels", 0.78}}

// folds measures NLU++: trained on folds 0 to 10, answering 11 to 13.
func (b *bench) folds() ([]Line, error) {
	var out []Line
	for _, d := range foldDomains {
		train, err := folds(b.data, d.name, 0, testFold-1)
		if err != nil {
			return nil, err
		}
		test, err := folds(b.data, d.name, testFold, lastFold)
		if err != nil {
			return nil, err
		}
		full, few, err := b.several("NLU++ "+d.name, "nlupp", part{train, test})
		if err != nil {
			return nil, err
		}
		full.Bar = d.bar
		out = append(out, full, few)
	}
	return out, nil
}

const microF1 = "micro-F1"

// several measures a set whose rows may have several labels, on all rows to
// learn from and on the mean of draws of them.
func (b *bench) several(task, set string, p part) (full, few Line, err error) {
	full = Line{Task: task, Measure: microF1}
	few = Line{Task: fmt.Sprintf("%s, %d a label", task, shots), Measure: microF1}
	if err := b.run(&full, p, ""); err != nil {
		return full, few, err
	}
	full.Value = full.Metrics.micro()
	for d := range draws {
		if err := b.run(&few, part{draw(p.train, shots, d), p.test}, set); err != nil {
			return full, few, err
		}
		few.Value += few.Metrics.micro() / draws
	}
	return full, few, nil
}

// micro is the micro-F1; with one label a row it is the accuracy.
func (m *Metrics) micro() float64 {
	if m.MicroF1 != nil {
		return *m.MicroF1
	}
	return m.Accuracy
}
