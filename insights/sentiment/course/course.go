// Package course makes the course of a customer's mood over a call of the
// moods of single utterances. It scores nothing itself.
package course

import (
	"cmp"
	"math"
	"slices"

	"heed/insights"
)

// fresh is how much the latest utterance counts against all before it.
const fresh = 0.4

// Moment is the mood at a moment, -1 to 1.
type Moment struct {
	At    insights.Seconds `json:"at"`
	Value float64          `json:"value"`
}

// Course is how the mood went, smoothed: one angry word does not make an angry
// customer.
type Course struct {
	Points []Moment `json:"points" doc:"One for each utterance of the customer that showed a mood"`
	Low    Moment   `json:"low" doc:"Where the mood was lowest, the first time"`
	Last   float64  `json:"last" doc:"The mood at the end, or now"`
	// AnnoyedAt is when the customer had become annoyed.
	AnnoyedAt *insights.Seconds `json:"annoyed_at,omitempty" doc:"When the customer had become annoyed"`
}

// Of reads the insights of a call, in any order. It is nil where no mood was
// shown, or none was looked for.
func Of(found []insights.Insight) *Course {
	var c Course
	for _, in := range found {
		switch {
		case in.Kind != insights.Sentiment || in.Speaker != insights.Customer:
		case in.Name == insights.Annoyed:
			c.AnnoyedAt = &in.Start
		default:
			c.Points = append(c.Points, Moment{in.Start, in.Value})
		}
	}
	if len(c.Points) == 0 {
		return nil
	}
	slices.SortStableFunc(c.Points, func(a, b Moment) int { return cmp.Compare(a.At, b.At) })
	value := c.Points[0].Value
	for i := range c.Points {
		value += fresh * (c.Points[i].Value - value)
		c.Points[i].Value = math.Round(value*1000) / 1000
		if i == 0 || c.Points[i].Value < c.Low.Value {
			c.Low = c.Points[i]
		}
	}
	c.Last = c.Points[len(c.Points)-1].Value
	return &c
}
