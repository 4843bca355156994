package sherpa

import (
	"slices"
	"strings"
	"time"

	"heed/transcribe"
)

// shortest is the least length of a word: a model under way gives the last
// word's beginning before the audio of its end has come.
const shortest = time.Millisecond

// A final ends a little after its last word when silence follows: whoever
// sends audio again from there on must not send the end of that word.
const (
	afterglow = 200 * time.Millisecond
	distance  = 300 * time.Millisecond // kept from the audio that comes next
)

// stretch is the speech between two endpoints, as it is heard.
type stretch struct {
	id    int               // from 1
	last  []transcribe.Word // of its latest partial; nil before one
	said  string            // its text
	ended time.Duration     // of the final before
	spots []transcribe.Spot // heard so far
}

// update takes the model's latest guess and says whether there is a segment
// to emit. A stretch that had a partial gets a final even if the model has
// changed its mind and hears nothing any more: it then keeps the partial.
func (s *stretch) update(words []transcribe.Word, c clock, final bool) (transcribe.Segment, bool) {
	words = s.within(words, c)
	if len(words) == 0 {
		if words = s.last; !final || words == nil {
			if final {
				s.spots = nil
			}
			return transcribe.Segment{}, false
		}
	}
	seg := segment(s.id, words, final)
	if final {
		seg.End += min(max(c.next-distance-seg.End, 0), afterglow)
		s.attach(&seg, c)
		*s = stretch{id: s.id + 1, ended: seg.End}
		return seg, true
	}
	changed := seg.Text != s.said
	s.said, s.last = seg.Text, words
	seg.Words = slices.Clone(words)
	return seg, changed
}

// attach gives the final what was spotted in its stretch, which then reaches
// over it: words that were not understood were speech all the same. Spots of a
// stretch without any words are dropped, because a final must have words and
// hints put none into anybody's mouth.
func (s *stretch) attach(final *transcribe.Segment, c clock) {
	from := max(s.ended, c.start)
	for _, spot := range s.spots {
		spot.Start = min(max(spot.Start, from), c.next)
		spot.End = min(max(spot.End, spot.Start), c.next)
		spot.Confidence = max(spot.Confidence, probabilityOf(strings.Fields(spot.Phrase), around(final.Words, spot)))
		final.Start = min(final.Start, spot.Start)
		final.End = max(final.End, spot.End)
		final.Spots = append(final.Spots, spot)
	}
}

// around gives the words around a spot: where the transcript has the phrase too,
// its confidence counts.
func around(words []transcribe.Word, spot transcribe.Spot) []transcribe.Word {
	from := slices.IndexFunc(words, func(w transcribe.Word) bool { return w.End > spot.Start-distance })
	to := slices.IndexFunc(words, func(w transcribe.Word) bool { return w.Start > spot.End+distance })
	if from < 0 {
		return nil
	}
	if to < 0 {
		to = len(words)
	}
	return words[from:max(from, to)]
}

// within keeps words inside the audio that was really sent and behind the
// final before, in order. Where there is no such audio nothing was said.
func (s *stretch) within(words []transcribe.Word, c clock) []transcribe.Word {
	from := max(s.ended, c.start)
	if c.next-from < shortest {
		return nil
	}
	for i := range words {
		w := &words[i]
		w.Start = max(min(max(w.Start, from), c.next-shortest), from)
		w.End = max(min(w.End, c.next), w.Start)
		from = w.End
	}
	// The last one must have a length, for the segment to have one.
	if n := len(words); n > 0 && words[n-1].End <= words[0].Start {
		words[n-1].End = words[0].Start + shortest
	}
	return words
}
