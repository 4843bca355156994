// Package customer is the live profile of one person: how facts fold into it
// and what can be read off it at a moment. It is pure: no clock of its own, no
// storage, no transport.
//
// It refuses to guess who somebody is (an unverified number stays a
// candidate) and it never reads the agent's words for mood, churn or intent.
package customer

import "time"

// Profile is what is known of one person. It is a projection of that person's
// events and can be rebuilt from them.
type Profile struct {
	ID        string    `json:"id"`
	Version   int64     `json:"version"` // grows by one with each saved change
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`

	Identifiers []Identifier `json:"identifiers"`
	// Traits keeps conflicting values side by side, best first; see [Profile.Trait].
	Traits []Trait `json:"traits,omitempty"`
	// Evidence holds what moves each computed signal, by the signal's name,
	// oldest first, at most 64 a signal.
	Evidence map[string][]Evidence `json:"evidence,omitempty"`
	// Facts are dated happenings that policies ask about: purchases, page
	// views, complaints, contacts. Oldest first, bounded.
	Facts []Fact `json:"facts,omitempty"`
	// Influence is the outcome memory of decisioning: offers said no or later to.
	Influence []Influence `json:"influence,omitempty"`
	// Marks tell of each computed signal how far it has come; see [Mark].
	Marks map[string]Mark `json:"marks,omitempty"`
	// ActiveAt is when the person last did something themselves.
	ActiveAt time.Time `json:"active_at,omitzero"`

	// Stale says that something came too late to be folded in place: the
	// profile is right only when it is projected anew from all of its inputs,
	// see [Project]. It is never stored.
	Stale bool `json:"-"`
}

// Identifier is one way to reach or recognise the person.
type Identifier struct {
	Type  string `json:"type"`  // "phone", "email", "user_id"
	Value string `json:"value"` // normalised: E.164, folded address
	// Verified says that the person or an agent confirmed it; until then it is
	// a candidate.
	Verified bool `json:"verified"`
	// Shared says that more than one person uses it: it joins nobody.
	Shared bool `json:"shared,omitempty"`
	// By is the surest evidence for it and Confidence how sure that is, 0..1.
	By         string    `json:"by,omitempty"`
	Confidence float64   `json:"confidence,omitempty"`
	FirstSeen  time.Time `json:"first_seen"`
	LastSeen   time.Time `json:"last_seen"`
}

// Via names the identifier that brought a fact.
type Via struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// Trait is a property with where it came from.
type Trait struct {
	Name       string    `json:"name"`
	Value      any       `json:"value"` // string, float64, bool
	Source     string    `json:"source"`
	At         time.Time `json:"at"`
	Confidence float64   `json:"confidence"` // 0..1
	// Kind is [Declared], [Verified], [Observed] or [Inferred]; empty is observed.
	Kind    string    `json:"kind,omitempty"`
	Purpose string    `json:"purpose,omitempty"` // what it may be used for; empty: all that consent allows
	Expires time.Time `json:"expires,omitzero"`  // from then on it is not believed
	EventID string    `json:"event_id,omitempty"`
}

// Evidence is one fact that moves a computed signal and then fades.
type Evidence struct {
	EventID    string        `json:"event_id"`
	Label      string        `json:"label"` // what happened, such as "intent.cancel"
	Weight     float64       `json:"weight"`
	HalfLife   time.Duration `json:"half_life"`
	Confidence float64       `json:"confidence"`
	At         time.Time     `json:"at"`
	CallID     string        `json:"call_id,omitempty"`
	CallSecond float64       `json:"call_second,omitempty"`
	Quote      string        `json:"quote,omitempty"`
	Product    string        `json:"product,omitempty"` // what it was about, where that is known
}

// Fact is a dated happening.
type Fact struct {
	EventID string         `json:"event_id"`
	Name    string         `json:"name"` // "purchase", "page.cancel", "complaint.opened", "contact.email"
	At      time.Time      `json:"at"`
	Props   map[string]any `json:"props,omitempty"` // product, category, value...
	// Via is what the person was recognised by; the profile keeps it with the
	// identifier and not with the fact.
	Via *Via `json:"via,omitempty"`
}

// Influence is the memory of an outcome: it lifts or lowers an action or a
// group and fades linearly to nothing at Until.
type Influence struct {
	Scope   string    `json:"scope"` // "action" or "group"
	Name    string    `json:"name"`
	Percent float64   `json:"percent"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
}

// Reading is a computed signal at a moment.
type Reading struct {
	Name    string `json:"name"`
	Product string `json:"product,omitempty"` // of a reading for one product
	// Value is 0..1 for risks and intents, -1..1 for mood, a count for fatigue.
	Value    float64    `json:"value"`
	Evidence []Evidence `json:"evidence,omitempty"`
}
