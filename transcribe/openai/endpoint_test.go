package openai

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/transcribe/enginetest"
)

const ms = time.Millisecond

// stretch is what an endpointer gave of one stretch of speech.
type stretch struct {
	from, begin, end int64
	pcm              []int16
	whole            bool
}

// stretches runs an endpointer over audio in pieces of a size.
func stretches(t interface{ Fatalf(string, ...any) }, pcm []int16, rate, size int) []stretch {
	e := newEndpointer(rate)
	var cuts []cut
	for part := range slices.Chunk(pcm, size) {
		cuts = append(cuts, e.feed(part)...)
	}
	cuts = append(cuts, e.flush()...)
	var out []stretch
	for _, c := range cuts {
		if c.first {
			out = append(out, stretch{from: c.from, begin: c.begin})
		}
		if len(out) == 0 || out[len(out)-1].whole {
			t.Fatalf("a part at %d belongs to no stretch", c.from)
		}
		s := &out[len(out)-1]
		s.pcm = append(s.pcm, c.pcm...)
		s.end, s.whole = c.end, c.last
	}
	return out
}

// tone writes a tone of an amplitude into audio.
func tone(pcm []int16, rate int, from, to time.Duration, amplitude float64) {
	for i := int(from.Seconds() * float64(rate)); i < int(to.Seconds()*float64(rate)) && i < len(pcm); i++ {
		pcm[i] += int16(amplitude * math.Sin(float64(i)*2*math.Pi*440/float64(rate)))
	}
}

// hiss gives noise with a standard deviation.
func hiss(n int, sigma float64) []int16 {
	random := rand.New(rand.NewPCG(7, 7))
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(sigma * random.NormFloat64())
	}
	return pcm
}

func TestEndpointerFindsTheSentencesOfTheSample(t *testing.T) {
	sample := enginetest.Speech(t)
	got := stretches(t, sample.PCM, sample.Rate, 160)
	if len(got) != len(sample.Sentences) {
		t.Fatalf("%d stretches, want %d", len(got), len(sample.Sentences))
	}
	e := newEndpointer(sample.Rate)
	for i, s := range sample.Sentences {
		begin, end := e.time(got[i].begin), e.time(got[i].end)
		if begin < s.Start-100*ms || begin > s.Start+200*ms || end < s.End-300*ms || end > s.End+100*ms {
			t.Errorf("sentence at %v to %v found at %v to %v", s.Start, s.End, begin, end)
		}
	}
}

func TestEndpointerJudgesLevels(t *testing.T) {
	const rate = 8000
	for _, c := range []struct {
		name             string
		noise, amplitude float64
		length           time.Duration
		want             int
	}{
		{"clear line", 3, 3000, 800 * ms, 1},
		{"faint speech on a clear line", 3, 200, 800 * ms, 1},
		{"noisy line", 300, 3000, 800 * ms, 1},
		{"noise alone", 300, 0, 0, 0},
		{"loud noise alone", 1000, 0, 0, 0},
		{"a click", 3, 8000, 40 * ms, 0},
		{"a short word", 3, 3000, 150 * ms, 1},
		{"nothing at all", 0, 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			pcm := hiss(6*rate, c.noise)
			tone(pcm, rate, 3*time.Second, 3*time.Second+c.length, c.amplitude)
			var got []stretch
			for _, s := range stretches(t, pcm, rate, 160) {
				if s.end > 2*rate { // the first second may be spent on learning the noise
					got = append(got, s)
				}
			}
			if len(got) != c.want {
				t.Fatalf("%d stretches, want %d", len(got), c.want)
			}
			if c.want > 0 && (got[0].begin < 2*rate || len(got[0].pcm) > rate*3) {
				t.Errorf("stretch from %d with %d samples", got[0].begin, len(got[0].pcm))
			}
		})
	}
}

func TestEndpointerCutsLongSpeech(t *testing.T) {
	const rate = 8000
	pcm := hiss(60*rate, 3)
	// Syllables without a pause that anybody would call one, and at 12 s one
	// of half a second.
	for at := 200 * ms; at < 40*time.Second; at += 250 * ms {
		if at < 12*time.Second || at >= 12600*ms {
			tone(pcm, rate, at, at+210*ms, 3000)
		}
	}
	got := stretches(t, pcm, rate, 160)
	e := newEndpointer(rate)
	if len(got) != 3 {
		t.Fatalf("%d stretches, want 3", len(got))
	}
	if first := e.time(int64(len(got[0].pcm))); first < 12*time.Second || first > 12700*ms {
		t.Errorf("the first cut is after %v, want the pause", first)
	}
	for _, s := range got {
		if l := e.time(int64(len(s.pcm))); l > longest+blockLength {
			t.Errorf("a stretch of %v", l)
		}
	}
	// Speech goes on behind a cut: nothing between may be lost.
	if gap := e.time(got[2].from - got[1].from - int64(len(got[1].pcm))); gap > 100*ms {
		t.Errorf("%v lost at a cut", gap)
	}
}

func TestPatienceShrinks(t *testing.T) {
	for length, want := range map[time.Duration]time.Duration{
		0: hangover, tired: hangover, (tired + longest) / 2: (hangover + onset) / 2, longest: onset, time.Hour: onset,
	} {
		if got := patience(length); got != want {
			t.Errorf("patience(%v) = %v, want %v", length, got, want)
		}
	}
}

// Whatever the size of the pieces, the stretches are the same parts of the
// audio, in order and apart.
func TestEndpointerGivesPartsOfTheAudio(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.SampledFrom([]int{8000, 16000, 24000}).Draw(t, "rate")
		pcm := hiss(12*rate, rapid.Float64Range(0, 500).Draw(t, "noise"))
		for range rapid.IntRange(0, 6).Draw(t, "words") {
			at := time.Duration(rapid.IntRange(0, 11000).Draw(t, "at")) * ms
			tone(pcm, rate, at, at+time.Duration(rapid.IntRange(10, 3000).Draw(t, "length"))*ms, rapid.Float64Range(100, 12000).Draw(t, "amplitude"))
		}
		got := stretches(t, pcm, rate, rapid.IntRange(1, 5000).Draw(t, "size"))
		want := stretches(t, pcm, rate, len(pcm))
		if len(got) != len(want) {
			t.Fatalf("%d stretches, in one piece %d", len(got), len(want))
		}
		end := int64(0)
		for i, s := range got {
			if !s.whole || s.from < end || s.begin < s.from || s.end > s.from+int64(len(s.pcm)) || s.end <= s.begin {
				t.Fatalf("stretch from %d, speech %d to %d, %d samples, whole %t, after %d", s.from, s.begin, s.end, len(s.pcm), s.whole, end)
			}
			end = s.from + int64(len(s.pcm))
			if !slices.Equal(s.pcm, pcm[s.from:end]) || s.from != want[i].from || !slices.Equal(s.pcm, want[i].pcm) {
				t.Fatalf("stretch %d is not the audio at %d", i, s.from)
			}
		}
	})
}
