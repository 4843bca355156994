package written

// startsSentence tells whether a new sentence begins at the token k.
func (s *scan) startsSentence(st *sentence, k, last, at int) bool {
	if k-st.body < 2 || !s.canEnd(last) {
		return false
	}
	if s.is(last, s.word(at).text) { // "i i"
		return false
	}
	if s.asksInside(at) {
		return s.asksFreely(st, last, at)
	}
	if !st.verb && !st.half || s.governed(last) {
		return false
	}
	if s.requests(at) {
		return true
	}
	return s.startsAt(at) && s.free(last, at)
}

// requests tells whether a sentence without a subject begins: "let me",
// "please wait", "have a nice day".
func (s *scan) requests(at int) bool {
	switch s.word(at).text {
	case "let":
		return s.is(at+1, "me")
	case "please":
		return at+2 < len(s.words) && !s.has(at+1, subject|joiner|clause|preposition|filler|opener|greeting)
	case "have":
		switch s.word(at + 2).text {
		case "good", "great", "nice", "lovely", "wonderful":
			return s.is(at+1, "a")
		}
	}
	return false
}

// governed tells whether what follows a word is said by it: "i think it is",
// "tell me what".
func (s *scan) governed(last int) bool {
	switch s.word(last - 1).text {
	case "tell", "told", "ask", "show", "remind":
		return true
	}
	if s.is(last, "that") && (s.has(last-1, preposition|auxiliary) || s.is(last-1, "hear")) {
		return false
	}
	if s.has(last, ender) && !s.is(last, "anything") && !s.is(last, "everything") && !s.is(last, "something") && !s.is(last, "nothing") {
		return false
	}
	return s.has(last, governs|joiner|question)
}

// free tells whether a statement that could begin at a word does so, or
// describes the word before it: "the phone i ordered".
func (s *scan) free(last, at int) bool {
	gap := s.word(last).gap
	switch {
	case gap >= pause:
		return true
	case gap >= 0 && gap < 0.08:
		return s.has(last, ender) || s.strong(at)
	case s.has(last, ender):
		return true
	}
	return s.strong(at) || !s.described(last)
}

// described tells whether a clause can describe a word, because it is the one
// that is meant: "the phone", "every letter".
func (s *scan) described(last int) bool {
	for p := last - 1; p >= max(0, last-3); p-- {
		switch s.word(p).text {
		case "the", "any", "every", "all", "first", "last", "only", "these", "those", "some", "no", "each", "that":
			return true
		}
		if s.has(p, determiner|preposition|joiner) {
			return false
		}
	}
	return false
}

// strong tells whether a clause hardly ever describes what stands before it.
func (s *scan) strong(at int) bool {
	w, next := s.word(at), s.word(at+1)
	if next.is&adverb != 0 {
		next = s.word(at + 2)
	}
	switch w.text {
	case "i'm", "i'd", "it's", "that's", "there's", "let's", "i'll", "one", "nobody", "somebody", "everyone", "everybody":
		return true
	case "it", "he", "she":
		return next.is&auxiliary != 0
	case "i":
		return next.is&own != 0
	}
	switch {
	case w.is&clause != 0:
		return false
	case w.is&pointer != 0:
		return w.text != "that" && w.text != "which"
	case w.is&determiner != 0:
		return true
	}
	return next.is&own != 0 && next.is&auxiliary == 0
}

// canEnd tells whether a sentence can end with a word.
func (s *scan) canEnd(at int) bool {
	if s.has(at, ender) || s.is(at, "you") && s.has(at-1, preposition|finite|governs) {
		return true
	}
	return !s.has(at, determiner|preposition|joiner|auxiliary|subject|clause|question|filler|title|adverb) || s.is(at, "no")
}

// paused decides where only the silence says something.
func (s *scan) paused(st *sentence, k, last, at int) byte {
	gap := s.word(last).gap
	if gap < pause || !s.canEnd(last) || k-st.body < 2 {
		return 0
	}
	switch {
	case gap >= rest && st.verb && s.has(at, opener|determiner|greeting|imperative|question) && !s.has(last, finite):
		return '.'
	case s.has(at, opener|imperative) && st.verb:
		return '.'
	case gap >= rest && !s.has(at, preposition|auxiliary|finite|adverb|ender):
		return ','
	}
	return 0
}

// end sets the last mark: none where somebody was cut off in the middle.
func (s *scan) end(st *sentence) {
	k := len(s.tokens) - 1
	last := s.lastWord(k)
	t := &s.tokens[k]
	switch {
	case st.asks:
		t.mark = '?'
	case s.has(last, filler) && k > 0, s.has(last, determiner|joiner) && !s.has(last, ender|opener|pointer) && !s.is(last, "her"), s.is(last, "i"):
	default:
		t.mark = '.'
	}
}
