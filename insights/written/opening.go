package written

// opened decides behind the words that only open a sentence.
func (s *scan) opened(st *sentence, k, last, at int) (mark byte, sure bool) {
	switch {
	case s.has(at, glued):
		return 0, true
	case s.thanked(last) && s.startOfThanks(st, last):
		return s.afterThanks(last, at), true
	case !s.onlyOpened(st, k), s.has(last, joiner) && !s.is(last, "so"):
		return 0, false
	case s.has(at, filler), s.has(last, filler|address):
		return ',', true
	case s.bound(last, at):
		return 0, true
	case s.has(last, opener|greeting), s.greets(last):
		return ',', true
	}
	return 0, false
}

// greets tells "hello there" from "hello there are two".
func (s *scan) greets(at int) bool {
	return s.is(at, "there") && s.has(at-1, greeting) && !s.has(at+1, auxiliary)
}

// onlyOpened tells whether nothing but openers and fillers stands before a
// token of the sentence.
func (s *scan) onlyOpened(st *sentence, k int) bool {
	for i := st.first; i < k; i++ {
		at := s.tokens[i].from
		if !s.has(at, opener|filler|greeting|joiner|address) && !s.oneOf(at, "also please") && !s.greets(at) {
			return false
		}
	}
	return true
}

// bound tells whether an opener belongs to the word behind it: "no problem",
// "right now", "so i", "hi maria".
func (s *scan) bound(last, at int) bool {
	const fresh = opener | clause | subject | pointer | imperative | address | determiner
	switch s.word(last).text {
	case "so", "ok", "okay":
		return s.is(last, "so") || s.is(at, "and")
	case "no":
		return !s.has(at, fresh) && !s.oneOf(at, "nothing thank")
	case "right":
		return s.has(at, adverb) || s.oneOf(at, "away here there")
	case "sorry", "sure", "correct", "fine":
		return s.has(at, preposition|governs)
	case "oh":
		return s.has(at, opener) || s.oneOf(at, "wow wait my")
	}
	if s.has(last, greeting) {
		return s.callsSomebody(at)
	}
	return s.has(last, opener) && s.completes(at)
}

// completes tells whether a word goes on with an opener: "well done", "great
// for me", "exactly what i want".
func (s *scan) completes(at int) bool {
	return s.oneOf(at, "for done not") || s.is(at, "what") && !s.asksFirst(at)
}

// callsSomebody tells whether a greeting goes on: "hi maria", "hello there".
func (s *scan) callsSomebody(at int) bool {
	next := s.word(at)
	return next.is&title != 0 || properOf(next.text) != next.text || s.greets(at) || next.text == "for"
}

// thanked tells whether "thank you" or "thanks" ends at a word.
func (s *scan) thanked(last int) bool {
	return s.is(last, "thanks") || s.is(last, "you") && s.is(last-1, "thank") ||
		s.is(last, "much") && s.oneOf(last-1, "so very")
}

// startOfThanks tells whether the thanks begin the sentence.
func (s *scan) startOfThanks(st *sentence, last int) bool {
	for p := s.tokens[st.first].from; p <= last; p++ {
		if s.oneOf(p, "thank thanks") {
			return true
		}
		if !s.has(p, opener|filler|greeting) {
			return false
		}
	}
	return false
}

// afterThanks decides behind "thank you".
func (s *scan) afterThanks(last, at int) byte {
	const begins = subject | clause | pointer | auxiliary | question | determiner | opener | imperative
	next := s.word(at)
	switch {
	case next.text == "and" && s.asksFirst(at+1):
		return ','
	case next.is&preposition != 0, s.oneOf(at, "very again a and anyway"), next.text == "so" && s.oneOf(at+1, "much very"):
		return 0
	case s.oneOf(at, "goodbye bye"):
		return '.'
	case next.is&(title|address|filler|greeting) != 0, properOf(next.text) != next.text:
		return ','
	case next.is&begins != 0, s.word(last).gap >= pause:
		return '.'
	}
	return ','
}

// apart decides about words that stand apart from the sentence.
func (s *scan) apart(st *sentence, last, at int) byte {
	switch {
	case s.has(at, address):
		return ','
	case s.has(last, address) && s.startsAt(at):
		return '.'
	case s.is(at, "thank") && s.is(at+1, "you"), s.is(at, "thanks"):
		return s.beforeThanks(st, last, at)
	case s.oneOf(at, "bye goodbye"):
		if s.has(last, joiner|greeting|preposition) || s.oneOf(last, "good say") {
			return 0
		}
		return '.'
	}
	return 0
}

// beforeThanks decides before "thank you" in the middle.
func (s *scan) beforeThanks(st *sentence, last, at int) byte {
	const open = subject | auxiliary | determiner | preposition | adverb | joiner
	switch {
	case s.has(last, open) && !s.has(last, ender), s.oneOf(last, "no say many"):
		return 0
	case st.verb && (s.is(at, "thank") || at+1 < len(s.words)):
		return '.'
	}
	return ','
}
