package session

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/internal/recording"
)

// ErrStart refuses a stream whose start lacks what it must have.
var ErrStart = errors.New("incomplete start of a stream")

// Manager holds the live calls. It implements ingest.Calls.
type Manager struct {
	o       Options
	metrics *metrics
	again   chan struct{} // holds one for each call that is heard again

	mu       sync.Mutex
	calls    map[platformCall]*entry
	ids      map[string]bool // calls that belong to this process
	hold     int             // while Recover runs, ids of ended calls stay
	over     []string        // those
	live     int
	stopping bool          // no call is taken any more
	cutOff   bool          // nor does any go on
	idle     chan struct{} // closed when stopping and no call is left
	leftOpen chan struct{} // tells Tend that a call waits for its recovery
}

var _ ingest.Calls = (*Manager)(nil)

// platformCall is how doors name a call.
type platformCall struct{ platform, id string }

// entry is a call's place among the live ones.
type entry struct {
	ready  chan struct{} // closed when the fields below are set
	err    error         // why it could not begin
	id     string        // ours of the call
	call   *call         // written under the manager's lock as well
	cancel context.CancelFunc
}

// New makes a Manager without calls. Recover or Tend closes those of an earlier
// process; Drain or Close end it.
func New(o Options) (*Manager, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	m := &Manager{
		o: o, calls: map[platformCall]*entry{}, ids: map[string]bool{}, idle: make(chan struct{}),
		leftOpen: make(chan struct{}, 1), again: make(chan struct{}, againAtOnce),
	}
	m.metrics, err = newMetrics(o.Registerer)
	if err != nil {
		return nil, err
	}
	return m, nil
}

// Open begins a stream; see ingest.Calls. It blocks while the call is stored.
func (m *Manager) Open(ctx context.Context, s ingest.Start) (ingest.Stream, error) {
	if err := check(s); err != nil {
		return nil, err
	}
	if s.At.IsZero() {
		s.At = m.o.Now()
	}
	key := platformCall{s.Platform, s.Call}
	e, first, err := m.enter(key)
	if err != nil {
		return nil, err
	}
	if first {
		m.begin(ctx, key, e, s)
	}
	select {
	case <-e.ready:
	case <-ctx.Done():
		return nil, fmt.Errorf("open %s call: %w", s.Platform, ctx.Err())
	}
	if e.err != nil {
		return nil, e.err
	}
	stream, ok := e.call.in.join(s)
	if !ok {
		return nil, fmt.Errorf("%s call: %w", s.Platform, ingest.ErrOver)
	}
	stream.call = e.id
	return stream, nil
}

// check refuses a start that no call can be made of.
func check(s ingest.Start) error {
	const longest = 256
	switch {
	case s.Platform == "" || s.Call == "" || s.Stream == "":
		return fmt.Errorf("%w: platform, call and stream must be named", ErrStart)
	case len(s.Platform) > longest || len(s.Call) > longest || len(s.Stream) > longest:
		return fmt.Errorf("%w: an id is longer than %d bytes", ErrStart, longest)
	case len(s.Parties) == 0:
		return fmt.Errorf("%w: no party", ErrStart)
	}
	for _, p := range s.Parties {
		if p != insights.Agent && p != insights.Customer {
			return fmt.Errorf("%w: unknown party", ErrStart)
		}
	}
	return nil
}

// enter finds the call's entry or makes one. first tells the caller to begin
// the call.
func (m *Manager) enter(key platformCall) (e *entry, first bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.calls[key]; e != nil {
		return e, false, nil
	}
	if m.stopping {
		return nil, false, ingest.ErrStopping
	}
	if m.live >= m.o.MaxCalls || !m.o.Admit() {
		m.metrics.refused.Inc()
		return nil, false, ingest.ErrBusy
	}
	e = &entry{ready: make(chan struct{})}
	m.calls[key] = e
	m.live++
	m.metrics.live.Inc()
	return e, true, nil
}

// begin stores the call and starts its actor.
func (m *Manager) begin(ctx context.Context, key platformCall, e *entry, s ingest.Start) {
	defer close(e.ready)
	c, err := m.start(ctx, s)
	if err != nil {
		e.err = err
		m.left()
		m.remove(key, "")
		return
	}
	// The call outlives the request that brought its first stream.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c.left = m.left
	m.mu.Lock()
	e.call, e.id, e.cancel = c, c.record.ID, cancel
	if m.cutOff {
		cancel()
	}
	m.mu.Unlock()
	go func() {
		defer cancel()
		whole := c.run(ctx)
		m.remove(key, c.record.ID)
		if !whole {
			signal(m.leftOpen)
		}
	}()
}

// start stores the call and makes its actor.
func (m *Manager) start(ctx context.Context, s ingest.Start) (*call, error) {
	id := event.NewID()
	m.own(id, true)
	stored, err := m.o.Brain.CallStarted(ctx, newRecord(id, s))
	if err != nil {
		m.own(id, false)
		return nil, fmt.Errorf("start %s call: %w", s.Platform, err)
	}
	if stored.ID != id || stored.Status != event.CallLive {
		m.own(id, false)
		return nil, fmt.Errorf("%s call: %w", s.Platform, ingest.ErrOver)
	}
	c, err := newCall(m, stored, s.At)
	if err != nil {
		m.own(id, false)
		return nil, err
	}
	return c, nil
}

// newRecord is the call as its first stream describes it.
func newRecord(id string, s ingest.Start) event.Call {
	c := event.Call{
		ID: id, Platform: s.Platform, PlatformCall: s.Call, Direction: s.Direction,
		From: s.From, To: s.To, Agent: s.Agent, Language: s.Language, TrackingID: s.Tracking,
		Status: event.CallLive, StartedAt: s.At.UTC().Truncate(time.Millisecond),
		Captions: event.CaptionsLive, Recording: event.Recording{State: string(recording.Recording)},
	}
	if c.Direction == "" {
		c.Direction = "inbound"
	}
	return c
}

// Complete tells that the platform considers the call over.
func (m *Manager) Complete(_ context.Context, platform, id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.calls[platformCall{platform, id}]; e != nil && e.call != nil {
		e.call.in.complete()
	}
}

// Live is the number of calls that have not ended.
func (m *Manager) Live() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.live
}

// Drain refuses new calls, lets those that live or are being opened come to
// their end and returns when the last is committed or ctx ends. Reconnects are
// still taken.
func (m *Manager) Drain(ctx context.Context) error {
	m.stop()
	select {
	case <-m.idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("drain calls: %w", ctx.Err())
	}
}

// Close cuts every call off and waits for the actors, as long as ctx lets it:
// an engine that does not return must not keep the server from stopping. The
// calls stay open in the store and are recovered by the next process. It is
// idempotent.
func (m *Manager) Close(ctx context.Context) error {
	m.stop()
	m.mu.Lock()
	m.cutOff = true
	for _, e := range m.calls {
		if e.cancel != nil {
			e.cancel()
		}
	}
	m.mu.Unlock()
	select {
	case <-m.idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close calls: %w", ctx.Err())
	}
}

func (m *Manager) stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stopping {
		return
	}
	m.stopping = true
	if len(m.calls) == 0 {
		close(m.idle)
	}
}

// left tells that a call no longer counts as live.
func (m *Manager) left() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.live--
	m.metrics.live.Dec()
}

// remove forgets a call.
func (m *Manager) remove(key platformCall, id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.calls, key)
	m.disown(id)
	if m.stopping && len(m.calls) == 0 {
		close(m.idle)
	}
}

// own marks a call as this process's, or no longer.
func (m *Manager) own(id string, mine bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if mine {
		m.ids[id] = true
		return
	}
	m.disown(id)
}

// disown forgets an id, unless a Recover may still meet it in a list that is
// older than the call's end. The lock is held.
func (m *Manager) disown(id string) {
	if m.hold > 0 {
		m.over = append(m.over, id)
		return
	}
	delete(m.ids, id)
}

// holdIDs keeps the ids of calls that end until the function that it gives
// is called.
func (m *Manager) holdIDs() (release func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hold++
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.hold--; m.hold > 0 {
			return
		}
		for _, id := range m.over {
			delete(m.ids, id)
		}
		m.over = nil
	}
}
