package insights

import "strings"

// Versioned is an [Analyzer] that names what makes its insights. Version is
// the [Insight.Model] of all of them, "<analyzer>/<version>"; it changes when
// what the analyzer says can change.
type Versioned interface {
	Analyzer
	Version() string
}

// Versions gives the versions of an analyzer, or of all of a [Chain] in its
// order. One that does not name its version is left out.
func Versions(a Analyzer) []string {
	if c, is := a.(Chain); is {
		var all []string
		for _, part := range c {
			all = append(all, Versions(part)...)
		}
		return all
	}
	if v, is := a.(Versioned); is {
		return []string{v.Version()}
	}
	return nil
}

// Maker is the analyzer that a version names: "intent" of "intent/7f3a".
func Maker(version string) string {
	name, _, _ := strings.Cut(version, "/")
	return name
}

// Complete fills in what an analyzer may leave out of what it found in an
// utterance: whose it is, who spoke and when.
func Complete(u *Utterance, found []Insight) {
	for i := range found {
		in := &found[i]
		if in.UtteranceID == "" {
			in.UtteranceID = u.ID
		}
		if in.Speaker == "" {
			in.Speaker = u.Speaker
		}
		if in.Start == 0 && in.End == 0 {
			in.Start, in.End = u.Start, u.End
		}
	}
}
