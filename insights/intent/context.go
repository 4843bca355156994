package intent

import (
	"math"
	"slices"
	"strings"

	"heed/insights"
	"heed/insights/spoken"
)

const (
	// again is the share of a limit that suffices for what this customer
	// surely asked for earlier in the call: people come back to what they want.
	again, sure = 0.75, 0.8
	// assented is how much of the probability is left when the agent put an
	// intent into words and the customer only said yes to it.
	assented = 0.75
	// longestAssent is up to how many words a yes is nothing but a yes.
	longestAssent = 5
)

// inCall reads an utterance as part of its call: a request made before is
// heard sooner, and a yes stands for what the agent asked.
func (m *Model) inCall(u *insights.Utterance, call *insights.Call) Prediction {
	words := spoken.Words(u.Text)
	if len(words) == 0 {
		return Prediction{}
	}
	s := m.read(words, m.known)
	s.before = raised(call)
	p := m.decide(s)
	if p.Name != "" && !p.Act {
		return p
	}
	if asked, ok := m.asked(call); ok && assents(words) {
		return asked
	}
	return p
}

// raised gives the intents that the customer surely had earlier in the call.
func raised(call *insights.Call) []string {
	if call == nil {
		return nil
	}
	var out []string
	for i := range call.Insights {
		in := &call.Insights[i]
		if in.Kind == insights.Intent && in.Speaker == insights.Customer && in.Confidence >= sure && !slices.Contains(out, in.Name) {
			out = append(out, in.Name)
		}
	}
	return out
}

// asked gives the intent that the agent has just asked about, as the answer of
// somebody who says yes. Nothing may have been said in between.
func (m *Model) asked(call *insights.Call) (Prediction, bool) {
	if call == nil || len(call.Utterances) == 0 {
		return Prediction{}, false
	}
	last := &call.Utterances[len(call.Utterances)-1]
	words := spoken.Words(last.Text)
	if last.Speaker != insights.Agent || len(words) == 0 || !asks(last, words) {
		return Prediction{}, false
	}
	p := m.decide(m.read(words, m.known))
	if p.Name == "" || p.Act {
		return Prediction{}, false
	}
	p.Probability = math.Round(p.Probability*assented*1000) / 1000
	p.Evidence, p.Also = nil, nil // the yes as a whole carries it
	return p, true
}

// questions open what is answered by yes or no; never changed.
var questions = []string{
	"do you", "did you", "are you", "is it", "is that", "is this", "would you", "will you", "have you", "can i", "may i",
	"shall i", "should i", "you want", "you would like", "so you", "you are calling",
}

// open ask for more than yes or no; never changed.
var open = []string{"what", "which", "when", "where", "who", "why", "how"}

// asks says whether an utterance asks something that yes can answer. Spoken
// text has no question marks, so the words must do.
func asks(u *insights.Utterance, words []spoken.Word) bool {
	if slices.Contains(open, words[0].Text) {
		return false
	}
	if strings.Contains(u.Text, "?") || strings.Contains(u.Written, "?") {
		return true
	}
	for i := range len(words) - 1 {
		for _, q := range questions {
			if begins(words[i:], q) {
				return true
			}
		}
	}
	return false
}

// yeses say yes and nothing else; never changed.
var yeses = []string{
	"yes", "yeah", "yep", "yup", "sure", "correct", "exactly", "right", "absolutely", "definitely", "please", "indeed",
	"that is right", "that is correct", "i do", "i would", "i am", "it is",
}

// assents says whether somebody agrees, and says nothing more.
func assents(words []spoken.Word) bool {
	if len(words) > longestAssent {
		return false
	}
	for _, w := range words {
		if w.Text == "no" || w.Text == "not" || w.Text == "but" {
			return false
		}
	}
	return slices.ContainsFunc(yeses, func(yes string) bool { return begins(words, yes) })
}

// begins says whether words start with a phrase of words with one space
// between.
func begins(words []spoken.Word, phrase string) bool {
	for want := range strings.SplitSeq(phrase, " ") {
		if len(words) == 0 || words[0].Text != want {
			return false
		}
		words = words[1:]
	}
	return true
}
