package sherpa

import (
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/transcribe"
	"heed/transcribe/enginetest"
)

// parrot is a model that hears one word in each second in which somebody
// speaks, a chunk of 320 ms at a time, and an endpoint after 800 ms of silence.
type parrot struct {
	mu             sync.Mutex
	opened, closed int
	broken         error
}

func (p *parrot) spot(hints) (spotting, error) { return nil, nil }

func (p *parrot) open(hints) (hearing, error) {
	if p.broken != nil {
		return nil, p.broken
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.opened++
	return &parrotStream{p: p}, nil
}

func (p *parrot) close() {}

// secondStreams is how many ways a stretch is heard again when all agree, as
// parrots do.
const secondStreams = 2

const parrotChunk = modelRate * 32 / 100

type parrotStream struct {
	p         *parrot
	samples   []float32
	decoded   int
	hyp       hypothesis
	lastSound int
}

func (s *parrotStream) accept(samples []float32) { s.samples = append(s.samples, samples...) }

func (s *parrotStream) step() bool {
	if len(s.samples)-s.decoded < parrotChunk {
		return false
	}
	for range parrotChunk {
		if x := s.samples[s.decoded]; x > 0.1 || x < -0.1 {
			if at := float64(s.decoded) / modelRate; len(s.hyp.Tokens) == 0 || at-s.hyp.Timestamps[len(s.hyp.Timestamps)-1] > 1 {
				s.hyp.Tokens = append(s.hyp.Tokens, " WORD")
				s.hyp.Timestamps = append(s.hyp.Timestamps, at)
				s.hyp.LogProbs = append(s.hyp.LogProbs, -0.5)
			}
			s.lastSound = s.decoded
		}
		s.decoded++
	}
	s.hyp.endpoint = len(s.hyp.Tokens) > 0 && s.decoded-s.lastSound > modelRate*8/10
	return true
}

func (s *parrotStream) result() (hypothesis, error) { return s.hyp, nil }
func (s *parrotStream) reset()                      { s.hyp = hypothesis{} }

func (s *parrotStream) close() {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.closed++
}

// listen gives an ear and what it emits.
func listen(t interface {
	Helper()
	Fatal(...any)
}, p *parrot, rate int,
) (*ear, *[]transcribe.Segment) {
	t.Helper()
	var got []transcribe.Segment
	e, err := newEar(p, rate, DefaultTuning(), func(s transcribe.Segment) error {
		got = append(got, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return e, &got
}

// tone is speech enough for a parrot.
func tone(d time.Duration, rate int) []int16 {
	pcm := make([]int16, timeToSamples(d, rate))
	for i := range pcm {
		pcm[i] = int16(12000 * math.Sin(2*math.Pi*440*float64(i)/float64(rate)))
	}
	return pcm
}

func hush(d time.Duration, rate int) []int16 { return make([]int16, timeToSamples(d, rate)) }

// hearAll sends audio from a stream time on in frames of 20 ms.
func hearAll(t *testing.T, e *ear, at time.Duration, pcm []int16) time.Duration {
	t.Helper()
	for size := e.rate / 50; len(pcm) > 0; {
		n := min(size, len(pcm))
		if err := e.hear(at, pcm[:n]); err != nil {
			t.Fatal(err)
		}
		at += samplesToTime(int64(n), e.rate)
		pcm = pcm[n:]
	}
	return at
}

func onlyFinals(all []transcribe.Segment) []transcribe.Segment {
	var finals []transcribe.Segment
	for _, s := range all {
		if s.Final {
			finals = append(finals, s)
		}
	}
	return finals
}

func near(t *testing.T, what string, got, want time.Duration) {
	t.Helper()
	// The parrot hears a word when it begins, and models are late by lateness.
	if want -= lateness; (got - want).Abs() > 50*ms {
		t.Errorf("%s at %v, want about %v", what, got, want)
	}
}

// TestClockSurvives checks that words keep the call's time over everything
// that happens to a stream.
func TestClockSurvives(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{8000, 16000, 48000} {
		p := new(parrot)
		e, got := listen(t, p, rate)
		e.again.tuning.Second = SecondAlways // also of what ends without a pause
		begin := 10 * time.Minute
		at := hearAll(t, e, begin, tone(500*ms, rate))
		at = hearAll(t, e, at+time.Second, tone(500*ms, rate))   // a gap that is filled
		at = hearAll(t, e, at+time.Minute, tone(500*ms, rate))   // one that is not
		at = hearAll(t, e, at, hush(20*time.Second, rate))       // asleep
		second := at                                             // awake
		at = hearAll(t, e, at, tone(500*ms, rate))               //
		_ = hearAll(t, e, at-100*ms, tone(2100*ms, rate)[:rate]) // frames that overlap
		if err := e.finish(); err != nil {
			t.Fatal(err)
		}
		finals := onlyFinals(*got)
		if len(finals) != 4 {
			t.Fatalf("%d Hz: finals %+v, want 4", rate, finals)
		}
		// The first word begins with the stream, and cannot begin before it.
		if finals[0].Start != begin {
			t.Errorf("first word at %v, want %v", finals[0].Start, begin)
		}
		near(t, "word after a filled gap", finals[1].Start, begin+1500*ms)
		if want := begin + 62*time.Second; finals[2].Start != want {
			t.Errorf("word after a long gap at %v, want %v", finals[2].Start, want)
		}
		near(t, "word after silence", finals[3].Start, second)
		if want := 3 + 4*secondStreams; p.opened != want || p.closed != want {
			t.Errorf("%d Hz: %d model streams opened, %d closed, want %d", rate, p.opened, p.closed, want)
		}
	}
}

// TestSmallOffsetsAddUp: a platform whose frames come 5 ms late each second
// is not taken for one with gaps, but its time is kept.
func TestSmallOffsetsAddUp(t *testing.T) {
	t.Parallel()
	p := new(parrot)
	e, got := listen(t, p, 8000)
	at := time.Duration(0)
	for range 40 {
		at = hearAll(t, e, at, tone(980*ms, 8000)[:800]) + 5*ms // 100 ms of sound, and 5 ms lost
		at = hearAll(t, e, at, hush(900*ms, 8000))
	}
	last := at
	hearAll(t, e, at, tone(500*ms, 8000))
	if err := e.finish(); err != nil {
		t.Fatal(err)
	}
	finals := onlyFinals(*got)
	near(t, "last word", finals[len(finals)-1].Words[len(finals[len(finals)-1].Words)-1].Start, last)
}

func TestSilenceNeverReachesTheModel(t *testing.T) {
	p := new(parrot)
	e, got := listen(t, p, 8000)
	idle := hush(30*time.Second, 8000)
	for i := range idle {
		idle[i] = int16(i%(2*silent+1) - silent)
	}
	hearAll(t, e, 0, idle)
	if err := e.finish(); err != nil {
		t.Fatal(err)
	}
	if p.opened != 0 || len(*got) != 0 {
		t.Errorf("%d model streams and segments %+v of silence", p.opened, *got)
	}
	// What comes then is heard with a little of the silence before it.
	hearAll(t, e, 30*time.Second, tone(time.Second, 8000))
	if want := 30*time.Second - recall; e.clock.start != want {
		t.Errorf("listens from %v on, want %v", e.clock.start, want)
	}
}

// TestStretchKeepsItsPromise: a partial is followed by a final even if the
// model then hears nothing.
func TestStretchKeepsItsPromise(t *testing.T) {
	s, c := stretch{id: 1}, clock{next: time.Second}
	words := func() []transcribe.Word { return []transcribe.Word{{Text: "yes", Start: 0, End: 300 * ms}} }
	if _, ok := s.update(nil, c, true); ok {
		t.Error("a final of nothing")
	}
	if seg, ok := s.update(words(), c, false); !ok || seg.Final || seg.ID != 1 {
		t.Errorf("partial %+v", seg)
	}
	if _, ok := s.update(words(), c, false); ok {
		t.Error("the same partial again")
	}
	if _, ok := s.update(nil, c, false); ok {
		t.Error("a partial of nothing")
	}
	if seg, ok := s.update(nil, c, true); !ok || !seg.Final || seg.Text != "yes" {
		t.Errorf("final %+v, %t", seg, ok)
	}
	if seg, ok := s.update(words(), c, true); !ok || seg.ID != 2 || seg.Start < 300*ms || seg.End <= seg.Start {
		t.Errorf("next final %+v, want it behind the one before", seg)
	}
}

// TestAnyFrames sends frames of any size with any gaps, and holds what comes
// out against the contract.
func TestAnyFrames(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := new(parrot)
		rate := rapid.SampledFrom([]int{8000, 11025, 16000, 48000}).Draw(t, "rate")
		e, got := listen(t, p, rate)
		at := time.Duration(rapid.IntRange(0, 1e6).Draw(t, "start")) * ms
		var frames []transcribe.Frame
		for range rapid.IntRange(1, 10).Draw(t, "frames") {
			d := time.Duration(rapid.IntRange(1, 500).Draw(t, "length")) * ms
			f := transcribe.Frame{Rate: rate, At: at, PCM: tone(d, rate)}
			if rapid.Bool().Draw(t, "silent") {
				f.PCM = hush(d, rate)
			}
			if err := e.hear(f.At, f.PCM); err != nil {
				t.Fatal(err)
			}
			frames = append(frames, f)
			at = f.End() + time.Duration(rapid.SampledFrom([]int{0, 0, 0, 4, 30, 500, 5000}).Draw(t, "gap"))*ms
		}
		if err := e.finish(); err != nil {
			t.Fatal(err)
		}
		for _, problem := range enginetest.Check(*got, frames) {
			t.Error(problem)
		}
		if p.opened != p.closed {
			t.Errorf("%d model streams opened, %d closed", p.opened, p.closed)
		}
	})
}

func TestEarFailures(t *testing.T) {
	for _, rate := range []int{0, -1, 7999, 48001} {
		if _, err := newEar(new(parrot), rate, DefaultTuning(), nil); err == nil {
			t.Errorf("a rate of %d Hz was taken", rate)
		}
	}
	broken := errors.New("no more streams")
	e, _ := listen(t, &parrot{broken: broken}, 8000)
	if err := e.hear(0, tone(time.Second, 8000)); !errors.Is(err, broken) {
		t.Errorf("%v, want the model's error", err)
	}
	e, _ = listen(t, new(parrot), 8000)
	e.emit = func(transcribe.Segment) error { return broken }
	if err := e.hear(0, tone(time.Second, 8000)); !errors.Is(err, broken) {
		t.Errorf("%v, want emit's error", err)
	}
}
