package discover

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"heed/insights/theme/terms"
)

// described is what themes are described from.
type described struct {
	turns   []Turn
	words   [][]terms.Word
	kept    []int // the turns that were grouped
	points  points
	options Options
}

const (
	reachShare = 0.05 // share of a theme's own turns that its reach leaves out
	themeCalls = 3    // calls that a theme needs
	keyTerms   = 40   // terms that a theme is known by
	maxPhrases = 8
)

// calls counts the different calls of members; a turn of no call is one.
func (d *described) calls(members []int) int {
	calls := map[string]bool{}
	for _, p := range members {
		t := d.turns[d.kept[p]]
		calls[cmp.Or(t.CallID, "turn "+t.ID)] = true
	}
	return len(calls)
}

// describe makes a theme of each group, largest first. Those of too few
// calls are left out.
func (m *Model) describe(d described, middles points) {
	members := make([][]int, middles.len()) // places in kept
	for i := range d.kept {
		g, _ := nearest(middles, d.points.at(i))
		members[g] = append(members[g], i)
	}
	order := make([]int, 0, len(members))
	for c := range members {
		if n := d.calls(members[c]); n >= themeCalls || n > 0 && d.options.All {
			order = append(order, c)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(members[b]), len(members[a])) })
	m.middles = points{size: d.points.size}
	for at, c := range order {
		m.middles.data = append(m.middles.data, middles.at(c)...)
		t, reach := m.theme(d, members[c], at)
		m.themes = append(m.themes, t)
		m.reach = append(m.reach, reach)
	}
	ordered := make([][]int, len(order))
	for at, c := range order {
		ordered[at] = members[c]
	}
	m.phrases(d, ordered)
}

// theme counts a theme and finds its quotes and its reach.
func (m *Model) theme(d described, members []int, at int) (Theme, float32) {
	t := Theme{Turns: len(members), Calls: d.calls(members)}
	scores := make([]float64, len(members))
	for i, p := range members {
		scores[i] = share(dot(d.points.at(p), m.middles.at(at)))
		t.Cohesion += scores[i] / float64(len(members))
	}
	t.Quotes = quotes(d, members, scores)
	slices.Sort(scores)
	return t, float32(scores[int(reachShare*float64(len(scores)))])
}

const (
	fewWords  = 4  // a shorter quote says too little
	manyWords = 40 // a longer one is not read
)

// quotes picks the turns nearest to the middle, each of another call and with
// other words, of readable length where there are such.
func quotes(d described, members []int, scores []float64) []Quote {
	order := make([]int, len(members))
	for i := range order {
		order[i] = i
	}
	typical := func(i int) float64 {
		if n := len(d.words[d.kept[members[i]]]); n < fewWords || n > manyWords {
			return scores[i] - 1
		}
		return scores[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(typical(b), typical(a)) })
	var out []Quote
	seen := map[string]bool{}
	for _, i := range order {
		t := d.turns[d.kept[members[i]]]
		text := "text " + strings.ToLower(strings.Join(strings.Fields(t.Text), " "))
		if call := "call " + t.CallID; !seen[call] && !seen[text] {
			seen[call], seen[text] = t.CallID != "", true
			out = append(out, Quote{TurnID: t.ID, CallID: t.CallID, Text: t.Text, At: t.At, Score: scores[i]})
		}
		if len(out) == d.options.Quotes {
			break
		}
	}
	return out
}

// phraseTurns is in one of how many of a theme's turns a phrase must be.
const phraseTurns = 30

// maxPhrase is how many words a phrase has at most.
const maxPhrase = 4

// tally counts phrases by theme.
type tally struct {
	counts []map[string]int
	total  map[string]int
}

// phrases finds the terms and phrases that tell each theme from the others:
// weight = share of the theme's turns x log(1 + mean turns a theme / turns of
// the phrase in all), class-based TF-IDF (Grootendorst, "BERTopic", 2022) over
// turns that have the phrase.
func (m *Model) phrases(d described, members [][]int) {
	words, phrases := newTally(len(members)), newTally(len(members))
	for c, group := range members {
		for _, p := range group {
			said := d.words[d.kept[p]]
			words.add(c, m.told(said))
			phrases.add(c, m.candidates(said))
		}
	}
	mean := float64(len(d.kept)) / float64(len(members))
	m.keys = make([]map[string]float64, len(members))
	for c, group := range members {
		m.keys[c] = map[string]float64{}
		for _, w := range words.best(c, len(group), mean, keyTerms) {
			m.keys[c][w.text] = w.weight
		}
		m.themes[c].Phrases = telling(phrases.best(c, len(group), mean, 10*maxPhrases), maxPhrases)
	}
}

func newTally(n int) tally {
	t := tally{counts: make([]map[string]int, n), total: map[string]int{}}
	for i := range t.counts {
		t.counts[i] = map[string]int{}
	}
	return t
}

// add counts what one turn has, each once.
func (t tally) add(c int, found map[string]bool) {
	for f := range found {
		t.counts[c][f]++
		t.total[f]++
	}
}

type weighted struct {
	text   string
	weight float64
}

// best gives the n phrases of greatest weight. One that hardly a turn has
// is no phrase of the theme.
func (t tally) best(c, turns int, mean float64, n int) []weighted {
	var out []weighted
	for text, count := range t.counts[c] {
		if count < max(2, turns/phraseTurns) {
			continue
		}
		w := float64(count) / float64(turns) * math.Log1p(mean/float64(t.total[text]))
		w *= 1 + 0.5*float64(strings.Count(text, " ")) // longer ones say more
		out = append(out, weighted{text, w})
	}
	slices.SortFunc(out, func(a, b weighted) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.text, b.text))
	})
	return out[:min(n, len(out))]
}

// told gives the telling terms of a turn.
func (m *Model) told(words []terms.Word) map[string]bool {
	out := map[string]bool{}
	for i := range words {
		if m.tells(&words[i]) {
			out[words[i].Term] = true
		}
	}
	return out
}

// candidates gives the phrases of a turn that may name a theme: up to four
// words in a row, none with a digit, that begin and end with a telling one.
func (m *Model) candidates(words []terms.Word) map[string]bool {
	out := map[string]bool{}
	for i := range words {
		if !m.tells(&words[i]) {
			continue
		}
		out[words[i].Text] = true
		for n := 2; n <= maxPhrase && i+n <= len(words) && !hasDigit(words[i+n-1].Text); n++ {
			if m.tells(&words[i+n-1]) {
				out[spell(words[i:i+n])] = true
			}
		}
	}
	return out
}

func hasDigit(s string) bool { return strings.IndexFunc(s, unicode.IsDigit) >= 0 }

func spell(words []terms.Word) string {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = w.Text
	}
	return strings.Join(parts, " ")
}

// telling keeps the first n phrases that bring a word of their own.
func telling(all []weighted, n int) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range all {
		fresh := false
		for part := range strings.FieldsSeq(w.text) {
			fresh = fresh || !seen[part]
		}
		if !fresh {
			continue
		}
		for part := range strings.FieldsSeq(w.text) {
			seen[part] = true
		}
		if out = append(out, w.text); len(out) == n {
			break
		}
	}
	return out
}
