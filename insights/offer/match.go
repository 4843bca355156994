package offer

import (
	"slices"
	"strings"

	"heed/insights"
)

const (
	// enough is the weight that words need to mean a suggestion, and ahead by
	// how much it must be above every other.
	enough, ahead = 3.0, 1.5
	// A word of the title names the thing; what every call is about names little.
	// Two words that stand together in the suggestion as well say more than each.
	inTitle, inSay, commonTitle, commonSay, together = 3.0, 1.5, 1.0, 0.75, 1.0
)

// match is a suggestion that a passage means.
type match struct {
	id    string
	turn  string // the utterance that brought the most
	turns []string
	about map[string]bool // the suggestion's own words
}

// in says whether an utterance had words of the suggestion.
func (m match) in(utterance string) bool { return slices.Contains(m.turns, utterance) }

// meant gives the one suggestion that an agent's passage offers.
func meant(p passage) (match, bool) {
	if p.speaker != insights.Agent || !frame(p.words) {
		return match{}, false
	}
	var best, second float64
	var found match
	for _, s := range shown(p) {
		m, weight := weigh(p, s)
		switch {
		case weight > best:
			found, best, second = m, weight, best
		case weight > second:
			second = weight
		}
	}
	return found, best >= enough && second < enough && best-second >= ahead
}

// several says whether a passage offers more than one.
func several(p passage) bool {
	n := 0
	for _, s := range shown(p) {
		if _, weight := weigh(p, s); weight >= enough {
			n++
		}
	}
	return n > 1
}

// shown gives what stood on the screen in a passage, each once.
func shown(p passage) []insights.Suggestion {
	var out []insights.Suggestion
	for _, t := range p.turns {
		for _, s := range t.Shown {
			if !slices.ContainsFunc(out, func(o insights.Suggestion) bool { return o.ID == s.ID }) {
				out = append(out, s)
			}
		}
	}
	return out
}

// weigh sums up the words of a suggestion that were said while it stood there,
// each once.
func weigh(p passage, s insights.Suggestion) (match, float64) {
	weights := weightsOf(s)
	m := match{id: s.ID, about: make(map[string]bool, len(weights))}
	for w := range weights {
		m.about[w] = true
	}
	var sum, most float64
	for _, t := range p.turns {
		if !slices.ContainsFunc(t.Shown, func(o insights.Suggestion) bool { return o.ID == s.ID }) {
			continue
		}
		var own float64
		before := ""
		for _, w := range wordsOf(t.Text) {
			w = stem(w)
			for _, key := range []string{w, before + " " + w} {
				own += weights[key]
				delete(weights, key)
			}
			before = w
		}
		if own > 0 {
			m.turns = append(m.turns, t.ID)
		}
		if sum += own; own > most {
			m.turn, most = t.ID, own
		}
	}
	return m, sum
}

func weightsOf(s insights.Suggestion) map[string]float64 {
	out := make(map[string]float64)
	add := func(text string, own, common float64) {
		before := ""
		for _, w := range wordsOf(text) {
			w = stem(w)
			switch {
			case empty[w]:
			case usual[w]:
				out[w] = max(out[w], common)
			default:
				out[w] = max(out[w], own)
			}
			if !empty[w] && !empty[before] && before != "" {
				out[before+" "+w] = together
			}
			before = w
		}
	}
	add(s.Title, inTitle, commonTitle)
	add(s.Say, inSay, commonSay)
	return out
}

// stem takes off what the same word ends in elsewhere.
func stem(w string) string {
	for _, end := range []string{"ing", "ed", "es", "s"} {
		if rest, ok := strings.CutSuffix(w, end); ok && len(rest) >= 4 && !strings.HasSuffix(rest, "s") {
			w = rest
			break
		}
	}
	if len(w) > 4 {
		w = strings.TrimSuffix(w, "e")
	}
	return w
}

func set(words string) map[string]bool {
	out := make(map[string]bool)
	for _, w := range wordsOf(words) {
		out[stem(w)] = true
	}
	return out
}

// empty are words that name nothing, and usual those of every call.
var (
	empty = set(`a an the and or but if so as at by for from in into of off on onto out over to up with without along together while
		i you we they he she it me us them my your our their its this that these those there here who what which when where how why
		is are was were be been am do does did have has had will would shall should can could may might must let not no yes
		now then again really very quite about just also too than more most much many same else all any some every each next last
		one own well like as say says said tell told go goes going get gets getting give gives given take takes taking put make
		makes made offer offers would will sorry thank please okay 1 thing things way something nothing anything never ever
		gladly first second see look looking hear help helping right ask asking stay think know want need back through today
		course moment time long kind happen happened customers customer`)
	usual = set(`contract account bill bills line price cost costs plan date day month months week year years address number call check
		send book open possible available phone e-mail email payment pay bank card order today minute service 2 3 10 12 20 percent
		euros euro dollars dollar fee free home street bring welcome use choose fit fits still have new`)
)

// frames are how an offer is put; refusals and what is told of the past are
// none.
var (
	frames = []string{
		"i can", "we can", "i could", "we could", "you can", "you could", "you may", "i will", "we will", "would you", "shall i", "shall we", "should i", "should we",
		"may i", "can i", "could i", "how about", "what about", "do you want", "are you interested", "there is", "there are", "lets you", "let us", "let me", "is available", "at your address",
		"i am getting", "i am returning", "i am sending", "i am measuring", "i have added", "i would like to offer", "is a variable", "i am adding", "i am booking", "we have", "we do have", "and the", "that we offer",
	}
	unframes = []string{
		"unfortunately", "i can not", "we can not", "can not offer", "not available", "no longer", "not possible", "you had", "you have had", "already have", "not have",
		"was cancelled", "ended in", "has ended", "expired", "i can see that", "i see that",
	}
)

func frame(words []string) bool {
	text := " " + strings.Join(words, " ") + " "
	has := func(p string) bool { return strings.Contains(text, " "+p+" ") }
	return slices.ContainsFunc(frames, has) && !slices.ContainsFunc(unframes, has)
}
