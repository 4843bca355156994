package sound

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// everything is a line with all kinds of sounds on it, and speech.
func everything(t testing.TB) []int16 {
	l := repeat(2, []float64{425}, 1, 4)
	l = append(l, spoken(t)[:24000]...)
	l = l.rest(0.3).tone(0.4, 5000, 1000).rest(1).press(3, 0.1, 4000, 0, 0).rest(0.1).press(12, 0.1, 4000, 0, 0).rest(1)
	l = append(l, drums(timbres[3].chords(line{}.rest(6), 0.5), 0.5, 2000)...)
	return append(l, repeat(4, []float64{480, 620}, 0.5, 0.5)...).pcm()
}

// TestChunksNeverChangeTheEvents cuts a stream at random.
func TestChunksNeverChangeTheEvents(t *testing.T) {
	pcm := everything(t)
	for _, rate := range []int{8000, 16000, 22050} {
		whole := inOne(t, pcm, rate)
		if k := whole.kinds(); rate == 8000 && k != "ringing beep machine keys busy music" {
			t.Fatalf("heard %q", k)
		}
		rapid.Check(t, func(rt *rapid.T) {
			d, err := New(Options{Rate: rate, Called: true})
			if err != nil {
				rt.Fatal(err)
			}
			p := &probe{d: d}
			sizes := rapid.SliceOfN(rapid.IntRange(0, 5000), 4, 12).Draw(rt, "sizes")
			for i, rest := 0, pcm; len(rest) > 0; i++ {
				n := min(len(rest), 1+sizes[i%len(sizes)])
				p.take(d.Process(rest[:n]))
				rest = rest[n:]
			}
			p.take(d.Close())
			if !slices.Equal(p.events, whole.events) || !slices.Equal(p.pressed, whole.pressed) || d.mask.stretches != whole.d.mask.stretches {
				rt.Fatalf("events %v\nwant %v", p.events, whole.events)
			}
		})
	}
}

func inOne(t testing.TB, pcm []int16, rate int) *probe {
	d, err := New(Options{Rate: rate, Called: true})
	if err != nil {
		t.Fatal(err)
	}
	p := &probe{d: d}
	p.take(d.Process(pcm))
	p.take(d.Close())
	return p
}

func TestEveryRateHearsTheSame(t *testing.T) {
	for _, rate := range []int{8000, 11025, 16000, 24000, 32000, 44100, 48000} {
		n := rate * 12
		pcm := make([]int16, n)
		for i := range pcm {
			s := float64(i) / float64(rate)
			if cycle := s - 5*float64(int(s/5)); cycle < 1 { // 425 Hz, 1 s in 5
				pcm[i] = sine(s, 425, 5000)
			}
		}
		p := hear(t, pcm, Options{Rate: rate})
		if p.kinds() != string(Ringing) {
			t.Errorf("%d Hz: %v", rate, p.events)
			continue
		}
		if e := p.events[len(p.events)-1]; e.Start.Abs() > 60*time.Millisecond || (e.End-11*time.Second).Abs() > 80*time.Millisecond {
			t.Errorf("%d Hz: from %v to %v, want 0 to 11 s", rate, e.Start, e.End)
		}
	}
}

func TestRatesOutsideAreRefused(t *testing.T) {
	for _, rate := range []int{-1, 0, 7999, 48001} {
		if _, err := New(Options{Rate: rate}); err == nil {
			t.Errorf("%d Hz was taken", rate)
		}
	}
}

func TestClearSilencesTheMaskOnly(t *testing.T) {
	pcm := append(line{}.rest(1).tone(0.5, 4000, 1000), line{}.rest(1).tone(0.05, 4000, 1000)...).rest(1).pcm()
	p := hear(t, pcm, Options{Rate: 8000})
	for i := 0; i+160 <= len(pcm); i += 160 {
		from := secondsOf(i)
		frame := slices.Clone(pcm[i : i+160])
		did := p.d.Clear(frame, from)
		if did != p.d.Masks(from, from+20*time.Millisecond) {
			t.Errorf("at %v Clear says %v", from, did)
		}
		if inside := from >= 1040*time.Millisecond && from < 1460*time.Millisecond; inside && slices.Max(frame) > 0 {
			t.Errorf("at %v the beep is left", from)
		}
		if outside := from < 900*time.Millisecond || from > 1600*time.Millisecond; outside && !slices.Equal(frame, pcm[i:i+160]) {
			t.Errorf("at %v something else was silenced", from)
		}
	}
	if !p.d.Masked(time.Second, 1500*time.Millisecond) || p.d.Masked(0, time.Second) {
		t.Error("Masked does not go by the middle")
	}
}

func FuzzDetector(f *testing.F) {
	seed := func(pcm []int16) []byte {
		var b []byte
		for _, v := range pcm {
			b = binary.LittleEndian.AppendUint16(b, uint16(v))
		}
		return b
	}
	f.Add(8000, 160, true, seed(line{}.rest(0.1).press(5, 0.1, 4000, 0, 0).tone(0.5, 4000, 425).pcm()))
	f.Add(48000, 7, false, []byte{0, 128, 255, 127})
	f.Add(44100, 1000, true, seed(timbres[1].chords(line{}.rest(0.5), 0.2).pcm()))
	f.Fuzz(func(t *testing.T, rate, chunk int, called bool, raw []byte) {
		d, err := New(Options{Rate: rate, Called: called})
		if err != nil {
			if rate >= MinRate && rate <= MaxRate {
				t.Fatalf("%d Hz refused: %v", rate, err)
			}
			return
		}
		pcm := make([]int16, len(raw)/2)
		for i := range pcm {
			pcm[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
		}
		p := &probe{d: d}
		for len(pcm) > 0 {
			n := min(len(pcm), max(1, chunk%10_000))
			p.take(d.Process(pcm[:n]))
			if lag := d.Position() - d.Decided(); lag < 0 || lag > Lag {
				t.Fatalf("%v behind", lag)
			}
			d.Clear(pcm[:n], d.Position())
			pcm = pcm[n:]
		}
		p.take(d.Close())
		open := map[Event]bool{}
		for _, e := range p.events {
			if e.Start < 0 || e.End < e.Start || e.End > d.Position() || !(e.Confidence > 0 && e.Confidence <= 1) {
				t.Fatalf("event %+v at %v", e, d.Position())
			}
			key := Event{Kind: e.Kind, Start: e.Start}
			if open[key] == e.Open && e.Open {
				t.Fatalf("%+v opened twice", e)
			}
			open[key] = e.Open
		}
		for e, is := range open {
			if is {
				t.Fatalf("%+v never ended", e)
			}
		}
	})
}
