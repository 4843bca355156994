package sound

import (
	"math"
	"testing"
	"time"
)

var lows, highs = keyTones[:4], keyTones[4:]

// press adds a key: both tones, the high one changed by twist dB, each
// frequency by a part.
func (l line) press(key int, seconds, amplitude, twist, off float64) line {
	a, b := lows[key/4]*(1+off), highs[key%4]*(1+off)
	for i := range int(seconds * 8000) {
		x := 2 * math.Pi * float64(i) / 8000
		l = append(l, amplitude*math.Sin(a*x)+amplitude*math.Pow(10, twist/20)*math.Sin(b*x))
	}
	return l
}

func TestKeysByQ24(t *testing.T) {
	for _, c := range []struct {
		name                            string
		seconds, amplitude, twist, skew float64
		want                            int
	}{
		{"usual", 0.1, 4000, 0, 0, 1},
		{"shortest that must do", 0.042, 4000, 0, 0, 1},
		{"too short", 0.018, 4000, 0, 0, 0},
		{"long", 3, 4000, 0, 0, 1},
		{"soft", 0.1, 180, 0, 0, 1},
		{"silent", 0.1, 50, 0, 0, 0},
		{"high tone 4 dB up", 0.1, 3000, 4, 0, 1},
		{"high tone 7 dB down", 0.1, 6000, -7, 0, 1},
		{"high tone 12 dB up", 0.1, 1500, 12, 0, 0},
		{"high tone 12 dB down", 0.1, 6000, -12, 0, 0},
		{"1.5 % sharp", 0.1, 4000, 0, 0.015, 1},
		{"1.5 % flat", 0.1, 4000, 0, -0.015, 1},
		{"7 % sharp", 0.1, 4000, 0, 0.07, 0},
	} {
		for key := range 16 {
			for _, before := range []float64{0.5, 0.503, 0.507, 0.511} { // against the grid of blocks
				l := line{}.rest(before).press(key, c.seconds, c.amplitude, c.twist, c.skew).rest(1)
				p := hear(t, l.pcm(), Options{Rate: 8000})
				if len(p.pressed) != c.want {
					t.Errorf("%s: key %d pressed %d times, want %d", c.name, key, len(p.pressed), c.want)
				}
				if left := loudLeft(p, l); c.want > 0 && left > 30*time.Millisecond {
					t.Errorf("%s: key %d: %v is not masked", c.name, key, left)
				}
			}
		}
	}
}

func TestPressesAreCountedAndJoined(t *testing.T) {
	l := line{}.rest(1)
	for key := range 16 {
		l = l.press(key, 0.06, 4000, 0, 0).rest(0.05)
	}
	l = l.press(3, 0.06, 4000, 0, 0).rest(0.04).press(3, 0.06, 4000, 0, 0) // the same key twice
	l = l.press(5, 0.05, 4000, 0, 0).rest(0.008).press(5, 0.05, 4000, 0, 0)
	l = l.rest(6).press(2, 0.1, 4000, 0, 0).rest(6)
	p := hear(t, l.pcm(), Options{Rate: 8000})
	var over []Event
	for _, e := range p.events {
		if e.Kind != Keys {
			t.Errorf("heard %+v", e)
		}
		if !e.Open {
			over = append(over, e)
		}
	}
	if len(over) != 2 || over[0].Keys != 19 || over[1].Keys != 1 {
		t.Fatalf("events %+v, want 19 presses and then one", over)
	}
	if len(p.pressed) != 20 {
		t.Errorf("%d presses, want 20", len(p.pressed))
	}
	if got := over[0].Start; (got - time.Second).Abs() > 30*time.Millisecond {
		t.Errorf("begins at %v, want 1 s", got)
	}
}

func TestKeyHeldAtTheEnd(t *testing.T) {
	p := hear(t, line{}.rest(0.5).press(7, 0.3, 4000, 0, 0).pcm(), Options{Rate: 8000})
	if len(p.pressed) != 1 || p.kinds() != string(Keys) {
		t.Errorf("pressed %v, events %v", p.pressed, p.events)
	}
}
