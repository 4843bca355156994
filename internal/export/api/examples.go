package api

import (
	"time"

	"heed/insights/search"
	"heed/internal/desk"
	"heed/internal/store"
)

// The rows that the API's description shows.

const exampleID = "0197a1b2-6a0e-7c7f-9e4e-3f5a0d2b1c90"

func exampleAt() time.Time { return time.Date(2026, 11, 2, 9, 4, 0, 0, time.UTC) }

func exampleSaid() said {
	mood := -0.42
	f := &desk.Facts{Outcomes: []string{"accepted"}}
	f.StartedAt, f.Language, f.Agent, f.Direction, f.Platform, f.Duration = exampleAt(), "en-US", "Dana Fox", "inbound", "twilio", 312.5
	f.CustomerID = "0197a1b0-11c2-7d02-8f6a-52d6c1e7a401"
	return said{
		Hit: &search.Hit{
			CallID: exampleID, UtteranceID: "0197a1b2-77c0-7a39-9a51-0b7f3f1a2c55", Speaker: "customer", Start: 41.2, End: 43.9,
			Text: "where is my order it should have come on tuesday", Written: "Where is my order? It should have come on Tuesday.",
		},
		Facts: search.Facts{Intents: []string{"order_status"}, Themes: []string{"late_delivery"}, Mood: &mood},
		call:  f, origin: desk.Origin{Source: "google", Campaign: "Fibre Spring", Queue: "sales"},
	}
}

func exampleCall() desk.Line {
	ended := exampleAt().Add(312 * time.Second)
	l := desk.Line{Intent: "order_status", Themes: []string{"late_delivery"}, Mood: -0.2}
	l.ID, l.StartedAt, l.EndedAt, l.Duration, l.Status = exampleID, exampleAt(), &ended, 312, "ended"
	l.Direction, l.Platform, l.PlatformCall, l.Agent, l.Language, l.Recording.State = "inbound", "twilio", "CA5f1c", "Dana Fox", "en-US", "kept"
	return l
}

func exampleThemeCall() store.ThemeCall {
	return store.ThemeCall{ID: exampleID, StartedAt: exampleAt(), Turns: 3}
}
