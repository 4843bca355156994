package decide

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"heed/internal/customer"
)

// phrases say in plain English what a label or a fact means. The customer is
// the subject of each.
var phrases = map[string]string{
	"intent.cancel":              "asked to cancel",
	"intent.competitor":          "named a competitor",
	"moment.competitor_named":    "named a competitor",
	"intent.price_question":      "asked about the price",
	"moment.price_objection":     "finds the price too high",
	"theme.price":                "spoke about the price",
	"intent.complaint":           "complained",
	"intent.human":               "asked for a person in charge",
	"moment.escalation":          "asked for a supervisor",
	"intent.order_status":        "asked where the order is",
	"intent.delivery_problem":    "reported a delivery problem",
	"theme.late_delivery":        "reported a late delivery",
	"intent.refund":              "asked for a refund",
	"intent.payment_problem":     "has trouble paying",
	"intent.double_charge":       "was charged twice",
	"theme.double_charge":        "was charged twice",
	"intent.technical_problem":   "reported a technical problem",
	"intent.upgrade_interest":    "is interested in an upgrade",
	"intent.praise":              "praised the service",
	"moment.thanks":              "said thank you",
	"intent.what_do_you_know":    "asked what is known",
	"intent.forget_me":           "asked to be forgotten",
	"intent.do_not_record":       "asked not to be recorded",
	"intent.may_record":          "allowed the recording",
	"intent.may_email":           "allowed e-mails with offers",
	"theme.upgrade":              "is interested in an upgrade",
	"theme.outage":               "spoke about an outage",
	"theme.slow_internet":        "finds the connection slow",
	"theme.broken_product":       "spoke about something broken",
	"theme.wrong_item":           "got the wrong item",
	"theme.refund":               "asked for a refund",
	"theme.staff_praise":         "praised a colleague",
	"theme.staff_complaint":      "complained about a colleague",
	"theme.repeat_contact":       "had to contact us again",
	"theme.roaming":              "spoke about travelling",
	"theme.moving":               "is moving house",
	"theme.card_lost":            "lost a card",
	"theme.competitor":           "named a competitor",
	"theme.contract":             "spoke about the contract",
	"intent.stop_contact":        "asked not to be contacted",
	"intent.stop_calls":          "asked not to be called",
	"intent.stop_emails":         "asked for no more e-mails",
	"intent.stop_sms":            "asked for no more text messages",
	"intent.stop_post":           "asked for no more letters",
	"intent.outage":              "reported an outage",
	"intent.slow_internet":       "finds the connection slow",
	"intent.login_problem":       "cannot get into the account",
	"intent.technician_visit":    "asked about a technician",
	"intent.change_tariff":       "wants another plan",
	"intent.contract_end":        "asked when the contract ends",
	"intent.change_address":      "has new details or is moving",
	"intent.new_line":            "wants another line",
	"intent.port_number":         "wants to keep a number",
	"intent.sim_card":            "needs help with a SIM card",
	"intent.roaming":             "asked about the phone abroad",
	"intent.data_usage":          "asked what is used up",
	"intent.invoice_explanation": "does not understand a bill",
	"intent.balance":             "asked for the balance",
	"intent.installment_plan":    "wants to pay in parts",
	"intent.change_payment":      "wants to pay in another way",
	"intent.card_lost":           "lost a card",
	"intent.fraud":               "reported a payment that is not theirs",
	"intent.credit_limit":        "asked about a limit",
	"intent.open_account":        "wants an account",
	"intent.loan_question":       "asked about a loan",
	"intent.return_item":         "wants to return something",
	"intent.exchange_item":       "wants to exchange something",
	"intent.warranty":            "asked about a guarantee or a repair",
	"intent.store_info":          "asked about a shop",
	"intent.delivery_change":     "wants a delivery changed",
	"intent.callback_request":    "asked to be called back",
	"moment.promise":             "was promised something",
	"moment.commitment":          "said what they will do",
	"page.cancel":                "looked at the cancel page",
	"page.product":               "looked at a product page",
	"cart.add":                   "put something into the cart",
	"complaint.opened":           "opened a complaint",
	"complaint.resolved":         "had a complaint resolved",
	"payment.failed":             "had a payment fail",
	"inactive.60d":               "has not been active for 60 days",
	"order.late":                 "had an order go late",
	"sentiment":                  "sounded upset",
	"mood.annoyed":               "was annoyed",
	"rating":                     "gave a rating",
	"contact.repeat":             "had to contact us again",
}

// phrase says what a label means; a fact may name its product.
func phrase(label, product string) string {
	if label == "purchase" {
		if product == "" {
			return "bought something"
		}
		return "bought " + product
	}
	if p, ok := phrases[label]; ok {
		return p
	}
	kind, name, _ := strings.Cut(label, ".")
	name = strings.ReplaceAll(name, "_", " ")
	if kind == "theme" {
		return "spoke about " + name
	}
	if name == "" {
		return strings.ReplaceAll(kind, "_", " ")
	}
	return "raised " + name
}

// clock writes seconds into a call as 0:12.
func clock(seconds float64) string {
	s := int(max(0, seconds))
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// ago writes how long before at something was.
func ago(at, then time.Time) string {
	switch d := at.Sub(then); {
	case d < 2*time.Minute:
		return "just now"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes ago", int(d.Minutes()))
	case d < day:
		return fmt.Sprintf("%d hours ago", int(d.Hours()))
	case d < 2*day:
		return "a day ago"
	default:
		return fmt.Sprintf("%d days ago", int(d.Hours()/24))
	}
}

// within writes the stretch of time in which several things happened.
func within(at, first time.Time) string {
	switch d := at.Sub(first); {
	case d <= 10*time.Minute:
		return "in the last 10 minutes"
	case d <= time.Hour:
		return "in the last hour"
	case d <= day:
		return "in the last day"
	case d <= 7*day:
		return "in the last week"
	default:
		return fmt.Sprintf("in the last %d days", int(d.Hours()/24)+1)
	}
}

// times writes how often: once, twice, three times.
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	default:
		return number(n) + " times"
	}
}

// number writes small numbers as words.
func number(n int) string {
	words := [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}

// counted writes "1 email", "3 contacts".
func counted(n int, what string) string {
	if n == 1 || what == "sms" {
		return fmt.Sprintf("%d %s", n, what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// list joins phrases: a, b and c.
func list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// sentence makes a sentence of phrases.
func sentence(parts []string) string {
	s := list(parts)
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// positive says whether a piece of evidence pushes a signal up.
func positive(e *customer.Evidence) bool { return e.Weight > 0 }

// Phrased gives the labels for which there are words for agents, sorted.
func Phrased() []string { return slices.Sorted(maps.Keys(phrases)) }
