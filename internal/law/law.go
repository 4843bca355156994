// Package law holds the rules of law that Heed keeps by itself: as data, each
// with its source, and as named checks that answer one question about one
// person with allowed or refused, and why.
//
// It is pure: the caller brings the moment, the ledger and what is known of
// where the person is. It is no legal advice, and where it does not know it
// takes the strictest of what may be: it never guesses in favour of a message.
package law

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"
	"time"

	"heed/internal/consent"
)

//go:embed rules.yaml
var shipped []byte // never changed

// Rules are the rules in force. They never change after loading and are safe
// for concurrent use.
type Rules struct {
	places     map[string]place
	groups     map[string][]string
	windows    []window
	holidays   []holidays
	written    []scoped
	recording  []assent
	revocation []revocation
	emotion    []scoped
	zones      sync.Map // name -> *time.Location
}

// Default gives the rules that ship.
var Default = sync.OnceValues(func() (*Rules, error) { return Parse("rules.yaml", shipped) })

// Case is one question: may this be done to this person at this moment?
type Case struct {
	At      time.Time
	Purpose consent.Purpose
	Channel string // "agent", "web", "email", "sms", "call", "push"
	Topic   string
	Address string // where it would go: a number (E.164), an e-mail address, or empty
	// Human says that a person stands between the answer and the customer.
	Human bool
	// Effect is "legal" or "similar" for what changes somebody's rights or
	// matters as much, such as refusing credit; else empty.
	Effect string
	Ledger []consent.Row
	// Where is what is known of the place, in any order.
	Where []Evidence
	// Number is the person's number (E.164), the weakest evidence of the place.
	Number string
	Listed []Listing
}

// Listing is a number's entry on a do-not-call list.
type Listing struct {
	List     string    `json:"list"`
	National bool      `json:"national,omitempty"` // of an authority, not our own
	Since    time.Time `json:"since"`
	Source   string    `json:"source"`
}

// Finding is the answer of one check.
type Finding struct {
	Check   string `json:"check" doc:"The check's name"`
	Allowed bool   `json:"allowed"`
	Reason  string `json:"reason" doc:"A plain sentence"`
	Source  string `json:"source" doc:"The rule's source"`
}

// Check is one named rule.
type Check struct {
	Name  string `json:"name"`
	About string `json:"about" doc:"What it keeps"`
	ask   func(*question) Finding
}

// question is a case while it is being asked; the place is worked out once.
type question struct {
	*Case

	rules *Rules
	spots []spot
	known bool
}

// Checks lists the checks in the order in which they are asked.
func Checks() []Check { return slices.Clone(checks) }

// Ask answers every check.
func (r *Rules) Ask(c Case) []Finding {
	q := question{Case: &c, rules: r}
	out := make([]Finding, len(checks))
	for i, check := range checks {
		out[i] = check.ask(&q)
		out[i].Check = check.Name
	}
	return out
}

// Refusal gives the first check that refuses, or nil.
func (r *Rules) Refusal(c Case) *Finding {
	q := question{Case: &c, rules: r}
	for _, check := range checks {
		if f := check.ask(&q); !f.Allowed {
			f.Check = check.Name
			return &f
		}
	}
	return nil
}

func allowed(source, reason string) Finding {
	return Finding{Allowed: true, Reason: reason, Source: source}
}

func refused(source, reason string, args ...any) Finding {
	return Finding{Reason: fmt.Sprintf(reason, args...), Source: source}
}
