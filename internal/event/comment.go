package event

import (
	"time"

	"heed/insights"
)

// CommentAdded, CommentEdited, CommentRemoved and CommentRestored say what
// somebody did with a comment on a call; the payload is a [Commented].
const (
	CommentAdded    Type = "comment.added"
	CommentEdited   Type = "comment.edited"
	CommentRemoved  Type = "comment.removed"
	CommentRestored Type = "comment.restored"
)

// Comment is what somebody wrote beside a call for those who read it later.
type Comment struct {
	ID     string `json:"id"`
	CallID string `json:"call_id"`
	// Second is where in the call it belongs; nil is the call as a whole.
	Second *insights.Seconds `json:"second,omitempty"`
	// UtteranceID is the utterance that it is about; empty for none.
	UtteranceID string    `json:"utterance_id,omitempty"`
	Text        string    `json:"text"`  // redacted
	Actor       string    `json:"actor"` // the id of who wrote it, and
	By          string    `json:"by"`    // their name then
	At          time.Time `json:"at"`
	Edited      time.Time `json:"edited,omitzero"`  // zero: as it was written
	Removed     time.Time `json:"removed,omitzero"` // zero: it stands
}

// Commented is who did something with which comment. What it says is not in the
// log: a comment can be changed and removed, and then is nowhere.
type Commented struct {
	CommentID   string            `json:"comment_id"`
	Second      *insights.Seconds `json:"second,omitempty"`
	UtteranceID string            `json:"utterance_id,omitempty"`
	Actor       string            `json:"actor"`
	By          string            `json:"by"`
}
