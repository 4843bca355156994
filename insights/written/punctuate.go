package written

import "heed/insights"

const (
	pause = insights.Seconds(0.35) // may end something
	rest  = insights.Seconds(0.8)  // ends something, unless the words go on
)

// sentence is what is known of a sentence while it is read.
type sentence struct {
	first int  // its first token
	body  int  // the first token behind what only opens it
	verb  bool // a finite verb was there
	asks  bool
	half  bool // began with "if": a second half is to come
}

// punctuate sets the marks behind the tokens and says which begin a sentence.
func (s *scan) punctuate() {
	if len(s.tokens) == 0 {
		return
	}
	st := s.begin(0)
	for k := 1; k < len(s.tokens); k++ {
		mark := s.between(&st, k)
		s.tokens[k-1].mark = mark
		switch mark {
		case '.':
			if st.asks {
				s.tokens[k-1].mark = '?'
			}
			st = s.begin(k)
		case ',':
			s.goOn(&st, k)
		default:
			s.take(&st, k)
		}
	}
	s.end(&st)
}

// begin starts a sentence at a token.
func (s *scan) begin(k int) sentence {
	s.tokens[k].begins = true
	st := sentence{first: k, body: k}
	s.enter(&st, k)
	return st
}

// enter starts the part of a sentence that says something.
func (s *scan) enter(st *sentence, k int) {
	at := s.tokens[k].from
	st.body = k
	if s.has(at, joiner) && s.asksFirst(at+1) {
		st.asks = true
	}
	st.asks = st.asks || s.asksFirst(at)
	s.take(st, k)
}

// goOn follows a comma.
func (s *scan) goOn(st *sentence, k int) {
	at := s.tokens[k].from
	if st.half && k-st.body >= 3 && !s.has(at, filler) {
		st.half = false
	}
	if !st.verb {
		s.enter(st, k)
		return
	}
	if s.has(at, joiner) {
		at++
	}
	if s.asksInside(at) {
		st.asks = true
	}
	s.take(st, k)
}

// take reads a token of the sentence.
func (s *scan) take(st *sentence, k int) {
	at := s.tokens[k].from
	if k > st.first && !st.verb && s.onlyOpened(st, k) && s.asksFirst(at) {
		st.asks = true
	}
	if s.tokens[k].n == 1 && s.has(at, auxiliary|finite|clause|imperative) || s.oneOf(at, "thank thanks") {
		st.verb = true
	}
	st.half = st.half || s.halves(st, k, at)
}

// halves tells whether "if" and its like begin a sentence or a part of it, so
// that a second half is to come.
func (s *scan) halves(st *sentence, k, at int) bool {
	return s.has(at, opening) && (k == st.body || s.has(at-1, joiner)) && !s.asksFirst(at)
}

// between gives the mark between the token before k and k: 0, ',' or '.' for
// the end of a sentence.
func (s *scan) between(st *sentence, k int) byte {
	last, at := s.lastWord(k-1), s.tokens[k].from
	if mark, sure := s.opened(st, k, last, at); sure {
		return mark
	}
	if s.has(at, glued) {
		return 0
	}
	if s.has(at, filler) || s.has(last, filler) {
		return ','
	}
	if mark := s.apart(st, last, at); mark != 0 {
		return mark
	}
	if s.has(at, joiner) {
		return s.joined(st, k, last, at)
	}
	if s.startsSentence(st, k, last, at) {
		if st.half {
			return ','
		}
		return '.'
	}
	return s.paused(st, k, last, at)
}

// lastWord is the last word that a token stands for.
func (s *scan) lastWord(k int) int { return s.tokens[k].from + s.tokens[k].n - 1 }

// joined decides before "and", "but", "or" and "so".
func (s *scan) joined(st *sentence, k, last, at int) byte {
	long := k-st.body >= 3
	switch {
	case s.is(at, "so") && s.has(at+1, question) && s.asksInside(at+1) && s.canEnd(last):
		return ','
	case !long || !st.verb || !s.joins(last, at):
		return 0
	case s.oneOf(at, "but so") || s.asksInside(at+1):
		return s.heavier(last, at, ',')
	case k-st.body >= 9 || s.word(last).gap >= pause:
		return s.heavier(last, at, 0)
	}
	return 0
}

// heavier is the mark before a joiner by what follows it: a clause after a long
// silence is a sentence, another clause stands behind a comma, and anything else
// behind the mark given.
func (s *scan) heavier(last, at int, otherwise byte) byte {
	switch {
	case !s.startsAt(at + 1):
		return otherwise
	case s.word(last).gap >= rest:
		return '.'
	}
	return ','
}

// joins tells whether a clause can be joined on here.
func (s *scan) joins(last, at int) bool {
	return !s.has(last, joiner|preposition|determiner) && (!s.is(at, "so") || s.follows(last, at))
}

// follows tells the "so" of a consequence from that of "i think so" and "so
// that".
func (s *scan) follows(last, at int) bool {
	return !s.oneOf(last, "do think") && !s.is(at+1, "that") && !s.has(at+1, preposition|adverb) && s.startsAt(at+1)
}

// startsAt tells whether a clause can begin at a word.
func (s *scan) startsAt(at int) bool {
	w, next := s.word(at), s.word(at+1)
	switch {
	case w.is&clause != 0:
		return true
	case w.is&subject != 0:
		if next.is&adverb != 0 && w.text != "it" {
			next = s.word(at + 2)
		}
		return next.is&(auxiliary|finite) != 0 && (w.text != "you" || next.text != "know")
	case w.is&pointer != 0:
		return next.is&auxiliary != 0
	case w.is&determiner != 0:
		return s.nounStarts(at)
	case w.text == "one" && s.oneOf(at+1, "moment second"):
		return true
	}
	return s.asksInside(at)
}

// nounStarts tells whether a clause with a noun begins: "the price is", "my new
// phone was".
func (s *scan) nounStarts(at int) bool {
	const other = auxiliary | finite | preposition | joiner | subject | determiner | question
	if s.has(at-1, finite) || s.has(at+1, other) {
		return false
	}
	return s.has(at+2, auxiliary) || !s.has(at+2, other) && s.has(at+3, auxiliary)
}
