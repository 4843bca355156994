package erase

import (
	"context"
	"errors"
	"time"
)

// again is how often unfinished erasures are looked at, when nothing is
// committed meanwhile.
const again = 5 * time.Second

// Run finishes what a crash cut off and what waits for the end of a call. It
// blocks until ctx ends.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(again)
	defer tick.Stop()
	for {
		if err := s.Resume(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("an erasure is not finished; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Resume takes each unfinished erasure as far as it can be taken now.
func (s *Service) Resume(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, state := range []State{Begun, Waiting} {
		found, _, err := s.o.Store.Erasures(ctx, string(state), "", 500)
		if err != nil {
			return err
		}
		for _, e := range found {
			c, err := read(e)
			if err == nil {
				_, err = s.goOn(ctx, c, e.People)
			}
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
