// Package offer reads from the words on a call whether the agent offered what
// the screen suggested, and whether the customer said yes, no or later to it.
//
// It is no classifier: what it finds is put to the agent and, confirmed, is
// learnt from, so it would rather say nothing than guess. Only what stood on
// the screen while the agent spoke may be meant; only the agent offers and only
// the customer answers; words that fit two suggestions fit none; and a "yes"
// that may be to another question, or only says "I am listening", is no answer.
// It reads English, keeps nothing, and finds nothing in other languages.
package offer

import (
	"slices"
	"strings"

	"heed/insights"
	"heed/insights/spoken"
)

const (
	// answerWithin is how long after the agent's last word an answer may begin,
	// and memory how far back its offer may lie, in seconds.
	answerWithin, memory = 20, 90
	// over is by how many seconds people fall into each other's words and still
	// answer them.
	over = 0.4
)

// Read gives what the last of the turns tells, if it tells anything. The turns
// are in the order of speech; those of the last two minutes are enough.
func Read(turns []insights.Turn) (insights.Heard, bool) {
	if len(turns) == 0 || slices.ContainsFunc(turns, foreign) {
		return insights.Heard{}, false
	}
	all := passages(turns)
	now := all[len(all)-1]
	if now.speaker == insights.Agent {
		m, ok := meant(now)
		last := turns[len(turns)-1]
		if !ok || !m.in(last.ID) {
			return insights.Heard{}, false
		}
		return insights.Heard{Suggestion: m.id, Answer: insights.Offered, Offer: last.ID}, true
	}
	return reply(all[:len(all)-1], turns[len(turns)-1])
}

func foreign(t insights.Turn) bool {
	return t.Language != "" && !strings.HasPrefix(strings.ToLower(t.Language), "en")
}

// passage is what one side said until the other really took the floor.
type passage struct {
	speaker insights.Speaker
	turns   []insights.Turn
	words   []string // of all turns
}

func (p *passage) end() insights.Seconds { return p.turns[len(p.turns)-1].End }

// passages joins turns of one side. What only says that somebody listens does
// not end the other's passage, unless it comes last.
func passages(turns []insights.Turn) []passage {
	var out []passage
	for i, t := range turns {
		words := wordsOf(t.Text)
		if i < len(turns)-1 && t.Speaker == insights.Customer && listening(words) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].speaker == t.Speaker {
			out[n-1].turns, out[n-1].words = append(out[n-1].turns, t), append(out[n-1].words, words...)
			continue
		}
		out = append(out, passage{t.Speaker, []insights.Turn{t}, words})
	}
	return out
}

// reply reads the customer's words as an answer to an offer before them.
func reply(before []passage, c insights.Turn) (insights.Heard, bool) {
	if len(before) == 0 {
		return insights.Heard{}, false
	}
	words := wordsOf(c.Text)
	asked := &before[len(before)-1]
	answer, plain := classify(words)
	if answer == "" || c.Start-asked.end() > answerWithin {
		return insights.Heard{}, false
	}
	if c.Start < asked.end()-over && !plain {
		return insights.Heard{}, false // they only say that they listen
	}
	m, ok := offered(before, c.Start)
	if !ok || !answers(asked, &m, answer, plain) {
		return insights.Heard{}, false
	}
	return insights.Heard{Suggestion: m.id, Answer: answer, Offer: m.turn, Reply: c.ID}, true
}

// answers says whether an answer is to the offer, and not to something else
// that was asked, nor to nothing that was.
func answers(asked *passage, m *match, a insights.Answer, plain bool) bool {
	q, there := lastQuestion(asked.words)
	if !there {
		return plain
	}
	// "No, that's fine" to "is that okay" may be either.
	return q.offers(m) && (plain || !q.permission || a != insights.SaidNo)
}

// offered finds the offer that was made last, in the passages before an answer.
func offered(before []passage, now insights.Seconds) (match, bool) {
	for _, p := range slices.Backward(before) {
		if now-p.end() > memory {
			break
		}
		if p.speaker != insights.Agent {
			if answer, _ := classify(p.words); answer != "" {
				break // that was answered
			}
			continue
		}
		if m, ok := meant(p); ok {
			return m, true
		}
		if several(p) {
			break
		}
	}
	return match{}, false
}

// listening says whether words only tell that somebody listens.
func listening(words []string) bool {
	if len(words) > 3 {
		return false
	}
	for _, w := range words {
		if !slices.Contains([]string{"yes", "yeah", "yep", "okay", "ok", "right", "i", "see", "sure", "good", "great", "fine", "uhhuh", "aha"}, w) {
			return false
		}
	}
	return true
}

// wordsOf gives the words of a text, numbers as figures and spellings brought
// together.
func wordsOf(text string) []string {
	cut := spoken.Words(text)
	out := make([]string, 0, len(cut))
	for _, w := range cut {
		s := w.Text
		if same, ok := spellings[s]; ok {
			s = same
		}
		out = append(out, s)
	}
	return out
}

// spellings are what sounds alike, or is written in two ways; never changed.
var spellings = map[string]string{
	"ok": "okay", "alright": "okay", "yep": "yes", "yeah": "yes", "yup": "yes", "yea": "yes", "nope": "no", "nah": "no",
	"thanks": "thank", "fibre": "fiber", "programme": "program", "cheque": "check", "percentage": "percent", "%": "percent",
	"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
	"eleven": "11", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
}
