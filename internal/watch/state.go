package watch

import (
	"context"
	"log/slog"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
)

// call is one on the board.
type call struct {
	Live

	version int64
	told    map[string]bool // rules that have come true on it
	shownAt insights.Seconds
	// left says that an earlier process left the call open: it is over, or goes
	// on again when words come that were not made from its recording. Until then
	// no rule tells of it, as that would be of the past.
	left bool
}

// ended is a call that is no more on the board since a version of it.
type ended struct {
	call    string
	version int64
}

// noted is an alert on the board.
type noted struct {
	store.WatchAlert

	version int64
}

// state is what is on a board. It has no lock: whoever fills one shows it to
// others when it is whole.
type state struct {
	epoch   string // versions of another board mean nothing
	seq     int64  // of the last event
	version int64
	calls   map[string]*call
	ended   []ended
	alerts  map[string]*noted
}

func newState() *state {
	return &state{epoch: event.NewID(), calls: make(map[string]*call), alerts: make(map[string]*noted)}
}

// take puts an event on the board, and gives the call of which it tells
// something that rules may ask about. An event that cannot be read is logged and
// passed over: one call that is shown wrongly must not hide the others.
func (s *state) take(e event.Event, log *slog.Logger) *call {
	s.seq = max(s.seq, e.Seq)
	if e.Type == event.ProfileErased {
		s.erased(e.Subject)
		return nil
	}
	c := s.calls[e.Call]
	if c == nil {
		if e.Type != event.CallStarted || e.Call == "" {
			return nil
		}
		c = &call{told: make(map[string]bool)}
		s.calls[e.Call] = c
	}
	if err := c.Take(e); err != nil {
		log.Error("a live call is shown without an event", "call", e.Call, "seq", e.Seq, "error", err)
		return nil
	}
	s.version++
	c.version, c.shownAt = s.version, c.Spoken
	c.left = c.left && (c.heard == nil || c.heard.Utterance.Recovered)
	if c.finished {
		delete(s.calls, e.Call)
		s.ended = append(s.ended, ended{e.Call, s.version})
		s.ended = s.ended[max(0, len(s.ended)-mostGone):]
		return nil
	}
	return c
}

// erased takes a person off the board, also where they were only thought to call.
func (s *state) erased(person string) {
	for _, c := range s.calls {
		delete(c.worst.people, person)
		if c.CustomerID == person {
			c.forget()
			c.Customer, c.CustomerID, c.From, c.Risk = "", "", "", c.risk()
			s.version++
			c.version = s.version
		}
	}
}

// Cursor loads the calls that are live, when it is asked first, and gives the
// last event that is in them. It is in memory: each start loads anew. One
// goroutine follows, so it is asked by one at a time.
func (s *Service) Cursor(ctx context.Context) (int64, error) {
	s.mu.Lock()
	loaded, seq := s.loaded, s.seq
	s.mu.Unlock()
	if loaded {
		return seq, nil
	}
	next, err := s.load(ctx)
	if err != nil {
		return 0, err
	}
	s.acts.Lock()
	defer s.acts.Unlock()
	if err := s.readRules(ctx); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, a := range s.alerts { // what somebody saw to since it was read
		next.alerts[id] = &noted{WatchAlert: a.WatchAlert}
	}
	s.state, s.loaded = next, true
	s.bell.Ring()
	return s.seq, nil
}

// Rebuild forgets the board, which is loaded again.
func (s *Service) Rebuild() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state, s.loaded = newState(), false
	return nil
}

// load reads a board. Its calls are those that an earlier process left open, or
// have only just begun.
func (s *Service) load(ctx context.Context) (*state, error) {
	next := newState()
	last, err := s.o.Store.LastSeq(ctx)
	if err != nil {
		return nil, err
	}
	found, _, err := s.o.Store.WatchAlerts(ctx, s.o.Now().Add(-shown), true, "", mostShown)
	if err != nil {
		return nil, err
	}
	for _, a := range found {
		next.alerts[a.ID] = &noted{WatchAlert: a}
	}
	open, err := s.o.Store.OpenCalls(ctx)
	if err != nil {
		return nil, err
	}
	for i := range open {
		if open[i].Status != event.CallLive {
			continue
		}
		if err := s.loadCall(ctx, next, open[i].ID); err != nil {
			return nil, err
		}
	}
	next.seq = last
	return next, nil
}

// loadCall folds what was committed of a call.
func (s *Service) loadCall(ctx context.Context, into *state, id string) error {
	const page = 500
	for after := int64(0); ; {
		events, err := s.o.Store.Events(ctx, event.Query{After: after, Call: id, Types: Types(), Limit: page})
		if err != nil {
			return err
		}
		for _, e := range events {
			if c := into.take(e, s.log); c != nil {
				c.heard, c.left = nil, c.StartedAt.Before(s.began)
			}
			after = e.Seq
		}
		if len(events) < page {
			return nil
		}
	}
}
