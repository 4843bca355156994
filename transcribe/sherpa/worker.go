package sherpa

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"heed/transcribe"
)

const (
	beatEvery = 500 * time.Millisecond
	// maxStreams bounds what one worker listens to.
	maxStreams = 512
	// maxWaiting bounds what one stream may have waiting, in bytes. The engine
	// stays far below by waiting for reports of what was heard.
	maxWaiting = 4 << 20
	// turn is how many messages of one stream are taken before the next
	// stream's turn: 160 ms of usual frames.
	turn = 8
	// parting is how long a worker whose input ended waits for the model.
	parting = 2 * time.Second
)

// RunWorker is the whole of the worker process: it reads streams of audio from
// in and writes what it hears to out, until in ends or ctx does. The engine
// starts it as Options.Command; it has no use from a terminal. Arguments are
// refused.
func RunWorker(ctx context.Context, in io.Reader, out io.Writer, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("speech worker: unexpected argument %q; heed starts this command itself", args[0])
	}
	s, err := readSetup(in)
	if err != nil {
		return fmt.Errorf("speech worker: %w", err)
	}
	w := newWorker(out, s.Tuning)
	models, err := s.load()
	if err != nil {
		return errors.Join(fmt.Errorf("speech worker: %w", err), w.report(report{Report: reportRefused, Message: err.Error()}))
	}
	return w.run(ctx, in, models)
}

func readSetup(in io.Reader) (setup, error) {
	m, err := readMessage(in)
	if err != nil {
		return setup{}, err
	}
	if m.kind != kindConfig {
		return setup{}, fmt.Errorf("%w: %q before the setup", errProtocol, m.kind)
	}
	var s setup
	if err := json.Unmarshal(m.payload, &s); err != nil {
		return setup{}, fmt.Errorf("read the setup: %w", err)
	}
	return s, nil
}

// load checks every file before it opens one.
func (s setup) load() (recognizer, error) {
	if err := s.Tuning.validate(); err != nil {
		return nil, err
	}
	if err := CheckRuntime(s.Runtime); err != nil {
		return nil, err
	}
	m, err := findModel(s.Model)
	if err != nil {
		return nil, err
	}
	return openRecognizer(s.Runtime, m, s.Tuning)
}

// worker hears many streams with one model.
type worker struct {
	tuning Tuning
	steps  atomic.Int64

	outMu sync.Mutex
	out   *json.Encoder

	mu      sync.Mutex
	streams map[uint32]*inbox
	queue   []*inbox // those with messages, in the order of their turns
	wake    chan struct{}
}

// inbox is one stream's audio that was not heard yet.
type inbox struct {
	id      uint32
	rate    int
	waiting []message
	bytes   int // of those waiting
	queued  bool
	busy    bool // a decoding goroutine has its turn
	ear     *ear // used by the goroutine that has the turn only
}

func newWorker(out io.Writer, t Tuning) *worker {
	return &worker{tuning: t, out: json.NewEncoder(out), streams: map[uint32]*inbox{}, wake: make(chan struct{}, 1)}
}

func (w *worker) report(r report) error {
	w.outMu.Lock()
	defer w.outMu.Unlock()
	if err := w.out.Encode(r); err != nil {
		return fmt.Errorf("report to heed: %w", err)
	}
	return nil
}

// decoders is how many chunks are decoded at once. Each is a batch of its own.
func decoders() int { return min(runtime.GOMAXPROCS(0), 4) }

// run owns goroutines for reading, decoding, and the heartbeat. Reading
// ends with the input. It cannot be interrupted otherwise, so when ctx ends it
// is left behind to the end of the process.
func (w *worker) run(ctx context.Context, in io.Reader, models recognizer) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var running sync.WaitGroup
	for range decoders() {
		running.Go(func() { cancel(w.decode(ctx, models)) })
	}
	running.Go(func() { w.beat(ctx, cancel) })
	go func() { cancel(w.read(in)) }()
	if err := w.report(report{Report: reportReady}); err != nil {
		cancel(err)
	}
	<-ctx.Done()
	stopped := make(chan struct{})
	go func() {
		running.Wait()
		w.closeAll()
		models.close()
		close(stopped)
	}()
	select {
	case <-stopped:
	case <-time.After(parting):
		// The model hangs; the end of the process ends it.
	}
	if err := context.Cause(ctx); !errors.Is(err, io.EOF) {
		return fmt.Errorf("speech worker: %w", err)
	}
	return nil
}

// beat says that the process lives and what it has used.
func (w *worker) beat(ctx context.Context, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		if err := w.report(report{Report: reportBeat, Steps: w.steps.Load(), CPU: cpuTime()}); err != nil {
			cancel(err)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
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
		w.streams[m.stream] = &inbox{id: m.stream, rate: m.rate()}
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
	w.queue = append(w.queue, box)
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

// next takes the first stream's turn from the queue, or waits.
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
	if len(w.queue) == 0 {
		return nil, nil
	}
	box := w.queue[0]
	if w.queue = w.queue[1:]; len(w.queue) > 0 {
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
	if box.ear == nil {
		box.ear, err = newEar(models, box.rate, w.tuning, func(s transcribe.Segment) error {
			if err := w.report(report{Report: reportSegment, Stream: box.id, Segment: &s}); err != nil {
				return &outError{err}
			}
			return nil
		})
		if err != nil {
			return false, err
		}
	}
	before := box.ear.steps
	if m.kind == kindFinish {
		done, err = true, box.ear.finish()
	} else {
		err = box.ear.hear(m.audio())
	}
	w.steps.Add(box.ear.steps - before)
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
