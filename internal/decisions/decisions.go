// Package decisions is how channels ask: the slots that may ask, the
// renderings of a decision for those who read it, and the decisions of a whole
// selection of people, one after the other.
//
// It decides nothing: internal/brain does, and internal/decide knows the rules.
// It refuses to show anybody more of a decision than their role needs.
package decisions

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/door/told"
	"heed/internal/store"
)

// Errors that tell the caller what was wrong.
var (
	// ErrUnknownSlot is returned with the known slots in its text.
	ErrUnknownSlot = errors.New("unknown slot")
	// ErrWrongChannel is returned for a slot that is not on this channel.
	ErrWrongChannel = errors.New("the slot is not on this channel")
	// ErrNotYours is returned for a rendering that a role may not read.
	ErrNotYours = errors.New("this role may not read this rendering")
	// ErrNotYet is returned for a selection that cannot be made yet.
	ErrNotYet = errors.New("not yet")
	// ErrNotKept is returned for a slot that cannot be opened for a person.
	ErrNotKept = errors.New("no slot was opened")
	// ErrFull is returned when no more slots can be opened for anybody.
	ErrFull = errors.New("no more slots can be open; go on when some have ended")
	// ErrBusy is returned while another selection is being decided.
	ErrBusy = errors.New("another selection is being decided; cancel it or wait for its end")
)

// Service is safe for concurrent use.
type Service struct {
	brain *brain.Brain
	store *store.Store
	rules rules
	calls callers
	told  *told.Teller
	batch chan struct{} // holds a token while a selection is being decided
}

// rules has the catalogue that is in force, with the slots that may ask.
type rules interface{ Catalogue() *decide.Catalogue }

// callers tells who called about a theme; see [themes.Themes.Callers].
type callers interface {
	Callers(ctx context.Context, theme string, since time.Time) ([]string, error)
}

// Options is what a service needs. Callers and Teller may be nil where nobody
// asks about a theme, or for a customer.
type Options struct {
	Brain   *brain.Brain
	Store   *store.Store
	Rules   rules // whose slots may ask
	Callers callers
	Teller  *told.Teller // words what customers read
}

// New makes a service.
func New(o Options) *Service {
	return &Service{brain: o.Brain, store: o.Store, rules: o.Rules, calls: o.Callers, told: o.Teller, batch: make(chan struct{}, 1)}
}

// Ask answers a question of a slot; see [brain.Brain.Decide]. [ErrUnknownSlot]
// and [ErrWrongChannel] for one that cannot be asked.
func (s *Service) Ask(ctx context.Context, q brain.Question) (brain.Decision, error) {
	if err := s.Check(&q); err != nil {
		return brain.Decision{}, err
	}
	return s.brain.Decide(ctx, q)
}

// Gate says whether a message may go now; see [brain.Brain.Gate].
func (s *Service) Gate(ctx context.Context, m brain.Message) (brain.Passage, error) {
	return s.brain.Gate(ctx, m)
}

// Check checks a question's slot and fills in its channel: [ErrUnknownSlot],
// [ErrWrongChannel].
func (s *Service) Check(q *brain.Question) error {
	c := s.rules.Catalogue()
	slot, known := c.Slot(q.Slot)
	if !known {
		all := c.Slots()
		names := make([]string, len(all))
		for i := range all {
			names[i] = all[i].Name
		}
		return fmt.Errorf("%w: use one of %s", ErrUnknownSlot, strings.Join(names, ", "))
	}
	switch only := slot.Channel; {
	case q.Channel == "" && only == "":
		return fmt.Errorf("%w: name the channel of slot %s", ErrWrongChannel, q.Slot)
	case q.Channel == "":
		q.Channel = only
	case only != "" && q.Channel != only:
		return fmt.Errorf("%w: %s is on %s", ErrWrongChannel, q.Slot, only)
	}
	return nil
}
