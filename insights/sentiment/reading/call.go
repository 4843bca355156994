package reading

import (
	"strings"

	"heed/insights/sentiment/linear"
	"heed/insights/spoken"
)

const (
	// CallFigures is how many figures a call has beside its words.
	CallFigures = 3
	// MaxTurns is how many of a customer's latest turns are read.
	MaxTurns  = 40
	turnWords = 60
)

// Turn is one thing that the customer said, with its mood from -1 to 1.
type Turn struct {
	Text string
	Mood float64
}

// Call reads what the customer said so far: the words of the latest turns, and
// figures. These are the mood of late, that of all turns, and how often
// something is cried out.
func Call(turns []Turn) (features []uint32, figures [CallFigures]float64) {
	turns = turns[max(0, len(turns)-MaxTurns):]
	var late, sum, cries float64
	for _, t := range turns {
		words := spoken.Words(t.Text[:min(len(t.Text), maxBytes)])
		features = linear.Words(features, words[:min(len(words), turnWords)])
		late = 0.5*late + 0.5*t.Mood
		sum += t.Mood
		cries += float64(min(strings.Count(t.Text, "!"), 3))
	}
	if len(turns) > 0 {
		figures = [CallFigures]float64{late, sum / float64(len(turns)), min(cries, 5) / 5}
	}
	return features, figures
}
