package transcribe

import (
	"context"
	"errors"
)

// Verdict is what the caller of a failed engine should do next.
type Verdict int

const (
	// GiveUp means that no engine can do better with this audio.
	GiveUp Verdict = iota
	// Retry means that the same engine may succeed when called again.
	Retry
	// UseAnother means that this engine will not recover during the call.
	UseAnother
)

// String gives the verdict's name for logs.
func (v Verdict) String() string {
	switch v {
	case Retry:
		return "retry"
	case UseAnother:
		return "use another engine"
	case GiveUp:
		return "give up"
	}
	return "unknown verdict"
}

// Error is an engine's failure together with its verdict.
type Error struct {
	Engine  string
	Verdict Verdict
	Err     error
}

// Error names the engine and the cause.
func (e *Error) Error() string { return e.Engine + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// VerdictOf tells what to do about err: what its [Error] says, [GiveUp] when
// the context ended, and [Retry] when the engine did not say.
func VerdictOf(err error) Verdict {
	if failure, ok := errors.AsType[*Error](err); ok {
		return failure.Verdict
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return GiveUp
	}
	return Retry
}
