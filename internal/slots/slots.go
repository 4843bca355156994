// Package slots keeps places open for people: a session on the web, an agent's
// desk, a message that waits to be sent. While a place is open, what it shows
// is decided again as soon as something has changed that its decision rested
// on; who shows it is told at once, and a message that is not the right one any
// more is called back.
//
// It follows the log and keeps what is open in memory and in the store, so
// that a restart loses none. It sends nothing itself, and decides nothing:
// internal/decide knows the rules. The agents' slots of live calls are not
// here: internal/brain answers them with each word.
package slots

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/decisions"
	"heed/internal/event"
	"heed/internal/store"
)

// How long a slot stays open, where nothing is said and at most.
const (
	DefaultHold = 30 * time.Minute
	MaxHold     = 30 * 24 * time.Hour
)

const (
	// perPerson and usualMost bound what is open at once.
	perPerson = 20
	usualMost = 100_000
	// atOnce is how many slots are decided again at a time, and apart how far
	// apart they begin when all are, so that live decisions do not wait.
	atOnce = 4
	apart  = 2 * time.Millisecond
	// retryAfter is how long a slot waits that could not be decided again.
	retryAfter = time.Second
	// lookEvery is how often slots are looked at whose time is over.
	lookEvery = 5 * time.Second
)

// Errors that tell the caller what was wrong.
var (
	// ErrNobody is returned for a person who is not known.
	ErrNobody = errors.New("a slot is opened for somebody who is known: send an event about them first")
	// ErrNotOpen is returned for a slot whose life is over, with the reason.
	ErrNotOpen = errors.New("the slot is not open any more")
	// ErrTooMany is returned when too many slots are open.
	ErrTooMany = errors.New("too many slots are open; close those that are not used")
)

// Options is what a Service needs. Now may be nil.
type Options struct {
	Store     *store.Store
	Brain     *brain.Brain
	Decisions *decisions.Service
	Decider   *decide.Decider
	Logger    *slog.Logger
	// Registerer takes the metrics; nil takes none.
	Registerer prometheus.Registerer
	Now        func() time.Time
	// Most is how many slots may be open at once; 0 means 100,000.
	Most int
}

// Service is safe for concurrent use. It is an [event.Consumer].
type Service struct {
	o       Options
	log     *slog.Logger
	metrics metrics

	ctx  context.Context //nolint:containedctx // of the timers, which no caller waits for; ends with Close
	stop context.CancelFunc
	work chan struct{} // holds a token for each slot that is decided again now
	wg   sync.WaitGroup

	// opening has one slot opened at a time of people who share a lock.
	opening [64]sync.Mutex
	seed    maphash.Seed

	mu  sync.Mutex
	seq int64                          // of the log
	all map[string]*place              // by id
	of  map[string]map[*place]struct{} // by each person who is one with a slot's
}

// place is one slot that is open, or claimed and watched.
type place struct {
	busy sync.Mutex // held while it is decided or changed, before Service.mu
	bell event.Bell // rings when it has changed

	// Under Service.mu:
	slot   event.Slot
	last   decide.Decision // what stands, without what nobody needs again
	why    *decide.Supersession
	people []string
	burst  burst
}

// State is a slot as it is, with the decision that stands.
type State struct {
	event.Slot

	Decision brain.Decision `json:"decision"`
	// Superseded is what stood before, while it was a message that has to be
	// called back.
	Superseded *decide.Supersession `json:"superseded,omitempty"`
}

// Change is the payload of the events of slots.
type Change struct {
	event.Slot

	// Superseded says which message must not go any more, or would not have
	// gone any more.
	Superseded *decide.Supersession `json:"superseded,omitempty"`
}

// New makes a service and takes up the slots that are open. All of them are
// decided again, for nobody knows what has happened since. Call Close.
func New(ctx context.Context, o Options) (*Service, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Most = cmp.Or(o.Most, usualMost)
	s := &Service{
		o: o, log: o.Logger.With("component", "slots"), metrics: newMetrics(o.Registerer), work: make(chan struct{}, atOnce), seed: maphash.MakeSeed(),
		all: make(map[string]*place), of: make(map[string]map[*place]struct{}),
	}
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	var err error
	if s.seq, err = o.Store.LastSeq(ctx); err != nil {
		return nil, fmt.Errorf("slots: %w", err)
	}
	waiting, err := o.Store.WaitingSlots(ctx)
	if err != nil {
		return nil, fmt.Errorf("slots: %w", err)
	}
	for _, slot := range waiting {
		d, err := o.Store.Decision(ctx, slot.DecisionID)
		if errors.Is(err, store.ErrErased) {
			continue // the erasure takes the slot away as well
		}
		if err != nil {
			return nil, fmt.Errorf("slot %s: %w", slot.ID, err)
		}
		people, err := o.Store.Members(ctx, slot.CustomerID)
		if err != nil {
			return nil, fmt.Errorf("slot %s: %w", slot.ID, err)
		}
		p := &place{slot: slot}
		s.set(p, slot, d, people)
	}
	o.Decider.OnChange(s.rulesChanged)
	return s, nil
}

// Run looks after what is open until ctx ends. It blocks.
func (s *Service) Run(ctx context.Context) {
	s.touchAll()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.expire(ctx)
		}
	}
}

// Close waits for what is being decided and decides nothing more.
func (s *Service) Close() {
	s.stop()
	s.mu.Lock()
	for _, p := range s.all {
		p.burst.stop()
		p.bell.Ring()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

// set puts down what is known of a place now, and rings.
func (s *Service) set(p *place, slot event.Slot, d decide.Decision, people []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(p)
	p.slot, p.last, p.people = slot, lean(d), people
	if slot.State == event.SlotIsOpen || slot.State == event.SlotIsClaimed {
		s.all[slot.ID] = p
		for _, id := range people {
			if s.of[id] == nil {
				s.of[id] = make(map[*place]struct{})
			}
			s.of[id][p] = struct{}{}
		}
	} else {
		p.burst.stop()
	}
	s.metrics.open.Set(float64(len(s.all)))
	p.bell.Ring()
}

// drop takes a place out of the lists. The lock is held.
func (s *Service) drop(p *place) {
	delete(s.all, p.slot.ID)
	for _, id := range p.people {
		delete(s.of[id], p)
		if len(s.of[id]) == 0 {
			delete(s.of, id)
		}
	}
}

// lean is a decision without what is not needed to decide again.
func lean(d decide.Decision) decide.Decision {
	survivors := d.Survivors
	d = decide.Shown(d)
	d.Survivors, d.Readings, d.NotChosen = survivors, nil, nil
	return d
}

// find gives a place that is open or watched.
func (s *Service) find(id string) (*place, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.all[id]
	return p, ok
}

// read gives what a place is now.
func (s *Service) read(p *place) (event.Slot, decide.Decision) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return p.slot, p.last
}

// now reads a place with the decision that stands.
func (s *Service) now(ctx context.Context, p *place) (State, error) {
	s.mu.Lock()
	slot, why := p.slot, p.why
	s.mu.Unlock()
	return s.state(ctx, slot, why)
}

// state reads a slot with the decision that stands.
func (s *Service) state(ctx context.Context, slot event.Slot, why *decide.Supersession) (State, error) {
	d, err := s.o.Store.Decision(ctx, slot.DecisionID)
	if err != nil {
		return State{}, fmt.Errorf("slot %s: %w", slot.ID, err)
	}
	return State{Slot: slot, Decision: decide.Shown(d), Superseded: why}, nil
}

type metrics struct {
	open    prometheus.Gauge
	decided *prometheus.CounterVec
	delay   prometheus.Histogram
}

func newMetrics(r prometheus.Registerer) metrics {
	m := metrics{
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "heed_slots_open", Help: "Slots that are open, or claimed and watched.",
		}),
		decided: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_slots_decided_total", Help: "Slots decided again, by what came of it.",
		}, []string{"as"}),
		delay: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "heed_slots_delay_seconds", Help: "From the change that has a slot decided again to the decision.",
			Buckets: []float64{.005, .01, .025, .05, .1, .15, .25, .5, 1, 2.5},
		}),
	}
	if r != nil {
		r.MustRegister(m.open, m.decided, m.delay)
	}
	return m
}
