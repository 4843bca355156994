package openai

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"heed/transcribe/remote"
)

const (
	// maxQueue bounds the stretches that wait for their text, 30 MB at most.
	maxQueue = 64
	// roomWithin is how long Send waits for room among the stretches that are
	// under way before it lets the queue grow; the runner gives up soon after.
	roomWithin = 8 * time.Second
)

// posts is a session over HTTP: each stretch of speech is a request, and the
// texts come in the order of the stretches.
type posts struct {
	engine *HTTP
	rate   int
	ears   *endpointer
	pcm    []int16 // of the open stretch
	from   int64   // its first sample

	queue chan *post    // in order; closed by Finish
	slots chan struct{} // a token for each request that is under way
	over  context.CancelFunc
	gone  context.Context //nolint:containedctx // the session's own life, ended by Close

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
	head    time.Duration // audio given to Send; Receive's once queue is closed
}

// post is one stretch on its way.
type post struct {
	pcm    []int16
	from   time.Duration // where the audio begins
	at     span          // the speech in it
	done   chan struct{} // closed when result and err are there
	result remote.Result
	err    error
}

// newPosts begins a session. It lives on when ctx, which bounds the dialling,
// ends.
func newPosts(ctx context.Context, e *HTTP, rate int) *posts {
	p := &posts{
		engine: e, rate: rate, ears: newEndpointer(rate),
		queue: make(chan *post, maxQueue), slots: make(chan struct{}, e.o.Parallel),
	}
	p.gone, p.over = context.WithCancel(context.WithoutCancel(ctx))
	return p
}

// Send cuts the audio and posts what is whole.
func (p *posts) Send(ctx context.Context, pcm []int16) error {
	p.head += p.ears.time(int64(len(pcm)))
	return p.pass(ctx, p.ears.feed(pcm))
}

// pass collects what the endpointer gives.
func (p *posts) pass(ctx context.Context, cuts []cut) error {
	for _, c := range cuts {
		if c.first {
			p.pcm, p.from = nil, c.from
		}
		p.pcm = append(p.pcm, c.pcm...)
		if !c.last {
			continue
		}
		if short := p.ears.samples(least) - len(p.pcm); short > 0 {
			p.pcm = append(p.pcm, make([]int16, short)...)
		}
		job := &post{
			pcm: p.pcm, from: p.ears.time(p.from), done: make(chan struct{}),
			at: span{p.ears.time(c.begin), p.ears.time(c.end)},
		}
		p.pcm = nil
		if err := p.start(ctx, job); err != nil {
			return err
		}
	}
	return nil
}

// start puts a stretch on its way. When too many are, it waits a while.
func (p *posts) start(ctx context.Context, job *post) error {
	room, cancel := context.WithTimeout(ctx, roomWithin)
	defer cancel()
	slot := false
	select {
	case p.slots <- struct{}{}:
		slot = true
	case <-room.Done():
	case <-p.gone.Done():
		return p.gone.Err()
	}
	select {
	case p.queue <- job:
	default:
		return fmt.Errorf("%d stretches of speech wait for their text: %w", maxQueue, errService)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return context.Canceled
	}
	p.running.Go(func() { p.work(job, slot) })
	return nil
}

// work gets a stretch's text, once there is a slot for it.
func (p *posts) work(job *post, slot bool) {
	defer close(job.done)
	if !slot {
		select {
		case p.slots <- struct{}{}:
		case <-p.gone.Done():
			job.err = p.gone.Err()
			return
		}
	}
	defer func() { <-p.slots }()
	job.result, job.err = p.engine.ask(p.gone, job, p.rate)
}

// KeepAlive does nothing: there is no connection to keep.
func (p *posts) KeepAlive(context.Context) error { return nil }

// Finish posts the open stretch.
func (p *posts) Finish(ctx context.Context) error {
	err := p.pass(ctx, p.ears.flush())
	close(p.queue)
	return err
}

// Receive waits for the oldest stretch's text.
func (p *posts) Receive(ctx context.Context) ([]remote.Result, error) {
	select {
	case job, more := <-p.queue:
		if !more {
			return []remote.Result{remote.Heard(p.head)}, io.EOF
		}
		return job.wait(ctx)
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.gone.Done():
		return nil, p.gone.Err()
	}
}

// wait blocks until the stretch has its text.
func (j *post) wait(ctx context.Context) ([]remote.Result, error) {
	select {
	case <-j.done:
		if j.err != nil {
			return nil, j.err
		}
		return []remote.Result{j.result}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close ends all requests and waits until they have.
func (p *posts) Close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.over()
	p.running.Wait()
	return nil
}
