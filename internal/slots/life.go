package slots

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"time"

	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/decisions"
	"heed/internal/event"
	"heed/internal/store"
)

// Open answers a question as [decisions.Service.Ask] does, and keeps its slot
// open for hold, 0 meaning [DefaultHold], at most [MaxHold]. For one person and
// a slot that reaches out one is open at a time: opened again, it is decided
// again and held for longer. [ErrNobody], [ErrTooMany], and what Ask gives.
func (s *Service) Open(ctx context.Context, q brain.Question, hold time.Duration) (State, error) {
	if err := s.o.Decisions.Check(&q); err != nil {
		return State{}, err
	}
	now := s.o.Now()
	slot := event.Slot{
		ID: event.NewID(), Name: q.Slot, Channel: q.Channel, Language: q.Language, Labels: q.Labels, N: q.N,
		State: event.SlotIsOpen, OpenedAt: now.UTC(), ExpiresAt: until(now, hold),
	}
	person, err := s.o.Brain.Who(ctx, q.Whom)
	if err != nil {
		return State{}, err
	}
	alone := &s.opening[maphash.String(s.seed, person)%uint64(len(s.opening))]
	alone.Lock()
	defer alone.Unlock()
	again, err := s.opened(person, q)
	if err != nil {
		return State{}, err
	}
	if again != "" {
		st, err := s.Update(ctx, again, Update{Labels: q.Labels, Hold: hold})
		if !errors.Is(err, ErrNotOpen) { // it may have been claimed just now
			return st, err
		}
	}
	p := &place{}
	p.busy.Lock()
	defer p.busy.Unlock()
	q.Also = func(tx *store.Tx, d decide.Decision) error {
		slot.CustomerID, slot.DecisionID = d.Subject, d.ID
		return errors.Join(tx.SaveSlot(slot), appendChange(tx, event.SlotOpened, d.At, slot, nil))
	}
	d, err := s.o.Decisions.Ask(ctx, q)
	switch {
	case err != nil:
		return State{}, err
	case d.ID == "":
		return State{}, fmt.Errorf("%w (%s)", ErrNobody, d.Because)
	}
	people, err := s.o.Store.Members(ctx, slot.CustomerID)
	if err != nil {
		return State{}, fmt.Errorf("slot %s: %w", slot.ID, err)
	}
	s.set(p, slot, d, people)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() == nil {
		s.touch(p, false) // what happened while it was opened was not told to it
	}
	return State{Slot: slot, Decision: decide.Shown(d)}, nil
}

// Keep is [Service.Open] for one of a selection of people; it is a
// [decisions.Keeper].
func (s *Service) Keep(ctx context.Context, q brain.Question, hold time.Duration) (string, brain.Decision, error) {
	st, err := s.Open(ctx, q, hold)
	if errors.Is(err, ErrNobody) || errors.Is(err, ErrTooMany) {
		err = fmt.Errorf("%w: %w", decisions.ErrNotKept, err)
	}
	return st.ID, st.Decision, err
}

// opened gives the slot that is open already for the person and reaches out,
// or none. It refuses one that would be too many.
func (s *Service) opened(person string, q brain.Question) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) >= s.o.Most {
		return "", fmt.Errorf("%w: %w", ErrTooMany, decisions.ErrFull)
	}
	n := 0
	for p := range s.of[person] {
		if p.slot.State != event.SlotIsOpen {
			continue
		}
		if n++; p.slot.Name == q.Slot && p.slot.Channel == q.Channel && decide.Outbound(q.Channel) {
			return p.slot.ID, nil
		}
	}
	if n >= perPerson {
		return "", fmt.Errorf("%w: %d of this person", ErrTooMany, n)
	}
	return "", nil
}

func until(now time.Time, hold time.Duration) time.Time {
	return now.Add(min(cmp.Or(max(hold, 0), DefaultHold), MaxHold)).UTC().Truncate(time.Millisecond)
}

// Update is what its owner changes of an open slot.
type Update struct {
	Labels []string      // what the moment shows now; nil leaves it
	Hold   time.Duration // from now on; 0 means [DefaultHold]
}

// Update tells what the moment shows now, and decides again at once.
// [ErrNotOpen], [store.ErrNotFound].
func (s *Service) Update(ctx context.Context, id string, u Update) (State, error) {
	p, unlock, err := s.take(ctx, id)
	if err != nil {
		return State{}, err
	}
	defer unlock()
	slot, _ := s.read(p)
	if u.Labels != nil {
		slot.Labels = u.Labels
	}
	slot.ExpiresAt = until(s.o.Now(), u.Hold)
	if _, err := s.decide(ctx, p, slot); err != nil {
		return State{}, fmt.Errorf("slot %s: %w", id, err)
	}
	return s.now(ctx, p)
}

// take gives an open place, locked.
func (s *Service) take(ctx context.Context, id string) (*place, func(), error) {
	p, ok := s.find(id)
	if !ok {
		slot, err := s.o.Store.Slot(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		return nil, nil, notOpen(slot)
	}
	p.busy.Lock()
	if slot, _ := s.read(p); slot.State != event.SlotIsOpen {
		p.busy.Unlock()
		return nil, nil, notOpen(slot)
	}
	return p, p.busy.Unlock, nil
}

func notOpen(slot event.Slot) error {
	return fmt.Errorf("%w: it is %s. %s", ErrNotOpen, slot.State, slot.Reason)
}

// Claim says that a channel is about to send what a slot holds.
type Claim struct {
	// DecisionID is the decision that the channel has at hand.
	DecisionID string
	// MessageID is the channel's own id of the message. With the same one a claim
	// may be made again.
	MessageID string
	// Address is where it goes; empty means the person's first of the channel.
	Address string
	By      string
}

// Claimed is the answer to a claim: the gate's word, and the slot as it is.
type Claimed struct {
	brain.Passage

	Slot State `json:"slot"`
}

// Claim decides once more and asks the gate, and when the message may go,
// counts it as a contact and ends the slot, all at once: what two of several
// senders claim goes out once. What may not go leaves the slot open.
// [ErrNotOpen] for a slot whose life is over.
func (s *Service) Claim(ctx context.Context, id string, c Claim) (Claimed, error) {
	p, unlock, err := s.take(ctx, id)
	if errors.Is(err, ErrNotOpen) {
		return s.claimed(ctx, id, c, err)
	}
	if err != nil {
		return Claimed{}, err
	}
	defer unlock()
	slot, _ := s.read(p)
	if _, err := s.decide(ctx, p, slot); err != nil {
		return Claimed{}, fmt.Errorf("claim %s: %w", id, err)
	}
	slot, _ = s.read(p)
	out := Claimed{Passage: brain.Passage{CustomerID: slot.CustomerID, At: s.o.Now()}}
	if out.Slot, err = s.now(ctx, p); err != nil {
		return out, err
	}
	d := out.Slot.Decision
	switch {
	case slot.State != event.SlotIsOpen:
		return out, notOpen(slot)
	case c.DecisionID != d.ID:
		out.Rule, out.Why = "superseded", "another decision stands in the slot by now: "+d.Because
		return out, nil
	case len(d.Actions) == 0:
		out.Rule, out.Why = "silence", d.Because
		return out, nil
	}
	return s.let(ctx, p, out, c)
}

// let asks the gate and ends the slot when the message may go.
func (s *Service) let(ctx context.Context, p *place, out Claimed, c Claim) (Claimed, error) {
	slot := out.Slot.Slot
	after := slot
	after.State, after.MessageID = event.SlotIsClaimed, c.MessageID
	var err error
	out.Passage, err = s.o.Brain.Gate(ctx, brain.Message{
		Whom: brain.Whom{CustomerID: slot.CustomerID}, Channel: slot.Channel, Address: c.Address,
		Action: out.Slot.Decision.Actions[0].Action, DecisionID: slot.DecisionID, ID: "slot/" + slot.ID, By: c.By, Commit: true,
		Also: func(tx *store.Tx) error {
			return errors.Join(tx.SaveSlot(after), appendChange(tx, event.SlotClaimed, s.o.Now(), after, nil))
		},
	})
	if err != nil || !out.Allowed {
		return out, err
	}
	_, last := s.read(p)
	s.set(p, after, last, p.people)
	out.Slot.Slot = after
	return out, nil
}

// claimed answers a claim that was made before.
func (s *Service) claimed(ctx context.Context, id string, c Claim, was error) (Claimed, error) {
	slot, err := s.o.Store.Slot(ctx, id)
	if err != nil {
		return Claimed{}, err
	}
	if slot.MessageID == "" || slot.MessageID != c.MessageID || slot.DecisionID != c.DecisionID {
		return Claimed{}, was
	}
	out := Claimed{Passage: brain.Passage{CustomerID: slot.CustomerID, At: s.o.Now(), Counted: true, Repeated: true}}
	out.Allowed, out.Why = true, "this message was let go before"
	out.Slot, err = s.state(ctx, slot, nil)
	return out, err
}

// End closes a slot, why saying so in a sentence. One that is not open any more
// stays as it is.
func (s *Service) End(ctx context.Context, id, why string) (State, error) {
	p, unlock, err := s.take(ctx, id)
	if errors.Is(err, ErrNotOpen) {
		return s.Get(ctx, id)
	}
	if err != nil {
		return State{}, err
	}
	defer unlock()
	if err := s.finish(ctx, p, event.SlotIsClosed, why); err != nil {
		return State{}, err
	}
	slot, _ := s.read(p)
	return s.state(ctx, slot, nil)
}

// finish ends the life of a place. Its busy lock is held.
func (s *Service) finish(ctx context.Context, p *place, state event.SlotState, why string) error {
	slot, last := s.read(p)
	slot.State, slot.Reason = state, why
	err := s.o.Store.Write(ctx, func(tx *store.Tx) error {
		return errors.Join(tx.SaveSlot(slot), appendChange(tx, event.SlotClosed, s.o.Now(), slot, nil))
	})
	if err != nil {
		return fmt.Errorf("slot %s: %w", slot.ID, err)
	}
	s.set(p, slot, last, nil)
	return nil
}

// expire ends the slots whose time is over.
func (s *Service) expire(ctx context.Context) {
	now := s.o.Now()
	s.mu.Lock()
	var over []*place
	for _, p := range s.all {
		if !p.slot.ExpiresAt.After(now) {
			over = append(over, p)
		}
	}
	s.mu.Unlock()
	for _, p := range over {
		p.busy.Lock()
		slot, _ := s.read(p)
		var err error
		switch {
		case slot.ExpiresAt.After(now): // held for longer meanwhile
		case slot.State == event.SlotIsOpen:
			err = s.finish(ctx, p, event.SlotIsExpired, "Its time was over.")
		case slot.State == event.SlotIsClaimed:
			err = s.finish(ctx, p, event.SlotIsClosed, "It went out, and nothing that came later spoke against it.")
		}
		p.busy.Unlock()
		if err != nil && ctx.Err() == nil {
			s.log.Warn("a slot whose time is over was not closed, will try again", "slot", slot.ID, "error", err)
		}
	}
}

// Get gives a slot as it is, whatever became of it: [store.ErrNotFound],
// [store.ErrErased].
func (s *Service) Get(ctx context.Context, id string) (State, error) {
	if p, ok := s.find(id); ok {
		return s.now(ctx, p)
	}
	slot, err := s.o.Store.Slot(ctx, id)
	if err != nil {
		return State{}, err
	}
	return s.state(ctx, slot, nil)
}

// Of gives the slots of a person and of those who are one with them, the newest
// first, in one state or in any.
func (s *Service) Of(ctx context.Context, person string, state event.SlotState, limit int) ([]event.Slot, error) {
	people, err := s.o.Store.Members(ctx, person)
	if err != nil {
		return nil, err
	}
	return s.o.Store.SlotsOf(ctx, append(slices.Clone(people), person), state, limit)
}

// Watch gives a slot as it is and a channel that is closed when it is not so
// any more. Once its life is over the channel is nil.
func (s *Service) Watch(ctx context.Context, id string) (State, <-chan struct{}, error) {
	p, ok := s.find(id)
	if !ok {
		st, err := s.Get(ctx, id)
		return st, nil, err
	}
	changed := p.bell.Changed() // before it is read, so that no change falls between
	st, err := s.Get(ctx, id)
	if st.State != event.SlotIsOpen && st.State != event.SlotIsClaimed || s.ctx.Err() != nil {
		changed = nil
	}
	return st, changed, err
}
