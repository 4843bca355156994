package sound

import (
	"fmt"
	"time"

	"heed/transcribe"
)

// The vocabulary is the contract's.
type (
	// Kind is a sort of sound.
	Kind = transcribe.SoundKind
	// Event is a sound on the line.
	Event = transcribe.Sound
	// Stretch is a part of the stream.
	Stretch = transcribe.Stretch
	// Found is what new samples brought.
	Found = transcribe.Sounds
)

// The kinds. A network's tones differ by country; see cadence.go.
const (
	Music      = transcribe.SoundMusic
	Ringing    = transcribe.SoundRinging
	Busy       = transcribe.SoundBusy
	Congestion = transcribe.SoundCongestion
	Special    = transcribe.SoundSpecial
	DialTone   = transcribe.SoundDialTone
	Keys       = transcribe.SoundKeys
	Fax        = transcribe.SoundFax
	Beep       = transcribe.SoundBeep
	Machine    = transcribe.SoundMachine
)

// Options describe a stream.
type Options struct {
	Rate int // Hz; 8000 to 48000
	// Called tells that this party was called: only such a one can be an
	// answering machine.
	Called bool
}

// Limits of Options.Rate.
const (
	MinRate = 8000
	MaxRate = 48000
)

// Lag is the most that Decided is behind while something is masked.
const Lag = (undecided + settleFrames + 3) * frameLength

// Detector finds what is not speech in one party's audio. It must not be
// shared by goroutines.
type Detector struct {
	narrow  narrower
	rate    int
	in      int64   // samples taken, at rate
	pcm     []int16 // at 8 kHz, from hop's window on
	hop     int     // frames analysed
	blocked int     // of pcm: samples that keys has seen

	spectrum spectrum
	keys     keypad
	tones    tones
	cadence  cadence
	music    music
	machine  machine
	mask     mask
	found    Found
}

var _ transcribe.SoundDetector = (*Detector)(nil)

// New makes a detector for a stream. It refuses rates outside the limits.
func New(o Options) (*Detector, error) {
	if o.Rate < MinRate || o.Rate > MaxRate {
		return nil, fmt.Errorf("detect sounds at %d Hz: rate outside %d..%d Hz", o.Rate, MinRate, MaxRate)
	}
	n, err := newNarrower(o.Rate)
	if err != nil {
		return nil, fmt.Errorf("detect sounds: %w", err)
	}
	d := &Detector{narrow: n, rate: o.Rate, keys: newKeypad()}
	d.machine.called = o.Called
	return d, nil
}

// Process takes the next samples of the stream.
func (d *Detector) Process(pcm []int16) Found {
	d.forget()
	d.in += int64(len(pcm))
	d.pcm = d.narrow.Process(d.pcm, pcm)
	d.analyse()
	d.found.Masked = d.mask.fresh
	return d.found
}

// Close ends the stream and what is open in it. Nothing may follow.
func (d *Detector) Close() Found {
	d.forget()
	d.pcm = d.narrow.Flush(d.pcm)
	// Silence as long as the longest wait for what could still come.
	for range 2 * windowLength / hopLength {
		d.pcm = append(d.pcm, silence[:]...)
		d.analyse()
	}
	end := d.Position()
	d.keys.close(&d.found)
	d.cadence.close(d, end)
	d.music.close(d)
	d.mask.decided = max(d.mask.decided, end)
	for i := range d.found.Events {
		d.found.Events[i].End = min(d.found.Events[i].End, end)
	}
	d.found.Masked = d.mask.fresh
	return d.found
}

// forget makes room for what the next samples bring.
func (d *Detector) forget() {
	d.found.Events, d.found.Pressed, d.mask.fresh = d.found.Events[:0], d.found.Pressed[:0], d.mask.fresh[:0]
}

// silence is what Close fills up with.
var silence = [hopLength]int16{}

// Position is the stream time after the last sample taken.
func (d *Detector) Position() time.Duration {
	return time.Duration(d.in) * time.Second / time.Duration(d.rate)
}

// Decided is the stream time before which the mask is final, but for what is
// only known in hindsight: the seconds of music before it was taken for such.
// While nothing is masked that is Position.
func (d *Detector) Decided() time.Duration {
	if d.masking() {
		return min(d.mask.decided, d.Position())
	}
	return d.Position()
}

// masking tells whether the sound at the end of the stream is masked.
func (d *Detector) masking() bool { return d.music.muting() || d.tones.certain() || d.keys.down() }

// Masked tells whether the middle of a stretch is no speech. It remembers the
// latest stretches only, some minutes of them.
func (d *Detector) Masked(from, to time.Duration) bool { return d.mask.has((from + to) / 2) }

// Clear silences what is masked in samples of the stream's rate that begin at
// a stream time, and tells whether there was any.
func (d *Detector) Clear(pcm []int16, at time.Duration) bool { return d.mask.clear(pcm, d.rate, at) }

// Masks tells whether Clear would do anything.
func (d *Detector) Masks(from, to time.Duration) bool { return d.mask.touches(from, to) }

// analyse runs every whole block and frame that there is, in the order in
// which they end, however the audio was cut.
func (d *Detector) analyse() {
	used := 0
	for {
		if end := d.blocked + keyBlock; end <= used+windowLength {
			if end > len(d.pcm) {
				break
			}
			d.keys.hear(d, d.pcm[d.blocked:end])
			d.blocked = end
			continue
		}
		if used+windowLength > len(d.pcm) {
			break
		}
		d.frame(d.pcm[used : used+windowLength])
		used += hopLength
	}
	n := copy(d.pcm, d.pcm[used:])
	d.pcm, d.blocked = d.pcm[:n], d.blocked-used
}

// frame analyses one window. Its cell, the hop in its middle, is what is
// judged by it.
func (d *Detector) frame(pcm []int16) {
	f := d.spectrum.analyse(pcm)
	at := cell(d.hop)
	d.tones.hear(d, f, d.hop)
	d.cadence.hear(d, at)
	d.music.hear(d, f, d.hop)
	d.machine.hear(f.loud && !d.tones.pure(), at)
	if !d.music.muting() {
		d.mask.decided = at + frameLength
	}
	d.hop++
}

// tell adds an event to what was found.
func (d *Detector) tell(e Event) {
	d.found.Events = append(d.found.Events, e)
	if m, ok := d.machine.judge(e); ok {
		d.found.Events = append(d.found.Events, m)
	}
}

// cell is where the cell of a frame begins.
func cell(hop int) time.Duration {
	return time.Duration(hop)*frameLength + (windowLength-hopLength)/2*time.Second/lineRate
}
