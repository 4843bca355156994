package session

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/internal/recording"
	"heed/transcribe"
)

const (
	// lookEvery is how often an actor looks at its call without being woken.
	lookEvery = 250 * time.Millisecond
	// flushWithin is how long engines may finish after the end of the call;
	// what they did not hear by then is heard again from the spool.
	flushWithin = 10 * time.Second
)

// call is the actor of one call. Everything below the blank line belongs to
// the goroutine of run.
type call struct {
	o       *Options
	metrics *metrics
	log     *slog.Logger
	in      *intake
	rec     *recording.Recorder
	desk    *desk
	again   chan struct{} // of the manager: taken by those that hear again
	left    func()        // tells the manager that the call is no longer live

	record   event.Call
	assent   assent
	notes    notes
	sounds   int // changes of the noise that the record has
	reported reported
	shown    [parties]int // the last caption that its final closed
	script   *script
}

// desk is where ears hand in what they found.
type desk struct {
	finals   chan heard
	partials chan heard
	wake     chan struct{}
	rec      *recording.Recorder
	log      *slog.Logger

	mu    sync.Mutex
	state [parties]event.CaptionState
	why   [parties]string // no words of a party will come, for the operator
}

var _ listener = (*desk)(nil)

const partialsWaiting = 8

func newCall(m *Manager, record event.Call, zero time.Time) (*call, error) {
	log := m.o.Logger.With("component", "session", "call", record.ID)
	rec, err := recording.Create(recording.Options{Dir: m.o.Dir, Key: m.o.Key, FS: m.o.Disk, Now: m.o.Now}, record.ID)
	if err != nil {
		return nil, err
	}
	c := bareCall(m, record, rec, log)
	t := newTape(rec, log, m.o.Now)
	c.in = newIntake(zero, m.o.Now, t, c.sieves(t.mute))
	c.desk.wake = c.in.wake
	c.in.pad.Keys = m.o.Keys
	c.begin(m.o.Assent(record))
	return c, nil
}

// bareCall is a call without streams.
func bareCall(m *Manager, record event.Call, rec *recording.Recorder, log *slog.Logger) *call {
	c := &call{
		assent: assent{orders: make(chan order), over: make(chan struct{})},
		o:      &m.o, metrics: m.metrics, log: log, rec: rec, record: record,
		again: m.again, left: func() {},
		desk: &desk{
			finals: make(chan heard), partials: make(chan heard, partialsWaiting),
			wake: make(chan struct{}, 1), rec: rec, log: log,
		},
		script: newScript(&m.o, record),
	}
	if record.Past() { // who gives them to us says how many at once; the calls of today do not wait for them
		c.again = make(chan struct{}, 1)
	}
	return c
}

// sieves makes one for each party.
func (c *call) sieves(mute func(insights.Speaker, time.Duration, time.Duration)) (s [parties]*sieve) {
	for p := range parties {
		s[p] = &sieve{
			who: p.speaker(), called: p == customer && c.record.Direction == "outbound",
			noise: c.script.noise, mute: mute, detect: c.o.Sounds,
		}
	}
	return s
}

// run is the whole life of a call. It returns when the call is committed as
// ended, or when that is not possible or ctx ends; then it is false, the call
// stays open, its spool stays, and a Recover closes it.
func (c *call) run(ctx context.Context) bool {
	group, ctx := errgroup.WithContext(ctx)
	taped := make(chan struct{})
	group.Go(func() error {
		defer close(taped)
		c.in.tape.run(ctx)
		return nil
	})
	group.Go(func() error {
		return c.live(ctx, taped)
	})
	err := group.Wait()
	if err == nil {
		return true
	}
	c.log.Error("call left open", "error", err)
	if err := c.rec.Close(); err != nil {
		c.log.Error("close recording", "error", err)
	}
	return false
}

// live attends the call and closes it.
func (c *call) live(ctx context.Context, taped <-chan struct{}) error {
	// However it ends, nobody must be left waiting for the tape.
	defer c.in.close()
	defer close(c.assent.over)
	ears, cancel := context.WithCancel(ctx)
	defer cancel()
	done := c.listen(ears)
	why, err := c.attend(ctx)
	endedAt := c.o.Now()
	c.left()
	c.unanswered()
	c.in.close()
	if err != nil {
		cancel()
		c.ignore(done)
		return err
	}
	if err := c.flush(ctx, cancel, done); err != nil {
		cancel()
		c.ignore(done)
		return err
	}
	<-taped
	c.look()
	if err := c.makeGood(ctx); err != nil {
		return err
	}
	return c.close(ctx, event.CallOver, string(why), endedAt)
}

// listen starts an ear for each party. The channel closes when all have
// ended.
func (c *call) listen(ctx context.Context) <-chan struct{} {
	var group sync.WaitGroup
	for p := range parties {
		e := &ear{
			who: p.speaker(), src: c.in.tracks[p].queue, to: c.desk, metrics: c.metrics,
			log:     c.log.With("party", p.speaker()),
			engines: c.engines(p.speaker(), event.CallLive),
		}
		group.Go(func() {
			if err := e.run(ctx); err != nil {
				c.desk.owe(e.who, everything(e.covered))
				c.desk.explain(e.who, e.why)
			}
		})
	}
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(done)
	}()
	return done
}

// engines binds the engine's choice to a party, of a call that goes on or is
// over, and tells it what the call may be about.
func (c *call) engines(who insights.Speaker, status event.CallStatus) func([]string) (transcribe.Engine, string) {
	record, hints := c.record, c.script.hints[partyOf(who)]
	record.Status = status
	return func(failed []string) (transcribe.Engine, string) {
		engine, name := c.o.Engine(record, who, failed)
		if engine == nil {
			return nil, name
		}
		return transcribe.Hint(engine, hints), name
	}
}

// attend serves the call while it lives and tells why it ended.
func (c *call) attend(ctx context.Context) (ingest.Reason, error) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case h := <-c.desk.finals:
			if err := c.hear(ctx, h); err != nil {
				return "", err
			}
			continue
		case h := <-c.desk.partials:
			c.show(h)
			continue
		case o := <-c.assent.orders:
			if err := c.obey(ctx, o); err != nil {
				return "", err
			}
			continue
		case <-c.in.wake:
			if err := c.obeyKeys(ctx); err != nil {
				return "", err
			}
		case <-tick.C:
		case <-ctx.Done():
			return "", ctx.Err()
		}
		if why, over := c.in.ended(c.o.Grace); over {
			return why, nil
		}
		c.look()
		c.report(ctx)
	}
}

// flush serves the ears until they have heard what waits, but not for ever.
func (c *call) flush(ctx context.Context, cancel context.CancelFunc, done <-chan struct{}) error {
	timer := time.NewTimer(flushWithin)
	defer timer.Stop()
	for {
		select {
		case h := <-c.desk.finals:
			if err := c.hear(ctx, h); err != nil {
				return err
			}
		case h := <-c.desk.partials:
			c.show(h)
		case o := <-c.assent.orders:
			if err := c.obey(ctx, o); err != nil {
				return err
			}
		case <-timer.C:
			cancel()
		case <-done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ignore lets cancelled ears come to their end.
func (c *call) ignore(done <-chan struct{}) {
	for {
		select {
		case <-c.desk.finals: // committed after the restart
		case <-c.desk.partials:
		case <-done:
			return
		}
	}
}

// final hands a segment to the actor and waits until it is taken.
func (d *desk) final(ctx context.Context, h heard) error {
	select {
	case d.finals <- h:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// partial hands a caption to the actor, or drops it when too many wait; one
// that takes a caption away is never dropped.
func (d *desk) partial(ctx context.Context, h heard) {
	if h.seg.Text == "" {
		select {
		case d.partials <- h:
		case <-ctx.Done():
		}
		return
	}
	select {
	case d.partials <- h:
	default:
	}
}

// captions notes whether words of a party are coming.
func (d *desk) captions(who insights.Speaker, s event.CaptionState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := partyOf(who); d.state[p] != s {
		d.state[p] = s
		signal(d.wake)
	}
}

// owe notes a stretch to be heard again, also for a process after this one.
func (d *desk) owe(who insights.Speaker, s recording.Stretch) {
	if err := d.rec.Owe(who, s.From, s.To); err != nil {
		d.log.Error("note what was not heard", "error", err)
	}
}

// explain notes why a party is not transcribed.
func (d *desk) explain(who insights.Speaker, why string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.why[partyOf(who)] = why
}

// reason is why a party is not transcribed; empty when it is.
func (d *desk) reason(p party) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.why[p]
}

// captionState sums up the parties: off when no words will come of one,
// paused when they are late.
func (d *desk) captionState() event.CaptionState {
	d.mu.Lock()
	defer d.mu.Unlock()
	off := 0
	for _, s := range d.state {
		switch s {
		case event.CaptionsPaused:
			return event.CaptionsPaused
		case event.CaptionsOff:
			off++
		case event.CaptionsLive:
		}
	}
	if off > 0 {
		return event.CaptionsOff
	}
	return event.CaptionsLive
}
