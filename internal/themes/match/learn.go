package match

import (
	"context"
	"fmt"
	"io/fs"

	"heed/insights"
	"heed/insights/phrase"
	"heed/insights/theme"
	"heed/insights/theme/discover"
)

// ErrTooFew says that there is too little to discover themes in; more calls
// mend it.
var ErrTooFew = discover.ErrTooFew

// Found is a discovered theme.
type Found struct {
	ID, Name string
	Phrases  []string // that tell it from the others, best first
}

// Usable says whether what was learned can be read: it cannot when it was made
// with another encoder. Nothing learned is usable.
func (c *Compiler) Usable(learned []byte) bool {
	_, err := c.load(learned)
	return err == nil
}

// Learn discovers themes in turns and goes on from what was learned before, if
// anything: themes that go on keep their ID. It blocks for seconds.
func (c *Compiler) Learn(ctx context.Context, before []byte, turns []Turn) ([]byte, []Found, error) {
	o := discover.Options{}
	if c.encoder != nil {
		o.Encoder = c.encoder
	}
	prev, err := c.load(before)
	var m *discover.Model
	if prev == nil || err != nil { // one of another encoder cannot go on
		m, err = discover.Discover(ctx, turns, o)
	} else {
		m, err = discover.Update(ctx, prev, turns, o)
	}
	if err != nil {
		return nil, nil, err
	}
	raw, err := m.MarshalBinary()
	if err != nil {
		return nil, nil, err
	}
	var found []Found
	for _, t := range m.Themes() {
		found = append(found, Found{ID: t.ID, Name: t.Name, Phrases: t.Phrases})
	}
	return raw, found, nil
}

// Turn is a turn to discover themes in.
type Turn = discover.Turn

// Rules reads the theme rules of a folder as definitions; the rules of agents
// alone are left out.
func Rules(fsys fs.FS) ([]Definition, error) {
	rules, err := phrase.Load(fsys, "themes")
	if err != nil {
		return nil, fmt.Errorf("theme rules: %w", err)
	}
	var out []Definition
	for _, r := range rules {
		if r.Speaker == insights.Agent {
			continue
		}
		out = append(out, Definition{
			Name: r.Name, Title: r.Title, How: theme.ByWords, Speaker: r.Speaker, Phrases: r.Phrases, Unless: r.Unless,
		})
	}
	return out, nil
}

// Without gives what was learned without what calls said, and whether it
// quoted them.
func Without(learned []byte, calls []string) (rest []byte, had bool, err error) {
	return discover.Without(learned, calls)
}
