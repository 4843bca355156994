package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"heed/transcribe"
)

const (
	// tick is how often the call looks at the clock.
	tick = 100 * time.Millisecond
	// idle is how long no frame may come before noise is sent in its place;
	// live frames bunch up by less.
	idle = 300 * time.Millisecond
	// margin is the audio before the last final's end that is sent again, as
	// services cut words short when they say where they end.
	margin = 200 * time.Millisecond
	// healthy is how long a session must have lived for its end to be news.
	healthy = 30 * time.Second

	firstDelay = 250 * time.Millisecond
	lastDelay  = 4 * time.Second
	// patience is how long a service that works off an import after the end of
	// the frames may say nothing.
	patience = 30 * time.Second
	// burst is how far ahead of its pace audio may be sent.
	burst = 2 * time.Second
)

// errHungUp means that the call ended while no session was there.
var errHungUp = errors.New("the call ended before the service had heard all of it")

// call is one Transcribe. Its goroutine owns everything in it.
type call struct {
	o       *Options
	tape    *tape
	speaker *speaker
	running *sync.WaitGroup
	events  chan event

	links     []*link // oldest first; the last one is fed, the others drain
	successor *link   // being dialled to replace the last one
	fault     fault

	piece     int64     // output samples in a Send
	started   time.Time // when the first frame came
	idleSince time.Time
	flushBy   time.Time // set when the frames have closed
	heardAt   time.Time // the latest event of a link
}

// fault is what went wrong lately.
type fault struct {
	count    int
	upto     time.Duration // the speaker's, at the last failure
	ever     bool          // a session was up once
	rotateAt time.Time     // no new rotation before
	deaf     int           // sessions in a row that left out audible audio
	deafUpto time.Duration // the speaker's, at the last of them
}

// newCall starts a call at its first frame.
func newCall(o *Options, t *tape, running *sync.WaitGroup, emit func(transcribe.Segment) error) *call {
	c := &call{o: o, tape: t, running: running, events: make(chan event), piece: max(1, count(o.Piece, t.out))}
	c.started = time.Now()
	c.speaker = &speaker{tape: t, clock: t.first, emit: func(s transcribe.Segment) error {
		before := time.Now()
		err := emit(s)
		c.excuse(time.Since(before))
		return err
	}}
	return c
}

// excuse moves deadlines by the time that a slow receiver took: neither the
// service nor the caller was late.
func (c *call) excuse(d time.Duration) {
	c.idleSince = time.Now()
	c.heardAt = c.heardAt.Add(d)
	if c.hungUp() {
		c.flushBy = c.flushBy.Add(d)
	}
	for _, l := range c.links {
		l.within = l.within.Add(d)
	}
}

// close ends all links. Their goroutines end soon after.
func (c *call) close() {
	for _, l := range c.links {
		l.cancel()
	}
	if c.successor != nil {
		c.successor.cancel()
	}
	c.links, c.successor = nil, nil
}

// run is the call's loop.
func (c *call) run(ctx context.Context, frames <-chan transcribe.Frame) error {
	c.connect(ctx, 0)
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for {
		in := frames
		if c.hungUp() || c.full() {
			in = nil
		}
		out, piece := c.offer()
		var err error
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case f, more := <-in:
			err = c.frame(f, more)
		case out <- piece:
			c.sent(len(piece))
			c.considerRotation(ctx, time.Now())
		case e := <-c.events:
			err = c.handle(ctx, e)
		case <-clock.C:
			err = c.onTick(ctx, in)
		}
		switch {
		case errors.Is(err, errDone):
			return c.speaker.settle()
		case err != nil:
			return err
		}
	}
}

// errDone ends the loop when everything was said.
var errDone = errors.New("done")

// frame takes what came out of the channel of frames.
func (c *call) frame(f transcribe.Frame, more bool) error {
	if more {
		return c.hear(f)
	}
	c.tape.finish()
	now := time.Now()
	ahead := c.tape.end() - now.Sub(c.started)
	c.flushBy, c.heardAt = now.Add(c.o.FlushWithin+max(0, ahead)), now
	return nil
}

// hear records one frame.
func (c *call) hear(f transcribe.Frame) error {
	c.idleSince = time.Now()
	if err := c.tape.record(f); err != nil {
		return &transcribe.Error{Engine: c.o.Name, Verdict: transcribe.GiveUp, Err: err}
	}
	return nil
}

// hungUp tells whether the frames have closed.
func (c *call) hungUp() bool { return !c.flushBy.IsZero() }

// current is the link that is being fed, or is to be fed once it is up.
func (c *call) current() *link {
	if len(c.links) == 0 {
		return nil
	}
	return c.links[len(c.links)-1]
}

// connect dials a link that begins with the audio that nobody has confirmed.
func (c *call) connect(ctx context.Context, delay time.Duration) {
	l := open(ctx, c.o, Format{Rate: c.tape.out}, delay, c.events, c.running)
	c.begin(l, c.unconfirmed())
	l.again = c.speaker.told()
	c.links = append(c.links, l)
}

// begin says where a link's audio starts.
func (c *call) begin(l *link, from int64) {
	l.origin, l.next = from, from
	at := span(from, c.tape.out)
	l.hearing = hearing{origin: at, head: at, reach: at, numbered: c.o.Numbered}
}

// unconfirmed is the sample from which audio must be sent again.
func (c *call) unconfirmed() int64 {
	return max(c.tape.base, count(c.speaker.upto-margin, c.tape.out))
}

// full tells whether no more audio fits into the buffer.
func (c *call) full() bool {
	from := c.unconfirmed()
	if l := c.current(); l != nil {
		from = l.next
	}
	return c.tape.total()-from >= count(c.o.Buffer, c.tape.out)
}

// offer gives the piece to be sent next, if there is one and it may go. After
// a hang-up it orders the end of the session behind the last piece.
func (c *call) offer() (chan<- []int16, []int16) {
	l := c.current()
	if l == nil || !l.up || l.done || c.parked(l) {
		return nil, nil
	}
	if c.hungUp() && l.next < c.tape.total() {
		c.tape.pad(l.next + c.piece)
	}
	piece := c.tape.cut(l.next, c.piece)
	if piece == nil {
		if c.hungUp() {
			l.finish(c.flushBy)
		}
		return nil, nil
	}
	return l.pieces, piece
}

// parked tells whether a link has had as much as it may have by now.
func (c *call) parked(l *link) bool {
	length, age := span(l.next-l.origin, c.tape.out), time.Since(l.opened)
	if c.o.Pace > 0 && length > burst+time.Duration(float64(age)*c.o.Pace) {
		return true
	}
	return c.o.MaxSession > 0 && length > c.o.MaxSession/100*95
}

// sent moves on behind a piece and lets go of what nobody will need again.
func (c *call) sent(n int) {
	l := c.current()
	l.next += int64(n)
	l.hearing.head = span(l.next, c.tape.out)
	l.hearing.ahead = span(l.next-l.origin, c.tape.out)-time.Since(l.opened) > burst
	keep := min(c.unconfirmed(), l.next-count(c.o.Overlap, c.tape.out))
	for _, old := range c.links {
		keep = min(keep, max(old.origin, count(c.speaker.upto-margin, c.tape.out)))
	}
	c.tape.forget(max(keep, l.next-count(c.o.Buffer, c.tape.out)))
}

// handle takes one event of a link.
func (c *call) handle(ctx context.Context, e event) error {
	l := e.from
	if l != c.successor && !slices.Contains(c.links, l) {
		return nil // it was given up before it spoke
	}
	c.heardAt = time.Now()
	switch {
	case e.up:
		l.up, l.opened, c.fault.ever = true, time.Now(), true
		if l == c.successor {
			c.rotate()
		}
		return nil
	case e.err == nil:
		for _, r := range e.results {
			if err := l.hearing.take(r, time.Now()); err != nil {
				return Refused(c.o.Name, err)
			}
		}
		return c.speak(true)
	case errors.Is(e.err, io.EOF) && l.done:
		return c.ended(ctx, l)
	}
	return c.fail(ctx, l, e.err)
}

// fail connects again, or ends the call when that is pointless.
func (c *call) fail(ctx context.Context, l *link, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if final(err) {
		return err
	}
	c.blame(l)
	c.o.Logger.Warn("session lost", "error", err, "failures", c.fault.count, "successor", l == c.successor)
	delay := min(firstDelay<<min(c.fault.count-1, 10), lastDelay)
	if c.hungUp() {
		delay = firstDelay // there is no time for more patience
	}
	if l == c.successor {
		l.cancel()
		c.successor = nil
		c.fault.rotateAt = time.Now().Add(delay)
		return nil
	}
	if c.fault.count >= c.o.Attempts {
		verdict := transcribe.UseAnother
		if c.fault.ever {
			verdict = transcribe.Retry
		}
		return &transcribe.Error{Engine: c.o.Name, Verdict: verdict, Err: fmt.Errorf("%d failures in a row: %w", c.fault.count, err)}
	}
	return c.reconnect(ctx, delay)
}

// blame counts a failure; those before the last progress are forgotten.
func (c *call) blame(l *link) {
	if c.speaker.upto > c.fault.upto || l.up && time.Since(l.opened) > healthy {
		c.fault.count = 0
	}
	c.fault.upto = c.speaker.upto
	c.fault.count++
}

// onTick does what is due by the clock. in is nil when no frame may be read.
func (c *call) onTick(ctx context.Context, in <-chan transcribe.Frame) error {
	if err := c.fill(in); err != nil {
		return err
	}
	now := time.Now()
	if c.hungUp() && (!now.Before(c.flushBy) || c.stalled(now)) {
		return c.cutOff()
	}
	for _, l := range c.links {
		if l.done && now.After(l.within) {
			c.o.Logger.Warn("service did not finish a session in time")
			l.over = true
		}
	}
	c.considerRotation(ctx, now)
	return c.speak(false)
}

// stalled tells whether a service that has all of an import says no more.
func (c *call) stalled(now time.Time) bool {
	l := c.current()
	return l != nil && l.done && now.Sub(c.heardAt) >= patience
}

// fill records noise when frames have stopped coming.
func (c *call) fill(in <-chan transcribe.Frame) error {
	if in == nil || time.Since(c.idleSince) < idle {
		return nil
	}
	select {
	case f, more := <-in: // it was only slow to be read
		return c.frame(f, more)
	default:
		c.tape.hold(tick)
		return nil
	}
}

// cutOff ends a call whose service did not say everything in time.
func (c *call) cutOff() error {
	l := c.current()
	all := l != nil && l.done
	if all {
		if err := c.deaf(l); err != nil {
			return err
		}
	}
	if err := c.salvage(c.tape.end()); err != nil {
		return err
	}
	if !all {
		return &transcribe.Error{Engine: c.o.Name, Verdict: transcribe.Retry, Err: errHungUp}
	}
	c.o.Logger.Warn("service did not finish in time", "waited", c.o.FlushWithin)
	return errDone
}
