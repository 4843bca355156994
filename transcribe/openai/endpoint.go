package openai

import (
	"math"
	"time"
)

const (
	// blockLength is the grain at which levels are measured.
	blockLength = 20 * time.Millisecond
	// onset is how long it must be loud before somebody speaks; a click is
	// shorter.
	onset = 3 * blockLength
	// lead is how much of the audio before the first loud block goes with the
	// stretch, as soft consonants come before it.
	lead = 240 * time.Millisecond
	// hangover is the quiet that ends a stretch.
	hangover = 600 * time.Millisecond
	// From tired on a shorter pause will do, and at longest there is a cut in
	// any case: the services take no end of audio, but their first word would
	// come too late.
	tired   = 10 * time.Second
	longest = 15 * time.Second
)

// Levels in dB of full scale, and steps of them in dB.
const (
	// faintest is the level below which nobody speaks, whatever the noise.
	faintest = -54.0
	// lowest and highest bound what a new line's noise is taken for.
	lowest, highest = -65.0, -45.0
	// above is how far speech stands out of the noise when it begins, and
	// within how far it stays.
	above, within = 9.0, 6.0
	// rise is how fast the noise is believed to rise, a second.
	rise = 6.0
)

// cut is a part of a stretch of speech, in the order of time.
type cut struct {
	pcm         []int16
	first, last bool // of the stretch's parts
	from        int64
	// begin and end are the first and the last loud sample of the stretch so
	// far, and from is the first sample of pcm, all counted from the stream's
	// first.
	begin, end int64
}

// endpointer cuts a stream into stretches of speech by its energy over the
// noise floor. What lies between stretches is not given out at all: a service
// that never gets silence invents no words in it and bills none of it.
type endpointer struct {
	rate    int
	block   []int16 // the samples of an unfinished block
	before  []int16 // the end of the quiet, while nobody speaks
	next    int64   // number of the block's first sample
	floor   float64 // dB; NaN before the first block
	loud    int     // loud blocks in a row, while nobody speaks
	open    bool
	quiet   int // samples since the last loud block
	started int64
	begin   int64
	end     int64
}

// newEndpointer makes one for a rate in Hz.
func newEndpointer(rate int) *endpointer {
	return &endpointer{rate: rate, floor: math.NaN()}
}

// samples converts a length.
func (e *endpointer) samples(d time.Duration) int {
	return int(int64(d) * int64(e.rate) / int64(time.Second))
}

// time converts a sample's number.
func (e *endpointer) time(n int64) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(e.rate)
}

// feed takes audio and gives the speech in it, which may end a little before
// it. The cuts' samples are the caller's.
func (e *endpointer) feed(pcm []int16) []cut {
	var out []cut
	size := e.samples(blockLength)
	for len(pcm) > 0 {
		n := min(size-len(e.block), len(pcm))
		e.block = append(e.block, pcm[:n]...)
		pcm = pcm[n:]
		if len(e.block) == size {
			out = e.take(out)
		}
	}
	return out
}

// flush ends the stream.
func (e *endpointer) flush() []cut {
	out := e.take(nil)
	if e.open {
		out = e.give(out, nil, true)
	}
	return out
}

// take judges the block and hands it on.
func (e *endpointer) take(out []cut) []cut {
	if len(e.block) == 0 {
		return out
	}
	block := e.block
	e.block = nil
	speech := e.listen(level(block))
	at := e.next
	e.next += int64(len(block))
	if !e.open {
		return e.doze(out, block, at, speech)
	}
	e.quiet += len(block)
	if speech {
		e.quiet, e.end = 0, e.next
	}
	length := e.time(e.next - e.started)
	return e.give(out, block, length >= longest || e.time(int64(e.quiet)) >= patience(length))
}

// doze keeps the end of the quiet until somebody speaks.
func (e *endpointer) doze(out []cut, block []int16, at int64, speech bool) []cut {
	e.before = append(e.before, block...)
	if !speech {
		e.loud = 0
		if extra := len(e.before) - e.samples(lead); extra > 0 {
			e.before = append(e.before[:0], e.before[extra:]...)
		}
		return out
	}
	if e.loud == 0 {
		e.begin = at
	}
	e.loud++
	if time.Duration(e.loud)*blockLength < onset {
		return out
	}
	heard := e.before
	e.before, e.loud, e.open, e.quiet, e.end = nil, 0, true, 0, e.next
	e.started = e.next - int64(len(heard))
	return append(out, cut{pcm: heard, first: true, from: e.started, begin: e.begin, end: e.end})
}

// give adds audio of the open stretch to what is given out, and closes it.
func (e *endpointer) give(out []cut, block []int16, last bool) []cut {
	e.open = !last
	from := e.next - int64(len(block))
	if n := len(out); n > 0 && !out[n-1].last {
		c := &out[n-1]
		c.pcm, c.last, c.end = append(c.pcm, block...), last, e.end
		return out
	}
	return append(out, cut{pcm: block, last: last, from: from, begin: e.begin, end: e.end})
}

// patience is the pause that ends a stretch of a length: the longer somebody
// has spoken, the shorter.
func patience(length time.Duration) time.Duration {
	if length <= tired {
		return hangover
	}
	left := float64(longest-length) / float64(longest-tired)
	return onset + time.Duration(max(left, 0)*float64(hangover-onset))
}

// listen judges a block's level and follows the noise: down at once, up
// slowly. Speech dips to the noise between its syllables, so it does not
// carry the floor along.
func (e *endpointer) listen(db float64) bool {
	if math.IsNaN(e.floor) {
		e.floor = min(db, highest)
	}
	e.floor = max(min(db, e.floor+rise*blockLength.Seconds()), lowest)
	margin := above
	if e.open {
		margin = within
	}
	return db > max(e.floor+margin, faintest)
}

// level is a block's mean power in dB of full scale.
func level(block []int16) float64 {
	sum := 0.0
	for _, s := range block {
		sum += float64(s) * float64(s)
	}
	return 10 * math.Log10(max(sum/float64(len(block)), 1e-3)/(math.MaxInt16*math.MaxInt16))
}
