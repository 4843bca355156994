package sherpa

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/transcribe"
)

// Name is the engine's name in configuration, errors and logs.
const Name = "sherpa"

// ErrClosed is what Transcribe gives after Close.
var ErrClosed = errors.New("the engine is closed")

var (
	_ transcribe.Engine    = (*Engine)(nil)
	_ transcribe.Describer = (*Engine)(nil)
)

// Options say where the engine finds its parts. Runtime and Model are required.
type Options struct {
	// Runtime is the folder with the two libraries; see [RuntimeFiles].
	Runtime string
	// Model is the folder with the encoder, decoder, joiner and tokens.
	Model string
	// ModelName is what people see. Default: the folder's name.
	ModelName string
	// Language is the model's, BCP 47. Default: "en".
	Language string
	// Command starts a worker: a program that calls [RunWorker] with its
	// standard input and output. Default: this binary with "stt-worker".
	Command []string
	// Tuning defaults to [DefaultTuning].
	Tuning *Tuning
	// Patience bounds the waits on a worker. Zero values mean the defaults.
	Patience Patience
	Logger   *slog.Logger          // default: none
	Metrics  prometheus.Registerer // default: none
}

// Patience is how long the engine waits for its worker.
type Patience struct {
	Start   time.Duration // to load the model; default 30 s
	Hang    time.Duration // without progress while audio waits; default 10 s
	Backoff time.Duration // before the first restart, then doubled up to 30 s; default 100 ms
	Healthy time.Duration // of life, after which a death is not one in a row; default 10 s
}

func (p Patience) withDefaults() Patience {
	set := func(d *time.Duration, to time.Duration) {
		if *d <= 0 {
			*d = to
		}
	}
	set(&p.Start, 30*time.Second)
	set(&p.Hang, 10*time.Second)
	set(&p.Backoff, 100*time.Millisecond)
	set(&p.Healthy, 10*time.Second)
	return p
}

// Engine is one worker process and the streams that it hears. It is safe for
// use by many goroutines; each call of Transcribe is one stream.
type Engine struct {
	options Options
	log     *slog.Logger
	metrics *metrics
	stop    func()        // closes stopped, once
	stopped chan struct{} // Close was called
	done    chan struct{} // nothing runs any more

	mu      sync.Mutex
	state   State
	process *process      // nil unless the state is Ready
	changed chan struct{} // closed and replaced at every change
	past    Usage         // of the workers that are gone
}

// New checks the runtime and the model, starts the worker in the background
// and returns. The engine belongs to the caller, who must Close it.
func New(o Options) (*Engine, error) {
	if err := o.complete(); err != nil {
		return nil, fmt.Errorf("sherpa: %w", err)
	}
	if err := Available(o.Runtime, o.Model); err != nil {
		return nil, fmt.Errorf("sherpa: %w", err)
	}
	return start(o)
}

// start is New without a look at the files.
func start(o Options) (*Engine, error) {
	m, err := newMetrics(o.Metrics)
	if err != nil {
		return nil, fmt.Errorf("sherpa: %w", err)
	}
	e := &Engine{
		options: o, log: o.Logger.With("component", Name), metrics: m,
		stopped: make(chan struct{}), done: make(chan struct{}), changed: make(chan struct{}),
	}
	e.stop = sync.OnceFunc(func() { close(e.stopped) })
	go e.supervise()
	return e, nil
}

// complete fills in the defaults.
func (o *Options) complete() error {
	if o.Tuning == nil {
		t := DefaultTuning()
		o.Tuning = &t
	}
	if err := o.Tuning.validate(); err != nil {
		return err
	}
	if len(o.Command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return fmt.Errorf("find the worker's program: %w", err)
		}
		o.Command = []string{self, "stt-worker"}
	}
	for _, dir := range []*string{&o.Runtime, &o.Model} {
		full, err := filepath.Abs(*dir)
		if err != nil {
			return err
		}
		*dir = full
	}
	if o.ModelName == "" {
		o.ModelName = filepath.Base(o.Model)
	}
	if o.Language == "" {
		o.Language = "en"
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Patience = o.Patience.withDefaults()
	return nil
}

// Close ends the worker and waits until it is gone. Streams in flight end
// with ErrClosed. Closing twice is fine.
func (e *Engine) Close() error {
	e.stop()
	<-e.done
	return nil
}

// Info describes the engine.
func (e *Engine) Info() transcribe.Info {
	return transcribe.Info{Name: Name, Model: e.options.ModelName, Languages: []string{e.options.Language}}
}

// Transcribe implements [transcribe.Engine]. While the worker is being
// started (again) it waits without reading frames. It gives a verdict of
// Retry when the worker died under the stream, and UseAnother when the worker
// keeps dying or refuses its files.
func (e *Engine) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	return e.transcribe(ctx, hints{}, frames, emit)
}

func (e *Engine) transcribe(ctx context.Context, h hints, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	first, err := transcribe.FirstFrame(ctx, frames)
	if err != nil || first == nil {
		return err
	}
	p, err := e.ready(ctx)
	if err != nil {
		return err
	}
	s, err := p.open(first.Rate)
	if err != nil {
		return err
	}
	defer s.close()
	s.hints = h
	e.metrics.streams.Inc()
	defer e.metrics.streams.Dec()
	return s.run(ctx, *first, frames, emit)
}

func failure(v transcribe.Verdict, err error) error {
	return &transcribe.Error{Engine: Name, Verdict: v, Err: err}
}
