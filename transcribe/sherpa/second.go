package sherpa

import (
	"fmt"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
)

// Second says when finals get a second pass.
type Second string

// The second pass hears the audio of a stretch of speech again in other ways;
// the final is what most of them hear.
const (
	SecondAlways Second = "always" // the same audio gives the same text
	SecondIdle   Second = "idle"   // while the worker keeps up with its streams
	SecondNever  Second = "never"  // the same audio gives the same text
)

// ways of hearing a stretch again. Other speeds, and with them other pitches,
// make other mistakes; another noise or another place of the model's chunks
// alone makes mostly the same ones.
type way struct {
	speed   float64 // of the audio, 1 is as it was
	preRoll time.Duration
}

func secondWays() []way {
	return []way{
		{speed: 0.93, preRoll: 500 * time.Millisecond},
		{speed: 1.07, preRoll: 500 * time.Millisecond},
		{speed: 1, preRoll: 660 * time.Millisecond},
		{speed: 1, preRoll: 580 * time.Millisecond},
	}
}

const (
	// overlap of two stretches' audio: as far as the model may lie behind.
	overlapping = 400 * time.Millisecond
	// stepsEach is how many chunks of the second pass are decoded for each
	// frame that comes in the pause, so that most are through at its end: 10 s
	// of speech in four ways take 125.
	stepsEach = 6
	all       = math.MaxInt
	// hasteLeft is how many are decoded at the end of a stretch in one go while
	// others may wait: a twentieth of a second's work.
	hasteLeft = 8
	// peakShare of the samples may be above the peak that the level follows.
	peakShare = 0.001
	maxGain   = 30
)

// tape holds the audio of the stretch under way, at the model's rate and
// before level and noise.
type tape struct {
	pcm  []int16
	from time.Duration // the call's time of its first sample
}

// add appends audio, and keeps no more than the given length.
func (t *tape) add(pcm []int16, longest time.Duration) {
	t.pcm = append(t.pcm, pcm...)
	if extra := len(t.pcm) - timeToSamples(longest, modelRate); extra > 0 {
		t.cut(len(t.pcm) - extra)
	}
}

// cut keeps the last n samples.
func (t *tape) cut(n int) {
	gone := max(len(t.pcm)-n, 0)
	t.pcm = append(t.pcm[:0], t.pcm[gone:]...)
	t.from += samplesToTime(int64(gone), modelRate)
}

// second is the second pass over one stretch: one way after the other, until
// enough of them agree.
type second struct {
	opened  func() (hearing, error)
	tuning  Tuning
	pcm     []int16             // at its level
	zero    time.Duration       // the call's time of the first sample
	guesses [][]transcribe.Word // one for each way that was heard
	stream  hearing             // of the way under way; nil between two
}

// startSecond takes the tape as it is now.
func startSecond(open func() (hearing, error), t tape, tuning Tuning) *second {
	return &second{opened: open, tuning: tuning, pcm: levelled(t.pcm, tuning.Level), zero: t.from}
}

// step decodes up to n chunks, which it counts, or fewer when it is through.
// The words are what the first pass hears by now.
func (s *second) step(n int, first []transcribe.Word, steps *atomic.Int64) error {
	for n > 0 && (s.stream != nil || !s.through(first)) {
		if s.stream == nil {
			if err := s.open(); err != nil {
				return err
			}
		}
		n--
		if s.stream.step() {
			steps.Add(1)
		} else if err := s.end(); err != nil {
			return err
		}
	}
	return nil
}

// through tells whether another way could change anything worth its time.
func (s *second) through(first []transcribe.Word) bool {
	switch n := len(s.guesses); {
	case n == len(secondWays()):
		return true
	case n >= 2:
		for _, g := range s.guesses {
			if !sameText(g, first) {
				return false
			}
		}
		return true
	}
	return false
}

func sameText(a, b []transcribe.Word) bool {
	return slices.EqualFunc(a, b, func(x, y transcribe.Word) bool { return x.Text == y.Text })
}

// open begins the next way.
func (s *second) open() error {
	stream, err := s.opened()
	if err != nil {
		return fmt.Errorf("second pass: %w", err)
	}
	w := secondWays()[len(s.guesses)]
	heard := make([]int16, timeToSamples(w.preRoll, modelRate))
	heard = append(heard, atSpeed(s.pcm, w.speed)...)
	heard = append(heard, make([]int16, timeToSamples(s.tuning.Tail, modelRate))...)
	audio.NewNoise(s.tuning.Seed+1+uint64(len(s.guesses)), s.tuning.Noise).Add(heard)
	stream.accept(audio.ToFloat(nil, heard))
	s.stream = stream
	return nil
}

// end reads what was heard, at the times of the call.
func (s *second) end() error {
	defer s.close()
	h, err := s.stream.result()
	if err != nil {
		return err
	}
	w := secondWays()[len(s.guesses)]
	words := h.words(0)
	for i := range words {
		words[i].Start = s.zero + time.Duration(float64(words[i].Start-w.preRoll)*w.speed)
		words[i].End = s.zero + time.Duration(float64(words[i].End-w.preRoll)*w.speed)
	}
	s.guesses = append(s.guesses, words)
	return nil
}

// with gives what the first pass and the second together heard.
func (s *second) with(first []transcribe.Word) []transcribe.Word {
	return vote(append([][]transcribe.Word{first}, s.guesses...))
}

// close gives a stream under way back.
func (s *second) close() {
	if s.stream != nil {
		s.stream.close()
		s.stream = nil
	}
}

// levelled brings a whole stretch to its level at once, which the first pass
// can only approach.
func levelled(pcm []int16, target float64) []int16 {
	counts := make([]int, 1<<15+1)
	for _, s := range pcm {
		counts[magnitude(s)]++
	}
	left := int(peakShare * float64(len(pcm)))
	peak := len(counts) - 1
	for ; peak > 1; peak-- {
		if left -= counts[peak]; left < 0 {
			break
		}
	}
	gain := min(target*(1<<15)/float64(peak), maxGain)
	out := make([]int16, len(pcm))
	for i, s := range pcm {
		out[i] = clipped(float64(s) * gain)
	}
	return out
}

func magnitude(s int16) int { return max(int(s), -int(s)) }

func clipped(x float64) int16 { return int16(min(max(x, -1<<15), 1<<15-1)) }

// atSpeed plays audio faster or slower, pitch and all. What interpolating in a
// straight line adds is far below the noise that follows.
func atSpeed(pcm []int16, speed float64) []int16 {
	if speed == 1 || len(pcm) == 0 {
		return pcm
	}
	out := make([]int16, int(float64(len(pcm)-1)/speed))
	for i := range out {
		at := float64(i) * speed
		k := int(at)
		part := at - float64(k)
		out[i] = clipped(float64(pcm[k])*(1-part) + float64(pcm[k+1])*part)
	}
	return out
}
