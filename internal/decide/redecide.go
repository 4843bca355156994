package decide

import (
	"fmt"
	"slices"
	"strings"

	"heed/internal/customer"
)

// Affected says whether a slot has to be decided again: whether one of the
// names that changed was read by the decision. Names are prefixed as in
// [Decision].Reads; [ChangedBy] makes them from a label or a fact. A name
// without a prefix matches any kind.
func (d *Decider) Affected(prev Decision, changed []string) bool {
	if c := d.Catalogue(); prev.Versions["catalogue"] != c.version || prev.Versions["policy"] != c.guide.version {
		return true // the rules themselves changed
	}
	for _, name := range changed {
		if slices.ContainsFunc(prev.Reads, func(read string) bool { return matches(read, name) }) {
			return true
		}
	}
	return false
}

// matches says whether something read is the thing that changed.
func matches(read, changed string) bool {
	if family, wild := strings.CutSuffix(read, "*"); wild && strings.HasPrefix(changed, family) {
		return true
	}
	if read == changed {
		return true
	}
	_, name, _ := strings.Cut(read, ":")
	return name == changed || changed == "*"
}

// ChangedBy gives what changes when a label is heard or a fact of that name
// is observed: the label or fact itself and the signals it moves.
func ChangedBy(label string) []string {
	out := []string{"fact:" + label, "label:" + label}
	for _, s := range customer.MovedBy(label) {
		out = append(out, "signal:"+s)
	}
	return out
}

// Same says whether two decisions of a slot say the same: the same actions in
// the same order, for the same reason. Their figures may differ.
func Same(a, b Decision) bool {
	return a.Because == b.Because && a.Subject == b.Subject && a.Policy == b.Policy &&
		slices.EqualFunc(a.Actions, b.Actions, func(x, y Choice) bool {
			return x.Action == y.Action && x.Treatment == y.Treatment && x.Because == y.Because
		})
}

// Supersession is a queued message that must not go any more, and why.
type Supersession struct {
	Decision string `json:"decision_id"` // the one that was queued
	By       string `json:"by"`          // the one that replaces it
	Action   string `json:"action"`
	Reason   string `json:"reason"` // always "superseded"
	Why      string `json:"why"`
}

// Supersede looks at a queued decision of an outbound channel in the light of
// a newer one about the same person, on whatever channel. It gives ok when the
// queued message has to be cancelled: its action lost a gate since, or another
// one is now first. A decision of another person, or an older one, supersedes
// nothing.
func Supersede(queued, now Decision) (s Supersession, ok bool) {
	if len(queued.Actions) == 0 || queued.Subject != now.Subject || queued.ID == now.ID || now.At.Before(queued.At) {
		return Supersession{}, false
	}
	action := queued.Actions[0]
	if len(now.Actions) > 0 && now.Actions[0].Action == action.Action {
		return Supersession{}, false
	}
	s = Supersession{Decision: queued.ID, By: now.ID, Action: action.Action, Reason: "superseded"}
	if at := slices.IndexFunc(now.NotChosen, func(e Exclusion) bool { return e.Action == action.Action }); at >= 0 {
		s.Why = now.NotChosen[at].Why
	}
	switch {
	case len(now.Actions) > 0 && s.Why != "":
		s.Why += fmt.Sprintf("; %s is the next best action now", now.Actions[0].Action)
	case len(now.Actions) > 0:
		s.Why = now.Actions[0].Action + " is the next best action now"
	case s.Why == "":
		s.Why = now.Because
	}
	return s, true
}
