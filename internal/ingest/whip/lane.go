package whip

import (
	"time"

	"heed/insights"
	"heed/transcribe"
	"heed/transcribe/audio"
)

// unit is the rate at which the door counts stream time and hands audio over,
// in Hz.
const unit = 16000

// places is a time in samples of that rate, and span the other way.
func places(d time.Duration) int64 { return int64(d) * unit / int64(time.Second) }

func span(places int64) time.Duration {
	return time.Duration(places) * time.Second / unit
}

const (
	// fade is how long a lost packet's audio is made up from what came before,
	// getting quieter; then there is silence.
	fade = 60 * unit / 1000
	// tailTime is how much of it is kept for that.
	tailTime = 20 * time.Millisecond
)

// lane is one party's audio on its way out: in order, without overlap, at 16
// kHz whatever the codec.
type lane struct {
	who     insights.Speaker
	deliver func(insights.Speaker, transcribe.Frame)

	rate int
	up   *audio.Resampler // nil at 16 kHz
	at   int64            // place of the next sample that is handed over
	tail []int16          // what was last heard, at rate
}

// begin has the lane go on at a place, with samples of a rate.
func (l *lane) begin(at int64, rate int, wall time.Time) {
	l.flush(wall)
	l.at = max(l.at, at)
	if l.rate == rate {
		return
	}
	l.rate, l.up, l.tail = rate, nil, nil
	if rate != unit {
		l.up, _ = audio.NewResampler(rate, unit) // both rates are ours, and in range
	}
}

// hear hands over what was heard.
func (l *lane) hear(pcm []int16, wall time.Time) {
	keep := int(tailTime * time.Duration(l.rate) / time.Second)
	l.tail = append(l.tail[:0], pcm[max(0, len(pcm)-keep):]...)
	l.write(pcm, wall)
}

// write hands over samples that follow those before.
func (l *lane) write(pcm []int16, wall time.Time) {
	if l.up != nil {
		l.hand(l.up.Process(make([]int16, 0, 2*len(pcm)+2), pcm), wall)
		return
	}
	l.hand(append(make([]int16, 0, len(pcm)), pcm...), wall)
}

// silence fills n places.
func (l *lane) silence(n int64, wall time.Time) {
	l.write(make([]int16, n*int64(l.rate)/unit), wall)
}

// conceal makes up n places, fade at most: what was last heard, fading out.
func (l *lane) conceal(n int64, wall time.Time) {
	count := int(n * int64(l.rate) / unit)
	whole := fade * l.rate / unit
	pcm := make([]int16, count)
	for i := range pcm {
		if len(l.tail) == 0 {
			break
		}
		pcm[i] = int16(int(l.tail[i%len(l.tail)]) * (whole - i) / whole)
	}
	l.write(pcm, wall)
}

// flush hands over what the resampler looks ahead for.
func (l *lane) flush(wall time.Time) {
	if l.up != nil {
		l.hand(l.up.Flush(nil), wall)
	}
}

func (l *lane) hand(pcm []int16, wall time.Time) {
	if len(pcm) == 0 {
		return
	}
	l.deliver(l.who, transcribe.Frame{PCM: pcm, Rate: unit, At: span(l.at), Wall: wall})
	l.at += int64(len(pcm))
}
