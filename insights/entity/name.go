package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"heed/insights/written"
)

// noName are words that stand where a name could, beside the frequent ones.
const noName = "calling speaking here wondering having trying hoping interested happy sorry sure still just the a an not with from and but on in at about because concerned locked looking going cancelled stuck new done ready unable getting"

// person reads the name of somebody who is introduced: "my name is", "this is
// ... speaking", "mr", or in answer to a question for it.
func (s *scan) person(at int) int {
	sure := 0.0
	known := written.FirstName(s.low(at))
	switch {
	case s.oneOf(at-1, "mr mrs ms dr mister miss"):
		sure = 0.9
	case s.named(at):
		if sure = 0.8; known {
			sure = 0.95
		}
	case known && (s.introduced(at) || s.oneOf(at-1, "doctor professor") || s.described(at)):
		sure = 0.85
	case s.asked.name && s.answersName(at):
		if sure = 0.7; known {
			sure = 0.9
		}
	default:
		return 0
	}
	name, n := s.fullName(at)
	if n == 0 {
		return 0
	}
	return s.add(at, n, found{name: Person, text: name, sure: sure})
}

// named tells what "my name is" introduces.
func (s *scan) named(at int) bool {
	if s.oneOf(at, noName) {
		return false
	}
	if s.oneOf(at-1, "is was") && s.oneOf(at-2, "name") || s.oneOf(at-1, "name's called") && s.oneOf(at-2, "my her his the daughter's i'm she's he's") {
		return true
	}
	return s.namely(at) && (s.under(at) || s.oneOf(at-1, "it's is") && s.any(at+1, at+4, "speaking calling"))
}

// under tells a name in which something is booked: "under the name".
func (s *scan) under(at int) bool {
	return s.oneOf(at-1, "name") && s.oneOf(at-2, "the") && s.oneOf(at-3, "under on in") || s.oneOf(at-1, "of") && s.oneOf(at-2, "behalf") ||
		s.oneOf(at-1, "under") && s.any(at-7, at-1, "reservation booking account")
}

// described tells "a man called".
func (s *scan) described(at int) bool {
	return s.oneOf(at-1, "called named") && s.oneOf(at-2, "guy man woman lady gentleman girl boy person someone somebody colleague agent")
}

// introduced tells what else can stand before a first name.
func (s *scan) introduced(at int) bool {
	switch {
	case s.oneOf(at-1, "is") && s.oneOf(at-2, "this it"), s.oneOf(at-1, "i'm it's") && (at == 1 || s.oneOf(at-2, "hi hello hey yes yeah um uh sure and well")):
		return true
	case s.oneOf(at-1, "with to for") && s.any(at-4, at, "speak spoke speaking talk talked talking spoken"):
		return true
	case s.oneOf(at-1, "am") && s.oneOf(at-2, "i"):
		return true
	case s.oneOf(at-1, "agent colleague husband wife daughter son technician manager"):
		return true
	}
	// A greeting of somebody by name.
	return at == 1 && s.oneOf(0, "hello hi hey thanks") && !s.oneOf(at, "may jean")
}

// answersName tells whether a short answer begins with what can be a name.
func (s *scan) answersName(at int) bool {
	for p := range at {
		if !s.oneOf(p, "um uh yes yeah sure okay ok of course it's it is that's that i'm the name my so hi hello") {
			return false
		}
	}
	if len(s.tokens)-at > 6 || !s.namely(at) {
		return false
	}
	return written.FirstName(s.low(at)) || s.namely(at+1)
}

// namely tells whether a token can be a name.
func (s *scan) namely(at int) bool {
	w := s.low(at)
	if len(w) < 2 || written.Ordinary(w) || within(w, noName) || !letters(w) {
		return false
	}
	_, month := written.Month(w)
	return !month && !isWeekday(w)
}

func letters(w string) bool {
	for _, r := range w {
		if !unicode.IsLetter(r) && r != '-' && r != '\'' && r != '’' {
			return false
		}
	}
	return true
}

// fullName reads up to three names. One that is spelled behind it is taken for
// the spelling of the one before.
func (s *scan) fullName(at int) (name string, n int) {
	var parts []string
	for n < 4 && len(parts) < 3 && s.namely(at+n) {
		w := s.text(at + n)
		if len(parts) > 0 && strings.EqualFold(parts[len(parts)-1], w) {
			n++
			continue
		}
		if n > 0 && written.Ordinary(s.low(at+n)) {
			break
		}
		parts = append(parts, title(w))
		n++
		if s.tokens[at+n-1].ends {
			break
		}
	}
	if len(parts) == 3 && parts[0] == parts[2] { // "becker, tom becker"
		parts = parts[1:]
	}
	return strings.Join(parts, " "), n
}

// title writes a name with large first letters: "O'Connor", "Mary-Jane".
func title(w string) string {
	low := strings.ToLower(w)
	for _, part := range [...]string{"o'", "o’"} {
		if rest, is := strings.CutPrefix(low, part); is && rest != "" {
			return strings.ToUpper(part) + title(rest)
		}
	}
	if first, rest, double := strings.Cut(low, "-"); double && first != "" && rest != "" {
		return title(first) + "-" + title(rest)
	}
	r, size := utf8.DecodeRuneInString(low)
	return string(unicode.ToUpper(r)) + low[size:]
}

// streets end the name of a street.
const streets = "street road avenue lane drive boulevard court square close crescent terrace highway"

// address reads a street with its number: "27 Lake Road", "lake road 27".
func (s *scan) address(at int) int {
	number, n := s.house(at)
	if n > 0 {
		for words := 1; words <= 3; words++ {
			end := at + n + words
			if !s.streetWord(end - 1) {
				return 0
			}
			if s.oneOf(end, streets) {
				return s.add(at, n+words+1, found{name: Place, text: number + " " + s.titles(at+n, words+1), sure: 0.9})
			}
		}
		return 0
	}
	if !s.streetWord(at) || !s.oneOf(at+1, streets) {
		return 0
	}
	if number, n = s.house(at + 2); n == 0 {
		return 0
	}
	return s.add(at, 2+n, found{name: Place, text: number + " " + s.titles(at, 2), sure: 0.85})
}

// house reads the number of a house.
func (s *scan) house(at int) (number string, n int) {
	w := s.low(at)
	if houseNumber(w) {
		if letter := s.text(at + 1); len(letter) == 1 && letter >= "A" && letter <= "D" && w[len(w)-1] <= '9' && s.streetWord(at+2) {
			return w + letter, 2
		}
		return strings.ToUpper(w), 1
	}
	v, n := s.whole(at)
	if n == 0 || v < 1 || v > 9 {
		return "", 0
	}
	return string(rune('0' + v)), n
}

// houseNumber tells "12" and "12b".
func houseNumber(w string) bool {
	return w != "" && len(w) <= 5 && w[0] >= '1' && w[0] <= '9' && strings.Trim(w, "0123456789abc") == ""
}

// streetWord tells whether a token can be the name of a street.
func (s *scan) streetWord(at int) bool {
	w := s.low(at)
	if w == "" || !letters(w) || within(w, streets) {
		return false
	}
	_, _, number := written.Number(w)
	return number || !written.Ordinary(w) || s.oneOf(at, "main park king's")
}

func (s *scan) titles(at, n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = title(s.text(at + i))
	}
	return strings.Join(parts, " ")
}

// place reads the name of a town or a country, where it stands as one.
func (s *scan) place(at int) int {
	name, n := s.placeName(at)
	if n == 0 {
		return 0
	}
	f := found{name: Place, text: name}
	switch {
	case s.oneOf(at-1, "in to from at near around of for via through leaving outside inside"):
		if n == 1 && s.oneOf(at-1, "to for of at from") && written.FirstName(s.low(at)) {
			return 0
		}
		f.sure = 0.9
	case s.oneOf(at-1, "and or") && len(s.found) > 0 && s.found[len(s.found)-1].name == Place:
		f.sure = 0.85
	case n > 1, s.any(at-3, at, "city town visiting"):
		f.sure = 0.8
	default:
		return 0
	}
	return s.add(at, n, f)
}

// placeName reads a name of up to four words.
func (s *scan) placeName(at int) (name string, n int) {
	var words [4]string
	k := 0
	for k < len(words) && at+k < len(s.tokens) {
		words[k] = s.low(at + k)
		k++
		if s.tokens[at+k-1].ends {
			break
		}
	}
	return written.Place(words[:k])
}
