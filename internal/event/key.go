package event

// KeyChanged tells what somebody did to an API key; its payload is a
// [KeyChange]. What the server does for itself is not told.
const KeyChanged Type = "key.changed"

// KeyChange is what became of an API key, and who did it.
type KeyChange struct {
	KeyID string `json:"key_id"`
	// What was done: "made", "replaced" (by another, and it ends), "revoked",
	// "restored" or "dropped".
	What   string   `json:"what"`
	Name   string   `json:"name"`
	Role   string   `json:"role"`
	Scopes []string `json:"scopes,omitempty"`
	By     string   `json:"by"`
	ByID   string   `json:"by_id"`
}

// By is who does something: a user or a key, by id and name. Empty is the
// server, by its settings.
type By struct{ ID, Name string }
