package brain

import "heed/internal/decide"

// The records that the brain takes and gives, under its own name, so that
// those who ask it need not know the packages that it reasons with.
type (
	// Decision is an answer with its reasons.
	Decision = decide.Decision
	// Outcome is what happened after a decision was shown.
	Outcome = decide.Outcome
	// Proposal is what the words on a call tell of a suggestion.
	Proposal = decide.Proposal
)

// Action is an entry of the catalogue, for people.
type Action struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Issue string `json:"issue"`
	Group string `json:"group"`
}

// Actions lists the live catalogue.
func (b *Brain) Actions() []Action {
	var out []Action
	for _, a := range b.decider.Catalogue().Actions() {
		out = append(out, Action{ID: a.ID, Title: a.Title, Issue: a.Issue, Group: a.Group})
	}
	return out
}
