package session

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"heed/transcribe"
)

const (
	// queueLength is how far an engine may fall behind.
	queueLength = 30 * time.Second
	// keepFed is how much of what the engine took is kept for a restart. A
	// stretch of speech without a final is not longer with any engine we know.
	keepFed = 25 * time.Second
	// resumeWithin is how near to now an engine that fell behind goes on.
	resumeWithin = 3 * time.Second
)

// errBehind ends an engine's run because audio before it was dropped.
var errBehind = errors.New("the engine fell too far behind")

// queue holds one party's audio for its engine: what waits, and what was fed
// but not yet covered by a final, to be fed again after a restart.
type queue struct {
	ready chan struct{} // tells the reader to look

	mu      sync.Mutex
	frames  []queued
	head    int // before it lie frames that were let go
	next    int // the first frame that waits
	fed     time.Duration
	waiting time.Duration
	allow   time.Duration // how much may wait; more after a rewind
	behind  bool
	closed  bool
}

// queued is a frame with its level.
type queued struct {
	transcribe.Frame

	level int
}

func newQueue() *queue { return &queue{ready: make(chan struct{}, 1), allow: queueLength} }

// push adds a frame and gives the number of frames that had to be dropped.
func (q *queue) push(f transcribe.Frame, level int) int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return 0
	}
	q.frames = append(q.frames, queued{f, level})
	q.waiting += f.Duration()
	var dropped int64
	if q.waiting > q.allow {
		dropped = q.dropOldest()
	}
	signal(q.ready)
	return dropped
}

// dropOldest lets go of all but the newest seconds at once, from the quietest
// frame of those on: one long stretch is easier to make good than many short
// ones, and a cut in a pause splits no word.
func (q *queue) dropOldest() int64 {
	start, length := len(q.frames)-1, time.Duration(0)
	for i := start; i > q.next && length < resumeWithin; i-- {
		length += q.frames[i].Duration()
		if q.frames[i].level < q.frames[start].level {
			start = i
		}
	}
	dropped := int64(start - q.next)
	q.next = start
	q.letGo(start)
	q.behind, q.fed, q.waiting, q.allow = true, 0, 0, queueLength
	for _, f := range q.frames[q.head:] {
		q.waiting += f.Duration()
	}
	return dropped
}

// letGo forgets the frames before index to.
func (q *queue) letGo(to int) {
	clear(q.frames[q.head:to])
	q.head = to
	const worthCopying = 256
	if q.head >= worthCopying && 6*q.head >= len(q.frames) { // or the slice doubles
		n := copy(q.frames, q.frames[q.head:])
		clear(q.frames[n:])
		q.frames = q.frames[:n]
		q.next -= q.head
		q.head = 0
	}
}

// read gives the next frame. It blocks until there is one, and gives io.EOF
// after the last of a closed queue and errBehind when frames were dropped.
func (q *queue) read(ctx context.Context) (transcribe.Frame, error) {
	for {
		f, ok, err := q.take()
		if ok || err != nil {
			return f, err
		}
		select {
		case <-q.ready:
		case <-ctx.Done():
			return transcribe.Frame{}, ctx.Err()
		}
	}
}

func (q *queue) take() (transcribe.Frame, bool, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.behind:
		return transcribe.Frame{}, false, errBehind
	case q.next < len(q.frames):
		f := q.frames[q.next].Frame
		q.next++
		q.waiting -= f.Duration()
		q.fed += f.Duration()
		for q.fed > keepFed {
			q.dropFed()
		}
		return f, true, nil
	case q.closed:
		return transcribe.Frame{}, false, io.EOF
	}
	return transcribe.Frame{}, false, nil
}

func (q *queue) dropFed() {
	q.fed -= q.frames[q.head].Duration()
	q.letGo(q.head + 1)
}

// rewind makes everything that no final covers wait again, and tells where
// that begins; false when there is nothing.
func (q *queue) rewind() (time.Duration, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting += q.fed
	q.allow = queueLength + q.fed
	q.fed, q.next, q.behind = 0, q.head, false
	if q.head == len(q.frames) {
		return 0, false
	}
	return q.frames[q.head].At, true
}

// heard lets go of what a final covers.
func (q *queue) heard(upTo time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.head < q.next && q.frames[q.head].End() <= upTo {
		q.dropFed()
	}
}

// backlog is how much audio waits.
func (q *queue) backlog() time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.waiting
}

// close lets the reader come to an end.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	signal(q.ready)
}

// await blocks until there is audio to hear; false when there will be none.
func (q *queue) await(ctx context.Context) bool {
	for {
		q.mu.Lock()
		some, closed := q.head < len(q.frames), q.closed
		q.mu.Unlock()
		if some || closed {
			return some
		}
		select {
		case <-q.ready:
		case <-ctx.Done():
			return false
		}
	}
}
