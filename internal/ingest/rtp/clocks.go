package rtp

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

// Report is what a sender says of its clock: which stamp was when, on its wall.
type Report struct {
	Source, Stamp uint32
	Wall          time.Time
}

// ntpEpoch is the Unix epoch in seconds of NTP.
const ntpEpoch = 2208988800

// ReadReport finds the report of a sender in a packet of RTCP; nil when there
// is none.
func ReadReport(raw []byte) *Report {
	packets, err := rtcp.Unmarshal(raw)
	if err != nil {
		return nil // garbage is of no use
	}
	for _, p := range packets {
		if s, ok := p.(*rtcp.SenderReport); ok && s.NTPTime != 0 {
			fraction := (s.NTPTime & 0xFFFFFFFF) * uint64(time.Second) >> 32
			return &Report{s.SSRC, s.RTPTime, time.Unix(int64(s.NTPTime>>32)-ntpEpoch, int64(fraction))}
		}
	}
	return nil
}

// Clocks brings the sources of a call onto one clock. By arrival alone they
// are as far apart as their networks' delays differ; senders whose clocks are
// set tell better. Audio is only ever moved back, so that none is lost. It may
// be used by many goroutines.
type Clocks struct {
	mu    sync.Mutex
	calls map[string]map[string]time.Duration // how late audio is placed, by source
}

// align says by how much a source has to place its audio later. late is how
// much later than the sender's clock it does so now; the sum is what is
// remembered of it.
func (c *Clocks) align(call, source string, late time.Duration) time.Duration {
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
		if other != source && (l-late).Abs() <= shared {
			latest = max(latest, l)
		}
	}
	if latest-late < heard {
		latest = late
	}
	all[source] = latest
	return latest - late
}

// Forget takes a source out.
func (c *Clocks) Forget(call, source string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if delete(c.calls[call], source); len(c.calls[call]) == 0 {
		delete(c.calls, call)
	}
}

// Len is how many calls have clocks.
func (c *Clocks) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.calls)
}

// aligned is what a feed knows of its sender's clock.
type aligned struct {
	late  time.Duration
	known bool
	moves int // of the timeline, when it was measured
}

// Align moves the timeline on when another source of the call is later, by the
// sender's last report.
func (f *Feed) Align(c *Clocks, call, source string, r *Report) {
	if r == nil {
		return
	}
	if !f.clock.known || f.clock.moves != f.line.moves {
		late, ok := f.line.behind(*r)
		if !ok {
			return
		}
		f.clock = aligned{late, true, f.line.moves}
	}
	if by := c.align(call, source, f.clock.late); by > 0 {
		f.line.later(places(by))
		f.clock.late += by
	}
}
