package event

// DoorUsed says what a customer, or somebody for them, did at the customer's
// own door: no look and no act there goes without one. Its payload is a
// [DoorUse].
const DoorUsed Type = "door.used"

// DoorUse is one act at the customer's own door.
type DoorUse struct {
	// Act is "invited" (a link was sent), "opened", "read", "corrected",
	// "contested", "copied", "left" or "revoked".
	Act string `json:"act"`
	// What was read or changed: a page, or a kind and an id such as "call/ID".
	What string `json:"what,omitempty"`
	// How the visit was opened, "link" or "code", or what an invitation went
	// to, "email" or "phone".
	How string `json:"how,omitempty"`
	By  string `json:"by"` // "customer", or the name of who did it for them
}
