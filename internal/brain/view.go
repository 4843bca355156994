package brain

import (
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
)

// Customer is what a screen shows of a person.
type Customer struct {
	ID          string                `json:"id"`
	Name        string                `json:"name"`
	Since       time.Time             `json:"since"`
	Identifiers []customer.Identifier `json:"identifiers"`
	Traits      []customer.Trait      `json:"traits"`
	Readings    []customer.Reading    `json:"readings"`
	Buying      []customer.Reading    `json:"buying,omitempty" doc:"The buying intent by product"`
	Facts       []customer.Fact       `json:"facts"`
	May         []Allowance           `json:"may"`
	// Members are the ids of the people who are one, the oldest first, and
	// Links what joined them, those that ended as well.
	Members []string         `json:"members,omitempty"`
	Links   []customer.Merge `json:"links,omitempty"`
}

// Allowance is what the ledger says of one cell now.
type Allowance struct {
	consent.Cell
	State  consent.State `json:"state"`
	Since  time.Time     `json:"since,omitzero"`
	Source string        `json:"source,omitempty"`
}

// shownFacts is how many of the latest facts a screen gets.
const shownFacts = 20

// View renders a person at a moment.
func View(p customer.Profile, rows []consent.Row, at time.Time) Customer {
	v := Customer{
		ID: p.ID, Name: p.Name(), Since: p.CreatedAt,
		Identifiers: p.Identifiers, Traits: p.Traits,
		Facts: p.Facts[max(0, len(p.Facts)-shownFacts):],
	}
	refused := func(p consent.Purpose) bool { return consent.Now(rows, consent.Cell{Purpose: p}, at).Denies() }
	if !refused(consent.Tracking) && !refused(consent.Processing) {
		v.Readings, v.Buying = p.Readings(at), p.Buying(at)
	}
	for _, cell := range []consent.Cell{
		{Purpose: consent.Marketing, Channel: "agent"},
		{Purpose: consent.Marketing, Channel: "email"},
		{Purpose: consent.Marketing, Channel: "sms"},
		{Purpose: consent.Marketing, Channel: "call"},
		{Purpose: consent.Profiling},
		{Purpose: consent.Recording},
		{Purpose: consent.Tracking},
		{Purpose: consent.Processing},
	} {
		a := consent.Now(rows, cell, at)
		m := Allowance{Cell: cell, State: a.State}
		if a.Row != nil {
			m.Since, m.Source = a.Row.At, a.Row.Source
		}
		v.May = append(v.May, m)
	}
	return v
}
