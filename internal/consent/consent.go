// Package consent answers what a person allows, from a ledger of rows that
// are only ever added. It is pure: no clock, no storage, no transport.
//
// Unknown is not granted, and nothing is overwritten.
package consent

import "time"

// Purpose is what the data or the message is for.
type Purpose string

// The purposes that Heed itself asks about.
const (
	Service   Purpose = "service"   // doing what the person asked for
	Marketing Purpose = "marketing" // selling
	Profiling Purpose = "profiling" // using what is known to choose
	Research  Purpose = "research"
	Recording Purpose = "recording" // keeping the audio of a call
	// Tracking is keeping a record of what a person does. Its withdrawal leaves
	// only what serving them needs.
	Tracking Purpose = "tracking"
	// Sale is selling or sharing data for advertising elsewhere.
	Sale Purpose = "sale_share"
)

// State is what a ledger cell says.
type State string

// The states of a cell. Only Granted opens it.
const (
	Granted   State = "granted"
	Denied    State = "denied"
	Withdrawn State = "withdrawn"
	Expired   State = "expired"
	Unknown   State = "unknown"
)

// Cell is one question: may we, for this purpose, on this channel, about this
// topic, at this address? Empty Channel, Topic or Address means any.
type Cell struct {
	Purpose Purpose `json:"purpose"`
	Channel string  `json:"channel,omitempty"` // "agent", "email", "sms", "call", "web", "push"
	Topic   string  `json:"topic,omitempty"`
	Address string  `json:"address,omitempty"`
}

// Row is one entry of a person's ledger.
type Row struct {
	ID         string `json:"id"`
	CustomerID string `json:"customer_id"`
	Cell
	State State `json:"state"`
	// At is when it happened, RecordedAt when we learnt it, Expires when the
	// state lapses by itself (zero: never).
	At         time.Time `json:"at"`
	RecordedAt time.Time `json:"recorded_at"`
	Expires    time.Time `json:"expires,omitzero"`
	// Source is the system, Actor the person or rule that entered it.
	Source string `json:"source"`
	Actor  string `json:"actor"`
	// CallID and CallSecond point at the words when it was said on the phone.
	CallID     string  `json:"call_id,omitempty"`
	CallSecond float64 `json:"call_second,omitempty"`
	// Wording and Language are what the person was shown or asked.
	Wording  string `json:"wording,omitempty"`
	Language string `json:"language,omitempty"`
	Evidence string `json:"evidence,omitempty"`
	// PrevHash and Hash chain the rows of one person (hex SHA-256).
	PrevHash string `json:"prev_hash"`
	Hash     string `json:"hash"`
}

// Answer is what a ledger says about a cell at a moment, and which row says so.
type Answer struct {
	State State `json:"state"`
	// Row is nil when nothing was ever recorded.
	Row *Row `json:"row,omitempty"`
}
