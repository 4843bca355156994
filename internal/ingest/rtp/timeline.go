package rtp

import "time"

const (
	// believed is how much further than the wall clock a timestamp may jump,
	// and how far back. Beyond it the sender has begun anew.
	believed = 2 * unit
	// stalled is how late audio may become for good. A capture device that
	// stood still leaves timestamps without a gap while time goes by.
	stalled = unit / 4
	// watch is over how long the least lateness is taken: a burst after a
	// hole in the network is no stall.
	watch = 3 * time.Second
)

// timeline gives packets their places by their timestamps. The wall clock is
// asked only when a stream begins, and when stamps and wall part for good.
type timeline struct {
	zero time.Time // of place 0, on the wall
	free int64     // the first place that has no audio; kept by the caller
	// begins is the place of the first packet, by which the caller has set zero.
	begins int64

	begun  bool
	source uint32
	clock  int
	wide   int64 // the last timestamp, without its wrap
	base   int64 // what a stamp's place is counted from
	last   int64 // place of the last packet
	at     time.Time

	moves int       // times that stamps were given new places
	since time.Time // of the watch
	late  int64     // the least lateness since
}

// jump says why a packet was placed by the wall clock.
type jump int

const (
	none    jump = iota
	restart      // the sender began anew
	stall        // its device had stood still
)

// place gives where a packet belongs. anew says that its numbers began anew.
func (l *timeline) place(p Packet, anew bool) (int64, jump) {
	clock := p.Codec.Clock()
	if p.Codec == Events && l.begun {
		clock = l.clock
	}
	if !l.begun || anew || p.Source != l.source || clock != l.clock {
		return l.anchor(p, clock), restart
	}
	wide := l.wide + int64(int32(p.Stamp-uint32(l.wide)))
	at := wide*unit/int64(clock) - l.base
	if moved := at - l.last; moved > places(p.At.Sub(l.at))+believed || moved < -believed {
		return l.anchor(p, clock), restart
	}
	l.wide, l.last, l.at = wide, at, p.At
	if l.watched(p.At, at) {
		return l.last, stall
	}
	return at, none
}

// anchor places a packet where the wall clock says that it is.
func (l *timeline) anchor(p Packet, clock int) int64 {
	at := max(l.free, places(p.At.Sub(l.zero)))
	if !l.begun {
		at = l.begins
	}
	l.moves++
	l.begun, l.source, l.clock, l.wide = true, p.Source, clock, int64(p.Stamp)
	l.base = l.wide*unit/int64(clock) - at
	l.last, l.at = at, p.At
	l.since, l.late = p.At, places(p.At.Sub(l.zero))-at
	return at
}

// watched moves the timeline on when everything has been late for a while.
func (l *timeline) watched(now time.Time, at int64) bool {
	l.late = min(l.late, places(now.Sub(l.zero))-at)
	if now.Sub(l.since) < watch {
		return false
	}
	by := l.late
	l.since, l.late = now, places(now.Sub(l.zero))-at
	if by <= stalled {
		return false
	}
	l.moves++
	l.later(by)
	return true
}

// later has everything from now on belong further on.
func (l *timeline) later(by int64) {
	l.base -= by
	l.last += by
	l.late -= by
}

// behind says how much later than on the sender's wall its audio has its place
// on ours.
func (l *timeline) behind(r Report) (time.Duration, bool) {
	away := int64(int32(r.Stamp - uint32(l.wide)))
	if !l.begun || r.Source != l.source || away > farReport*int64(l.clock) || away < -farReport*int64(l.clock) {
		return 0, false
	}
	at := (l.wide+away)*unit/int64(l.clock) - l.base
	return l.zero.Add(span(at)).Sub(r.Wall), true
}

// farReport is how many seconds a report may lie from the packets that it is
// about.
const farReport = 10
