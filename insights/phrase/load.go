package phrase

import (
	"fmt"
	"io/fs"
	"math"

	"heed/insights"
	"heed/insights/rulefile"
	"heed/insights/spoken"
)

// Load reads the rules of every *.yaml file of a folder. Section is the name
// of the list in each file, such as "themes". Names are unique over all files.
func Load(fsys fs.FS, section string) ([]Rule, error) {
	var rules []Rule
	seen := make(map[string]bool)
	err := rulefile.Each(fsys, func(root rulefile.Value) error {
		fields, err := root.Fields("version", section)
		if err != nil {
			return err
		}
		if err := fields["version"].Version(1); err != nil {
			return err
		}
		items, err := fields[section].List()
		if err != nil {
			return err
		}
		for _, item := range items {
			r, err := readRule(item)
			if err != nil {
				return err
			}
			if seen[r.Name] {
				return item.Errorf("%q is defined twice, expected one definition", r.Name)
			}
			seen[r.Name] = true
			rules = append(rules, r)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", section, err)
	}
	return rules, nil
}

func readRule(v rulefile.Value) (Rule, error) {
	f, err := v.Fields("name", "title", "speaker?", "phrases", "unless?")
	if err != nil {
		return Rule{}, err
	}
	var r Rule
	if r.Name, err = f["name"].Name(); err != nil {
		return Rule{}, err
	}
	if r.Title, err = f["title"].Text(); err != nil {
		return Rule{}, err
	}
	if s, ok := f["speaker"]; ok {
		if r.Speaker, err = readSpeaker(s); err != nil {
			return Rule{}, err
		}
	}
	if r.Phrases, err = readPhrases(f["phrases"]); err != nil {
		return Rule{}, err
	}
	if u, ok := f["unless"]; ok {
		if r.Unless, err = readPhrases(u); err != nil {
			return Rule{}, err
		}
	}
	return r, nil
}

func readSpeaker(v rulefile.Value) (insights.Speaker, error) {
	s, err := v.Text()
	switch {
	case err != nil:
		return "", err
	case s == "any":
		return "", nil
	case s == string(insights.Customer), s == string(insights.Agent):
		return insights.Speaker(s), nil
	}
	return "", v.Errorf("expected speaker any, customer or agent, got %q", s)
}

func readPhrases(v rulefile.Value) ([]string, error) {
	values, err := v.List()
	if err != nil {
		return nil, err
	}
	out := make([]string, len(values))
	seen := make(map[string]bool, len(values))
	for i, val := range values {
		if out[i], err = val.Text(); err != nil {
			return nil, err
		}
		if wrong := Check(out[i]); wrong != "" {
			return nil, val.Errorf("phrase %q: %s", out[i], wrong)
		}
		if seen[out[i]] {
			return nil, val.Errorf("phrase %q is given twice, expected it once", out[i])
		}
		seen[out[i]] = true
	}
	return out, nil
}

// Insights turns matches into insights of a kind. Confidence grows with the
// number of places and falls with what the recogniser doubts.
func Insights(u *insights.Utterance, matches []Match, kind insights.Kind, model string) []insights.Insight {
	var out []insights.Insight
	for _, m := range matches {
		first, last := m.Spans[0], m.Spans[len(m.Spans)-1]
		start, _ := spoken.Times(u, first)
		_, end := spoken.Times(u, last)
		out = append(out, insights.Insight{
			Kind: kind, Name: m.Rule.Name, Text: m.Rule.Title, Confidence: confidence(len(m.Spans), u.Confidence),
			Speaker: u.Speaker, Start: start, End: end, Evidence: m.Spans, Model: model, UtteranceID: u.ID,
		})
	}
	return out
}

// confidence is 0.9 for one clear place; a recogniser that gives none (0)
// counts as sure.
func confidence(places int, heard float64) float64 {
	c := math.Min(0.9+0.03*float64(places-1), 0.97)
	if heard > 0 && heard < 1 {
		c *= 0.6 + 0.4*heard
	}
	return math.Round(c*1000) / 1000
}
