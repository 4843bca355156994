package remote

import (
	"fmt"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
)

const (
	// hush is the noise that stands for silence, as a part of full scale:
	// -70 dBFS, as on a quiet line.
	hush = 0.0003
	// jitter is how far a frame may lie from where it is due and still be
	// the same stream; some rates do not divide into whole nanoseconds.
	jitter = 5 * time.Millisecond
	// longestGap is the longest gap that is filled whole; of a longer one
	// only the beginning is, and the clock jumps.
	longestGap = 2 * time.Minute
	// stub is that beginning: enough for a service to end its utterance.
	stub = 3 * time.Second
)

// tape is the audio of one call as the service gets it. Positions on it are
// durations from its first sample; they differ from stream time where a gap
// was cut short or noise was sent that later proved to be early.
type tape struct {
	in, out  int // rates, Hz
	resample *audio.Resampler
	noise    *audio.Noise
	heard    int64   // input samples so far, noise included
	samples  []int16 // kept output, from base on
	base     int64   // output samples dropped so far
	anchors  []anchor
	first    time.Duration // stream time of the first sample
	last     time.Duration // stream time at the end of the last real frame
	scratch  []int16
	loud     float64 // of late, as a part of full scale
}

// anchor says which stream time a position has, up to the next anchor.
type anchor struct{ pos, at time.Duration }

// newTape starts a tape at a stream time.
func newTape(in, out int, at time.Duration) (*tape, error) {
	r, err := audio.NewResampler(in, out)
	if err != nil {
		return nil, fmt.Errorf("audio for the service: %w", err)
	}
	return &tape{
		in: in, out: out, resample: r, noise: audio.NewNoise(1, hush),
		anchors: []anchor{{0, at}}, first: at, last: at,
	}, nil
}

// end is the position after everything that was recorded.
func (t *tape) end() time.Duration { return span(t.heard, t.in) }

// span is the length of samples at a rate. It does not overflow within a
// century of audio.
func span(samples int64, rate int) time.Duration {
	r := int64(rate)
	return time.Duration(samples/r)*time.Second + time.Duration(samples%r*int64(time.Second)/r)
}

// count is the number of samples at a rate in a length, rounded down.
func count(d time.Duration, rate int) int64 {
	r := int64(rate)
	return int64(d/time.Second)*r + int64(d%time.Second)*r/int64(time.Second)
}

// record adds a frame, and noise for the gap before it.
func (t *tape) record(f transcribe.Frame) error {
	if len(f.PCM) == 0 {
		return nil
	}
	if f.Rate != t.in {
		return fmt.Errorf("rate changed from %d to %d Hz within a call", t.in, f.Rate)
	}
	if due := t.streamEnd(); f.At-due >= jitter || due-f.At >= jitter {
		if gap := f.At - due; gap > longestGap {
			t.hold(stub)
		} else if gap > 0 {
			t.hold(gap)
		}
		t.anchors = append(t.anchors, anchor{t.end(), f.At})
	}
	t.add(f.PCM)
	t.last = max(t.last, f.End())
	return nil
}

// streamEnd is the stream time at the end of the tape.
func (t *tape) streamEnd() time.Duration {
	a := t.anchors[len(t.anchors)-1]
	return a.at + t.end() - a.pos
}

// hold records noise.
func (t *tape) hold(d time.Duration) {
	for n := count(d, t.in); n > 0; {
		chunk := int(min(n, int64(t.in)))
		if cap(t.scratch) < chunk {
			t.scratch = make([]int16, chunk)
		}
		quiet := t.scratch[:chunk]
		clear(quiet)
		t.noise.Add(quiet)
		t.add(quiet)
		n -= int64(chunk)
	}
}

// add records samples as they are.
func (t *tape) add(pcm []int16) {
	t.heard += int64(len(pcm))
	known := len(t.samples)
	t.samples = t.resample.Process(t.samples, pcm)
	t.listen(t.samples[known:])
}

// finish brings out what the resampler holds. Nothing may be recorded after it.
func (t *tape) finish() { t.samples = t.resample.Flush(t.samples) }

// pad adds noise to the finished output up to a sample, to fill a piece.
func (t *tape) pad(upto int64) {
	rest := make([]int16, max(0, upto-t.total()))
	t.noise.Add(rest)
	t.samples = append(t.samples, rest...)
}

// total is the number of output samples so far.
func (t *tape) total() int64 { return t.base + int64(len(t.samples)) }

// cut copies n output samples from one on; nil when they are not there yet.
func (t *tape) cut(from, n int64) []int16 {
	if from < t.base || from+n > t.total() {
		return nil
	}
	return append([]int16(nil), t.samples[from-t.base:from-t.base+n]...)
}

// forget drops the output before a sample. It moves memory only when half of
// it is free, so that a long call costs no more than a short one.
func (t *tape) forget(before int64) {
	n := min(before-t.base, int64(len(t.samples)))
	if n <= 0 || n < int64(t.out) && n < int64(len(t.samples))/2 {
		return
	}
	t.samples = t.samples[:copy(t.samples, t.samples[n:])]
	t.base += n
	for len(t.anchors) > 1 && t.anchors[1].pos < span(t.base, t.out) {
		t.anchors = t.anchors[1:]
	}
}

// stream maps a position to stream time. It never goes back when the
// position does not.
func (t *tape) stream(pos time.Duration) time.Duration {
	i := len(t.anchors) - 1
	for i > 0 && t.anchors[i].pos > pos {
		i--
	}
	at := t.anchors[i].at + pos - t.anchors[i].pos
	if i+1 < len(t.anchors) {
		at = min(at, t.anchors[i+1].at)
	}
	return min(max(at, t.first), t.last)
}
