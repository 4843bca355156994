package sherpa

import (
	"slices"
	"time"

	"heed/transcribe"
)

// shortest is the least length of a word: a model under way gives the last
// word's beginning before the audio of its end has come.
const shortest = time.Millisecond

// stretch is the speech between two endpoints, as it is heard.
type stretch struct {
	id    int               // from 1
	last  []transcribe.Word // of its latest partial; nil before one
	said  string            // its text
	ended time.Duration     // of the final before
}

// update takes the model's latest guess and says whether there is a segment
// to emit. A stretch that had a partial gets a final even if the model has
// changed its mind and hears nothing any more: it then keeps the partial.
func (s *stretch) update(words []transcribe.Word, c clock, final bool) (transcribe.Segment, bool) {
	words = s.within(words, c)
	if len(words) == 0 {
		if words = s.last; !final || words == nil {
			return transcribe.Segment{}, false
		}
	}
	seg := segment(s.id, words, final)
	if final {
		*s = stretch{id: s.id + 1, ended: seg.End}
		return seg, true
	}
	changed := seg.Text != s.said
	s.said, s.last = seg.Text, words
	seg.Words = slices.Clone(words)
	return seg, changed
}

// within keeps words inside the audio that was really sent and behind the
// final before, in order.
func (s *stretch) within(words []transcribe.Word, c clock) []transcribe.Word {
	from := max(s.ended, c.start)
	for i := range words {
		w := &words[i]
		w.Start = min(max(w.Start, from), max(c.next-shortest, from))
		w.End = max(min(w.End, c.next), w.Start)
		from = w.End
	}
	// The last one must have a length, for the segment to have one.
	if n := len(words); n > 0 && words[n-1].End <= words[0].Start {
		words[n-1].End = words[0].Start + shortest
	}
	return words
}
