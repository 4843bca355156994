// Package audit notes who read what of a customer: every reading of a call, its
// recording, its words or its customer, before it is answered.
//
// The first reading of a thing within ten minutes is durable before the answer
// goes, and one that cannot be noted is refused. Further ones are counted in
// memory and written down every few seconds: a crash may cost a part of the
// count, never the fact. It never holds what was read.
package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"heed/internal/store"
)

const (
	// every is how often counts are written down and rows sealed.
	every = 10 * time.Second
	// late is how long after its time a row may still be counted up.
	late = 2 * every
	// most bounds the rows that are counted in memory; beyond, each reading is
	// written down by itself.
	most = 50_000
)

// ErrUnnoted refuses a reading that could not be written down.
var ErrUnnoted = errors.New("who reads this could not be written down, so it is not shown")

// audit is the part of the store that keeps it.
type audit interface {
	NoteReads(ctx context.Context, reads ...store.Read) (noted []store.Read, err error)
	SealReads(ctx context.Context, over time.Time) (int, error)
}

// Service notes readings. It is safe for concurrent use.
type Service struct {
	store audit
	log   *slog.Logger
	now   func() time.Time

	mu   sync.Mutex
	seen map[key]*store.Read // noted, with how often since it was last written
}

// key is what makes two readings one row.
type key struct {
	slot                   int64
	who, kind, call, about string
}

func keyOf(r *store.Read) key {
	return key{r.First.UnixMilli() / store.ReadSlot.Milliseconds(), r.Who, r.Kind, r.Call, r.About}
}

// New makes a service; now may be nil.
func New(s audit, log *slog.Logger, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{store: s, log: log.With("component", "audit"), now: now, seen: map[key]*store.Read{}}
}

// Note writes readings down. First, Last and Times are its own; an error is
// [ErrUnnoted], and then nothing may be shown.
func (s *Service) Note(ctx context.Context, reads ...store.Read) error {
	at := s.now()
	var fresh []store.Read
	s.mu.Lock()
	for _, r := range reads {
		r.First, r.Last, r.Times = at, at, 1
		if known := s.seen[keyOf(&r)]; known != nil {
			known.Times++
			known.Last = at
			continue
		}
		fresh = append(fresh, r)
	}
	s.mu.Unlock()
	if len(fresh) == 0 {
		return nil
	}
	// Written also for a reader who hangs up: the answer may be on its way.
	noted, err := s.store.NoteReads(context.WithoutCancel(ctx), fresh...)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnnoted, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range noted { // what is not there is not remembered: ids can be guessed without end
		if r := noted[i]; len(s.seen) < most && s.seen[keyOf(&r)] == nil {
			r.Times = 0
			s.seen[keyOf(&r)] = &r
		}
	}
	return nil
}

// Run writes counts down and seals what is over, until ctx ends; then it writes
// down what is left.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			s.tend(context.WithoutCancel(ctx))
			return
		case <-tick.C:
			s.tend(ctx)
		}
	}
}

func (s *Service) tend(ctx context.Context) {
	if err := s.Flush(ctx); err != nil {
		s.log.Error("counts of the audit are not written; they are kept and tried again", "error", err)
		return // a row must not be sealed before its count
	}
	for {
		n, err := s.store.SealReads(ctx, s.now().Add(-late))
		if err != nil {
			s.log.Error("the audit is not sealed; it is tried again", "error", err)
		}
		if err != nil || n == 0 {
			return
		}
	}
}

// Flush writes down what was counted since the last time.
func (s *Service) Flush(ctx context.Context) error {
	s.mu.Lock()
	var counted []store.Read
	current := s.now().UnixMilli() / store.ReadSlot.Milliseconds()
	for k, r := range s.seen {
		if r.Times > 0 {
			counted = append(counted, *r)
			r.Times = 0
		}
		if k.slot < current {
			delete(s.seen, k)
		}
	}
	s.mu.Unlock()
	if len(counted) == 0 {
		return nil
	}
	_, err := s.store.NoteReads(ctx, counted...)
	if err == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range counted { // they are counted again with the next
		r := counted[i]
		if known := s.seen[keyOf(&r)]; known != nil {
			known.Times += r.Times
			continue
		}
		s.seen[keyOf(&r)] = &r
	}
	return err
}
