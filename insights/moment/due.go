package moment

import (
	"heed/insights"
	"heed/insights/spoken"
)

// clauseReach is how many words a promise may go on after its verb.
const clauseReach = 16

// Words that tell a time; never changed.
var (
	days = set("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tonight", "tomorrow",
		"noon", "midday", "midnight", "weekend", "monday's")
	parts  = set("morning", "afternoon", "evening", "night", "noon")
	months = set("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
		"november", "december")
	units = set("minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year", "years")
	// counts may stand before a unit.
	counts = set("a", "an", "the", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
		"twelve", "fourteen", "fifteen", "twenty", "thirty", "forty", "few", "couple", "half", "working", "business", "of",
		"next", "to", "or", "and", "twentyfour", "same", "hundred")
	leads    = set("by", "on", "until", "before", "this", "next", "at", "in", "within", "from", "during", "after", "till")
	ordinals = set("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
		"twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
		"thirtieth", "twenty", "thirty")
	numbers = set("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
	atOnce  = [][]string{
		{"right", "away"},
		{"right", "now"},
		{"straight", "away"},
		{"at", "once"},
		{"as", "soon", "as", "possible"},
		{"immediately"},
		{"shortly"},
		{"later", "today"},
		{"next", "bill"},
		{"next", "invoice"},
	}
	// stops end what is promised.
	stops = set("but", "because", "so", "if", "when", "while", "okay", "ok", "is", "does", "do", "would", "can", "could",
		"shall", "which", "what", "although", "yes", "thank", "thanks", "please", "sorry", "sir", "madam")
)

// due finds when something is to happen in the words from, to (exclusive).
func due(words []spoken.Word, from, to int) (at, end int, ok bool) {
	for i := from; i < to; i++ {
		if n := dueAt(words[i:to]); n > 0 {
			at, end = i, i+n
			for at > from && (leads[words[at-1].Text] || words[at-1].Text == "the") {
				at--
			}
			for end < to {
				n := dueAt(words[end:to])
				if n == 0 {
					break
				}
				end += n
			}
			return at, end, true
		}
	}
	return 0, 0, false
}

// dueAt gives how many words at the start tell a time; 0 is none.
func dueAt(words []spoken.Word) int {
	for _, phrase := range atOnce {
		if begins(words, phrase) {
			return len(phrase)
		}
	}
	switch w := wordOf(words, 0); {
	case days[w] && parts[wordOf(words, 1)]:
		return 2
	case days[w]:
		return 1
	case w == "end" && wordOf(words, 1) == "of":
		return endOf(words)
	case leads[w]:
		return max(partOf(words), span(words))
	}
	return 0
}

func wordOf(words []spoken.Word, i int) string {
	if i < len(words) {
		return words[i].Text
	}
	return ""
}

// partOf reads "in the morning", "this evening", "at nine".
func partOf(words []spoken.Word) int {
	first, second := words[0].Text, wordOf(words, 1)
	switch {
	case first == "at" && numbers[second], parts[second]:
		return 2
	case first == "in" && second == "the" && parts[wordOf(words, 2)]:
		return 3
	}
	return 0
}

// span reads "within two working days", "next week", "by the third of march".
func span(words []spoken.Word) int {
	i := 1
	for i < len(words) && i < 7 && (counts[words[i].Text] || ordinals[words[i].Text]) {
		i++
	}
	if i < len(words) && (units[words[i].Text] || months[words[i].Text] || days[words[i].Text]) {
		return i + 1
	}
	if i > 2 && words[1].Text == "the" && ordinals[words[i-1].Text] {
		return i // "by the third"
	}
	return 0
}

// endOf reads "end of the week".
func endOf(words []spoken.Word) int {
	for i := 2; i < min(len(words), 5); i++ {
		if units[words[i].Text] || months[words[i].Text] {
			return i + 1
		}
	}
	return 0
}

func begins(words []spoken.Word, phrase []string) bool {
	if len(words) < len(phrase) {
		return false
	}
	for i, p := range phrase {
		if words[i].Text != p {
			return false
		}
	}
	return true
}

// whole stretches what was found to the end of what is promised, and gives
// the words that say by when, or none.
func whole(words []spoken.Word, from, to int) (promise, when insights.Span) {
	end := to
	for end < len(words) && end < from+clauseReach && !stops[words[end].Text] && !fresh(words, end) {
		end++
	}
	if end > to && end < len(words) && auxiliar[words[end].Text] && subjects[words[end-1].Text] {
		end-- // "that is free": a new clause
	}
	for end > to && joints[words[end-1].Text] {
		end--
	}
	promise = insights.Span{From: words[from].From, To: words[end-1].To}
	at, till, ok := due(words, from, end)
	if !ok {
		return promise, when
	}
	return promise, insights.Span{From: words[at].From, To: words[till-1].To}
}

// fresh says that a new clause begins at a word: "and you will", "i am".
func fresh(words []spoken.Word, at int) bool {
	if joints[words[at].Text] {
		return at+1 < len(words) && subjects[words[at+1].Text]
	}
	switch words[at].Text {
	case "i", "we", "they", "he", "she":
		return true
	}
	return false
}
