package decide

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
)

const (
	day = 24 * time.Hour

	// restAfterIssue is how long nothing is sold after an issue was resolved,
	// and restMood the mood below which it goes on.
	restAfterIssue = 48 * time.Hour
	restMood       = -0.1
	// restAfterCart is how long nothing is sold that was taken out of the cart.
	restAfterCart = day
	// angryMood is the mood below which nothing is sold.
	angryMood = -0.35

	pauseRejected      = 30 * day // the action itself
	pauseRejectedGroup = 7 * day  // what else is sold in its group
	pauseTwiceRejected = 60 * day
	pauseAccepted      = 7 * day // until the sale has come to its end
)

// limits are how often we may write or call to sell, by channel, counted over
// all systems; the last is for all channels together.
var limits = []struct {
	channel string
	fact    string
	most    int
	within  time.Duration
	unit    string
}{
	{"email", "contact.email", 1, 7 * day, "week"},
	{"sms", "contact.sms", 2, 30 * day, "month"},
	{"call", "contact.call", 1, 30 * day, "month"},
	{"push", "contact.push", 2, 7 * day, "week"},
	{"", "contact.*", 4, 7 * day, "week"},
}

// outcomeGate does not repeat what was answered: in the same call never, and
// what was refused rests for a while.
func outcomeGate(m *moment, c *candidate) (string, string, bool) {
	refusals := 0
	for i := range m.Outcomes {
		o := &m.Outcomes[i]
		age := m.At.Sub(o.At)
		if o.Action == c.ID {
			if rule, why := c.answered(m, o, age); rule != "" {
				return rule, why, false
			}
		}
		if o.Outcome != "rejected" || c.Purpose != consent.Marketing || age < 0 {
			continue
		}
		if other := m.now.catalogue.find(o.Action); other == nil || other.Group != c.Group {
			continue
		}
		refusals++
		if age < pauseRejectedGroup || (refusals > 1 && age < pauseTwiceRejected) {
			return "contact.rejected_group", "something of the same kind was refused " + ago(m.At, o.At), false
		}
	}
	return "", "", true
}

// answered says whether an outcome of this very action rests it.
func (c *candidate) answered(m *moment, o *Outcome, age time.Duration) (rule, why string) {
	if m.CallID != "" && o.CallID == m.CallID && o.Outcome != "impression" {
		verb := o.Outcome
		if verb == "later" {
			verb = "put off"
		}
		return "contact.answered", "already " + verb + " in this call"
	}
	switch {
	case age < 0:
		return "", ""
	case o.Outcome == "rejected" && age < pauseRejected:
		return "contact.rejected", "the customer refused it " + ago(m.At, o.At)
	case o.Outcome == "accepted" && age < pauseAccepted && c.Purpose == consent.Marketing:
		return "contact.accepted", "the customer accepted it " + ago(m.At, o.At)
	}
	return "", ""
}

// outbound says whether a channel reaches out to a person who did not ask.
func outbound(channel string) bool {
	switch channel {
	case "email", "sms", "push", "call":
		return true
	default:
		return false
	}
}

// contextGate holds the situations in which nothing is sold, however well it
// would score.
func contextGate(m *moment, c *candidate) (string, string, bool) {
	if m.CallID != "" && outbound(m.Channel) {
		return "context.call_in_progress", "the customer is on the phone: only the agent speaks", false
	}
	if c.Purpose != consent.Marketing {
		return "", "", true
	}
	cart := m.cartGate(c)
	switch {
	case m.issue.open:
		return "context.open_issue", "nothing is sold while " + m.issue.why, false
	case m.mood < angryMood:
		return "context.angry", "nothing is sold to a customer who is upset", false
	case cart != "":
		return "context.cart", cart, false
	case c.Product != "" && m.underway(c.Product):
		return "context.delivery", "the customer's order of it is on its way", false
	}
	return "", "", true
}

// inCart says why a product rests because of the cart: it lies there, or was
// taken out less than a day ago.
func (m *moment) inCart(product string) (why string) {
	switch f := m.lastOf(product, "cart.add", "cart.remove", "purchase"); {
	case f == nil || product == "":
		return ""
	case f.Name == "cart.add":
		return "it is already in the customer's cart"
	case f.Name == "cart.remove" && m.At.Sub(f.At) < restAfterCart:
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

// limitGate counts what was sent to sell. Service is exempt by its purpose.
func limitGate(m *moment, c *candidate) (string, string, bool) {
	if c.Purpose != consent.Marketing || !outbound(m.Channel) {
		return "", "", true
	}
	for _, l := range limits {
		if l.channel != "" && l.channel != m.Channel {
			continue
		}
		if n := m.Profile.Count(l.fact, l.within, m.At); n >= l.most {
			what := strings.TrimSuffix(strings.TrimPrefix(l.fact, "contact."), "*")
			if what == "" {
				what = "contact"
			}
			return "cp." + what + "." + l.unit, fmt.Sprintf("%s already sent in the last %s", counted(n, what), l.unit), false
		}
	}
	return "", "", true
}
