package audio

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// speech is a crude voice: bursts of a tone at an amplitude with noise
// between them.
func speech(rate, seconds int, amplitude, noise float64) []int16 {
	out := make([]int16, rate*seconds)
	for i := range out {
		if i/(rate*2/5)%2 == 0 { // 0.4 s on, 0.4 s off
			out[i] = int16(amplitude * math.Sin(2*math.Pi*300*float64(i)/float64(rate)))
		}
	}
	NewNoise(1, noise/32767).Add(out)
	return out
}

// peakOf is the highest sample.
func peakOf(x []int16) float64 {
	top := 0.0
	for _, s := range x {
		top = max(top, math.Abs(float64(s)))
	}
	return top
}

func TestLevelReachesTheTarget(t *testing.T) {
	for _, amplitude := range []float64{800, 3000, 12000, 30000} {
		pcm := speech(16000, 6, amplitude, 5)
		NewLeveler(16000, LevelOptions{}).Process(pcm)
		if got := 20 * math.Log10(peakOf(pcm[16000:])/32768); math.Abs(got+6) > 1.5 {
			t.Errorf("speech at %.0f ends at %.1f dBFS, want about -6", amplitude, got)
		}
		if over := peakOf(pcm); over > 0.6*32768 && amplitude < 16000 {
			t.Errorf("speech at %.0f overshoots to %.0f", amplitude, over)
		}
	}
}

func TestLevelNeverPumpsNoise(t *testing.T) {
	l := NewLeveler(8000, LevelOptions{})
	l.Process(speech(8000, 4, 6000, 8))
	gain := l.Gain()
	// Half a minute of the same line without anybody speaking.
	hush := make([]int16, 30*8000)
	NewNoise(2, 8.0/32767).Add(hush)
	l.Process(hush)
	if now := l.Gain(); now > gain*1.05 {
		t.Errorf("gain went from %.2f to %.2f in a pause", gain, now)
	}
	for _, sigma := range []float64{5, 20, 60, 150} {
		alone := NewLeveler(8000, LevelOptions{})
		pcm := make([]int16, 10*8000)
		NewNoise(3, sigma/32767).Add(pcm)
		alone.Process(pcm)
		if alone.Gain() != 1 {
			t.Errorf("gain %.2f for a line with nothing but noise of %.0f", alone.Gain(), sigma)
		}
	}
}

func TestLevelBarelyFollowsNoiseThatBegins(t *testing.T) {
	// Lines with silence suppression switch their noise on and off.
	l := NewLeveler(8000, LevelOptions{})
	l.Process(make([]int16, 8000))
	pcm := make([]int16, 5*8000)
	NewNoise(3, 60.0/32767).Add(pcm)
	l.Process(pcm)
	if l.Gain() > 4 {
		t.Errorf("gain %.2f for noise after dead silence, want at most 4", l.Gain())
	}
}

func TestLevelNeverClips(t *testing.T) {
	l := NewLeveler(8000, LevelOptions{})
	l.Process(speech(8000, 3, 600, 3)) // a quiet voice, so a high gain
	shout := tone(8000, 4000, 300, 32000)
	l.Process(shout)
	if got := peakOf(shout); got > 0.52*32768 {
		t.Errorf("a shout after a whisper comes out at %.0f, want about half of full scale", got)
	}
}

func TestLevelBoundsItsGain(t *testing.T) {
	l := NewLeveler(8000, LevelOptions{Target: 0.5, MaxGain: 4})
	l.Process(speech(8000, 5, 400, 1))
	if got := l.Gain(); got > 4 {
		t.Errorf("gain %v, want at most 4", got)
	}
}

func TestLevelAndNoiseIgnoreChunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SliceOfN(rapid.Int16(), 0, 2000).Draw(t, "signal")
		whole, parts := slices.Clone(in), slices.Clone(in)
		NewLeveler(8000, LevelOptions{}).Process(whole)
		NewNoise(7, 0.001).Add(whole)
		l, n := NewLeveler(8000, LevelOptions{}), NewNoise(7, 0.001)
		for rest := parts; len(rest) > 0; {
			k := rapid.IntRange(1, len(rest)).Draw(t, "chunk")
			l.Process(rest[:k])
			n.Add(rest[:k])
			rest = rest[k:]
		}
		if !slices.Equal(whole, parts) {
			t.Error("chunks changed the output")
		}
	})
}

func TestNoiseHasItsLevelAndSeed(t *testing.T) {
	a, b, c := make([]int16, 100000), make([]int16, 100000), make([]int16, 100000)
	NewNoise(5, 0.001).Add(a)
	NewNoise(5, 0.001).Add(b)
	NewNoise(6, 0.001).Add(c)
	if got := rms(a); math.Abs(got+60) > 0.2 {
		t.Errorf("sigma 0.001 is %.2f dBFS, want -60", got)
	}
	if !slices.Equal(a, b) || slices.Equal(a, c) {
		t.Error("the same seed must give the same noise, another seed another")
	}
	top := []int16{math.MaxInt16, math.MinInt16}
	for range 100 {
		NewNoise(1, 0.01).Add(top)
	}
	if top[0] < 0 || top[1] > 0 {
		t.Errorf("full-scale samples wrapped round: %v", top)
	}
}

func TestToFloatSpansOne(t *testing.T) {
	got := ToFloat(nil, []int16{math.MinInt16, 0, 16384})
	if !slices.Equal(got, []float32{-1, 0, 0.5}) {
		t.Errorf("%v", got)
	}
}

func TestLevelAndNoiseAllocateNothing(t *testing.T) {
	l, n, pcm := NewLeveler(8000, LevelOptions{}), NewNoise(1, 0.001), make([]int16, 320)
	if got := testing.AllocsPerRun(100, func() { l.Process(pcm); n.Add(pcm) }); got != 0 {
		t.Errorf("%v allocations a frame", got)
	}
}
