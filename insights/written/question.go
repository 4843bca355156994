package written

// asksFirst tells whether a sentence that begins at a word is a question:
// "can you", "is the line", "what is", "how much data do i".
func (s *scan) asksFirst(at int) bool {
	w, next := s.word(at), s.word(at+1)
	switch {
	case w.is&auxiliary != 0:
		switch w.text {
		case "have", "do", "had", "must", "might", "shall", "don't", "am": // "have a nice day", "do not wait"
			return next.is&(subject|pointer) != 0 || s.is(at+1, "your") || s.is(at+1, "my")
		case "may":
			return next.is&(subject|determiner) != 0
		}
		return next.text != "" && next.is&(auxiliary|preposition|adverb) == 0
	case w.text == "why" || w.text == "what's" || w.text == "where's" || w.text == "who's" || w.text == "how's":
		return true
	case w.text == "how" && (s.is(at+1, "much") || s.is(at+1, "many") || s.is(at+1, "long") || s.is(at+1, "come")):
		return true
	case w.is&question == 0:
		return false
	case w.text == "when":
		return next.is&auxiliary != 0
	}
	if (w.text == "what" || w.text == "who") && next.is&finite != 0 {
		return true
	}
	return s.asksWithin(at+1, 4)
}

// asksInside tells whether a question begins at a word that stands in the
// middle: it takes more there, for "the light is the one" asks nothing.
func (s *scan) asksInside(at int) bool {
	w, next, third := s.word(at), s.word(at+1), s.word(at+2)
	switch {
	case w.is&auxiliary != 0:
		return next.is&subject != 0 && (w.text != "am" || next.text == "i") ||
			(w.text == "is" || w.text == "are" || w.text == "was") && (next.text == "there" || next.text == "that" || next.text == "this")
	case w.is&question == 0:
		return false
	case w.text == "what's" || w.text == "how's" || w.text == "where's":
		return true
	case (w.text == "what" || w.text == "how") && next.text == "about":
		return true
	case next.is&auxiliary != 0:
		return third.is&(subject|pointer|determiner) != 0
	}
	return (w.text == "how" || w.text == "what" || w.text == "which") && s.asksWithin(at+1, 4)
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
	if s.has(last, question|joiner|subject|opening|pointer|auxiliary|determiner|preposition) && !s.has(last, ender) && !s.is(last, "that") ||
		s.is(last, "that") && s.has(at, auxiliary) && s.has(last-1, joiner) {
		return false
	}
	if !s.has(at, question) {
		return !s.has(last-1, question) && !s.has(last-2, question)
	}
	if s.governed(last) {
		return false
	}
	switch s.word(last).text {
	case "me", "us", "you", "out", "of", "on", "about", "exactly", "to":
		return s.word(last).gap >= pause
	}
	return st.verb
}
