package sherpa

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"heed/transcribe"
)

const (
	// maxStreams bounds what one worker listens to.
	maxStreams = 512
	// maxWaiting bounds what one stream may have waiting, in bytes. The engine
	// stays far below by waiting for reports of what was heard.
	maxWaiting = 4 << 20
	// turn is how many messages of one stream are taken before the next
	// stream's turn: 160 ms of usual frames.
	turn = 8
)

// inbox is one stream's audio that was not heard yet.
type inbox struct {
	id      uint32
	rate    int
	hints   hints
	refused error // of the hints: the stream's first turn ends it
	waiting []message
	bytes   int // of those waiting
	queued  bool
	busy    bool // a decoding goroutine has its turn
	ear     *ear // used by the goroutine that has the turn only
}

// read sorts messages into the streams' inboxes until the input ends.
func (w *worker) read(in io.Reader) error {
	for {
		m, err := readMessage(in)
		if err != nil {
			return err
		}
		if err := w.sort(m); err != nil {
			return err
		}
	}
}

func (w *worker) sort(m message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	box := w.streams[m.stream]
	switch {
	case m.kind == kindConfig:
		return fmt.Errorf("%w: second setup", errProtocol)
	case m.kind == kindOpen && (box != nil || len(w.streams) >= maxStreams):
		return fmt.Errorf("%w: stream %d opened twice or one too many", errProtocol, m.stream)
	case m.kind == kindOpen:
		box = &inbox{id: m.stream, rate: m.rate()}
		box.hints, box.refused = m.hints()
		w.streams[m.stream] = box
		return nil
	case box == nil:
		return nil // it failed or was dropped; the engine knows or will
	case box.bytes > maxWaiting:
		return fmt.Errorf("%w: stream %d flooded", errProtocol, m.stream)
	}
	if m.kind == kindDrop {
		box.waiting, box.bytes = nil, 0 // nobody waits for what was not heard yet
	}
	box.waiting = append(box.waiting, m)
	box.bytes += m.size()
	w.enqueue(box)
	return nil
}

// enqueue gives a stream with messages its place in the queue. The lock is
// held.
func (w *worker) enqueue(box *inbox) {
	if box.queued || box.busy || len(box.waiting) == 0 {
		return
	}
	box.queued = true
	if box.hints.Batch {
		w.later = append(w.later, box)
	} else {
		w.queue = append(w.queue, box)
	}
	w.nudge()
}

// nudge wakes one decoding goroutine.
func (w *worker) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// release ends a stream's turn.
func (w *worker) release(box *inbox) {
	w.mu.Lock()
	defer w.mu.Unlock()
	box.busy = false
	w.enqueue(box)
}

// next takes the first stream's turn, or waits.
func (w *worker) next(ctx context.Context) (*inbox, []message) {
	for ctx.Err() == nil {
		if box, batch := w.take(); box != nil {
			return box, batch
		}
		select {
		case <-ctx.Done():
		case <-w.wake:
		}
	}
	return nil, nil
}

func (w *worker) take() (*inbox, []message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	queue := &w.queue
	if len(*queue) == 0 {
		queue = &w.later
	}
	if len(*queue) == 0 {
		return nil, nil
	}
	box := (*queue)[0]
	if *queue = (*queue)[1:]; len(w.queue)+len(w.later) > 0 {
		w.nudge() // there is work for another goroutine
	}
	box.queued, box.busy = false, true
	n := min(turn, len(box.waiting))
	batch := append([]message(nil), box.waiting[:n]...)
	box.waiting = append(box.waiting[:0], box.waiting[n:]...)
	for _, m := range batch {
		box.bytes -= m.size()
	}
	return box, batch
}

// decode gives streams with audio their turns.
func (w *worker) decode(ctx context.Context, models recognizer) error {
	for {
		box, batch := w.next(ctx)
		if box == nil {
			return context.Cause(ctx)
		}
		err := w.hear(box, batch, models)
		w.release(box)
		if err != nil {
			return err
		}
	}
}

// hear works off a stream's messages. An error ends the worker; what is wrong
// with one stream ends that stream.
func (w *worker) hear(box *inbox, batch []message, models recognizer) error {
	heard := 0
	for _, m := range batch {
		if m.kind == kindDrop {
			w.drop(box)
			return nil
		}
		done, err := w.apply(box, m, models)
		if m.kind == kindAudio {
			heard += (len(m.payload) - 8) / 2
		}
		var out *outError
		switch {
		case errors.As(err, &out):
			return out.err
		case err != nil:
			w.drop(box)
			return w.report(report{Report: reportFailed, Stream: box.id, Message: err.Error()})
		case done:
			w.drop(box)
			return w.report(report{Report: reportDone, Stream: box.id})
		}
	}
	if heard == 0 {
		return nil
	}
	return w.report(report{Report: reportHeard, Stream: box.id, Samples: heard})
}

// outError marks a failure to write, which ends the worker.
type outError struct{ err error }

func (e *outError) Error() string { return e.err.Error() }

func (w *worker) apply(box *inbox, m message, models recognizer) (done bool, err error) {
	if box.refused != nil {
		return false, box.refused
	}
	if box.ear == nil {
		tuning := w.tuning
		if box.hints.Batch {
			tuning.Hurry = 0 // nobody waits for the last word: a sixth of the work is spared
		}
		box.ear, err = newEar(models, box.rate, tuning, func(s transcribe.Segment) error {
			if err := w.report(report{Report: reportSegment, Stream: box.id, Segment: &s}); err != nil {
				return &outError{err}
			}
			return nil
		})
		if err != nil {
			return false, err
		}
		box.ear.again.idle, box.ear.steps = w.idle, &w.steps
		if box.hints.Batch {
			box.ear.again.idle = func() bool { return false }
		}
		box.ear.hints = box.hints
	}
	if m.kind == kindFinish {
		done, err = true, box.ear.finish()
	} else {
		err = box.ear.hear(m.audio())
	}
	return done, err
}

// drop forgets a stream; what still comes for it is ignored.
func (w *worker) drop(box *inbox) {
	if box.ear != nil {
		box.ear.close()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	box.waiting, box.bytes = nil, 0
	delete(w.streams, box.id)
}

func (w *worker) closeAll() {
	w.mu.Lock()
	boxes := w.streams
	w.streams = map[uint32]*inbox{}
	w.mu.Unlock()
	for _, box := range boxes {
		if box.ear != nil {
			box.ear.close()
		}
	}
}

// late is the waiting audio from which on a stream is late. One that is fed as
// fast as it is heard, such as a file, always is.
const late = 60 * time.Millisecond

// idle says that no live stream has to wait, so that there is time for more
// than what must be.
func (w *worker) idle() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, box := range w.streams {
		if !box.hints.Batch && samplesToTime(int64(box.bytes/2), max(box.rate, 1)) > late {
			return false
		}
	}
	return true
}
