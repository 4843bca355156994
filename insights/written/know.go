package written

import "strings"

// Number gives the value of one word of a number, such as "nine", "twenty" or
// "third", and whether it puts things in order.
func Number(word string) (value int64, ordinal, ok bool) {
	l := lexicon[word]
	switch l.scale {
	case digit, teen, tens:
		return l.value, false, true
	case ordUnit, ordTeen, ordTens:
		return l.value, true, true
	default: // no number, or only a part of one
	}
	return 0, false, false
}

// Month gives the number of a month, 1 to 12; 0 for another word. Sure is false
// for "may" and "march", which are verbs as well.
func Month(word string) (month int, sure bool) {
	i := strings.Index(monthOrder, " "+word+" ")
	if i < 0 || word == "" {
		return 0, false
	}
	return strings.Count(monthOrder[:i+1], " "), lexicon[word].is&monthMaybe == 0
}

const monthOrder = " january february march april may june july august september october november december "

// Ordinary tells whether a word is one of the language's frequent words or of a
// number, and so hardly a person's name.
func Ordinary(word string) bool { return lexicon[word] != (lexeme{}) }

// FirstName tells whether people are called so.
func FirstName(word string) bool { return firstNames[word] }

// Place gives how many of these words, in lower case, are the name of a town or
// a country, and the name as it is written; 0 when they begin with none.
func Place(words []string) (name string, n int) {
	if len(words) == 0 {
		return "", 0
	}
	for _, p := range placesBy[words[0]] {
		if len(p.words) > n && len(p.words) <= len(words) && same(p.words, words) {
			name, n = strings.Join(p.as, " "), len(p.words)
		}
	}
	return name, n
}

func same(part, words []string) bool {
	for i, w := range part {
		if words[i] != w {
			return false
		}
	}
	return true
}

// placesBy are towns and countries by their first word; never changed.
var placesBy = buildPlaces()

func buildPlaces() map[string][]name {
	m := make(map[string][]name)
	for w := range strings.FieldsSeq(places) {
		m[w] = append(m[w], name{words: []string{w}, as: []string{capital(w)}})
	}
	for full := range strings.SplitSeq(severalPlaces, ",") {
		n := name{as: strings.Fields(full), words: strings.Fields(strings.ToLower(full))}
		m[n.words[0]] = append(m[n.words[0]], n)
	}
	return m
}
