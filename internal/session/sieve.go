package session

import (
	"time"

	"heed/insights"
	"heed/transcribe"
)

const (
	// fillGap is the longest gap that is silence to a detector: some platforms
	// send nothing between two rings. After a longer one it begins anew.
	fillGap = 10 * time.Second
	// slackGap is how far stamps may wander from the samples.
	slackGap = 5 * time.Millisecond
	// pressMargin widens a key's mute in the recording, beyond the detector's
	// own margin: half a chunk of the recording's resampler and of stamps.
	pressMargin = 40 * time.Millisecond
)

// sieve takes what is not speech out of one party's audio on its way to an
// engine. While there is speech it delays nothing; what follows music or a
// tone is held back until it is known for what it is, at most 0.6 s.
type sieve struct {
	who    insights.Speaker
	called bool // by an outbound call
	noise  *noise
	// mute silences a pressed key in the recording.
	mute func(who insights.Speaker, from, to time.Duration)

	detect   func(rate int, called bool) transcribe.SoundDetector
	detector transcribe.SoundDetector // nil before the first frame
	rate     int
	zero     time.Duration // where the detector's stream begins
	held     []transcribe.Frame
	ready    []transcribe.Frame
}

// pass takes a frame and gives those that may go on, silenced where they must
// be. They are valid until the next call; frames that are silenced are copies.
func (s *sieve) pass(f transcribe.Frame) []transcribe.Frame {
	s.ready = s.ready[:0]
	s.align(f)
	if s.detector == nil { // there is none for this rate
		return append(s.ready, f)
	}
	s.take(s.detector.Process(f.PCM))
	s.held = append(s.held, f)
	s.release(s.detector.Decided() >= s.detector.Position())
	return s.ready
}

// end gives what is still held, and ends the sounds that are open.
func (s *sieve) end() []transcribe.Frame {
	s.ready = s.ready[:0]
	if s.detector != nil {
		s.take(s.detector.Close())
		s.release(true)
		s.detector = nil
	}
	return s.ready
}

// align brings the detector to where a frame begins.
func (s *sieve) align(f transcribe.Frame) {
	if s.detector != nil && s.rate == f.Rate {
		gap := f.At - s.zero - s.detector.Position()
		if gap <= slackGap && gap >= -slackGap {
			return
		}
		if gap > 0 && gap <= fillGap {
			s.take(s.detector.Process(make([]int16, int(gap*time.Duration(f.Rate)/time.Second))))
			return
		}
	}
	if s.detector != nil {
		s.take(s.detector.Close())
		s.release(true)
	}
	s.rate, s.zero = f.Rate, f.At
	s.detector = s.detect(f.Rate, s.called)
}

// release lets go of what was decided, or of everything.
func (s *sieve) release(all bool) {
	upTo, n := s.zero+s.detector.Decided(), 0
	for ; n < len(s.held) && (all || s.held[n].End() <= upTo); n++ {
		f := s.held[n]
		if s.noise.touches(s.who, f) {
			f.PCM = append([]int16(nil), f.PCM...) // the recording has the same
			s.noise.clear(s.who, f)
		}
		s.ready = append(s.ready, f)
	}
	s.held = s.held[:copy(s.held, s.held[n:])]
}

// take notes what was found.
func (s *sieve) take(found transcribe.Sounds) {
	for _, m := range found.Masked {
		s.noise.mask(s.who, s.zero+m.Start, s.zero+m.End)
	}
	for _, m := range found.Pressed {
		s.mute(s.who, s.zero+m.Start-pressMargin, s.zero+m.End+pressMargin)
	}
	for _, e := range found.Events {
		s.noise.tell(s.who, s.zero, e)
	}
}
