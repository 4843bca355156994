package brain

import (
	"slices"
	"strings"

	"heed/internal/consent"
	"heed/internal/customer"
)

// serviceFacts are what happened that a customer must be served about, also
// one who does not want to be tracked: a name, or a family that ends in a dot.
var serviceFacts = []string{"purchase", "refund", "call.", "complaint.", "contact.", "delivery.", "order.", "payment.", "subscription.", "ticket."}

// untracked says whether the person asked that nothing be collected of them.
func (w *change) untracked() bool {
	return consent.Now(w.ledger(), consent.Cell{Purpose: consent.Tracking}, w.at).Denies()
}

// serves leaves of a message about somebody who is not to be tracked what
// serving them needs, and says whether that is anything.
func (w *change) serves(m *Received) bool {
	m.Facts = slices.DeleteFunc(slices.Clone(m.Facts), func(f customer.Fact) bool { return !w.keeps(f.Name) })
	m.Traits = nil
	return len(m.Facts) > 0
}

// keeps says whether a fact of this name may be kept of the person.
func (w *change) keeps(fact string) bool {
	for _, name := range serviceFacts {
		if fact == name || strings.HasSuffix(name, ".") && strings.HasPrefix(fact, name) {
			return true
		}
	}
	return !w.untracked()
}
