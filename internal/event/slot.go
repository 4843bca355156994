package event

import "time"

// What happens to open slots. Each names the slot's person as its subject, and
// its payload holds the [Slot] as it is then.
const (
	SlotOpened Type = "slot.opened"
	// SlotSuperseded says that what a slot held must not go out any more, and
	// what does instead.
	SlotSuperseded Type = "slot.superseded"
	// SlotClaimed says that what a slot held has gone out.
	SlotClaimed Type = "slot.claimed"
	// SlotOvertaken says that what had gone out would not be sent any more.
	SlotOvertaken Type = "slot.overtaken"
	SlotClosed    Type = "slot.closed"
)

// Slot is a place that stays open for a person, such as a session on the web
// or a message that waits to be sent: while it is open, what it shows is
// decided again.
type Slot struct {
	ID         string `json:"slot_id"`
	Name       string `json:"slot" example:"web.banner"`
	Channel    string `json:"channel" example:"web"`
	Language   string `json:"language,omitempty"`
	CustomerID string `json:"customer_id"`
	// Labels are what the moment itself shows, such as page.cancel.
	Labels []string  `json:"labels,omitempty"`
	N      int       `json:"n,omitempty" doc:"At most so many actions; 0 means as many as the slot shows"`
	State  SlotState `json:"state" enum:"open,claimed,overtaken,closed,expired"`
	// Reason is one plain sentence: why it is not open any more.
	Reason string `json:"reason,omitempty"`
	// DecisionID is the decision that stands.
	DecisionID string `json:"decision_id"`
	// MessageID is the channel's own id of what was claimed.
	MessageID string    `json:"message_id,omitempty"`
	OpenedAt  time.Time `json:"opened_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// SlotState is where a slot is in its life.
type SlotState string

// A slot is open until what it holds is claimed, its owner closes it, or its
// time is over. What was claimed is watched until then, and is overtaken when
// it would not be sent any more.
const (
	SlotIsOpen      SlotState = "open"
	SlotIsClaimed   SlotState = "claimed"
	SlotIsOvertaken SlotState = "overtaken"
	SlotIsClosed    SlotState = "closed"
	SlotIsExpired   SlotState = "expired"
)
