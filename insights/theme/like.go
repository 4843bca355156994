package theme

import (
	"fmt"
	"math"

	"heed/insights"
	"heed/insights/theme/terms"
)

// LikeThreshold is how like a quote a text must be when a definition does not
// say.
const LikeThreshold = 0.5

// like finds texts that are like one of some quotes: by the words they share,
// weighed by rarity, and by meaning when there is an encoder.
type like struct {
	tools     Tools
	quotes    []likeQuote
	threshold float64
}

type likeQuote struct {
	weights map[string]float64 // of its terms, length 1
	meaning []float32
}

func (d Definition) like(t Tools) (Matcher, error) {
	if len(d.Quotes) == 0 || len(d.Quotes) > maxQuotes {
		return nil, &InvalidError{"quotes", fmt.Sprintf("expected 1 to %d quotes", maxQuotes)}
	}
	if d.Threshold < 0 || d.Threshold > 1 || math.IsNaN(d.Threshold) {
		return nil, &InvalidError{"threshold", "expected 0 to 1"}
	}
	l := like{tools: t, threshold: d.Threshold}
	if l.threshold == 0 {
		l.threshold = LikeThreshold
	}
	for _, text := range d.Quotes {
		q := likeQuote{weights: l.weigh(terms.Read(text, "")), meaning: l.encode(text)}
		if len(q.weights) == 0 {
			return nil, &InvalidError{"quotes", fmt.Sprintf("expected words that tell something, got %q", text)}
		}
		l.quotes = append(l.quotes, q)
	}
	return l, nil
}

func (l like) encode(text string) []float32 {
	if l.tools.Encoder == nil {
		return nil
	}
	v := make([]float32, l.tools.Encoder.Dim())
	l.tools.Encoder.Encode(v, text)
	return v
}

// weigh gives the terms of a text that tell something, length 1.
func (l like) weigh(words []terms.Word) map[string]float64 {
	out := map[string]float64{}
	var sum float64
	for _, w := range words {
		if w.Plain || out[w.Term] > 0 {
			continue
		}
		weight := 1.0
		if l.tools.Rarity != nil {
			if weight = l.tools.Rarity(w.Term); weight == 0 {
				weight = 1
			}
		}
		out[w.Term] = weight
		sum += weight * weight
	}
	for term := range out {
		out[term] /= math.Sqrt(sum)
	}
	return out
}

// Matches gives the similarity to the nearest quote when it is enough.
func (l like) Matches(s Subject) (float64, []insights.Span) {
	words := terms.Read(s.Utterance.Text, s.Utterance.Language)
	weights := l.weigh(words)
	if len(weights) == 0 {
		return 0, nil
	}
	var meaning []float32
	if terms.English(s.Utterance.Language) {
		meaning = l.encode(terms.Begin(s.Utterance.Text, words))
	}
	best, at := 0.0, 0
	for i := range l.quotes {
		if score := l.quotes[i].score(weights, meaning); score > best {
			best, at = score, i
		}
	}
	if best < l.threshold {
		return 0, nil
	}
	return min(best, 1), shared(words, l.quotes[at].weights)
}

// score is the cosine of the words, averaged with that of the meaning where
// both have one.
func (q *likeQuote) score(weights map[string]float64, meaning []float32) float64 {
	var lexical, semantic float64
	for term, w := range weights {
		lexical += w * q.weights[term]
	}
	if len(meaning) == 0 {
		return lexical
	}
	for i, x := range meaning {
		semantic += float64(x) * float64(q.meaning[i])
	}
	return (lexical + max(0, semantic)) / 2
}

// shared gives the words that a text has in common with a quote.
func shared(words []terms.Word, quote map[string]float64) []insights.Span {
	var out []insights.Span
	for _, w := range words {
		if quote[w.Term] > 0 && (len(out) == 0 || out[len(out)-1].To < w.To) {
			out = append(out, insights.Span{From: w.From, To: w.To})
		}
	}
	return out
}
