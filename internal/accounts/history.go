package accounts

import (
	"encoding/json"
	"fmt"
	"time"

	"heed/internal/event"
)

// Revision is what became of a user at a moment.
type Revision struct {
	At time.Time
	event.UserChange
}

const (
	page      = 500 // events read at once
	mostShown = 100
)

func types() []event.Type { return []event.Type{event.UserAdded, event.UserChanged} }

func revision(e event.Event) (Revision, error) {
	r := Revision{At: e.Time}
	if err := json.Unmarshal(e.Data, &r.UserChange); err != nil {
		return r, fmt.Errorf("event %s: %w", e.ID, err)
	}
	return r, nil
}
