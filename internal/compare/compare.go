// Package compare puts what several engines made of one recording side by
// side: in time, word by word, and counted against what was really said.
//
// It runs no engine and prints nothing.
package compare

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"heed/internal/listen"
	"heed/internal/wer"
)

// Heard is what one engine made of the recording.
type Heard struct {
	Engine, Model string
	Transcript    listen.Transcript
	// Elapsed is how long the hearing took; CPU what all of it cost in this
	// process and its children, with loading the engine.
	Elapsed, CPU time.Duration
}

// Result is a comparison of one recording.
type Result struct {
	File    string   `json:"file"`
	Seconds float64  `json:"seconds"`
	Engines []Engine `json:"engines"`
	Rows    []Row    `json:"rows"`
	// Timed says that the first column of each row is the reference.
	Timed bool `json:"-"`
}

// Engine is how one engine did.
type Engine struct {
	Name    string  `json:"engine"`
	Model   string  `json:"model,omitempty"`
	Text    string  `json:"text"`
	Elapsed float64 `json:"elapsed_seconds"`
	CPU     float64 `json:"cpu_seconds"`
	// WER is of the whole recording and Parties of each party, where the
	// reference says who speaks; nil without a reference.
	WER     *Score           `json:"wer,omitempty"`
	Parties map[string]Score `json:"parties,omitempty"`
}

// Score is a word error rate with what it is made of.
type Score struct {
	wer.Errors
	Rate float64 `json:"rate"` // 0.15 is 15 %; it may be above 1
}

// Row is a stretch of one party's speech as each column has it.
type Row struct {
	Speaker string  `json:"speaker,omitempty"`
	Start   float64 `json:"start"` // seconds
	End     float64 `json:"end"`
	// Columns are the engines in order, before them the reference, where it
	// has times.
	Columns []Column `json:"columns"`
	Differs bool     `json:"differs"`
}

// Column is what one engine heard in a row, or what the reference says.
type Column struct {
	Name string `json:"name"`
	Text string `json:"text"`
	// Cells are the words, aligned with those of the first column.
	Cells []Cell `json:"-"`
}

// Cell is a word. It differs from the first column's; in the first column, which
// is right where it is the reference, it differs when any other column does. An
// empty one stands where the first column has a word and this one has not.
type Cell struct {
	Text    string
	Differs bool
}

// Reference is the name of the column that says what was really said.
const Reference = "reference"

// Compare puts the hearings of one recording side by side. There is at least
// one. Ref may be nil.
func Compare(heard []Heard, ref *Script) Result {
	r := Result{File: heard[0].Transcript.File, Seconds: heard[0].Transcript.Seconds, Rows: []Row{}, Timed: ref.timed()}
	var sources []source
	if r.Timed {
		anyNamed := slices.ContainsFunc(heard, func(h Heard) bool { return named(h.Transcript) })
		sources = append(sources, source{Reference, ref.utterances(anyNamed)})
	}
	for _, h := range heard {
		sources = append(sources, source{h.Engine, h.Transcript.Utterances})
		e := Engine{Name: h.Engine, Model: h.Model, Text: h.Transcript.Text, Elapsed: h.Elapsed.Seconds(), CPU: h.CPU.Seconds()}
		if ref != nil {
			e.WER, e.Parties = ref.score(h.Transcript)
		}
		r.Engines = append(r.Engines, e)
	}
	r.Rows = append(r.Rows, rows(sources)...)
	return r
}

// source is a column over the whole recording.
type source struct {
	name string
	said []listen.Utterance
}

// spoken is a word of a source.
type spoken struct {
	listen.Word
	column int
}

// When a row ends: at a pause of all columns, later at any gap between words,
// and at last between any two. Seconds.
const (
	rowPause = 0.5
	rowLong  = 10.0
	rowMax   = 25.0
)

// rows cuts the parties' words into rows, in order of time.
func rows(sources []source) []Row {
	parties := map[string][]spoken{}
	for column, s := range sources {
		for _, u := range s.said {
			for _, w := range u.Timed() {
				parties[u.Speaker] = append(parties[u.Speaker], spoken{w, column})
			}
		}
	}
	var all []Row
	for party, words := range parties {
		slices.SortStableFunc(words, func(a, b spoken) int { return cmp.Compare(a.Start, b.Start) })
		for _, part := range cut(words) {
			all = append(all, rowOf(party, part, sources))
		}
	}
	slices.SortFunc(all, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Speaker, b.Speaker))
	})
	return all
}

func cut(words []spoken) [][]spoken {
	var parts [][]spoken
	from, end := 0, 0.0
	for i, w := range words {
		if i > from {
			gap, length := w.Start-end, w.Start-words[from].Start
			if gap > rowPause || gap >= 0 && length > rowLong || length > rowMax {
				parts = append(parts, words[from:i])
				from, end = i, 0
			}
		}
		end = max(end, w.End)
	}
	return append(parts, words[from:])
}

func rowOf(party string, words []spoken, sources []source) Row {
	row := Row{Speaker: party, Start: words[0].Start}
	texts := make([][]string, len(sources))
	for _, w := range words {
		row.End = max(row.End, w.End)
		texts[w.column] = append(texts[w.column], w.Text)
	}
	for i, s := range sources {
		row.Columns = append(row.Columns, Column{Name: s.name, Text: strings.Join(texts[i], " ")})
	}
	row.align(texts)
	return row
}

// align compares each column with the first.
func (r *Row) align(texts [][]string) {
	first, plain := cells(texts[0])
	for i := 1; i < len(texts); i++ {
		own, heard := cells(texts[i])
		r.Columns[i].Cells = pair(first, plain, own, heard)
	}
	if r.Columns[0].Name == Reference {
		first, _ = cells(texts[0]) // it is the others that differ
	}
	r.Columns[0].Cells = first
	r.Differs = slices.ContainsFunc(r.Columns, func(c Column) bool {
		return slices.ContainsFunc(c.Cells, func(w Cell) bool { return w.Differs })
	})
}

// cells gives words as they are shown and as they are compared.
func cells(words []string) (shown []Cell, plain []string) {
	for _, w := range words {
		if p := strings.Join(wer.Normalize(w), " "); p != "" {
			shown, plain = append(shown, Cell{Text: w}), append(plain, p)
		}
	}
	return shown, plain
}

// pair gives a column's cells beside the first column's, and marks in both what
// is not the same.
func pair(first []Cell, said []string, own []Cell, heard []string) []Cell {
	var out []Cell
	i, j := 0, 0
	for _, p := range wer.Align(said, heard) {
		var c Cell
		if p.Heard != "" {
			c = own[j]
			j++
		}
		c.Differs = !p.Same()
		if p.Said != "" {
			first[i].Differs = first[i].Differs || c.Differs
			i++
		}
		out = append(out, c)
	}
	return out
}
