package remote

import (
	"context"
	"time"

	"heed/transcribe"
)

// Session is one connection to a service, for one party. Send, KeepAlive and
// Finish are called from one goroutine, Receive from another; Close from any,
// perhaps more than once, and makes the others return. An error that is a
// *transcribe.Error with a verdict other than Retry ends the call's
// transcription; any other error makes the Runner connect again.
type Session interface {
	// Send takes mono 16-bit samples at the session's Format.Rate. It must not
	// keep pcm.
	Send(ctx context.Context, pcm []int16) error
	// KeepAlive says that we are still here; it may do nothing.
	KeepAlive(ctx context.Context) error
	// Finish says that no audio will follow. Receive then gives the rest and
	// io.EOF.
	Finish(ctx context.Context) error
	// Receive blocks for the next results. io.EOF means that the service has
	// said everything; it may come together with the last results.
	Receive(ctx context.Context) ([]Result, error)
	// Close ends the connection at once.
	Close() error
}

// Format is the audio that a session will be sent.
type Format struct {
	Rate int // Hz
}

// Heard is the Result with which an adapter confirms all audio up to a time of
// the session, silence and noise too: its service said, in a message of its
// own, that it has worked that off, or the adapter knows that nothing is owed.
// Where only the connection ends, the Runner has to doubt it.
func Heard(upto time.Duration) Result { return Result{Final: true, End: upto} }

// Result is one message about one stretch of speech. Its times count from the
// session's first sample.
type Result struct {
	// Key tells stretches apart (item_id, turn_order); empty means the one
	// that is open. A first Result without text announces a stretch, which
	// then comes before those announced later.
	Key string
	// Final closes the stretch. One without text and words closes it with
	// what Append has settled; End then confirms that nothing else was said
	// up to there.
	Final bool
	// Append says that Text or Words continue the stretch's settled pieces,
	// with whole words: an adapter joins deltas of letters itself. Otherwise
	// they replace what is not settled, and a Final replaces all.
	Append bool
	// Text is as the service wrote it; case and punctuation are removed.
	Text string
	// Start and End are those of Text; zero means unknown, and the Runner
	// estimates them from what it has sent. An End, of a partial too, says that
	// the service has heard all up to there: nothing before it is sent again.
	// An adapter that only knows what it had sent when a message came gives
	// Words such times, says Estimated, and leaves End zero.
	Start, End time.Duration
	// Words win over Text when both are there. Empty means unknown: the
	// Runner spreads the words of Text over Start to End.
	Words []transcribe.Word
	// Estimated says that the times of Words are about right: up to two seconds
	// late, as services take to answer. Where two sessions meet, words that
	// both have said are then told by their text.
	Estimated bool
	// Confidence is 0..1 and is used for words that have none; 0 = unknown.
	Confidence float64
}
