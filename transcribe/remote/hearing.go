package remote

import (
	"slices"
	"strconv"
	"time"

	"heed/transcribe"
)

const (
	// maxStretches and maxWords bound what one session can make us keep.
	maxStretches = 256
	maxWords     = 5000
	// straggler is how long a stretch may hold up finals of later ones.
	straggler = 3 * time.Second
	// missing is how long a number that was skipped is waited for.
	missing = time.Second
	// perLetter is the time for one letter where the service gives no times:
	// about 15 letters a second.
	perLetter = 65 * time.Millisecond
)

// stretch is one utterance as a service tells it. Times are positions.
type stretch struct {
	key      string
	settled  []transcribe.Word // appended pieces, or the final's words
	tail     []transcribe.Word // what the latest partial says after them
	closed   bool
	closedAt time.Time
	since    time.Time     // when it was first heard of
	timed    bool          // the service gave the times, and knows them
	end      time.Duration // as far as the service has heard; 0 = unknown
}

// words are all of the stretch as known now.
func (s *stretch) words() []transcribe.Word {
	return append(slices.Clone(s.settled), s.tail...)
}

// hearing is what one session said, oldest stretch first. It knows nothing
// of other sessions.
type hearing struct {
	origin    time.Duration // position of the session's first sample
	head      time.Duration // position up to which audio was sent
	numbered  bool
	number    int  // the next key when numbered
	closed    int  // stretches so far
	partials  bool // some have come
	stretches []*stretch
	over      map[string]bool // keys that were closed
	lastEnd   time.Duration   // end of the latest closed stretch
	lastText  string          // and its text
	lastHead  time.Duration   // and the head when it closed
	ahead     bool            // audio is sent much faster than it was spoken
	reach     time.Duration   // position up to which any result tells of audio
}

// take sorts one result in.
func (h *hearing) take(r Result, now time.Time) error {
	words, timed := h.place(r)
	h.extend(r, words, timed)
	timed = timed && !r.Estimated
	if r.Key != "" && h.over[r.Key] {
		return nil // a final that came twice, or a straggling partial
	}
	if r.Key == "" && h.doubled(r, words, timed) {
		return nil
	}
	s := h.find(r.Key, now)
	if s == nil {
		return ErrFlood
	}
	h.partials = h.partials || !r.Final && len(words) > 0
	s.timed = s.timed || timed
	if r.End > 0 {
		s.end = max(s.end, h.clamp(r.End))
	}
	if timed {
		words = s.news(r, words)
	}
	return h.apply(s, r, words, now)
}

// extend notes how far the service has heard. Text of which nobody knows when
// it was spoken stands for all that was sent.
func (h *hearing) extend(r Result, words []transcribe.Word, timed bool) {
	if r.End > 0 {
		h.reach = max(h.reach, h.clamp(r.End))
	}
	switch n := len(words); {
	case n == 0:
	case timed:
		h.reach = max(h.reach, words[n-1].End)
	default:
		h.reach = h.head
	}
}

// news drops the words that an Append result repeats of earlier ones.
func (s *stretch) news(r Result, words []transcribe.Word) []transcribe.Word {
	n := len(s.settled)
	for r.Append && len(words) > 0 && n > 0 && words[0].End <= s.settled[n-1].End {
		words = words[1:]
	}
	return words
}

// apply changes a stretch by one result whose words are in place.
func (h *hearing) apply(s *stretch, r Result, words []transcribe.Word, now time.Time) error {
	switch {
	case r.Append:
		s.settled = append(s.settled, words...)
		s.tail = nil
	case !r.Final:
		s.tail = words
	case len(words) > 0:
		s.settled, s.tail = words, nil
	case r.Key != "" && len(s.settled) == 0:
		// Nothing better will come: what was shown last stands.
		s.settled, s.tail = s.tail, nil
	}
	if len(s.settled)+len(s.tail) > maxWords {
		return ErrFlood
	}
	// An end without words does not close a stretch of which only a partial is
	// known: its pieces are still to come.
	s.closed = r.Final && (r.Key != "" || len(s.settled) > 0 || len(s.tail) == 0)
	if s.closed {
		h.close(s, now)
	}
	return nil
}

// close notes that a stretch is over, and opens the next one with what came
// of it already.
func (h *hearing) close(s *stretch, now time.Time) {
	s.closedAt = now
	h.closed++
	h.lastHead = h.head
	if n := len(s.settled); n > 0 {
		h.lastEnd = max(h.lastEnd, s.settled[n-1].End)
		h.lastText = join(s.settled)
	}
	if s.key != "" {
		if h.over == nil {
			h.over = map[string]bool{}
		}
		h.over[s.key] = true
		s.tail = nil
		return
	}
	if len(s.tail) > 0 {
		h.stretches = append(h.stretches, &stretch{tail: s.tail, timed: s.timed, since: now})
		s.tail = nil
	}
}

// doubled recognises a final of the open stretch that came before.
func (h *hearing) doubled(r Result, words []transcribe.Word, timed bool) bool {
	if !r.Final && !r.Append || len(words) == 0 || h.lastText == "" {
		return false
	}
	if timed {
		return words[len(words)-1].End <= h.lastEnd
	}
	if !r.Final || join(words) != h.lastText {
		return false
	}
	// Somebody may say the same again. Then partials announce it, from a
	// service that has any, and it takes time.
	return h.partials && len(h.stretches) == 0 || h.head-h.lastHead < 300*time.Millisecond
}

// find gives the stretch of a key, and makes it when it is new; nil when
// there are too many. Numbered ones are kept in the order of their numbers.
func (h *hearing) find(key string, now time.Time) *stretch {
	for _, s := range h.stretches {
		if s.key == key && !s.closed {
			return s
		}
	}
	if len(h.stretches) >= maxStretches {
		return nil
	}
	s := &stretch{key: key, since: now}
	h.stretches = append(h.stretches, s)
	if h.numbered {
		slices.SortStableFunc(h.stretches, func(a, b *stretch) int { return number(a.key) - number(b.key) })
	}
	return s
}

// number reads a numbered key; what is no number goes last.
func number(key string) int {
	n, err := strconv.Atoi(key)
	if err != nil || n < 0 {
		return 1 << 30
	}
	return min(n, 1<<30)
}

// ready takes out the first stretch when it can be said: it is closed, or
// it has held up a later one for too long, or the session is over.
func (h *hearing) ready(over bool, now time.Time) *stretch {
	if len(h.stretches) == 0 {
		return nil
	}
	s := h.stretches[0]
	if !over && (!s.closed && !h.stuck(now) || h.awaits(s, now)) {
		return nil
	}
	if !s.closed {
		s.closed, s.settled, s.tail = true, s.words(), nil
		h.close(s, now)
	}
	h.stretches = h.stretches[1:]
	if h.numbered {
		h.number = max(h.number, number(s.key)+1)
	}
	return s
}

// stuck tells whether a closed stretch has waited for the first too long.
func (h *hearing) stuck(now time.Time) bool {
	for _, s := range h.stretches[1:] {
		if s.closed && now.Sub(s.closedAt) >= straggler {
			return true
		}
	}
	return false
}

// awaits tells whether a number before the stretch's may still come.
func (h *hearing) awaits(s *stretch, now time.Time) bool {
	return h.numbered && number(s.key) > h.number && now.Sub(s.since) < missing
}

// open gives the stretch that is being spoken; nil when there is none or an
// earlier one is missing.
func (h *hearing) open() *stretch {
	if len(h.stretches) == 0 || h.stretches[0].closed || h.numbered && number(h.stretches[0].key) > h.number {
		return nil
	}
	return h.stretches[0]
}

// place gives a result's words in plain form and positions, and whether the
// service gave the times.
func (h *hearing) place(r Result) ([]transcribe.Word, bool) {
	if out := h.placed(r); len(out) > 0 {
		return out, true
	}
	if len(r.Words) > 0 {
		r.Text = join(r.Words)
	}
	texts := plain(r.Text)
	if len(texts) == 0 {
		return nil, r.End > 0
	}
	if r.End > r.Start {
		return spread(texts, h.clamp(r.Start), h.clamp(r.End), probability(r.Confidence, 0)), true
	}
	from, to := h.guess(time.Duration(letters(texts)) * perLetter)
	return spread(texts, from, to, probability(r.Confidence, 0)), false
}

// placed gives the words that have times of their own; none when no word has.
func (h *hearing) placed(r Result) []transcribe.Word {
	if !slices.ContainsFunc(r.Words, func(w transcribe.Word) bool { return w.End > 0 }) {
		return nil
	}
	var out []transcribe.Word
	for _, w := range r.Words {
		start := h.clamp(w.Start)
		out = append(out, spread(plain(w.Text), start, max(start, h.clamp(w.End)), probability(w.Confidence, r.Confidence))...)
	}
	return ascend(out)
}

// guess places words of about a length of which the service gives no times:
// they ended just now when audio goes out as it is spoken, and follow the
// last ones when it is far ahead. A tenth of what lies behind the last ones
// is left for words to come.
func (h *hearing) guess(length time.Duration) (from, to time.Duration) {
	from = max(h.lastEnd, h.origin)
	to = from + (h.head-from)/10*9
	if h.ahead {
		return from, min(to, from+length)
	}
	return max(from, to-length), to
}

// ascend repairs times that go back; services round them.
func ascend(words []transcribe.Word) []transcribe.Word {
	var before time.Duration
	for i := range words {
		words[i].Start = max(words[i].Start, before)
		words[i].End = max(words[i].End, words[i].Start)
		before = words[i].End
	}
	return words
}

// clamp makes a position of a session time; nobody can have heard what was
// not sent.
func (h *hearing) clamp(d time.Duration) time.Duration {
	return min(h.origin+min(max(0, d), h.head), h.head)
}

// probability keeps a confidence within 0..1; a word without one takes the
// stretch's, and one that nobody gave counts as half.
func probability(word, whole float64) float64 {
	for _, p := range [2]float64{word, whole} {
		if p > 0 {
			return min(p, 1)
		}
	}
	return 0.5
}
