// Package talk measures how a conversation went by its times alone.
package talk

import "heed/insights"

// Measure gives talk insights of a whole call of the given length.
func Measure(us []insights.Utterance, length insights.Seconds) []insights.Insight { return nil }
