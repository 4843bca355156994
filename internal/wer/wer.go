// Package wer counts word errors between what was said and what was heard.
//
// It compares words, after a normalisation that forgives case, punctuation
// and a handful of spellings, and nothing else: a number written as digits
// is not the number in words. It reads no files and knows no engine.
package wer

import (
	"regexp"
	"strings"
)

// Errors are the edits that turn a reference into a hypothesis.
type Errors struct {
	Words         int `json:"words"` // of the reference
	Substitutions int `json:"substitutions"`
	Deletions     int `json:"deletions"`
	Insertions    int `json:"insertions"`
}

// Sum is the number of edits.
func (e Errors) Sum() int { return e.Substitutions + e.Deletions + e.Insertions }

// Rate is the word error rate: edits for each reference word. It may be
// above 1. With no reference words it is the number of edits.
func (e Errors) Rate() float64 { return float64(e.Sum()) / float64(max(e.Words, 1)) }

// Add gives the errors of both.
func (e Errors) Add(o Errors) Errors {
	return Errors{
		Words: e.Words + o.Words, Substitutions: e.Substitutions + o.Substitutions,
		Deletions: e.Deletions + o.Deletions, Insertions: e.Insertions + o.Insertions,
	}
}

// Compare normalises both texts and counts.
func Compare(reference, heard string) Errors {
	return Count(Normalize(reference), Normalize(heard))
}

var notWord = regexp.MustCompile(`[^a-z0-9' ]`)

// respelled gives one spelling to words that have several.
var respelled = map[string]string{
	"ok": "okay", "mr": "mister", "mrs": "missus", "dr": "doctor",
	"colour": "color", "cannot": "can not", "tvs": "tv",
}

// Normalize gives the words that count.
func Normalize(text string) []string {
	text = strings.ReplaceAll(strings.ToLower(text), "-", " ")
	text = notWord.ReplaceAllString(text, " ")
	text = strings.ReplaceAll(text, "forever", "for ever")
	var words []string
	for w := range strings.FieldsSeq(text) {
		w = strings.Trim(w, "'")
		if w == "" {
			continue
		}
		if other, ok := respelled[w]; ok {
			w = other
		}
		words = append(words, strings.Fields(w)...)
	}
	return words
}

// Count finds the least number of edits. Of several ways with that number it
// takes one with a substitution where there is a choice.
func Count(reference, heard []string) Errors {
	row := make([]Errors, len(heard)+1)
	for j := range row {
		row[j].Insertions = j
	}
	for i, said := range reference {
		diagonal := row[0]
		row[0] = Errors{Deletions: i + 1}
		for j, got := range heard {
			above := row[j+1]
			row[j+1] = best(diagonal, above, row[j], said == got)
			diagonal = above
		}
	}
	total := row[len(heard)]
	total.Words = len(reference)
	return total
}

// best is one cell of the edit table.
func best(diagonal, above, left Errors, same bool) Errors {
	if same {
		return diagonal
	}
	cell := diagonal
	cell.Substitutions++
	if above.Sum()+1 < cell.Sum() {
		cell = above
		cell.Deletions++
	}
	if left.Sum()+1 < cell.Sum() {
		cell = left
		cell.Insertions++
	}
	return cell
}
