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
	if s.tokens[k].n == 1 && s.has(at, auxiliary|finite|clause|imperative) || s.is(at, "thank") || s.is(at, "thanks") {
		st.verb = true
	}
	if s.has(at, opening) && (k == st.body || s.has(at-1, joiner)) && !s.asksFirst(at) {
		st.half = true
	}
}

// onlyOpened tells whether nothing but openers and fillers stands before a
// token of the sentence.
func (s *scan) onlyOpened(st *sentence, k int) bool {
	for i := st.first; i < k; i++ {
		if at := s.tokens[i].from; s.is(at, "there") && s.has(at-1, greeting) && !s.has(at+1, auxiliary) {
			continue
		}
		if at := s.tokens[i].from; s.is(at, "also") || s.is(at, "please") {
			continue
		}
		if !s.has(s.tokens[i].from, opener|filler|greeting|joiner|address) {
			return false
		}
	}
	return true
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

// opened decides behind the words that only open a sentence.
func (s *scan) opened(st *sentence, k, last, at int) (mark byte, sure bool) {
	if s.has(at, glued) {
		return 0, true
	}
	if s.thanked(last) && s.startOfThanks(st, last) {
		return s.afterThanks(last, at)
	}
	if !s.onlyOpened(st, k) || s.has(last, joiner) && !s.is(last, "so") {
		return 0, false
	}
	if s.has(at, filler) || s.has(last, filler|address) {
		return ',', true
	}
	if s.bound(last, at) {
		return 0, true
	}
	if s.has(last, opener|greeting) || s.is(last, "there") && s.has(last-1, greeting) && !s.has(at, auxiliary) {
		return ',', true
	}
	return 0, false
}

// bound tells whether an opener belongs to the word behind it: "no problem",
// "right now", "so i", "hi maria".
func (s *scan) bound(last, at int) bool {
	next := s.word(at)
	switch s.word(last).text {
	case "no":
		return next.is&(opener|clause|subject|pointer|imperative|address|determiner) == 0 && next.text != "nothing" && next.text != "thank" && next.text != "that" && next.text != "this"
	case "so":
		return true
	case "ok", "okay":
		return next.is&joiner != 0 && next.text == "and"
	case "there":
		return false
	case "right":
		return next.is&adverb != 0 || next.text == "away" || next.text == "here" || next.text == "there"
	case "sorry", "sure", "correct", "fine":
		return next.is&(preposition|governs)&^question != 0 && !s.has(at, subject|opener)
	case "well", "all", "great", "actually", "absolutely", "definitely", "perfect", "exactly", "certainly", "thanks", "excellent", "right,":
		return next.text == "for" || next.text == "done" || next.text == "not" || next.text == "what" && !s.asksFirst(at)
	case "hi", "hello", "hey", "bye", "goodbye":
		return properOf(next.text) != next.text || next.is&title != 0 || next.text == "there" && !s.has(at+1, auxiliary) || next.text == "for"
	case "oh":
		return next.is&opener != 0 || next.text == "wow" || next.text == "wait" || next.text == "my"
	}
	return false
}

// thanked tells whether "thank you" or "thanks" ends at a word.
func (s *scan) thanked(last int) bool {
	return s.is(last, "thanks") || s.is(last, "you") && s.is(last-1, "thank") ||
		s.is(last, "much") && (s.is(last-1, "so") || s.is(last-1, "very"))
}

// startOfThanks tells whether the thanks begin the sentence.
func (s *scan) startOfThanks(st *sentence, last int) bool {
	for p := s.tokens[st.first].from; p <= last; p++ {
		if s.is(p, "thank") || s.is(p, "thanks") {
			return true
		}
		if !s.has(p, opener|filler|greeting) {
			return false
		}
	}
	return false
}

func (s *scan) afterThanks(last, at int) (mark byte, sure bool) {
	next := s.word(at)
	switch {
	case next.text == "and" && s.asksFirst(at+1):
		return ',', true
	case next.is&preposition != 0 || next.text == "very" || next.text == "so" && (s.is(at+1, "much") || s.is(at+1, "very")) ||
		next.text == "again" || next.text == "a" || next.text == "and" || next.text == "anyway":
		return 0, true
	case next.text == "goodbye" || next.text == "bye":
		return '.', true
	case next.is&(title|address|filler|greeting) != 0 || properOf(next.text) != next.text:
		return ',', true
	case next.is&(subject|clause|pointer|auxiliary|question|determiner|opener|imperative) != 0 || s.word(last).gap >= pause:
		return '.', true
	}
	return ',', true
}

// apart decides about words that stand apart from the sentence.
func (s *scan) apart(st *sentence, last, at int) byte {
	switch {
	case s.has(at, address):
		return ','
	case s.has(last, address) && s.startsAt(at):
		return '.'
	case s.is(at, "thank") && s.is(at+1, "you") || s.is(at, "thanks"):
		if s.has(last, subject|auxiliary|determiner|preposition|adverb|joiner) && !s.has(last, ender) || s.is(last, "no") || s.is(last, "say") || s.is(last, "many") {
			return 0
		}
		if st.verb && (s.is(at, "thank") || at+1 < len(s.words)) {
			return '.'
		}
		return ','
	case s.is(at, "bye") || s.is(at, "goodbye"):
		if s.has(last, joiner|greeting|preposition) || s.is(last, "good") || s.is(last, "say") {
			return 0
		}
		return '.'
	}
	return 0
}

// joined decides before "and", "but", "or" and "so".
func (s *scan) joined(st *sentence, k, last, at int) byte {
	long := k-st.body >= 3
	if s.is(at, "so") && s.has(at+1, question) && s.asksInside(at+1) && s.canEnd(last) {
		return ','
	}
	switch {
	case s.has(last, joiner|preposition|determiner) || !st.verb:
		return 0
	case s.is(at, "so") && (s.is(last, "do") || s.is(last, "think") || s.is(at+1, "that") || s.has(at+1, preposition|adverb) || !s.startsAt(at+1)):
		return 0
	case s.word(last).gap >= rest && long && s.startsAt(at+1):
		return '.'
	case s.is(at, "but") && long:
		return ','
	case long && s.asksInside(at+1):
		return ','
	case s.is(at, "so") && long, long && (k-st.body >= 9 || s.word(last).gap >= pause) && (s.startsAt(at+1) || s.asksInside(at+1)):
		return ','
	}
	return 0
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
		return next.is&(auxiliary|finite) != 0 && !(w.text == "you" && next.text == "know")
	case w.is&pointer != 0:
		return next.is&auxiliary != 0
	case w.is&determiner != 0 && w.is&pointer == 0:
		const inside = auxiliary | finite | preposition | joiner | subject | determiner | question
		return !s.has(at-1, finite) && !s.has(at+1, inside) && (s.has(at+2, auxiliary) || !s.has(at+2, inside) && s.has(at+3, auxiliary))
	case w.text == "one" && (s.is(at+1, "moment") || s.is(at+1, "second")):
		return true
	}
	return s.asksInside(at)
}
