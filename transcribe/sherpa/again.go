package sherpa

import (
	"sync/atomic"
	"time"

	"heed/transcribe"
)

// again hears each stretch of speech a second time: it keeps the stretch's
// audio, begins when the party pauses, works a little with each frame, and is
// through when the pause is long enough for a final.
type again struct {
	open   func() (hearing, error)
	tuning Tuning
	idle   func() bool // whether there is time for it
	tape   tape
	pause  pause
	pass   *second // under way; nil when there is none
}

// ponder is the pause after which a second pass is worth beginning: most
// shorter ones are within sentences.
const ponder = 350 * time.Millisecond

// hurried is the pause after which the model is made to say its last word.
const hurried = 300 * time.Millisecond

func newAgain(open func() (hearing, error), t Tuning) again {
	return again{open: open, tuning: t, pause: newPause(), idle: func() bool { return true }}
}

func (a *again) wanted() bool {
	switch a.tuning.Second {
	case SecondAlways:
		return true
	case SecondIdle:
		return a.idle()
	case SecondNever:
	}
	return false
}

// begin starts a new stream.
func (a *again) begin(at time.Duration) {
	a.drop()
	a.tape.pcm, a.tape.from = a.tape.pcm[:0], at
	a.pause.rest()
}

// hear takes audio at the model's rate, before level and noise.
func (a *again) hear(pcm []int16) {
	a.pause.hear(pcm)
	if a.tuning.Second != SecondNever {
		a.tape.add(pcm, a.tuning.Longest+a.tuning.Endpoint+2*time.Second)
	}
}

// work does what is to be done while a frame's time passes, for the words
// that the model hears in the stretch so far.
func (a *again) work(words []transcribe.Word, steps *atomic.Int64) error {
	if a.pass != nil && a.pause.quiet == 0 {
		a.drop() // the sentence goes on
	}
	if a.pass == nil && len(words) > 0 && a.pause.quiet >= ponder && a.pause.talked && a.wanted() {
		a.pause.talked = false
		a.pass = startSecond(a.open, a.tape, a.tuning)
	}
	if a.pass == nil || !a.wanted() {
		return nil // others wait: it goes on when they do not, or is left out
	}
	return a.pass.step(stepsEach, words, steps)
}

// final gives the words of a final: the first pass's, or the vote. It ends the
// stretch. When it must not keep other streams waiting, the vote is among the
// ways that were heard by then.
func (a *again) final(words []transcribe.Word, steps *atomic.Int64) ([]transcribe.Word, error) {
	defer a.end()
	if len(words) == 0 || !a.wanted() {
		return weighed(words), nil
	}
	if a.pass == nil {
		a.pass = startSecond(a.open, a.tape, a.tuning)
	}
	left := hasteLeft
	if a.tuning.Second == SecondAlways {
		left = all
	}
	if err := a.pass.step(left, words, steps); err != nil {
		return nil, err
	}
	return a.pass.with(words), nil
}

// end keeps what may belong to the next stretch.
func (a *again) end() {
	a.drop()
	a.tape.cut(timeToSamples(overlapping, modelRate))
}

func (a *again) drop() {
	if a.pass != nil {
		a.pass.close()
		a.pass = nil
	}
}
