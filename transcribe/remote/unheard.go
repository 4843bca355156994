package remote

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"heed/transcribe"
)

const (
	// block is the audio whose level is measured at once.
	block = 20 * time.Millisecond
	// faint is what nobody hears, as a part of full scale: -54 dBFS.
	faint = 0.002
	// under is how far below the loudest of late audio is inaudible: 30 dB,
	// about what lies between loud vowels and the noise of a poor line.
	under = 32
	// unsaid is the least audible audio behind a session's last result that
	// makes it doubtful: a short word. Less is breath, or a word's own end.
	unsaid = 300 * time.Millisecond
	// lost is the least of it that may not pass for noise with a service that
	// has said nothing in the whole call.
	lost = time.Second
	// rehearings is how often the same audio is sent again for that reason.
	rehearings = 2
)

// errUnheard means that a service has ended its sessions without complaint
// and has said nothing of some audio.
var errUnheard = errors.New("the service ended without a word about the last audio")

// listen follows the level of new output: up at once, down by half in 14 s.
func (t *tape) listen(pcm []int16) {
	n := int(count(block, t.out))
	for ; len(pcm) > 0; pcm = pcm[min(n, len(pcm)):] {
		piece := pcm[:min(n, len(pcm))]
		t.loud = max(t.loud*math.Pow(0.999, float64(len(piece))/float64(n)), level(piece))
	}
}

// level is the root of the mean square, as a part of full scale.
func level(pcm []int16) float64 {
	sum := 0.0
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return math.Sqrt(sum/float64(len(pcm))) / 32768
}

// audible is how much of the output between two samples can be heard, as far
// as it is still there.
func (t *tape) audible(from, to int64) time.Duration {
	from, to = max(from, t.base), min(to, t.total())
	n, least, sum := count(block, t.out), max(faint, t.loud/under), time.Duration(0)
	for ; from+n <= to; from += n {
		if level(t.samples[from-t.base:from-t.base+n]) >= least {
			sum += block
		}
	}
	return sum
}

// unheard is the audible audio that a link was sent and has not spoken of.
func (c *call) unheard(l *link) time.Duration {
	to := l.next
	if l.seam > 0 {
		to = min(to, count(l.seam, c.tape.out))
	}
	return c.tape.audible(count(l.hearing.reach+margin, c.tape.out), to)
}

// ended takes the end of a link that had nothing to complain of. When it has
// not spoken of all that could be heard, the audio is sent again. After some
// times without progress it passes for noise when it is little, or when the
// service has shown in this call that it knows speech; all else is the
// caller's to have heard again.
func (c *call) ended(ctx context.Context, l *link) error {
	rest := c.unheard(l)
	if rest < unsaid {
		l.over = true
		return c.speak(true)
	}
	if c.speaker.upto > c.fault.deafUpto {
		c.fault.deaf = 0
	}
	c.fault.deafUpto = c.speaker.upto
	c.fault.deaf++
	c.o.Logger.Warn("session ended without a word about its last audio", "audible", rest, "times", c.fault.deaf)
	switch {
	case c.fault.deaf <= rehearings:
		return c.reconnect(ctx, firstDelay)
	case rest < lost || c.speaker.spoke():
		l.over = true
		return c.speak(true)
	}
	return c.deafness(rest)
}

// deaf is the error to end a call with whose service has everything and does
// not say that it is done; nil when it may be done.
func (c *call) deaf(l *link) error {
	rest := c.unheard(l)
	if rest >= unsaid && c.fault.deaf > 0 || rest >= lost && !c.speaker.spoke() {
		return c.deafness(rest)
	}
	return nil
}

// deafness is the error about audio that was not spoken of.
func (c *call) deafness(rest time.Duration) error {
	return &transcribe.Error{Engine: c.o.Name, Verdict: transcribe.Retry, Err: fmt.Errorf("%v: %w", rest, errUnheard)}
}

// reconnect gives all links up for a new one, which hears again what no final
// has confirmed.
func (c *call) reconnect(ctx context.Context, delay time.Duration) error {
	if err := c.salvage(span(c.tape.base, c.tape.out)); err != nil {
		return err
	}
	c.close()
	c.connect(ctx, delay)
	return nil
}
