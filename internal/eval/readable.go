package eval

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"heed/insights"
)

// Mark is how well one kind of mark is set.
type Mark struct {
	Name               string
	Right, Wrong, Lost int // set where the text has it, where it has none or another, not set
}

// Precision is the share of the marks set that are the text's, 0..1; like Recall
// and F1 it is 0 when there is nothing to count.
func (m Mark) Precision() float64 { return share(m.Right, m.Right+m.Wrong) }

// Recall is the share of the text's marks that were set.
func (m Mark) Recall() float64 { return share(m.Right, m.Right+m.Lost) }

// F1 is the harmonic mean of both.
func (m Mark) F1() float64 { return share(2*m.Right, 2*m.Right+m.Wrong+m.Lost) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Readable is how well bare words are written out.
type Readable struct {
	Texts, Words int
	Marks        []Mark // '.', ',', '?' and the capital letters
}

// Write prints the figures as a table.
func (r Readable) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "%d texts, %d words\tprecision\trecall\tF1\t\n", r.Texts, r.Words)
	for _, m := range r.Marks {
		fmt.Fprintf(t, "%s\t%.1f %%\t%.1f %%\t%.1f %%\t\n", m.Name, 100*m.Precision(), 100*m.Recall(), 100*m.F1())
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// MeasureReadable takes the capitals and marks from texts, one a line, has
// them written again and compares. Lines with figures are left out, for they
// are not what is heard. Pauses play no part: a text has none. Each, when not
// nil, gets every line with what became of it.
func MeasureReadable(texts io.Reader, write func(*insights.Utterance) (string, []int), each func(text, written string)) (Readable, error) {
	r := Readable{Marks: []Mark{{Name: "."}, {Name: ","}, {Name: "?"}, {Name: "capital"}}}
	lines := bufio.NewScanner(texts)
	for lines.Scan() {
		want := marked(lines.Text(), nil)
		if len(want) == 0 || strings.ContainsFunc(lines.Text(), unicode.IsDigit) {
			continue
		}
		bare := make([]string, len(want))
		for i, w := range want {
			bare[i] = strings.ToLower(w.text)
		}
		written, counts := write(&insights.Utterance{Text: strings.Join(bare, " "), Language: "en"})
		got := marked(written, counts)
		if len(got) != len(want) {
			return r, fmt.Errorf("%q: %d words were written for %d", written, len(got), len(want))
		}
		r.Texts++
		r.Words += len(want)
		r.compare(want, got)
		if each != nil {
			each(lines.Text(), written)
		}
	}
	if err := lines.Err(); err != nil {
		return r, fmt.Errorf("read texts: %w", err)
	}
	return r, nil
}

func (r *Readable) compare(want, got []markedWord) {
	for i := range want {
		for m, mark := range []byte{'.', ',', '?'} {
			r.Marks[m].count(want[i].mark == mark, got[i].mark == mark)
		}
		if got[i].counted {
			r.Marks[3].count(upper(want[i].text), upper(got[i].text))
		}
	}
}

func (m *Mark) count(want, got bool) {
	switch {
	case want && got:
		m.Right++
	case got:
		m.Wrong++
	case want:
		m.Lost++
	}
}

func upper(s string) bool { return strings.ContainsFunc(s, unicode.IsUpper) }

// markedWord is a word with the mark behind it.
type markedWord struct {
	text    string
	mark    byte
	counted bool // it stands for one word and can be compared with it
}

// marked cuts a text into its words. Counts says for how many words each
// stands; nil says one each. An exclamation mark and a semicolon end a
// sentence, a colon is a comma, everything else is none.
func marked(text string, counts []int) []markedWord {
	var out []markedWord
	for i, part := range strings.Fields(text) {
		n := 1
		if counts != nil {
			n = counts[i]
		}
		word := strings.TrimFunc(part, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '\'' })
		if word == "" {
			continue
		}
		end := part[strings.LastIndex(part, word)+len(word):]
		for range n - 1 {
			out = append(out, markedWord{})
		}
		w := markedWord{text: word, mark: markOf(end), counted: n == 1}
		if n == 0 && len(out) > 0 {
			out[len(out)-1] = markedWord{mark: w.mark}
			continue
		}
		out = append(out, w)
	}
	return out
}

func markOf(end string) byte {
	switch {
	case strings.ContainsRune(end, '?'):
		return '?'
	case strings.ContainsAny(end, ".!;…"):
		return '.'
	case strings.ContainsAny(end, ",:"):
		return ','
	}
	return 0
}
