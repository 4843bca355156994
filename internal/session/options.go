package session

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/insights"
	"heed/insights/redact"
	"heed/internal/event"
	"heed/internal/recording"
	"heed/transcribe"
)

// brain is where facts are committed. Every method returns after the commit
// and is called again with the same arguments after an error, so it must not
// do the same thing twice: call and utterance ids tell.
type brain interface {
	lifecycle
	// Heard commits an utterance with what was understood from it.
	Heard(ctx context.Context, callID string, u insights.Utterance, found []insights.Insight) error
	// OpenCalls gives the calls that are not closed, and by call id what was
	// committed of them.
	OpenCalls(ctx context.Context) ([]event.Call, map[string][]insights.Utterance, error)
	// RecordingAnswered commits what the caller said to being recorded, as it
	// stands in the call's record: as CallChanged, and with a no it forgets
	// what was committed of the call before.
	RecordingAnswered(ctx context.Context, c event.Call) error
}

// lifecycle is the part of the brain that follows a call from start to end.
type lifecycle interface {
	// CallStarted stores a new call and gives it back with the customer and
	// normalised numbers. For a platform call that it knows already it gives
	// that one, whose id differs.
	CallStarted(ctx context.Context, c event.Call) (event.Call, error)
	// CallChanged stores Captions, Recording, Health and Duration. Other
	// fields are as CallStarted gave them and may be out of date.
	CallChanged(ctx context.Context, c event.Call) error
	// CallEnded closes a call: as CallChanged, with Status, EndedAt and
	// EndReason, and the insights about the whole call.
	CallEnded(ctx context.Context, c event.Call, whole []insights.Insight) error
}

// captions is where partial captions go. They are never stored. An empty text
// takes the segment's caption away. Partial must not block.
type captions interface {
	Partial(callID string, who insights.Speaker, segment int, text string, start, end insights.Seconds)
}

// Redactor removes what must not be kept, for one call. The session calls it
// from one goroutine.
type Redactor interface {
	Final(u insights.Utterance) (insights.Utterance, []insights.Insight, []redact.Mute)
	Partial(who insights.Speaker, text string) string
}

// World is what the outside gives every call; the zero World is the real one.
type World struct {
	Now func() time.Time // nil is time.Now
	// Disk is the file system of the recordings; nil is the real one.
	Disk recording.FS
}

// Options are what a Manager needs. Brain, Dir, Key and Logger are required.
type Options struct {
	Brain    brain
	Captions captions // nil shows no partial captions
	// Engine gives the engine for one party of a call and its name. The call's
	// status tells whether it goes on: what is heard when it is over is heard
	// from the recording and can wait. failed names those that asked to be
	// replaced lately; a nil engine means that there is no other, and after a
	// rest it is asked again with none failed. A nil engine when none failed
	// means that the party is not transcribed while the call goes on; the name
	// is then a sentence for the operator that says why. A nil Engine means
	// that nobody is.
	Engine func(c event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string)
	// Hints gives what the engines of one party are told, once a call. Spots
	// of phrases that it does not name are dropped. Nil tells nothing.
	Hints func(c event.Call, who insights.Speaker) transcribe.Hints
	// Analyzer reads every utterance of both sides. Nil finds nothing.
	Analyzer insights.Analyzer
	// Redactor makes the redactor of a call. Nil is redact's default policy.
	Redactor func() Redactor
	Extras

	Dir string // holds the folders spool and recordings
	Key []byte // master key of the spools, recording.KeyBytes long

	Limits

	Logger     *slog.Logger
	Registerer prometheus.Registerer // nil registers no metrics
	World
}

// Limits bound the live calls.
type Limits struct {
	MaxCalls    int           // calls live at once; 0 is 100
	Admit       func() bool   // whether the node can take another call; nil takes MaxCalls
	Grace       time.Duration // how long a cut-off call waits for a reconnect; 0 is 15 s
	SilentAfter time.Duration // a track without sound is noted after this; 0 is 30 s
	Keys        Keys          // by which an agent pauses the recording
}

// Keys are what an agent presses to have nothing kept for a while, as when a
// card is read out, and to go on. Empty ones do nothing. Both may be the same.
type Keys struct{ Pause, Resume string }

func (l Limits) withDefaults() Limits {
	l.MaxCalls = cmp.Or(max(l.MaxCalls, 0), 100)
	l.Grace = cmp.Or(max(l.Grace, 0), 15*time.Second)
	l.SilentAfter = cmp.Or(max(l.SilentAfter, 0), 30*time.Second)
	if l.Admit == nil {
		l.Admit = func() bool { return true }
	}
	return l
}

// Extras are what a call is heard and understood without, too.
type Extras struct {
	// Writer makes what gives redacted utterances of a call as people write
	// them; see Written and WrittenWords of insights.Utterance. It is pure. Nil
	// writes nothing.
	Writer func(c event.Call) func(u *insights.Utterance) (text string, words []int)
	// Country gives the country (ISO 3166) of the customer on a call. Nil knows
	// none.
	Country func(c event.Call) string
	// Assent tells how a call may be kept. Nil keeps all, announced.
	Assent func(c event.Call) Assent
	// Answer reads what is said about being recorded. Nil understands nothing.
	Answer Answers
	// Sounds makes what finds music, tones and keys in one party's audio of a
	// rate; called tells that this party was called. Nil, and a nil detector,
	// take everything for speech.
	Sounds func(rate int, called bool) transcribe.SoundDetector
	// Measure gives the talk figures of a call so far, or of the whole of it,
	// from its utterances in any order, its length (zero: up to the last word)
	// and where music was on the line. It is pure. Nil gives none.
	Measure func(said []insights.Utterance, length insights.Seconds, music []insights.Stretch) []insights.Insight
}

// withDefaults checks what is required and fills in the rest.
func (o Options) withDefaults() (Options, error) {
	switch {
	case o.Brain == nil:
		return o, errors.New("session: no brain")
	case o.Dir == "":
		return o, errors.New("session: no folder for recordings")
	case len(o.Key) != recording.KeyBytes:
		return o, errors.New("session: the master key has the wrong length")
	case o.Logger == nil:
		return o, errors.New("session: no logger")
	}
	o.Limits = o.Limits.withDefaults()
	if o.Now == nil {
		o.Now = time.Now
	}
	return o.withParts(), nil
}

// withParts puts something that does nothing in the place of what is not
// given, and the default policy in that of the redactor.
func (o Options) withParts() Options {
	if o.Captions == nil {
		o.Captions = noCaptions{}
	}
	if o.Engine == nil {
		o.Engine = func(event.Call, insights.Speaker, []string) (transcribe.Engine, string) { return nil, "" }
	}
	if o.Hints == nil {
		o.Hints = func(event.Call, insights.Speaker) transcribe.Hints { return transcribe.Hints{} }
	}
	if o.Analyzer == nil {
		o.Analyzer = insights.Chain(nil)
	}
	if o.Redactor == nil {
		o.Redactor = func() Redactor { return redact.New(redact.Policy{}) }
	}
	if o.Writer == nil {
		o.Writer = func(event.Call) func(*insights.Utterance) (string, []int) {
			return func(*insights.Utterance) (string, []int) { return "", nil }
		}
	}
	if o.Assent == nil {
		o.Assent = func(event.Call) Assent { return Assent{} }
	}
	if o.Answer == nil {
		o.Answer = noAnswers{}
	}
	if o.Sounds == nil {
		o.Sounds = func(int, bool) transcribe.SoundDetector { return nil }
	}
	if o.Country == nil {
		o.Country = func(event.Call) string { return "" }
	}
	if o.Measure == nil {
		o.Measure = func([]insights.Utterance, insights.Seconds, []insights.Stretch) []insights.Insight { return nil }
	}
	return o
}

// noCaptions shows nothing.
type noCaptions struct{}

func (noCaptions) Partial(string, insights.Speaker, int, string, insights.Seconds, insights.Seconds) {
}
