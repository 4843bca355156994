package moment

import (
	"heed/insights/spoken"
)

// How far back, in words, a guard looks.
const (
	reportReach    = 12
	conditionReach = 10
	clauseBack     = 24
)

// set makes a set of words.
func set(words ...string) map[string]bool {
	out := make(map[string]bool, len(words))
	for _, w := range words {
		out[w] = true
	}
	return out
}

// The words that the guards look for; never changed.
var (
	joints   = set("and", "but", "because", "so", "or", "then", "if", "when", "since", "though", "although", "while")
	subjects = set("i", "you", "he", "she", "it", "they", "we", "that", "this", "there", "somebody", "someone", "nobody")
	negative = set("not", "never", "nobody", "without", "hardly", "neither", "nor", "none")
	opinions = set("think", "thinks", "thought", "say", "says", "said", "saying", "mean", "believe", "find", "feel", "know", "suppose", "guarantee", "promise")
	auxiliar = set("is", "are", "am", "was", "were", "do", "does", "did", "will", "would", "can", "could", "should", "shall", "may", "might", "has", "have", "had")
	asked    = set("i", "you", "he", "she", "it", "they", "we", "that", "this", "there", "the", "your", "my", "a", "an", "somebody", "someone", "anybody", "anyone")
	wh       = set("how", "when", "where", "who", "what", "which")
	fillers  = set("well", "okay", "ok", "yes", "yeah", "so", "and", "but", "hello", "hi", "sorry", "now", "right", "then", "please")
	embeds   = set("that", "if", "whether", "say", "said", "think", "know", "mean", "believe", "sure", "when", "what", "where", "how", "why", "until", "before")
	third    = set("said", "says", "told", "tells", "thinks", "thought", "promised", "claims", "claimed", "wrote", "writes", "mentioned", "believes")
	turns    = set("but", "so", "because")
	plural   = set("say", "think", "tell", "believe", "claim")
	helpers  = set("has", "have", "had", "just", "always", "also", "never", "even", "already", "was", "were", "been", "did", "not", "only")
	needless = set("need", "reason", "point", "use")
	doubts   = set("if", "unless", "maybe", "perhaps", "might", "probably", "whether")
	offers   = set("like", "want", "wish", "prefer", "agree")
)

// clause is a stretch of an utterance's words that a phrase was found in:
// words from, to (exclusive).
type clause struct {
	words    []spoken.Word
	from, to int
}

func (c *clause) word(i int) string {
	if i < 0 || i >= len(c.words) {
		return ""
	}
	return c.words[i].Text
}

// denied says that the clause says no: "i do not want to talk to a manager",
// "i do not think it is too expensive".
func (c *clause) denied() bool {
	if c.doubted(c.from - 1) {
		return true
	}
	if c.word(c.from-1) == "no" {
		return true
	}
	for i := c.from - 1; i >= max(0, c.from-clauseBack); i-- {
		switch w := c.word(i); {
		case negative[w], w == "no" && needless[c.word(i+1)]:
			return true
		case joints[w]:
			return false
		case subjects[w]:
			return c.doubted(i - 1)
		}
	}
	return false
}

// doubted says that an opinion which is denied ends at a word: "i do not
// think", "we never said that".
func (c *clause) doubted(at int) bool {
	if c.word(at) == "that" {
		at--
	}
	if c.word(at) == "afraid" {
		return true
	}
	if !opinions[c.word(at)] {
		return false
	}
	return negative[c.word(at-1)] || negative[c.word(at-2)] || c.word(at-1) == "no"
}

// reported says that somebody else's words are told: "he said it is too
// expensive", "you told me i will get a call".
func (c *clause) reported() bool {
	for i := c.from - 1; i >= max(0, c.from-reportReach); i-- {
		switch w := c.word(i); {
		case turns[w]:
			return false
		case w == "to" && c.word(i-1) == "according", third[w] && c.others(i), plural[w] && c.many(i):
			return true
		}
	}
	return false
}

// others says that the verb at a word is not the speaker's own: "he said",
// "i was told".
func (c *clause) others(verb int) bool {
	switch c.word(verb - 1) {
	case "was", "were", "been":
		return true
	}
	who := c.subject(verb)
	return who != "i" && who != "we"
}

// many says that the verb at a word is what people say, or the other side.
func (c *clause) many(verb int) bool {
	switch c.subject(verb) {
	case "they", "people":
		return true
	case "you":
		asks := c.word(verb - 2)
		return asks != "do" && asks != "would"
	}
	return false
}

// subject is the word before a verb and its helpers.
func (c *clause) subject(verb int) string {
	who := verb - 1
	for helpers[c.word(who)] {
		who--
	}
	return c.word(who)
}

// begin is where the clause begins: behind the last joint, fillers left out.
func (c *clause) begin() int {
	at := c.from
	for at > max(0, c.from-clauseBack) && !joints[c.word(at-1)] {
		at--
	}
	for at < c.from && fillers[c.word(at)] {
		at++
	}
	return at
}

// question says that the clause asks: "is it too expensive", "how can i get a
// better price".
func (c *clause) question() bool {
	at := c.begin()
	if at >= c.from || c.afresh(at) {
		return false
	}
	first, second := c.word(at), c.word(at+1)
	return auxiliar[first] && asked[second] || wh[first] && second != "a"
}

// afresh says that a statement stands right before the phrase, behind a
// question: "can you not go lower that is too expensive".
func (c *clause) afresh(begin int) bool {
	subject := c.from - 2
	return auxiliar[c.word(c.from-1)] && subjects[c.word(subject)] && subject > begin+1 && !opinions[c.word(subject-1)]
}

// nosy says that the clause asks about something, and not for it: "do i need
// a lawyer", "are you the manager"; "can i have the manager" asks for one.
func (c *clause) nosy() bool {
	at := c.begin()
	if at >= c.from {
		return false
	}
	switch c.word(at) {
	case "are", "do", "did", "does", "were", "was", "should", "why", "how", "when", "has", "had":
		return asked[c.word(at+1)]
	}
	return false
}

// embedded says that what is said hangs on a question or a doubt: "do you
// know when you will get it".
func (c *clause) embedded() bool {
	w := c.word(c.from - 1)
	if w == "sure" || w == "that" {
		return c.doubted(c.from-1) || negative[c.word(c.from-2)] || negative[c.word(c.from-3)]
	}
	if !embeds[w] {
		return false
	}
	at := c.begin()
	if joints[w] {
		return true
	}
	return at < c.from && (auxiliar[c.word(at)] || wh[c.word(at)] || opinions[w] && c.word(c.from-2) != "i" || wh[w])
}

// offered says that the clause is an offer: "if you like i will call you".
func (c *clause) offered() bool {
	for i := c.from - 1; i >= max(0, c.from-5); i-- {
		if offers[c.word(i)] && c.word(i-1) == "you" && c.word(i-2) == "if" {
			return true
		}
	}
	return false
}

// conditional says that the clause hangs on something: "if you lower the
// price i will stay", "maybe i will take it", "i will pay if you call".
func (c *clause) conditional() bool {
	for i := c.from - 1; i >= max(0, c.from-conditionReach); i-- {
		if c.word(i) == "but" || c.word(i) == "and" {
			break
		}
		if doubts[c.word(i)] {
			return true
		}
	}
	for i := c.to; i < min(len(c.words), c.to+conditionReach); i++ {
		if c.word(i) == "if" || c.word(i) == "unless" {
			return true
		}
	}
	return false
}
