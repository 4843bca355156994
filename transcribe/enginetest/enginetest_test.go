package enginetest

import (
	"strings"
	"testing"
	"time"

	"heed/transcribe"
)

// at builds a final of one word.
func at(id int, start, end time.Duration, text string) transcribe.Segment {
	s := transcribe.Segment{ID: id, Final: true, Text: text, Start: start, End: end, Confidence: 0.5}
	for w := range strings.FieldsSeq(text) {
		s.Words = append(s.Words, transcribe.Word{Text: w, Start: start, End: start, Confidence: 1})
	}
	return s
}

func TestCheckNamesEveryBreach(t *testing.T) {
	frames := []transcribe.Frame{{PCM: make([]int16, 80000), Rate: 8000}} // ten seconds
	change := func(f func(*transcribe.Segment)) transcribe.Segment {
		s := at(1, time.Second, 2*time.Second, "one two")
		f(&s)
		return s
	}
	partial := transcribe.Segment{ID: 1, Text: "one", Start: time.Second, End: time.Second}
	good := at(1, time.Second, 2*time.Second, "one two")
	for _, c := range []struct {
		name string
		in   []transcribe.Segment
		want string // part of the only problem; empty for none
	}{
		{"good", []transcribe.Segment{partial, good, at(2, 2*time.Second, 3*time.Second, "three")}, ""},
		{"nothing", nil, ""},
		{"ids from zero", []transcribe.Segment{change(func(s *transcribe.Segment) { s.ID = 0 })}, "want 1"},
		{"partial after its final", []transcribe.Segment{good, {ID: 1, Text: "x", Start: 2 * time.Second, End: 2 * time.Second, Final: false}, at(2, 2*time.Second, 3*time.Second, "y")}, "want 2"},
		{"left open", []transcribe.Segment{partial}, "no final"},
		{"empty final", []transcribe.Segment{change(func(s *transcribe.Segment) { s.Text, s.Words = "", nil })}, "without text"},
		{"capitals", []transcribe.Segment{at(1, 0, time.Second, "One")}, "lower case"},
		{"double space", []transcribe.Segment{change(func(s *transcribe.Segment) {
			s.Text, s.Words = "a  b", at(1, s.Start, s.End, "a").Words
			s.Words[0].Text = "a  b"
		})}, "single spaces"},
		{"not a number", []transcribe.Segment{change(func(s *transcribe.Segment) { s.Confidence = nan() })}, "not in 0..1"},
		{"no length", []transcribe.Segment{at(1, time.Second, time.Second, "one")}, "ends at"},
		{"after the audio", []transcribe.Segment{at(1, time.Second, 11*time.Second, "one")}, "outside the audio"},
		{"overlap", []transcribe.Segment{good, at(2, time.Second+time.Millisecond, 3*time.Second, "three")}, "before the previous"},
		{"word outside", []transcribe.Segment{change(func(s *transcribe.Segment) { s.Words[1].End = 3 * time.Second })}, "outside"},
		{"word unsure of itself", []transcribe.Segment{change(func(s *transcribe.Segment) { s.Words[0].Confidence = 2 })}, "not in 0..1"},
		{"other words", []transcribe.Segment{change(func(s *transcribe.Segment) { s.Words = s.Words[:1] })}, "words say"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Check(c.in, frames)
			if c.want == "" && len(got) > 0 {
				t.Errorf("problems %q, want none", got)
			}
			if c.want != "" && (len(got) != 1 || !strings.Contains(got[0], c.want)) {
				t.Errorf("problems %q, want one with %q", got, c.want)
			}
		})
	}
}

// nan is not a constant, so that vet does not see through it.
func nan() float64 { z := 0.0; return z / z }

func TestRecallCountsWordsInOrder(t *testing.T) {
	for _, c := range []struct {
		want, got string
		share     float64
	}{
		{"", "anything", 1},
		{"a b c d", "a b c d", 1},
		{"a b c d", "x a y b c", 0.75},
		{"a b", "b a", 0.5},
		{"a b", "", 0},
		{"a a", "a", 0.5},
	} {
		if got := recall(strings.Fields(c.want), strings.Fields(c.got)); got != c.share {
			t.Errorf("recall(%q, %q) = %v, want %v", c.want, c.got, got, c.share)
		}
	}
}

func TestSampleIsWhole(t *testing.T) {
	s := Speech(t)
	if s.Rate != 8000 || len(s.Sentences) != 2 || len(s.words()) != 20 {
		t.Fatalf("sample: %d Hz, %d sentences, %d words", s.Rate, len(s.Sentences), len(s.words()))
	}
	if end := s.Sentences[1].End.Seconds(); end >= float64(len(s.PCM))/8000 {
		t.Errorf("the last sentence ends at %v, after the audio", end)
	}
	n := 0
	for _, f := range s.frames(time.Hour, time.Microsecond, 33*time.Millisecond) {
		if want := time.Hour + time.Duration(n)*time.Second/8000; f.At != want {
			t.Fatalf("frame at %v, want %v", f.At, want)
		}
		n += len(f.PCM)
	}
	if n != len(s.PCM) {
		t.Errorf("frames hold %d samples of %d", n, len(s.PCM))
	}
	if got := len(Script(t)); got != 6 {
		t.Errorf("script has %d lines, want both sentences at three times", got)
	}
}
