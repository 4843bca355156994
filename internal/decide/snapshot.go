package decide

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Snapshot names what a decision was made on: the SHA-256 sum of the request
// as JSON, with the decision that it replaces by its id. Whether a trace was
// wanted is no part of it. A request that holds a number that is none has no
// snapshot: it is not decided either.
func Snapshot(r Request) string {
	previous := ""
	if r.Previous != nil {
		previous = r.Previous.ID
	}
	r.Previous, r.Trace = nil, false
	raw, err := json.Marshal(struct {
		Request
		Replaces string
	}{r, previous})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(raw)
	return "sha256:" + hex.EncodeToString(sum[:])
}
