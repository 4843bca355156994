// Package phrase matches rules made of spoken phrases against utterances and
// says which words matched. Themes and moments are both such rules.
//
// A phrase is words in order; hesitations between them do not count. "bill*"
// stands for every word that begins so, "a|b" for either, "..." for up to
// six words. It knows no grammar and learns nothing.
package phrase

import (
	"hash/fnv"
	"slices"
	"strings"

	"heed/insights"
	"heed/insights/spoken"
)

// gap is how many words "..." may stand for.
const gap = 6

// Rule names what a set of phrases means.
type Rule struct {
	Name  string
	Title string
	// Speaker limits the rule to one side; empty is both.
	Speaker insights.Speaker
	// Phrases: any one is enough. Unless: a phrase that overlaps one of these
	// does not count.
	Phrases, Unless []string
}

// Match is a rule found in an utterance.
type Match struct {
	Rule  *Rule
	Spans []insights.Span // in order, apart
}

// part is one place of a phrase.
type part struct {
	any   bool     // "..."
	words []string // alternatives
	stems []string // alternatives that end in a star
}

type pattern struct {
	rule   int
	unless bool
	parts  []part
}

// named counts the words of a pattern, "..." not among them.
func (p *pattern) named() int {
	n := 0
	for _, part := range p.parts {
		if !part.any {
			n++
		}
	}
	return n
}

// Matcher holds compiled rules; it is never changed after Compile.
type Matcher struct {
	rules   []Rule
	byWord  map[string][]*pattern // patterns by their first word
	byStem  map[byte][]*pattern   // patterns with a stem first, by first byte
	version uint32
}

// Compile prepares rules. The caller has checked them with [Check].
func Compile(rules []Rule) *Matcher {
	m := &Matcher{rules: rules, byWord: map[string][]*pattern{}, byStem: map[byte][]*pattern{}}
	sum := fnv.New32a()
	add := func(rule int, unless bool, phrases []string) {
		for _, p := range phrases {
			sum.Write([]byte(p))
			sum.Write([]byte{0})
			m.index(&pattern{rule: rule, unless: unless, parts: parse(p)})
		}
	}
	for i, r := range rules {
		sum.Write([]byte(r.Name))
		add(i, false, r.Phrases)
		add(i, true, r.Unless)
	}
	m.version = sum.Sum32()
	return m
}

// Version tells sets of rules apart.
func (m *Matcher) Version() uint32 { return m.version }

func (m *Matcher) index(p *pattern) {
	for _, w := range p.parts[0].words {
		m.byWord[w] = append(m.byWord[w], p)
	}
	for _, s := range p.parts[0].stems {
		m.byStem[s[0]] = append(m.byStem[s[0]], p)
	}
}

// Check says what is wrong with a phrase, or gives "".
func Check(phrase string) string {
	fields := strings.Fields(strings.ToLower(phrase))
	switch {
	case len(fields) == 0:
		return "expected words, got nothing"
	case fields[0] == "..." || fields[len(fields)-1] == "...":
		return `"..." stands between words, not at an end`
	}
	for i, f := range fields {
		switch {
		case f != "...":
			if wrong := checkWords(f); wrong != "" {
				return wrong
			}
		case fields[i-1] == "...":
			return `"..." twice in a row, expected a word between`
		}
	}
	return ""
}

// checkWords checks the alternatives of one place.
func checkWords(field string) string {
	for alt := range strings.SplitSeq(field, "|") {
		if star := strings.IndexByte(alt, '*'); star >= 0 && star != len(alt)-1 {
			return "a star ends a stem, as in deliver*, got " + alt
		}
		word := strings.TrimSuffix(alt, "*")
		if len(spoken.Words(word)) == 0 || word != alt && len(word) < 3 {
			return "expected a word, or a stem of three letters or more, got " + alt
		}
	}
	return ""
}

// parse reads a phrase. Contractions are written out as in what is heard.
func parse(phrase string) []part {
	var parts []part
	for f := range strings.FieldsSeq(strings.ToLower(phrase)) {
		if f == "..." {
			parts = append(parts, part{any: true})
			continue
		}
		if !strings.ContainsAny(f, "|*") {
			for _, w := range spoken.Words(f) {
				parts = append(parts, part{words: []string{w.Text}})
			}
			continue
		}
		var p part
		for alt := range strings.SplitSeq(f, "|") {
			if stem, ok := strings.CutSuffix(alt, "*"); ok {
				p.stems = append(p.stems, stem)
			} else {
				p.words = append(p.words, alt)
			}
		}
		parts = append(parts, p)
	}
	return parts
}

func (p *part) is(word string) bool {
	if slices.Contains(p.words, word) {
		return true
	}
	for _, s := range p.stems {
		if strings.HasPrefix(word, s) {
			return true
		}
	}
	return false
}

// end gives the word behind the match of parts at the start of words, or -1.
func end(parts []part, words []spoken.Word) int {
	at := 0
	for i := range parts {
		if !parts[i].any {
			if at >= len(words) || !parts[i].is(words[at].Text) {
				return -1
			}
			at++
			continue
		}
		for skip := 0; skip <= gap && at+skip < len(words); skip++ {
			if n := end(parts[i+1:], words[at+skip:]); n >= 0 {
				return at + skip + n
			}
		}
		return -1
	}
	return at
}

// hit is a pattern found: words from, to exclusive.
type hit struct {
	p        *pattern
	from, to int
}

// Find gives the rules that an utterance meets, in the order of the rules.
func (m *Matcher) Find(who insights.Speaker, words []spoken.Word) []Match {
	var hits, against []hit
	for i := range words {
		text := words[i].Text
		for _, p := range m.byWord[text] {
			hits, against = m.try(p, who, words, i, hits, against)
		}
		for _, p := range m.byStem[text[0]] {
			if p.parts[0].is(text) {
				hits, against = m.try(p, who, words, i, hits, against)
			}
		}
	}
	if len(hits) == 0 {
		return nil
	}
	return m.gather(words, hits, against)
}

func (m *Matcher) try(p *pattern, who insights.Speaker, words []spoken.Word, i int, hits, against []hit) (h, a []hit) {
	if want := m.rules[p.rule].Speaker; want != "" && want != who {
		return hits, against
	}
	n := end(p.parts, words[i:])
	switch {
	case n < 0:
	case p.unless:
		against = append(against, hit{p, i, i + n})
	default:
		hits = append(hits, hit{p, i, i + n})
	}
	return hits, against
}

// gather drops what an anti-phrase overlaps and joins the rest by rule.
func (m *Matcher) gather(words []spoken.Word, hits, against []hit) []Match {
	spans := make(map[int][]insights.Span)
	gapped := make(map[int]bool) // the last hit of the rule has words in its "..."
	for _, h := range hits {
		if overlapped(h, against) {
			continue
		}
		s := insights.Span{From: words[h.from].From, To: words[h.to-1].To}
		spans[h.p.rule] = join(spans[h.p.rule], s, gapped[h.p.rule])
		gapped[h.p.rule] = h.to-h.from > h.p.named()
	}
	var out []Match
	for i := range m.rules {
		if s := spans[i]; len(s) > 0 {
			out = append(out, Match{Rule: &m.rules[i], Spans: s})
		}
	}
	return out
}

func overlapped(h hit, against []hit) bool {
	for _, a := range against {
		if a.p.rule == h.p.rule && a.from < h.to && h.from < a.to {
			return true
		}
	}
	return false
}

// join adds a span to those before it; hits come in order of their start. When
// the one before has the same end and words between that mean nothing, the
// shorter one says it better.
func join(spans []insights.Span, s insights.Span, shrink bool) []insights.Span {
	n := len(spans)
	switch {
	case n > 0 && s.To == spans[n-1].To && shrink:
		spans[n-1].From = s.From
	case n > 0 && s.From < spans[n-1].To:
		spans[n-1].To = max(spans[n-1].To, s.To)
	default:
		spans = append(spans, s)
	}
	return spans
}
