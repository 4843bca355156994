package event

// DecisionContested and ContestAnswered carry a person's word against a
// decision and what somebody answered.
const (
	DecisionContested Type = "decision.contested"
	ContestAnswered   Type = "contest.answered"
)
