package rtp

import (
	"time"

	"heed/insights"
	"heed/transcribe"
)

// unit is the rate at which stream time is counted, in Hz: that of Opus as it is
// decoded, and twice that of a telephone.
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

// lane is one party's audio on its way out: in order and without overlap, at
// the rate of its codec, for making more samples of a telephone's makes it no
// better.
type lane struct {
	who     insights.Speaker
	deliver func(insights.Speaker, transcribe.Frame)

	rate int
	at   int64   // place of the next sample that is handed over
	tail []int16 // what was last heard
}

// begin has the lane go on at a place, with samples of a rate.
func (l *lane) begin(at int64, rate int) {
	l.at = max(l.at, at)
	if l.rate != rate {
		l.rate, l.tail = rate, l.tail[:0]
	}
}

// hear hands over what was heard.
func (l *lane) hear(pcm []int16, wall time.Time) {
	keep := int(tailTime * time.Duration(l.rate) / time.Second)
	l.tail = append(l.tail[:0], pcm[max(0, len(pcm)-keep):]...)
	l.hand(append(make([]int16, 0, len(pcm)), pcm...), wall)
}

// silence fills n places.
func (l *lane) silence(n int64, wall time.Time) {
	l.hand(make([]int16, n*int64(l.rate)/unit), wall)
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
	l.hand(pcm, wall)
}

// hand gives samples away that follow those before.
func (l *lane) hand(pcm []int16, wall time.Time) {
	if len(pcm) == 0 {
		return
	}
	l.deliver(l.who, transcribe.Frame{PCM: pcm, Rate: l.rate, At: span(l.at), Wall: wall})
	l.at += int64(len(pcm)) * unit / int64(l.rate)
}
