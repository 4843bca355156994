package sherpa

import (
	"context"
	"errors"
	"time"

	"heed/transcribe"
)

// Phase is what the worker is doing.
type Phase string

// The phases of a worker.
const (
	Starting   Phase = "starting"
	Ready      Phase = "ready"
	Restarting Phase = "restarting" // it died and is started again after a pause
	Broken     Phase = "broken"     // it keeps dying; tried again every now and then
	Closed     Phase = "closed"
)

// State is the engine's health for the status page.
type State struct {
	Phase    Phase  `json:"phase"`
	Restarts int    `json:"restarts"`
	Streams  int    `json:"streams"`
	PID      int    `json:"pid,omitempty"`    // of the worker, when it is ready
	Reason   string `json:"reason,omitempty"` // of the last death
}

// Usage is what the workers of an engine have used since New.
type Usage struct {
	CPU   time.Duration // of all worker processes; live ones report twice a second
	Audio time.Duration // that was heard
	// Behind is how much audio waits in the worker now, of the live stream
	// that has most.
	Behind time.Duration
}

const (
	maxBackoff = 30 * time.Second
	// maxDeaths in a row make the engine Broken.
	maxDeaths = 4
)

// State is safe to call at any time and does not block on the worker.
func (e *Engine) State() State {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.state
	if e.process != nil {
		s.Streams, s.PID = e.process.count(), e.process.cmd.Process.Pid
	}
	return s
}

// Usage sums up all workers so far.
func (e *Engine) Usage() Usage {
	e.mu.Lock()
	defer e.mu.Unlock()
	u := e.past
	if e.process != nil {
		now := e.process.usage()
		u.CPU += now.CPU
		u.Audio += now.Audio
		u.Behind = e.process.behind()
	}
	return u
}

// change replaces the state and wakes those who wait for it.
func (e *Engine) change(phase Phase, p *process, reason error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if phase == Starting && e.state.Phase != "" {
		return // people care that it was dead, not that it is being revived
	}
	e.state.Phase, e.process = phase, p
	if reason != nil {
		e.state.Reason = reason.Error()
		e.state.Restarts++
	}
	close(e.changed)
	e.changed = make(chan struct{})
}

// ready waits for a worker.
func (e *Engine) ready(ctx context.Context) (*process, error) {
	for {
		e.mu.Lock()
		state, p, changed := e.state, e.process, e.changed
		e.mu.Unlock()
		switch {
		case p != nil:
			return p, nil
		case state.Phase == Closed:
			return nil, failure(transcribe.UseAnother, ErrClosed)
		case state.Phase == Broken:
			return nil, failure(transcribe.UseAnother, errors.New(state.Reason))
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-changed:
		}
	}
}

// supervise keeps one worker alive until the engine is closed.
func (e *Engine) supervise() {
	defer close(e.done)
	pause, deaths := e.options.Patience.Backoff, 0
	for {
		e.change(Starting, nil, nil)
		p, lived, err := e.serve()
		if e.closing() {
			p.tell(err)
			break
		}
		deaths++
		if lived > e.options.Patience.Healthy {
			pause, deaths = e.options.Patience.Backoff, 1
		}
		phase := Restarting
		if deaths >= maxDeaths || errors.Is(err, errRefused) {
			phase, pause = Broken, maxBackoff
		}
		e.buried(phase, err, pause)
		p.tell(err) // only now: who hears of a death finds it in the state
		if !e.rest(pause) {
			break
		}
		pause = min(2*pause, maxBackoff)
	}
	e.change(Closed, nil, nil)
	e.metrics.forget(e.options.Metrics)
}

func (e *Engine) closing() bool {
	select {
	case <-e.stopped:
		return true
	default:
		return false
	}
}

// rest waits, and says whether to go on.
func (e *Engine) rest(pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-e.stopped:
		return false
	case <-timer.C:
		return true
	}
}

// buried notes a worker's death.
func (e *Engine) buried(phase Phase, err error, pause time.Duration) {
	e.change(phase, nil, err)
	e.metrics.restarts.Inc()
	e.log.Warn("speech worker died", "phase", phase, "again_in", pause, "error", err)
}

// serve runs one worker from start to death and says how long it was ready;
// the worker is nil if there was none. Its streams are still to be told.
func (e *Engine) serve() (*process, time.Duration, error) {
	p, err := startProcess(e.options, e.metrics)
	if err != nil {
		return nil, 0, err
	}
	began := time.Now()
	if err = p.waitReady(e.stopped, e.options.Patience.Start); err == nil {
		began = time.Now()
		e.log.Info("speech worker ready", "model", e.options.ModelName, "pid", p.cmd.Process.Pid)
		e.change(Ready, p, nil)
		p.watch(e.stopped, e.options.Patience.Hang)
	}
	lived := time.Since(began)
	p.kill(err)
	// Streams in flight must not find the dead worker again.
	e.mu.Lock()
	e.process = nil
	e.mu.Unlock()
	err = p.wait()
	u := p.usage()
	e.mu.Lock()
	e.past.CPU += u.CPU
	e.past.Audio += u.Audio
	e.mu.Unlock()
	return p, lived, err
}
