package sound

import (
	"math"
	"time"
)

// Music is told by its partials: those of notes stand still for as long as
// the note lasts, those of a voice glide nearly always. For each frame the
// share of its power is taken that lies in partials which stood still for
// settleFrames or more, counted from their beginning.
const (
	settleFrames = 5  // 160 ms
	memory       = 96 // frames, 3 s
	// musicAfter and above: the mean share of that many frames, all of them
	// with sound but a few, that makes music of them.
	musicShare = 0.55
	soundShare = 0.8
	partShare  = 0.4 // in each third of them
	// A frame fits the music when it has fitShare of the share that the music
	// had when it was told, at least leastFit. releaseAfter is how many more
	// that do not fit than fit end the mask, and so does undecided: drums and
	// new notes spoil a few frames, somebody who speaks spoils most.
	fitShare     = 0.8
	leastFit     = 0.3
	releaseAfter = 5
	undecided    = 10
	// The mask comes back when the mean of resumeFrames has resumeShare of
	// the music's share again.
	resumeFrames = 32
	resumeShare  = 0.93
	// musicEnds ends an event without music in between.
	musicEnds = 6 * time.Second
)

// partial is a peak that is followed from frame to frame.
type partial struct {
	low, high, hz float64
	age           int
	power         [settleFrames]float64 // of its first frames
}

// music tells music.
type music struct {
	partials [2][mostPeaks]partial
	count    [2]int
	still    [memory]float64 // power in partials that stand still
	all      [memory]float64
	tone     [memory]float64 // Hz of the one steady tone of a frame, or 0
	event    Event
	on       bool // the mask is on
	base     float64
	misfits  int // how many more of the latest frames do not fit than do
	last     int // the last frame that certainly fits
	off      int // the frame that ended the mask
}

// muting tells whether music is masked now.
func (m *music) muting() bool { return m.on }

// hear takes the next frame and judges the one settleFrames before it.
func (m *music) hear(d *Detector, f *frame, hop int) {
	slot := hop % memory
	m.still[slot], m.all[slot], m.tone[slot] = 0, 0, d.tones.now.low
	if f.loud {
		m.all[slot] = f.power
	}
	m.follow(f, hop)
	if k := hop - settleFrames; k >= 0 {
		m.judge(d, k)
	}
}

// follow carries partials over from the frame before.
func (m *music) follow(f *frame, hop int) {
	old, now := m.partials[hop&1^1][:m.count[hop&1^1]], &m.partials[hop&1]
	m.count[hop&1] = f.n
	for i, p := range f.peaks[:f.n] {
		t := partial{low: p.hz, high: p.hz, hz: p.hz}
		if o := closest(old, p.hz); o != nil {
			t.low, t.high, t.age = min(o.low, p.hz), max(o.high, p.hz), o.age
			t.power = o.power
			if t.high-t.low > 4+0.002*p.hz {
				t = partial{low: p.hz, high: p.hz, hz: p.hz}
			}
		}
		m.credit(&t, p.power, hop)
		now[i] = t
	}
}

// credit adds a frame to a partial; when it has stood still for long enough,
// its first frames count as well.
func (m *music) credit(t *partial, power float64, hop int) {
	if t.age < settleFrames {
		t.power[t.age] = power
	}
	t.age++
	switch {
	case t.age == settleFrames:
		for i, p := range t.power {
			m.still[(hop-settleFrames+1+i+memory)%memory] += p
		}
	case t.age > settleFrames:
		m.still[hop%memory] += power
	}
}

func closest(old []partial, hz float64) *partial {
	var best *partial
	for i := range old {
		if d := math.Abs(old[i].hz - hz); d < 8 && (best == nil || d < math.Abs(best.hz-hz)) {
			best = &old[i]
		}
	}
	return best
}

// share is how much of a frame stands still; false when it has no sound.
func (m *music) share(k int) (float64, bool) {
	slot := (k + memory) % memory
	if m.all[slot] <= 0 {
		return 0, false
	}
	return min(1, m.still[slot]/m.all[slot]), true
}

// mean is the mean share of the n frames up to k that have sound, and how
// many of them do.
func (m *music) mean(k, n int) (share, sounding float64) {
	sum, count := 0.0, 0
	for i := range n {
		if s, ok := m.share(k - i); ok && k-i >= 0 {
			sum += s
			count++
		}
	}
	if count == 0 {
		return 0, 0
	}
	return sum / float64(count), float64(count) / float64(n)
}

// judge decides about frame k.
func (m *music) judge(d *Detector, k int) {
	s, sounds := m.share(k)
	if m.on {
		m.goOn(d, k, s, sounds)
		return
	}
	if m.event.Open {
		if share, sounding := m.mean(k, resumeFrames); k-m.off >= resumeFrames && share >= resumeShare*m.base && sounding >= soundShare {
			m.mute(d, k, k)
			return
		}
		if cell(k)-m.event.End > musicEnds {
			m.close(d)
		}
		return
	}
	if m.begins(k) {
		from := max(0, k-memory+settleFrames+1)
		for ; from < k; from++ { // past the silence or the talk before it
			if s, _ := m.share(from); s >= musicShare {
				break
			}
		}
		share, _ := m.mean(k, memory-settleFrames-1)
		m.base = share
		m.event = Event{Kind: Music, Start: cell(from), Confidence: min(1, 0.5+share/2), Open: true}
		m.mute(d, k, from)
		d.tell(m.event)
	}
}

// begins tells whether the memory up to frame k is music.
func (m *music) begins(k int) bool {
	const n = memory - settleFrames - 1 // the others are being credited
	if k < n {
		return false
	}
	for i := range 3 { // the latest first: for nearly all speech that decides it
		if share, _ := m.mean(k-i*n/3, n/3); share < partShare {
			return false
		}
	}
	if share, sounding := m.mean(k, n); share < musicShare || sounding < soundShare {
		return false
	}
	return !m.oneTone(k, n)
}

// oneTone tells whether what stands still in the n frames up to k is nearly
// all one tone: ringing or a dial tone, and no tune.
func (m *music) oneTone(k, n int) bool {
	still, same, hz := 0, 0, 0.0
	for i := range n {
		t := m.tone[(k-i)%memory]
		if s, _ := m.share(k - i); s < 0.5 {
			continue
		}
		still++
		if hz == 0 {
			hz = t
		}
		if t > 0 && math.Abs(t-hz) < 0.03*hz {
			same++
		}
	}
	return same*4 > still*3
}

// mute turns the mask on, from a frame up to k.
func (m *music) mute(d *Detector, k, from int) {
	m.on, m.misfits, m.last = true, 0, k
	m.event.End = cell(k) + frameLength
	d.mask.add(Stretch{Start: cell(from), End: m.event.End})
	d.mask.decided = m.event.End
}

// goOn masks a frame, or waits whether those after it fit.
func (m *music) goOn(d *Detector, k int, s float64, sounds bool) {
	switch {
	case !sounds: // silence decides nothing
		if cell(k)-m.event.End > time.Second {
			m.on, m.off = false, k
		}
		// The last note was cut off: what follows a silence may be speech.
		if m.misfits > 0 && m.misfits < releaseAfter-1 && m.event.End == cell(m.last)+frameLength {
			m.event.End, m.misfits = cell(k), 0
			d.mask.add(Stretch{Start: cell(m.last), End: cell(k)})
		}
		if m.misfits == 0 {
			m.last = k
			d.mask.decided = cell(k) + frameLength
			return
		}
	case s >= max(leastFit, fitShare*m.base):
		m.misfits = max(0, m.misfits-1)
	default:
		m.misfits++
	}
	switch {
	case m.misfits == 0 && sounds:
		m.event.End = cell(k) + frameLength
		d.mask.add(Stretch{Start: cell(m.last), End: m.event.End})
		m.last = k
		d.mask.decided = m.event.End
	case m.misfits >= releaseAfter || k-m.last >= undecided:
		m.on, m.off = false, k
	}
}

// close ends what is open.
func (m *music) close(d *Detector) {
	m.on = false
	if m.event.Open {
		m.event.Open = false
		d.tell(m.event)
	}
}
