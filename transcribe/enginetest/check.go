package enginetest

import (
	"fmt"
	"strings"
	"sync/atomic"

	"heed/transcribe"
)

// recorder keeps what an engine emits and notices calls from two goroutines.
type recorder struct {
	segments []transcribe.Segment
	problems []string
	busy     atomic.Bool
}

// add is called from emit.
func (r *recorder) add(s transcribe.Segment) {
	if !r.busy.CompareAndSwap(false, true) {
		panic("enginetest: emit called from two goroutines at once")
	}
	defer r.busy.Store(false)
	s.Words = append([]transcribe.Word(nil), s.Words...)
	r.segments = append(r.segments, s)
}

// Check gives every way in which segments, in the order emitted, break the
// contract of transcribe.Segment, given the frames that they came from.
func Check(segments []transcribe.Segment, frames []transcribe.Frame) []string {
	c := checker{}
	for i, s := range segments {
		c.at = fmt.Sprintf("segment %d of %d (id %d, final %t, %q)", i+1, len(segments), s.ID, s.Final, s.Text)
		c.identity(s)
		c.text(s)
		c.times(s, frames)
		if s.Final {
			c.words(s)
			c.last = s
		}
	}
	if c.open {
		c.fail("the last stretch of speech has partials and no final")
	}
	return c.problems
}

// checker walks the segments in order.
type checker struct {
	at       string
	last     transcribe.Segment // the latest final; ID 0 before any
	open     bool               // partials came after it
	problems []string
}

// fail notes a problem with the present segment.
func (c *checker) fail(format string, args ...any) {
	c.problems = append(c.problems, c.at+": "+fmt.Sprintf(format, args...))
}

// identity: stretches are numbered from 1, one open at a time.
func (c *checker) identity(s transcribe.Segment) {
	if s.ID != c.last.ID+1 {
		c.fail("id %d after final %d, want %d", s.ID, c.last.ID, c.last.ID+1)
	}
	c.open = !s.Final
}

// text: lower case, single spaces, never empty in a final.
func (c *checker) text(s transcribe.Segment) {
	if s.Final && s.Text == "" {
		c.fail("final without text")
	}
	if s.Text != strings.ToLower(s.Text) {
		c.fail("text is not lower case")
	}
	if s.Text != strings.Join(strings.Fields(s.Text), " ") {
		c.fail("words are not parted by single spaces")
	}
	if !(s.Confidence >= 0 && s.Confidence <= 1) {
		c.fail("confidence %v is not in 0..1", s.Confidence)
	}
}

// times: inside the audio, finals in order and apart.
func (c *checker) times(s transcribe.Segment, frames []transcribe.Frame) {
	if s.End < s.Start || s.Final && s.End == s.Start {
		c.fail("ends at %v, starts at %v", s.End, s.Start)
	}
	if len(frames) > 0 && (s.Start < frames[0].At || s.End > frames[len(frames)-1].End()) {
		c.fail("%v to %v lies outside the audio, %v to %v", s.Start, s.End, frames[0].At, frames[len(frames)-1].End())
	}
	if c.last.ID > 0 && s.Start < c.last.End {
		c.fail("starts at %v, before the previous final's end %v", s.Start, c.last.End)
	}
}

// words: those of the text, in order, inside the segment.
func (c *checker) words(s transcribe.Segment) {
	texts, before := make([]string, len(s.Words)), s.Start
	for i, w := range s.Words {
		texts[i] = w.Text
		if w.Start < before || w.End < w.Start || w.End > s.End {
			c.fail("word %q at %v to %v: out of order or outside %v to %v", w.Text, w.Start, w.End, s.Start, s.End)
		}
		if !(w.Confidence >= 0 && w.Confidence <= 1) {
			c.fail("confidence %v of word %q is not in 0..1", w.Confidence, w.Text)
		}
		before = w.End
	}
	if joined := strings.Join(texts, " "); joined != s.Text {
		c.fail("words say %q", joined)
	}
}

// finals keeps the final segments.
func finals(segments []transcribe.Segment) []transcribe.Segment {
	var out []transcribe.Segment
	for _, s := range segments {
		if s.Final {
			out = append(out, s)
		}
	}
	return out
}

// words gives the words of all segments' texts.
func words(segments []transcribe.Segment) []string {
	var out []string
	for _, s := range segments {
		out = append(out, strings.Fields(s.Text)...)
	}
	return out
}

// recall is the share of want that is found in got in the same order: the
// longest common subsequence. It is 1 when nothing is wanted.
func recall(want, got []string) float64 {
	if len(want) == 0 {
		return 1
	}
	row := make([]int, len(got)+1)
	for _, w := range want {
		diagonal := 0
		for j, g := range got {
			above := row[j+1]
			row[j+1] = max(above, row[j])
			if w == g {
				row[j+1] = max(row[j+1], diagonal+1)
			}
			diagonal = above
		}
	}
	return float64(row[len(got)]) / float64(len(want))
}
