package search

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"heed/insights"
)

const (
	maxQuery   = 2000 // bytes
	maxClauses = 32
	minPrefix  = 2 // letters before a star
)

// SyntaxError says where a query does not parse.
type SyntaxError struct {
	Pos  int    // byte of the query's text, from 0
	Want string // what was expected there
}

// Error says place and expectation; Pos is counted from 1 for people.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("query, character %d: %s", e.Pos+1, e.Want)
}

// clause is one condition of a query.
type clause struct {
	field    string // empty: the words of the utterance
	text     string
	not      bool
	prefix   bool
	exact    bool      // in quotes: the words as they stand
	from, to time.Time // of a date; to is exclusive
}

// fields that a query can name, in the order in which errors list them.
var fields = []string{"speaker", "intent", "theme", "call", "date"}

// Check parses a query's text and gives a *SyntaxError, or nil.
func Check(text string) error {
	_, err := parse(text)
	return err
}

// parse reads a query.
func parse(text string) ([]clause, error) {
	if len(text) > maxQuery {
		return nil, &SyntaxError{maxQuery, fmt.Sprintf("expected at most %d bytes", maxQuery)}
	}
	if !utf8.ValidString(text) {
		return nil, &SyntaxError{strings.IndexRune(strings.ToValidUTF8(text, "\uFFFD"), '\uFFFD'), "expected UTF-8 text"}
	}
	p := parser{text: text}
	var out []clause
	for p.skipSpace(); p.at < len(text); p.skipSpace() {
		if len(out) == maxClauses {
			return nil, p.want("at most %d conditions", maxClauses)
		}
		c, err := p.clause()
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

type parser struct {
	text string
	at   int
}

func (p *parser) want(format string, args ...any) error {
	return &SyntaxError{p.at, "expected " + fmt.Sprintf(format, args...)}
}

func (p *parser) skipSpace() {
	for p.at < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		if !unicode.IsSpace(r) {
			return
		}
		p.at += n
	}
}

func (p *parser) clause() (clause, error) {
	var c clause
	if p.text[p.at] == '-' {
		c.not = true
		p.at++
	}
	start := p.at
	word, quoted, err := p.value()
	if err != nil {
		return c, err
	}
	if field, ok := strings.CutSuffix(word, ":"); ok && !quoted && p.at < len(p.text) && p.text[p.at] == '"' {
		c.field = field // theme:"late delivery"
		if word, _, err = p.value(); err != nil {
			return c, err
		}
	} else if field, rest, ok := strings.Cut(word, ":"); ok && !quoted && isField(field) {
		c.field, word = field, rest
	}
	if c.field == "" {
		return p.words(c, word, quoted, start)
	}
	return p.field(c, word, start)
}

// isField says that what stands before a colon names a field, rather than
// being part of a word such as "10:30".
func isField(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' }) < 0
}

// value reads up to a space, or a text in quotes.
func (p *parser) value() (text string, quoted bool, err error) {
	if p.at < len(p.text) && p.text[p.at] == '"' {
		end := strings.IndexByte(p.text[p.at+1:], '"')
		if end < 0 {
			return "", true, p.want("a closing quote for this one")
		}
		text = p.text[p.at+1 : p.at+1+end]
		p.at += end + 2
		return text, true, nil
	}
	start := p.at
	for p.at < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		if unicode.IsSpace(r) || r == '"' {
			break
		}
		p.at += n
	}
	return p.text[start:p.at], false, nil
}

// words makes a clause over the utterance's words.
func (p *parser) words(c clause, text string, quoted bool, start int) (clause, error) {
	if stem, ok := strings.CutSuffix(text, "*"); ok && !quoted {
		if utf8.RuneCountInString(stem) < minPrefix || strings.IndexFunc(stem, noLetter) >= 0 {
			p.at = start
			return c, p.want("at least %d letters before the star, and nothing else", minPrefix)
		}
		c.prefix, text = true, stem
	}
	if strings.IndexFunc(text, func(r rune) bool { return !noLetter(r) }) < 0 {
		p.at = start
		return c, p.want("a word, a \"phrase\", a beginning* or one of the fields %s:", strings.Join(fields, ":, "))
	}
	c.text, c.exact = text, quoted
	return c, nil
}

func noLetter(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
}

// field makes a clause over a field.
func (p *parser) field(c clause, value string, start int) (clause, error) {
	c.field = strings.ToLower(c.field)
	place := start + len(c.field) + 1
	if !slices.Contains(fields, c.field) {
		p.at = start
		return c, p.want("one of the fields %s, got %q", strings.Join(fields, ", "), c.field)
	}
	p.at, place = place, p.at
	if value == "" {
		return c, p.want("a value behind %s:", c.field)
	}
	switch c.field {
	case "speaker":
		value = strings.ToLower(value)
		if value != string(insights.Customer) && value != string(insights.Agent) {
			return c, p.want("customer or agent")
		}
	case "intent", "theme":
		value = strings.Join(strings.Fields(strings.ToLower(value)), "_")
	case "date":
		var ok bool
		if c.from, c.to, ok = dates(value); !ok {
			return c, p.want("a day as 2026-11-01, or two as 2026-11-01..2026-11-15, the first not after the second")
		}
	}
	p.at = place
	c.text = value
	return c, nil
}

// dates reads a day or a range of days, in UTC.
func dates(s string) (from, to time.Time, ok bool) {
	first, last, ranged := strings.Cut(s, "..")
	if !ranged {
		last = first
	}
	var err error
	if first != "" {
		if from, err = time.Parse(time.DateOnly, first); err != nil {
			return from, to, false
		}
	}
	if last != "" {
		if to, err = time.Parse(time.DateOnly, last); err != nil {
			return from, to, false
		}
		to = to.AddDate(0, 0, 1)
	}
	ok = (first != "" || last != "") && (from.IsZero() || to.IsZero() || from.Before(to))
	return from, to, ok
}
