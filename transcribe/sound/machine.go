package sound

import (
	"math"
	"time"
)

const (
	// machineWithin is how long after a call's first sound a machine's beep
	// is looked for: the longest greeting, and the ringing before it.
	machineWithin = 90 * time.Second
	// greetingBreak is the longest pause within a greeting; somebody who says
	// hello waits longer for an answer.
	greetingBreak = 1500 * time.Millisecond
	// beepAfter is the longest pause between a greeting and its beep.
	beepAfter = 4 * time.Second
	// likely is the least probability that is told.
	likely = 0.5
)

// machine decides whether the party that was called is an answering machine:
// one uninterrupted greeting from the start of its speech, then a beep. The
// probability is the logistic of a sum of evidence:
//
//	-1.5           before anything is known: about one call in five
//	+2             a beep, which live lines have now and then
//	+0.8 a second  of greeting over 1.5 s, at most +4: people answer with a
//	               word or two (Asterisk's AMD takes 1.5 s for the border)
//	-5             a break in what was said: it waited for an answer
//
// For want of recordings with known answers the weights are a judgement and
// not fitted.
type machine struct {
	called  bool
	told    bool
	begun   bool
	broken  bool
	first   time.Duration // where speech began
	greeted time.Duration // where it ended, so far
}

// hear takes whether a cell holds something that may be speech.
func (m *machine) hear(active bool, at time.Duration) {
	switch {
	case !active:
	case !m.begun:
		m.begun, m.first, m.greeted = true, at, at+frameLength
	default:
		m.broken = m.broken || at-m.greeted > greetingBreak
		m.greeted = at + frameLength
	}
}

// judge looks at an event, and gives the machine's when it is one's beep.
func (m *machine) judge(e Event) (Event, bool) {
	if !m.called || m.told || e.Kind != Beep || !m.begun {
		return Event{}, false
	}
	ended := min(m.greeted, e.Start)
	if e.Start-ended > beepAfter || e.Start-m.first > machineWithin {
		return Event{}, false
	}
	p := m.probability(ended - m.first)
	if p < likely {
		return Event{}, false
	}
	m.told = true
	return Event{Kind: Machine, Start: m.first, End: e.End, Confidence: p}, true
}

func (m *machine) probability(greeting time.Duration) float64 {
	sum := -1.5 + 2 + min(4, 0.8*(greeting.Seconds()-1.5))
	if m.broken {
		sum -= 5
	}
	return 1 / (1 + math.Exp(-sum))
}
