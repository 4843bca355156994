package redact

import (
	"regexp"
	"strings"
)

// national is the form of one country's number of a person, with its check.
type national struct {
	country string
	form    *regexp.Regexp // of its letters and digits alone
	check   func(id string) bool
	// named numbers have no check digit: the form alone is not enough unless
	// it holds letters or was written with its dashes.
	dashes *regexp.Regexp
}

// nationals are the forms known, from the countries' own descriptions; never
// changed.
var nationals = []national{
	{country: "us", dashes: regexp.MustCompile(`\b(?:00[1-9]|0[1-9]\d|[1-578]\d\d|6[0-57-9]\d|66[0-57-9])[- ](?:0[1-9]|[1-9]\d)[- ](?:000[1-9]|00[1-9]\d|0[1-9]\d\d|[1-9]\d{3})\b`)},
	{country: "gb", form: regexp.MustCompile(`^[abceghjklmnoprstwxyz][abceghjklmnprstwxyz]\d{6}[abcd]$`)},
	{country: "ca", form: regexp.MustCompile(`^[1-79]\d{8}$`), check: luhnValid},
	{country: "fr", form: regexp.MustCompile(`^[12]\d{14}$`), check: func(id string) bool {
		return 97-remainder(id[:13], 97) == remainder(id[13:], 1000)
	}},
	{country: "de", form: regexp.MustCompile(`^[1-9]\d{10}$`), check: elevenTen},
	{country: "es", form: regexp.MustCompile(`^(?:\d{8}|[xyz]\d{7})[a-z]$`), check: func(id string) bool {
		number := strings.NewReplacer("x", "0", "y", "1", "z", "2").Replace(id[:1]) + id[1:8]
		return "trwagmyfpdxbnjzsqvhlcke"[remainder(number, 23)] == id[8]
	}},
	{country: "nl", form: regexp.MustCompile(`^\d{9}$`), check: func(id string) bool {
		return weighted(id, 9, 8, 7, 6, 5, 4, 3, 2, -1)%11 == 0
	}},
	{country: "pl", form: regexp.MustCompile(`^\d{11}$`), check: func(id string) bool {
		return weighted(id, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)%10 == 0
	}},
	{country: "se", form: regexp.MustCompile(`^\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{4}$`), check: luhnValid},
	{country: "is", form: regexp.MustCompile(`^(?:[0-2]\d|3[01])(?:0[1-9]|1[0-2])\d{5}[089]$`), check: func(id string) bool {
		return weighted(id, 3, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0
	}},
	{country: "br", form: regexp.MustCompile(`^\d{11}$`), check: func(id string) bool {
		a := weighted(id, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
		b := weighted(id, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
		return a == int(id[9]-'0') && b == int(id[10]-'0') && strings.Count(id, id[:1]) < 11
	}},
	{country: "in", form: regexp.MustCompile(`^[2-9]\d{11}$`), check: verhoeff},
}

func countries() string {
	names := make([]string, len(nationals))
	for i, n := range nationals {
		names[i] = n.country
	}
	return strings.Join(names, ", ")
}

// luhnValid checks as ISO/IEC 7812-1 does.
func luhnValid(d string) bool {
	sum := 0
	for i := range len(d) {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			v = v*2 - 9*(v/5)
		}
		sum += v
	}
	return sum%10 == 0
}

// elevenTen checks as ISO/IEC 7064, MOD 11,10 does.
func elevenTen(d string) bool {
	product := 10
	for i := range len(d) - 1 {
		sum := (int(d[i]-'0') + product) % 10
		if sum == 0 {
			sum = 10
		}
		product = sum * 2 % 11
	}
	return (11-product)%10 == int(d[len(d)-1]-'0')
}

// weighted sums the digits of a number with their weights.
func weighted(d string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(d[i]-'0')
	}
	return sum
}

// remainder divides a long number.
func remainder(digits string, by int) int {
	rest := 0
	for i := range len(digits) {
		rest = (rest*10 + int(digits[i]-'0')) % by
	}
	return rest
}

// verhoeff checks as Verhoeff (1969) does, by the dihedral group D5.
func verhoeff(d string) bool {
	shift := [10]int{1, 5, 7, 6, 2, 8, 3, 0, 9, 4}
	sum := 0
	for i := range len(d) {
		v := int(d[len(d)-1-i] - '0')
		for range i % 8 {
			v = shift[v]
		}
		sum = dihedral(sum, v)
	}
	return sum == 0
}

// dihedral multiplies in the group of a pentagon's five turns and five flips.
func dihedral(a, b int) int {
	switch {
	case a < 5 && b < 5:
		return (a + b) % 5
	case a < 5:
		return 5 + (a+b)%5
	case b < 5:
		return 5 + (a-b)%5
	default:
		return (a - b + 5) % 5
	}
}

// isIBAN checks as ISO 13616 does; letters are small.
func isIBAN(s string) bool {
	rest := 0
	for _, r := range s[4:] + s[:4] {
		if r >= 'a' {
			rest = (rest*100 + int(r-'a') + 10) % 97
		} else {
			rest = (rest*10 + int(r-'0')) % 97
		}
	}
	return rest == 1
}

// piece is a part of a number that mixes letters and digits.
type piece struct {
	from, to int // bytes of the text
	chars    string
	digits   bool
}

// lengths gives how long the account numbers of each country are, from the
// register of ISO 13616; never changed.
var lengths = func() map[string]int {
	m := make(map[string]int)
	const list = `no15 be16 dk18 fi18 fo18 nl18 mk19 si19 at20 ba20 ee20 kz20 lt20 lu20 xk20 ch21 cr22 de22 gb22 ge22 ie22 me22
		rs22 bg22 bh22 hr21 lv21 li21 ae23 il23 gi23 ad24 cz24 es24 md24 pk24 ro24 sa24 se24 sk24 tn24 vg24 pt25 is26 tr26
		fr27 gr27 it27 mc27 sm27 mr27 al28 az28 cy28 do28 gt28 hu28 lb28 pl28 by28 sv28 br29 eg29 qa29 ua29 jo30 kw30 mu30
		mt31 lc32 sc31 ly25 iq23 tl23 va22 st25`
	for entry := range strings.FieldsSeq(list) {
		m[entry[:2]] = int(entry[2]-'0')*10 + int(entry[3]-'0')
	}
	return m
}()

const (
	longestIBAN  = 34
	groupLetters = 4 // of letters in a number, written together
)

// findNumbers finds what check digits and forms tell: IBANs and the numbers of
// persons, read out or written in groups.
func (p *pass) findNumbers() {
	ibans := !p.policy.keeps(p.who, nameBank)
	persons := p.policy.national
	if p.policy.keeps(p.who, nameIdentity) {
		persons = nil
	}
	if len(p.runs) == 0 || !ibans && len(persons) == 0 {
		return
	}
	for _, n := range persons {
		if n.dashes == nil {
			continue
		}
		for _, at := range n.dashes.FindAllStringIndex(p.text, -1) {
			p.found(at[0], at[1], nameIdentity)
		}
	}
	pieces := p.pieces()
	for i := range pieces {
		if ibans && p.findIBAN(pieces[i:]) {
			continue
		}
		p.findPerson(pieces[i:], persons)
	}
}

// pieces gives the runs, and the letters that stand near them, in order.
func (p *pass) pieces() []piece {
	var out []piece
	run := 0
	for i := 0; i < len(p.tokens); i++ {
		t := &p.tokens[i]
		if run < len(p.runs) && i == p.runs[run].first {
			r := &p.runs[run]
			if c := letters(p.text[t.from:p.tokens[r.last].to]); r.written && i == r.last && mixed(c) {
				out = append(out, piece{t.from, t.to, c, false})
			} else {
				out = append(out, p.split(r)...)
			}
			i, run = r.last, run+1
			continue
		}
		c := letters(p.text[t.from:t.to])
		if t.own || c == "" || len(c) > groupLetters {
			c = "" // it parts what stands beside it
		}
		out = append(out, piece{t.from, t.to, c, false})
	}
	return out
}

// split gives a run as one piece, or word by word when some of it was written
// with letters inside.
func (p *pass) split(r *judged) []piece {
	tokens := p.tokens[r.first : r.last+1]
	var out []piece
	for _, t := range tokens {
		if t.class == number && t.scale == literal && mixed(letters(p.text[t.from:t.to])) {
			out = append(out, piece{t.from, t.to, letters(p.text[t.from:t.to]), false})
		} else if t.class == number && t.scale == literal {
			out = append(out, piece{t.from, t.to, t.digits, true})
		}
	}
	if len(out) == len(tokens) {
		return out
	}
	return []piece{{tokens[0].from, tokens[len(tokens)-1].to, r.digits, true}}
}

func mixed(s string) bool {
	return strings.ContainsAny(s, "0123456789") && strings.Trim(s, "0123456789") != ""
}

// findIBAN finds an account number that begins with the first piece.
func (p *pass) findIBAN(pieces []piece) bool {
	var b strings.Builder
	for _, c := range pieces {
		if c.chars == "" || b.Len()+len(c.chars) > longestIBAN {
			return false
		}
		b.WriteString(c.chars)
		s := b.String()
		if len(s) >= 4 && !ibanHead(s) {
			return false
		}
		if len(s) >= 4 && len(s) == lengths[s[:2]] && isIBAN(s) {
			p.found(pieces[0].from, c.to, nameBank)
			return true
		}
	}
	return false
}

// ibanHead says that a text begins with a country and two digits.
func ibanHead(s string) bool {
	return lengths[s[:2]] > 0 && s[2] <= '9' && s[3] <= '9'
}

// findPerson finds a person's number that begins with the first piece.
func (p *pass) findPerson(pieces []piece, forms []national) {
	const longest = 15
	s := ""
	for _, c := range pieces {
		if c.chars == "" || len(s)+len(c.chars) > longest {
			return
		}
		s += c.chars
		for _, n := range forms {
			if n.form != nil && n.form.MatchString(s) && (n.check == nil || n.check(s)) {
				p.found(pieces[0].from, c.to, nameIdentity)
				return
			}
		}
	}
}
