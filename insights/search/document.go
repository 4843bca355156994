package search

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"heed/insights"
	"heed/internal/event"
)

// kept is what a hit shows and no query reads; short names, for it is stored
// with every utterance.
type kept struct {
	Call    string           `json:"c"`
	Speaker insights.Speaker `json:"s"`
	Start   insights.Seconds `json:"f"`
	End     insights.Seconds `json:"t"`
	At      int64            `json:"a"` // Unix milliseconds
}

// document turns an event into what bleve indexes, under the utterance's id.
// Stem says that an utterance of no language is English.
func document(e event.Event, s said, stem bool) (id string, doc map[string]any) {
	u := s.Utterance
	call := u.CallID
	if call == "" {
		call = e.Call
	}
	at := e.Time.UTC()
	doc = map[string]any{
		"text": u.Text, "speaker": string(u.Speaker), "call": call, "at": at,
		"kept": keep(kept{call, u.Speaker, u.Start, u.End, at.UnixMilli()}),
	}
	if english(u.Language) || stem && u.Language == "" {
		doc["stem"] = u.Text
	}
	var intents, themes []string
	for _, in := range s.Insights {
		switch in.Kind {
		case insights.Intent:
			intents = append(intents, in.Name)
		case insights.Theme:
			themes = append(themes, in.Name)
		case insights.Sentiment, insights.Entity, insights.Moment, insights.Redacted, insights.Spotted, insights.Talk:
		}
	}
	if intents != nil {
		doc["intent"] = intents
	}
	if themes != nil {
		doc["theme"] = themes
	}
	return u.ID, doc
}

// english reads a BCP 47 tag.
func english(language string) bool {
	tag, _, _ := strings.Cut(language, "-")
	return strings.EqualFold(tag, "en")
}

func keep(k kept) string {
	raw, err := json.Marshal(k)
	if err != nil { // a time that is no number
		k.Start, k.End = 0, 0
		raw, _ = json.Marshal(k) //nolint:errchkjson // strings and whole numbers always encode
	}
	return string(raw)
}

// unkeep reads it back.
func unkeep(fields map[string]any) (kept, time.Time, error) {
	var k kept
	raw, _ := fields["kept"].(string)
	if err := json.Unmarshal([]byte(raw), &k); err != nil {
		return k, time.Time{}, fmt.Errorf("search index: stored hit: %w", err)
	}
	return k, time.UnixMilli(k.At).UTC(), nil
}
