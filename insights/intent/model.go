package intent

import (
	"fmt"
	"hash/fnv"

	"heed/insights"
	"heed/insights/spoken"
)

var _ insights.Versioned = (*Model)(nil)

// Model is a trained classifier. It is safe for concurrent use and never
// changed.
type Model struct {
	set     []Examples
	machine *machine
	known   readings

	whole, part           calibrator
	wholeLimit, partLimit float64
	version               string
}

// Prediction is the answer for one text.
type Prediction struct {
	// Name is the intent; empty is "none".
	Name string
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

// Train learns a model, in a second or two. It refuses a set with fewer than
// two intents, an intent with fewer than five sentences, a repeated name or a
// repeated sentence.
func Train(s Set) (*Model, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("train intents: %w", err)
	}
	m := &Model{set: s.Intents, version: s.version()}
	samples := s.samples()
	m.prove(samples)
	m.machine = fit(spread(samples), len(s.Intents))
	m.remember(samples)
	return m, nil
}

// check refuses what cannot be learned from.
func (s Set) check() error {
	if len(s.Intents) < 2 {
		return fmt.Errorf("expected at least two intents, got %d", len(s.Intents))
	}
	names, sentences := make(map[string]bool), make(map[string]string)
	for _, e := range s.Intents {
		if e.Name == "" || names[e.Name] {
			return fmt.Errorf("expected every intent to have a name of its own, got %q again", e.Name)
		}
		names[e.Name] = true
		if len(e.Sentences) < folds {
			return fmt.Errorf("intent %s: expected at least %d sentences, got %d", e.Name, folds, len(e.Sentences))
		}
		for _, text := range e.Sentences {
			key := normal(text)
			if key == "" {
				return fmt.Errorf("intent %s: expected sentences with words, got %q", e.Name, text)
			}
			if other, ok := sentences[key]; ok {
				return fmt.Errorf("intent %s: sentence %q is an example of %s already", e.Name, text, other)
			}
			sentences[key] = e.Name
		}
	}
	return nil
}

// version tells sets apart.
func (s Set) version() string {
	sum := fnv.New32a()
	for _, e := range s.Intents {
		fmt.Fprintln(sum, e.Name, e.Act, e.Sentences)
	}
	fmt.Fprintln(sum, s.OutOfScope)
	return fmt.Sprintf("intent/%08x", sum.Sum32())
}

func (s Set) samples() []sample {
	var out []sample
	for i, e := range s.Intents {
		for _, text := range e.Sentences {
			out = append(out, sample{spoken.Words(text), i})
		}
	}
	for _, text := range s.OutOfScope {
		if words := spoken.Words(text); len(words) > 0 {
			out = append(out, sample{words, -1})
		}
	}
	return out
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
	s := m.machine.read(words, m.known)
	return m.decide(s)
}

// Analyze raises what the customer wants: at most two intents, acts never.
func (m *Model) Analyze(u *insights.Utterance, _ *insights.Call) []insights.Insight {
	if u.Speaker != insights.Customer {
		return nil
	}
	p := m.Classify(u.Text)
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
