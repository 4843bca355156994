package sentiment

import (
	"math"

	"heed/insights"
	"heed/insights/phrase"
	"heed/insights/sentiment/linear"
	"heed/insights/sentiment/reading"
)

// Scorer reads the moods of texts with a model. It is safe for concurrent use.
type Scorer struct {
	reader *reading.Reader
	cues   *phrase.Matcher
	model  *linear.Model
	// Places of the model's outputs; neutral is -1 where there is none.
	polarity, neutral int
}

// NewScorer makes a scorer of a model that the package learn made.
func NewScorer(m *linear.Model) *Scorer {
	return &Scorer{
		reader: reading.New(), cues: phrase.Compile(cues()), model: m,
		polarity: m.Find("polarity"), neutral: m.Find("neutral"),
	}
}

// Score gives the mood of what a customer says on the telephone, -1..1, and the places of the cues and the
// words of feeling that made it. It is 0 where the text shows no mood.
func (s *Scorer) Score(text string) (float64, []insights.Span) {
	m := s.read(text)
	return m.score, m.evidence
}

// Odds gives the log-odds that a text is positive and not negative, however
// weak the mood is. The text is taken for a sentence of anybody's anywhere:
// courtesies count, and cues of service calls do not.
func (s *Scorer) Odds(text string) float64 { return s.outputs(text)[s.polarity] }

// Labels gives which of the model's outputs a text is, polarities apart: at
// least the likeliest. It reads as [Scorer.Odds] does.
func (s *Scorer) Labels(text string) []string {
	var out []string
	best, margin := "", math.Inf(-1)
	for i, odds := range s.outputs(text) {
		o := &s.model.Outputs[i]
		over := odds - float64(o.Least)
		if o.Name == "polarity" || o.Name == "emotion" {
			continue
		}
		if over >= 0 {
			out = append(out, o.Name)
		}
		if over > margin {
			best, margin = o.Name, over
		}
	}
	if len(out) == 0 && best != "" {
		out = append(out, best)
	}
	return out
}

// Chance gives how likely an output is for a text, and 0 for one that the model
// lacks.
func (s *Scorer) Chance(output, text string) float64 {
	at := s.model.Find(output)
	if at < 0 {
		return 0
	}
	return chance(s.outputs(text)[at])
}

func (s *Scorer) outputs(text string) []float64 {
	t := s.reader.Read(text)
	out := make([]float64, len(s.model.Outputs))
	s.model.Score(out, t.Features, t.Figures[:])
	return out
}

// mood is what a text shows.
type mood struct {
	score    float64 // 0 when it is weak
	odds     float64 // of positive against negative
	sure     float64
	evidence []insights.Span
}

func (s *Scorer) read(text string) mood {
	t := s.reader.ReadCall(text)
	if len(t.Features) == 0 {
		return mood{}
	}
	var outputs [16]float64
	s.model.Score(outputs[:len(s.model.Outputs)], t.Features, t.Figures[:])
	m := mood{odds: outputs[s.polarity], score: 2*chance(outputs[s.polarity]) - 1}
	if s.neutral >= 0 {
		m.score *= 1 - chance(outputs[s.neutral])
	}
	for _, found := range s.cues.Find(insights.Customer, t.Words) {
		pull := strength(found.Rule.Name)
		for range min(len(found.Spans), 2) {
			m.score = toward(m.score, pull)
			m.odds += 4 * pull
		}
		m.evidence = append(m.evidence, found.Spans...)
	}
	if math.Abs(m.score) < quiet {
		return mood{odds: m.odds}
	}
	m.score = round(m.score)
	m.sure = math.Max(chance(math.Abs(m.odds)), 0.5+0.4*math.Abs(m.score))
	if len(m.evidence) == 0 {
		m.evidence = s.reader.Felt(t.Words, m.score)
	}
	m.evidence = inOrder(m.evidence)
	return m
}
