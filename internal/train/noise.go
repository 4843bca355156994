package train

import (
	"math/rand/v2"
	"strings"
)

// noise makes of a text what a speech recogniser may make of it: words get
// lost, and some turn into others that sound the same.
type noise struct {
	drop  float64 // share of words lost
	alike map[string]string
}

// of gives the text with noise.
func (n *noise) of(r *rand.Rand, text string) string {
	words := strings.Fields(text)
	kept := words[:0]
	for _, w := range words {
		if len(words) > 2 && r.Float64() < n.drop {
			continue
		}
		if other := n.alike[strings.ToLower(w)]; other != "" && r.Float64() < 0.1 {
			w = other
		}
		kept = append(kept, w)
	}
	if len(kept) == 0 {
		return text
	}
	return strings.Join(kept, " ")
}

// soundAlikes gives words beside what is heard in their place.
func soundAlikes() map[string]string {
	return map[string]string{
		"bill": "build", "billed": "build", "by": "buy", "buy": "by", "for": "four",
		"to": "two", "sent": "cent", "fare": "fair", "fee": "free", "pin": "pen",
		"atm": "eighty em", "where": "wear", "whole": "hole", "mail": "male", "week": "weak",
		"wait": "weight", "right": "write", "new": "knew", "there": "their", "lost": "last",
		"cheque": "check", "fraud": "frog", "quote": "coat",
	}
}

// halves puts each word of a text on one of two sides.
func halves(r *rand.Rand, text string) (string, string) {
	var left, right []string
	for w := range strings.FieldsSeq(text) {
		if r.IntN(2) == 0 {
			left = append(left, w)
		} else {
			right = append(right, w)
		}
	}
	return strings.Join(left, " "), strings.Join(right, " ")
}
