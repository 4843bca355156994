package tagger

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sort says what a word is made of.
type sort uint8

const (
	known   sort = iota // letters, in the common vocabulary
	strange             // letters, not in it
	given               // a name that people have
	land                // a town or country
	cued                // names personal data, such as "password"
	digits              // digits, or a number said as a word
	mixed               // letters and digits
	address             // holds an @ or a dot inside
	single              // one letter
	signs               // neither letters nor digits
	foreign             // what a redactor left, in brackets
)

// word is one word of a text between spaces, without the marks round it.
type word struct {
	from, to int // bytes in the text, marks left out
	text     string
	hash     uint64 // of the lower-case word; of its shape when it is digits
	shape    uint64
	sort     sort
	capital  bool
	length   uint8 // runes, at most 15
	count    uint8 // digits, as figures or a number word
	run      uint8 // digits of the whole row of numbers, at most 31
	first    int   // where that row begins
	last     int
	code     code // the row of short groups that it is in
	cue      cue
}

// code is a row of groups such as "4 gnd 45" is read out in.
type code struct {
	first, last int
	size        uint8 // runes, at most 15
	both        bool  // letters and digits
}

// split cuts a text into words and reads each.
func (m *Model) split(text string) []word {
	words := make([]word, 0, len(text)/5+1)
	bracket := false
	for at := 0; at < len(text); {
		r, n := utf8.DecodeRuneInString(text[at:])
		if unicode.IsSpace(r) {
			at += n
			continue
		}
		end := at + n
		for end < len(text) {
			if r, n = utf8.DecodeRuneInString(text[end:]); unicode.IsSpace(r) {
				break
			}
			end += n
		}
		w := m.read(text, at, end)
		bracket = bracket || text[at] == '['
		if bracket {
			w.sort = foreign
			bracket = !strings.Contains(text[at:end], "]")
		}
		words = append(words, w)
		at = end
	}
	plainCase(words, text)
	rows(words)
	codes(words)
	return words
}

// inside says whether a rune belongs to a word; marks round it do not.
func inside(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// read reads one stretch without spaces.
func (m *Model) read(text string, from, to int) word {
	w := word{from: from, to: to}
	core := text[from:to]
	if l := strings.IndexFunc(core, inside); l >= 0 {
		r := strings.LastIndexFunc(core, inside)
		_, n := utf8.DecodeRuneInString(core[r:])
		w.from, w.to = from+l, from+r+n
	} else {
		w.sort, w.text = signs, core
		w.hash = hashOf('g', core)
		return w
	}
	core = text[w.from:w.to]
	w.text = strings.ToLower(strings.TrimSuffix(core, "'s"))
	if r, _ := utf8.DecodeRuneInString(core); unicode.IsUpper(r) {
		w.capital = true
	}
	w.hash = hashOf('w', w.text)
	w.cue = cues[w.text]
	m.measure(&w)
	return w
}

// outline is the shape of a word while it is read: letters as a, digits as 9,
// what repeats left out, but for the number of digits.
type outline struct {
	text       [16]byte
	used, same int
}

func (o *outline) add(c byte) {
	if o.used > 0 && o.text[o.used-1] == c {
		o.same++
	} else {
		o.same = 0
	}
	if o.used < len(o.text) && (o.same == 0 || c == '9' && o.same < 6) {
		o.text[o.used] = c
		o.used++
	}
}

// measure finds the shape of a word and what it is made of.
func (m *Model) measure(w *word) {
	letters, inner := 0, false
	var shape outline
	for _, r := range w.text {
		w.length = min(w.length+1, 15)
		switch {
		case unicode.IsDigit(r):
			shape.add('9')
			w.count = min(w.count+1, 31)
		case unicode.IsLetter(r) || unicode.IsMark(r):
			shape.add('a')
			letters++
		case r == '@':
			shape.add('@')
			inner = true
		default:
			shape.add('.')
			inner = inner || r == '.'
		}
	}
	w.shape = hashOf('s', string(shape.text[:shape.used]))
	w.sort = m.sortOf(w, letters, inner)
	if n := numbers[w.text]; n > 0 {
		w.sort, w.count = digits, n
		w.shape = hashOf('s', "9999"[:n])
	} else if w.sort == digits {
		w.hash = w.shape
	}
}

func (m *Model) sortOf(w *word, letters int, inner bool) sort {
	switch {
	case letters > 0 && (inner || mailHost(w.text)):
		return address
	case w.count > 0 && letters == 0:
		return digits
	case w.count > 0:
		return mixed
	case w.length == 1:
		return single
	default:
		return m.sortOfWord(w)
	}
}

// sortOfWord is of a word of letters.
func (m *Model) sortOfWord(w *word) sort {
	switch {
	case w.cue > 0 && w.cue < weakCues:
		return cued
	case people[w.text]:
		return given
	case lands[w.text]:
		return land
	case m.knows(w.hash):
		return known
	default:
		return strange
	}
}

// mailHost says that a word ends as an e-mail address typed without its marks
// does: "smithgmailcom".
func mailHost(word string) bool {
	for _, end := range []string{"com", "net", "org", "couk"} {
		head, ok := strings.CutSuffix(word, end)
		if !ok {
			continue
		}
		for _, host := range []string{"mail", "yahoo", "outlook", "live", "aol", "icloud", "msn", "att", "comcast", "verizon"} {
			if strings.HasSuffix(head, host) {
				return true
			}
		}
	}
	return false
}

// plainCase forgets capitals in a text that is all capitals.
func plainCase(words []word, text string) {
	if strings.IndexFunc(text, unicode.IsLower) >= 0 {
		return
	}
	for i := range words {
		words[i].capital = false
	}
}

// rows measures the rows of numbers: "four four 12" is one of four digits.
func rows(words []word) {
	for i := 0; i < len(words); {
		total, end := 0, i
		for end < len(words) && words[end].count > 0 {
			total += int(words[end].count)
			end++
		}
		for j := i; j < end; j++ {
			words[j].run, words[j].first, words[j].last = uint8(min(total, 31)), i, end-1
		}
		if end == i {
			words[i].first, words[i].last = i, i
			end++
		}
		i = end
	}
}

// codes finds the rows of short groups of letters and digits.
func codes(words []word) {
	for i := 0; i < len(words); {
		c, end := code{first: i, last: i}, i
		letters, figures := false, false
		for ; end < len(words) && words[end].group(); end++ {
			w := &words[end]
			c.last, c.size = end, min(c.size+w.length, 15)
			if w.count > 0 {
				c.size = min(c.size-w.length+w.count, 15)
			}
			letters = letters || w.sort != digits
			figures = figures || w.count > 0
		}
		c.both = letters && figures
		for j := i; j <= c.last; j++ {
			words[j].code = c
		}
		i = max(end, i+1)
	}
}

// group says that a word can be a group of a code.
func (w *word) group() bool {
	return w.count > 0 && w.sort != address || w.sort == single || w.sort == strange && w.length <= 4
}

// numbers gives the digits that a number word stands for; never changed.
var numbers = func() map[string]uint8 {
	out := make(map[string]uint8)
	for n, list := range []string{
		`zero oh one two three four five six seven eight nine`,
		`ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
		twenty thirty forty fifty sixty seventy eighty ninety double`,
		`triple hundred`, `thousand`,
	} {
		for w := range strings.FieldsSeq(list) {
			out[w] = uint8(n + 1)
		}
	}
	return out
}()

// cue is what a word says that a value near it is.
type cue uint8

// weakCues is the first row of cues that are ordinary words too.
const weakCues = 26

// cueWords are the words that name personal data, one row a cue.
const cueWords = `name names called surname lastname firstname fullname
first last middle
address addresses street live living located lives
phone mobile cell telephone cellphone contact landline ph
email mail e-mail gmail yahoo hotmail
account acct ac accounts
password pin passcode otp passwords
ssn social
security
zip zipcode postal postcode pincode zipcodes
policy
claim
booking reservation confirmation pnr itinerary ticket
card debit credit visa mastercard cards
username userid login user
birth born dob birthday
city town state
order
id identification reference ref
number no num numbers digits digit
spell spelled spelling letters
code
iban bank routing sort
license licence passport
company organization business
call calling reach
mr mrs ms miss mister doctor
this i'm im am i
is are
my
at dot com
sir madam
flight date travel from to
quantity amount price dollars dollar cost $
thanks thank hi hello hey`

var cues = func() map[string]cue {
	out := make(map[string]cue)
	for n, line := range strings.Split(cueWords, "\n") {
		for w := range strings.FieldsSeq(line) {
			out[w] = cue(n + 1)
		}
	}
	return out
}()
