package ledger

import (
	"context"
	"encoding/json"
	"fmt"

	"heed/internal/event"
	"heed/internal/store"
)

// People is the consumer that tells recipients what changes without a new row:
// persons were erased, taken for one, or parted again.
type People struct{ *Service }

// PeopleTypes are the events that it wants.
func PeopleTypes() []event.Type {
	return []event.Type{event.ProfileErased, event.ProfileMerged, event.ProfileUnmerged}
}

// Name is the consumer's.
func (People) Name() string { return "consent-people" }

// Cursor tells up to where recipients are being told.
func (p People) Cursor(ctx context.Context) (int64, error) {
	return p.o.Store.Cursor(ctx, p.Name())
}

// Handle puts what follows from the events on its way, and forgets what was
// kept read of the persons.
func (p People) Handle(ctx context.Context, events []event.Event) error {
	return p.o.Store.Write(ctx, func(tx *store.Tx) error {
		for _, e := range events {
			if err := p.announce(tx, e); err != nil {
				return err
			}
		}
		return tx.SetCursor(p.Name(), events[len(events)-1].Seq)
	})
}

func (p People) announce(tx *store.Tx, e event.Event) error {
	var about struct {
		People []string `json:"people"`
	}
	if string(e.Data) != "null" { // a link of persons who were erased since
		if err := json.Unmarshal(e.Data, &about); err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
	}
	announce := tx.AnnounceAgain
	if e.Type == event.ProfileErased {
		announce = tx.AnnounceErased
	}
	for _, id := range about.People {
		p.drop(id)
		if err := announce(id, e.Time); err != nil {
			return err
		}
	}
	return nil
}
