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
)

const (
	beatEvery = 500 * time.Millisecond
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
	later   []*inbox // those whose turn comes when no other one has any
	wake    chan struct{}
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
