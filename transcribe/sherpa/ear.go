package sherpa

import (
	"fmt"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
)

const (
	// longGap is a silence in the stream that is not worth decoding: what was
	// heard is flushed and the model starts afresh behind it.
	longGap = 3 * time.Second
	// resync is how far a frame may lie off the expected time before the
	// difference is taken for a gap and not for a platform's rounding.
	resync = 10 * time.Millisecond
	// noiseSeed is the same for all, so that the same audio gives the same text.
	noiseSeed = 1
	// The rates that a stream may have, in Hz.
	minRate, maxRate = 8000, 48000
)

// ear listens to one party: the front end, the stream clock, and the
// division into stretches of speech. It has a model stream only while there
// is something to hear.
type ear struct {
	models recognizer
	tuning Tuning
	emit   func(transcribe.Segment) error
	rate   int
	dozer  dozer
	hints  hints

	stream    hearing
	spots     spotter
	resampler *audio.Resampler
	leveler   *audio.Leveler
	noise     *audio.Noise

	clock   clock
	stretch stretch
	steps   int64 // of the model, so far
	pcm     []int16
	samples []float32
}

// clock maps the model stream's time to the call's.
type clock struct {
	zero  time.Duration // the call's time of the model stream's first sample
	start time.Duration // of the first sample that the platform sent
	taken int64         // samples since then
	next  time.Duration // where the next frame is expected: start + taken
}

func newEar(models recognizer, rate int, t Tuning, emit func(transcribe.Segment) error) (*ear, error) {
	if rate < minRate || rate > maxRate {
		return nil, fmt.Errorf("sampling rate %d Hz outside %d..%d", rate, minRate, maxRate)
	}
	return &ear{
		models: models, tuning: t, emit: emit, rate: rate, dozer: newDozer(rate, t), stretch: stretch{id: 1},
		leveler: audio.NewLeveler(modelRate, audio.LevelOptions{Target: t.Level}),
		noise:   audio.NewNoise(noiseSeed, t.Noise),
	}, nil
}

// hear takes in a frame and decodes as far as it reaches.
func (e *ear) hear(at time.Duration, pcm []int16) error {
	gap := at - e.clock.next
	if e.stream != nil && gap > longGap {
		if err := e.finish(); err != nil {
			return err
		}
	}
	if e.stream == nil {
		return e.wake(at, pcm)
	}
	switch {
	case gap > resync:
		if err := e.take(make([]int16, timeToSamples(gap, e.rate))); err != nil {
			return err
		}
	case gap < -resync:
		pcm = pcm[min(timeToSamples(-gap, e.rate), len(pcm)):]
	}
	if err := e.take(pcm); err != nil {
		return err
	}
	if e.dozer.sleepy(pcm) && e.stretch.last == nil {
		e.close()
	}
	return nil
}

// wake begins a stream when the frame is worth the model's time.
func (e *ear) wake(at time.Duration, pcm []int16) error {
	at, pcm = e.dozer.wake(at, pcm)
	if pcm == nil {
		return nil
	}
	if err := e.begin(at); err != nil {
		return err
	}
	return e.take(pcm)
}

// begin opens a model stream whose noise pre-roll ends at the given time.
func (e *ear) begin(at time.Duration) error {
	stream, err := e.models.open(e.hints)
	if err != nil {
		return fmt.Errorf("open a model stream: %w", err)
	}
	if e.resampler, err = audio.NewResampler(e.rate, modelRate); err != nil {
		stream.close()
		return fmt.Errorf("open a model stream: %w", err)
	}
	e.stream = stream
	e.stretch.spots = nil
	if err := e.spots.begin(e.models, e.hints, e.tuning); err != nil {
		return fmt.Errorf("listen for phrases: %w", err)
	}
	e.clock = clock{zero: at - e.tuning.PreRoll, start: at, next: at}
	return e.quiet(e.tuning.PreRoll)
}

// take sends samples that continue the stream through the front end. A gap
// comes as silence, which the front end turns into noise.
func (e *ear) take(pcm []int16) error {
	e.clock.taken += int64(len(pcm))
	e.clock.next = e.clock.start + samplesToTime(e.clock.taken, e.rate)
	e.pcm = e.resampler.Process(e.pcm[:0], pcm)
	e.leveler.Process(e.pcm)
	return e.feed()
}

// quiet feeds noise only.
func (e *ear) quiet(d time.Duration) error {
	e.pcm = append(e.pcm[:0], make([]int16, timeToSamples(d, modelRate))...)
	return e.feed()
}

// feed adds noise to e.pcm and lets the model hear it.
func (e *ear) feed() error {
	e.noise.Add(e.pcm)
	e.samples = audio.ToFloat(e.samples[:0], e.pcm)
	e.stream.accept(e.samples)
	// Spots come first, so that those of a stretch are there when it ends.
	spots, err := e.spots.hear(e.samples, e.clock.zero)
	if err != nil {
		return err
	}
	e.stretch.spots = append(e.stretch.spots, spots...)
	for e.stream.step() {
		e.steps++
		if err := e.look(false); err != nil {
			return err
		}
	}
	return nil
}

// look reads what the model makes of the stretch under way and tells it when
// it changed, or for good at its end.
func (e *ear) look(last bool) error {
	h, err := e.stream.result()
	if err != nil {
		return err
	}
	final := last || h.endpoint
	if s, ok := e.stretch.update(h.words(e.clock.zero), e.clock, final); ok {
		if err := e.emit(s); err != nil {
			return err
		}
	}
	if final && !last {
		e.stream.reset()
	}
	return nil
}

// finish flushes: the model hears the rest of the audio and some noise, and
// what it then says is final. The ear may hear more afterwards.
func (e *ear) finish() error {
	if e.stream == nil {
		return nil
	}
	defer e.close()
	e.pcm = e.resampler.Flush(e.pcm[:0])
	e.leveler.Process(e.pcm)
	if err := e.feed(); err != nil {
		return err
	}
	if err := e.quiet(e.tuning.Tail); err != nil {
		return err
	}
	return e.look(true)
}

// close gives the model stream back.
func (e *ear) close() {
	if e.stream != nil {
		e.stream.close()
		e.stream = nil
		e.spots.close()
	}
}

func samplesToTime(n int64, rate int) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(rate)
}

func timeToSamples(d time.Duration, rate int) int {
	return int(d * time.Duration(rate) / time.Second)
}
