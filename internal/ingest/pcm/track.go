package pcm

import (
	"fmt"
	"time"

	"heed/insights"
	"heed/transcribe"
	"heed/transcribe/audio"
)

// wide is the rate that audio of an unusual one is brought to, in Hz.
const wide = 16_000

// track is one party's audio on its way out.
type track struct {
	who       insights.Speaker
	rate      int
	resampler *audio.Resampler // nil when the rate may stay
	origin    time.Duration    // where the audio since the last gap begins
	out       int64            // samples delivered since
	last      time.Time
}

func newTrack(who insights.Speaker, rate int) (track, error) {
	t := track{who: who, rate: rate}
	switch rate {
	case 8_000, 16_000, 48_000:
		return t, nil
	}
	r, err := audio.NewResampler(rate, wide)
	if err != nil {
		return track{}, fmt.Errorf("pcm: %w", err)
	}
	t.rate, t.resampler = wide, r
	return t, nil
}

// begin puts what comes next at a place behind a gap.
func (t *track) begin(at time.Duration) { t.origin, t.out = at, 0 }

// push delivers samples behind those before. It keeps pcm.
func (t *track) push(pcm []int16, wall time.Time, deliver func(insights.Speaker, transcribe.Frame)) {
	t.last = wall
	if t.resampler != nil {
		pcm = t.resampler.Process(make([]int16, 0, len(pcm)+1), pcm)
	}
	t.send(pcm, deliver)
}

// flush delivers what the resampler looked ahead for.
func (t *track) flush(deliver func(insights.Speaker, transcribe.Frame)) {
	if t.resampler != nil {
		t.send(t.resampler.Flush(nil), deliver)
	}
}

func (t *track) send(pcm []int16, deliver func(insights.Speaker, transcribe.Frame)) {
	if len(pcm) == 0 {
		return
	}
	at := t.origin + span(t.out, t.rate)
	t.out += int64(len(pcm))
	deliver(t.who, transcribe.Frame{PCM: pcm, Rate: t.rate, At: at, Wall: t.last})
}
