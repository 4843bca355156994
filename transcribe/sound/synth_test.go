package sound

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"heed/transcribe/audio"
)

// line is a telephone line in the making: samples at 8 kHz.
type line []float64

// seconds of silence.
func (l line) rest(seconds float64) line { return append(l, make(line, int(seconds*8000))...) }

// tone adds sines of one amplitude each.
func (l line) tone(seconds, amplitude float64, hz ...float64) line {
	for i := range int(seconds * 8000) {
		v := 0.0
		for _, f := range hz {
			v += amplitude * math.Sin(2*math.Pi*f*float64(i)/8000)
		}
		l = append(l, v)
	}
	return l
}

// pcm brings it over the line: noise at -60 dBFS and mu-law.
func (l line) pcm() []int16 { return phone(l, 20) }

// phone is a line with noise of a standard deviation.
func phone(l line, noise float64) []int16 {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]int16, len(l))
	for i, v := range l {
		out[i] = int16(max(-32000, min(32000, v+noise*r.NormFloat64())))
	}
	return audio.DecodeMulaw(nil, audio.EncodeMulaw(nil, out))
}

// timbre is an instrument.
type timbre struct {
	name      string
	harmonics []float64 // amplitudes
	decay     float64   // per second, as exponent
	attack    float64   // seconds
	vibrato   float64   // part of the pitch
}

var timbres = []timbre{
	{"sine", []float64{1}, 0.5, 0.02, 0},
	{"organ", []float64{1, 0.8, 0.5, 0.4, 0, 0.3}, 0, 0.01, 0},
	{"piano", []float64{1, 0.6, 0.4, 0.3, 0.2, 0.15, 0.1}, 2.5, 0.005, 0},
	{"guitar", []float64{1, 0.9, 0.6, 0.5, 0.3, 0.2, 0.2, 0.1}, 3.5, 0.002, 0},
	{"strings", []float64{1, 0.7, 0.6, 0.5, 0.4, 0.3, 0.3, 0.2}, 0, 0.1, 0.003},
	{"brass", []float64{0.6, 0.8, 1, 0.8, 0.6, 0.4, 0.3, 0.2}, 0.3, 0.04, 0.002},
}

// note adds one note; what the line does not carry is left out.
func (t timbre) note(l line, at, seconds, hz, amplitude float64) {
	for i := 0; i < int(seconds*8000); i++ {
		k := int(at*8000) + i
		if k >= len(l) {
			return
		}
		x := float64(i) / 8000
		env := min(1, x/t.attack) * math.Exp(-t.decay*x) * min(1, (seconds-x)/0.02)
		bend := t.vibrato / (2 * math.Pi * 5.5) * math.Sin(2*math.Pi*5.5*x)
		for h, a := range t.harmonics {
			if f := hz * float64(h+1); f > 250 && f < 3400 {
				l[k] += amplitude * env * a * math.Sin(2*math.Pi*f*(x+bend))
			}
		}
	}
}

func pitch(midi int) float64 { return 440 * math.Pow(2, float64(midi-69)/12) }

// chords are I vi IV V in C, changed every bar, each strum a beat apart.
func (t timbre) chords(l line, beat float64) line {
	roots := [][]int{{60, 64, 67, 72}, {57, 60, 64, 69}, {53, 57, 60, 65}, {55, 59, 62, 67}}
	for i := 0; float64(i)*beat*8000 < float64(len(l)); i++ {
		for _, n := range roots[i/4%4] {
			t.note(l, float64(i)*beat, beat, pitch(n), 1200)
		}
	}
	return l
}

// melody is one voice over the chords.
func (t timbre) melody(l line, beat float64) line {
	notes := []int{76, 74, 72, 74, 76, 76, 76, 74, 74, 74, 76, 79, 79, 76, 74, 72}
	for i := 0; float64(i)*beat*8000 < float64(len(l)); i++ {
		t.note(l, float64(i)*beat, beat*0.95, pitch(notes[i%len(notes)]), 2500)
	}
	return l
}

// drums are a kick on every beat and a snare on every second, hats between.
func drums(l line, beat, amplitude float64) line {
	r := rand.New(rand.NewPCG(3, 4))
	hit := func(at, seconds, a float64, noise bool) {
		for i := range int(seconds * 8000) {
			k := int(at*8000) + i
			if k >= len(l) {
				return
			}
			env := a * math.Exp(-float64(i)/8000*4/seconds)
			if noise {
				l[k] += env * r.NormFloat64()
			} else {
				l[k] += env * math.Sin(2*math.Pi*300*float64(i)/8000*(1-float64(i)/8000))
			}
		}
	}
	for i := 0; float64(i)*beat*8000 < float64(len(l)); i++ {
		at := float64(i) * beat
		hit(at, 0.1, amplitude, false)
		hit(at+beat/2, 0.04, amplitude/3, true)
		if i%2 == 1 {
			hit(at, 0.12, amplitude*0.7, true)
		}
	}
	return l
}

// tune is a kind of music on hold.
type tune struct {
	name string
	make func(seconds float64) line
}

func tunes() []tune {
	var out []tune
	for _, t := range timbres {
		out = append(out,
			tune{t.name + " chords", func(s float64) line { return t.chords(line{}.rest(s), 0.6) }},
			tune{t.name + " chords and melody", func(s float64) line { return t.melody(t.chords(line{}.rest(s), 0.8), 0.4) }},
			tune{t.name + " with drums", func(s float64) line { return drums(t.melody(t.chords(line{}.rest(s), 0.5), 0.5), 0.5, 3000) }},
			tune{t.name + " melody alone", func(s float64) line { return t.melody(line{}.rest(s), 0.5) }},
		)
	}
	return out
}

func secondsOf(n int) time.Duration { return time.Duration(n) * time.Second / 8000 }

func rmsOf(l line) float64 {
	s := 0.0
	for _, v := range l {
		s += v * v
	}
	return math.Sqrt(s / float64(len(l)))
}

// maskedWithin is how much of a stretch is masked.
func (p *probe) maskedWithin(from, to time.Duration) time.Duration {
	var sum time.Duration
	for at := from; at < to; at += 4 * time.Millisecond {
		if p.d.mask.has(at) {
			sum += 4 * time.Millisecond
		}
	}
	return sum
}

// loudMasked is the share of the loud parts of speech that is masked, when
// the speech begins at a sample.
func (p *probe) loudMasked(speech line, begin int) float64 {
	top, loud, masked := rmsOf(speech), 0, 0
	for i := 0; i+160 <= len(speech); i += 160 {
		if rmsOf(speech[i:i+160]) < top/2 {
			continue
		}
		loud++
		if p.d.mask.has(secondsOf(begin + i + 80)) {
			masked++
		}
	}
	return float64(masked) / float64(loud)
}

// spoken is the speech of the engines' tests, at 8 kHz.
func spoken(t testing.TB) line {
	t.Helper()
	w := readWAV(t, "../enginetest/testdata/speech.wav")
	r, err := audio.NewResampler(w.Rate, lineRate)
	if err != nil {
		t.Fatal(err)
	}
	var l line
	for _, v := range r.Flush(r.Process(nil, w.Channels[0])) {
		l = append(l, float64(v))
	}
	return l
}

func readWAV(t testing.TB, name string) audio.WAV {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	w, err := audio.ReadWAV(f)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// sine is one sample of a tone.
func sine(seconds, hz, amplitude float64) int16 {
	return int16(amplitude * math.Sin(2*math.Pi*hz*seconds))
}
