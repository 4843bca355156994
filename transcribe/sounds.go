package transcribe

import "time"

// SoundKind is a sort of sound that is not speech.
type SoundKind string

// The kinds of sound.
const (
	SoundMusic      SoundKind = "music"
	SoundRinging    SoundKind = "ringing"
	SoundBusy       SoundKind = "busy"
	SoundCongestion SoundKind = "congestion" // the network is busy, not the other side
	SoundSpecial    SoundKind = "special"    // the three rising tones before an announcement
	SoundDialTone   SoundKind = "dial_tone"
	SoundKeys       SoundKind = "keys" // pressed keys; which is never told
	SoundFax        SoundKind = "fax"
	SoundBeep       SoundKind = "beep"
	// SoundMachine is an answering machine, from its greeting to its beep. The
	// greeting is speech and not masked.
	SoundMachine SoundKind = "machine"
)

// Sound is a sound on the line. Start and End are times of the detector's
// stream, from its first sample.
type Sound struct {
	Kind  SoundKind
	Start time.Duration
	End   time.Duration // of what was heard so far
	// Confidence is 0..1: for a machine its probability, for other kinds how
	// much of the evidence fits.
	Confidence float64
	// Keys is how many keys were pressed at most, for keys only.
	Keys int
	// Open tells that the sound may go on. A sound is told when it is known
	// and when it ends; Kind and Start tell which one that is.
	Open bool
}

// Stretch is a part of a stream, from Start up to but without End.
type Stretch struct{ Start, End time.Duration }

// Sounds is what new samples brought. It is valid until the next call.
type Sounds struct {
	Events  []Sound
	Pressed []Stretch // each pressed key, with a margin
	// Masked is what the mask has grown by, in order of finding: stretches may
	// touch or overlap, and lie seconds back.
	Masked []Stretch
}

// SoundDetector finds what is not speech in one party's audio. It is used by
// one goroutine.
type SoundDetector interface {
	// Process takes the next samples of the stream.
	Process(pcm []int16) Sounds
	// Close ends the stream and what is open in it. Nothing may follow.
	Close() Sounds
	// Position is the stream time after the last sample taken.
	Position() time.Duration
	// Decided is the stream time before which the mask is final, but for what
	// is only known in hindsight. While nothing is masked that is Position.
	Decided() time.Duration
}
