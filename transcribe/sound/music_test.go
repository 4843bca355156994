package sound

import (
	"testing"
	"time"
)

func TestMusicIsMasked(t *testing.T) {
	for _, m := range tunes() {
		t.Run(m.name, func(t *testing.T) {
			l := m.make(20)
			p := hear(t, append(line{}.rest(1), l...).pcm(), Options{Rate: 8000})
			if p.kinds() != string(Music) {
				t.Errorf("heard %v", p.events)
			}
			if told := p.events[0].End - p.events[0].Start; told > 7*time.Second {
				t.Errorf("known after %v", told)
			}
			most := 8 * time.Second
			if m.name == "strings melody alone" {
				most = 15 * time.Second // its vibrato is near to a voice's
			}
			if left := loudLeft(p, append(line{}.rest(1), l...)); left > most {
				t.Errorf("%v of 20 s is not masked", left)
			}
		})
	}
}

func TestMusicComesSoft(t *testing.T) {
	l := timbres[2].melody(timbres[1].chords(line{}.rest(15), 0.6), 0.6)
	for i := range l {
		l[i] *= 0.08
	}
	if p := hear(t, l.pcm(), Options{Rate: 8000}); p.kinds() != string(Music) {
		t.Errorf("heard %v", p.events)
	}
}

// TestSpeechAfterMusicIsHeard puts speech a tenth of a second after music.
func TestSpeechAfterMusicIsHeard(t *testing.T) {
	said := spoken(t)[8000:48000]
	for _, m := range tunes() {
		l := m.make(8).rest(0.1)
		n := len(l)
		p := hear(t, append(l, said...).pcm(), Options{Rate: 8000})
		if masked := p.maskedWithin(secondsOf(n), secondsOf(n+len(said))); masked > 50*time.Millisecond {
			t.Errorf("%s: %v of the speech is masked", m.name, masked)
		}
	}
}

// TestSpeechOverMusicIsHeard puts music under speech, softer by some dB.
func TestSpeechOverMusicIsHeard(t *testing.T) {
	said := spoken(t)[8000:48000]
	for _, m := range tunes() {
		for _, c := range []struct{ gain, most float64 }{{0.2, 0.08}, {0.7, 0.08}} {
			l := m.make(8 + float64(len(said))/8000)
			g := rmsOf(said) / rmsOf(l) * c.gain
			for i := range l {
				l[i] *= g
			}
			const begin = 8 * 8000
			for i, v := range said {
				l[begin+i] += v
			}
			p := hear(t, l.pcm(), Options{Rate: 8000})
			if share := p.loudMasked(said, begin); share > c.most {
				t.Errorf("%s at %.2f of the speech: %.2f of the speech is masked", m.name, c.gain, share)
			}
		}
	}
}

// TestMaskWaitsForTheDecision plays music and then speech as they come: what
// Decided has passed is never changed again.
func TestMaskWaitsForTheDecision(t *testing.T) {
	said := spoken(t)
	l := append(timbres[3].chords(line{}.rest(9), 0.5), said...)
	d, err := New(Options{Rate: 8000})
	if err != nil {
		t.Fatal(err)
	}
	pcm, at := l.pcm(), time.Duration(0)
	var seen []bool // whether each 4 ms was masked when it was decided
	muted := false
	for from := 0; from+160 <= len(pcm); from += 160 {
		d.Process(pcm[from : from+160])
		if lag := d.Position() - d.Decided(); lag > Lag || lag < 0 {
			t.Fatalf("%v behind at %v", lag, d.Position())
		}
		muted = muted || d.masking()
		if !muted { // the seconds before music is known are masked in hindsight
			at = d.Decided()
			seen = seen[:0]
			continue
		}
		for ; at+4*time.Millisecond <= d.Decided(); at += 4 * time.Millisecond {
			seen = append(seen, d.mask.has(at))
		}
	}
	begin := at - time.Duration(len(seen))*4*time.Millisecond
	changed := 0
	for i, was := range seen {
		if d.mask.has(begin+time.Duration(i)*4*time.Millisecond) != was {
			changed++
		}
	}
	if changed > 0 {
		t.Errorf("%d of %d decisions changed", changed, len(seen))
	}
}
