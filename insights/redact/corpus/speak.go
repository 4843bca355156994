package corpus

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	ones  = strings.Fields("zero one two three four five six seven eight nine")
	teens = strings.Fields("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	tens  = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
)

// Speak gives a turn as a recogniser would write it: lower case, no marks,
// digits as words. In labelled words that mix letters and digits the letters
// are said one by one, and in e-mail addresses the marks by name.
func Speak(t Turn, r *rand.Rand) Turn {
	var out Turn
	for i, w := range t.Words {
		for _, said := range speakWord(w, t.Labels[i] != "", r) {
			out.Words, out.Labels = append(out.Words, said), append(out.Labels, t.Labels[i])
		}
	}
	return out
}

// Write gives a turn as an engine that sets capitals and a full stop would.
func Write(t Turn) Turn {
	out := Turn{Words: slices.Clone(t.Words), Labels: t.Labels}
	for i, w := range out.Words {
		kind := t.Labels[i]
		if k := Kind(kind); k != "" {
			kind = k
		}
		if i == 0 || w == "i" || w == "i'm" || strings.Contains(" name address place organization ", " "+kind+" ") && kind != "" {
			out.Words[i] = capital(w)
		}
	}
	if n := len(out.Words); n > 0 {
		out.Words[n-1] += "."
	}
	return out
}

func capital(w string) string {
	r, n := utf8.DecodeRuneInString(w)
	return string(unicode.ToUpper(r)) + w[n:]
}

func speakWord(w string, labelled bool, r *rand.Rand) []string {
	w = strings.ToLower(w)
	spelled := labelled && strings.IndexFunc(w, unicode.IsDigit) >= 0 && len(w) <= 12
	var out []string
	for len(w) > 0 {
		n := strings.IndexFunc(w, func(r rune) bool { return !unicode.IsDigit(r) })
		if n < 0 {
			n = len(w)
		}
		if n > 0 {
			out, w = append(out, Digits(w[:n], r)...), w[n:]
			continue
		}
		n = strings.IndexFunc(w, unicode.IsDigit)
		if n < 0 {
			n = len(w)
		}
		out, w = append(out, speakLetters(w[:n], spelled)...), w[n:]
	}
	return out
}

// marks are the names of what stands in addresses.
var marks = strings.NewReplacer("@", " at ", ".", " dot ", "_", " underscore ", "-", " dash ")

func speakLetters(w string, spelled bool) []string {
	if strings.Contains(w, "@") || strings.Contains(strings.Trim(w, "."), ".") {
		w = marks.Replace(strings.Trim(w, ".,;:?!"))
	}
	w = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || r == '\'' || r == ' ' {
			return r
		}
		return ' '
	}, w)
	if spelled {
		w = strings.Join(strings.Split(w, ""), " ")
	}
	return strings.Fields(w)
}

// Digits says a number as people do: mostly digit by digit, some pairs
// together, some doubles.
func Digits(d string, r *rand.Rand) []string {
	d = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, d)
	var out []string
	for len(d) > 0 {
		said, n := someDigits(d, r)
		out, d = append(out, said...), d[n:]
	}
	return out
}

// someDigits says the first one or two digits of a number.
func someDigits(d string, r *rand.Rand) (said []string, n int) {
	a, pick := int(d[0]-'0'), r.IntN(10)
	if len(d) == 1 || pick >= 4 {
		return []string{digit(a, r)}, 1
	}
	b := int(d[1] - '0')
	switch {
	case a == b:
		return []string{"double", digit(a, r)}, 2
	case a == 1 && pick < 2:
		return []string{teens[b]}, 2
	case a > 1 && b == 0 && pick < 2:
		return []string{tens[a]}, 2
	case a > 1 && pick < 2:
		return []string{tens[a], ones[b]}, 2
	default:
		return []string{digit(a, r)}, 1
	}
}

func digit(d int, r *rand.Rand) string {
	if d == 0 && r.IntN(2) == 0 {
		return "oh"
	}
	return ones[d]
}
