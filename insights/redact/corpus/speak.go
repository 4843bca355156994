package corpus

import (
	"math/rand/v2"
	"strings"
	"unicode"
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
	var out []string
	for i := 0; i < len(d); {
		if d[i] < '0' || d[i] > '9' {
			i++
			continue
		}
		two := i+1 < len(d) && d[i+1] >= '0' && d[i+1] <= '9'
		a := int(d[i] - '0')
		switch pick := r.IntN(10); {
		case two && d[i] == d[i+1] && pick < 4:
			out, i = append(out, "double", digit(a, r)), i+2
		case two && a == 1 && pick < 2:
			out, i = append(out, teens[d[i+1]-'0']), i+2
		case two && a > 1 && pick < 2:
			out = append(out, tens[a])
			if d[i+1] != '0' {
				out = append(out, ones[d[i+1]-'0'])
			}
			i += 2
		default:
			out, i = append(out, digit(a, r)), i+1
		}
	}
	return out
}

func digit(d int, r *rand.Rand) string {
	if d == 0 && r.IntN(2) == 0 {
		return "oh"
	}
	return ones[d]
}
