package pocketsphinx

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"heed/transcribe"
)

const (
	// maxLine bounds a line of the worker; an utterance's text is one.
	maxLine = 1 << 20
	// grace is how long a worker may live on after its output has ended.
	grace = 5 * time.Second
)

// errEarly means a worker that left as if the audio had ended.
var errEarly = errors.New("the worker ended before the audio did")

// worker is one running process.
type worker struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   io.Reader
	model string // folder to remove
}

// start runs a worker that is killed when ctx ends.
func (e *Engine) start(ctx context.Context) (*worker, error) {
	model, err := telephoneModel(e.model)
	if err != nil {
		return nil, err
	}
	w := &worker{model: model}
	w.cmd = exec.CommandContext(ctx, e.program,
		"-infile", "/dev/stdin", "-time", "yes",
		"-logfn", os.DevNull, // its log holds what was said
		"-hmm", model,
		"-lm", filepath.Join(e.model, languageModel),
		"-dict", filepath.Join(e.model, dictionary))
	w.cmd.WaitDelay = grace
	if w.in, err = w.cmd.StdinPipe(); err == nil {
		if w.out, err = w.cmd.StdoutPipe(); err == nil {
			err = w.cmd.Start()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", errors.Join(err, os.RemoveAll(model)))
	}
	return w, nil
}

// converse feeds a worker from one goroutine, reads it from another and emits
// in this one, so that neither pipe can block the other. It returns when both
// goroutines and the process are gone.
func (e *Engine) converse(ctx context.Context, f *feed, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	inner, stop := context.WithCancel(ctx)
	defer stop()
	w, err := e.start(inner)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return e.fail(transcribe.UseAnother, err)
	}
	var end ending
	var both sync.WaitGroup
	utterances := make(chan []heard)
	both.Go(func() { end.fed = f.run(inner, frames, w.in) })
	both.Go(func() {
		defer close(utterances)
		end.read = read(w.out, utterances)
	})
	s := speaker{clock: &f.clock, emit: emit}
	for words := range utterances { // to its end, so that the reader never waits for us
		if end.emitted == nil && inner.Err() == nil {
			if end.emitted = s.say(words); end.emitted != nil {
				stop()
			}
		}
	}
	late := time.AfterFunc(grace, stop)
	end.status = w.cmd.Wait()
	late.Stop()
	stop() // whoever still feeds a worker that is gone
	both.Wait()
	end.cleaned = os.RemoveAll(w.model)
	if end.emitted != nil {
		return end.emitted
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return e.judge(end)
}

// ending is how the parts of a conversation ended.
type ending struct {
	emitted, fed, read, status, cleaned error
}

// judge gives the verdict on a conversation that nobody cut short.
func (e *Engine) judge(end ending) error {
	var exit *exec.ExitError
	switch {
	case errors.Is(end.fed, errFrames):
		return e.fail(transcribe.GiveUp, end.fed)
	case errors.As(end.status, &exit) && exit.Exited():
		// It refused by itself, and would do so again: a broken model, say.
		return e.fail(transcribe.UseAnother, fmt.Errorf("worker: %w", end.status))
	case end.status != nil:
		return e.fail(transcribe.Retry, fmt.Errorf("worker: %w", end.status))
	case end.fed != nil:
		return e.fail(transcribe.Retry, fmt.Errorf("%w (%w)", errEarly, end.fed))
	case end.read != nil:
		return e.fail(transcribe.Retry, fmt.Errorf("read from the worker: %w", end.read))
	}
	if end.cleaned != nil {
		e.log.Warn("worker's model not removed", "error", end.cleaned)
	}
	return nil
}

// read parses the worker's output until it ends. Whoever receives must do so
// until the channel is closed.
func read(r io.Reader, utterances chan<- []heard) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	var p parser
	for lines.Scan() {
		if words := p.line(lines.Text()); len(words) > 0 {
			utterances <- words
		}
	}
	if words := p.finish(); len(words) > 0 {
		utterances <- words
	}
	return lines.Err()
}
