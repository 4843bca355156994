package remote

import (
	"slices"
	"strings"
	"time"

	"heed/transcribe"
)

// echo is how far the times of one word may differ between two sessions that
// heard the same audio.
const echo = 120 * time.Millisecond

// late is how much later than spoken words may be put whose times are
// estimated.
const late = 2 * time.Second

// remembered is how many emitted words are kept to recognise doubles.
const remembered = 64

// speaker makes the segments of a call from words in the order of time.
type speaker struct {
	tape *tape
	emit func(transcribe.Segment) error

	finals  int
	said    []transcribe.Word  // the latest words of finals, in positions
	upto    time.Duration      // position of the end of the latest final
	clock   time.Duration      // and its stream time
	partial transcribe.Segment // the open stretch as shown; Text empty = nothing
}

// fresh drops the words that an earlier session has said: those that share
// most of their time with one, and the same word at nearly the same time.
func (s *speaker) fresh(words []transcribe.Word) []transcribe.Word {
	var out []transcribe.Word
	for _, w := range words {
		if !s.covered(w) {
			out = append(out, w)
		}
	}
	return out
}

// covered tells whether w was said already.
func (s *speaker) covered(w transcribe.Word) bool {
	for i := len(s.said) - 1; i >= 0 && s.said[i].End+echo > w.Start; i-- {
		old := s.said[i]
		shared := min(old.End, w.End) - max(old.Start, w.Start)
		if shared > 0 && 2*shared > w.End-w.Start {
			return true
		}
		if old.Text == w.Text && distance(middle(old), middle(w)) < echo {
			return true
		}
	}
	return false
}

// spoke tells whether there was any final.
func (s *speaker) spoke() bool { return s.finals > 0 }

// told is the position up to which anything was said or known to be quiet.
func (s *speaker) told() time.Duration {
	if n := len(s.said); n > 0 {
		return max(s.upto, s.said[n-1].End)
	}
	return s.upto
}

// echoes are the words said so far that a session which begins at a position
// may say again.
func (s *speaker) echoes(origin time.Duration) []transcribe.Word {
	for i, w := range s.said {
		if w.End > origin-time.Second {
			return slices.Clone(s.said[i:])
		}
	}
	return nil
}

// unrepeated drops the words at the beginning of a session's stretch that are
// echoes, for services that do not know times, and gives the echoes that may
// come in later stretches. The word at the edge of either session may have
// been cut and misheard, so one may differ where two others agree.
func unrepeated(words, echoes []transcribe.Word) (fresh, later []transcribe.Word) {
	if len(words) == 0 {
		return nil, echoes
	}
	for n := min(len(words), len(echoes)); n > 0; n-- {
		for odd := 0; odd < 4 && (n > 1 || odd == 0); odd++ {
			head, tail := odd&1, len(echoes)-odd>>1
			if head+n > len(words) {
				continue
			}
			again := join(words[head : head+n])
			for i := 0; head+n == len(words) && i+n <= len(echoes); i++ {
				if join(echoes[i:i+n]) == again {
					return nil, echoes[i+n:]
				}
			}
			if tail >= n && join(echoes[tail-n:tail]) == again {
				return words[head+n:], nil
			}
		}
	}
	return words, nil
}

// middle is the position of a word's middle.
func middle(w transcribe.Word) time.Duration { return w.Start + (w.End-w.Start)/2 }

// distance is the absolute difference.
func distance(a, b time.Duration) time.Duration { return max(a-b, b-a) }

// hint shows the open stretch.
func (s *speaker) hint(words []transcribe.Word) error {
	if len(words) == 0 {
		return nil
	}
	s.partial = s.segment(words, false)
	return s.emit(s.partial)
}

// say emits a final.
// vague words are not known to have ended before their End less late.
func (s *speaker) say(words []transcribe.Word, vague bool) error {
	if len(words) == 0 {
		return nil
	}
	seg := s.segment(words, true)
	s.remember(words, vague)
	s.finals++
	s.clock = seg.End
	s.partial = transcribe.Segment{}
	return s.emit(seg)
}

// remember keeps the words of a final.
func (s *speaker) remember(words []transcribe.Word, vague bool) {
	s.said = append(s.said, words...)
	if n := len(s.said) - remembered; n > 0 {
		s.said = append(s.said[:0], s.said[n:]...)
	}
	for _, w := range words {
		if vague {
			w.End -= late
		}
		s.upto = max(s.upto, w.End)
	}
}

// settle makes a final of a partial that the service took back without
// anything in its place, at the end of the call: what was shown stands.
func (s *speaker) settle() error {
	seg := s.partial
	if seg.Text == "" {
		return nil
	}
	s.partial = transcribe.Segment{}
	seg.Final = true
	if seg.End <= seg.Start {
		s.widen(&seg)
	}
	s.finals++
	return s.emit(seg)
}

// segment gives words their stream time, after the latest final and inside
// the audio.
func (s *speaker) segment(words []transcribe.Word, last bool) transcribe.Segment {
	seg := transcribe.Segment{ID: s.finals + 1, Final: last, Words: make([]transcribe.Word, len(words))}
	before, sum, limit := s.clock, 0.0, s.tape.last
	if last {
		limit -= s.reserve()
	}
	for i, w := range words {
		w.Start = min(max(s.tape.stream(w.Start), before), limit)
		w.End = min(max(s.tape.stream(w.End), w.Start), limit)
		before = w.End
		sum += w.Confidence
		seg.Words[i] = w
	}
	n := len(words)
	seg.Text = join(words)
	seg.Confidence = sum / float64(n)
	seg.Start, seg.End = seg.Words[0].Start, before
	if last && seg.End == seg.Start {
		s.widen(&seg)
	}
	return seg
}

// least is the length of a final whose words all fell on one instant.
const least = time.Millisecond

// reserve is what a final leaves of the audio for those that may follow it:
// a millisecond, and less and less at the very end.
func (s *speaker) reserve() time.Duration { return min(least, (s.tape.last-s.clock)/2) }

// widen gives such a final some length, after the instant or before it.
func (s *speaker) widen(seg *transcribe.Segment) {
	seg.End = max(min(seg.End+least, s.tape.last-s.reserve()), seg.End)
	if seg.End == seg.Start {
		seg.Start = max(s.clock, seg.Start-least)
	}
	seg.Words[len(seg.Words)-1].End = seg.End
	seg.Words[0].Start = seg.Start
}

// join gives the text of words.
func join(words []transcribe.Word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	return strings.Join(texts, " ")
}
