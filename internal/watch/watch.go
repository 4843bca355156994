// Package watch follows the calls that go on now for those who supervise them:
// what is spoken of, how the customer feels, how long nobody has said anything,
// how well the call is heard, how much it needs somebody else; and it tells when
// a rule of theirs comes true on one.
//
// A live call is a pure fold over its events, so that a start finds all calls as
// they were. It is kept in memory alone; rules and alerts are stored, an alert
// of a rule once a call. Many screens are given one board of all calls: each is
// told what changed since it last looked, never each event, so that a slow one
// misses nothing and holds nobody up.
//
// It changes nothing of a call, holds no SQL and no HTTP, and keeps no words:
// those of a phrase are compared as they come.
package watch

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
)

const (
	// beat is how often it is looked at what time alone makes true.
	beat = time.Second
	// kept is how long alerts and deleted rules are, and shown how long an alert
	// that nobody saw to stands on the board.
	kept, shown = 30 * 24 * time.Hour, 24 * time.Hour
	// mostShown alerts are on the board, and mostGone calls remembered that ended.
	mostShown, mostGone = 200, 1000
	// moved is by how many seconds words in the making go on before screens are told.
	moved = 1.0
)

// Options are what a Service is made from. Store is needed.
type Options struct {
	Store *store.Store
	// Check says why an address for webhooks is none, CheckMail why one for mail
	// is, and Secret makes what webhooks are signed with. Without them no rule may
	// have one.
	Check, CheckMail func(address string) error
	Secret           func() string
	// URL is where people open Heed, without a slash at the end.
	URL func() string

	Logger     *slog.Logger          // nil logs nothing
	Registerer prometheus.Registerer // nil counts nothing
	Now        func() time.Time      // nil means time.Now
}

// Service is the board and its rules. It is safe for concurrent use.
type Service struct {
	o     Options
	log   *slog.Logger
	began time.Time // calls from before then are not this process's
	bell  event.Bell
	told  prometheus.Counter
	over  chan struct{} // closed when the screens are to go

	// acts has what people do written and shown one by one, so that what is shown
	// is what was written last. It is held over the database.
	acts sync.Mutex

	// mu is never held over the database: words in the making wait for it.
	mu     sync.Mutex
	loaded bool
	*state
	rules   []rule
	pending []store.WatchAlert // come true, not stored yet
}

var _ event.Consumer = (*Service)(nil)

// New makes a Service. It starts nothing; see [Service.Run].
func New(o Options) *Service {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Service{
		o: o, log: o.Logger.With("component", "watch"), began: o.Now(), over: make(chan struct{}), state: newState(),
		told: prometheus.NewCounter(prometheus.CounterOpts{Name: "heed_watch_alerts_total", Help: "Rules that came true on live calls."}),
	}
	if o.Registerer != nil {
		o.Registerer.MustRegister(s.told)
	}
	return s
}

// Closed is closed when the streams of screens are to end.
func (s *Service) Closed() <-chan struct{} { return s.over }

// Close ends the streams. It may be called more than once.
func (s *Service) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.over:
	default:
		close(s.over)
	}
}

// Name names the consumer.
func (s *Service) Name() string { return "watch" }

// Handle takes the next events, and asks the rules of the calls that they are of.
func (s *Service) Handle(ctx context.Context, events []event.Event) error {
	s.mu.Lock()
	for _, e := range events {
		if c := s.take(e, s.log); c != nil {
			s.judge(c, e.Time)
			c.heard = nil
		}
	}
	s.mu.Unlock()
	s.bell.Ring()
	s.flush(ctx)
	return nil
}

// Heard is told of words in the making: who speaks is not silent.
func (s *Service) Heard(id string, who insights.Speaker, end insights.Seconds) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.calls[id]
	if c == nil || end <= c.Spoken {
		return
	}
	c.Spoken, c.Speaker = end, who
	if end < c.shownAt+moved {
		return
	}
	s.version++
	c.version, c.shownAt = s.version, end
	s.bell.Ring()
}

// Run looks at what time makes true, until ctx ends. What is too old is forgotten
// at once, and then each day.
func (s *Service) Run(ctx context.Context) {
	every, daily := time.NewTicker(beat), time.NewTicker(24*time.Hour)
	defer every.Stop()
	defer daily.Stop()
	s.purge(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
			s.Beat(ctx)
		case <-daily.C:
			s.purge(ctx)
		}
	}
}

// purge forgets alerts and deleted rules that are old.
func (s *Service) purge(ctx context.Context) {
	err := s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.PurgeWatch(s.o.Now().Add(-kept)) })
	if err != nil && ctx.Err() == nil {
		s.log.Error("old alerts were not forgotten", "error", err)
	}
}

// Beat asks all rules of all calls once.
func (s *Service) Beat(ctx context.Context) {
	now := s.o.Now()
	s.mu.Lock()
	for _, c := range s.calls {
		s.judge(c, now)
	}
	s.mu.Unlock()
	s.flush(ctx)
}

// judge asks the rules of a call at a moment. A rule comes true once a call.
func (s *Service) judge(c *call, now time.Time) {
	if c.left {
		return
	}
	at := insights.SecondsOf(now.Sub(c.StartedAt))
	for i := range s.rules {
		r := &s.rules[i]
		if c.told[r.ID] || c.heard != nil && now.Before(r.Changed) {
			continue
		}
		value, is := r.holds(&c.Live, at)
		if !is {
			continue
		}
		c.told[r.ID] = true
		s.pending = append(s.pending, store.WatchAlert{
			ID: event.NewID(), Rule: r.ID, Call: c.Call, At: s.o.Now().UTC(),
			WatchTold: store.WatchTold{Name: r.Name, Kind: r.Kind, Agent: c.Agent, Seconds: float64(max(0, at)), Value: value},
		})
	}
}

// flush stores what came true; what could not be stored is tried again at the
// next beat.
func (s *Service) flush(ctx context.Context) {
	s.mu.Lock()
	waiting := s.pending
	s.pending = nil
	s.mu.Unlock()
	for i, a := range waiting {
		err := s.raise(ctx, a)
		switch {
		case err == nil:
			s.told.Inc()
			s.noteNew(a)
		case errors.Is(err, store.ErrDuplicate), errors.Is(err, store.ErrNotFound):
			// Told before a restart, or the rule or the call is gone.
		default:
			if ctx.Err() == nil {
				s.log.Error("an alert was not stored, will try again", "call", a.Call, "error", err)
			}
			s.mu.Lock()
			s.pending = append(s.pending, waiting[i:]...)
			s.mu.Unlock()
			return
		}
	}
}
