package offer

import (
	"slices"
	"strings"

	"heed/insights"
)

// What plainly puts off, refuses or agrees, wherever it stands.
var (
	waits = []string{
		"not now", "not right now", "not today", "not at the moment", "not just now", "not yet", "maybe later", "perhaps later", "later maybe", "later please", "later on", "a bit later", "some other time", "another time",
		"maybe next time", "next time", "think about it", "think about that", "think it over", "think it through", "sleep on it", "sleep on that", "get back to you", "call you back", "call me back", "ring me back", "call back",
		"call me next", "call me tomorrow", "ask me again", "talk to my", "speak to my", "ask my", "check with my", "talk it over", "discuss it with", "maybe tomorrow", "maybe next",
	}
	refuses = []string{
		"no thank", "no thank you", "not interested", "not for me", "rather not", "prefer not", "do not want it", "do not want that", "do not want this", "do not want any", "do not want a", "do not want 1", "do not need it", "do not need that", "do not need this",
		"do not need any", "do not need a", "do not need 1", "leave it", "forget it", "i will pass", "happy with what i have", "happy as i am", "i do not think so", "absolutely not", "definitely not", "certainly not", "i do not want to",
	}
	agrees = []string{
		"yes please", "go ahead", "please do", "let us do", "do that", "sounds good", "sounds great", "sounds fine", "sounds nice", "sounds perfect", "sounds lovely", "i would like that", "i would love that", "would like that", "i will take it", "i will take that",
		"i will take them", "i will have it", "i will have that", "would be great", "would be good", "would be nice", "would be lovely", "would be perfect", "would be wonderful", "would be helpful", "would be fantastic", "would help", "that helps", "count me in",
		"sign me up", "i am interested", "i would be interested", "please add", "why not", "it is a deal", "i would like it", "i want that", "i want it", "perfect thank", "great thank you", "let us go for", "i would like to",
	}
	// doubts take the meaning out of a yes or a no.
	doubts = []string{
		"but", "how much", "how long", "how many", "what if", "what is", "what does", "what about", "is it", "is that", "does it", "is there", "can i", "can you", "could you", "do you", "not sure", "no idea", "i know", "i see", "i understand", "already",
		"no problem", "no worries", "no doubt", "no rush", "not at all", "do not mind", "depends", "what else", "or", "if", "why is", "why are", "why do", "whether", "unless", "last time", "because",
	}
)

// soft are what may stand beside a bare yes or no without changing it.
var (
	softYes = set(`yes okay sure course of absolutely definitely certainly please thank you great good fine perfect lovely wonderful nice that would be i like
		love it do so very much then all right exactly let us go on ahead add take have want me to for my the a and oh well great helps help sounds now indeed`)
	softNo = set(`no thank you that is fine okay i am good really not please all right just the a for me it am do it want need bye sorry today`)
	begins = set(`yes okay sure absolutely definitely certainly please great perfect lovely wonderful`)
)

// classify reads a customer's words as an answer. plain says that they are one
// even where nobody had asked; otherwise they answer a question only.
func classify(words []string) (a insights.Answer, plain bool) {
	text := " " + strings.Join(words, " ") + " "
	has := func(p string) bool { return strings.Contains(text, " "+p+" ") }
	doubt := slices.ContainsFunc(doubts, has)
	no, yes := slices.ContainsFunc(refuses, has), slices.ContainsFunc(agrees, has)
	switch {
	case slices.ContainsFunc(waits, has):
		return insights.SaidWait, true
	case no && !yes:
		return insights.SaidNo, !doubt || words[0] == "no" || has("but no thank")
	case no || doubt:
		return "", false
	case yes && (has("why not") || !has("no") && !has("not")):
		return insights.SaidYes, true
	}
	return bare(words, text), false
}

// bare reads a yes or a no with nothing beside it that changes it.
func bare(words []string, text string) insights.Answer {
	if len(words) == 0 {
		return ""
	}
	if words[0] == "no" && only(words, softNo) {
		return insights.SaidNo
	}
	if (begins[stem(words[0])] || strings.HasPrefix(text, " of course ") || strings.HasPrefix(text, " all right ")) && only(words, softYes) {
		return insights.SaidYes
	}
	return ""
}

func only(words []string, of map[string]bool) bool {
	for _, w := range words {
		if !of[stem(w)] {
			return false
		}
	}
	return true
}
