// Package entity measures how well what is named in a sentence is found: by
// type, with its words, and with exactly its words.
package entity

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"heed/insights"
	"heed/insights/entity"
	"heed/internal/eval/rows"
)

// Metrics are the figures of one type, 0..1. A name is found when words of it
// were found as one of the types that it can have; Exact asks for the very same
// words.
type Metrics struct {
	Named     int     `json:"named"`
	Found     int     `json:"found"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	ExactF1   float64 `json:"exact_f1"`
}

// Line is one line of the table.
type Line struct {
	Set  string `json:"set"`
	Type string `json:"type"`
	Metrics
}

// name is what is named in a sentence.
type name struct {
	insights.Span

	kind string // a type of entity, or a wider one
}

// types are, for what a data set calls a thing, the types of entity that it is
// found as; the first is the one that it counts for. Never changed.
var types = map[string][]string{
	"amount_of_money": {entity.Money}, "person_name": {entity.Person},
	"date": {entity.Date}, "date_from": {entity.Date}, "date_to": {entity.Date}, "date_period": {entity.Date, entity.Duration},
	"time": {entity.Time}, "time_from": {entity.Time}, "time_to": {entity.Time}, "time_period": {entity.Time, entity.Duration, entity.Date},
}

func typesOf(kind string) []string {
	if t, ok := types[kind]; ok {
		return t
	}
	return []string{kind}
}

// counter counts for one type.
type counter struct{ named, found, hits, right, exact int }

func (c *counter) metrics() Metrics {
	m := Metrics{Named: c.named, Found: c.found}
	m.Precision, m.Recall = ratio(c.right, c.found), ratio(c.hits, c.named)
	if m.Precision+m.Recall > 0 {
		m.F1 = 2 * m.Precision * m.Recall / (m.Precision + m.Recall)
	}
	m.ExactF1 = ratio(2*c.exact, c.named+c.found)
	return m
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// measure compares one sentence.
func measure(counts map[string]*counter, want, got []name) {
	of := func(kind string) *counter {
		if counts[kind] == nil {
			counts[kind] = &counter{}
		}
		return counts[kind]
	}
	for _, w := range want {
		c := of(typesOf(w.kind)[0])
		c.named++
		hit, exact := false, false
		for _, g := range got {
			fits := fits(w, g)
			hit, exact = hit || fits, exact || fits && g.Span == w.Span
		}
		c.hits += one(hit)
		c.exact += one(exact)
	}
	for _, g := range got {
		c := of(g.kind)
		c.found++
		hit := false
		for _, w := range want {
			hit = hit || fits(w, g)
		}
		c.right += one(hit)
	}
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// fits tells whether something found is the thing named, or a part of it.
func fits(w, g name) bool {
	if g.From >= w.To || w.From >= g.To {
		return false
	}
	return slices.Contains(typesOf(w.kind), g.kind)
}

// find gives what the analyzer finds.
func find(a *entity.Analyzer, text string) []name {
	var out []name
	u := insights.Utterance{Speaker: insights.Customer, Text: text}
	for _, in := range a.Analyze(&u, &insights.Call{StartedAt: time.Date(2022, 3, 16, 12, 0, 0, 0, time.UTC)}) {
		out = append(out, name{in.Evidence[0], in.Name})
	}
	return out
}

// Evaluate measures rows whose spans are labelled with the types of entity, for
// a country (ISO 3166): by type, and all together as "all".
func Evaluate(test []rows.Row, region string) (map[string]Metrics, error) {
	if len(test) == 0 {
		return nil, errors.New("evaluate entities: there are no rows to test")
	}
	a := entity.New(entity.Options{Region: region})
	counts := map[string]*counter{}
	for i := range test {
		var want []name
		for _, s := range test[i].Spans {
			from, to := test[i].Bytes(s)
			want = append(want, name{insights.Span{From: from, To: to}, s.Label})
		}
		measure(counts, want, find(a, test[i].Text))
	}
	return metrics(counts), nil
}

func metrics(counts map[string]*counter) map[string]Metrics {
	all := &counter{}
	out := map[string]Metrics{}
	for kind, c := range counts {
		out[kind] = c.metrics()
		all.named, all.found, all.hits, all.right, all.exact = all.named+c.named, all.found+c.found, all.hits+c.hits, all.right+c.right, all.exact+c.exact
	}
	out["all"] = all.metrics()
	return out
}

// folds of NLU++ that are measured: the rules were written with a look at the
// ten before.
const firstFold, lastFold = 10, 13

// Table measures sums, dates, times and names of people on the last folds of
// NLU++ that are there, its banking and its hotel sentences. Without the set it
// is empty.
func Table(data fs.FS) ([]Line, error) { return table(data, firstFold, lastFold) }

func table(data fs.FS, first, last int) ([]Line, error) {
	a := entity.New(entity.Options{Region: "GB"})
	var lines []Line
	for _, domain := range [...]string{"banking", "hotels"} {
		counts := map[string]*counter{}
		for fold := first; fold <= last; fold++ {
			raw, err := fs.ReadFile(data, fmt.Sprintf("nlupp/%s.fold%d.json", domain, fold))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("nlu++: %w", err)
			}
			if err := measureFold(a, counts, raw); err != nil {
				return nil, fmt.Errorf("nlu++ %s, fold %d: %w", domain, fold, err)
			}
		}
		found := metrics(counts)
		for _, kind := range [...]string{entity.Money, entity.Date, entity.Time, entity.Person} {
			if m := found[kind]; m.Named > 0 {
				lines = append(lines, Line{Set: fmt.Sprintf("nlu++ %s, folds %d-%d", domain, first, last), Type: kind, Metrics: m})
			}
		}
	}
	return lines, nil
}

// measureFold compares the sentences of one file.
func measureFold(a *entity.Analyzer, counts map[string]*counter, raw []byte) error {
	var all []struct {
		Text  string `json:"text"`
		Slots map[string]struct {
			Span [2]int `json:"span"`
		} `json:"slots"`
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	for _, s := range all {
		var want []name
		row := rows.Row{Text: s.Text}
		for slot, at := range s.Slots {
			if types[slot] == nil {
				continue
			}
			from, to := row.Bytes(rows.Span{Start: at.Span[0], End: at.Span[1]})
			want = append(want, name{insights.Span{From: from, To: to}, slot})
		}
		measure(counts, want, find(a, s.Text))
	}
	return nil
}
