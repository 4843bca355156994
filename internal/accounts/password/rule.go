package password

import (
	_ "embed"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
)

// The shortest and the longest password, in characters.
const (
	Shortest = 12
	Longest  = 128
)

// Why a password is refused. The words are for the person who chose it.
var (
	ErrShort  = errors.New("use at least 12 characters: a few words in a row are easy to remember")
	ErrLong   = errors.New("use at most 128 characters")
	ErrCommon = errors.New("this is among the passwords that are tried first")
	ErrOwn    = errors.New("leave your own name and user name out of it")
	ErrSimple = errors.New("use more than four different characters")
	ErrText   = errors.New("use only characters that can be typed")
)

// common holds passwords of 12 characters and more, and the words that people
// make such passwords of, one a line. They were written down here by hand from
// what is known of how people choose; no list of stolen passwords was copied.
//
//go:embed common.txt
var common string

// Same gives the form in which a password is hashed and compared (RFC 8265,
// OpaqueString), so that it is the same from every keyboard.
func Same(typed string) (string, error) {
	if len(typed) > 4*Longest {
		return "", ErrLong
	}
	same, err := precis.OpaqueString.String(typed)
	if err != nil || !utf8.ValidString(typed) {
		return "", ErrText
	}
	return same, nil
}

// Allowed says why a password may not be used by somebody with these names,
// nil when it may. It is asked of what [Same] gave.
func Allowed(password string, names ...string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < Shortest:
		return ErrShort
	case n > Longest:
		return ErrLong
	}
	folded := strings.ToLower(password)
	different := make(map[rune]bool)
	for _, r := range folded {
		different[r] = true
	}
	if len(different) <= 4 {
		return ErrSimple
	}
	if isCommon(folded) {
		return ErrCommon
	}
	for _, name := range names {
		if holds(folded, strings.ToLower(name)) {
			return ErrOwn
		}
	}
	return nil
}

// isCommon also sees through digits and signs at the ends and in the place of
// letters: P@ssword123456 is password.
func isCommon(folded string) bool {
	core := strings.Map(unleet, strings.TrimRight(strings.TrimLeft(folded, edges), edges))
	for line := range strings.Lines(common) {
		if word := strings.TrimSpace(line); word != "" && (folded == word || core == word) {
			return true
		}
	}
	return false
}

const edges = "0123456789!?.,-_#*+ "

// unleet gives the letter that a sign stands for.
func unleet(r rune) rune {
	switch r {
	case '0':
		return 'o'
	case '1', '!':
		return 'i'
	case '3':
		return 'e'
	case '@', '4':
		return 'a'
	case '$', '5':
		return 's'
	}
	return r
}

// holds says that a password is a name, or little more than a part of it.
func holds(password, name string) bool {
	parts := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" @.-_+", r) })
	for _, part := range parts {
		if len(part) >= 4 && strings.Contains(password, part) && utf8.RuneCountInString(password)-utf8.RuneCountInString(part) < 8 {
			return true
		}
	}
	whole := strings.Join(parts, "")
	return len(name) >= 4 && strings.Contains(password, name) || len(whole) >= 4 && strings.Contains(password, whole)
}
