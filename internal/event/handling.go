package event

import "time"

// Mute says whether an agent wants suggestions on a call. What the law asks to
// be said comes all the same.
type Mute struct {
	CallID string    `json:"call_id"`
	On     bool      `json:"on"`
	Until  time.Time `json:"until,omitzero" doc:"Absent for the rest of the call"`
	By     string    `json:"by,omitempty"`
	At     time.Time `json:"at"`
}

// Dismissed is why an agent dismissed a suggestion, as told after the call.
type Dismissed struct {
	DecisionID string `json:"decision_id" maxLength:"64"`
	Action     string `json:"action" maxLength:"200"`
	Reason     string `json:"reason" enum:"irrelevant,wrong_moment,already_done,customer_unwilling,bad_words"`
}

// WrapUp is what an agent says of a call that is over. Its words went through
// the redactor.
type WrapUp struct {
	CallID    string      `json:"call_id"`
	Ending    string      `json:"ending" enum:"resolved,follow_up,unresolved,transferred"`
	Tags      []string    `json:"tags"`
	Dismissed []Dismissed `json:"dismissed"`
	Summary   string      `json:"summary,omitempty"`
	By        string      `json:"by,omitempty"`
	At        time.Time   `json:"at"`
}

// Handling is how an agent handled a call.
type Handling struct {
	CallID string  `json:"call_id"`
	Mute   *Mute   `json:"mute,omitempty"`
	WrapUp *WrapUp `json:"wrap_up,omitempty"`
}
