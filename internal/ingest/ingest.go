// Package ingest is the contract between the doors through which call audio
// arrives and the live call that receives it. Each platform's protocol is a
// package below this one; it turns that platform's bytes into frames and
// answers the platform in its own words.
//
// The package knows no protocol and keeps nothing.
package ingest

import (
	"context"
	"errors"
	"time"

	"heed/insights"
	"heed/transcribe"
)

// Start is what a door knows when a stream of a call begins.
type Start struct {
	Platform  string // the door's name, such as "twilio"
	Call      string // the platform's id of the call; required
	Stream    string // the platform's id of this stream; required
	Direction string // "inbound" or "outbound"; empty means inbound
	From, To  string // as the platform wrote them; normalised later
	Agent     string // who takes the call, when the platform says
	Language  string // BCP 47, when the platform says
	Tracking  string // a call-tracking service's id of the call, when the platform says
	// Parties are the sides whose audio this stream carries.
	Parties []insights.Speaker
	// At is when the stream's time zero was, by our clock.
	At time.Time
}

// Reason is why a stream ended.
type Reason string

// The four ways in which a stream ends, and our own shutdown.
const (
	Stopped   Reason = "stop"     // the platform said so
	Closed    Reason = "closed"   // clean close without a stop
	Broken    Reason = "broken"   // abnormal close
	Silent    Reason = "silent"   // no bytes for too long
	Shutdown  Reason = "shutdown" // this process is stopping
	Completed Reason = "completed"
)

// Fault is something wrong on the way in that is counted, not fatal.
type Fault int

// The faults that doors report.
const (
	Garbage   Fault = iota // a message that does not parse
	Duplicate              // a frame that came before
	Late                   // a frame whose place had been filled already
	Lost                   // a frame that never came, or not in time
)

// Stream receives one stream of a live call. Its methods may be called from
// one goroutine at a time and never block on disk, engine or database.
type Stream interface {
	// Audio hands over a frame of a party. Frame.At is stream time; frames of
	// one party come in order and without overlap (the door reorders), gaps
	// are allowed.
	Audio(who insights.Speaker, f transcribe.Frame)
	// Digit reports a key pressed at stream time at.
	Digit(who insights.Speaker, digit string, at time.Duration)
	// Fault counts n faults.
	Fault(f Fault, n int)
	// Stop ends the stream. The call itself ends when its last stream has
	// ended and none follows within the grace time, or at once for Stopped
	// and Completed. Stop returns before the call is finalised.
	Stop(why Reason)
}

// Located is a Stream that tells where it lies. Doors ask it that tell their
// platform of what was heard, whose times are those of the call.
type Located interface {
	// Located gives our id of the call, and where the stream's time zero is on
	// the call's clock.
	Located() (call string, zero time.Duration)
}

// Calls opens streams. It is what every door is given.
type Calls interface {
	// Open begins a stream. A second stream of the same platform call joins
	// that call as a reconnect. It returns ErrBusy when no more calls can be
	// taken, ErrStopping while shutting down and ErrOver when the call has
	// ended; nothing is stored then.
	Open(ctx context.Context, s Start) (Stream, error)
	// Complete tells that the platform considers the call over, as a status
	// webhook does. It is idempotent and unknown calls are ignored.
	Complete(ctx context.Context, platform, call string)
}

// Errors of Open.
var (
	ErrBusy     = errors.New("no more calls can be taken now")
	ErrStopping = errors.New("the server is shutting down")
	// ErrOver refuses a stream of a call that has ended or that another
	// process began.
	ErrOver = errors.New("the call is over")
)
