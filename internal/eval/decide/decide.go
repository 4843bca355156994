// Package decide scores ways of choosing an offer on a log of decisions. It
// reads what [logged] describes and decides nothing itself.
package decide

import (
	"cmp"
	"errors"
	"fmt"

	"heed/internal/offpolicy"
	"heed/internal/offpolicy/logged"
)

// Metrics is what a log says of some policies.
type Metrics struct {
	Decisions int      `json:"decisions"`
	Policies  []Scored `json:"policies"`
}

// Scored is one policy; Refused tells why its figures are not given.
type Scored struct {
	logged.Judged

	Refused string `json:"refused,omitempty"`
}

// Run judges policies by their names on a log. The seed is of the intervals. A
// name that nobody knows is an error, and so is a log that speaks for none.
func Run(lines []logged.Line, names []string, seed uint64) (Metrics, error) {
	m := Metrics{Decisions: len(lines)}
	var refused error // the first
	thin := 0
	for _, name := range names {
		p, err := logged.PolicyOf(name)
		if err != nil {
			return m, err
		}
		j, err := logged.Judge(lines, p, offpolicy.Options{Seed: seed})
		s := Scored{Judged: j}
		if errors.Is(err, offpolicy.ErrThin) {
			s.Refused = err.Error()
			refused, thin = cmp.Or(refused, err), thin+1
		} else if err != nil {
			return m, err
		}
		m.Policies = append(m.Policies, s)
	}
	if thin == len(names) {
		return m, fmt.Errorf("the log cannot judge any of them: %w", refused)
	}
	return m, nil
}
