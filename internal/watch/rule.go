package watch

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"heed/insights"
	"heed/insights/phrase"
	"heed/insights/spoken"
	"heed/internal/store"
)

// The kinds of rule.
const (
	KindMood    = "mood"    // the mood is under Level for Seconds
	KindSilence = "silence" // nobody has said anything for Seconds
	KindPhrase  = "phrase"  // Phrase was said
	KindTheme   = "theme"   // Theme came up
	KindAsks    = "asks"    // the customer asks for somebody else
	KindRisk    = "risk"    // the risk is Level or more
	KindLong    = "long"    // the call goes on for more than Seconds
	KindOverlap = "overlap" // both speak for Level of the call or more
)

// longest bounds the times of a rule.
const longest = 4 * 3600

// Invalid says what is wrong with a field of a rule.
type Invalid struct{ Field, Want string }

func (e *Invalid) Error() string { return e.Field + ": " + e.Want }

// Check says what is wrong with what a rule waits for.
func Check(w *store.WatchWanted) error {
	w.Name = strings.TrimSpace(w.Name)
	switch {
	case w.Name == "" || utf8.RuneCountInString(w.Name) > 80:
		return &Invalid{"name", "expected 1 to 80 letters"}
	case w.Speaker != "" && w.Speaker != string(insights.Customer) && w.Speaker != string(insights.Agent):
		return &Invalid{"speaker", "expected customer, agent or nothing"}
	}
	return checkKind(w)
}

func checkKind(w *store.WatchWanted) error {
	switch w.Kind {
	case KindMood:
		return both(within("level", w.Level, -1, 1), within("seconds", w.Seconds, 0, longest))
	case KindSilence:
		return within("seconds", w.Seconds, 3, longest)
	case KindLong:
		return within("seconds", w.Seconds, 10, longest)
	case KindRisk, KindOverlap:
		return within("level", w.Level, 0.05, 1)
	case KindAsks:
		return nil
	case KindTheme:
		if w.Theme == "" {
			return &Invalid{"theme", "expected the name of a theme"}
		}
		return nil
	case KindPhrase:
		if wrong := phrase.Check(w.Phrase); wrong != "" {
			return &Invalid{"phrase", wrong}
		}
		return nil
	}
	return &Invalid{"kind", "expected mood, silence, phrase, theme, asks, risk, long or overlap"}
}

func within(field string, v, from, to float64) error {
	if v < from || v > to {
		return &Invalid{field, fmt.Sprintf("expected %g to %g", from, to)}
	}
	return nil
}

func both(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// rule is one that is ready to be asked.
type rule struct {
	store.WatchRule

	phrases *phrase.Matcher // of one that listens for a phrase
}

func ready(r store.WatchRule) rule {
	out := rule{WatchRule: r}
	if r.Kind == KindPhrase {
		out.phrases = phrase.Compile([]phrase.Rule{{Name: r.ID, Speaker: insights.Speaker(r.Speaker), Phrases: []string{r.Phrase}}})
	}
	return out
}

// holds says whether a rule is true of a call at a second of it, and by which
// value. What somebody says counts when it is said: a rule that is made later
// does not look back.
func (r *rule) holds(l *Live, at insights.Seconds) (value float64, is bool) {
	if !r.isOf(l) {
		return 0, false
	}
	switch r.Kind {
	case KindMood:
		since, under := l.below(r.Level)
		return l.feeling(), under && float64(at-since) >= r.Seconds
	case KindSilence:
		silence := float64(at - l.Spoken)
		return round(silence), silence >= r.Seconds && l.audible()
	case KindLong:
		return round(float64(at)), float64(at) >= r.Seconds
	case KindRisk:
		return l.Risk.Value, l.Risk.Value >= r.Level
	case KindOverlap:
		return l.Overlap, float64(at) >= overlapAfter && l.Overlap >= r.Level
	}
	return 0, l.heard != nil && r.said(l)
}

// overlapAfter is when the share of time in which both spoke begins to mean
// something, in seconds.
const overlapAfter = 60

// audible is false of a call that is not heard now: nobody knows whether anybody
// speaks.
func (l *Live) audible() bool { return l.Audio.State != deaf && l.Audio.State != paused }

// feeling is the mood, neutral while none is known.
func (l *Live) feeling() float64 {
	if l.Mood == nil {
		return 0
	}
	return *l.Mood
}

// isOf says whether a rule watches over a call.
func (r *rule) isOf(l *Live) bool {
	return (r.Agent == "" || strings.EqualFold(r.Agent, l.Agent)) && (r.Queue == "" || strings.EqualFold(r.Queue, l.Queue))
}

// said says whether the words of the last event are what a rule listens for.
func (r *rule) said(l *Live) bool {
	if r.Kind == KindPhrase {
		u := &l.heard.Utterance
		return len(r.phrases.Find(u.Speaker, spoken.Words(u.Text))) > 0
	}
	for i := range l.heard.Insights {
		in := &l.heard.Insights[i]
		switch {
		case r.Speaker != "" && r.Speaker != string(in.Speaker):
		case r.Kind == KindTheme && in.Kind == insights.Theme && in.Name == r.Theme:
			return true
		case r.Kind == KindAsks && in.Speaker == insights.Customer && asks(in):
			return true
		}
	}
	return false
}
