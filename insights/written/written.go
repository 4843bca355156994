package written

import (
	"strings"
	"unicode"

	"heed/insights"
)

// Options say how the operator writes.
type Options struct {
	// Language (BCP 47) is that of utterances which name none. Empty is "en".
	Language string
	// Region (ISO 3166, such as "US" or "GB") decides what a pound is and how
	// telephone numbers are grouped, for utterances whose language names no
	// country. Empty is "US".
	Region string
	// Names are products, companies and people as they are written, such as
	// "Nordtel" or "Home Plus". One said in these words is written so.
	Names []string
	// People are full names of persons. Each is written so when it is said
	// whole, and a part of it that is no common word also alone.
	People []string
}

// Writer writes utterances. It is never changed and safe for concurrent use.
type Writer struct {
	language string
	region   string
	names    map[string][]name // by their first word
}

// name is one that the operator gave.
type name struct {
	words []string // as they are said
	as    []string // as they are written, one for each
}

// New makes a writer. A name without a letter or a digit is left out.
func New(o Options) *Writer {
	w := &Writer{language: o.Language, region: strings.ToUpper(o.Region), names: make(map[string][]name)}
	if w.language == "" {
		w.language = "en"
	}
	if w.region == "" {
		w.region = "US"
	}
	for _, full := range o.Names {
		w.know(full)
	}
	for _, full := range o.People {
		w.know(full)
		for part := range strings.FieldsSeq(full) {
			low := strings.ToLower(part)
			if l := lexicon[low]; len(low) > 2 && l == (lexeme{}) && !common[low] {
				w.know(part)
			}
		}
	}
	return w
}

// know takes a name.
func (w *Writer) know(full string) {
	if strings.IndexFunc(full, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0 {
		return
	}
	n := name{as: strings.Fields(full)}
	for _, part := range n.as {
		n.words = append(n.words, strings.ToLower(part))
	}
	w.names[n.words[0]] = append(w.names[n.words[0]], n)
}

// Write gives an utterance's text as people write it, as tokens with one space
// between, and for each token how many words of the text it stands for. Where
// several tokens stand for some words together, the first has them all and the
// others have 0. It gives nothing for a language that it does not know and for
// text that is written already. It changes nothing and takes under 1 ms for
// what is said in one breath.
func (w *Writer) Write(u *insights.Utterance) (text string, words []int) {
	language, region := w.language, w.region
	if u.Language != "" {
		language = u.Language
	}
	tag, rest, _ := strings.Cut(language, "-")
	if !strings.EqualFold(tag, "en") {
		return "", nil
	}
	if len(rest) == 2 {
		region = strings.ToUpper(rest)
	}
	s := scan{names: w.names, british: region == "GB" || region == "IE", region: region}
	if !s.split(u) {
		return "", nil
	}
	s.tokens = make([]token, 0, len(s.words))
	for at := 0; at < len(s.words); at = s.next() {
		s.read(at)
	}
	s.punctuate()
	return s.join()
}

// scan is one utterance on its way to be written.
type scan struct {
	names   map[string][]name
	region  string
	british bool
	dots    bool // somebody said "dot"
	words   []word
	tokens  []token
}

// word is one word as it was heard.
type word struct {
	lexeme

	text string
	// gap is the silence behind it, in seconds; below 0 it is not known.
	gap insights.Seconds
}

// token is what is written for some words. Its text has no spaces, but for
// what is written in several pieces for words that belong together.
type token struct {
	text    string
	from, n int  // the words that it stands for
	plain   bool // the word itself: it takes a capital where a sentence begins
	mark    byte // behind it: 0, ',', '.' or '?'
	begins  bool // a sentence
}

// split cuts the text into words. It is false for text that is written
// already, and for none.
func (s *scan) split(u *insights.Utterance) bool {
	s.words = make([]word, 0, strings.Count(u.Text, " ")+1)
	inside := false // what the redactor put there
	for part := range strings.FieldsSeq(u.Text) {
		opens := strings.HasPrefix(part, "[")
		inside = inside || opens
		if !inside && writtenAlready(part) {
			return false
		}
		w := word{text: part, gap: -1}
		if !inside {
			w.lexeme = lexicon[part]
		}
		inside = inside && !strings.HasSuffix(part, "]")
		s.dots = s.dots || part == "dot"
		s.words = append(s.words, w)
	}
	s.glue()
	s.time(u.Words)
	return len(s.words) > 0
}

// glue makes one opener of two words: "all right", "of course".
func (s *scan) glue() {
	for i := 1; i < len(s.words); i++ {
		first, ok := pairs[s.words[i].text]
		if ok && s.words[i-1].text == first {
			s.words[i-1].is |= opener
			s.words[i].is |= opener | glued
		}
	}
}

// pairs are the openers of two words, by the second; never changed.
var pairs = map[string]string{
	"right": "all", "course": "of", "morning": "good", "afternoon": "good", "evening": "good", "day": "good",
	"problem": "no", "moment": "one", "second": "one",
}

// writtenAlready tells a word that no recogniser of bare words gives.
func writtenAlready(part string) bool {
	switch part[len(part)-1] {
	case '.', ',', '?', '!', ';', ':':
		return len(part) > 1
	}
	for i := range len(part) {
		if c := part[i]; c >= 'A' && c <= 'Z' {
			return true
		}
	}
	return false
}

// time gives the words their pauses, as long as the timed words are the
// text's. A timed word may hold several of the text's.
func (s *scan) time(timed []insights.Word) {
	at := 0
	for i, t := range timed {
		for part := range strings.FieldsSeq(t.Text) {
			if at == len(s.words) || s.words[at].text != part {
				return
			}
			s.words[at].gap = 0
			at++
		}
		if at > 0 && i+1 < len(timed) {
			s.words[at-1].gap = max(0, timed[i+1].Start-t.End)
		}
	}
}

// word gives the word at a place; past either end it is one of no class.
func (s *scan) word(at int) word {
	if at < 0 || at >= len(s.words) {
		return word{gap: -1}
	}
	return s.words[at]
}

// is tells whether the word at a place is this one.
func (s *scan) is(at int, text string) bool {
	return at >= 0 && at < len(s.words) && s.words[at].text == text
}

// oneOf tells whether the word at a place is among words, which have a space
// between.
func (s *scan) oneOf(at int, words string) bool {
	if at < 0 || at >= len(s.words) {
		return false
	}
	for w := range strings.SplitSeq(words, " ") {
		if s.words[at].text == w {
			return true
		}
	}
	return false
}

// has tells whether the word at a place is of one of these classes.
func (s *scan) has(at int, c class) bool {
	return at >= 0 && at < len(s.words) && s.words[at].is&c != 0
}

// next is the first word that no token stands for yet.
func (s *scan) next() int {
	if len(s.tokens) == 0 {
		return 0
	}
	t := &s.tokens[len(s.tokens)-1]
	return t.from + t.n
}

// emit writes something for the next n words.
func (s *scan) emit(text string, n int) bool {
	s.tokens = append(s.tokens, token{text: text, from: s.next(), n: n})
	return true
}

// read writes the word at a place, and those that belong to it.
func (s *scan) read(at int) {
	switch {
	case s.named(at):
	case s.electronic(at):
	case s.international(at):
	case s.number(at):
	case s.date(at):
	case s.letters(at):
	default:
		s.plain(at)
	}
}

// join puts the tokens together.
func (s *scan) join() (string, []int) {
	var b strings.Builder
	size := 0
	for i := range s.tokens {
		size += len(s.tokens[i].text) + 2
	}
	b.Grow(size)
	counts := make([]int, 0, len(s.tokens)+4)
	for i := range s.tokens {
		t := &s.tokens[i]
		if i > 0 {
			b.WriteByte(' ')
		}
		if t.begins && t.plain {
			b.WriteString(capital(t.text))
		} else {
			b.WriteString(t.text)
		}
		if t.mark != 0 && (t.mark != '.' || !strings.HasSuffix(t.text, ".")) {
			b.WriteByte(t.mark)
		}
		counts = append(counts, t.n)
		for range strings.Count(t.text, " ") {
			counts = append(counts, 0)
		}
	}
	return b.String(), counts
}
