package sherpa

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"heed/transcribe"
)

// window is how much audio of one stream may wait in the worker. It bounds
// the memory of both sides; a stream that is fed faster than it is heard, such
// as a file, is held up.
const window = 2 * time.Second

// maxPiece is how many samples go to the worker in one message: 0.5 s at
// 8 kHz.
const maxPiece = 4000

// stream is one call of Transcribe.
type stream struct {
	process *process
	id      uint32
	rate    int
	hints   hints
	wake    chan struct{} // holds one token while there is news

	// sent is used by run only.
	sent int64

	mu     sync.Mutex
	heard  int64
	queue  []transcribe.Segment // bounded: no more audio than window is under way
	done   bool
	failed error
}

var errEnded = errors.New("speech worker is gone")

// open registers a stream with the worker.
func (p *process) open(rate int) (*stream, error) {
	if rate < minRate || rate > maxRate {
		return nil, failure(transcribe.GiveUp, fmt.Errorf("sampling rate %d Hz outside %d..%d", rate, minRate, maxRate))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.isDead() {
		return nil, failure(transcribe.Retry, errEnded)
	}
	p.last++
	s := &stream{process: p, id: p.last, rate: rate, wake: make(chan struct{}, 1)}
	p.streams[s.id] = s
	return s, nil
}

// handle takes a report from the worker. The process's lock is held.
func (s *stream) handle(r report) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Report {
	case reportHeard:
		s.heard += int64(r.Samples)
		s.process.pulse.waiting -= int64(r.Samples)
		audio := samplesToTime(int64(r.Samples), s.rate)
		s.process.used.Audio += audio
		s.process.metrics.audio.Add(audio.Seconds())
	case reportSegment:
		s.add(*r.Segment)
	case reportDone:
		s.done = true
	case reportFailed:
		s.failed = fmt.Errorf("speech worker refused the stream: %s", r.Message)
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return nil
}

// add queues a segment; a partial is replaced by what comes after it.
func (s *stream) add(seg transcribe.Segment) {
	if n := len(s.queue); n > 0 && !s.queue[n-1].Final {
		s.queue = s.queue[:n-1]
	}
	s.queue = append(s.queue, seg)
}

// news takes what has come since the last call.
func (s *stream) news() (segments []transcribe.Segment, waiting time.Duration, done bool, failed error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	segments, s.queue = s.queue, nil
	return segments, samplesToTime(s.sent-s.heard, s.rate), s.done, s.failed
}

// run pumps frames in and segments out until both have ended.
func (s *stream) run(ctx context.Context, first transcribe.Frame, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	if err := s.send(ctx, openMessage(s.id, s.rate, s.hints), 0); err != nil {
		return err
	}
	rest := first // of the last frame, not yet sent
	for {
		waiting, done, err := s.deliver(emit)
		if err != nil || done {
			return err
		}
		if waiting < window && len(rest.PCM) > 0 {
			if rest, err = s.sendPiece(ctx, rest); err != nil {
				return err
			}
			continue
		}
		source := frames
		if waiting >= window {
			source = nil
		}
		f, ended, err := s.step(ctx, source, emit)
		switch {
		case err != nil:
			return err
		case ended:
			frames = nil
		case len(f.PCM) > 0:
			rest = f
		}
	}
}

// step waits for a frame, for news or for an end. Frames that have ended are
// told to the worker.
func (s *stream) step(ctx context.Context, source <-chan transcribe.Frame, emit func(transcribe.Segment) error) (f transcribe.Frame, ended bool, err error) {
	select {
	case <-ctx.Done():
		return f, false, ctx.Err()
	case <-s.process.dead:
		return f, false, s.mourn(ctx, emit)
	case <-s.wake:
		return f, false, nil
	case f, ok := <-source:
		if ok {
			return f, false, nil
		}
		return f, true, s.send(ctx, message{kind: kindFinish, stream: s.id}, 1)
	}
}

// deliver emits what was heard.
func (s *stream) deliver(emit func(transcribe.Segment) error) (waiting time.Duration, done bool, err error) {
	segments, waiting, done, failed := s.news()
	for _, seg := range segments {
		if err := emit(seg); err != nil {
			return 0, false, err
		}
		s.process.metrics.segment(seg)
	}
	if failed != nil {
		return 0, false, failure(transcribe.GiveUp, failed)
	}
	return waiting, done, nil
}

// mourn emits what the worker heard before it died, so that the caller knows
// from where on to send the audio again.
func (s *stream) mourn(ctx context.Context, emit func(transcribe.Segment) error) error {
	if _, done, err := s.deliver(emit); err != nil || done {
		return err
	}
	cause := s.process.epitaphOf(ctx)
	if errors.Is(cause, ErrClosed) {
		return failure(transcribe.UseAnother, ErrClosed)
	}
	return failure(transcribe.Retry, cause)
}

// sendPiece checks a frame, sends its beginning, and returns the rest: a
// recording that comes as one frame must not hold up the other streams.
func (s *stream) sendPiece(ctx context.Context, f transcribe.Frame) (transcribe.Frame, error) {
	switch {
	case f.Rate != s.rate:
		return f, failure(transcribe.GiveUp, fmt.Errorf("frame at %v: rate changed from %d to %d Hz", f.At, s.rate, f.Rate))
	case f.At < 0:
		return f, failure(transcribe.GiveUp, fmt.Errorf("frame at %v: before the call", f.At))
	}
	n := min(len(f.PCM), maxPiece)
	rest := f
	rest.PCM = f.PCM[n:]
	rest.At += samplesToTime(int64(n), max(f.Rate, 1))
	f.PCM = f.PCM[:n]
	return rest, s.send(ctx, audioMessage(s.id, f), n)
}

// send queues a message for the worker, which will report so many samples of
// it as heard. It does not wait for a worker that died: run notices that.
func (s *stream) send(ctx context.Context, m message, samples int) error {
	p := s.process
	s.sent += int64(samples)
	p.mu.Lock()
	p.pulse.sent(samples)
	p.mu.Unlock()
	select {
	case p.out <- m.encode():
	case <-p.dead:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// close forgets the stream on both sides.
func (s *stream) close() {
	p := s.process
	p.mu.Lock()
	delete(p.streams, s.id)
	s.mu.Lock()
	p.pulse.waiting -= s.sent - s.heard
	ended := s.done || s.failed != nil
	s.mu.Unlock()
	p.mu.Unlock()
	if !ended {
		p.drop(s.id)
	}
}
