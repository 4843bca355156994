package session

import (
	"time"

	"heed/insights"
	"heed/internal/ingest"
	"heed/transcribe"
)

// stream is what a door holds of a call. Its methods never wait for disk,
// engine or database.
type stream struct {
	in     *intake
	call   string        // our id of it
	offset time.Duration // of the stream's zero on the call's clock
	ended  bool          // guarded by the intake's lock
}

var (
	_ ingest.Stream  = (*stream)(nil)
	_ ingest.Located = (*stream)(nil)
)

// Located gives the call's id and where the stream begins on its clock.
func (s *stream) Located() (call string, zero time.Duration) { return s.call, s.offset }

// Audio hands over a frame.
func (s *stream) Audio(who insights.Speaker, f transcribe.Frame) { s.in.audio(s, who, f) }

// toneMargin is how far around a reported key its tone is looked for.
const toneMargin = 500 * time.Millisecond

// Digit notes a pressed key. Keys can be a card number, so which one it was
// is not kept: only that there was one. Its tone is muted in the recording.
func (s *stream) Digit(who insights.Speaker, digit string, at time.Duration) {
	if who == insights.Agent {
		s.in.press(digit, at+s.offset)
	}
	if s.in.deaf() {
		return
	}
	at += s.offset
	s.in.tape.mute(who, at-toneMargin, at+toneMargin)
	s.in.tracks[partyOf(who)].sieve.noise.pressed(who, at)
}

// Fault counts faults of the way in.
func (s *stream) Fault(f ingest.Fault, n int) { s.in.fault(s, f, n) }

// Stop ends the stream; a second Stop does nothing.
func (s *stream) Stop(why ingest.Reason) { s.in.stop(s, why) }
