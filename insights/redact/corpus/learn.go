package corpus

import (
	"math/rand/v2"
	"slices"
	"strings"

	"heed/insights/redact/tagger"
)

const (
	madeRows  = 30000
	leastSeen = 3 // times that a word of the vocabulary occurs
	// Of the ordinary texts one in so many is learned from as holding nobody's
	// data. Those at multiples of it are for measuring.
	textsEvery = 3

	epochs  = 4
	dropped = 0.2
	seed    = 1
)

// Learn trains a tagger on the training turns of some domains, on sentences,
// and on sentences of our own, each as written and as spoken. The same data
// give the same model.
func (d *Data) Learn(domains []string, sentences []Sentence) (*tagger.Model, error) {
	r := rand.New(rand.NewPCG(seed, seed))
	var rows []tagger.Row
	both := func(t Turn) {
		rows = append(rows, t.Row(), Speak(t, r).Row())
	}
	texts := slices.Clone(d.Texts)
	for _, name := range domains {
		for _, t := range d.Train[name] {
			both(t)
			texts = append(texts, plain(t))
		}
	}
	for _, s := range sentences {
		both(s.Turn())
	}
	for i, text := range d.Texts {
		if i%textsEvery == 1 {
			words := strings.Fields(text)
			rows = append(rows, tagger.Row{Words: words, Labels: slices.Repeat([]string{tagger.Ordinary}, len(words))})
		}
	}
	for _, row := range Made(madeRows, r) {
		s := Speak(Turn{row.Words, row.Labels}, r)
		w := Write(Turn{row.Words, row.Labels})
		rows = append(rows, row, tagger.Row{Words: w.Words, Labels: w.Labels, Asked: row.Asked}, tagger.Row{Words: s.Words, Labels: s.Labels, Asked: row.Asked})
	}
	return tagger.Learn(rows, tagger.Vocabulary(texts, leastSeen), tagger.Options{Epochs: epochs, Drop: dropped, Seed: seed})
}

// Ordinary gives the texts that no model has learned from.
func (d *Data) Ordinary() []string {
	var out []string
	for i := 0; i < len(d.Texts); i += textsEvery {
		out = append(out, d.Texts[i])
	}
	return out
}

// plain gives the words of a turn that are nobody's data.
func plain(t Turn) string {
	var b strings.Builder
	for i, w := range t.Words {
		if Kind(t.Labels[i]) == "" {
			b.WriteString(w + " ")
		}
	}
	return b.String()
}
