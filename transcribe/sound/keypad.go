package sound

import (
	"math"
	"time"
)

// Pressed keys (DTMF), by the rules of ITU-T Q.24: the two strongest tones of
// the two groups of Q.23, each well above the others of its group, no more
// than 8 dB apart (the widest twist that any administration of Q.24's table
// allows), nearly all of the power in the two, for 40 ms. Speech has its power
// elsewhere, or not for two blocks. What is shorter than 40 ms but fills two
// blocks nearly, from 21 ms on, may count as well; Q.24 leaves that open from
// 24 ms on.
const (
	keyBlock = 102 // samples, 12.75 ms: two whole ones lie in any 40 ms
	keyTwist = 6.3 // 8 dB
	keyAbove = 6.3 // over the other tones of its group
	// keyLeast is the least amplitude of one tone: -50 dBFS.
	keyLeast = 100.0
	// keySteady is how far two blocks' levels may be apart: 3 dB.
	keySteady = 2.0
	// keysApart joins presses into one event.
	keysApart = 4 * time.Second
	// keyMargin widens a press: the start and end lie inside a block.
	keyMargin = 20 * time.Millisecond
	keyLength = keyBlock * time.Second / lineRate
)

// keyTones are the low and the high group of Q.23, in Hz.
var keyTones = [8]float64{697, 770, 852, 941, 1209, 1336, 1477, 1633}

// keyPurity is the share of the power that must lie in the two tones, by the
// high one. 1.5 % beside its place, which must do, a tone loses the more of its
// power in a block the higher it is.
var keyPurity = [4]float64{0.82, 0.8, 0.77, 0.72}

// keypad hears keys.
type keypad struct {
	coefficients [8]float64
	blocks       int     // heard
	key          int     // of the block before; -1 is none
	level        float64 // of that block
	since        int     // the block in which a press began
	hits, misses int
	event        Event
}

func newKeypad() keypad {
	k := keypad{key: -1}
	for i, hz := range keyTones {
		k.coefficients[i] = 2 * math.Cos(2*math.Pi*hz/lineRate)
	}
	return k
}

// down tells whether a key is held.
func (k *keypad) down() bool { return k.hits >= 2 }

// hear takes the next block.
func (k *keypad) hear(d *Detector, pcm []int16) {
	key, level := k.read(pcm)
	k.blocks++
	end := time.Duration(k.blocks) * keyLength
	switch {
	case k.down():
		k.hold(d, key, level, end)
	case key >= 0 && key == k.key && level < keySteady*k.level && k.level < keySteady*level:
		k.hits, k.level = 2, level
		k.press(d, end)
	default:
		k.start(key, level)
	}
	if k.event.Open && end-k.event.End > keysApart && !k.down() {
		k.event.Open = false
		d.tell(k.event)
	}
}

// hold goes on with a press or ends it.
func (k *keypad) hold(d *Detector, key int, level float64, end time.Duration) {
	if key == k.key {
		k.hits++
		k.misses, k.level = 0, level
		d.mask.add(k.pressed(end))
		return
	}
	// A break of up to 10 ms belongs to the press (Q.24, 2.5).
	if k.misses++; k.misses < 2 && key < 0 {
		return
	}
	k.release(d, end-time.Duration(k.misses)*keyLength)
	k.start(key, level)
}

// start notes what may become a press.
func (k *keypad) start(key int, level float64) {
	k.key, k.level, k.hits, k.misses, k.since = key, level, 0, 0, k.blocks-1
}

func (k *keypad) pressed(end time.Duration) Stretch {
	return Stretch{Start: max(0, time.Duration(k.since)*keyLength-keyMargin), End: end + keyMargin}
}

// press begins a press, and an event if there is none.
func (k *keypad) press(d *Detector, end time.Duration) {
	s := k.pressed(end)
	d.mask.add(s)
	if k.event.Open {
		k.event.Keys++
		k.event.End = end
		return
	}
	k.event = Event{Kind: Keys, Start: s.Start + min(keyMargin, s.Start), End: end, Confidence: 1, Keys: 1, Open: true}
	d.tell(k.event)
}

// release ends a press.
func (k *keypad) release(d *Detector, end time.Duration) {
	k.event.End = max(k.event.End, end)
	d.found.Pressed = append(d.found.Pressed, k.pressed(end))
	k.hits, k.misses = 0, 0
}

// close ends what is open.
func (k *keypad) close(f *Found) {
	if k.down() {
		f.Pressed = append(f.Pressed, k.pressed(time.Duration(k.blocks)*keyLength))
	}
	if k.event.Open {
		k.event.Open = false
		f.Events = append(f.Events, k.event)
	}
}

// read gives the key of a block, or -1, and its level.
func (k *keypad) read(pcm []int16) (key int, level float64) {
	total := 0.0
	for _, v := range pcm {
		total += float64(v) * float64(v)
	}
	if total < keyLeast*keyLeast*keyBlock/2 {
		return -1, 0
	}
	var power [8]float64
	goertzel(pcm, k.coefficients[:4], power[:4])
	goertzel(pcm, k.coefficients[4:], power[4:])
	low, okLow := strongest(power[:4])
	high, okHigh := strongest(power[4:])
	a, b := power[low], power[4+high]
	// A tone of amplitude A has (A*n/2)^2 here and A^2*n/2 in total.
	const scale = 2.0 / keyBlock
	switch {
	case !okLow || !okHigh, a > b*keyTwist, b > a*keyTwist:
		return -1, 0
	case min(a, b) < keyLeast*keyLeast*keyBlock*keyBlock/4, (a+b)*scale < keyPurity[high]*total:
		return -1, 0
	}
	return 4*low + high, a + b
}

// strongest finds the strongest of a group, and whether it stands out.
func strongest(power []float64) (best int, clearly bool) {
	for i, p := range power {
		if p > power[best] {
			best = i
		}
	}
	for i, p := range power {
		if i != best && p*keyAbove > power[best] {
			return best, false
		}
	}
	return best, true
}

// goertzel gives the squared magnitudes of four frequencies; c is twice the
// cosine of the step of each. Four at once keep the processor busy.
func goertzel(pcm []int16, c, power []float64) {
	c0, c1, c2, c3 := c[0], c[1], c[2], c[3]
	var a0, a1, a2, a3, b0, b1, b2, b3 float64
	for _, v := range pcm {
		x := float64(v)
		a0, b0 = x+c0*a0-b0, a0
		a1, b1 = x+c1*a1-b1, a1
		a2, b2 = x+c2*a2-b2, a2
		a3, b3 = x+c3*a3-b3, a3
	}
	power[0] = a0*a0 + b0*b0 - c0*a0*b0
	power[1] = a1*a1 + b1*b1 - c1*a1*b1
	power[2] = a2*a2 + b2*b2 - c2*a2*b2
	power[3] = a3*a3 + b3*b3 - c3*a3*b3
}
