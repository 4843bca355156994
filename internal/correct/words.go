package correct

import (
	"cmp"
	"slices"
	"strings"

	"heed/internal/event"
	"heed/internal/wer"
)

// Phrase is what the engine got wrong, as it was really said.
type Phrase struct {
	Text  string
	Times int
}

// maxPhrases is how many of them a file of phrases may hold.
const maxPhrases = 200

// longestPhrase is the most words of a phrase: a longer stretch that was
// misheard is no term but a bad line.
const longestPhrase = 4

// Words gives the words and phrases that were misheard so many times or more,
// the most frequent first, and those of the same number in order of the
// alphabet. Stop words at the ends of a phrase, figures, and what is always
// misheard as a part of a longer phrase are left out, and so is what a file of
// phrases does not take: other letters than a to z, and more than 200.
func Words(corrections []event.Correction, times int) []Phrase {
	counts := map[string]int{}
	for _, c := range corrections {
		for _, run := range misheard(c) {
			count(counts, run)
		}
	}
	var out []Phrase
	for text, n := range counts {
		if n >= times && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz' ") == "" && !part(counts, text, n) {
			out = append(out, Phrase{text, n})
		}
	}
	slices.SortFunc(out, func(a, b Phrase) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.Text, b.Text))
	})
	return out[:min(len(out), maxPhrases)]
}

// misheard gives the stretches of a correction that were heard otherwise.
func misheard(c event.Correction) [][]string {
	said := strings.Fields(removed.ReplaceAllString(c.Plain, " "))
	heard := strings.Fields(removed.ReplaceAllString(c.Heard, " "))
	var runs [][]string
	var run []string
	for _, p := range append(wer.Align(said, heard), wer.Pair{}) { // the last one ends a run
		if !p.Same() {
			if p.Said != "" {
				run = append(run, p.Said)
			}
			continue
		}
		if len(run) > 0 {
			runs = append(runs, run)
		}
		run = nil
	}
	return runs
}

// count adds a stretch: as a phrase, when it is short enough to be one, and
// each of its words.
func count(counts map[string]int, run []string) {
	for len(run) > 0 && common(run[0]) {
		run = run[1:]
	}
	for len(run) > 0 && common(run[len(run)-1]) {
		run = run[:len(run)-1]
	}
	if 1 < len(run) && len(run) <= longestPhrase && !slices.ContainsFunc(run, numeric) {
		counts[strings.Join(run, " ")]++
	}
	for _, w := range run {
		if !common(w) && !numeric(w) {
			counts[w]++
		}
	}
}

// part says that a phrase never came without a longer one.
func part(counts map[string]int, text string, n int) bool {
	for longer, m := range counts {
		if m == n && len(longer) > len(text) && strings.Contains(" "+longer+" ", " "+text+" ") {
			return true
		}
	}
	return false
}

// common says that no engine needs to be told of a word: it is in every
// sentence, or a letter.
func common(w string) bool {
	return len([]rune(w)) < 2 || slices.Contains(stopWords, w)
}

// stopWords are English function words, contractions and what people say
// while they think.
var stopWords = strings.Fields(` a about after again all also am an and any are aren't as at be because been before being but by can can't
 could couldn't did didn't do does doesn't doing don't down for from get go going got had has hasn't have haven't having
 he he's her here here's hers him his how i i'd i'll i'm i've if in into is isn't it it's its just know let let's like
 me more most my no nor not now of off oh ok okay on once only or other our out over own please really right say she
 she's should so some still such sure than thank thanks that that's the their them then there there's these they
 they're they've thing this those through to too uh uhm um under until up us very want was wasn't we we'd we'll we're
 we've well were what what's when where which while who who's why will with won't would wouldn't yeah yep yes you you'd
 you'll you're you've your yours `)
