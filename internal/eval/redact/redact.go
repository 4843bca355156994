// Package redact scores what the redactor removes against labelled personal
// data. Each row is a call of its own.
package redact

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"heed/insights"
	"heed/insights/redact"
	"heed/internal/eval/rows"
)

// Metrics is what is measured; shares are 0..1.
type Metrics struct {
	Rows  int `json:"rows"`
	Spans int `json:"spans"` // of personal data
	// Recall is the share of the spans of which no letter or digit is left.
	Recall float64 `json:"recall"`
	// Precision is the share of the removals that touch personal data.
	Precision float64 `json:"precision"`
	F1        float64 `json:"f1"`
	// Leaks is the share of the rows with personal data that keep some of it.
	Leaks float64 `json:"turn_leak"`
	// Types is the recall by label.
	Types map[string]float64 `json:"types"`
}

// Run scores the redactor under its default policy; another is refused.
func Run(test []rows.Row, policy string) (Metrics, error) {
	if policy != "" {
		return Metrics{}, errors.New("policy files are not known yet")
	}
	m := Metrics{Rows: len(test), Types: map[string]float64{}}
	var found, removed, right, leaks, marked int
	of := map[string]int{}
	for i := range test {
		r := &test[i]
		gone, count := removals(r.Text)
		whole := true
		for _, s := range r.Spans {
			from, to := r.Bytes(s)
			of[s.Label]++
			m.Spans++
			if covered(r.Text, gone, from, to) {
				found++
				m.Types[s.Label]++
			} else {
				whole = false
			}
		}
		if len(r.Spans) > 0 {
			marked++
			if !whole {
				leaks++
			}
		}
		removed += count
		right += touching(r, gone)
	}
	for label, n := range of {
		m.Types[label] /= float64(n)
	}
	m.Recall, m.Precision = share(found, m.Spans), share(right, removed)
	m.F1 = share(2*found*right, found*removed+right*m.Spans)
	m.Leaks = share(leaks, marked)
	return m, nil
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// cutOut is a stretch of the original text that was removed, in bytes.
type cutOut struct{ from, to int }

// removals finds what is gone: the new text has a token at each insight's
// evidence and is the old one between them.
func removals(text string) (gone []cutOut, count int) {
	u, found, _ := redact.New(redact.Policy{}).Final(insights.Utterance{Speaker: insights.Customer, Text: text})
	var tokens []insights.Span
	for i := range found {
		tokens = append(tokens, found[i].Evidence...)
	}
	at, last := 0, 0
	for i, t := range tokens {
		at += t.From - last
		end := len(text)
		next := len(u.Text)
		if i+1 < len(tokens) {
			next = tokens[i+1].From
		}
		if kept := u.Text[t.To:next]; i+1 == len(tokens) {
			end -= len(kept)
		} else if n := strings.Index(text[at:], kept); kept != "" && n >= 0 {
			end = at + n
		}
		gone = append(gone, cutOut{at, end})
		at, last = end, t.To
	}
	return gone, len(tokens)
}

// covered says that every letter and digit of a stretch is gone.
func covered(text string, gone []cutOut, from, to int) bool {
	for i, c := range text[from:to] {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			continue
		}
		inside := func(g cutOut) bool { return from+i >= g.from && from+i < g.to }
		if !slices.ContainsFunc(gone, inside) {
			return false
		}
	}
	return true
}

func touching(r *rows.Row, gone []cutOut) int {
	n := 0
	for _, g := range gone {
		for _, s := range r.Spans {
			if from, to := r.Bytes(s); from < g.to && to > g.from {
				n++
				break
			}
		}
	}
	return n
}
