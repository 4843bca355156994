package discover

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/insights"
)

// encoder turns a text into a vector of Dim numbers, of length 1 or all zero.
// insights/embed has one; none is needed.
type encoder interface {
	Dim() int
	Encode(dst []float32, text string)
}

// Turn is what a customer said, one utterance, already redacted.
type Turn struct {
	ID       string
	CallID   string
	Text     string
	At       time.Time
	Language string // BCP 47; empty counts as English
}

// Options say how themes are found. The zero value works.
type Options struct {
	// Encoder is used for English turns; nil uses words alone.
	Encoder encoder
	// MinThemes and MaxThemes bound the number of themes; 0 means 2 and 50,
	// the latter fewer when there are few turns.
	MinThemes, MaxThemes int
	// Quotes is how many typical quotes a theme shows; 0 means 5.
	Quotes int
	// Seed starts the random choices; the same seed gives the same themes.
	Seed uint64
	// All groups every turn that has a word in it, also one that seems to carry
	// no theme. It is for measuring against labelled turns.
	All bool
}

// Theme is one thing that calls are about.
type Theme struct {
	// ID stays the same over updates as long as the theme goes on.
	ID string `json:"id"`
	// Name is made of the theme's own words, such as "reset password".
	Name string `json:"name"`
	// Phrases tell the theme from the others, best first.
	Phrases []string `json:"phrases"`
	// Quotes are the most typical turns, of different calls, best first.
	Quotes []Quote `json:"quotes"`
	// Turns and Calls count what the theme was made of.
	Turns int `json:"turns"`
	Calls int `json:"calls"`
	// Cohesion is the mean similarity (cosine) of its turns to its middle, 0..1.
	Cohesion float64 `json:"cohesion"`
}

// Quote is one turn that shows a theme.
type Quote struct {
	TurnID string    `json:"turn_id"`
	CallID string    `json:"call_id"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
	Score  float64   `json:"score"` // similarity to the theme's middle, 0..1
}

// Match says that a turn belongs to a theme.
type Match struct {
	Theme string  // its ID
	Score float64 // similarity (cosine) to the theme's middle, 0..1
	// Evidence points at the words of the text that the theme is known by. It
	// may be empty: then the whole text is the evidence.
	Evidence []insights.Span
}

// ErrTooFew means that there are too few turns that carry a theme. More calls
// mend it.
var ErrTooFew = errors.New("too few turns to find themes in")

// minTurns is the least number of theme-bearing turns that themes are made of.
const minTurns = 20

// Discover finds the themes of turns. It blocks for seconds (see the
// benchmarks) and stops early with ctx's error. What is
// said word for word many times weighs once when groups are found, and as often
// as it is said in what themes count.
func Discover(ctx context.Context, turns []Turn, o Options) (*Model, error) {
	m, err := build(ctx, turns, o)
	if err != nil {
		return nil, fmt.Errorf("discover themes of %d turns: %w", len(turns), err)
	}
	m.nameAll(nil)
	return m, nil
}

func (o Options) withDefaults(n int) Options {
	if o.MinThemes <= 0 {
		o.MinThemes = 2
	}
	if o.MaxThemes <= 0 {
		o.MaxThemes = 50
	}
	if o.Quotes <= 0 {
		o.Quotes = 5
	}
	o.MaxThemes = max(2, min(o.MaxThemes, n/turnsPerTheme))
	o.MinThemes = max(2, min(o.MinThemes, o.MaxThemes))
	return o
}

// turnsPerTheme is the least mean size of a theme that is worth telling apart.
const turnsPerTheme = 5
