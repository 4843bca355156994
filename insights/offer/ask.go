package offer

import (
	"slices"
	"strings"
)

// question is the last thing that an agent asked in a passage.
type question struct {
	words      []string // from where the question begins
	puts       bool     // it puts an offer to the customer
	permission bool     // it asks whether something is all right
}

// openers begin a question, and those of putting put an offer. Longer ones
// stand before those that they begin with.
var (
	putting = []string{
		"would you like", "would you be interested", "would you want", "shall i", "shall we", "should i", "should we", "do you want", "are you interested",
		"may i add", "may i offer", "may i book", "may i send", "may i pass", "can i offer", "can i add", "can i book", "can i interest", "could i offer", "could i interest", "could i add",
		"can i set", "can i put that", "can i put it", "can i sign",
		"would that", "would it", "does that sound", "does that help", "does that work", "how does that sound", "is that something", "how about", "what about", "what do you think", "would this",
		"are you happy for", "do we have a deal", "can we do that", "may we add",
	}
	permitting = []string{"is that okay", "is this okay", "is it okay", "is that all right", "is that fine", "would that be okay", "would that be all right", "if that is okay"}
	openers    = []string{
		"would you mind", "do you mind", "is that a problem", "any objection", "would you", "can i", "could i", "may i", "can you", "could you", "do you", "did you", "are you", "have you", "will you", "is it",
		"is that", "is this", "is there", "is your", "is the", "are there", "are we", "are these", "was that", "was it", "what is", "what was", "which", "when", "where", "who", "how can", "how did", "how long", "how many", "how much", "does the",
		"does your", "does it", "what", "why",
	}
)

// lastQuestion finds what a passage asked last.
func lastQuestion(words []string) (question, bool) {
	for at := range slices.Backward(words) {
		rest := strings.Join(words[at:], " ") + " "
		begins := func(p string) bool { return strings.HasPrefix(rest, p+" ") }
		switch {
		case slices.ContainsFunc(permitting, begins):
			return question{words[at:], true, true}, true
		case slices.ContainsFunc(putting, begins):
			return question{words: words[at:], puts: true}, true
		case slices.ContainsFunc(openers, begins) && !within(words, at):
			return question{words: words[at:]}, true
		}
	}
	return question{}, false
}

// within says whether words that look like the beginning of a question stand
// within a sentence: "which is free", "tell you what it costs", or belong to a
// question that began before them.
func within(words []string, at int) bool {
	one := words[at]
	if !slices.Contains([]string{"what", "which", "when", "where", "who", "why", "how"}, one) {
		before := strings.Join(words[max(0, at-2):at], " ")
		return at > 0 && (strings.HasSuffix(before, "if") || strings.HasSuffix(before, "whether") || slices.Contains([]string{"that", "what", "which", "fiber", "it", "this"}, words[at-1]) && one == "is")
	}
	if at == 0 {
		return false
	}
	for _, w := range words[max(0, at-5):at] {
		if slices.Contains([]string{"tell", "hear", "see", "know", "check", "about", "at", "for", "than", "as", "with", "like"}, w) {
			return true
		}
	}
	return false
}

// offers says whether a question puts a suggestion to the customer: it has
// words of it, or none that are about something else.
func (q *question) offers(m *match) bool {
	if !q.puts {
		return false
	}
	other := 0
	for _, w := range q.words {
		w = stem(w)
		switch {
		case m.about[w]:
			return !q.thinks()
		case !empty[w] && !asking[w]:
			other++
		}
	}
	return other == 0 && !q.thinks()
}

// thinks says that the customer is asked whether to wait.
func (q *question) thinks() bool {
	return slices.ContainsFunc(q.words, func(w string) bool { return w == "think" || w == "wait" || w == "later" }) && !strings.HasPrefix(strings.Join(q.words, " "), "what do you think")
}

// asking are the words in which an offer is put, whatever it is.
var asking = set(`interested interest sound sounds good great nice okay fine add set sign upgrade try tempt happy ahead work works arrange do deal
	useful lot bit better fit that this it be you like to have with for some any book order start switch`)
