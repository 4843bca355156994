package sherpa

import (
	"math"
	"time"
)

// pause follows the level of one party to notice at once when it stops
// speaking; the model notices half a second later.
type pause struct {
	filled int           // samples of the piece under way
	energy float64       // their sum of squares
	peak   float64       // level of the speech lately, dBFS
	floor  float64       // level between words, dBFS
	quiet  time.Duration // of the pause under way
	loud   time.Duration // of the sound under way, short silences included
	talked bool          // since whoever uses it set it to false
}

const (
	// piece is what one level is measured over.
	piece = 10 * time.Millisecond
	// clearly is how far speech must stand out of the noise for its level to
	// show a pause at all; below, the model alone decides.
	clearly = 15.0
	// rise is where between noise and speech, in dB, a pause begins: a third.
	rise = 0.35
	// What the floor rises and the peak falls by in a second, dB.
	floorRise, peakFall = 3.0, 3.0
	// digital is the least floor, dBFS.
	digital = -60.0
	// syllable is the least sound that is speech, and no click.
	syllable = 60 * time.Millisecond
)

func newPause() pause { return pause{peak: digital, floor: 0} }

// hear takes audio of the model's rate.
func (p *pause) hear(pcm []int16) {
	size := timeToSamples(piece, modelRate)
	for _, s := range pcm {
		p.energy += float64(s) * float64(s)
		if p.filled++; p.filled == size {
			p.note(10 * math.Log10(p.energy/float64(size)/(1<<30)+1e-9))
			p.filled, p.energy = 0, 0
		}
	}
}

func (p *pause) note(level float64) {
	level = max(level, digital)
	p.peak = max(level, p.peak-peakFall*piece.Seconds())
	p.floor = min(level, p.floor+floorRise*piece.Seconds())
	if p.peak-p.floor < clearly || level > p.floor+rise*(p.peak-p.floor) {
		if p.loud += piece; p.loud >= syllable {
			p.quiet, p.talked = 0, true
		}
		return
	}
	if p.quiet += piece; p.quiet > syllable {
		p.loud = 0 // what it was, it was no speech
	}
}

// rest forgets the sound under way and keeps the levels.
func (p *pause) rest() { p.quiet, p.loud, p.talked, p.filled, p.energy = 0, 0, false, 0, 0 }
