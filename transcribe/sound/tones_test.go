package sound

import (
	"strings"
	"testing"
	"time"
)

// repeat lays tone and silence in turns: cadence gives their seconds.
func repeat(times int, hz []float64, cadence ...float64) line {
	l := line{}.rest(0.7)
	for range times {
		for i := 0; i < len(cadence); i += 2 {
			l = l.tone(cadence[i], 4000, hz...)
			if i+1 < len(cadence) {
				l = l.rest(cadence[i+1])
			}
		}
	}
	return l
}

// modulated is a tone whose amplitude goes up and down, as in Japan.
func modulated(times int, hz, by, on, off float64) line {
	l := line{}.rest(0.5)
	for range times {
		n := len(l)
		l = l.tone(on, 3000, hz)
		for i, v := range line(nil).tone(on, 1, by) {
			l[n+i] *= 1 + 0.8*v
		}
		l = l.rest(off)
	}
	return l
}

// kinds gives the kinds of the events that ended, each once in a row.
func (p *probe) kinds() string {
	var out []string
	for _, e := range p.events {
		if k := string(e.Kind); !e.Open && (len(out) == 0 || out[len(out)-1] != k) {
			out = append(out, k)
		}
	}
	return strings.Join(out, " ")
}

func TestNetworksTones(t *testing.T) {
	one := func(hz ...float64) []float64 { return hz }
	for _, c := range []struct {
		name string
		line line
		want Kind
	}{
		{"ringing, North America", repeat(3, one(440, 480), 2, 4), Ringing},
		{"ringing, United Kingdom", repeat(3, one(400, 450), 0.4, 0.2, 0.4, 2), Ringing},
		{"ringing, Hong Kong", repeat(3, one(440, 480), 0.4, 0.2, 0.4, 3), Ringing},
		{"ringing, Germany", repeat(3, one(425), 1, 4), Ringing},
		{"ringing, Sweden", repeat(3, one(425), 1, 5), Ringing},
		{"ringing, Russia", repeat(3, one(425), 0.8, 3.2), Ringing},
		{"ringing, France", repeat(3, one(440), 1.5, 3.5), Ringing},
		{"ringing, Spain", repeat(3, one(425), 1.5, 3), Ringing},
		{"ringing, China", repeat(3, one(450), 1, 4), Ringing},
		{"ringing, Japan", modulated(3, 400, 16, 1, 2), Ringing},
		{"ringing, once", repeat(1, one(425), 1, 4), Ringing},
		{"busy, North America", repeat(4, one(480, 620), 0.5, 0.5), Busy},
		{"busy, United Kingdom", repeat(4, one(400), 0.375, 0.375), Busy},
		{"busy, Germany", repeat(4, one(425), 0.48, 0.48), Busy},
		{"busy, Italy", repeat(4, one(425), 0.5, 0.5), Busy},
		{"busy, China", repeat(4, one(450), 0.35, 0.35), Busy},
		{"congestion, North America", repeat(6, one(480, 620), 0.25, 0.25), Congestion},
		{"congestion, Germany", repeat(6, one(425), 0.24, 0.24), Congestion},
		{"congestion, Switzerland", repeat(6, one(425), 0.2, 0.2), Congestion},
		{"congestion, United Kingdom", repeat(4, one(400), 0.4, 0.35, 0.225, 0.525), Congestion},
		{"dial tone, North America", repeat(1, one(350, 440), 5, 0.5), DialTone},
		{"dial tone, Europe", repeat(1, one(425), 5, 0.5), DialTone},
		{"special", line{}.rest(0.5).tone(0.33, 4000, 950).tone(0.33, 4000, 1400).tone(0.33, 4000, 1800).rest(1), Special},
		{"special, North America", line{}.rest(0.5).tone(0.276, 4000, 914).tone(0.276, 4000, 1371).tone(0.38, 4000, 1777).rest(1), Special},
		{"fax calls", repeat(3, one(1100), 0.5, 3), Fax},
		{"fax answers", repeat(1, one(2100), 2.8, 1), Fax},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, noise := range []float64{5, 120} { // quiet, and 30 dB below the tone
				p := hear(t, phone(c.line, noise), Options{Rate: 8000})
				if p.kinds() != string(c.want) {
					t.Errorf("noise %v: heard %q, want %q\n%v", noise, p.kinds(), c.want, p.events)
				}
				for i, e := range p.events {
					if e.Start < 0 || e.End < e.Start || e.Confidence <= 0 || e.Confidence > 1 {
						t.Errorf("event %d is %+v", i, e)
					}
				}
				if left := loudLeft(p, c.line); left > 150*time.Millisecond*time.Duration(1+len(p.events)) {
					t.Errorf("%v of the tone is not masked", left)
				}
			}
		})
	}
}

// loudLeft is how much of a line's sound the mask leaves.
func loudLeft(p *probe, l line) time.Duration {
	left := 0
	for i := 0; i+80 <= len(l); i += 80 {
		if rmsOf(l[i:i+80]) > 100 && !p.d.mask.has(secondsOf(i+40)) {
			left += 80
		}
	}
	return secondsOf(left)
}

func TestBeeps(t *testing.T) {
	for _, hz := range []float64{425, 523, 700, 950, 1000, 1100, 1250, 1400, 2000} {
		for _, seconds := range []float64{0.17, 0.4, 0.9} {
			if hz == 425 && seconds > 0.6 {
				continue // rings
			}
			l := line{}.rest(1).tone(seconds, 5000, hz).rest(5)
			p := hear(t, l.pcm(), Options{Rate: 8000})
			if p.kinds() != string(Beep) || len(p.events) != 1 {
				t.Errorf("%v Hz for %v s: %v", hz, seconds, p.events)
				continue
			}
			e := p.events[0]
			if off := e.Start - time.Second; off.Abs() > 60*time.Millisecond {
				t.Errorf("%v Hz for %v s begins at %v", hz, seconds, e.Start)
			}
			if off := e.End - time.Duration((1+seconds)*1e9); off.Abs() > 60*time.Millisecond {
				t.Errorf("%v Hz for %v s ends at %v", hz, seconds, e.End)
			}
		}
	}
	for name, l := range map[string]line{
		"too short":  line{}.rest(1).tone(0.08, 5000, 1000).rest(3),
		"too low":    line{}.rest(1).tone(0.5, 5000, 250).rest(3),
		"too high":   line{}.rest(1).tone(0.5, 5000, 2600).rest(3),
		"too soft":   line{}.rest(1).tone(0.5, 60, 1000).rest(3),
		"two voices": line{}.rest(1).tone(0.5, 3000, 1000, 1260).rest(3),
		"a tune":     line{}.rest(1).tone(0.3, 5000, 660).tone(0.3, 5000, 880).tone(0.3, 5000, 990).rest(3),
	} {
		if p := hear(t, l.pcm(), Options{Rate: 8000}); len(p.events) > 0 {
			t.Errorf("%s: %v", name, p.events)
		}
	}
}

func TestSpeechInTheRingingsGapIsNotMasked(t *testing.T) {
	said := spoken(t)[8000:20000]
	l := line{}.rest(0.5).tone(1, 4000, 425).rest(4).tone(1, 4000, 425).rest(0.1)
	n := len(l)
	p := hear(t, append(append(l, said...), line{}.rest(1)...).pcm(), Options{Rate: 8000})
	if p.kinds() != string(Ringing) {
		t.Errorf("heard %v", p.events)
	}
	if share := p.loudMasked(said, n); share > 0 {
		t.Errorf("%.2f of what was said after it rang is masked", share)
	}
}
