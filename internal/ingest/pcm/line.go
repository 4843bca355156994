package pcm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"heed/insights"
	"heed/transcribe"
	"heed/transcribe/audio"
)

const (
	// Jitter is how far the wall may run ahead of the samples before it counts.
	Jitter = time.Second
	// Settle is how long audio is held after that, and a few messages of it, to
	// see whether more comes than time passes: then it was late and the sender
	// was not quiet. It is held for as long as it catches up.
	Settle = 300 * time.Millisecond
	// MaxHeld is how much audio is held meanwhile.
	MaxHeld = 30 * time.Second
	// MaxGap bounds one silence. Longer ones are a clock that was set.
	MaxGap = 30 * time.Minute
	// fewest is how many messages it takes to tell a silence.
	fewest = 5
	// MaxChannels is how many channels may be interleaved.
	MaxChannels = 2
)

// Encoding is how a sample is written.
type Encoding string

// The encodings that are understood.
const (
	L16   Encoding = "l16" // 16 bits, little-endian
	Mulaw Encoding = "ulaw"
	Alaw  Encoding = "alaw"
)

// Format is how the audio of a line is written.
type Format struct {
	Encoding Encoding
	Rate     int // Hz
	// Channels says whose each interleaved channel is; one or two.
	Channels []insights.Speaker
}

// Errors of a format.
var (
	ErrEncoding = errors.New("the encoding is not understood")
	ErrRate     = fmt.Errorf("the rate must be %d to 192000 Hz", audio.MinRate)
	ErrChannels = fmt.Errorf("there must be 1 to %d channels, each of another party", MaxChannels)
)

// Check says what is wrong with the format.
func (f Format) Check() error {
	switch {
	case f.Encoding != L16 && f.Encoding != Mulaw && f.Encoding != Alaw:
		return ErrEncoding
	case f.Rate < audio.MinRate || f.Rate > 192_000:
		return ErrRate
	case len(f.Channels) == 0 || len(f.Channels) > MaxChannels, len(f.Channels) == 2 && f.Channels[0] == f.Channels[1]:
		return ErrChannels
	}
	return nil
}

// block is how many bytes one sample of every channel has.
func (f Format) block() int {
	if f.Encoding == L16 {
		return 2 * len(f.Channels)
	}
	return len(f.Channels)
}

// Line is the audio of one stream. It is used by one goroutine.
type Line struct {
	format  Format
	deliver func(insights.Speaker, transcribe.Frame)
	began   time.Time
	tracks  []track

	rest    []byte        // of a sample whose other bytes are still to come
	samples int64         // how far the line has come, gaps included
	floor   time.Duration // the least that the wall was behind; never over 0
	holding bool
	since   time.Time     // when holding, or the last look at it, began
	then    time.Duration // how far the wall was ahead at that time
	least   time.Duration // and at the least since holding began
	held    []piece
	waiting int64 // samples that are held
}

// piece is what one message brought.
type piece struct {
	data []int16 // interleaved
	wall time.Time
}

// New makes a line whose time zero is began. Frames leave by deliver, at 8, 16
// or 48 kHz: other rates become 16 kHz.
func New(f Format, began time.Time, deliver func(insights.Speaker, transcribe.Frame)) (*Line, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	l := &Line{format: f, deliver: deliver, began: began}
	for _, who := range f.Channels {
		t, err := newTrack(who, f.Rate)
		if err != nil {
			return nil, err
		}
		l.tracks = append(l.tracks, t)
	}
	return l, nil
}

// Push takes the next bytes, which came at now. A sample that they cut in two
// is completed by the next. data may be used again afterwards.
func (l *Line) Push(data []byte, now time.Time) {
	size := l.format.block()
	if !l.holding && l.behind(now, int64(len(data)/size)) > Jitter {
		l.rest = l.rest[:0] // half a sample from before a pause belongs to nothing
	}
	l.rest = append(l.rest, data...)
	n := int64(len(l.rest) / size)
	if n == 0 {
		return
	}
	whole := int(n) * size
	p := piece{data: l.decode(l.rest[:whole]), wall: now}
	l.rest = l.rest[:copy(l.rest, l.rest[whole:])]
	behind := l.behind(now, l.waiting+n)
	if behind < 0 {
		l.floor, behind = l.floor+behind, 0
	}
	if !l.holding && behind <= Jitter {
		l.place(p)
		return
	}
	l.hold(p, n, behind)
}

// behind is how far the wall is ahead of the line, once n more samples are on
// it, beyond the least that it ever was.
func (l *Line) behind(now time.Time, n int64) time.Duration {
	return now.Sub(l.began) - span(l.samples+n, l.format.Rate) - l.floor
}

// hold waits to see what the silence before was.
func (l *Line) hold(p piece, n int64, behind time.Duration) {
	if !l.holding {
		l.holding, l.since, l.then, l.least = true, p.wall, behind, behind
	}
	l.least = min(l.least, behind)
	l.held = append(l.held, p)
	l.waiting += n
	switch {
	case behind <= Jitter:
		l.release(0)
	case span(l.waiting, l.format.Rate) >= MaxHeld:
		l.release(l.least)
	case p.wall.Sub(l.since) < Settle || len(l.held) < fewest:
	case l.then-behind > Settle/2: // it catches up
		l.since, l.then = p.wall, behind
	default:
		l.release(l.least)
	}
}

// release places what was held, after a gap.
func (l *Line) release(gap time.Duration) {
	if gap = min(gap, MaxGap); gap > 0 {
		l.rejoin(int64(gap.Seconds() * float64(l.format.Rate)))
	}
	held := l.held
	l.holding, l.held, l.waiting = false, nil, 0
	for _, p := range held {
		l.place(p)
	}
}

// rejoin leaves a gap of n samples.
func (l *Line) rejoin(n int64) {
	l.flush()
	l.samples += n
	for i := range l.tracks {
		l.tracks[i].begin(span(l.samples, l.format.Rate))
	}
}

// place puts a piece behind the one before.
func (l *Line) place(p piece) {
	channels := len(l.tracks)
	for i := range l.tracks {
		own := p.data
		if channels > 1 {
			own = make([]int16, 0, len(p.data)/channels)
			for k := i; k < len(p.data); k += channels {
				own = append(own, p.data[k])
			}
		}
		l.tracks[i].push(own, p.wall, l.deliver)
	}
	l.samples += int64(len(p.data) / channels)
}

// Position is where what happens at now belongs.
func (l *Line) Position(now time.Time) time.Duration {
	at := span(l.samples, l.format.Rate)
	if behind := l.behind(now, l.waiting); behind > Jitter {
		at += min(behind, MaxGap)
	}
	return at + span(l.waiting, l.format.Rate)
}

// Flush lets go of everything that is held.
func (l *Line) Flush() {
	if l.holding {
		l.release(l.least)
	}
	l.flush()
}

func (l *Line) flush() {
	for i := range l.tracks {
		l.tracks[i].flush(l.deliver)
	}
}

func (l *Line) decode(b []byte) []int16 {
	switch l.format.Encoding {
	case Mulaw:
		return audio.DecodeMulaw(make([]int16, 0, len(b)), b)
	case Alaw:
		return audio.DecodeAlaw(make([]int16, 0, len(b)), b)
	case L16:
	}
	out := make([]int16, len(b)/2)
	for i := range out {
		out[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return out
}

// span is how long n samples last. It does not overflow within a lifetime.
func span(n int64, rate int) time.Duration {
	r := int64(rate)
	return time.Duration(n/r)*time.Second + time.Duration(n%r)*time.Second/time.Duration(r)
}
