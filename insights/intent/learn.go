package intent

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"heed/insights/spoken"
)

// revision changes whenever the same examples would give another model.
const revision = 3

// encoder is what an understanding of sentences beyond their words needs:
// [heed/insights/embed] has one. Encode writes a vector of length Dim, at unit
// length, or all zero for a text of which nothing is known.
type encoder interface {
	Dim() int
	Encode(dst []float32, text string)
}

// Option changes how a model learns.
type Option func(*learner)

// WithEncoder lets a model compare sentences by meaning beside their words,
// which helps most where examples are few. The encoder must be safe for
// concurrent use; nil is none. If it has a Version, that is part of the
// model's version.
func WithEncoder(e encoder) Option {
	return func(l *learner) { l.encoder = e }
}

// Row is one labelled text of a data set. Without intents it is out of scope.
type Row struct {
	Text    string
	Intents []string
}

// learner is what one training knows.
type learner struct {
	set     []Examples // the intents; Learn gives them no sentences
	encoder encoder
	caution caution
}

// Train learns a model, in a second or two for some thousand sentences, and in
// less for the shipped ones. It refuses a set with fewer than two intents, an intent with fewer than five
// sentences, a repeated name or a repeated sentence.
func Train(s Set, options ...Option) (*Model, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("train intents: %w", err)
	}
	l := learner{set: s.Intents, caution: careful}
	return l.train(s.rows(), options)
}

// Learn learns from rows as data sets have them: a text may stand in several
// rows, also under different intents, and an intent may have few. If any row
// has more than one intent, the model answers any number of them; see
// [Model.Labels]. It refuses rows of fewer than two intents.
func Learn(rows []Row, options ...Option) (*Model, error) {
	l := learner{caution: forward}
	seen := make(map[string]bool)
	for _, r := range rows {
		for _, name := range r.Intents {
			if name == "" {
				return nil, errors.New("learn intents: expected names of intents, got an empty one")
			}
			if !seen[name] {
				seen[name] = true
				l.set = append(l.set, Examples{Name: name})
			}
		}
	}
	if len(l.set) < 2 {
		return nil, fmt.Errorf("learn intents: expected at least two intents, got %d", len(l.set))
	}
	m, err := l.train(rows, options)
	if err != nil {
		return nil, fmt.Errorf("learn intents: %w", err)
	}
	return m, nil
}

func (l *learner) train(rows []Row, options []Option) (*Model, error) {
	for _, o := range options {
		o(l)
	}
	samples := l.samples(rows)
	if len(samples) == 0 {
		return nil, errors.New("expected texts with words, got none")
	}
	m := &Model{learner: *l, version: l.version(rows)}
	m.several = slices.ContainsFunc(samples, func(s sample) bool { return len(s.intents) > 1 })
	if known, is := proven()[m.version]; is && !m.several {
		m.calibration = known
	} else {
		m.prove(samples)
	}
	m.machine = m.fit(samples, m.several)
	m.remember(samples)
	return m, nil
}

func (l *learner) samples(rows []Row) []sample {
	at := make(map[string]int32, len(l.set))
	for i, e := range l.set {
		at[e.Name] = int32(i)
	}
	out := make([]sample, 0, len(rows))
	for _, r := range rows {
		words := spoken.Words(r.Text)
		if len(words) == 0 {
			continue
		}
		intents := make([]int32, 0, len(r.Intents))
		for _, name := range r.Intents {
			intents = append(intents, at[name])
		}
		out = append(out, l.sample(words, intents))
	}
	return out
}

// sample makes an example. What the encoder reads is the words as the model
// hears them: in use it reads the same.
func (l *learner) sample(words []spoken.Word, intents []int32) sample {
	return sample{words: words, intents: intents, meaning: l.meaning(words)}
}

// meaning encodes words; nil without an encoder.
func (l *learner) meaning(words []spoken.Word) []float32 {
	if l.encoder == nil {
		return nil
	}
	var text strings.Builder
	for i, w := range words {
		if i > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(w.Text)
	}
	out := make([]float32, l.encoder.Dim())
	l.encoder.Encode(out, text.String())
	return out
}

// version tells models apart: by their examples, their encoder and by how
// they learn.
func (l *learner) version(rows []Row) string {
	sum := fnv.New32a()
	fmt.Fprintln(sum, revision)
	if v, ok := l.encoder.(interface{ Version() string }); ok {
		fmt.Fprintln(sum, v.Version())
	}
	for _, e := range l.set {
		fmt.Fprintln(sum, e.Name, e.Act)
	}
	for _, r := range rows {
		fmt.Fprintf(sum, "%q %q\n", r.Text, r.Intents)
	}
	return fmt.Sprintf("intent/%08x", sum.Sum32())
}

// fit trains the linear part on what can be made of samples.
func (l *learner) fit(samples []sample, several bool) *machine {
	return fit(l.named(samples), len(l.set), several)
}

// named adds the names of the intents as examples: "card_arrival" says what it
// is about, which matters most where examples are few.
func (l *learner) named(samples []sample) []sample {
	out := slices.Clip(samples)
	for c, e := range l.set {
		if words := spoken.Words(e.Name); len(words) > 0 && !e.Act {
			out = append(out, l.sample(words, []int32{int32(c)}))
		}
	}
	return out
}
