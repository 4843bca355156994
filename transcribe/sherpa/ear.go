package sherpa

import (
	"fmt"
	"sync/atomic"
	"time"

	"heed/transcribe"
)

const (
	// longGap is a silence in the stream that is not worth decoding: what was
	// heard is flushed and the model starts afresh behind it.
	longGap = 3 * time.Second
	// resync is how far a frame may lie off the expected time before the
	// difference is taken for a gap and not for a platform's rounding.
	resync = 10 * time.Millisecond
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
	front  front
	again  again

	stream  hearing
	spots   spotter
	clock   clock
	stretch stretch
	hasty   bool          // the model was not hurried since somebody spoke
	steps   *atomic.Int64 // of the model, counted as they are made
}

func newEar(models recognizer, rate int, t Tuning, emit func(transcribe.Segment) error) (*ear, error) {
	if rate < minRate || rate > maxRate {
		return nil, fmt.Errorf("sampling rate %d Hz outside %d..%d", rate, minRate, maxRate)
	}
	e := &ear{
		models: models, tuning: t, emit: emit, rate: rate, dozer: newDozer(rate, t), stretch: stretch{id: 1},
		front: newFront(t), steps: new(atomic.Int64),
	}
	e.again = newAgain(e.open, t)
	return e, nil
}

// open gives a stream of the model that knows the call's phrases.
func (e *ear) open() (hearing, error) {
	stream, err := e.models.open(e.hints)
	if err != nil {
		return nil, fmt.Errorf("open a model stream: %w", err)
	}
	return stream, nil
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

// pauses does what a pause is for: it makes the model say what it has heard,
// hears that again, and ends the stretch.
func (e *ear) pauses() error {
	quiet := e.again.pause.quiet
	if quiet >= hurried && e.hasty {
		e.hasty = false
		if err := e.hurry(); err != nil {
			return err
		}
	}
	if quiet == 0 {
		e.hasty = true
	}
	if e.stretch.last != nil && !e.hasty && quiet >= e.tuning.Endpoint {
		return e.look(true)
	}
	return e.again.work(e.stretch.last, e.steps)
}

// hurry lets the model hear noise in place of the silence that will follow,
// so that it need not wait for that to say its last word.
func (e *ear) hurry() error {
	if e.tuning.Hurry == 0 {
		return nil
	}
	e.clock.insert(e.tuning.Hurry)
	return e.feed(e.front.quiet(timeToSamples(e.tuning.Hurry, modelRate)))
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
	stream, err := e.open()
	if err != nil {
		return err
	}
	if err := e.front.begin(e.rate); err != nil {
		stream.close()
		return fmt.Errorf("open a model stream: %w", err)
	}
	e.stream = stream
	e.again.begin(at)
	e.stretch.spots = nil
	if e.hasTime() {
		if err := e.spots.begin(e.models, e.hints, e.tuning); err != nil {
			return fmt.Errorf("listen for phrases: %w", err)
		}
	}
	e.clock = clock{zero: at - e.tuning.PreRoll, start: at, next: at}
	return e.feed(e.front.quiet(timeToSamples(e.tuning.PreRoll, modelRate)))
}

// hasTime tells whether there is time to listen for phrases beside the words,
// which costs as much again: not while live streams have to wait.
func (e *ear) hasTime() bool {
	return e.hints.Batch || e.tuning.Second == SecondAlways || e.again.idle()
}

// take sends samples that continue the stream through the front end, piece by
// piece, so that the same audio gives the same text whatever its frames. A gap
// comes as silence, which the front end turns into noise.
func (e *ear) take(pcm []int16) error {
	size := int64(timeToSamples(transcribe.FrameDuration, e.rate))
	for len(pcm) > 0 {
		n := min(int(size-e.clock.taken%size), len(pcm))
		e.clock.taken += int64(n)
		e.clock.next = e.clock.start + samplesToTime(e.clock.taken, e.rate)
		samples := e.front.resample(pcm[:n])
		e.again.hear(samples)
		if err := e.feed(e.front.ready(samples)); err != nil {
			return err
		}
		if pcm = pcm[n:]; e.clock.taken%size != 0 {
			continue
		}
		if err := e.pauses(); err != nil {
			return err
		}
	}
	return nil
}

// feed lets the model and the spotter hear samples, and reads what they make
// of them.
func (e *ear) feed(samples []float32) error {
	e.stream.accept(samples)
	// Spots come first, so that those of a stretch are there when it ends.
	spots, err := e.spots.hear(samples, e.clock.zero)
	if err != nil {
		return err
	}
	for _, s := range spots {
		s.Start, s.End = e.clock.without(s.Start), e.clock.without(s.End)
		e.stretch.spots = append(e.stretch.spots, s)
	}
	for e.stream.step() {
		e.steps.Add(1)
		if err := e.look(false); err != nil {
			return err
		}
	}
	return nil
}

// look reads what the model makes of the stretch under way and tells it when
// it changed, or for good when it ends now.
func (e *ear) look(ends bool) error {
	h, err := e.stream.result()
	if err != nil {
		return err
	}
	words := e.clock.mend(h.words(e.clock.zero))
	final := ends || h.endpoint || e.overdue(words)
	if final {
		if words, err = e.again.final(words, e.steps); err != nil {
			return err
		}
	} else {
		words = weighed(words)
	}
	if s, ok := e.stretch.update(spelled(words), e.clock, final); ok {
		if err := e.emit(s); err != nil {
			return err
		}
	}
	if final {
		e.stream.reset()
		e.clock.forget()
	}
	return nil
}

// overdue is the end of a stretch on a line whose noise hides its pauses: the
// model has heard no word for long.
func (e *ear) overdue(words []transcribe.Word) bool {
	n := len(words)
	return n > 0 && e.clock.next-words[n-1].End >= e.tuning.Endpoint+noticing
}

// finish flushes: the model hears the rest of the audio and some noise, and
// what it then says is final. The ear may hear more afterwards.
func (e *ear) finish() error {
	if e.stream == nil {
		return nil
	}
	defer e.close()
	rest := e.front.rest()
	e.again.hear(rest)
	if err := e.feed(e.front.ready(rest)); err != nil {
		return err
	}
	if err := e.feed(e.front.quiet(timeToSamples(e.tuning.Tail, modelRate))); err != nil {
		return err
	}
	return e.look(true)
}

// close gives the model stream back.
func (e *ear) close() {
	if e.stream != nil {
		e.again.drop()
		e.stream.close()
		e.stream = nil
		e.spots.close()
	}
}
