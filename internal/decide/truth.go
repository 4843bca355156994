package decide

import (
	"cmp"
	"strings"
)

// The outcomes that there are.
const (
	Impression = "impression" // it was shown, or said
	Clicked    = "clicked"
	Accepted   = "accepted"
	Converted  = "converted"   // what it was for came about
	Dismissed  = "dismissed"   // the agent did not bring it up
	Later      = "later"       // not now
	Rejected   = "rejected"    // the customer said no
	OptedOut   = "opted_out"   // and wants no more of it
	NoResponse = "no_response" // the time for an answer is over
)

// outcomes says what each is worth: how strong a yes it is, whether somebody
// did it, and what it teaches.
var outcomes = map[string]struct {
	yes     int  // 0 for no yes; a stronger one stands
	act     bool // somebody did it; the last act stands
	teaches bool
}{
	Impression: {}, NoResponse: {teaches: true},
	Clicked: {yes: 1, act: true, teaches: true}, Accepted: {yes: 2, act: true, teaches: true}, Converted: {yes: 3, act: true, teaches: true},
	Dismissed: {act: true}, Later: {act: true}, Rejected: {act: true, teaches: true}, OptedOut: {act: true, teaches: true},
}

// KnownOutcome says whether an outcome is one of those that there are.
func KnownOutcome(o string) bool {
	_, ok := outcomes[o]
	return ok
}

// Answered says whether an outcome is an act of somebody: then nothing is
// waited for any more.
func Answered(outcome string) bool { return outcomes[outcome].act }

// Truth is what became of one suggestion, by all that is known of it so far.
// The last act of somebody stands; a yes is as strong as the strongest there
// was; what has come about stands above every word; and only where nobody did
// anything does it count that the time is over. The zero value has seen
// nothing. Taking the same outcomes in any order, and any of them again, ends
// in the same.
type Truth struct {
	// Last is the last act, by when it was done, and Yes the strongest yes.
	Last  Outcome `json:"last,omitzero"`
	Yes   Outcome `json:"yes,omitzero"`
	Shown bool    `json:"shown,omitempty"`
	// Over is when the time for an answer was over.
	Over Outcome `json:"over,omitzero"`
}

// Take takes an outcome in and tells whether what is true has changed.
func (t *Truth) Take(o Outcome) bool {
	before := t.Outcome()
	switch of, known := outcomes[o.Outcome]; {
	case !known:
		return false
	case of.act:
		t.act(o, of.yes)
	case o.Outcome == NoResponse:
		if t.Over.Outcome == "" || later(t.Over, o) {
			t.Over = o
		}
	default:
		t.Shown = true
	}
	return t.Outcome() != before
}

// act takes in what somebody did; yes is how strong a yes it is.
func (t *Truth) act(o Outcome, yes int) {
	t.Shown = true
	if t.Last.Outcome == "" || later(o, t.Last) {
		t.Last = o
	}
	if yes > 0 && (t.Yes.Outcome == "" || yes > outcomes[t.Yes.Outcome].yes || (o.Outcome == t.Yes.Outcome && later(t.Yes, o))) {
		t.Yes = o
	}
}

// later orders acts: by when, then by the weaker yes, so that of two at the
// same moment a no stands, then by name and id.
func later(a, b Outcome) bool {
	return cmp.Or(a.At.Compare(b.At), outcomes[b.Outcome].yes-outcomes[a.Outcome].yes, strings.Compare(a.Outcome, b.Outcome), strings.Compare(a.ID, b.ID)) > 0
}

// Outcome gives the outcome that is true; its Outcome is empty where nothing
// is known.
func (t *Truth) Outcome() Outcome {
	switch {
	case t.Yes.Outcome == Converted:
		return t.Yes
	case t.Last.Outcome != "" && outcomes[t.Last.Outcome].yes > 0:
		return t.Yes
	case t.Last.Outcome != "":
		return t.Last
	case t.Over.Outcome != "":
		return t.Over
	case t.Shown:
		return Outcome{Outcome: Impression}
	}
	return Outcome{}
}

// Teaches says what an outcome teaches, if anything, whatever the channel. A
// suggestion that was not put to the customer, or put off, teaches nothing.
func Teaches(outcome string) (positive, teaches bool) {
	of := outcomes[outcome]
	return of.yes > 0, of.teaches
}
