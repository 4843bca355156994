package sherpa

import (
	"time"

	"heed/transcribe"
)

// clock maps the model stream's time to the call's.
type clock struct {
	zero  time.Duration // the call's time of the model stream's first sample
	start time.Duration // of the first sample that the platform sent
	taken int64         // samples since then
	next  time.Duration // where the next frame is expected: start + taken

	inserted []insertion // what the model heard and nobody sent, in order
}

// insertion is noise for which the call's time stood still.
type insertion struct {
	at     time.Duration // the call's time
	length time.Duration
}

// insert notes that the model hears noise before the next frame.
func (c *clock) insert(length time.Duration) {
	c.inserted = append(c.inserted, insertion{c.next, length})
}

// forget ends a stretch: what comes lies behind all that was inserted.
func (c *clock) forget() {
	for _, i := range c.inserted {
		c.zero -= i.length
	}
	c.inserted = c.inserted[:0]
}

// mend takes what was inserted out of the times of words.
func (c *clock) mend(words []transcribe.Word) []transcribe.Word {
	if len(c.inserted) == 0 {
		return words
	}
	for i := range words {
		words[i].Start, words[i].End = c.without(words[i].Start), c.without(words[i].End)
	}
	return words
}

func (c *clock) without(t time.Duration) time.Duration {
	for _, i := range c.inserted {
		switch {
		case t <= i.at:
			return t
		case t < i.at+i.length:
			return i.at
		}
		t -= i.length
	}
	return t
}

func samplesToTime(n int64, rate int) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(rate)
}

func timeToSamples(d time.Duration, rate int) int {
	return int(d * time.Duration(rate) / time.Second)
}
