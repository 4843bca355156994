// Package transcribe is the contract between a live call and whatever turns
// its audio into words. An engine package (sherpa, pocketsphinx, a vendor's
// service) implements [Engine]; the session that owns a call drives it.
//
// The package holds no engine, no audio code and no queue, and imports the
// standard library only, so that others can write engines against it.
package transcribe

import (
	"context"
	"time"
)

// FrameDuration is the usual length of a frame. Engines must accept any
// length: platforms send 20, 30, 128 and 200 ms.
const FrameDuration = 20 * time.Millisecond

// Frame is a stretch of one party's audio. Its samples are not shared: the
// receiver may keep them.
type Frame struct {
	// PCM holds mono 16-bit samples.
	PCM []int16
	// Rate is the sampling rate in Hz: 8000, 16000 or 48000. It never changes
	// within one call of Transcribe.
	Rate int
	// At is the stream time of the first sample, measured from the call's
	// zero, which both parties share. Frames arrive in order of At without
	// overlap; a gap between two frames is silence that nobody sent.
	At time.Duration
	// Wall is when the frame reached us. It is for measuring latency only.
	Wall time.Time
}

// Duration is the frame's length in time.
func (f Frame) Duration() time.Duration {
	if f.Rate <= 0 {
		return 0
	}
	return time.Duration(len(f.PCM)) * time.Second / time.Duration(f.Rate)
}

// End is the stream time just after the frame's last sample.
func (f Frame) End() time.Duration { return f.At + f.Duration() }

// Word is one recognised word with the stream times at which it was spoken.
type Word struct {
	Text       string        `json:"text"`
	Start      time.Duration `json:"start"`
	End        time.Duration `json:"end"`
	Confidence float64       `json:"confidence"` // 0..1
}

// Segment is what was heard in one stretch of speech. Partials of a stretch
// may be replaced at will by a later segment of the same ID; the one final
// closes it and is never revised. A final may come without a partial before.
type Segment struct {
	// ID numbers the stretches of speech of one Transcribe call from 1.
	ID    int
	Final bool
	// Text is lower-case words separated by single spaces, and never empty in
	// a final.
	Text  string
	Start time.Duration
	End   time.Duration
	// Confidence is 0..1; engines that have none report the mean of their words.
	Confidence float64
	// Words is complete and in order in a final; in a partial it may be nil.
	Words []Word
	// Spots are the phrases of [Hints.Spot] heard in this stretch, whatever
	// Text says, in order of time; in finals only.
	Spots []Spot
}

// Spot is one phrase that was listened for and heard.
type Spot struct {
	Phrase     string        `json:"phrase"` // as it was asked for
	Start      time.Duration `json:"start"`
	End        time.Duration `json:"end"`
	Confidence float64       `json:"confidence"` // 0..1
}

// Engine turns one party's audio into text.
type Engine interface {
	// Transcribe blocks until frames closes (then it flushes what it heard and
	// returns nil) or ctx ends (then it returns ctx's error at once). It starts
	// nothing that outlives the call. It calls emit from one goroutine, a
	// partial at least every 300 ms while somebody speaks and exactly one final
	// for each stretch of speech, in order. emit may block: that is
	// back-pressure, and the engine must not drop a final because of it. An
	// error from emit ends Transcribe, which returns it.
	//
	// An error that is not ctx's or emit's carries its verdict; see [VerdictOf].
	// After a [Retry] error the caller may call Transcribe again with the audio
	// from the last final's end on.
	Transcribe(ctx context.Context, frames <-chan Frame, emit func(Segment) error) error
}

// Info describes an engine to people: on the command line and the status page.
type Info struct {
	Name      string   `json:"name"`      // as configured, such as "sherpa"
	Model     string   `json:"model"`     // empty when the engine has none
	Languages []string `json:"languages"` // BCP 47; empty means any
	// Note is a plain sentence that a user must know, such as "last resort:
	// one word in two is wrong on the phone". Empty when there is none.
	Note string `json:"note,omitempty"`
}

// Describer is implemented by engines that can say what they are.
type Describer interface {
	Info() Info
}
