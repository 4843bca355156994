package entity

import (
	"slices"
	"strings"

	"heed/insights"
	"heed/insights/written"
)

// nouns of numbers, by type.
const (
	orderNouns     = "order orders purchase"
	accountNouns   = "account customer contract policy membership member client"
	referenceNouns = "reference confirmation tracking ticket case claim invoice booking reservation complaint serial meter voucher shipment parcel package"
	// secretNouns are of numbers that are nobody's business.
	secretNouns = "pin password passcode cvv cvc security card social ssn passport licence license birth iban sort routing debit credit"
	// numberNouns make the nouns above those of a number.
	numberNouns = "number numbers no id code ref nr hash"
	// between are words that can stand between a noun and its number.
	between = numberNouns + " is it's that's was the um uh my of ends ending in with and it digits last first four reads says should be here are for that this so yes okay well starts starting are our"
	// lead are words before a number that answers a question.
	lead = "um uh yes yeah sure okay ok it's it is that's the number so well right my let me see here i have is"
)

// question is what the other side asked for just before.
type question struct {
	code  string // a type of code
	phone bool
	name  bool
	// number and secret say of what kind of thing a code is.
	number, secret bool
}

// askedBefore reads what was said last by the other side.
func askedBefore(u *insights.Utterance, call *insights.Call) question {
	if len(call.Utterances) == 0 {
		return question{}
	}
	last := &call.Utterances[len(call.Utterances)-1]
	if last.Speaker == u.Speaker {
		return question{}
	}
	words := strings.Fields(strings.ToLower(last.Text))
	var q question
	for _, w := range words[max(0, len(words)-30):] {
		q.hear(strings.Trim(w, ".,?!"))
	}
	if !q.number || q.secret {
		q.code = ""
	}
	q.phone = q.phone && !q.secret
	return q
}

// hear takes a word of the question.
func (q *question) hear(w string) {
	switch {
	case within(w, secretNouns):
		q.secret = true
	case within(w, "phone mobile telephone callback cell"):
		q.phone = true
	case within(w, numberNouns):
		q.number = true
	case within(w, "name name's"):
		q.name = true
	case codeType(w) != "":
		q.code = codeType(w)
	}
}

// codeType gives the type of the number that a noun has.
func codeType(noun string) string {
	switch {
	case within(noun, orderNouns):
		return Order
	case within(noun, accountNouns):
		return Account
	case within(noun, referenceNouns):
		return Reference
	}
	return ""
}

// code reads the number of an order, an account or the like: it stands behind
// its noun, before it, or answers a question for it.
func (s *scan) code(at int) int {
	text, n := s.characters(at)
	if n == 0 {
		return 0
	}
	name := s.subject(at)
	if name == "" {
		name = s.subjectBehind(at + n)
	}
	sure := 0.95
	if name == "" && s.answers(at) {
		name, sure = s.asked.code, 0.85
	}
	if name == "" || len(text) < 3 || s.currency(s.low(at+n)) != "" || s.oneOf(at+n, "pounds percent") {
		return 0
	}
	return s.add(at, n, found{name: name, text: text, sure: sure})
}

// characters reads digits, and letters among them, up to a word.
func (s *scan) characters(at int) (text string, n int) {
	digits := 0
	for s.character(at+n, n == 0) {
		w := s.written(at + n)
		digits += countDigits(w)
		text += strings.Map(keepCharacter, strings.ToUpper(w))
		n++
		if s.tokens[at+n-1].ends && countDigits(w) > 0 {
			break
		}
	}
	if digits < 2 || len(text) > 30 {
		return "", 0
	}
	return text, n
}

// character tells whether a token belongs to a row of digits and letters, or
// can be its first.
func (s *scan) character(at int, first bool) bool {
	w := s.text(at)
	switch {
	case countDigits(w) > 0:
		return madeOf(strings.ToUpper(w), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/#,") && !ordinal(w)
	case first:
		return spelledOut(w) && countDigits(s.text(at+1)) > 0 || s.beginsSpelling(at)
	}
	return spelledOut(w) && len(w) <= 3 || strings.EqualFold(w, "a") && s.goesOn(at+1) || s.spells(at) || s.standsFor(at) != "" && s.isLetter(at-1)
}

// beginsSpelling tells two words that stand for characters, one of them a
// letter by its name.
func (s *scan) beginsSpelling(at int) bool {
	return s.standsFor(at) != "" && s.standsFor(at+1) != "" && (letterNamed(s.low(at)) || letterNamed(s.low(at+1)))
}

// namedLetters are the words that letters are spelled with (ICAO), by their letter;
// never changed.
var namedLetters = strings.Fields(`alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa
	quebec romeo sierra tango uniform victor whiskey xray yankee zulu`)

// letterNamed tells "bravo".
func letterNamed(w string) bool {
	return w == "alfa" || w == "whisky" || slices.Contains(namedLetters, w)
}

// spells tells a word that a letter is spelled with from a name: characters go
// on behind it, it is the last word, or one was spelled before it.
func (s *scan) spells(at int) bool {
	return letterNamed(s.low(at)) && (at+1 == len(s.tokens) || s.isLetter(at-1) || s.standsFor(at+1) != "" || countDigits(s.text(at+1)) > 0)
}

// standsFor gives the letter or the digit that a word was said for, or "".
func (s *scan) standsFor(at int) string {
	w := s.low(at)
	if letterNamed(w) {
		return strings.ToUpper(w[:1])
	}
	if v, is, ok := written.Number(w); ok && !is && v >= 0 && v < 10 {
		return string(rune('0' + v))
	}
	return ""
}

// isLetter tells whether a token is a letter by itself, however it was said.
func (s *scan) isLetter(at int) bool {
	w := s.text(at)
	return letterNamed(s.low(at)) || spelledOut(w) && len(w) == 1 || strings.EqualFold(w, "a")
}

// written gives a token of a code as it is written.
func (s *scan) written(at int) string {
	if text := s.standsFor(at); text != "" {
		return text
	}
	return s.text(at)
}

// keepCharacter leaves out what only groups.
func keepCharacter(r rune) rune {
	if strings.ContainsRune("-/#,", r) {
		return -1
	}
	return r
}

// goesOn tells whether characters go on behind an "a".
func (s *scan) goesOn(at int) bool {
	return s.low(at) == "a" && s.goesOn(at+1) || spelledOut(s.text(at)) || countDigits(s.text(at)) > 0 || s.standsFor(at) != ""
}

// ordinal tells "4th" from "4TH".
func ordinal(w string) bool {
	return len(w) > 2 && within(w[len(w)-2:], "st nd rd th") && strings.Trim(w[:len(w)-2], "0123456789") == ""
}

// spelledOut tells letters that were said one by one, which are written large.
func spelledOut(w string) bool {
	return w != "" && len(w) <= 8 && strings.Trim(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && w != "I" && w != "A"
}

func countDigits(w string) int {
	n := 0
	for i := range len(w) {
		if w[i] >= '0' && w[i] <= '9' {
			n++
		}
	}
	return n
}

// subject finds the noun before a number.
func (s *scan) subject(at int) string {
	for p := at - 1; p >= max(0, at-8); p-- {
		w := s.low(p)
		if within(w, secretNouns) {
			return ""
		}
		if name := codeType(w); name != "" {
			if s.oneOf(p-1, secretNouns) || s.oneOf(p-1, "standing in") {
				return ""
			}
			return name
		}
		if !within(w, between) {
			return ""
		}
	}
	return ""
}

// subjectBehind finds the noun behind a number: "4471 is my order number".
func (s *scan) subjectBehind(at int) string {
	if !s.oneOf(at, "is that's was as") {
		return ""
	}
	for p := at + 1; p < at+5; p++ {
		if s.oneOf(p, secretNouns) {
			return ""
		}
		if name := codeType(s.low(p)); name != "" && s.oneOf(p+1, numberNouns) {
			return name
		}
		if !s.oneOf(p, "is that's my the your our an a that") {
			return ""
		}
	}
	return ""
}

// answers tells whether nothing but a lead stands before a number.
func (s *scan) answers(at int) bool {
	if s.asked.code == "" {
		return false
	}
	for p := range at {
		if !s.oneOf(p, lead) {
			return false
		}
	}
	return true
}
