// Package experiment says which policy decides for whom, and measures what
// that was worth: control groups that never end, and challengers that do.
//
// It is pure: the same person, moment and plan give the same arm, and the same
// rows the same report. It decides nothing itself and shows nothing; the rules
// that protect a customer hold in every arm.
package experiment

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The kinds of arm. What is not drawn into one is [NBA].
const (
	NBA              = "nba"               // priority, as it is meant
	RandomEligible   = "random_eligible"   // evenly among what passed every rule and is worth it
	PropensityOnly   = "propensity_only"   // by the chance alone
	NoLevers         = "no_levers"         // without the pushes of the business
	PolicyOnly       = "policy_only"       // evenly among what passed every rule, worth it or not
	RandomPropensity = "random_propensity" // by priority with a chance that is drawn, not learnt
	Holdout          = "holdout"           // no marketing at all
	Challenger       = "challenger"        // priority with another model or other figures
)

var kinds = []string{RandomEligible, PropensityOnly, NoLevers, PolicyOnly, RandomPropensity, Holdout, Challenger}

const (
	maxArms  = 20
	maxShare = 0.20 // of one arm: what is tried on more people is no trial
	// maxTogether leaves the policy that is meant to decide for most.
	maxTogether = 0.5
	maxSticky   = 366 * 24 * time.Hour
)

// Arm is one policy with the share of decisions that it takes.
type Arm struct {
	Name  string  `yaml:"name" json:"name"`
	Kind  string  `yaml:"kind" json:"kind"`   // empty is the name
	Share float64 `yaml:"share" json:"share"` // above 0 and at most 0.2; for a shadow up to 1
	// Sticky keeps a person in or out for so long; 0 draws for each decision, or
	// once for a call.
	Sticky Days `yaml:"sticky_days" json:"sticky_days,omitempty"`
	// Shadow has the challenger's answer logged beside the one that is shown.
	Shadow bool `yaml:"shadow" json:"shadow,omitempty"`
	// Gamma and Model are what a challenger does otherwise; zero is as usual.
	Gamma float64 `yaml:"gamma" json:"gamma,omitempty"`
	Model string  `yaml:"model" json:"model,omitempty"`
	// Ended gives the arm's people back to the policy that is meant, and moves
	// nobody else.
	Ended bool `yaml:"ended" json:"ended,omitempty"`
}

// Days is a number of days.
type Days int

// Duration gives the time that they last, 24 hours each.
func (d Days) Duration() time.Duration { return time.Duration(d) * 24 * time.Hour }

// Plan is the arms that are drawn from. The zero value has none.
type Plan struct {
	// Salt sets the draws of this plan apart from those of any other.
	Salt string `yaml:"salt" json:"salt"`
	Arms []Arm  `yaml:"arms" json:"arms"`
}

// Unit is what is drawn for.
type Unit struct {
	Subject string
	// Decision names what is decided once: a call, or else the decision.
	Decision string
	At       time.Time
}

// Invalid is a refusal of a plan: which field, and what it should be.
type Invalid struct{ Field, Reason, Hint string }

func (e *Invalid) Error() string { return e.Field + ": " + e.Reason }

var armName = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)

// Check completes a plan and refuses one that cannot be drawn from, with an
// [Invalid].
func (p *Plan) Check() error {
	if len(p.Arms) > maxArms {
		return &Invalid{"arms", fmt.Sprintf("%d arms, at most %d", len(p.Arms), maxArms), "end some first"}
	}
	together := 0.0
	names := []string{NBA}
	for i := range p.Arms {
		a := &p.Arms[i]
		a.Kind = cmp.Or(a.Kind, a.Name)
		if err := a.check(fmt.Sprintf("arms[%d].", i)); err != nil {
			return err
		}
		if slices.Contains(names, a.Name) {
			return &Invalid{fmt.Sprintf("arms[%d].name", i), fmt.Sprintf("%q is taken", a.Name), "each arm has its own name"}
		}
		names = append(names, a.Name)
		if !a.Shadow {
			together += a.Share
		}
	}
	if together > maxTogether {
		return &Invalid{"arms", fmt.Sprintf("the shares add up to %.2f, at most %.2f", together, maxTogether), "leave most decisions to the policy that is meant"}
	}
	return nil
}

func (a *Arm) check(at string) error {
	most := maxShare
	if a.Shadow {
		most = 1
	}
	switch {
	case !armName.MatchString(a.Name) || len(a.Name) > 60:
		return &Invalid{at + "name", fmt.Sprintf("%q is not a name", a.Name), `small letters, digits and "_"`}
	case !slices.Contains(kinds, a.Kind):
		return &Invalid{at + "kind", fmt.Sprintf("%q is not a kind of arm", a.Kind), strings.Join(kinds, ", ")}
	case !(a.Share > 0 && a.Share <= most):
		return &Invalid{at + "share", fmt.Sprintf("must be above 0 and at most %v", most), "0.02 is two of a hundred"}
	case a.Sticky < 0 || a.Sticky.Duration() > maxSticky:
		return &Invalid{at + "sticky_days", "must be 0 to 366", "0 draws for each decision"}
	}
	return a.checkChallenger(at)
}

func (a *Arm) checkChallenger(at string) error {
	does := a.Gamma != 0 || a.Model != ""
	switch {
	case a.Kind != Challenger && (a.Shadow || does):
		return &Invalid{at + "kind", "only a challenger has a shadow, a gamma or a model", "kind: challenger"}
	case a.Kind == Challenger && !does:
		return &Invalid{at + "gamma", "the challenger does nothing otherwise", "give gamma, model or both"}
	case a.Gamma != 0 && !(a.Gamma >= 0.3 && a.Gamma <= 1):
		return &Invalid{at + "gamma", "must be 0.3 to 1", "how far a greater value counts for more"}
	}
	return nil
}

// Assign draws the arm that decides. Each arm is drawn for on its own with the
// share that is left for it, so that the shares hold whatever the order, and
// an arm that is added moves nobody from one of the others before it.
func (p *Plan) Assign(u Unit) Arm {
	left := 1.0
	for i := range p.Arms {
		a := &p.Arms[i]
		if a.Shadow {
			continue
		}
		if draw(p.Salt, a, u) < a.Share/left {
			if a.Ended {
				break
			}
			return *a
		}
		left -= a.Share
	}
	return Arm{Name: NBA, Kind: NBA, Share: p.Share(NBA)}
}

// Shadows gives the challengers whose answer is to be logged beside it.
func (p *Plan) Shadows(u Unit) []Arm {
	var out []Arm
	for i := range p.Arms {
		if a := &p.Arms[i]; a.Shadow && !a.Ended && draw(p.Salt, a, u) < a.Share {
			out = append(out, *a)
		}
	}
	return out
}

// Share gives how likely a decision is to be drawn into an arm, 0 for one that
// is not in the plan.
func (p *Plan) Share(name string) float64 {
	left := 1.0
	for i := range p.Arms {
		switch a := &p.Arms[i]; {
		case a.Shadow || a.Ended:
		case a.Name == name:
			return a.Share
		default:
			left -= a.Share
		}
	}
	if name == NBA {
		return left
	}
	return 0
}

// End gives a plan in which an arm has ended, and whether it has such an arm
// that had not.
func (p Plan) End(name string) (Plan, bool) {
	at := slices.IndexFunc(p.Arms, func(a Arm) bool { return a.Name == name && !a.Ended })
	if at < 0 {
		return p, false
	}
	p.Arms = slices.Clone(p.Arms)
	p.Arms[at].Ended = true
	return p, true
}

// draw gives 0..1, the same for the same unit while it lasts.
func draw(salt string, a *Arm, u Unit) float64 {
	h := fnv.New64a()
	key, epoch := u.Decision, int64(0)
	if a.Sticky > 0 {
		key, epoch = u.Subject, u.At.Unix()/int64(a.Sticky.Duration()/time.Second)
	}
	for _, s := range []string{salt, a.Name, key} {
		_, _ = h.Write([]byte(s)) // never fails
		_, _ = h.Write([]byte{0})
	}
	_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, uint64(epoch)))
	return float64(mix(h.Sum64())>>11) / (1 << 53)
}

// mix is the finaliser of SplitMix64: FNV alone leaves the high bits of
// similar keys alike.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
