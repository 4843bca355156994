// Package theme says what an utterance is about, by rules of phrases that
// people write in YAML. Each theme is given once an utterance, with the words
// that carried it. It discovers nothing and counts nothing: that is the work
// of whoever reads many calls.
package theme

import (
	"fmt"
	"io/fs"

	"heed/insights"
	"heed/insights/phrase"
	"heed/insights/spoken"
)

var _ insights.Versioned = (*Analyzer)(nil)

// Analyzer finds themes. It is safe for concurrent use and never changed.
type Analyzer struct {
	rules   []phrase.Rule
	matcher *phrase.Matcher
	model   string
}

// Load reads every *.yaml file at the top of a folder, strictly: an error
// names the file, the line and what was expected there.
func Load(fsys fs.FS) (*Analyzer, error) {
	rules, err := phrase.Load(fsys, "themes")
	if err != nil {
		return nil, err
	}
	m := phrase.Compile(rules)
	return &Analyzer{rules: rules, matcher: m, model: fmt.Sprintf("theme/%08x", m.Version())}, nil
}

// Title gives the words for a theme's name on a screen, or the name itself
// when the theme is not known.
func (a *Analyzer) Title(name string) string {
	for _, r := range a.rules {
		if r.Name == name {
			return r.Title
		}
	}
	return name
}

// Names gives all themes in the order of their files.
func (a *Analyzer) Names() []string {
	names := make([]string, len(a.rules))
	for i, r := range a.rules {
		names[i] = r.Name
	}
	return names
}

// Version names the rules: the same rules give the same version.
func (a *Analyzer) Version() string { return a.model }

// Analyze gives each theme found. Text is the theme's title.
func (a *Analyzer) Analyze(u *insights.Utterance, _ *insights.Call) []insights.Insight {
	found := a.matcher.Find(u.Speaker, spoken.Words(u.Text))
	return phrase.Insights(u, found, insights.Theme, a.model)
}
