package decide

import (
	"slices"
	"strings"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
)

// contextGate holds the situations in which nothing is sold, however well it
// would score.
func contextGate(m *moment, c *candidate) (string, string, bool) {
	if c.Purpose != consent.Marketing {
		return "", "", true
	}
	cart := m.cartGate(c)
	switch {
	case m.issue.open:
		return "context.open_issue", "nothing is sold while " + m.issue.why, false
	case m.mood < m.guide.Contexts.Angry:
		return "context.angry", "nothing is sold to a customer who is upset", false
	case cart != "":
		return "context.cart", cart, false
	case c.Product != "" && m.underway(c.Product):
		return "context.delivery", "the customer's order of it is on its way", false
	}
	return "", "", true
}

// outboundGate holds what is not the moment to reach out to somebody.
func outboundGate(m *moment, c *candidate) (string, string, bool) {
	switch {
	case !Outbound(m.Channel):
	case m.speaking():
		return "context.call_in_progress", "the customer is on the phone: only the agent speaks", false
	case c.Purpose != consent.Marketing:
	case slices.Contains(m.Unsettled, c.allowed.Row):
		return "context.consent_in_flight", "not every connected system has confirmed the customer's latest choice yet", false
	default:
		if bad := m.badCall(); bad != "" {
			return "context.bad_call", "nothing is sold within " + spell(m.guide.Contexts.AfterBadCall) + " after " + bad, false
		}
	}
	return "", "", true
}

// speaking says whether the person is on the phone with us.
func (m *moment) speaking() bool { return m.CallID != "" || m.OnPhone }

// spell writes a length of time for a sentence.
func spell(l lasting) string {
	if l == lasting(day) {
		return "a day"
	}
	return l.String()
}

// badCall tells of a call of late that went badly for the customer, by what
// they said in it. Empty where there was none.
func (m *moment) badCall() string {
	if m.blind {
		return ""
	}
	type words struct {
		sum  float64
		n    int
		last time.Time
	}
	calls := make(map[string]words)
	list := m.Profile.Evidence[customer.Mood]
	for i := range list {
		if e := &list[i]; e.Label == "sentiment" && e.CallID != "" && !e.At.After(m.At) && m.At.Sub(e.At) < time.Duration(m.guide.Contexts.AfterBadCall) {
			w := calls[e.CallID]
			calls[e.CallID] = words{w.sum + e.Weight, w.n + 1, e.At}
		}
	}
	last := time.Time{}
	for _, w := range calls {
		if w.sum/float64(w.n) <= m.guide.Contexts.Bad && w.last.After(last) {
			last = w.last
		}
	}
	if last.IsZero() {
		return ""
	}
	return "a call that made them unhappy (" + ago(m.At, last) + ")"
}

// ownedGate does not sell what the person has, unless it is bought again and
// again.
func ownedGate(m *moment, c *candidate) (string, string, bool) {
	if c.Purpose != consent.Marketing || c.Product == "" || c.Repeatable || m.blind {
		return "", "", true
	}
	if has, _ := m.has(c.Product); has {
		return "applicability.owned", "the customer has it already", false
	}
	return "", "", true
}

// inCart says why a product rests because of the cart: it lies there, or was
// taken out a short while ago.
func (m *moment) inCart(product string) (why string) {
	switch f := m.lastOf(product, "cart.add", "cart.remove", "purchase"); {
	case f == nil || product == "":
		return ""
	case f.Name == "cart.add":
		return "it is already in the customer's cart"
	case f.Name == "cart.remove" && m.At.Sub(f.At) < time.Duration(m.guide.Contexts.AfterCart):
		return "the customer took it out of the cart " + ago(m.At, f.At)
	}
	return ""
}

// cartGate rests what is in the cart, and what is of the same category.
func (m *moment) cartGate(c *candidate) (why string) {
	if why = m.inCart(c.Product); why != "" || c.Category == "" {
		return why
	}
	for i := range m.Profile.Facts {
		f := &m.Profile.Facts[i]
		if f.Name == "cart.add" && strings.EqualFold(f.Text("category"), c.Category) && m.inCart(f.Text("product")) != "" {
			return "something of its kind is or was just in the customer's cart"
		}
	}
	return ""
}

// underway says whether an order of a product has not arrived yet.
func (m *moment) underway(product string) bool {
	last := m.lastOf(product, "order.placed", "order.shipped", "order.delivered", "order.cancelled")
	return last != nil && (last.Name == "order.placed" || last.Name == "order.shipped")
}

// lastOf gives the latest of some facts about a product, in the last 30 days, or nil.
func (m *moment) lastOf(product string, names ...string) *customer.Fact {
	for i := len(m.Profile.Facts) - 1; i >= 0; i-- {
		f := &m.Profile.Facts[i]
		if f.At.After(m.At) {
			continue
		}
		if m.At.Sub(f.At) > 30*day {
			return nil
		}
		for _, name := range names {
			if f.Name == name && m.concerns(f, product) {
				return f
			}
		}
	}
	return nil
}

// concerns says whether a fact is about a product: it names it, or it names
// an order of it and no product.
func (m *moment) concerns(f *customer.Fact, product string) bool {
	if f.About(product) {
		return true
	}
	order := f.Text("order")
	if order == "" || f.Text("product") != "" || f.Props["products"] != nil {
		return false
	}
	return slices.ContainsFunc(m.Profile.Facts, func(other customer.Fact) bool {
		return other.Text("order") == order && other.About(product)
	})
}
