package engines

import (
	"context"
	"errors"
	"fmt"

	"heed/transcribe"
)

// errDown is what an engine gives whose breaker is open.
var errDown = errors.New("its service failed several times in a row and is left alone for a while")

// watched is an engine for one party, whose failures the breaker counts and
// whose stream the capacity counts.
type watched struct {
	*member

	inner transcribe.Engine
	held  func() (release func())
}

var (
	_ transcribe.Engine = watched{}
	_ transcribe.Hinter = watched{}
)

// With passes the hints on.
func (w watched) With(h transcribe.Hints) transcribe.Engine {
	w.inner = transcribe.Hint(w.inner, h)
	return w
}

// Transcribe asks the engine unless its breaker is open.
func (w watched) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	defer w.held()()
	if w.breaker == nil {
		return w.inner.Transcribe(ctx, frames, emit)
	}
	done, err := w.breaker.Allow()
	if err != nil {
		return &transcribe.Error{Engine: w.Name, Verdict: transcribe.UseAnother, Err: fmt.Errorf("%w (%w)", errDown, err)}
	}
	told, broken := false, false
	tell := func(err error) {
		if !told {
			told = true
			done(err)
		}
	}
	err = w.inner.Transcribe(ctx, frames, func(s transcribe.Segment) error {
		tell(nil) // it hears; a call may go on for an hour before it ends
		err := emit(s)
		broken = broken || err != nil
		return err
	})
	if broken || ctx.Err() != nil || transcribe.VerdictOf(err) == transcribe.GiveUp {
		tell(nil) // not the service's fault
		return err
	}
	if err != nil && told {
		w.count(err)
	}
	tell(err)
	return err
}

// count notes a failure of a stream that had begun well.
func (w watched) count(failure error) {
	if done, err := w.breaker.Allow(); err == nil {
		done(failure)
	}
}
