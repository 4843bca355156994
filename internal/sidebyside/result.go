package sidebyside

import (
	"strings"

	"heed/internal/compare"
	"heed/internal/listen"
	"heed/internal/wer"
)

// Mark says how a word stands to what it is compared with: what people say was
// said or, where nobody said, what the other engine heard.
type Mark string

// The marks. A missing word is one that only the other side has.
const (
	Same    Mark = "same"
	Other   Mark = "other"
	Missing Mark = "missing"
	Added   Mark = "added"
)

// Word is one of a line.
type Word struct {
	Text string // empty where it is missing
	Mark Mark
	Said string // what stands there on the other side
}

// Line is a stretch of one party's speech, as both engines have it.
type Line struct {
	Speaker    string // empty where nobody knows
	Start, End float64
	Said       string // as people corrected it
	Heard      [2][]Word
	Differs    bool
}

// Figures are how one engine did.
type Figures struct {
	Name, Model string
	Words       int
	// Errors are counted against what people corrected; nil where nobody did.
	Errors  *compare.Score
	Elapsed float64  // seconds
	Speed   float64  // seconds taken for one second of recording
	CPU     *float64 // seconds; nil with Unsaid
	Unsaid  string
}

// Result is what came of a trial.
type Result struct {
	Seconds   float64
	Cut       bool
	Engines   [2]Figures
	Different int     // words that are not the same in both
	Share     float64 // of the longer of the two, 0..1
	// Corrected of Lines lines are the words of people; both 0 where nobody
	// corrected.
	Corrected, Turns int
	Lines            []Line
}

func resultOf(heard [2]hearing, src Source) *Result {
	c := compare.Compare([]compare.Heard{heard[0].Heard, heard[1].Heard}, src.Said)
	r := &Result{Seconds: c.Seconds, Cut: src.Cut, Lines: make([]Line, len(c.Rows))}
	if src.Said != nil {
		r.Corrected, r.Turns = src.Corrected, len(src.Said.Turns)
	}
	for i, e := range c.Engines {
		f := Figures{Name: e.Name, Model: e.Model, Words: len(wer.Normalize(e.Text)), Errors: e.WER, Elapsed: e.Elapsed, Unsaid: heard[i].unsaid}
		if c.Seconds > 0 {
			f.Speed = e.Elapsed / c.Seconds
		}
		if f.Unsaid == "" {
			cpu := heard[i].cpu.Seconds()
			f.CPU = &cpu
		}
		r.Engines[i] = f
	}
	r.Different, r.Share = differ(heard[0].Transcript, heard[1].Transcript)
	for i, row := range c.Rows {
		r.Lines[i] = lineOf(row)
	}
	return r
}

// differ counts the words that two engines do not share, party by party.
func differ(a, b listen.Transcript) (words int, share float64) {
	longest := 0
	for _, party := range []string{"", "agent", "customer"} {
		one, two := wer.Normalize(saidBy(a, party)), wer.Normalize(saidBy(b, party))
		words += wer.Count(one, two).Sum()
		longest += max(len(one), len(two))
	}
	if longest > 0 {
		share = float64(words) / float64(longest)
	}
	return words, share
}

func saidBy(t listen.Transcript, party string) string {
	var texts []string
	for _, u := range t.Utterances {
		if u.Speaker == party {
			texts = append(texts, u.Text)
		}
	}
	return strings.Join(texts, " ")
}

// lineOf marks the words of a row, those of both engines against what was said,
// or against each other.
func lineOf(row compare.Row) Line {
	l := Line{Speaker: row.Speaker, Start: row.Start, End: row.End}
	columns := row.Columns
	if columns[0].Name == compare.Reference && len(columns) == 3 {
		l.Said = columns[0].Text
		l.Heard = [2][]Word{marked(columns[0].Text, columns[1].Text), marked(columns[0].Text, columns[2].Text)}
	} else {
		l.Heard = [2][]Word{marked(columns[1].Text, columns[0].Text), marked(columns[0].Text, columns[1].Text)}
	}
	for _, heard := range l.Heard {
		for _, w := range heard {
			l.Differs = l.Differs || w.Mark != Same
		}
	}
	return l
}

// marked gives the words that were heard beside those that were said.
func marked(said, heard string) []Word {
	shownSaid, plainSaid := plain(said)
	shown, plainHeard := plain(heard)
	out := []Word{}
	i, j := 0, 0
	for _, p := range wer.Align(plainSaid, plainHeard) {
		w := Word{Mark: Other}
		switch {
		case p.Heard == "":
			w.Mark = Missing
		case p.Said == "":
			w.Mark = Added
		case p.Same():
			w.Mark = Same
		}
		if p.Heard != "" {
			w.Text = shown[j]
			j++
		}
		if p.Said != "" {
			if w.Mark != Same {
				w.Said = shownSaid[i]
			}
			i++
		}
		out = append(out, w)
	}
	return out
}

// plain gives the words of a text as they are shown and as they are compared.
func plain(text string) (shown, compared []string) {
	for w := range strings.FieldsSeq(text) {
		if p := strings.Join(wer.Normalize(w), " "); p != "" {
			shown, compared = append(shown, w), append(compared, p)
		}
	}
	return shown, compared
}
