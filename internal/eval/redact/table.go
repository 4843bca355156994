package redact

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"text/tabwriter"

	"heed/insights/redact"
	"heed/insights/redact/corpus"
	"heed/internal/eval/rows"
)

// Line is one measurement of the table.
type Line struct {
	Set string `json:"set"`
	Metrics
}

// Table measures on the sets of a data folder and prints a table for people.
// What is tested is never learned from: for each domain of MultiDoGO a model
// of the other four, for the known domains their dev files, for Presidio the
// sentences of every fifth template and a model of the others. It trains seven
// models, about a minute and a half of one core.
func Table(w io.Writer, folder fs.FS) ([]Line, error) {
	d, err := corpus.Load(folder)
	if err != nil {
		return nil, fmt.Errorf("eval redact: %w", err)
	}
	var lines []Line
	for _, measure := range []func(*corpus.Data) ([]Line, error){unknownDomains, knownDomains, presidio, ordinary} {
		more, err := measure(d)
		if err != nil {
			return nil, fmt.Errorf("eval redact: %w", err)
		}
		lines = append(lines, more...)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "personal data\trows\tspans\tturns leaking\tprecision\trecall\tspan recall\tneedless per 1,000\t")
	for _, l := range lines {
		fmt.Fprintf(t, "%s\t%d\t%d\t%.2f %%\t%.3f\t%.3f\t%.3f\t%.1f\t\n", l.Set, l.Rows, l.Spans, 100*l.Leaks, l.Precision, l.Recall, l.SpanRecall, l.Needless)
	}
	if err := t.Flush(); err != nil {
		return nil, fmt.Errorf("write the table: %w", err)
	}
	return lines, nil
}

// unknownDomains leaves each domain out in turn.
func unknownDomains(d *corpus.Data) ([]Line, error) {
	var lines []Line
	var sum, spoken []Metrics
	for _, held := range corpus.Domains() {
		others := slices.DeleteFunc(corpus.Domains(), func(s string) bool { return s == held })
		m, err := d.Learn(others, d.Sentences)
		if err != nil {
			return nil, err
		}
		policy := redact.Strict().WithTagger(m)
		test, speech := rowsOf(d.Dev[held], false), rowsOf(d.Dev[held], true)
		one, two := Score(test, policy), Score(speech, policy)
		lines = append(lines, Line{"domain not learned: " + held, one}, Line{"the same, spoken", two})
		sum, spoken = append(sum, one), append(spoken, two)
	}
	return append(lines, mean("mean of domains not learned", sum), mean("mean, spoken", spoken)), nil
}

// mean averages the shares of some measurements.
func mean(name string, of []Metrics) Line {
	l := Line{Set: name}
	n := float64(len(of))
	for _, m := range of {
		l.Rows, l.Spans = l.Rows+m.Rows, l.Spans+m.Spans
		l.Precision, l.Recall, l.Leaks = l.Precision+m.Precision/n, l.Recall+m.Recall/n, l.Leaks+m.Leaks/n
		l.SpanRecall, l.Needless = l.SpanRecall+m.SpanRecall/n, l.Needless+m.Needless/n
	}
	return l
}

// knownDomains tests on the dev files of the domains that were learned.
func knownDomains(d *corpus.Data) ([]Line, error) {
	m, err := d.Learn(corpus.Domains(), d.Sentences)
	if err != nil {
		return nil, err
	}
	policy := redact.Strict().WithTagger(m)
	var test, speech []rows.Row
	for _, name := range corpus.Domains() {
		test, speech = append(test, rowsOf(d.Dev[name], false)...), append(speech, rowsOf(d.Dev[name], true)...)
	}
	return []Line{{"domains learned", Score(test, policy)}, {"domains learned, spoken", Score(speech, policy)}}, nil
}

// presidio tests on every fifth template.
func presidio(d *corpus.Data) ([]Line, error) {
	var learn, test []corpus.Sentence
	for _, s := range d.Sentences {
		if s.Template%5 == 0 {
			test = append(test, s)
		} else {
			learn = append(learn, s)
		}
	}
	m, err := d.Learn(corpus.Domains(), learn)
	if err != nil {
		return nil, err
	}
	in := make([]rows.Row, len(test))
	for i, s := range test {
		in[i].Text = s.Text
		for _, p := range s.Spans {
			in[i].Spans = append(in[i].Spans, rows.Span{Start: p.From, End: p.To, Label: p.Type})
		}
	}
	policy, err := named(redact.Strict().WithTagger(m), in)
	if err != nil {
		return nil, err
	}
	all := Line{"Presidio, other templates", Score(in, policy)}
	lines := []Line{all}
	for _, label := range slices.Sorted(maps.Keys(all.Types)) {
		lines = append(lines, Line{"  span recall of " + label, Metrics{SpanRecall: all.Types[label]}})
	}
	return lines, nil
}

// ordinary counts what the default policy takes out of requests without any
// personal data to speak of.
func ordinary(d *corpus.Data) ([]Line, error) {
	texts := d.Ordinary()
	in := make([]rows.Row, len(texts))
	for i, t := range texts {
		in[i].Text = t
	}
	return []Line{{"ordinary texts, default policy", Score(in, redact.Default())}, {"ordinary texts, strict policy", Score(in, redact.Strict())}}, nil
}

// rowsOf makes rows of turns: neighbours with one label are one span. Labels
// that are nobody's data are left out.
func rowsOf(turns []corpus.Turn, spoken bool) []rows.Row {
	r := rand.New(rand.NewPCG(2, 2))
	out := make([]rows.Row, 0, len(turns))
	for _, t := range turns {
		if spoken {
			t = corpus.Speak(t, r)
		}
		out = append(out, rowOf(t))
	}
	return out
}

func rowOf(t corpus.Turn) rows.Row {
	row := rows.Row{Text: strings.Join(t.Words, " "), Marked: true}
	at, before := 0, ""
	for i, w := range t.Words {
		label := t.Labels[i]
		if !personal(label) {
			label = ""
		}
		n := len([]rune(w))
		switch label {
		case "":
		case before:
			row.Spans[len(row.Spans)-1].End = at + n
		default:
			row.Spans = append(row.Spans, rows.Span{Start: at, End: at + n, Label: label})
		}
		before, at = label, at+n+1
	}
	return row
}

// personal says whether a label of MultiDoGO is somebody's data, as the set's
// description lists them.
func personal(label string) bool {
	switch corpus.Kind(label) {
	case "", "place", "organization", "date", "person_detail":
		return false
	default:
		return true
	}
}
