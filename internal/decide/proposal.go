package decide

import (
	"cmp"
	"slices"
	"time"

	"heed/insights"
)

// Proposal is what the words on a call tell of a suggestion: that the agent
// offered it, or that the customer said yes, no or later to it. It becomes an
// [Outcome] only when somebody confirms it, and teaches nothing before.
//
// It refers to the words and does not hold them: they are forgotten, corrected
// and shown in their own place.
type Proposal struct {
	ID         string    `json:"id"`
	CallID     string    `json:"call_id"`
	DecisionID string    `json:"decision_id" doc:"The decision that stood on the screen when it was offered"`
	Action     string    `json:"action"`
	Outcome    string    `json:"outcome,omitempty" enum:"accepted,rejected,later" doc:"What the customer said; absent while it was only offered"`
	Offer      string    `json:"offer" doc:"The agent's utterance"`
	Reply      string    `json:"reply,omitempty" doc:"The customer's utterance"`
	At         time.Time `json:"at" doc:"When it was heard"`
	State      Standing  `json:"state" enum:"offered,open,confirmed,misheard,answered" doc:"Open waits for a person to confirm it; answered, somebody told otherwise or themselves"`
}

// Standing is what became of a proposal.
type Standing string

// The states of a proposal.
const (
	JustOffered Standing = "offered"
	Open        Standing = "open"
	Confirmed   Standing = "confirmed"
	Misheard    Standing = "misheard"
	// ByHand is a proposal that somebody made needless by an answer of their own.
	ByHand Standing = "answered"
)

// Propose gives what was heard as a proposal for a call, whose id is its own:
// the same words heard twice propose the same.
func Propose(h insights.Heard, callID, decisionID string, at time.Time) Proposal {
	p := Proposal{
		CallID: callID, DecisionID: decisionID, Action: h.Suggestion, Offer: h.Offer, Reply: h.Reply,
		At: at, State: Open,
	}
	switch h.Answer {
	case insights.SaidYes:
		p.Outcome = Accepted
	case insights.SaidNo:
		p.Outcome = Rejected
	case insights.SaidWait:
		p.Outcome = Later
	case insights.Offered:
		p.State = JustOffered
	}
	p.ID = cmp.Or(h.Reply, h.Offer) + "." + cmp.Or(p.Outcome, string(JustOffered))
	return p
}

// News says whether a proposal tells something beside what the words on the
// call told before, and beside what people said themselves of the action.
// Known has at most one proposal for each action.
func (p *Proposal) News(known []Proposal, outcomes []Outcome) bool {
	i := slices.IndexFunc(known, func(k Proposal) bool { return k.Action == p.Action })
	if i >= 0 && known[i].State != Misheard && (p.Outcome == "" || known[i].Outcome == p.Outcome) {
		return false
	}
	last, answered := lastAnswer(outcomes, p.Action)
	if p.Outcome == "" || !answered {
		return !answered
	}
	same := last.Outcome == p.Outcome || p.Outcome == Accepted && Positive(last.Outcome) || p.Outcome == Rejected && last.Outcome == OptedOut
	return !same
}

// lastAnswer gives the last act of somebody on an action.
func lastAnswer(outcomes []Outcome, action string) (last Outcome, ok bool) {
	for _, o := range outcomes {
		if o.Action == action && Answered(o.Outcome) && !o.At.Before(last.At) {
			last, ok = o, true
		}
	}
	return last, ok
}

// Settled gives a proposal after an outcome of its action on its call, and
// whether that changed it.
func (p Proposal) Settled(o Outcome) (Proposal, bool) {
	if o.Action != p.Action || !Answered(o.Outcome) || p.State == Misheard && o.Heard != p.ID {
		return p, false
	}
	was := p.State
	if p.State = ByHand; o.Heard == p.ID {
		p.State = Confirmed
	}
	return p, p.State != was
}

// RestsOn says whether a proposal rests on an utterance.
func (p *Proposal) RestsOn(utterance string) bool {
	return utterance != "" && (p.Offer == utterance || p.Reply == utterance)
}
