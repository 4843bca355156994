package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"heed/internal/compare"
)

// The columns of a comparison, in characters.
const (
	sheetWidth  = 100 // where nobody says how wide the output is
	columnMin   = 16
	columnGap   = 3
	speakerWide = 8
	timeWide    = 7
)

// sheet prints a comparison in columns.
type sheet struct {
	out    io.Writer
	width  int
	colour bool
	gap    string // between two columns
}

// newSheet fits the terminal that w may be. NO_COLOR in the environment keeps
// the marks plain.
func newSheet(w io.Writer) *sheet {
	s := &sheet{out: w, width: sheetWidth, gap: " | "}
	if file, ok := w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		s.colour = os.Getenv("NO_COLOR") == ""
		if width, _, err := term.GetSize(int(file.Fd())); err == nil {
			s.width = width
		}
	}
	return s
}

func (s *sheet) write(r compare.Result) error {
	var b strings.Builder
	s.rows(&b, r)
	if err := scores(&b, r); err != nil {
		return err
	}
	_, err := io.WriteString(s.out, b.String())
	return err
}

func (s *sheet) rows(b *strings.Builder, r compare.Result) {
	if len(r.Rows) == 0 {
		b.WriteString("nobody was heard\n\n")
		return
	}
	columns := r.Rows[0].Columns
	wide := max(columnMin, (s.width-timeWide-speakerWide-2)/len(columns)-columnGap)
	var names []block
	for _, c := range columns {
		names = append(names, block{{{text: c.Name}}})
	}
	s.line(b, "", "", names, wide)
	for _, row := range r.Rows {
		var blocks []block
		for _, c := range row.Columns {
			blocks = append(blocks, s.wrap(c.Cells, wide))
		}
		s.line(b, fmt.Sprintf("%.1f", row.Start), row.Speaker, blocks, wide)
	}
	b.WriteString("\n")
}

// piece is a word as it is printed; it differs when it is coloured.
type piece struct {
	text    string
	differs bool
}

// block is the wrapped text of one column in one row.
type block [][]piece

// wrap fills lines of a width with words.
func (s *sheet) wrap(cells []compare.Cell, wide int) block {
	var lines block
	length := 0
	for _, c := range cells {
		for _, p := range s.pieces(c, wide) {
			n := len([]rune(p.text))
			if len(lines) == 0 || length+1+n > wide {
				lines = append(lines, nil)
				length = -1
			}
			lines[len(lines)-1] = append(lines[len(lines)-1], p)
			length += 1 + n
		}
	}
	return lines
}

// pieces marks a word and breaks it where it is longer than its column.
func (s *sheet) pieces(c compare.Cell, wide int) []piece {
	text := c.Text
	switch {
	case text == "":
		text = "-"
	case c.Differs && !s.colour:
		text = "*" + text + "*"
	}
	var out []piece
	for part := range slices.Chunk([]rune(text), wide) {
		out = append(out, piece{string(part), c.Differs})
	}
	return out
}

// line prints a row, as many lines as its longest block has.
func (s *sheet) line(b *strings.Builder, at, speaker string, blocks []block, wide int) {
	height := 1
	for _, k := range blocks {
		height = max(height, len(k))
	}
	for i := range height {
		var line strings.Builder
		fmt.Fprintf(&line, "%*s  %-*s", timeWide, at, speakerWide, speaker)
		for _, k := range blocks {
			line.WriteString(s.gap)
			if i < len(k) {
				s.put(&line, k[i], wide)
			} else {
				line.WriteString(strings.Repeat(" ", wide))
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
		at, speaker = "", ""
	}
}

// put prints one line of a column and fills it up.
func (s *sheet) put(b *strings.Builder, words []piece, wide int) {
	used := 0
	for i, p := range words {
		if i > 0 {
			b.WriteByte(' ')
			used++
		}
		used += len([]rune(p.text))
		if p.differs && s.colour {
			p.text = "\x1b[1;31m" + p.text + "\x1b[0m"
		}
		b.WriteString(p.text)
	}
	b.WriteString(strings.Repeat(" ", max(0, wide-used)))
}

// scores prints a line for each engine.
func scores(out io.Writer, r compare.Result) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	counted := r.Engines[0].WER != nil
	fmt.Fprint(w, "ENGINE\tMODEL")
	if counted {
		fmt.Fprint(w, "\tWER\tAGENT\tCUSTOMER")
	}
	fmt.Fprintln(w, "\tELAPSED\tCPU\tSPEED")
	for _, e := range r.Engines {
		fmt.Fprintf(w, "%s\t%s", e.Name, e.Model)
		if counted {
			fmt.Fprintf(w, "\t%s (%d of %d words)", percent(*e.WER), e.WER.Sum(), e.WER.Words)
			for _, party := range []string{"agent", "customer"} {
				shown := "-"
				if score, is := e.Parties[party]; is {
					shown = percent(score)
				}
				fmt.Fprint(w, "\t"+shown)
			}
		}
		fmt.Fprintf(w, "\t%.1f s\t%.1f s\t%.1f x\n", e.Elapsed, e.CPU, r.Seconds/max(e.Elapsed, 0.001))
	}
	return w.Flush()
}

func percent(s compare.Score) string { return fmt.Sprintf("%.1f %%", 100*s.Rate) }
