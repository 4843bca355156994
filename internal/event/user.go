package event

// UserAdded and UserChanged tell of the people who use Heed, for those who
// answer for them; the payload of both is a [UserChange].
const (
	UserAdded   Type = "user.added"
	UserChanged Type = "user.changed"
)

// UserChange is what became of a user, and who did it.
type UserChange struct {
	UserID string `json:"user_id"`
	// What was changed: "name", "login", "role", "suspended", "restored",
	// "password", "passkey_added", "passkey_removed", "passkey_copied" (its counter
	// went back), "link" (one was made), "link_used", "provider" (joined with
	// who they are there), "reset" (all ways to sign in were taken away) and
	// "sessions" (ended by the person).
	What []string `json:"what"`
	// Role is the one that the user has now, and Was the one before it where that
	// changed.
	Role string `json:"role,omitempty"`
	Was  string `json:"was,omitempty"`
	// By is the name of who did it and ByID their id: a user, a key, or empty for
	// what the server did by its settings.
	By   string `json:"by,omitempty"`
	ByID string `json:"by_id,omitempty"`
}
