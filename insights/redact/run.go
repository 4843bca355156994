package redact

import "strings"

// run is a row of digits in one text.
type run struct {
	first, last int    // the tokens that hold its digits
	digits      string // as usually read
	// most is the number of digits in the longest reading ("forty one" may be
	// 40 1); pending is the factor of a "double" that waits for its digit.
	most, pending int
	starts, ends  bool // nothing but fillers before it, or after it
	quantity      bool // a count of something, or a date
	hard          int  // its digits that sound like nothing else
	single        bool // read one by one
	written       bool // some of them stand as digits
}

// hearing says how to take the soft words of a text.
type hearing struct {
	open    int  // digits that were kept and ended the text before it
	reading bool // a card may be read out: beside a digit they are digits
	scrap   bool // it is being read out, and the text is short: they all are
}

// findRuns gives the runs of a text in order.
func findRuns(tokens []token, how hearing) []run {
	settle(tokens, how)
	var runs []run
	starts := true
	for i := 0; i < len(tokens); i++ {
		if c := tokens[i].class; c != number && c != factor {
			starts = starts && c == filler
			continue
		}
		last := endOfRun(tokens, i)
		r := read(tokens[i : last+1])
		r.first, r.last = i, last
		r.starts, r.ends = starts, onlyFillers(tokens[last+1:])
		r.quantity = isQuantity(tokens, r) || isDate(tokens, r)
		runs = append(runs, r)
		starts, i = false, last
	}
	return runs
}

// settle decides which soft tokens are digits here: those between digits, a
// last one after digits, and a zero beside digits or at the end.
func settle(tokens []token, how hearing) {
	before := plain // class of the last token that is no filler
	if how.open > 0 {
		before = number
	}
	row := how.open // about how many digits are in a row
	for i := range tokens {
		t := &tokens[i]
		if t.class == unit && t.digits != "" && before.counts() && row+len(t.digits) > longestKept {
			t.class = number // "1111 2222 3333 44dollars"
		}
		if t.class == soft {
			how.harden(t, before, tokens[i+1:])
		}
		switch t.class {
		case filler:
			continue
		case number:
			row += len(t.digits)
		case factor:
			row += t.times
		case plain, soft, unit, month:
			row = 0
		}
		before = t.class
	}
}

// harden decides on one soft token between the class before it and the tokens
// after it.
func (how hearing) harden(t *token, before class, rest []token) {
	after, more := nextClass(rest)
	beside := before.counts() || after.counts()
	t.class, t.guessed = hardened(t.digits == "0", before.counts(), after.counts(), more), true
	if how.reading && beside || how.scrap && t.digits != "0" {
		t.class = number
	}
}

// counts says that a token belongs to a number.
func (c class) counts() bool { return c == number || c == factor }

// hardened says what a soft token is between its neighbours.
func hardened(zero, before, ahead, more bool) class {
	switch {
	case before && (ahead || !more), zero && (before || ahead || !more):
		return number
	case zero:
		return filler
	default:
		return plain
	}
}

// nextClass skips fillers and other soft tokens.
func nextClass(tokens []token) (class, bool) {
	for _, t := range tokens {
		if t.class != filler && t.class != soft {
			return t.class, true
		}
	}
	return plain, false
}

// endOfRun gives the last token with digits of the run that begins at i.
func endOfRun(tokens []token, i int) int {
	last := i
	for ; i < len(tokens); i++ {
		switch tokens[i].class {
		case number, factor:
			last = i
		case filler:
		default:
			return last
		}
	}
	return last
}

func onlyFillers(tokens []token) bool {
	for _, t := range tokens {
		if t.class != filler {
			return false
		}
	}
	return true
}

// isQuantity tells "thirty five dollars" and "$35" from digits read out.
func isQuantity(tokens []token, r run) bool {
	if len(r.digits) > longestQuantity {
		return false
	}
	if tokens[r.first].currency {
		return true
	}
	return r.last+1 < len(tokens) && tokens[r.last+1].class == unit
}

// isDate tells "march twenty twenty four" and "4 of may".
func isDate(tokens []token, r run) bool {
	if len(r.digits) > longestQuantity {
		return false
	}
	at := func(i int) bool { return i >= 0 && i < len(tokens) && tokens[i].class == month }
	little := func(i int) bool {
		return i >= 0 && i < len(tokens) && (tokens[i].word == "the" || tokens[i].word == "of")
	}
	return at(r.first-1) || at(r.last+1) ||
		little(r.first-1) && at(r.first-2) || little(r.last+1) && at(r.last+2)
}

// note takes what a number's token says about its run.
func (r *run) note(t token) {
	r.single = r.single && (t.class == factor || t.scale == units)
	r.written = r.written || t.class == number && t.scale == literal
	r.hard += t.hard()
}

// read joins the number words of a run into digits.
func read(tokens []token) run {
	r := run{single: true}
	var out strings.Builder
	numbers := make([]lexeme, 0, len(tokens))
	for _, t := range tokens {
		if t.class == number || t.class == factor {
			numbers = append(numbers, t.lexeme)
			r.note(t)
		}
	}
	times := 1
	for i, n := range numbers {
		if n.class == factor {
			times = n.times
			r.most += n.times - 1
			continue
		}
		var next, prev lexeme
		if i+1 < len(numbers) {
			next = numbers[i+1]
		}
		if i > 0 {
			prev = numbers[i-1]
		}
		digits, extra := spell(prev, n, next)
		out.WriteString(strings.Repeat(digits, times))
		r.most += len(n.digits) + extra
		times = 1
	}
	if times > 1 {
		r.pending = times
	}
	r.digits = out.String()
	return r
}

// hard counts the digits of a token that sound like nothing else.
func (t token) hard() int {
	switch {
	case t.guessed || t.class != number || t.scale == hundred || t.scale == thousand:
		return 0
	case t.scale == literal:
		return len(t.digits)
	default:
		return 1
	}
}

// spell gives the digits that one number word adds between its neighbours,
// and how many more the longest reading has.
func spell(prev, n, next lexeme) (digits string, extra int) {
	if n.plural && prev.class == number && prev.scale == units { // "three ones": the 3 becomes a 1
		count := int(prev.digits[0] - '0')
		return strings.Repeat(n.digits, max(count-1, 1)), count
	}
	following := next.class == number
	switch n.scale {
	case tens:
		if following && next.scale == units && next.digits != "0" && !next.plural {
			return n.digits[:1], 0
		}
	case hundred:
		return "00"[:2-covered(following, next)], 0
	case thousand:
		return "000"[:3-covered(following, next)], 0
	case literal, units, teens:
	}
	return n.digits, 0
}

// covered is how many of the zeros of "hundred" or "thousand" the next word takes.
func covered(following bool, next lexeme) int {
	switch {
	case !following:
		return 0
	case next.scale == units:
		return 1
	case next.scale == teens, next.scale == tens:
		return 2
	default:
		return 0
	}
}
