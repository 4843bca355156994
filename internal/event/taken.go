package event

import "heed/insights"

// DataExported says that somebody took data out of Heed, to a file of theirs;
// its payload is a [Taken]. It is committed before the first byte leaves.
const DataExported Type = "data.exported"

// Taken says who took what. Nothing of what was asked for or taken is in it: a
// query may name a person.
type Taken struct {
	By     string `json:"by"`   // the user's name or the key's
	Role   string `json:"role"` // theirs
	What   string `json:"what"` // "search", "calls", "theme_calls", "subtitles", "clip"
	Format string `json:"format"`
	// From and To are the seconds of the call, of subtitles and a clip; both
	// zero is all of it.
	From insights.Seconds `json:"from,omitempty"`
	To   insights.Seconds `json:"to,omitempty"`
	// Channel is of a clip: "both", "agent" or "customer".
	Channel string `json:"channel,omitempty"`
}
