package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"heed/internal/event"
)

// SaveSlot stores an open slot, new or changed. One of a person who is not
// stored any more is [ErrNotFound].
func (tx *Tx) SaveSlot(s event.Slot) error {
	op := "save slot " + s.ID
	if s.ID == "" || s.CustomerID == "" {
		return errors.New("save slot: no id or nobody's")
	}
	raw, err := tx.seal(op, s.CustomerID, s)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO slot (id, customer, state, opened, doc) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, doc = excluded.doc`,
		s.ID, s.CustomerID, string(s.State), millis(s.OpenedAt), raw)
	return err
}

// Slot gives a slot by its id, whatever its state.
func (s *Store) Slot(ctx context.Context, id string) (event.Slot, error) {
	return one[event.Slot](ctx, s.reads, "slot "+id, `SELECT doc FROM slot WHERE id = ?`, id)
}

// WaitingSlots gives the slots that are open or claimed, oldest first.
func (s *Store) WaitingSlots(ctx context.Context) ([]event.Slot, error) {
	return many[event.Slot](ctx, s.reads, "waiting slots",
		`SELECT doc FROM slot WHERE state IN ('open', 'claimed') ORDER BY id`)
}

// SlotsOf gives the slots of people who are one, the newest first, of any state
// or of one, at most so many (1..500; 0 means 100).
func (s *Store) SlotsOf(ctx context.Context, people []string, state event.SlotState, limit int) ([]event.Slot, error) {
	list, err := json.Marshal(people)
	if err != nil {
		return nil, fmt.Errorf("slots of people: %w", err)
	}
	return many[event.Slot](ctx, s.reads, "slots of people", `SELECT doc FROM slot
		WHERE customer IN (SELECT value FROM json_each(?1)) AND (?2 = '' OR state = ?2)
		ORDER BY opened DESC, id DESC LIMIT ?3`, string(list), string(state), clampLimit(limit))
}
