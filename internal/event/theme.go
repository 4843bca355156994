package event

import (
	"time"

	"heed/insights"
)

// Emergence is the payload of [ThemeEmerged]: a theme is new, or grows against
// its own past. It is told once an episode.
type Emergence struct {
	ThemeID string `json:"theme_id"`
	Title   string `json:"title"`
	// From and To bound the time that stands out.
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Observed calls had the theme; Expected is what its own past and the
	// number of calls let expect, and Ratio the one by the other.
	Observed int     `json:"observed"`
	Expected float64 `json:"expected"`
	Ratio    float64 `json:"ratio"`
	// Share is the part of all calls that had it, Before the same in the past.
	Share  float64 `json:"share"`
	Before float64 `json:"before"`
	// Q is the rate of false alarms at which this one is still told.
	Q float64 `json:"q"`
	// New says that the past had hardly any of it.
	New    bool         `json:"new"`
	Quotes []ThemeQuote `json:"quotes"`
}

// ThemeQuote is what a customer said, redacted.
type ThemeQuote struct {
	CallID      string           `json:"call_id"`
	UtteranceID string           `json:"utterance_id"`
	Start       insights.Seconds `json:"start"` // from the start of the call
	Text        string           `json:"text"`
}
