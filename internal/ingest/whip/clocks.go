package whip

import (
	"sync"
	"time"

	"github.com/pion/rtcp"
)

const (
	// shared is how far two publishers' clocks may be apart by what arrives and
	// still be taken for one that both follow. More is a clock that is wrong.
	shared = 300 * time.Millisecond
	// heard is the least that is worth moving audio for.
	heard = 10 * time.Millisecond
)

// report is what a sender says of its clock: which stamp was when, on its wall.
type report struct {
	source, stamp uint32
	wall          time.Time
}

// ntpEpoch is the Unix epoch in seconds of NTP.
const ntpEpoch = 2208988800

// readReport finds the report of a sender in a packet of RTCP.
func readReport(raw []byte) *report {
	packets, err := rtcp.Unmarshal(raw)
	if err != nil {
		return nil // garbage of a stranger who has our keys; it is of no use
	}
	for _, p := range packets {
		if s, ok := p.(*rtcp.SenderReport); ok && s.NTPTime != 0 {
			fraction := (s.NTPTime & 0xFFFFFFFF) * uint64(time.Second) >> 32
			return &report{s.SSRC, s.RTPTime, time.Unix(int64(s.NTPTime>>32)-ntpEpoch, int64(fraction))}
		}
	}
	return nil
}

// clocks brings the sessions of a call onto one clock. By arrival alone they
// are as far apart as their networks' delays differ; publishers whose clocks
// are set tell better. Audio is only ever moved back, so that none is lost.
type clocks struct {
	mu    sync.Mutex
	calls map[string]map[string]time.Duration // how late audio is placed, by session
}

// align says by how much a session has to place its audio later. late is how
// much later than the sender's clock it does so now; the sum is what is
// remembered of it.
func (c *clocks) align(call, session string, late time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.calls[call]
	if all == nil {
		if c.calls == nil {
			c.calls = map[string]map[string]time.Duration{}
		}
		all = map[string]time.Duration{}
		c.calls[call] = all
	}
	latest := late
	for other, l := range all {
		if other != session && (l-late).Abs() <= shared {
			latest = max(latest, l)
		}
	}
	if latest-late < heard {
		latest = late
	}
	all[session] = latest
	return latest - late
}

// forget takes a session out.
func (c *clocks) forget(call, session string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if delete(c.calls[call], session); len(c.calls[call]) == 0 {
		delete(c.calls, call)
	}
}

// aligned is what a session's worker knows of its clock.
type aligned struct {
	late  time.Duration
	known bool
	moves int // of the timeline, when it was measured
}

// align moves the timeline on when another session of the call is later.
func (w *worker) align() {
	r := w.intake.report.Load()
	if r == nil {
		return
	}
	if !w.clock.known || w.clock.moves != w.feed.line.moves {
		late, ok := w.feed.line.behind(*r)
		if !ok {
			return
		}
		w.clock = aligned{late, true, w.feed.line.moves}
	}
	if by := w.door.clocks.align(w.grant.Call, w.id, w.clock.late); by > 0 {
		w.feed.line.later(places(by))
		w.clock.late += by
	}
}
