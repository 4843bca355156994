package decide

import (
	"slices"
	"time"

	"heed/internal/customer"
)

// Influences of outcomes, in per cent, and how long they take to fade.
const (
	laterPercent, laterFor         = 30, 7 * day
	rejectedPercent, rejectedFor   = -40, 14 * day
	dismissedPercent, dismissedFor = -20, time.Hour
)

// Learn hands an outcome of a decision to the model. Accepted, clicked and
// converted are a yes, rejected is a no. A dismissed suggestion was not put to
// the customer and one put off is not answered yet: neither teaches anything.
// What a later outcome of the same suggestion teaches takes the place of what
// the first did, in a model that can correct itself.
func (d *Decider) Learn(dec *Decision, o Outcome) {
	positive, answered := answer(o.Outcome)
	a := d.Catalogue().find(o.Action)
	at := slices.IndexFunc(dec.Actions, func(c Choice) bool { return c.Action == o.Action })
	if !answered || a == nil || at < 0 {
		return
	}
	d.o.Propensity.Learn(&Lesson{
		ID: dec.ID + "/" + o.Action, Subject: dec.Subject, Positive: positive, At: o.At,
		Case: Case{
			Action: a.ID, Group: a.Group, Issue: a.Issue, Treatment: dec.Actions[at].Treatment, Channel: o.Channel,
			Prior: a.Prior.P, Weight: a.Prior.Weight, Features: dec.Features,
		},
	})
}

// Answers says whether an outcome teaches anything; see [Decider.Learn].
func Answers(outcome string) bool {
	_, answered := answer(outcome)
	return answered
}

// Positive says whether an outcome is a yes.
func Positive(outcome string) bool {
	positive, _ := answer(outcome)
	return positive
}

func answer(outcome string) (positive, answered bool) {
	switch outcome {
	case "accepted", "clicked", "converted":
		return true, true
	case "rejected":
		return false, true
	default:
		return false, false
	}
}

// InfluenceOf gives what an outcome leaves in the person's memory: "later"
// lifts the action for a week, a refusal lowers its group for two, and one
// that the agent dismissed rests a little (within the same call it is gone
// altogether, by [Request].Outcomes).
func InfluenceOf(c Choice, o Outcome) []customer.Influence {
	switch o.Outcome {
	case "later":
		return []customer.Influence{{Scope: "action", Name: c.Action, Percent: laterPercent, From: o.At, Until: o.At.Add(laterFor)}}
	case "rejected":
		return []customer.Influence{{Scope: "group", Name: c.Group, Percent: rejectedPercent, From: o.At, Until: o.At.Add(rejectedFor)}}
	case "dismissed":
		return []customer.Influence{{Scope: "action", Name: c.Action, Percent: dismissedPercent, From: o.At, Until: o.At.Add(dismissedFor)}}
	default:
		return nil
	}
}
