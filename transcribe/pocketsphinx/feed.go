package pocketsphinx

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
)

const (
	// hole is the longest gap that is filled with silence as it is. A longer
	// one is cut to this length, which ends the utterance before it.
	hole = time.Second
	// jitter is how far apart frames may lie and still be one stream.
	jitter = 5 * time.Millisecond
	// tail is the silence after the last frame, so that its word is finished.
	tail = 300 * time.Millisecond
)

// errFrames means frames that break their contract.
var errFrames = errors.New("bad frame")

// feed turns frames into the worker's input and remembers which stream time
// each of its samples has. write and the clock are used by two goroutines.
type feed struct {
	resampler *audio.Resampler
	first     *transcribe.Frame // not yet written
	rate      int
	end       time.Duration // of the last frame
	pcm       []int16
	raw       []byte
	written   int64 // samples at the worker's rate

	clock clock
}

// newFeed prepares for frames like the first one.
func newFeed(first transcribe.Frame) (*feed, error) {
	r, err := audio.NewResampler(first.Rate, rate)
	if err != nil {
		return nil, err
	}
	f := &feed{resampler: r, first: &first, rate: first.Rate, end: first.At}
	f.clock.mark(0, first.At)
	return f, nil
}

// run writes frames to w until they close, then closes w.
func (f *feed) run(ctx context.Context, frames <-chan transcribe.Frame, w io.WriteCloser) error {
	defer w.Close() //nolint:errcheck // a failed close shows as the worker's own failure
	if err := f.write(w, *f.first); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case frame, more := <-frames:
			if !more {
				return f.finish(w)
			}
			if err := f.write(w, frame); err != nil {
				return err
			}
		}
	}
}

// write converts one frame.
func (f *feed) write(w io.Writer, frame transcribe.Frame) error {
	if len(frame.PCM) == 0 {
		return nil
	}
	if frame.Rate != f.rate {
		return fmt.Errorf("%w: %d Hz in a stream of %d Hz", errFrames, frame.Rate, f.rate)
	}
	if gap := frame.At - f.end; gap > jitter {
		if err := f.silence(w, min(gap, hole)); err != nil {
			return err
		}
		f.clock.mark(f.written, frame.At)
	}
	f.end = frame.End()
	f.clock.until(f.end)
	f.pcm = f.resampler.Process(f.pcm[:0], frame.PCM)
	return f.send(w)
}

// silence writes what the resampler still holds and then nothing for a while.
func (f *feed) silence(w io.Writer, length time.Duration) error {
	f.pcm = f.resampler.Flush(f.pcm[:0])
	f.pcm = append(f.pcm, make([]int16, int(length.Seconds()*rate))...)
	return f.send(w)
}

// finish writes the rest.
func (f *feed) finish(w io.Writer) error { return f.silence(w, tail) }

// send writes the converted samples.
func (f *feed) send(w io.Writer) error {
	f.raw = f.raw[:0]
	for _, s := range f.pcm {
		f.raw = binary.LittleEndian.AppendUint16(f.raw, uint16(s))
	}
	f.written += int64(len(f.pcm))
	if _, err := w.Write(f.raw); err != nil {
		return fmt.Errorf("write to the worker: %w", err)
	}
	return nil
}

// clock maps the worker's time, which knows no gaps, to stream time.
type clock struct {
	mu    sync.Mutex
	marks []mark
	end   time.Duration // of the audio so far
}

// mark says that the worker's sample has this stream time.
type mark struct {
	sample int64
	at     time.Duration
}

// mark notes a jump.
func (c *clock) mark(sample int64, at time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.marks = append(c.marks, mark{sample, at})
	c.end = max(c.end, at)
}

// until notes how far the audio goes.
func (c *clock) until(end time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end = end
}

// at gives the stream time of the worker's time and the number of the gapless
// stretch that it lies in. Times in the silence before a gap are moved to the
// end of the audio there.
func (c *clock) at(worker time.Duration) (time.Duration, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	sample := int64(worker.Seconds()*rate + 0.5)
	i := len(c.marks) - 1
	for i > 0 && c.marks[i].sample > sample {
		i--
	}
	at := c.marks[i].at + time.Duration(sample-c.marks[i].sample)*time.Second/rate
	if i == len(c.marks)-1 {
		return min(at, c.end), i
	}
	return min(at, c.marks[i+1].at), i
}
