package stream

import (
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"strconv"

	"heed/insights/dataset"
	"heed/internal/decide"
	"heed/internal/eval/board"
	"heed/internal/propensity"
)

// numbers are the columns that are numbers, with the bounds between their bins.
var numbers = map[string][]float64{
	"age":      {25, 30, 35, 40, 45, 50, 55, 60, 70},
	"balance":  {-200, 0, 1, 100, 250, 500, 1000, 2000, 4000, 8000},
	"campaign": {2, 3, 4, 6, 10},
	"pdays":    {0, 31, 61, 92, 121, 183, 275, 366},
	"previous": {1, 2, 3, 5},
}

// left are the columns that nobody could know before a call, or that lead
// nowhere: the day of the month.
var left = map[string]bool{"duration": true, "day": true, "y": true}

// pairs are columns that mean something together.
var pairs = [][2]string{{"month", "contact"}, {"month", "poutcome"}, {"poutcome", "pdays"}, {"month", "pdays"}, {"month", "housing"}, {"month", "job"}, {"month", "age"}}

// contact is one telephone contact.
type contact struct {
	features []decide.Feature
	yes      bool
}

// contacts reads bank-marketing in its order.
func contacts(data fs.FS) ([]contact, error) {
	var out []contact
	err := dataset.Read(data, "bank-marketing/first80.csv.gz", func(plain io.Reader) error {
		lines := csv.NewReader(plain)
		head, err := lines.Read()
		for err == nil {
			var row []string
			if row, err = lines.Read(); err == nil {
				out = append(out, describe(head, row))
			}
		}
		if err != io.EOF {
			return err
		}
		return nil
	})
	if err == nil && len(out) < 100 {
		err = fmt.Errorf("bank-marketing: %d rows", len(out))
	}
	return out, err
}

func describe(head, row []string) contact {
	var c contact
	by := make(map[string]string, len(head))
	for i, name := range head {
		if name == "y" {
			c.yes = row[i] == "yes"
		}
		if left[name] {
			continue
		}
		by[name] = binned(name, row[i])
		c.features = append(c.features, decide.Feature{Name: name, Value: by[name]})
	}
	for _, p := range pairs {
		c.features = append(c.features, decide.Feature{Name: p[0] + " and " + p[1], Value: by[p[0]] + " " + by[p[1]]})
	}
	return c
}

// binned gives a number's bin, any other value as it is.
func binned(name, value string) string {
	x, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return value
	}
	n := 0
	for _, b := range numbers[name] {
		if x >= b {
			n++
		}
	}
	return strconv.Itoa(n)
}

// calls measures the models on who took a deposit, in the order of time. The
// same model frozen before the last fifth is what learning at night only, and
// then not at all, would give.
func calls(data fs.FS) ([]board.Line, error) {
	rows, err := contacts(data)
	if err != nil {
		return nil, err
	}
	model, err := propensity.New(propensity.Options{})
	if err != nil {
		return nil, err
	}
	still, err := propensity.New(propensity.Options{})
	if err != nil {
		return nil, err
	}
	from := fifth(len(rows))
	live, frozen, rival := progressive(model, rows, len(rows)), progressive(still, rows, from), progressive(propensity.NewRival(), rows, len(rows))
	const task, last = "bank marketing in order of time", "bank marketing in order of time, last fifth"
	lines := []board.Line{
		{Task: task, Measure: "AUC", Value: auc(live), Published: "VW .801, on all rows"},
		{Task: task, Measure: "log loss", Value: logLoss(live), Lower: true, Published: "VW .284, on all rows"},
		{Task: task + ", counting rival", Measure: "AUC", Value: auc(rival)},
		{Task: task + ", counting rival", Measure: "log loss", Value: logLoss(rival), Lower: true},
		{Task: last, Measure: "AUC", Value: auc(live[from:]), Published: "VW .773, on the last fifth of all rows"},
		{Task: last, Measure: "log loss", Value: logLoss(live[from:]), Lower: true},
		{Task: last + ", frozen before it", Measure: "AUC", Value: auc(frozen[from:])},
		{Task: last + ", frozen before it", Measure: "log loss", Value: logLoss(frozen[from:]), Lower: true},
		board.Line{Task: last, Measure: "AUC over the frozen one's", Value: auc(live[from:]) - auc(frozen[from:])}.At(0.05),
		{Task: last + ", counting rival", Measure: "AUC", Value: auc(rival[from:])},
		{Task: last + ", counting rival", Measure: "log loss", Value: logLoss(rival[from:]), Lower: true},
	}
	return lines, nil
}

// progressive answers each row and learns it afterwards, the first until.
func progressive(model decide.Propensity, rows []contact, until int) []guess {
	out := make([]guess, len(rows))
	for i, r := range rows {
		c := decide.Case{Action: "deposit", Features: r.features}
		out[i] = guess{model.Estimate(&c).P, r.yes}
		if i < until {
			model.Learn(&decide.Lesson{Case: c, Positive: r.yes})
		}
	}
	return out
}
