package event

import "time"

// AlertRaised says that something came to pass that somebody wanted to be told
// of; its payload is an [Alert].
const AlertRaised Type = "alert.raised"

// Alert is the payload of [AlertRaised]. There are numbers in it and a name
// that people gave, never what was said nor what was searched for.
type Alert struct {
	AlertID      string `json:"alert_id"`
	Subscription string `json:"subscription_id"`
	// Kind is "threshold", "change" or "new".
	Kind     string `json:"kind"`
	SearchID string `json:"search_id,omitempty"`
	ThemeID  string `json:"theme_id,omitempty"`
	// Name is of the search or the theme; empty in the log for a search that is
	// its owner's alone.
	Name string `json:"name,omitempty"`
	// Count is in Unit, "calls" or "lines", from From on and before To.
	Count int       `json:"count"`
	Unit  string    `json:"unit"`
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	// Expected is what the past lets expect and Sample on how many calls of it
	// that rests; both are of a change only.
	Expected float64 `json:"expected,omitempty"`
	Sample   int     `json:"sample,omitempty"`
	// Link leads to the calls behind the number.
	Link string `json:"link"`
}
