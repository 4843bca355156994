package session

import (
	"time"

	"heed/insights"
	"heed/transcribe"
)

// The parties of a call may come by two streams, each stamped by a clock of
// its own: at 300 millionths apart, turns of half an hour would change places.
// How late frames are, by the least late of some seconds, tells how a clock
// runs against ours; what the two have drifted apart is made good on one of
// them, in quiet moments, by a little more or less silence.
const (
	// driftWindow is how long the least late frame is looked for: longer than
	// networks are busy at a stretch.
	driftWindow = 10 * time.Second
	// driftNoticed is the least that is made good.
	driftNoticed = 40 * time.Millisecond
	// driftForced is made good while somebody speaks, too.
	driftForced = 200 * time.Millisecond
	// driftTold is what the operator is told of.
	driftTold = 100 * time.Millisecond
	// driftMost is how fast clocks can drift apart, as a share: more is a stream
	// that is not played in real time, and is left alone.
	driftMost = 0.002
	// driftAdd and driftCut bound what one frame is moved by: a cut takes half a
	// usual frame.
	driftAdd, driftCut = 40 * time.Millisecond, 10 * time.Millisecond
)

// drift is how one stream's clock runs, and by how much its frames are moved
// for it. The zero value knows nothing.
type drift struct {
	low    time.Duration // the least late frame of this window
	until  time.Duration // the window's end, in stream time
	begun  time.Duration // the first window's end
	first  time.Duration // the least late frame of the first window
	last   time.Duration // and of the last
	known  bool
	target time.Duration // frames are to be moved so far
	shift  time.Duration // and are
}

// note takes how late a frame of the stream was, and says whether that ended a
// window.
func (d *drift) note(at, late time.Duration) bool {
	if d.until == 0 {
		d.until, d.low = at+driftWindow, late
	}
	d.low = min(d.low, late)
	if at < d.until {
		return false
	}
	if !d.known {
		d.known, d.first, d.begun = true, d.low, at
	}
	d.last, d.low, d.until = d.low, late, at+driftWindow
	return true
}

// gone is by how much the stream has come to lie behind our clock.
func (d *drift) gone() time.Duration { return d.last - d.first }

// step moves a frame towards where it is to be.
func (d *drift) step(f *transcribe.Frame) {
	if away := d.target - d.shift; away != 0 && (away.Abs() >= driftForced || peak(f.PCM) <= soundFloor) {
		d.shift += min(max(away, -driftCut), driftAdd)
	}
	f.At = max(0, f.At+d.shift)
}

// placeByClock moves a frame by its stream's drift and learns from when it
// came. The lock is held.
func (in *intake) placeByClock(t *track, f *transcribe.Frame) {
	at := f.At
	t.drift.step(f)
	if !f.Wall.IsZero() && t.drift.note(at, f.Wall.Sub(in.zero)-at) {
		in.compare()
	}
}

// compare makes good what the clocks of two streams have drifted apart: on the
// one that has drifted more from ours, and from then on on that one only.
func (in *intake) compare() {
	a, c := &in.tracks[agent], &in.tracks[customer]
	if a.owner == nil || c.owner == nil || a.owner == c.owner || !a.drift.known || !c.drift.known {
		return
	}
	in.health.ClockOffset = insights.SecondsOf(a.drift.first - c.drift.first)
	apart := a.drift.gone() - c.drift.gone()
	over := max(a.end, c.end) - max(a.drift.begun, c.drift.begun)
	if over <= 0 || apart.Abs().Seconds() > driftMost*over.Seconds()+driftNoticed.Seconds() {
		return
	}
	in.health.Drift = insights.SecondsOf(apart)
	if apart.Abs() < driftNoticed {
		return
	}
	move, stay, want := &a.drift, &c.drift, apart
	if move.target == 0 && (stay.target != 0 || stay.gone().Abs() > move.gone().Abs()) {
		move, stay, want = stay, move, -apart
	}
	move.target = stay.target + want
}
