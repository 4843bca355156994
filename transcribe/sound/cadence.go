package sound

import (
	"math"
	"time"
)

// The networks' tones, by ITU-T E.180 and the national tables of its
// Supplement 2, tone and silence in seconds:
//
//	ringing     440+480  2/4                  North America
//	            400+450  .4/.2/.4/2           United Kingdom and others
//	            425      1/4, 1/5, .8/3.2     most of Europe, Brazil, Mexico, Russia
//	            425      1.5/3, 440 1.5/3.5   Spain, France
//	            450 1/4, 400 1/2              China, Japan
//	busy        480+620  .5/.5                North America
//	            400 .375/.375, 425 .5/.5, 425 .48/.48, 450 .35/.35
//	congestion  480+620 .25/.25, 425 .25/.25, 425 .2/.2, 400 .4/.35/.225/.525
//	dial tone   350+440, 425, 440, 400        without a break
//	special     950, 1400, 1800               .33 each, without a break between
//
// A caller's country is not known here, so a tone is told by its place on the
// line (lineTone and so on) and by its rhythm. Where two countries' tones are
// the same, as busy in Spain and congestion elsewhere, the more common wins.
const (
	dialAfter    = 2500 * time.Millisecond // without a break
	longBusy     = 320 * time.Millisecond  // shorter is congestion
	ringGap      = 1200 * time.Millisecond // the least silence after a ring
	ringEnds     = 6500 * time.Millisecond
	busyEnds     = 1200 * time.Millisecond
	beepSettles  = 250 * time.Millisecond // for it may be the first of three
	shortestBeep = 150 * time.Millisecond
	longestBeep  = 2100 * time.Millisecond
	rhythm       = 80 * time.Millisecond // how far two beats may be apart
)

// cadence tells events from the rhythm of bursts.
type cadence struct {
	past    [3]burst // the latest, newest first
	unheard bool     // the newest has no meaning yet
	event   Event    // the rhythmic one that is open
	lasts   time.Duration
}

// hear looks at the tones once a frame.
func (c *cadence) hear(d *Detector, at time.Duration) {
	now, over := &d.tones.now, &d.tones.over
	if over.frames >= shortestBurst && over.class() != noTone {
		c.took(d, *over)
	}
	if now.frames > 0 {
		c.going(d, now)
		return
	}
	c.silent(d, at+frameLength)
}

// took puts a burst that has ended among the past.
func (c *cadence) took(d *Detector, b burst) {
	if c.unheard && (b.class() != calling || c.past[0].class() != calling) {
		c.settle(d, b.start-c.past[0].end, true)
	}
	c.past[2], c.past[1], c.past[0] = c.past[1], c.past[0], b
	c.unheard = true
	if c.event.Open && c.event.Kind != Busy && c.event.Kind != Congestion && c.event.Kind != Ringing {
		c.event.End = max(c.event.End, b.end)
		c.end(d)
		c.unheard = false
		return
	}
	c.beat(d)
}

// going looks at a tone that goes on: some are told by their length alone.
func (c *cadence) going(d *Detector, b *burst) {
	switch k := b.class(); {
	case (k == lineTone || k == dialPair) && b.length() >= dialAfter:
		c.goes(d, DialTone, b)
	case k == answering && b.length() >= time.Second:
		c.goes(d, Fax, b)
	}
}

func (c *cadence) goes(d *Detector, k Kind, b *burst) {
	if c.event.Open && c.event.Kind == k {
		c.event.End = b.end
		return
	}
	c.end(d)
	c.begin(d, Event{Kind: k, Start: b.start, End: b.end, Confidence: 0.9}, 0)
}

// silent looks at the silence after the newest burst.
func (c *cadence) silent(d *Detector, at time.Duration) {
	gap := at - c.past[0].end
	if c.unheard {
		c.settle(d, gap, false)
	}
	if c.event.Open && at-c.event.End > c.lasts {
		c.end(d)
	}
}

// beat tells a rhythm when its last beat has come.
func (c *cadence) beat(d *Detector) {
	a, z := &c.past[2], &c.past[0]
	switch k := z.class(); {
	case k == rising3 && c.rising():
		c.end(d)
		c.begin(d, Event{Kind: Special, Start: a.start, End: z.end, Confidence: 0.95}, 0)
		c.heard(d, a, &c.past[1], z)
		c.end(d)
	case k == calling && c.calls():
		c.extend(d, Fax, &c.past[1], 4*time.Second)
	case c.event.Open && c.event.Kind == Ringing && c.rings(z):
		c.event.End, c.event.Confidence = z.end, 0.95
		c.heard(d, z)
	case k == lineTone || k == busyPair:
		if kind, ok := c.busy(); ok {
			c.extend(d, kind, a, busyEnds)
		}
	}
}

// calls tells whether the past are two calls of a fax machine: 0.5 s each,
// 3 s apart (T.30).
func (c *cadence) calls() bool {
	b, z := &c.past[1], &c.past[0]
	return b.class() == calling && b.lasted(300, 700) && z.lasted(300, 700) && within(z.start-b.end, 2500, 3600)
}

// mayCall tells whether a fax machine may still call again.
func (c *cadence) mayCall(gap time.Duration) bool {
	return c.past[0].lasted(300, 700) && gap < 3600*time.Millisecond
}

// rising tells whether the past are three rising tones without a break.
func (c *cadence) rising() bool {
	a, b, z := &c.past[2], &c.past[1], &c.past[0]
	return a.class() == rising1 && b.class() == rising2 && z.start-b.end < 4*frameLength && b.start-a.end < 4*frameLength
}

// extend goes on with a rhythm or begins it with a burst.
func (c *cadence) extend(d *Detector, k Kind, from *burst, lasts time.Duration) {
	if c.event.Open && c.event.Kind == k {
		c.event.End = c.past[0].end
		c.heard(d, &c.past[0])
		return
	}
	c.end(d)
	c.begin(d, Event{Kind: k, Start: from.start, End: c.past[0].end, Confidence: 0.9}, lasts)
	c.heard(d, &c.past[2], &c.past[1], &c.past[0])
}

// busy tells whether the past is a steady short rhythm.
func (c *cadence) busy() (Kind, bool) {
	a, b, z := &c.past[2], &c.past[1], &c.past[0]
	g, h := b.start-a.end, z.start-b.end
	if !same(a, z) || !same(b, z) || !within(g, 120, 900) || !within(h, 120, 900) {
		return "", false
	}
	switch {
	case alike(a.length(), z.length()) && uneven(a, b):
		return Congestion, true // the United Kingdom's
	case !z.lasted(140, 850) || !alike(g, h), !alike(a.length(), b.length()) || !alike(b.length(), z.length()):
		return "", false
	case z.length() >= longBusy:
		return Busy, true
	}
	return Congestion, true
}

// same tells whether two bursts are the same tone.
func same(a, b *burst) bool { return a.class() == b.class() && math.Abs(a.low-b.low) < 12 }

// uneven tells whether two beats are the 0.4 s and 0.225 s of one rhythm.
func uneven(a, b *burst) bool {
	long, short := max(a.length(), b.length()), min(a.length(), b.length())
	return within(long, 350, 470) && within(short, 170, 280)
}

// rings tells whether a burst goes on with what rings.
func (c *cadence) rings(z *burst) bool {
	return z.class() == lineTone && z.start-c.event.End <= ringEnds && within(z.length(), 250, 2500)
}

// settle gives a burst that nothing followed its meaning. followed tells that
// another tone ended the silence.
func (c *cadence) settle(d *Detector, gap time.Duration, followed bool) {
	z := &c.past[0]
	switch k := z.class(); {
	case c.event.Open:
		c.unheard = false
	case k == lineTone && gap >= ringGap && c.rang(d):
	case k == lineTone && (gap < ringGap || followed), k == busyPair, k == dialPair:
		c.unheard = gap < ringGap
	case k == calling && !followed && c.mayCall(gap):
	case gap >= beepSettles:
		c.unheard = false
		c.beep(d, z)
	}
}

// rang tells a first ring, or a first double one.
func (c *cadence) rang(d *Detector) bool {
	b, z := &c.past[1], &c.past[0]
	from := z
	switch {
	case z.lasted(600, 2500):
	case b.class() == lineTone && within(z.start-b.end, 100, 350) && b.lasted(280, 560) && z.lasted(280, 560):
		from = b
	default:
		return false
	}
	c.begin(d, Event{Kind: Ringing, Start: from.start, End: z.end, Confidence: 0.7}, ringEnds)
	c.heard(d, from, z)
	return true
}

// beep tells a single tone that stands alone: those in a row are a tune.
func (c *cadence) beep(d *Detector, z *burst) {
	if d.music.event.Open || c.past[1].frames > 0 && z.start-c.past[1].end < beepSettles {
		return
	}
	if z.high > 0 || z.spread >= narrowest || z.length() < shortestBeep || z.length() > longestBeep {
		return
	}
	d.mask.add(Stretch{Start: z.start, End: z.end})
	d.tell(Event{Kind: Beep, Start: z.start, End: z.end, Confidence: 0.8})
}

// heard masks bursts whose meaning is known.
func (c *cadence) heard(d *Detector, bursts ...*burst) {
	for _, b := range bursts {
		d.mask.add(Stretch{Start: b.start, End: b.end})
	}
	c.unheard = false
}

func (c *cadence) begin(d *Detector, e Event, lasts time.Duration) {
	e.Open = true
	c.event, c.lasts, c.unheard = e, lasts, false
	d.tell(e)
}

func (c *cadence) end(d *Detector) {
	if c.event.Open {
		c.event.Open = false
		d.tell(c.event)
	}
}

// close ends what is open at the end of the stream.
func (c *cadence) close(d *Detector, at time.Duration) {
	if c.unheard {
		c.settle(d, max(ringGap, at-c.past[0].end), false)
	}
	c.end(d)
}

// lasted tells whether a burst was between two numbers of milliseconds long.
func (b *burst) lasted(from, to int) bool { return b.frames > 0 && within(b.length(), from, to) }

// within tells whether a length is between two numbers of milliseconds.
func within(d time.Duration, from, to int) bool {
	return d >= time.Duration(from)*time.Millisecond && d <= time.Duration(to)*time.Millisecond
}

func alike(a, b time.Duration) bool { return (a - b).Abs() <= rhythm }
