package search

import (
	"math"
	"strings"

	"heed/insights"
	"heed/internal/event"
)

// document turns an event into what bleve indexes, under the utterance's id.
// Language is that of its stems, or empty.
func document(e event.Event, s said, language string) (id string, doc map[string]any) {
	u := s.Utterance
	call := u.CallID
	if call == "" {
		call = e.Call
	}
	at := e.Time.UTC()
	doc = map[string]any{
		"kind": "utterance", "text": u.Text, "speaker": string(u.Speaker), "call": call, "day": dayOf(at),
		"second": secondAt(secondOf(float64(u.Start))), "lies": liesAt(u.Start, u.End),
		"kept": keep(kept{
			Call: call, Speaker: u.Speaker, Start: u.Start, End: u.End, At: at,
			writing: writing{u.Written, u.WrittenWords},
		}),
	}
	if language != "" {
		doc[stemField+language] = u.Text
	}
	f := FactsOf(s.Insights)
	for name, values := range map[string][]string{"intent": f.Intents, "theme": f.Themes, "moment": f.Moments, "entity": f.Entities} {
		if values != nil {
			doc[name] = values
		}
	}
	if f.Mood != nil {
		doc["sentiment"] = moodAt(*f.Mood)
	}
	if f.Sums != nil {
		doc[money] = f.Sums
	}
	if u.Language != "" {
		doc["language"] = tongue(u.Language)
	}
	return u.ID, doc
}

// Facts are what was understood of one utterance, as queries name it.
type Facts struct {
	Intents, Themes, Moments []string

	Entities []string  // type=value, in lower case
	Sums     []float64 // of money
	Mood     *float64  // nil: not told
}

// FactsOf reads them off an utterance's insights.
func FactsOf(found []insights.Insight) (f Facts) {
	for _, in := range found {
		switch in.Kind {
		case insights.Intent:
			f.Intents = append(f.Intents, in.Name)
		case insights.Theme:
			f.Themes = append(f.Themes, in.Name)
		case insights.Moment:
			f.Moments = append(f.Moments, in.Name)
		case insights.Entity:
			f.Entities = append(f.Entities, in.Name+"="+strings.ToLower(in.Text))
			if in.Name == money {
				f.Sums = append(f.Sums, in.Value)
			}
		case insights.Sentiment:
			if in.Name != insights.Annoyed {
				mood := math.Round(100*in.Value) / 100 // the index knows no finer one
				f.Mood = &mood
			}
		case insights.Redacted, insights.Spotted, insights.Talk:
		}
	}
	return f
}
