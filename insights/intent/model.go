package intent

import (
	"heed/insights"
	"heed/insights/spoken"
)

var _ insights.Versioned = (*Model)(nil)

// Model is a trained classifier. It is safe for concurrent use and never
// changed.
type Model struct {
	learner
	machine *machine
	known   readings
	several bool // some example has more than one intent

	calibration
	label   curve
	labels  limits
	version string
}

// Prediction is the answer for one text.
type Prediction struct {
	// Name is the intent; empty is "none".
	Name string
	// Guess is the likeliest intent whether or not it suffices for Name; empty
	// when the text has no words. For sets that leave nothing out of scope.
	Guess string
	// Act says that the intent only carries the conversation.
	Act bool
	// Probability of being right, calibrated, 0..1. It is given for "none" too:
	// that of the best guess, which did not suffice.
	Probability float64
	// Evidence is the words that carried it, in order, apart.
	Evidence []insights.Span
	// Also is a second intent of the same text in other words, or empty.
	Also *Prediction
}

// remember works out every word of the examples beforehand.
func (m *Model) remember(samples []sample) {
	m.known = make(readings)
	for _, s := range samples {
		for _, w := range s.words {
			if _, ok := m.known[w.Text]; !ok {
				m.known[w.Text] = m.machine.reading(w.Text)
			}
		}
	}
}

// Names gives the intents, acts included, in the order of the set.
func (m *Model) Names() []string {
	out := make([]string, len(m.set))
	for i, e := range m.set {
		out[i] = e.Name
	}
	return out
}

// Version names the model, such as "intent/7f3a01bc": the same set gives the
// same version.
func (m *Model) Version() string { return m.version }

// Classify names the intent of a text.
func (m *Model) Classify(text string) Prediction {
	words := spoken.Words(text)
	if len(words) == 0 {
		return Prediction{}
	}
	return m.decide(m.read(words, m.known))
}

// Analyze raises what the customer wants: at most two intents, acts never.
func (m *Model) Analyze(u *insights.Utterance, call *insights.Call) []insights.Insight {
	if u.Speaker != insights.Customer {
		return nil
	}
	p := m.inCall(u, call)
	var out []insights.Insight
	for next := &p; next != nil; next = next.Also {
		if next.Name == "" || next.Act {
			continue
		}
		in := insights.Insight{
			Kind: insights.Intent, Name: next.Name, Confidence: next.Probability, Speaker: u.Speaker,
			Start: u.Start, End: u.End, Evidence: next.Evidence, Model: m.version, UtteranceID: u.ID,
		}
		if n := len(next.Evidence); n > 0 {
			in.Start, _ = spoken.Times(u, next.Evidence[0])
			_, in.End = spoken.Times(u, next.Evidence[n-1])
		}
		out = append(out, in)
	}
	return out
}
