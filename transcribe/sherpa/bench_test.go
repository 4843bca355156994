package sherpa

import (
	"testing"
	"time"

	"heed/transcribe"
)

type deaf struct{}

func (deaf) open(hints) (hearing, error)  { return deaf{}, nil }
func (deaf) spot(hints) (spotting, error) { return nil, nil }
func (deaf) accept([]float32)             {}
func (deaf) step() bool                   { return false }
func (deaf) result() (hypothesis, error)  { return hypothesis{}, nil }
func (deaf) reset()                       {}
func (deaf) close()                       {}

// BenchmarkFrontEnd is what one second of audio costs before the model.
func BenchmarkFrontEnd(b *testing.B) {
	e, err := newEar(deaf{}, 8000, DefaultTuning(), func(transcribe.Segment) error { return nil })
	if err != nil {
		b.Fatal(err)
	}
	pcm := make([]int16, 160)
	for i := range pcm {
		pcm[i] = int16(i * 40)
	}
	var at time.Duration
	for b.Loop() {
		for range 50 {
			if err := e.hear(at, pcm); err != nil {
				b.Fatal(err)
			}
			at += 20 * time.Millisecond
		}
	}
}
