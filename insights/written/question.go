package written

// asksFirst tells whether a sentence that begins at a word is a question:
// "can you", "is the line", "what is", "how much data do i".
func (s *scan) asksFirst(at int) bool {
	w, next := s.word(at), s.word(at+1)
	switch {
	case w.is&auxiliary != 0:
		return s.inverted(at)
	case s.oneOf(at, "why what's where's who's how's"), w.text == "how" && s.oneOf(at+1, "much many long come"):
		return true
	case w.is&question == 0:
		return false
	case w.text == "when":
		return next.is&auxiliary != 0
	case s.oneOf(at, "what who") && next.is&finite != 0:
		return true
	}
	return s.asksWithin(at+1, 4)
}

// inverted tells whether a sentence that begins with an auxiliary asks: "have a
// nice day" and "do not wait" do not.
func (s *scan) inverted(at int) bool {
	switch {
	case s.oneOf(at, "have do had must might shall don't am"):
		return s.has(at+1, subject|pointer) || s.oneOf(at+1, "your my")
	case s.is(at, "may"):
		return s.has(at+1, subject|determiner)
	}
	return at+1 < len(s.words) && !s.has(at+1, auxiliary|preposition|adverb)
}

// asksInside tells whether a question begins at a word that stands in the
// middle: it takes more there, for "the light is the one" asks nothing.
func (s *scan) asksInside(at int) bool {
	switch {
	case s.has(at, auxiliary):
		if s.has(at+1, subject) {
			return !s.is(at, "am") || s.is(at+1, "i")
		}
		return s.oneOf(at, "is are was") && s.oneOf(at+1, "there that this")
	case !s.has(at, question):
		return false
	case s.oneOf(at, "what's how's where's"), s.oneOf(at, "what how") && s.is(at+1, "about"):
		return true
	case s.has(at+1, auxiliary):
		return s.has(at+2, subject|pointer|determiner)
	}
	return s.oneOf(at, "how what which") && s.asksWithin(at+1, 4)
}

// asksWithin looks for the verb of a question a few words on: "how much data
// do i", "what kind of phone is it".
func (s *scan) asksWithin(at, most int) bool {
	if s.has(at, auxiliary) || s.is(at, "about") {
		return true
	}
	for i := range most {
		if s.has(at+i, subject|clause|pointer) {
			return false
		}
		if s.has(at+i, auxiliary) && s.has(at+i+1, subject|determiner|pointer) {
			return true
		}
	}
	return false
}

// asksFreely tells a question of its own from one inside of a sentence: "i do
// not know what it is", "tell me when".
func (s *scan) asksFreely(st *sentence, last, at int) bool {
	const open = question | joiner | subject | opening | pointer | auxiliary | determiner | preposition
	switch {
	case s.is(last, "that") && s.has(at, auxiliary) && s.has(last-1, joiner):
		return false
	case s.has(last, open) && !s.has(last, ender) && !s.is(last, "that"):
		return false
	case !s.has(at, question):
		return !s.has(last-1, question) && !s.has(last-2, question)
	case s.governed(last):
		return false
	case s.oneOf(last, "me us you out of on about exactly to"):
		return s.word(last).gap >= pause
	}
	return st.verb
}
