package sherpa

import (
	"fmt"
	"strings"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
)

const (
	// longGap is a silence in the stream that is not worth decoding: what was
	// heard is flushed and the model starts afresh behind it.
	longGap = 3 * time.Second
	// noiseSeed is the same for all, so that the same audio gives the same text.
	noiseSeed = 1
	// resync is how far a frame may lie off the expected time before the
	// difference is taken for a gap and not for a platform's rounding.
	resync = 10 * time.Millisecond
	// The rates that a stream may have, in Hz.
	minRate, maxRate = 8000, 48000
)

// ear listens to one party: the front end, the stream clock, and the
// division into stretches of speech.
type ear struct {
	models recognizer
	tuning Tuning
	emit   func(transcribe.Segment) error

	stream    hearing
	resampler *audio.Resampler
	leveler   *audio.Leveler
	noise     *audio.Noise
	rate      int

	start   time.Duration // of the audio in the model stream
	taken   int64         // samples of the audio so far
	next    time.Duration // where the next frame is expected: start + taken
	zero    time.Duration // the call's time of the model stream's first sample
	segment int           // of the stretch under way, from 1
	said    string        // its last partial
	ended   time.Duration // of the last final
	steps   int64
	pcm     []int16
	samples []float32
}

func newEar(models recognizer, rate int, t Tuning, emit func(transcribe.Segment) error) (*ear, error) {
	if rate < minRate || rate > maxRate {
		return nil, fmt.Errorf("sampling rate %d Hz outside %d..%d", rate, minRate, maxRate)
	}
	return &ear{models: models, tuning: t, emit: emit, rate: rate, segment: 1}, nil
}

// hear takes in a frame and decodes as far as it reaches.
func (e *ear) hear(at time.Duration, pcm []int16) error {
	gap := at - e.next
	if e.stream != nil && gap > longGap {
		if err := e.finish(); err != nil {
			return err
		}
	}
	if e.stream == nil {
		if err := e.begin(at); err != nil {
			return err
		}
	} else if gap > resync {
		if err := e.take(make([]int16, timeToSamples(gap, e.rate))); err != nil {
			return err
		}
	} else if gap < -resync {
		pcm = pcm[min(timeToSamples(-gap, e.rate), len(pcm)):]
	}
	return e.take(pcm)
}

// take sends samples that continue the stream through the front end. A gap
// comes as silence, which the front end turns into noise.
func (e *ear) take(pcm []int16) error {
	e.taken += int64(len(pcm))
	e.next = e.start + samplesToTime(e.taken, e.rate)
	e.pcm = e.resampler.Process(e.pcm[:0], pcm)
	return e.feed(true)
}

// begin opens a model stream whose noise pre-roll ends at the given time.
func (e *ear) begin(at time.Duration) error {
	stream, err := e.models.open()
	if err != nil {
		return fmt.Errorf("open a model stream: %w", err)
	}
	resampler, err := audio.NewResampler(e.rate, modelRate)
	if err != nil {
		stream.close()
		return fmt.Errorf("open a model stream: %w", err)
	}
	e.stream, e.resampler = stream, resampler
	if e.leveler == nil {
		e.leveler = audio.NewLeveler(modelRate, audio.LevelOptions{Target: e.tuning.Level})
		e.noise = audio.NewNoise(noiseSeed, e.tuning.Noise)
	}
	e.zero, e.start, e.next, e.taken = at-e.tuning.PreRoll, at, at, 0
	return e.quiet(e.tuning.PreRoll)
}

// quiet feeds noise only.
func (e *ear) quiet(d time.Duration) error {
	e.pcm = append(e.pcm[:0], make([]int16, timeToSamples(d, modelRate))...)
	return e.feed(false)
}

// feed sends e.pcm through the rest of the front end to the model.
func (e *ear) feed(level bool) error {
	if level {
		e.leveler.Process(e.pcm)
	}
	e.noise.Add(e.pcm)
	e.samples = audio.ToFloat(e.samples[:0], e.pcm)
	e.stream.accept(e.samples)
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
	if words := e.within(h.words(e.zero)); len(words) > 0 {
		if err := e.tell(segment(e.segment, words, final), final); err != nil {
			return err
		}
	}
	if final && !last {
		e.stream.reset()
	}
	return nil
}

// tell emits a final, or a partial whose text is news.
func (e *ear) tell(s transcribe.Segment, final bool) error {
	if !final {
		if s.Text == e.said {
			return nil
		}
		e.said = s.Text
		s.Words = nil
		return e.emit(s)
	}
	e.said = ""
	e.segment++
	e.ended = s.End
	return e.emit(s)
}

// within keeps words inside the audio that was really sent and behind the
// last final.
func (e *ear) within(words []transcribe.Word) []transcribe.Word {
	for i := range words {
		w := &words[i]
		w.Start = min(max(w.Start, e.ended, 0), e.next)
		w.End = min(max(w.End, w.Start), max(e.next, w.Start))
		w.Text = strings.TrimSpace(w.Text)
	}
	return words
}

// finish flushes: the model hears the rest of the audio and some noise, and
// what it then says is final. The ear may hear more afterwards.
func (e *ear) finish() error {
	if e.stream == nil {
		return nil
	}
	defer e.close()
	e.pcm = e.resampler.Flush(e.pcm[:0])
	if err := e.feed(true); err != nil {
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
	}
}

func samplesToTime(n int64, rate int) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(rate)
}

func timeToSamples(d time.Duration, rate int) int {
	return int(d * time.Duration(rate) / time.Second)
}
