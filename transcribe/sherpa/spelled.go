package sherpa

import (
	"strings"

	"heed/transcribe"
)

// atLeast is how many letters or digits without a doubt make a run of them.
const atLeast = 3

// asLetter gives the letter that a word sounds like.
func asLetter(word string) (string, bool) {
	letter, ok := map[string]string{
		"be": "b", "bee": "b", "see": "c", "sea": "c", "gee": "g", "eye": "i", "jay": "j", "kay": "k", "en": "n",
		"oh": "o", "pea": "p", "queue": "q", "cue": "q", "are": "r", "tea": "t", "tee": "t", "you": "u", "ex": "x", "why": "y",
	}[word]
	return letter, ok
}

// asDigit gives the digit that a word sounds like.
func asDigit(word string) (string, bool) {
	digit, ok := map[string]string{
		"won": "one", "to": "two", "too": "two", "for": "four", "fore": "four", "sex": "six", "ate": "eight",
	}[word]
	return digit, ok
}

func isLetter(word string) bool { return len(word) == 1 }

func isDigit(word string) bool {
	return word != "" && strings.Contains(" zero oh one two three four five six seven eight nine ", " "+word+" ")
}

// sureLetter is a letter that is no word.
func sureLetter(word string) bool { return isLetter(word) && word != "a" && word != "i" }

// spelled writes what sounds like a letter as one where somebody spells, and
// likewise with digits. The run must begin and end with a letter that is no
// word, and more than half of it must be such letters: "p i t s b you are g h"
// is spelled, "i see a b" is not.
func spelled(words []transcribe.Word) []transcribe.Word {
	respell(words, isLetter, sureLetter, asLetter)
	respell(words, isDigit, isDigit, asDigit)
	return words
}

func respell(words []transcribe.Word, is, sure func(string) bool, as func(string) (string, bool)) {
	for from := 0; from < len(words); from++ {
		if !sure(words[from].Text) {
			continue
		}
		end, certain, doubtful := from, 0, 0
		for i := from; i < len(words); i++ {
			text := words[i].Text
			_, could := as(text)
			if !is(text) && !could {
				break
			}
			if sure(text) {
				end, certain = i, certain+1
			}
		}
		for _, w := range words[from : end+1] {
			if !sure(w.Text) {
				doubtful++
			}
		}
		if certain >= atLeast && certain > doubtful {
			replace(words[from:end+1], as)
		}
		from = end
	}
}

func replace(words []transcribe.Word, as func(string) (string, bool)) {
	for i := range words {
		if text, ok := as(words[i].Text); ok {
			words[i].Text = text
		}
	}
}
