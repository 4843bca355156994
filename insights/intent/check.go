package intent

import "fmt"

// leastSentences is how many an intent needs, so that some can be held out.
const leastSentences = 5

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
		if len(e.Sentences) < leastSentences {
			return fmt.Errorf("intent %s: expected at least %d sentences, got %d", e.Name, leastSentences, len(e.Sentences))
		}
		for _, text := range e.Sentences {
			if err := once(sentences, text, e.Name); err != nil {
				return fmt.Errorf("intent %s: %w", e.Name, err)
			}
		}
	}
	return nil
}

// once refuses a sentence that is there already, or has no words.
func once(sentences map[string]string, text, owner string) error {
	key := normal(text)
	if key == "" {
		return fmt.Errorf("expected sentences with words, got %q", text)
	}
	if other, ok := sentences[key]; ok {
		return fmt.Errorf("sentence %q is an example of %s already", text, other)
	}
	sentences[key] = owner
	return nil
}

// rows gives the set as labelled texts.
func (s Set) rows() []Row {
	var out []Row
	for _, e := range s.Intents {
		for _, text := range e.Sentences {
			out = append(out, Row{text, []string{e.Name}})
		}
	}
	for _, text := range s.OutOfScope {
		out = append(out, Row{Text: text})
	}
	return out
}
