package sound

import (
	"math"
	"time"
)

const (
	// purest is the share of the power that a tone, or a pair of tones, has
	// of all there is. A telephone line's noise leaves 0.98 and more.
	purest = 0.94
	// certainAfter is how many frames of one steady tone are no speech.
	// Measured; see TestSpeechIsNeverTakenForSounds.
	certainAfter = 7
	// lowest is the lowest tone of a network, with some room, in Hz: what lies
	// below is the pitch of a voice.
	lowest = 335
	// shortestBurst is the least of a tone that counts.
	shortestBurst = 5
)

// burst is a stretch of one steady tone, or of two together.
type burst struct {
	start, end time.Duration
	low, high  float64 // mean frequencies in Hz; high is 0 when there is one
	spread     float64 // mean width in Hz: two tones close together are wide
	frames     int
}

func (b *burst) length() time.Duration { return b.end - b.start }

// tones joins frames into bursts.
type tones struct {
	now  burst // frames is 0 while there is no tone
	over burst // the one that has just ended; frames is 0 when none has
}

// pure tells whether there is a tone now.
func (t *tones) pure() bool { return t.now.frames > 0 }

// certain tells whether the tone of now is no speech. Two tones that no
// network has may be the harmonics of a voice.
func (t *tones) certain() bool { return t.now.frames >= certainAfter && t.now.class() != noTone }

// hear takes the next frame.
func (t *tones) hear(d *Detector, f *frame, hop int) {
	at := cell(hop)
	t.over = burst{}
	low, high, ok := f.tone()
	if ok && t.now.frames > 0 && t.now.fits(low, high) {
		t.now.add(low, high, f.spread, at)
	} else {
		t.over = t.now
		t.now = burst{}
		if ok {
			t.now = burst{start: at}
			t.now.add(low, high, f.spread, at)
		}
	}
	if t.certain() {
		d.mask.add(Stretch{Start: t.now.start, End: t.now.end})
	}
}

// tone gives the one or two frequencies of a frame that is nothing else.
func (f *frame) tone() (low, high float64, ok bool) {
	switch {
	case !f.loud || f.first < lowest:
		return 0, 0, false
	case f.pure >= purest:
		return f.first, 0, true
	case f.paired >= purest && f.second > 0:
		return min(f.first, f.second), max(f.first, f.second), true
	}
	return 0, 0, false
}

// fits tells whether a frame continues the burst: a voice would glide.
func (b *burst) fits(low, high float64) bool {
	if (b.high > 0) != (high > 0) {
		return false
	}
	// Two tones close together beat, which moves their middle.
	slack := 3 + 0.001*b.low + max(0, b.spread-10)
	return math.Abs(low-b.low) <= slack && math.Abs(high-b.high) <= slack
}

func (b *burst) add(low, high, spread float64, at time.Duration) {
	b.frames++
	n := float64(b.frames)
	b.low += (low - b.low) / n
	b.high += (high - b.high) / n
	b.spread += (spread - b.spread) / n
	b.end = at + frameLength
}

// Classes of tones. What a tone means depends on its cadence.
type class int

const (
	noTone    class = iota
	lineTone        // 385 to 490 Hz: ringing, busy or dial tone of most countries
	busyPair        // 480 + 620 Hz of North America
	dialPair        // 350 + 440 Hz
	calling         // 1100 Hz: a fax machine calls (T.30)
	answering       // 2100 Hz: a fax machine or modem answers (V.25)
	rising1         // the three of the special information tone
	rising2
	rising3
	other // any single tone that may be a beep
)

// bands are where single tones with a meaning lie, in Hz. Those of the three
// rising tones hold both variants in use (E.180, Supplement 2).
var bands = []struct {
	from, to float64
	class    class
}{
	{385, 490, lineTone},
	{1062, 1138, calling},
	{2085, 2115, answering},
	{890, 1010, rising1},
	{1345, 1455, rising2},
	{1750, 1805, rising3},
}

// narrowest is the width in Hz that two tones close together exceed.
const narrowest = 14

func (b *burst) class() class {
	switch {
	case b.frames == 0:
		return noTone
	case b.high > 0:
		return pairOf(b.low, b.high)
	}
	for _, band := range bands {
		if b.low >= band.from && b.low <= band.to {
			return band.class
		}
	}
	if b.low >= 400 && b.low <= 2150 && b.spread < narrowest {
		return other
	}
	return noTone
}

func pairOf(low, high float64) class {
	near := func(a, b float64) bool { return math.Abs(a-b) <= 15 }
	switch {
	case near(low, 480) && near(high, 620):
		return busyPair
	case near(low, 350) && near(high, 440):
		return dialPair
	case low >= 385 && high <= 490:
		return lineTone
	}
	return noTone
}
