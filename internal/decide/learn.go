package decide

import (
	"cmp"
	"slices"
	"time"

	"heed/internal/customer"
)

// LessonOf gives what an outcome of a decision teaches, or false where it
// teaches nothing: by what the action declared, or else what is usual on the
// channel. It rests on the decision alone, so that the
// same log teaches the same whatever the catalogue says now. A later outcome
// of the same suggestion has the same id, and its lesson takes the place of
// the first.
func LessonOf(dec *Decision, o Outcome) (*Lesson, bool) {
	at := slices.IndexFunc(dec.Actions, func(c Choice) bool { return c.Action == o.Action })
	of := slices.IndexFunc(dec.Survivors, func(s Survivor) bool { return s.Action == o.Action })
	if at < 0 || of < 0 {
		return nil, false
	}
	channel := cmp.Or(o.Channel, dec.Channel)
	positive, teaches := dec.Survivors[of].Answers.teaches(o.Outcome, channel)
	if !teaches {
		return nil, false
	}
	c, s := &dec.Actions[at], &dec.Survivors[of]
	return &Lesson{
		ID: dec.ID + "/" + o.Action, Subject: dec.Subject, Positive: positive, At: o.At,
		Case: Case{
			Action: c.Action, Group: c.Group, Issue: c.Issue, Treatment: c.Treatment, Channel: channel,
			Prior: s.Expected, Weight: s.ExpectedWeight, Like: s.Like, Features: dec.Features,
		},
	}, true
}

// Positive says whether an outcome is a yes.
func Positive(outcome string) bool {
	positive, _ := Teaches(outcome)
	return positive
}

// InfluenceOf gives what an outcome leaves in the person's memory by the policy
// in force: "later" lifts the action, a refusal lowers its group, and one that
// the agent dismissed rests a little (within the same call it is gone
// altogether, by [Request].Outcomes).
func (d *Decider) InfluenceOf(c Choice, o Outcome) []customer.Influence {
	memory := &d.Catalogue().guide.Memory
	left := func(scope, name string, f memoryFigure) []customer.Influence {
		if f.Percent == 0 {
			return nil
		}
		return []customer.Influence{{Scope: scope, Name: name, Percent: f.Percent, From: o.At, Until: o.At.Add(time.Duration(f.For))}}
	}
	switch o.Outcome {
	case Later:
		return left("action", c.Action, memory.Later)
	case Rejected, OptedOut:
		return left("group", c.Group, memory.Rejected)
	case Dismissed:
		return left("action", c.Action, memory.Dismissed)
	default:
		return nil
	}
}
