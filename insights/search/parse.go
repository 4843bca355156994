package search

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	maxQuery   = 2000 // bytes
	maxClauses = 64
	maxDepth   = 12 // of brackets
	minPrefix  = 2  // letters before a star
	minNear    = 4  // letters before a tilde: shorter words are near to everything
	maxEdits   = 2
	maxSlop    = 20 // words
	usualSlop  = 3

	soon    = 30 * time.Second // within which one thing follows another
	maxSoon = time.Hour
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

// Check parses a query's text and gives a *SyntaxError, or nil.
func Check(text string) error {
	_, err := parse(text, time.Now())
	return err
}

// parse reads a query. Now is the day that "today" is. An empty query is one
// that every utterance meets.
func parse(text string, now time.Time) (node, error) {
	if len(text) > maxQuery {
		return node{}, &SyntaxError{maxQuery, fmt.Sprintf("expected at most %d bytes", maxQuery)}
	}
	if !utf8.ValidString(text) {
		return node{}, &SyntaxError{strings.IndexRune(strings.ToValidUTF8(text, "\uFFFD"), '\uFFFD'), "expected UTF-8 text"}
	}
	p := parser{text: text, now: now}
	if p.skipSpace(); p.at == len(text) {
		return node{op: all}, nil
	}
	n, err := p.either()
	if err == nil && p.at < len(text) {
		err = p.want("an opening bracket for this one")
	}
	return n, err
}

type parser struct {
	text    string
	now     time.Time
	at      int
	clauses int
	depth   int
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

// over says that nothing more belongs to what is being read.
func (p *parser) over() bool {
	p.skipSpace()
	return p.at == len(p.text) || p.text[p.at] == ')'
}

// keyword takes a word that joins others, if it stands here.
func (p *parser) keyword(word string) bool {
	p.skipSpace()
	rest, ok := strings.CutPrefix(p.text[p.at:], word)
	if !ok || rest != "" && !strings.ContainsAny(rest[:1], " \t\n\r()\"<") {
		return false
	}
	p.at += len(word)
	return true
}

// either reads parts of which one must hold.
func (p *parser) either() (node, error) {
	first, err := p.sequence()
	if err != nil {
		return first, err
	}
	parts := []node{first}
	for p.keyword("OR") {
		if p.over() {
			return first, p.want("what OR joins")
		}
		next, err := p.sequence()
		if err != nil {
			return next, err
		}
		parts = append(parts, next)
	}
	return joinedBy(some, parts), nil
}

func joinedBy(o op, parts []node) node {
	if len(parts) == 1 {
		return parts[0]
	}
	return node{op: o, kids: parts}
}

// sequence reads what follows something else.
func (p *parser) sequence() (node, error) {
	first, err := p.every()
	for err == nil && p.keyword("then") {
		first, err = p.follower(first)
	}
	return first, err
}

// follower reads what follows first, behind the word that says so.
func (p *parser) follower(first node) (node, error) {
	within, err := p.within()
	if err != nil {
		return first, err
	}
	if p.over() {
		return first, p.want("what follows")
	}
	second, err := p.every()
	return node{op: then, kids: []node{first, second}, within: within}, err
}

// within reads how soon something follows: <20s, or nothing.
func (p *parser) within() (time.Duration, error) {
	rest, ok := strings.CutPrefix(p.text[p.at:], "<")
	if !ok {
		return soon, nil
	}
	p.at++
	length := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || r == '(' || r == '"' })
	if length < 0 {
		length = len(rest)
	}
	s, ok := seconds(rest[:length])
	if !ok || s == 0 || s > maxSoon.Seconds() {
		return 0, p.want("how soon, as then<20s, at most 1h")
	}
	p.at += length
	return time.Duration(s * float64(time.Second)), nil
}

// every reads parts that must all hold.
func (p *parser) every() (node, error) {
	var parts []node
	for !p.over() && !p.joins() {
		if len(parts) > 0 && p.keyword("AND") && (p.over() || p.joins()) {
			return node{}, p.want("what AND joins")
		}
		n, err := p.one()
		if err != nil {
			return n, err
		}
		parts = append(parts, n)
	}
	if len(parts) == 0 {
		return node{}, p.wantSomething()
	}
	return joinedBy(all, parts), nil
}

// joins says that a word stands here that ends what must all hold.
func (p *parser) joins() bool {
	at := p.at
	found := p.keyword("OR") || p.keyword("then")
	p.at = at
	return found
}

func (p *parser) wantSomething() error {
	return p.want("a word, a \"phrase\", a beginning*, a near~ word or one of the fields %s", names())
}

// one reads a part: a condition, or a query in brackets; with NOT or - before
// it, that it does not hold.
func (p *parser) one() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return node{}, p.want("at most %d brackets and NOTs inside each other", maxDepth)
	}
	defer func() { p.depth-- }()
	p.skipSpace()
	switch {
	case p.keyword("NOT"):
		return p.without()
	case p.at == len(p.text):
		return node{}, p.wantSomething()
	case p.text[p.at] == '-':
		p.at++
		return p.without()
	case p.text[p.at] == '(':
		return p.bracket()
	}
	if p.clauses++; p.clauses > maxClauses {
		return node{}, p.want("at most %d conditions", maxClauses)
	}
	c, err := p.clause()
	return node{leaf: c}, err
}

func (p *parser) without() (node, error) {
	if p.over() || p.joins() {
		return node{}, p.wantSomething()
	}
	n, err := p.one()
	return node{op: not, kids: []node{n}}, err
}

func (p *parser) bracket() (node, error) {
	open := p.at
	p.at++
	n, err := p.either()
	if err != nil {
		return n, err
	}
	if p.at == len(p.text) {
		p.at = open
		return n, p.want("a closing bracket for this one")
	}
	p.at++
	return n, nil
}

func (p *parser) clause() (clause, error) {
	start := p.at
	word, quoted, err := p.value()
	if err != nil {
		return clause{}, err
	}
	if name, ok := strings.CutSuffix(word, ":"); ok && !quoted && p.at < len(p.text) && p.text[p.at] == '"' {
		if word, _, err = p.value(); err != nil { // theme:"late delivery"
			return clause{}, err
		}
		return p.field(name, word, start)
	}
	if name, value, ok := strings.Cut(word, ":"); ok && !quoted && isField(name) {
		return p.field(name, value, start)
	}
	return p.words(word, quoted, start)
}

// isField says that what stands before a colon names a field, rather than
// being part of a word such as "10:30".
func isField(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' && r != '.' }) < 0
}

// value reads up to a space or a bracket, or a text in quotes.
func (p *parser) value() (text string, quoted bool, err error) {
	if p.text[p.at] == '"' {
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
		if unicode.IsSpace(r) || strings.ContainsRune(`"()`, r) {
			break
		}
		p.at += n
	}
	return p.text[start:p.at], false, nil
}

// words makes a clause over the utterance's words.
func (p *parser) words(text string, quoted bool, start int) (clause, error) {
	c := clause{text: text}
	if quoted {
		if err := p.proximity(&c); err != nil {
			return c, err
		}
	}
	end := p.at
	p.at = start
	if want := c.parts(quoted); want != "" {
		return c, p.want("%s", want)
	}
	if strings.IndexFunc(c.text, func(r rune) bool { return !noLetter(r) }) < 0 {
		return c, p.wantSomething()
	}
	p.at = end
	return c, nil
}

// parts takes the marks off a word that say how it is compared; want is what
// is expected when they do not fit.
func (c *clause) parts(quoted bool) (want string) {
	stem, edits, tilde := strings.Cut(c.text, "~")
	switch {
	case quoted:
	case strings.HasSuffix(c.text, "*"):
		c.how, c.text = begins, strings.TrimSuffix(c.text, "*")
		if utf8.RuneCountInString(c.text) < minPrefix || strings.IndexFunc(c.text, noLetter) >= 0 {
			return fmt.Sprintf("at least %d letters before the star, and nothing else", minPrefix)
		}
	case tilde:
		c.how, c.text, c.edits = near, stem, 1
		if edits != "" {
			c.edits, _ = strconv.Atoi(edits)
		}
		if c.edits < 1 || c.edits > maxEdits || utf8.RuneCountInString(stem) < minNear || strings.IndexFunc(stem, noLetter) >= 0 {
			return fmt.Sprintf("at least %d letters before the tilde, and behind it nothing, 1 or 2", minNear)
		}
	}
	return ""
}

// proximity reads what stands behind a phrase: "refund late"~5.
func (p *parser) proximity(c *clause) error {
	c.how = asTyped
	if p.at == len(p.text) || p.text[p.at] != '~' {
		return nil
	}
	p.at++
	digits := p.at
	for p.at < len(p.text) && '0' <= p.text[p.at] && p.text[p.at] <= '9' {
		p.at++
	}
	c.how, c.slop = beside, usualSlop
	if digits == p.at {
		return nil
	}
	var err error
	if c.slop, err = strconv.Atoi(p.text[digits:p.at]); err != nil || c.slop > maxSlop {
		p.at = digits
		return p.want("at most %d words between", maxSlop)
	}
	return nil
}

func noLetter(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
}

// field makes a clause over a field.
func (p *parser) field(name, value string, start int) (clause, error) {
	end := p.at
	name = strings.ToLower(name)
	f, nearest, ok := fieldOf(name)
	if !ok {
		p.at = start
		return clause{}, p.want("%s", unknown(name, nearest))
	}
	c := clause{field: name}
	p.at = start + len(name) + 1
	if value == "" {
		return c, p.want("a value behind %s:", name)
	}
	if want := f.read(&c, value, p.now); want != "" {
		return c, p.want("%s", want)
	}
	p.at = end
	return c, nil
}
