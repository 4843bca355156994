package slots

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/decisions"
	"heed/internal/event"
	"heed/internal/store"
)

// What comes of deciding again, as counted.
const (
	sameAgain  = "same"
	otherwise  = "changed"
	calledBack = "superseded"
	tooLate    = "overtaken"
	gone       = "erased"
	failed     = "failed"
)

// fire gives what decides a place again when its burst is over.
func (s *Service) fire(p *place) func(time.Time) {
	return func(since time.Time) {
		s.mu.Lock()
		p.burst.take()
		if s.ctx.Err() != nil {
			s.mu.Unlock()
			return
		}
		s.wg.Add(1)
		s.mu.Unlock()
		defer s.wg.Done()
		select {
		case s.work <- struct{}{}:
			defer func() { <-s.work }()
		case <-s.ctx.Done():
			return
		}
		p.busy.Lock()
		defer p.busy.Unlock()
		as, err := s.again(s.ctx, p)
		switch {
		case s.ctx.Err() != nil:
			return
		case err != nil:
			as = failed
			s.log.Warn("a slot was not decided again, will try again", "slot", p.slot.ID, "error", err, "retry_in", retryAfter)
			s.mu.Lock()
			p.burst.since = since
			p.burst.start(retryAfter, s.fire(p))
			s.mu.Unlock()
		default:
			s.metrics.delay.Observe(s.o.Now().Sub(since).Seconds())
		}
		s.metrics.decided.WithLabelValues(as).Inc()
	}
}

// again decides a place anew and says what came of it. Its busy lock is held.
func (s *Service) again(ctx context.Context, p *place) (string, error) {
	switch slot, _ := s.read(p); slot.State {
	case event.SlotIsOpen:
		return s.decide(ctx, p, slot)
	case event.SlotIsClaimed:
		return s.watch(ctx, p)
	default:
		return sameAgain, nil
	}
}

// decide decides an open slot as it should be, and keeps what changed. Its busy
// lock is held.
func (s *Service) decide(ctx context.Context, p *place, slot event.Slot) (string, error) {
	was, last := s.read(p)
	var why *decide.Supersession
	q := question(slot)
	q.Previous = &last
	q.Also = func(tx *store.Tx, d decide.Decision) error {
		slot.DecisionID = d.ID
		if err := tx.SaveSlot(slot); err != nil {
			return err
		}
		if out, ok := decide.Supersede(last, d); ok && decide.Outbound(slot.Channel) {
			why = &out
			return appendChange(tx, event.SlotSuperseded, d.At, slot, why)
		}
		return nil
	}
	d, err := s.o.Decisions.Ask(ctx, q)
	if notAsked(err) {
		return gone, s.finish(ctx, p, event.SlotIsClosed, abolished)
	}
	if err != nil {
		return failed, err
	}
	if d.ID == "" {
		slot.State, slot.Reason = event.SlotIsClosed, d.Because
		s.set(p, slot, last, nil)
		return gone, nil
	}
	as := otherwise
	switch {
	case d.ID == last.ID:
		as = sameAgain
		if !sameSlot(was, slot) {
			if err := s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.SaveSlot(slot) }); err != nil {
				return failed, err
			}
		}
	case why != nil:
		as = calledBack
	}
	people, err := s.o.Store.Members(ctx, slot.CustomerID)
	if err != nil {
		return failed, err
	}
	s.mu.Lock()
	if as != sameAgain {
		p.why = why
	}
	s.mu.Unlock()
	s.set(p, slot, d, people)
	return as, nil
}

// abolished is why a slot ends that is not one of the policy's any more.
const abolished = "The policy has no such slot any more."

func notAsked(err error) bool {
	return errors.Is(err, decisions.ErrUnknownSlot) || errors.Is(err, decisions.ErrWrongChannel)
}

// sameSlot says whether nothing of a slot is to be stored anew.
func sameSlot(a, b event.Slot) bool {
	return a.State == b.State && a.ExpiresAt.Equal(b.ExpiresAt) && a.N == b.N && a.Language == b.Language && slices.Equal(a.Labels, b.Labels)
}

// watch looks whether what has gone out would still be sent.
func (s *Service) watch(ctx context.Context, p *place) (string, error) {
	slot, last := s.read(p)
	q := question(slot)
	q.Previous, q.Dry = &last, true
	d, err := s.o.Decisions.Ask(ctx, q)
	if notAsked(err) {
		return gone, s.finish(ctx, p, event.SlotIsClosed, abolished)
	}
	if err != nil {
		return failed, err
	}
	if d.Subject == "" || d.Subject != slot.CustomerID {
		slot.State, slot.Reason = event.SlotIsClosed, d.Because
		s.set(p, slot, last, nil)
		return gone, nil
	}
	why, ok := decide.Supersede(last, d)
	if !ok || !regretted(d, why.Action) {
		return sameAgain, nil
	}
	slot.State, slot.Reason = event.SlotIsOvertaken, why.Why
	err = s.o.Store.Write(ctx, func(tx *store.Tx) error {
		return errors.Join(tx.SaveSlot(slot), appendChange(tx, event.SlotOvertaken, d.At, slot, &why))
	})
	if err != nil {
		return failed, err
	}
	s.set(p, slot, last, nil)
	return tooLate, nil
}

// regretted says whether an action was taken out for what has become known of
// the person, and not because it was sent, or the hour is late, or another one
// is now better.
func regretted(d decide.Decision, action string) bool {
	return slices.ContainsFunc(d.NotChosen, func(e decide.Exclusion) bool {
		if e.Action != action {
			return false
		}
		switch {
		case e.Step == 1, e.Step >= 4 && e.Step <= 6:
			return true
		default:
			return strings.HasPrefix(e.Rule, "context.") && e.Rule != "context.call_in_progress"
		}
	})
}

// question is what a slot asks.
func question(slot event.Slot) brain.Question {
	return brain.Question{
		Whom: brain.Whom{CustomerID: slot.CustomerID}, Slot: slot.Name, Channel: slot.Channel, Language: slot.Language,
		Labels: slot.Labels, N: slot.N,
	}
}

func appendChange(tx *store.Tx, t event.Type, at time.Time, slot event.Slot, why *decide.Supersession) error {
	e, err := event.New(t, at, event.About{Subject: slot.CustomerID}, Change{slot, why})
	if err != nil {
		return fmt.Errorf("slot %s: %w", slot.ID, err)
	}
	return tx.Append(e)
}
