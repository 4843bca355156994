package audio

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// tone is a sine of the given frequency in Hz and amplitude.
func tone(rate, n int, hz, amplitude float64) []int16 {
	out := make([]int16, n)
	for i := range out {
		out[i] = int16(math.Round(amplitude * math.Sin(2*math.Pi*hz*float64(i)/float64(rate))))
	}
	return out
}

// convert resamples a whole signal.
func convert(t interface{ Fatal(...any) }, from, to int, in []int16) []int16 {
	r, err := NewResampler(from, to)
	if err != nil {
		t.Fatal(err)
	}
	return r.Flush(r.Process(nil, in))
}

// level gives the strength of one frequency in dB of full scale, by
// correlation under a window with low side lobes (Blackman-Harris).
func level(rate int, x []int16, hz float64) float64 {
	var re, im, sum float64
	for i, s := range x {
		a := 2 * math.Pi * float64(i) / float64(len(x))
		w := 0.35875 - 0.48829*math.Cos(a) + 0.14128*math.Cos(2*a) - 0.01168*math.Cos(3*a)
		p := 2 * math.Pi * hz * float64(i) / float64(rate)
		re += w * float64(s) * math.Cos(p)
		im += w * float64(s) * math.Sin(p)
		sum += w
	}
	return 20 * math.Log10(2*math.Hypot(re, im)/sum/32768+1e-12)
}

// rms is the power of a signal in dB of full scale.
func rms(x []int16) float64 {
	sum := 0.0
	for _, s := range x {
		sum += float64(s) * float64(s)
	}
	return 10 * math.Log10(sum/float64(len(x))/32768/32768+1e-15)
}

const loud = 26000 // amplitude of the test tones, -2 dBFS

var pairs = [][2]int{{8000, 16000}, {16000, 8000}, {48000, 16000}, {44100, 16000}, {44100, 8000}, {11025, 16000}, {48000, 8000}, {22050, 16000}}

func TestPassBandIsFlat(t *testing.T) {
	want := 20 * math.Log10(loud/32768.0)
	for _, p := range pairs {
		edge := 0.9 * float64(min(p[0], p[1])) / 2
		for _, part := range []float64{0.02, 0.25, 0.5, 0.75, 0.94, 1} {
			out := convert(t, p[0], p[1], tone(p[0], p[0], part*edge, loud))
			middle := out[len(out)/4 : len(out)*3/4]
			if got := level(p[1], middle, part*edge); math.Abs(got-want) > 0.1 {
				t.Errorf("%d to %d Hz: %.0f Hz comes out at %.2f dB, want %.2f", p[0], p[1], part*edge, got, want)
			}
		}
	}
}

// TestLightIsGoodEnoughForG711 holds the light filter to what its users need: a
// telephone's band as it was, and what folds back below the noise of G.711.
func TestLightIsGoodEnoughForG711(t *testing.T) {
	want := 20 * math.Log10(loud/32768.0)
	for _, from := range []int{16000, 44100, 48000} {
		for _, hz := range []float64{300, 1000, 2000, 3400} {
			out := convertLight(t, from, tone(from, from, hz, loud))
			if got := level(8000, out[2000:6000], hz); math.Abs(got-want) > 0.2 {
				t.Errorf("%d Hz: %.0f Hz comes out at %.2f dB, want %.2f", from, hz, got, want)
			}
		}
		for _, hz := range []float64{4650, 5000, 6100, 7400} {
			out := convertLight(t, from, tone(from, from, hz, loud))
			if got := rms(out[2000:6000]); got > want-3-44 {
				t.Errorf("%d Hz: %.0f Hz leaves %.1f dB", from, hz, got)
			}
		}
	}
}

func convertLight(t *testing.T, from int, in []int16) []int16 {
	t.Helper()
	r, err := NewLightResampler(from, 8000)
	if err != nil {
		t.Fatal(err)
	}
	return r.Flush(r.Process(nil, in))
}

func TestUpsamplingLeavesNoImage(t *testing.T) {
	for _, p := range pairs {
		if p[1] < p[0] {
			continue
		}
		edge := 0.9 * float64(p[0]) / 2
		for _, hz := range []float64{300, 1000, 2500, edge} {
			out := convert(t, p[0], p[1], tone(p[0], p[0], hz, loud))
			middle := out[len(out)/4 : len(out)*3/4]
			image := float64(p[0]) - hz
			if image >= float64(p[1])/2 {
				continue
			}
			if got := level(p[1], middle, image) - level(p[1], middle, hz); got > -60 {
				t.Errorf("%d to %d Hz: the image of %.0f Hz at %.0f Hz is %.1f dB below, want 60", p[0], p[1], hz, image, -got)
			}
		}
	}
}

func TestDownsamplingFoldsNothingBack(t *testing.T) {
	for _, p := range pairs {
		if p[1] > p[0] {
			continue
		}
		nyquist := float64(p[1]) / 2
		for _, part := range []float64{1.005, 1.05, 1.3, 1.7, 1.95} {
			hz := part * nyquist
			if hz >= float64(p[0])/2 {
				continue
			}
			out := convert(t, p[0], p[1], tone(p[0], p[0], hz, loud))
			middle := out[len(out)/4 : len(out)*3/4]
			// Whatever is left is alias; nothing of it may be heard.
			if got := rms(middle) - rms(tone(p[0], p[0], hz, loud)); got > -60 {
				t.Errorf("%d to %d Hz: %.0f Hz leaves %.1f dB, want at most -60", p[0], p[1], hz, got)
			}
		}
	}
}

func TestResamplerDoesNotDelay(t *testing.T) {
	for _, p := range pairs {
		in := tone(p[0], p[0]/2, 440, loud)
		want := tone(p[1], p[1]/2, 440, loud)
		out := convert(t, p[0], p[1], in)
		for i := len(want) / 4; i < len(want)*3/4; i++ {
			if off := math.Abs(float64(out[i]) - float64(want[i])); off > 100 {
				t.Fatalf("%d to %d Hz: sample %d is %d, want %d", p[0], p[1], i, out[i], want[i])
			}
		}
	}
}

func TestChunksNeverChangeTheOutput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(pairs).Draw(t, "rates")
		in := rapid.SliceOfN(rapid.Int16(), 0, 6000).Draw(t, "signal")
		want := convert(t, p[0], p[1], in)
		r, err := NewResampler(p[0], p[1])
		if err != nil {
			t.Fatal(err)
		}
		// The second time round, Flush must have left no trace.
		for range 2 {
			var got []int16
			for rest := in; len(rest) > 0; {
				n := rapid.IntRange(1, len(rest)).Draw(t, "chunk")
				got = r.Process(got, rest[:n])
				rest = rest[n:]
			}
			if got = r.Flush(got); !slices.Equal(got, want) {
				t.Fatalf("%d samples in chunks give %d samples, or others, than at once (%d)", len(in), len(got), len(want))
			}
		}
	})
}

func TestLengthIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.SampledFrom([]int{2000, 7999, 8000, 11025, 16000, 22050, 44100, 48000, 96000, 384000})
		from, to := rate.Draw(t, "from"), rate.Draw(t, "to")
		n := rapid.IntRange(0, 3000).Draw(t, "samples")
		want := (n*to + from - 1) / from
		if got := len(convert(t, from, to, make([]int16, n))); got != want {
			t.Errorf("%d samples from %d to %d Hz: %d, want %d", n, from, to, got, want)
		}
	})
}

func TestOddRatesStayClean(t *testing.T) {
	// 1361 phases do not fit the table; the nearest one is used.
	out := convert(t, 8053, 16000, tone(8053, 8053, 1000, loud))
	middle := out[len(out)/4 : len(out)*3/4]
	if got := level(16000, middle, 8053-1000) - level(16000, middle, 1000); got > -50 {
		t.Errorf("image %.1f dB below, want 50", -got)
	}
	r, err := NewResampler(383999, 2000)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.table) > maxTable {
		t.Errorf("a table of %d numbers, want at most %d", len(r.table), maxTable)
	}
}

func TestResamplerRefusesNoRate(t *testing.T) {
	for _, p := range [][2]int{{0, 16000}, {8000, -1}, {1999, 8000}, {8000, 384001}} {
		if _, err := NewResampler(p[0], p[1]); err == nil {
			t.Errorf("%d to %d Hz: no error", p[0], p[1])
		}
	}
}

func TestSameRateIsACopy(t *testing.T) {
	in := tone(8000, 333, 440, loud)
	out := convert(t, 8000, 8000, in)
	if !slices.Equal(in, out) {
		t.Error("resampling to the same rate changed the signal")
	}
}

func TestClippingSaturates(t *testing.T) {
	// A full-scale square wave overshoots in any low-pass filter.
	in := make([]int16, 4000)
	for i := range in {
		in[i] = math.MaxInt16
		if i/20%2 == 1 {
			in[i] = math.MinInt16
		}
	}
	out := convert(t, 8000, 16000, in)
	for i := 100; i < len(out)-100; i++ {
		if i%40 > 10 && i%40 < 30 && (out[i] > 0) != (in[i/2] > 0) {
			t.Fatalf("sample %d wrapped round: %d", i, out[i])
		}
	}
}

func TestResamplingAllocatesNothing(t *testing.T) {
	for _, p := range pairs {
		r, err := NewResampler(p[0], p[1])
		if err != nil {
			t.Fatal(err)
		}
		in := tone(p[0], p[0]/50, 440, loud)
		dst := make([]int16, 0, p[1]/10)
		if n := testing.AllocsPerRun(100, func() { r.Process(dst, in) }); n != 0 {
			t.Errorf("%d to %d Hz: %v allocations a frame", p[0], p[1], n)
		}
	}
}

func TestAHalfBandFilterGivesWhatTheWholeWould(t *testing.T) {
	halved, err := NewLightResampler(16000, 8000)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := NewLightResampler(16000, 8000)
	if err != nil {
		t.Fatal(err)
	}
	if whole.half == nil {
		t.Fatal("it is not halved")
	}
	whole.half = nil
	rapid.Check(t, func(t *rapid.T) {
		for _, in := range rapid.SliceOfN(rapid.SliceOf(rapid.Int16()), 1, 5).Draw(t, "pieces") {
			got, want := halved.Process(nil, in), whole.Process(nil, in)
			if len(got) != len(want) {
				t.Fatalf("%d samples, want %d", len(got), len(want))
			}
			for i := range got {
				if d := int(got[i]) - int(want[i]); d < -1 || d > 1 { // sums of another order
					t.Fatalf("sample %d is %d, want %d", i, got[i], want[i])
				}
			}
		}
		halved.Flush(nil)
		whole.Flush(nil)
	})
}

// BenchmarkLight is a frame of 20 ms from 16 kHz on its way to the recording.
func BenchmarkLight(b *testing.B) {
	r, err := NewLightResampler(16000, 8000)
	if err != nil {
		b.Fatal(err)
	}
	in, out := tone(16000, 320, 440, loud), make([]int16, 0, 200)
	for b.Loop() {
		out = r.Process(out[:0], in)
	}
}

// BenchmarkFrame is what one 20 ms telephone frame costs before the engine.
func BenchmarkFrame(b *testing.B) {
	raw := EncodeMulaw(nil, tone(8000, 160, 440, loud))
	pcm, wide := make([]int16, 0, 160), make([]int16, 0, 400)
	r, err := NewResampler(8000, 16000)
	if err != nil {
		b.Fatal(err)
	}
	leveler, noise := NewLeveler(16000, LevelOptions{}), NewNoise(1, 0.001)
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			pcm = DecodeMulaw(pcm[:0], raw)
		}
	})
	b.Run("decode+resample", func(b *testing.B) {
		for b.Loop() {
			pcm = DecodeMulaw(pcm[:0], raw)
			wide = r.Process(wide[:0], pcm)
		}
	})
	b.Run("decode+resample+level+noise", func(b *testing.B) {
		for b.Loop() {
			pcm = DecodeMulaw(pcm[:0], raw)
			wide = r.Process(wide[:0], pcm)
			leveler.Process(wide)
			noise.Add(wide)
		}
	})
}
