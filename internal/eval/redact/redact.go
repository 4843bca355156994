// Package redact scores what the redactor removes against labelled personal
// data. Each row is a call of its own: nobody asked for anything before.
package redact

import (
	"fmt"
	"os"
	"strings"
	"unicode"

	"heed/insights"
	"heed/insights/redact"
	"heed/insights/redact/corpus"
	"heed/internal/eval/rows"
)

// Metrics is what is measured; shares are 0..1. Words are what stands between
// spaces; a word belongs to a span when a letter or digit of it does.
type Metrics struct {
	Rows  int `json:"rows"`
	Spans int `json:"spans"` // of personal data

	Precision float64 `json:"precision"` // of the words removed
	Recall    float64 `json:"recall"`    // of the words of personal data
	F1        float64 `json:"f1"`
	// Leaks is the share of the rows with personal data that keep a word of it.
	Leaks float64 `json:"turn_leak"`
	// SpanRecall is the share of the spans of which nothing is left,
	// SpanPrecision that of the removals that touch a span.
	SpanRecall    float64 `json:"span_recall"`
	SpanPrecision float64 `json:"span_precision"`
	// Types is the span recall by label.
	Types map[string]float64 `json:"types"`
	// Needless is how many removals touch no span, in 1,000 rows.
	Needless float64 `json:"needless_per_1000"`
}

// Run scores a policy's file. An empty name is the strict policy, which
// removes all that tells who somebody is, and besides the general kinds
// (places, organizations, dates, details) that the labels of the rows name.
func Run(test []rows.Row, file string) (Metrics, error) {
	policy, err := open(file, test)
	if err != nil {
		return Metrics{}, err
	}
	return Score(test, policy), nil
}

func open(file string, test []rows.Row) (redact.Policy, error) {
	if file == "" {
		return named(redact.Strict(), test)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return redact.Policy{}, fmt.Errorf("redaction policy: %w", err)
	}
	return redact.ParsePolicy(file, data)
}

// named adds the general kinds that the labels name.
func named(policy redact.Policy, test []rows.Row) (redact.Policy, error) {
	seen := make(map[string]bool)
	for i := range test {
		for _, s := range test[i].Spans {
			switch kind := corpus.Kind(s.Label); kind {
			case "place", "organization", "date", "person_detail":
				seen[kind] = true
			}
		}
	}
	for kind := range seen {
		var err error
		if policy, err = policy.With("remove", kind); err != nil {
			return policy, fmt.Errorf("eval redact: %w", err)
		}
	}
	return policy, nil
}

// Score scores a policy.
func Score(test []rows.Row, policy redact.Policy) Metrics {
	c := counts{types: make(map[string]*share)}
	for i := range test {
		c.add(&test[i], policy.Find(insights.Customer, test[i].Text))
	}
	m := Metrics{
		Rows: len(test), Spans: c.spans.all, Leaks: c.leaks.value(), SpanRecall: c.spans.value(),
		Precision: c.removed.value(), Recall: c.words.value(), SpanPrecision: c.removals.value(),
		Types: make(map[string]float64, len(c.types)),
	}
	if m.Precision+m.Recall > 0 {
		m.F1 = 2 * m.Precision * m.Recall / (m.Precision + m.Recall)
	}
	for label, s := range c.types {
		m.Types[label] = s.value()
	}
	if len(test) > 0 {
		m.Needless = 1000 * float64(c.removals.all-c.removals.part) / float64(len(test))
	}
	return m
}

// share counts a part of a whole.
type share struct{ part, all int }

func (s *share) add(yes bool) {
	s.all++
	if yes {
		s.part++
	}
}

func (s *share) value() float64 {
	if s.all == 0 {
		return 0
	}
	return float64(s.part) / float64(s.all)
}

type counts struct {
	words, removed  share // words of personal data that went; words gone that are some
	spans, removals share
	leaks           share
	types           map[string]*share
}

// stretch is a part of a text in bytes.
type stretch struct{ from, to int }

func (c *counts) add(r *rows.Row, gone []redact.Removal) {
	spans := make([]stretch, len(r.Spans))
	for i, s := range r.Spans {
		spans[i].from, spans[i].to = r.Bytes(s)
	}
	cuts := make([]stretch, len(gone))
	for i, g := range gone {
		cuts[i] = stretch{g.From, g.To}
	}
	leak := false
	for _, w := range words(r.Text) {
		personal, cut := touches(r.Text, w, spans), touches(r.Text, w, cuts)
		if personal {
			c.words.add(cut)
			leak = leak || !cut
		}
		if cut {
			c.removed.add(personal)
		}
	}
	if len(spans) > 0 {
		c.leaks.add(leak)
	}
	for i, s := range spans {
		whole := covered(r.Text, s, cuts)
		c.spans.add(whole)
		label := r.Spans[i].Label
		if c.types[label] == nil {
			c.types[label] = &share{}
		}
		c.types[label].add(whole)
	}
	for _, cut := range cuts {
		c.removals.add(touches(r.Text, cut, spans))
	}
}

// words gives what stands between spaces.
func words(text string) []stretch {
	var out []stretch
	from := -1
	for i, r := range text {
		switch space := unicode.IsSpace(r); {
		case space && from >= 0:
			out, from = append(out, stretch{from, i}), -1
		case !space && from < 0:
			from = i
		}
	}
	if from >= 0 {
		out = append(out, stretch{from, len(text)})
	}
	return out
}

// touches says that a letter or digit of a stretch is in one of others.
func touches(text string, s stretch, others []stretch) bool {
	for _, o := range others {
		if from, to := max(s.from, o.from), min(s.to, o.to); from < to && strings.IndexFunc(text[from:to], solid) >= 0 {
			return true
		}
	}
	return false
}

func solid(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// covered says that every letter and digit of a stretch is in one of others.
func covered(text string, s stretch, others []stretch) bool {
	for i, r := range text[s.from:s.to] {
		if !solid(r) {
			continue
		}
		in := false
		for _, o := range others {
			in = in || s.from+i >= o.from && s.from+i < o.to
		}
		if !in {
			return false
		}
	}
	return true
}
