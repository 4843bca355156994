package event

// TraitDeclared carries what a person said of themselves, a customer's trait.
// DecisionContested and ContestAnswered carry a person's word against a
// decision and what somebody answered.
const (
	TraitDeclared     Type = "trait.declared"
	DecisionContested Type = "decision.contested"
	ContestAnswered   Type = "contest.answered"
)
