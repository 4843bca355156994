package sound

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// probe collects what a detector finds in a whole stream.
type probe struct {
	events  []Event
	pressed []Stretch
	d       *Detector
}

func hear(t testing.TB, pcm []int16, o Options) *probe {
	t.Helper()
	d, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	p := &probe{d: d}
	for from := 0; from < len(pcm); from += o.Rate / 50 {
		p.take(d.Process(pcm[from:min(len(pcm), from+o.Rate/50)]))
	}
	p.take(d.Close())
	return p
}

func (p *probe) take(f Found) {
	p.events = append(p.events, f.Events...)
	p.pressed = append(p.pressed, f.Pressed...)
}

// TestSpeechIsNeverTakenForSounds hears speech, in which nothing may be found
// and nothing masked: the calls and the engines' sample of this repository,
// and every WAV file below HEED_SPEECH, when that is set.
func TestSpeechIsNeverTakenForSounds(t *testing.T) {
	files := []string{"../enginetest/testdata/speech.wav"}
	calls, err := filepath.Glob("../../fixtures/calls/*.wav")
	if err != nil || len(calls) == 0 {
		t.Fatalf("no fixture calls: %v", err)
	}
	files = append(files, calls...)
	for _, below := range []string{"*.wav", "*/*.wav", "*/*/*.wav"} {
		more, err := filepath.Glob(filepath.Join(os.Getenv("HEED_SPEECH"), below))
		if err != nil {
			t.Fatal(err)
		}
		if os.Getenv("HEED_SPEECH") != "" {
			files = append(files, more...)
		}
	}
	heard, longest, share := 0.0, 0, 0.0
	for _, name := range files {
		w := readWAV(t, name)
		for _, pcm := range w.Channels {
			heard += float64(len(pcm)) / float64(w.Rate)
			p := hear(t, pcm, Options{Rate: w.Rate, Called: true})
			if len(p.events) > 0 || len(p.pressed) > 0 || p.d.mask.n > 0 {
				t.Errorf("%s: %v, pressed %v, masked %v", name, p.events, p.pressed, p.d.mask.stretches[:p.d.mask.n])
			}
			tone, music := nearest(t, pcm, w.Rate)
			longest, share = max(longest, tone), max(share, music)
		}
	}
	t.Logf("%d files, %.0f s: nearest to a tone %d frames of %d, nearest to music %.2f of %.2f",
		len(files), heard, longest, certainAfter, share, musicShare)
}

// nearest tells how near speech came to a tone and to music.
func nearest(t *testing.T, pcm []int16, rate int) (tone int, share float64) {
	t.Helper()
	d, err := New(Options{Rate: rate})
	if err != nil {
		t.Fatal(err)
	}
	const n = memory - settleFrames - 1
	for from := 0; from < len(pcm); from += rate / 50 {
		hop := d.hop
		d.Process(pcm[from:min(len(pcm), from+rate/50)])
		tone = max(tone, d.tones.now.frames)
		if d.hop == hop || d.hop < memory {
			continue
		}
		if m, sounding := d.music.mean(d.hop-1-settleFrames, n); sounding >= soundShare {
			share = max(share, m)
		}
	}
	return tone, share
}

func TestAnsweringMachine(t *testing.T) {
	said := spoken(t) // two sentences
	first := 6 * 8000 // after a pause
	for rmsOf(said[first:first+400]) < 300 {
		first += 400
	}
	greeting := said[first:min(len(said), first+4*8000)]
	hello := said[first : first+5000]
	beep := func(l line) line { return l.rest(0.4).tone(0.5, 5000, 1000).rest(2) }
	ring := func() line { return repeat(2, []float64{425}, 1, 4) }
	join := func(parts ...line) (l line) {
		for _, p := range parts {
			l = append(l, p...)
		}
		return l
	}
	for _, c := range []struct {
		name string
		line line
		o    Options
		want bool
	}{
		{"greeting and beep", beep(join(ring(), greeting)), Options{Rate: 8000, Called: true}, true},
		{"without ringing", beep(join(line{}.rest(1), greeting)), Options{Rate: 8000, Called: true}, true},
		{"the caller's side", beep(join(ring(), greeting)), Options{Rate: 8000}, false},
		{"no beep", join(ring(), greeting, line{}.rest(3)), Options{Rate: 8000, Called: true}, false},
		{"hello and a beep", beep(join(ring(), hello)), Options{Rate: 8000, Called: true}, false},
		{"a talk, and a beep in it", beep(join(ring(), hello, line{}.rest(4), hello, line{}.rest(3), hello)), Options{Rate: 8000, Called: true}, false},
		{"a beep long after", join(ring(), greeting, line{}.rest(8), beep(nil)), Options{Rate: 8000, Called: true}, false},
		{"a beep and nothing said", beep(ring()), Options{Rate: 8000, Called: true}, false},
	} {
		p := hear(t, c.line.pcm(), c.o)
		var machine []Event
		for _, e := range p.events {
			if e.Kind == Machine {
				machine = append(machine, e)
			}
		}
		if got := len(machine) == 1; got != c.want || len(machine) > 1 {
			t.Errorf("%s: %v, want a machine: %v\n%v", c.name, machine, c.want, p.events)
		}
		for _, m := range machine {
			if m.Confidence < likely || m.Confidence > 0.99 || m.End-m.Start < 4*time.Second || m.Open {
				t.Errorf("%s: %+v", c.name, m)
			}
			if p.loudMasked(greeting, len(c.line)-len(greeting)-len(beep(nil))) > 0 {
				t.Errorf("%s: the greeting is masked", c.name)
			}
		}
	}
}
