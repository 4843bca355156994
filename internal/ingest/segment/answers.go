package segment

import (
	"strings"

	"heed/internal/decide"
)

// answers says what an event of a standard name tells of the suggestion whose
// decision it names by its property decision_id. Only that names it: that
// somebody clicked last is no reason to believe that it was for this.
var answers = map[string]string{
	"email delivered": decide.Impression, "sms delivered": decide.Impression, "push notification received": decide.Impression,
	"promotion viewed": decide.Impression, "experiment viewed": decide.Impression,
	"email link clicked": decide.Clicked, "promotion clicked": decide.Clicked, "product clicked": decide.Clicked,
	"push notification tapped": decide.Clicked, "deep link clicked": decide.Clicked,
	"order completed": decide.Converted, "subscription started": decide.Converted, "subscription renewed": decide.Converted,
	"unsubscribed": decide.OptedOut, "email unsubscribed": decide.OptedOut, "sms unsubscribed": decide.OptedOut,
	"email marked as spam": decide.OptedOut,
}

const maxID = 64

func decisionOf(properties map[string]any) string {
	return short(properties, "decision_id", "decisionId")
}

// short gives the first of some properties that is a short text.
func short(properties map[string]any, names ...string) string {
	for _, name := range names {
		if s, _ := properties[name].(string); s != "" && len(s) <= maxID {
			return s
		}
	}
	return ""
}

// answersOf gives what a message says of a suggestion, if anything.
func (m *message) answersOf() []decide.Outcome {
	outcome := answers[strings.ToLower(strings.TrimSpace(m.name))]
	decision := decisionOf(m.properties)
	if m.kind != "track" || outcome == "" || decision == "" {
		return nil
	}
	o := decide.Outcome{DecisionID: decision, Outcome: outcome, Action: short(m.properties, "action", "action_id")}
	if outcome == decide.Converted {
		o.Value, _ = number(m.properties, "value", "total", "revenue")
		o.Value = max(0, o.Value)
	}
	return []decide.Outcome{o}
}
