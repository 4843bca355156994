package siprec

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/rtp"
)

const (
	// maxEarly bounds the packets of a line that wait until it is placed.
	maxEarly = 64
	// underWay is how long packets are waited for after the caller hung up.
	underWay = 60 * time.Millisecond
)

// media is the audio of one call. Its readers hand packets over; everything else
// belongs to the goroutine of the dialog.
type media struct {
	door   *Door
	facts  facts
	start  ingest.Start
	host   netip.Addr // ours, as the caller reaches it
	caller netip.Addr // that the signalling came from

	lines   []*line
	streams []ingest.Stream
	packets chan arrived
	readers sync.WaitGroup
	clocks  rtp.Clocks
	seen    atomic.Int64 // when a packet last came, by the machine's clock
	dropped float64      // by the kernel

	id, version uint64
}

// line is one media line. Without a pair of ports it is one that is not heard.
type line struct {
	answered

	pair   *pair
	who    insights.Speaker
	key    string
	stream ingest.Stream
	early  []rtp.Packet
	feed   *rtp.Feed // nil until it is placed
	view   atomic.Pointer[view]
	report atomic.Pointer[rtp.Report]
}

// view is what a line's readers know of it.
type view struct {
	from   [2]netip.Addr // that are listened to
	types  map[uint8]rtp.Codec
	active bool
}

// arrived is a packet of a line, or what was none.
type arrived struct {
	line   *line
	packet rtp.Packet
	bad    bool
}

// newMedia is a call whose time begins now.
func (d *Door) newMedia(f facts, host, caller netip.Addr) *media {
	m := &media{
		door: d, facts: f, host: host, caller: caller, packets: make(chan arrived, d.limits.Packets),
		id: rand.Uint64N(1 << 62), start: ingest.Start{ //nolint:gosec // an id, not a secret
			Platform: Platform, Call: f.call, Direction: f.direction(), From: f.from(), To: f.to(), Agent: f.agentName(), At: d.o.Now(),
		},
	}
	m.seen.Store(time.Now().UnixNano())
	return m
}

// offer takes an offer, the first or a later one, and gives the answer. When it
// fails nothing has changed.
func (m *media) offer(ctx context.Context, lines []offered) ([]byte, error) {
	if len(lines) < len(m.lines) {
		return nil, unacceptable("the offer has fewer lines than before")
	}
	next, added, err := m.plan(ctx, lines)
	if err == nil {
		err = m.begin(ctx, added)
	}
	if err != nil {
		for _, l := range added {
			l.pair.close()
		}
		return nil, err
	}
	for i, l := range next {
		m.apply(l, lines[i])
	}
	m.lines = next
	m.version++
	return m.answer(), nil
}

// plan says what becomes of each line, with ports for those that are new.
func (m *media) plan(ctx context.Context, lines []offered) (next, added []*line, err error) {
	parties := m.facts.parties(lines)
	for i, o := range lines {
		var l *line
		if i < len(m.lines) {
			l = m.lines[i]
		}
		switch {
		case l != nil && l.pair != nil: // it goes on, or ends
		case !o.taken || parties[i] == "" || err != nil:
			l = &line{}
		default:
			l = &line{who: parties[i], key: newTag()}
			if l.pair, err = m.door.ports.open(ctx); err == nil {
				added = append(added, l)
			}
		}
		next = append(next, l)
	}
	if err != nil {
		return nil, added, unavailable("ports", "no port for audio is free")
	}
	return next, added, nil
}

// begin opens the call's stream for new lines. A call that has ended goes on as
// one of its own: the platform's id is not always of one recording.
func (m *media) begin(ctx context.Context, added []*line) error {
	if len(added) == 0 {
		return nil
	}
	s := m.start
	s.Stream = newTag()
	for _, l := range added {
		s.Parties = append(s.Parties, l.who)
	}
	ctx, cancel := context.WithTimeout(ctx, m.door.limits.OpenWithin)
	defer cancel()
	stream, err := m.door.o.Calls.Open(ctx, s)
	if errors.Is(err, ingest.ErrOver) {
		s.Call += "/" + s.Stream
		stream, err = m.door.o.Calls.Open(ctx, s)
	}
	switch {
	case errors.Is(err, ingest.ErrBusy):
		return unavailable("busy", "no more calls can be taken now")
	case errors.Is(err, ingest.ErrStopping):
		return unavailable("stopping", "the server is stopping")
	case err != nil:
		m.door.o.Logger.Warn("stream refused", "error", err)
		return unavailable("open", "the call cannot be taken now")
	}
	m.streams = append(m.streams, stream)
	for _, l := range added {
		l.stream = stream
	}
	return nil
}

// apply has a line be as it is offered now.
func (m *media) apply(l *line, o offered) {
	was := l.active
	l.offered = o
	switch {
	case l.pair == nil:
		return
	case !o.taken:
		m.release(l)
		return
	}
	began := l.view.Load() == nil
	l.port = l.pair.port
	l.view.Store(&view{from: [2]netip.Addr{o.addr, m.caller}, types: o.types, active: o.active})
	if began {
		m.readers.Go(func() { m.read(l, l.pair) })
		m.readers.Go(func() { m.readReports(l, l.pair) })
	}
	if was != o.active && l.feed != nil {
		l.feed.Restart() // what was sent meanwhile is not ours
	}
	m.seen.Store(time.Now().UnixNano())
}

// release gives a line's ports back.
func (m *media) release(l *line) {
	if l.pair != nil {
		m.dropped += l.pair.close()
		l.pair, l.port = nil, 0
	}
}

// answer is our SDP.
func (m *media) answer() []byte {
	all := make([]answered, len(m.lines))
	for i, l := range m.lines {
		all[i] = l.answered
	}
	return writeAnswer(m.host, m.id, m.version, all)
}

// take places a packet, or keeps it until its line is placed.
func (m *media) take(a arrived) {
	l := a.line
	if a.bad {
		m.door.counts.Garbage.Inc()
		l.stream.Fault(ingest.Garbage, 1)
		return
	}
	if l.feed != nil {
		l.feed.Push(a.packet)
		return
	}
	if l.early = append(l.early, a.packet); len(l.early) >= maxEarly {
		m.place(l)
	}
}

// place begins a line where its first packets came: all lines count from the
// call's beginning.
func (m *media) place(l *line) {
	rtp.SortEarly(l.early)
	l.feed = rtp.NewFeed(l.stream, []insights.Speaker{l.who}, rtp.Options{
		Meters: m.door.counts, Window: m.door.limits.Window, Zero: m.start.At, Begins: max(0, rtp.ZeroOf(l.early).Sub(m.start.At)),
	})
	for _, p := range l.early {
		l.feed.Push(p)
	}
	l.early = nil
}

// look does what is due and says when the call is over.
func (m *media) look(now time.Time) ingest.Reason {
	wall := m.door.o.Now()
	listening := false
	for _, l := range m.lines {
		listening = listening || l.pair != nil && l.active
		switch {
		case l.feed != nil:
			l.feed.Advance(wall)
			l.feed.Align(&m.clocks, "", l.key, l.report.Load())
		case len(l.early) > 0 && wall.Sub(l.early[0].At) >= rtp.Settle:
			m.place(l)
		}
	}
	limit := m.door.limits.HeldFor
	if listening {
		limit = m.door.limits.SilentAfter
	}
	if now.Sub(time.Unix(0, m.seen.Load())) > limit {
		return ingest.Silent
	}
	return ""
}

// finish takes what is still there and ends the streams.
func (m *media) finish(why ingest.Reason) rtp.Tally {
	if why == ingest.Stopped {
		m.linger()
	}
	for _, l := range m.lines {
		m.release(l)
	}
	m.readers.Wait()
	for range len(m.packets) {
		m.take(<-m.packets)
	}
	var sum rtp.Tally
	now := m.door.o.Now()
	for _, l := range m.lines {
		if len(l.early) > 0 {
			m.place(l)
		}
		if l.feed != nil {
			l.feed.Finish(now)
			sum = sum.Plus(l.feed.Tally())
		}
	}
	for _, s := range m.streams {
		s.Stop(why)
	}
	return sum
}

// linger takes what was under way when the caller hung up: its word comes another
// way than its audio.
func (m *media) linger() {
	over := time.NewTimer(underWay)
	defer over.Stop()
	for {
		select {
		case a := <-m.packets:
			m.take(a)
		case <-over.C:
			return
		}
	}
}
