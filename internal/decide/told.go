package decide

import (
	"slices"
	"strings"
	"time"

	"heed/internal/consent"
)

// hidden are the labels that a person is not shown: they were read out of how
// somebody sounded, not out of what they did or said.
func hidden(label string) bool {
	return label == "sentiment" || strings.HasPrefix(label, "mood.") || strings.HasPrefix(label, "inferred.")
}

// Told says to the person themselves, in one English sentence, why they see a
// choice: by what they did and said, as the decision had it, and by nothing
// that was inferred of them.
func Told(c Choice, at time.Time) string {
	var parts []string
	for i := range c.Reasons {
		r := &c.Reasons[i]
		for j := range r.Evidence {
			e := &r.Evidence[j]
			if e.Label == "" || hidden(e.Label) || e.Weight < 0 {
				continue
			}
			p := second(phrase(e.Label, "")) + " " + ago(at, e.At)
			if !slices.Contains(parts, p) {
				parts = append(parts, p)
			}
		}
	}
	if len(parts) == 0 {
		return "You see this because it may be useful to any of our customers."
	}
	return "You see this because you " + list(parts[:min(len(parts), maxPhrases)]) + "."
}

// second turns a phrase about the customer into one to the customer.
func second(p string) string {
	verb, rest, _ := strings.Cut(p, " ")
	to := map[string]string{
		"is": "are", "was": "were", "has": "have", "finds": "find", "wants": "want", "needs": "need", "does": "do", "cannot": "cannot",
	}[verb]
	if to == "" {
		return p
	}
	return to + " " + rest
}

// Ground says to the person themselves on what ground they see a choice.
func Ground(p Permission) string {
	if p.Basis != "consent" || p.Since.IsZero() {
		return "This is part of serving you as our customer."
	}
	what := map[consent.Purpose]string{consent.Marketing: "offers", consent.Research: "research"}[p.Purpose]
	if what == "" {
		what = strings.ReplaceAll(string(p.Purpose), "_", " ")
	}
	return "You said yes to " + what + " on " + p.Since.UTC().Format("2 January 2006") + " (" + p.Source + ")."
}
