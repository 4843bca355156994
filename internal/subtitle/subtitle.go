// Package subtitle turns a transcript into subtitles for a player of the
// recording: SubRip and WebVTT.
//
// A cue is one party's: at most two lines of 42 characters and seven seconds.
// Where both parties speak at once their cues overlap in time, which both
// formats allow and players stack; each says who speaks, as a voice tag in
// WebVTT and as words in SubRip, which has no such tag. A short cue stays until
// it can be read. Lines of a script that is read from the right say so. The
// package hears nothing and reads no recordings.
package subtitle

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/asticode/go-astisub"

	"heed/internal/listen"
)

// The bounds of a cue, as broadcasters set them: two lines, each as long as
// the eye takes in at once.
const (
	MaxLine  = 42 // characters
	MaxLines = 2
	MaxTime  = 7 * time.Second
	// minTime is how long a cue stays at least, where the next one of the same
	// party leaves it the time.
	minTime = time.Second
	// pause between two words of a party ends a cue.
	pause = 1500 * time.Millisecond
	// readable is how many characters a second people read with ease.
	readable = 17
)

// Cue is what is shown at once of one party.
type Cue struct {
	Start, End time.Duration
	Speaker    string // "Agent" or "Customer"; empty in recordings of one party
	Lines      []string
}

// Cues cuts a transcript, in order of their start. Spelled begins each cue with
// who speaks, where there are two parties; that counts as words of the cue.
func Cues(t listen.Transcript, spelled bool) []Cue {
	var cues []Cue
	for _, u := range t.Utterances {
		c := cutter{speaker: title(u.Speaker)}
		if spelled && u.Speaker != "" {
			c.prefix = []string{c.speaker + ":"}
		}
		cues = append(cues, c.cut(u)...)
	}
	slices.SortStableFunc(cues, func(a, b Cue) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	linger(cues)
	return cues
}

// linger leaves short cues standing until they can be read.
func linger(cues []Cue) {
	next := map[string]time.Duration{}
	for i, c := range slices.Backward(cues) {
		end := max(c.End, c.Start+minTime, c.Start+min(MaxTime, c.reading()))
		if after, any := next[c.Speaker]; any {
			// Two finals of a party may touch by a frame: never both at once.
			end = max(min(end, after), c.Start+time.Millisecond)
		}
		cues[i].End = end
		next[c.Speaker] = c.Start
	}
}

// reading is how long it takes to read a cue.
func (c *Cue) reading() time.Duration {
	n := 0
	for _, l := range c.Lines {
		n += width(l)
	}
	return (time.Duration(n) * time.Second / readable).Round(time.Millisecond)
}

// width counts the characters of a text that take room.
func width(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			n++
		}
	}
	return n
}

// Part is a stretch of a recording, From included and To not. A zero To is its
// end.
type Part struct{ From, To time.Duration }

// of gives the cues of a part, with its beginning for the beginning.
func (p Part) of(cues []Cue) []Cue {
	out := make([]Cue, 0, len(cues))
	for _, c := range cues {
		if c.End <= p.From || p.To > 0 && c.Start >= p.To {
			continue
		}
		if p.To > 0 {
			c.End = min(c.End, p.To)
		}
		c.Start, c.End = max(c.Start, p.From)-p.From, c.End-p.From
		out = append(out, c)
	}
	return out
}

// cutter makes the cues of one utterance.
type cutter struct {
	speaker string
	prefix  []string // words before those of each cue
	now     []listen.Word
	cues    []Cue
}

// cut puts as many words into each cue as fit.
func (c *cutter) cut(u listen.Utterance) []Cue {
	for _, w := range u.Shown() {
		for _, piece := range pieces(w) {
			if n := len(c.now); n > 0 && (!c.fits(piece) || seconds(piece.Start-c.now[n-1].End) > pause) {
				c.end()
			}
			c.now = append(c.now, piece)
		}
	}
	c.end()
	return c.cues
}

func (c *cutter) end() {
	if len(c.now) == 0 {
		return
	}
	start, end := seconds(c.now[0].Start), seconds(c.now[len(c.now)-1].End)
	end = min(max(end, start+time.Millisecond), start+MaxTime)
	c.cues = append(c.cues, Cue{Start: start, End: end, Speaker: c.speaker, Lines: c.wrap(c.now)})
	c.now = nil
}

func (c *cutter) fits(more listen.Word) bool {
	words := append(slices.Clip(c.now), more)
	return len(c.wrap(words)) <= MaxLines && seconds(more.End-words[0].Start) <= MaxTime
}

func (c *cutter) wrap(words []listen.Word) []string {
	texts := slices.Clip(c.prefix)
	for _, w := range words {
		texts = append(texts, w.Text)
	}
	return wrap(texts)
}

// wrap fills lines with words; none of them is longer than a line.
func wrap(words []string) []string {
	var lines []string
	length := 0
	for _, w := range words {
		n := width(w)
		if len(lines) > 0 && length+1+n <= MaxLine {
			lines[len(lines)-1] += " " + w
			length += 1 + n
			continue
		}
		lines = append(lines, w)
		length = n
	}
	return lines
}

// arrow stands between the times of a cue, and nowhere else.
const arrow = "-->"

// pieces breaks a word that is longer than a line.
func pieces(w listen.Word) []listen.Word {
	text := []rune(strings.ReplaceAll(strings.Join(strings.Fields(w.Text), " "), arrow, "→"))
	if len(text) <= MaxLine {
		w.Text = string(text)
		return []listen.Word{w}
	}
	var out []listen.Word
	for part := range slices.Chunk(text, MaxLine) {
		out = append(out, listen.Word{Text: string(part), Start: w.Start, End: w.End})
	}
	return out
}

// seconds rounds to the millisecond, which is what both formats hold.
func seconds(s float64) time.Duration {
	return max(0, time.Duration(s*float64(time.Second)).Round(time.Millisecond))
}

func title(speaker string) string {
	if speaker == "" {
		return ""
	}
	return strings.ToUpper(speaker[:1]) + speaker[1:]
}

// WriteSRT writes SubRip. Where there are two parties each cue begins with who
// speaks. A transcript without words is an empty file, which is valid.
func WriteSRT(w io.Writer, t listen.Transcript) error { return Part{}.WriteSRT(w, t) }

// WriteVTT writes WebVTT with a voice tag for each party.
func WriteVTT(w io.Writer, t listen.Transcript) error { return Part{}.WriteVTT(w, t) }

// WriteSRT writes SubRip of a part alone, for a clip of it.
func (p Part) WriteSRT(w io.Writer, t listen.Transcript) error {
	return write(w, p.of(Cues(t, true)), "", func(s *astisub.Subtitles) error {
		var b bytes.Buffer
		err := s.WriteToSRT(&b)
		if err != nil {
			return err
		}
		// The library escapes as HTML does; players show SubRip as it stands.
		_, err = io.WriteString(w, html.UnescapeString(b.String()))
		return err
	})
}

// WriteVTT writes WebVTT of a part alone, for a clip of it.
func (p Part) WriteVTT(w io.Writer, t listen.Transcript) error {
	return write(w, p.of(Cues(t, false)), "WEBVTT\n", func(s *astisub.Subtitles) error { return s.WriteToWebVTT(w) })
}

// fromRight marks a line as one that is read from the right: a player looks at
// its first letter, which may be of a name or of who speaks.
const fromRight = "\u200f"

// directed marks a line most of which is read from the right.
func (c *Cue) directed(line string) string {
	right, left := 0, 0
	for _, r := range strings.TrimPrefix(line, c.Speaker+":") {
		switch {
		case unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko):
			right++
		case unicode.IsLetter(r):
			left++
		}
	}
	if right > left {
		return fromRight + line
	}
	return line
}

// write hands the cues over; empty is a file without any.
func write(w io.Writer, cues []Cue, empty string, to func(*astisub.Subtitles) error) error {
	subs := astisub.NewSubtitles()
	for _, c := range cues {
		item := &astisub.Item{StartAt: c.Start, EndAt: c.End}
		for _, text := range c.Lines {
			// SubRip ignores the voice.
			item.Lines = append(item.Lines, astisub.Line{VoiceName: c.Speaker, Items: []astisub.LineItem{{Text: c.directed(text)}}})
		}
		subs.Items = append(subs.Items, item)
	}
	err := to(subs)
	if errors.Is(err, astisub.ErrNoSubtitlesToWrite) {
		_, err = io.WriteString(w, empty)
	}
	if err != nil {
		return fmt.Errorf("write subtitles: %w", err)
	}
	return nil
}
